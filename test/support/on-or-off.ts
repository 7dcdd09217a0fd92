import { type Body, complete, type Given, group } from "./builders.ts";

export const factoryId = `${group}/providers/Microsoft.DataFactory/factories/adf-erp`;
export const storageSyncId = `${group}/providers/Microsoft.StorageSync/storageSyncServices/sss-erp`;

type Properties = Readonly<Record<string, unknown>>;

const connections = "Microsoft.DataFactory/factories/privateEndpointConnections";

/** A data factory that is open, and the list of its connections, which was read. */
export function aDataFactory(properties: Properties = {}, of: readonly Body[] = []): Given {
  const children = of.map((connection): Body => {
    const name = String(connection.name);
    return { ...connection, id: `${factoryId}/privateEndpointConnections/${name}`, name, type: connections };
  });
  return [unlistedFactory(properties), ...children, complete(factoryId, connections)];
}

/** The same, of which nobody read the connections. */
export function unlistedFactory(properties: Properties = {}): Body {
  return resource(factoryId, "Microsoft.DataFactory/factories", { publicNetworkAccess: "Enabled", ...properties });
}

/** A Storage Sync Service that is open. */
export function aStorageSyncService(properties: Properties = {}): Body {
  return resource(storageSyncId, "Microsoft.StorageSync/storageSyncServices", {
    incomingTrafficPolicy: "AllowAllTraffic",
    privateEndpointConnections: [],
    ...properties,
  });
}

function resource(id: string, type: string, properties: Properties): Body {
  return { id, name: id.slice(id.lastIndexOf("/") + 1), type, location: "westeurope", tags: {}, properties };
}
