import { fold } from "../model/resource-id.ts";
import { catalog } from "./index.ts";
import type { ChildSource } from "./service.ts";

/** Children of a resource: all of a type, or the one that has the name. */
export type ChildRead = Pick<ChildSource, "type" | "name">;

/**
 * Folded type → its children that nearly every audit asks for and that no table of Resource Graph has, by the last segment
 * of their type. Others are read when a rule asks for them.
 */
export const childReads: ReadonlyMap<string, readonly ChildRead[]> = new Map<string, readonly ChildRead[]>([
  ["microsoft.network/privateendpoints", [{ type: "privateDnsZoneGroups" }]],
  ["microsoft.network/firewallpolicies", [{ type: "ruleCollectionGroups" }]],
  ["microsoft.network/dnsforwardingrulesets", [{ type: "virtualNetworkLinks" }, { type: "forwardingRules" }]],
  ...catalog.map(({ type, children }) => [fold(type), children.filter((one) => !one.isReadWhenAsked)] as const),
]);
