import type { ObjectValue } from "./value.ts";

/** What a deployment finds where it is deployed. */
export interface Azure {
  readonly tenantId: string;
  readonly location: string;
  readonly environment: ObjectValue;
}

/**
 * https://learn.microsoft.com/azure/azure-resource-manager/bicep/bicep-functions-deployment#environment
 * https://learn.microsoft.com/azure/azure-government/compare-azure-government-global-azure
 * https://learn.microsoft.com/azure/china/resources-developer-guide
 */
const environments = {
  public: {
    name: "AzureCloud",
    resourceManager: "https://management.azure.com/",
    authentication: { loginEndpoint: "https://login.microsoftonline.com/", tenant: "common" },
    suffixes: {
      keyvaultDns: ".vault.azure.net",
      sqlServerHostname: ".database.windows.net",
      storage: "core.windows.net",
    },
  },
  usgov: {
    name: "AzureUSGovernment",
    resourceManager: "https://management.usgovcloudapi.net/",
    authentication: { loginEndpoint: "https://login.microsoftonline.us/", tenant: "common" },
    suffixes: {
      keyvaultDns: ".vault.usgovcloudapi.net",
      sqlServerHostname: ".database.usgovcloudapi.net",
      storage: "core.usgovcloudapi.net",
    },
  },
  china: {
    name: "AzureChinaCloud",
    resourceManager: "https://management.chinacloudapi.cn/",
    authentication: { loginEndpoint: "https://login.chinacloudapi.cn/", tenant: "common" },
    suffixes: {
      keyvaultDns: ".vault.azure.cn",
      sqlServerHostname: ".database.chinacloudapi.cn",
      storage: "core.chinacloudapi.cn",
    },
  },
} as const satisfies Readonly<Record<string, ObjectValue>>;

export type Cloud = keyof typeof environments;

export function anAzure(cloud: Cloud = "public"): Azure {
  return {
    tenantId: "7e000000-0000-4000-8000-000000000001",
    location: "westeurope",
    environment: environments[cloud],
  };
}
