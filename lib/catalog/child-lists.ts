import { fold } from "../model/resource-id.ts";
import { catalog } from "./index.ts";

/**
 * Folded type → the last segments of its child types that nearly every audit asks for and that no table of Resource
 * Graph has. Others are read when a rule asks for them.
 */
export const childLists: ReadonlyMap<string, readonly string[]> = new Map([
  ["microsoft.network/privateendpoints", ["privateDnsZoneGroups"]],
  ["microsoft.network/firewallpolicies", ["ruleCollectionGroups"]],
  ...catalog.map(({ type, children }): [string, readonly string[]] => [
    fold(type),
    children.map((child) => child.type),
  ]),
]);
