import type { Evidence } from "../model/evidence.ts";
import type { Site } from "../model/policy.ts";
import { ResourceId } from "../model/resource-id.ts";
import { fail, notApplicable, pass, undetermined } from "../model/verdict.ts";
import type { IpSet } from "../net/ip-set.ts";
import { type Advertised, advertisedOf } from "../reach/circuits.ts";
import type { Rule } from "./rule.ts";
import { listed } from "./wording.ts";

export const natAddressUnverifiable: Rule = {
  id: "NI502",
  name: "nat-address-unverifiable",
  severity: "medium",
  title: "Declared NAT address that no circuit advertises",
  why: "Over Microsoft peering a site can only come from the public prefixes that its circuit advertises. A NAT address outside of them is a slip of the pen or out of date, or its traffic takes the internet: firewalls are then kept for addresses that nobody has.",
  remedy:
    "Correct natAddresses of the site in the policy, or advertise the prefix on the Microsoft peering and have it validated.",
  link: "https://learn.microsoft.com/azure/expressroute/expressroute-nat",
  controls: { mcsb: ["NS-9"], cis: {}, azurePolicy: [] },

  on: "site",

  check({ site, snapshot }) {
    if (site.connection !== "microsoftPeering" || site.natAddresses.isEmpty) return notApplicable;
    const { name, natAddresses } = site;
    const advertised = advertisedOf(snapshot);
    const { must, may, because } = advertised.addresses;
    const outside = natAddresses.minus(may);
    if (!outside.isEmpty) {
      const message = `no live circuit advertises ${listed(outside.toPrefixes())} of site ${name}`;
      return fail(message, [declared(site), ...nextBest(advertised, outside)]);
    }
    if (natAddresses.isSubsetOf(must)) return pass;
    return undetermined(because, [declared(site), ...advertised.addresses.evidence.within(natAddresses)]);
  },
};

function declared({ name, natAddresses }: Site): Evidence {
  const assumptions = ["no circuit outside of the subscriptions that were read serves the site"];
  return { resource: ResourceId.ofSite(name), pointer: "/natAddresses", value: natAddresses.toPrefixes(), assumptions };
}

/** Why a prefix that holds the addresses is not advertised, else which ones are. */
function nextBest({ prefixes }: Advertised, outside: IpSet): readonly Evidence[] {
  const holding = prefixes.filter(({ addresses }) => addresses.overlaps(outside));
  if (holding.length > 0) return holding.flatMap(({ isAdvertised }) => isAdvertised.evidence);
  return prefixes.flatMap(({ isAdvertised }) => isAdvertised.evidence.slice(0, 1));
}
