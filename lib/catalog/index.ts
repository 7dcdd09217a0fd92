import { fold } from "../model/resource-id.ts";
import { cosmosDb } from "./cosmos-db.ts";
import { dataLakeGen1 } from "./data-lake-gen1.ts";
import { eventHubs } from "./event-hubs.ts";
import { keyVault } from "./key-vault.ts";
import type { Service } from "./service.ts";
import { serviceBus } from "./service-bus.ts";
import { sqlServer } from "./sql-server.ts";
import { storage } from "./storage.ts";

/** Every type of service whose isolation is audited. */
export const catalog: readonly Service[] = [
  storage,
  sqlServer,
  keyVault,
  cosmosDb,
  serviceBus,
  eventHubs,
  dataLakeGen1,
];

const byType = new Map(catalog.map((service) => [fold(service.type), service]));

/** `type` is folded. */
export function serviceOfType(type: string): Service | undefined {
  return byType.get(type);
}
