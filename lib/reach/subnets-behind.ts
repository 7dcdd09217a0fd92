import type { SubnetFact } from "../model/fact.ts";
import type { Snapshot } from "../model/snapshot.ts";
import { IpSet } from "../net/ip-set.ts";
import { type Egress, egressesOf } from "./egress.ts";
import { firewallAt, isOfAppliance } from "./firewall-hop.ts";
import { spaceIn } from "./places.ts";
import { userRoutes } from "./routes.ts";
import { egressOfFirewall } from "./through-firewall.ts";

/** A subnet, and the public addresses with which some of its packets certainly get out to the internet. */
interface Behind {
  readonly subnet: SubnetFact;
  readonly addresses: IpSet;
}

/** Those of the Azure Firewalls to which routes of its owner lead. */
function egressesAhead(subnet: SubnetFact, snapshot: Snapshot): readonly Egress[] {
  const routes = userRoutes(subnet, snapshot).filter(isOfAppliance);
  const addresses = [...new Set(routes.flatMap(({ nextHopIpAddress }) => nextHopIpAddress ?? []))];
  return addresses.flatMap((address) => {
    const hop = firewallAt(address, subnet, snapshot);
    return hop === undefined ? [] : [egressOfFirewall(hop, spaceIn(subnet), snapshot)];
  });
}

/** The subnets that have some of these public addresses on the internet, as far as that is known. */
export function subnetsBehind(addresses: IpSet, snapshot: Snapshot): readonly SubnetFact[] {
  return everyBehind(snapshot).flatMap((one) => (one.addresses.overlaps(addresses) ? [one.subnet] : []));
}

/** Worked out once for all services. */
function everyBehind(snapshot: Snapshot): readonly Behind[] {
  return snapshot.once("subnets by their public addresses", () =>
    snapshot.ofKind("subnet").flatMap((subnet) => {
      const own = (["ipv4", "ipv6"] as const).flatMap((family) => egressesOf(subnet, family, false, snapshot));
      const egresses = [...own, ...egressesAhead(subnet, snapshot)];
      const addresses = IpSet.union(egresses.map(({ must }) => must));
      return addresses.isEmpty ? [] : [{ subnet, addresses }];
    }),
  );
}
