import type { SubnetFact } from "../model/fact.ts";
import type { Snapshot } from "../model/snapshot.ts";
import { IpSet } from "../net/ip-set.ts";
import { egressesOf } from "./egress.ts";

/** A subnet, and the public addresses with which some of its packets certainly get out to the internet. */
interface Behind {
  readonly subnet: SubnetFact;
  readonly addresses: IpSet;
}

/** The subnets that have some of these public addresses on the internet, as far as that is known. */
export function subnetsBehind(addresses: IpSet, snapshot: Snapshot): readonly SubnetFact[] {
  return everyBehind(snapshot).flatMap((one) => (one.addresses.overlaps(addresses) ? [one.subnet] : []));
}

/** Worked out once for all services. */
function everyBehind(snapshot: Snapshot): readonly Behind[] {
  return snapshot.once("subnets by their public addresses", () =>
    snapshot.ofKind("subnet").flatMap((subnet) => {
      const egresses = (["ipv4", "ipv6"] as const).flatMap((family) => egressesOf(subnet, family, false, snapshot));
      const addresses = IpSet.union(egresses.map(({ must }) => must));
      return addresses.isEmpty ? [] : [{ subnet, addresses }];
    }),
  );
}
