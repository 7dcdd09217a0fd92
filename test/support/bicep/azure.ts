import type { ObjectValue } from "./value.ts";

/** What a deployment finds where it is deployed. */
export interface Azure {
  readonly tenantId: string;
  readonly location: string;
  readonly environment: ObjectValue;
}

/** https://learn.microsoft.com/azure/azure-resource-manager/bicep/bicep-functions-deployment#environment */
const publicCloud: ObjectValue = {
  name: "AzureCloud",
  resourceManager: "https://management.azure.com/",
  authentication: { loginEndpoint: "https://login.microsoftonline.com/", tenant: "common" },
  suffixes: {
    keyvaultDns: ".vault.azure.net",
    sqlServerHostname: ".database.windows.net",
    storage: "core.windows.net",
  },
};

export const anAzure: Azure = {
  tenantId: "7e000000-0000-4000-8000-000000000001",
  location: "westeurope",
  environment: publicCloud,
};
