import type { SubnetFact } from "../model/fact.ts";
import type { Snapshot } from "../model/snapshot.ts";
import { IpSet } from "../net/ip-set.ts";
import { outletOf } from "./internet-outlet.ts";
import type { RouteRow } from "./route-table-view.ts";
import type { Family } from "./spaces.ts";

const families: readonly (readonly [Family, string])[] = [
  ["ipv4", "IPv4"],
  ["ipv6", "IPv6"],
];

/**
 * What to say of routes to the internet that may lead nobody there, in sentences without a final period: a private subnet
 * needs another way out than default outbound access.
 * https://learn.microsoft.com/azure/virtual-network/ip-services/default-outbound-access
 */
export function closedWaysOut(
  subnet: SubnetFact,
  rows: readonly Pick<RouteRow, "source" | "state" | "prefixes" | "nextHopType">[],
  snapshot: Snapshot,
): readonly string[] {
  const out = rows.filter(({ nextHopType, state }) => nextHopType.toLowerCase() === "internet" && state !== "Invalid");
  return families.flatMap(([family, name]) => {
    const own = out.filter(({ prefixes }) => prefixes.some((prefix) => prefix.overlaps(IpSet[family])));
    if (own.length === 0) return [];
    const isOwners = own.some(({ source }) => source === "User");
    const { must, may, because } = outletOf(subnet, family, isOwners, snapshot);
    if (must) return [];
    const what = `gets out to the internet over ${name} by the next hop Internet`;
    if (!may) return [`nothing in the subnet ${what}: it has ${missing(family)}`];
    return [`whether anything in the subnet ${what} is not known: ${because.join("; ")}`];
  });
}

function missing(family: Family): string {
  const own = "no NAT gateway, public address or load balancer";
  return family === "ipv4" ? `${own}, and default outbound access is off` : own;
}
