import { fold } from "../model/resource-id.ts";
import { cosmosDb } from "./cosmos-db.ts";
import { dataLakeGen1 } from "./data-lake-gen1.ts";
import { eventHubs } from "./event-hubs.ts";
import { keyVault } from "./key-vault.ts";
import { placementOfType } from "./placements.ts";
import type { RetiredService, Service } from "./service.ts";
import { serviceBus } from "./service-bus.ts";
import { sqlServer } from "./sql-server.ts";
import { storage } from "./storage.ts";

/** Every type of service whose isolation is audited. */
export const catalog: readonly Service[] = [storage, sqlServer, keyVault, cosmosDb, serviceBus, eventHubs];

export const retiredServices: readonly RetiredService[] = [dataLakeGen1];

const byType = new Map(catalog.map((service) => [fold(service.type), service]));
const retiredByType = new Map(retiredServices.map((service) => [fold(service.type), service]));

/** `type` is folded. */
export function serviceOfType(type: string): Service | undefined {
  return byType.get(type);
}

/** `type` is folded. */
export function retiredServiceOfType(type: string): RetiredService | undefined {
  return retiredByType.get(type);
}

/** What is said of any type of service, audited or not; `type` is folded. */
export function describedType(type: string): Pick<Service, "type" | "noun"> | undefined {
  return serviceOfType(type) ?? placementOfType(type) ?? retiredServiceOfType(type);
}
