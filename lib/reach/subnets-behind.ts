import type { SubnetFact } from "../model/fact.ts";
import type { Snapshot } from "../model/snapshot.ts";
import { IpSet } from "../net/ip-set.ts";
import { type Egress, egressesOf } from "./egress.ts";
import { firewallsAhead } from "./firewall-hop.ts";
import { spaceIn } from "./places.ts";
import { egressOfFirewall } from "./through-firewall.ts";

/** A subnet, and the public addresses with which some of its packets certainly get out to the internet. */
interface Behind {
  readonly subnet: SubnetFact;
  readonly addresses: IpSet;
}

/** Those of the Azure Firewalls to which routes of its owner lead. */
function egressesAhead(subnet: SubnetFact, snapshot: Snapshot): readonly Egress[] {
  return firewallsAhead(subnet, snapshot).map((hop) => egressOfFirewall(hop, spaceIn(subnet), snapshot));
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

/** A subnet that an Azure Firewall stands in, and those with routes to the firewall. */
export interface BehindFirewall {
  readonly subnet: SubnetFact;
  readonly from: readonly SubnetFact[];
}

/** Worked out once for all services. */
export function subnetsBehindFirewalls(snapshot: Snapshot): readonly BehindFirewall[] {
  return snapshot.once("subnets by the firewalls ahead of them", () => {
    const all = snapshot
      .ofKind("subnet")
      .flatMap((from) => firewallsAhead(from, snapshot).map((hop) => ({ from, hop })));
    return [...Map.groupBy(all, ({ hop }) => hop.subnet.id.key).values()].flatMap((some) => {
      const [first] = some;
      return first === undefined ? [] : [{ subnet: first.hop.subnet, from: some.map(({ from }) => from) }];
    });
  });
}
