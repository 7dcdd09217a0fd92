/** An app setting as its documentation and `local.settings.sample.json` have it. */
export interface DescribedSetting {
  readonly name: string;
  readonly what: string;
  readonly needed: string;
  /** What the sample has: something that works on a laptop; empty where it could be filled in. */
  readonly sample?: string;
}

/** Every setting that Cordon itself reads. An empty one counts as not given. */
export const describedSettings: readonly DescribedSetting[] = [
  {
    name: "AUDIT_SCHEDULE",
    what: "When all subscriptions are audited: [NCRONTAB](https://learn.microsoft.com/azure/azure-functions/functions-bindings-timer#ncrontab-expressions) with six fields, the first of them seconds. The hours are UTC, unless the app has `WEBSITE_TIME_ZONE`.",
    needed: "always",
    sample: "0 0 */6 * * *",
  },
  {
    name: "CORDON_SUBSCRIPTIONS",
    what: "The subscriptions to audit: their ids, separated by commas.",
    needed: "this or the next one",
    sample: "c0c0c0c0-0000-4000-8000-000000000001,e4e4e4e4-0000-4000-8000-000000000002",
  },
  {
    name: "CORDON_MANAGEMENT_GROUP",
    what: "The management group whose subscriptions are audited: its id. Only a live reader can say which they are.",
    needed: "this or the one before",
    sample: "",
  },
  {
    name: "CORDON_READER",
    what: "Where resources come from: `live` (Azure, as the app's identity; set `AZURE_CLIENT_ID` for a user-assigned one) or `recorded`.",
    needed: "always",
    sample: "recorded",
  },
  {
    name: "CORDON_CLOUD",
    what: "The cloud that a live reader signs in to: `public`, `usgov` or `china`.",
    needed: "no: `public`",
    sample: "",
  },
  {
    name: "CORDON_ARM_LOOPBACK",
    what: "A simulated Azure on this machine, `http://127.0.0.1:…`, in the place of the real one. For trying things out.",
    needed: "no",
    sample: "",
  },
  {
    name: "CORDON_RECORDING",
    what: "The file or folder with the recording. It is read anew for every audit.",
    needed: "if the reader is `recorded`",
    sample: "test/fixtures/contoso-erp",
  },
  {
    name: "CORDON_POLICY",
    what: "The [policy file](../README.md#policy). Without it, only what is wrong in every estate is reported.",
    needed: "no",
    sample: "test/fixtures/contoso-erp/cordon.policy.json",
  },
  {
    name: "CORDON_SINKS",
    what: "Where events go: `queue` (the queue `findings`), `webhook`, or both, separated by commas.",
    needed: "always",
    sample: "queue",
  },
  {
    name: "CORDON_WEBHOOK_URL",
    what: "Where the webhook is: an `https` address, or `http` on the own machine.",
    needed: "if a sink is `webhook`",
    sample: "",
  },
  {
    name: "CORDON_WEBHOOK_SECRET",
    what: "The key that signs webhooks, as [Standard Webhooks](https://www.standardwebhooks.com) has it: `whsec_` and 24 to 64 bytes in base64. While keys are being changed, the new one and the old one, separated by a space. Keep it in Key Vault and [refer to it](https://learn.microsoft.com/azure/app-service/app-service-key-vault-references).",
    needed: "if a sink is `webhook`",
    sample: "",
  },
  {
    name: "CORDON_REPORT_URL",
    what: "The address of the report, for links in events. Without it, the one that the app has in Azure.",
    needed: "no",
    sample: "http://localhost:7071/api/report",
  },
  {
    name: "AzureWebJobsStorage",
    what: "The connection string of the storage account with queues and state. For emulators: in Azure, use an identity.",
    needed: "this or the next one",
    sample: "UseDevelopmentStorage=true",
  },
  {
    name: "AzureWebJobsStorage__accountName",
    what: "The name of the storage account that the app's identity is let into.",
    needed: "this, the one before, or the next two",
  },
  {
    name: "AzureWebJobsStorage__queueServiceUri",
    what: "Instead of the name, where it has another domain than `core.windows.net`: the address of its queues.",
    needed: "see above",
  },
  {
    name: "AzureWebJobsStorage__tableServiceUri",
    what: "And the address of its tables.",
    needed: "see above",
  },
  {
    name: "AzureWebJobsStorage__credential",
    what: "`managedidentity`, together with the next one, where the identity is a user-assigned one.",
    needed: "no",
  },
  {
    name: "AzureWebJobsStorage__clientId",
    what: "The client id of the user-assigned identity.",
    needed: "for a user-assigned identity",
  },
];
