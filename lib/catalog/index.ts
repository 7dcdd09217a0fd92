import { fold } from "../model/resource-id.ts";
import { keyVault } from "./key-vault.ts";
import type { Service } from "./service.ts";
import { sqlServer } from "./sql-server.ts";
import { storage } from "./storage.ts";

/** Every type of service whose isolation is audited. */
export const catalog: readonly Service[] = [storage, sqlServer, keyVault];

const byType = new Map(catalog.map((service) => [fold(service.type), service]));

/** `type` is folded. */
export function serviceOfType(type: string): Service | undefined {
  return byType.get(type);
}
