import { fold } from "../model/resource-id.ts";
import type { Service } from "./service.ts";

/** Where a body says its tier. */
export const tierPointers = ["/sku/tier", "/sku/name"] as const;

/** Whether one has no firewall, by the tier that its body says. */
export function isWithoutFirewall({ tiersWithoutFirewall = [] }: Service, body: unknown): boolean {
  return isInTier(tiersWithoutFirewall, body);
}

/** Whether it says that it is in one of these folded tiers. */
export function isInTier(tiers: readonly string[], body: unknown): boolean {
  const { tier, name } = Object(Object(body).sku);
  const said: unknown = tier ?? name;
  return typeof said === "string" && tiers.includes(fold(said));
}
