/** What the function app asks for with `import()`, each made once, without a connection. */
export async function everySdk(): Promise<Readonly<Record<string, string>>> {
  const { NetworkManagementClient } = await import("@azure/arm-network");
  const { StorageManagementClient } = await import("@azure/arm-storage");
  const { ResourceGraphClient } = await import("@azure/arm-resourcegraph");
  const { DefaultAzureCredential, ManagedIdentityCredential } = await import("@azure/identity");
  const { TableClient } = await import("@azure/data-tables");
  const { QueueClient } = await import("@azure/storage-queue");
  const { Webhook } = await import("standardwebhooks");
  const credential = new ManagedIdentityCredential();
  const subscription = "00000000-0000-4000-8000-000000000001";
  const made = [
    credential,
    new DefaultAzureCredential(),
    new NetworkManagementClient(credential, subscription),
    new StorageManagementClient(credential, subscription),
    new ResourceGraphClient(credential),
    new TableClient("https://a.table.core.windows.net", "t", credential),
    new QueueClient("https://a.queue.core.windows.net/q", credential),
  ];
  const signed = new Webhook(Buffer.alloc(32).toString("base64")).sign("id", new Date(0), "{}");
  return { made: made.map((one) => typeof one).join(" "), signed };
}
