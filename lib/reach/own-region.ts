import { serviceOfType } from "../catalog/index.ts";
import { regionalTag } from "../catalog/regional-tags.ts";
import { placesToAsk } from "../model/address-place.ts";
import type { FirewallSettings, IpRule, ServiceFact } from "../model/fact.ts";
import { regionOf } from "../model/region.ts";
import type { Snapshot } from "../model/snapshot.ts";
import type { IpSet } from "../net/ip-set.ts";
import { exactly } from "./addressed.ts";
import { type AddressEvidence, type Admission, addressesOf } from "./addresses.ts";
import { firewallOf } from "./firewall.ts";
import { ownedBy } from "./owned-addresses.ts";
import { evidenceOfTags } from "./tag-evidence.ts";

/** Addresses that no rule of a service matches, whatever it says. */
export interface Unmatched {
  readonly addresses: IpSet;
  readonly evidence: AddressEvidence;
}

/**
 * Those of Azure in the service's region, as far as they are known by the service tags and by the public addresses and prefixes that
 * were read, some of which its rules list: "NAT gateway public IPs aren't used to connect to storage accounts in the same region"
 * (https://learn.microsoft.com/azure/nat-gateway/faq).
 */
export function unmatchedBy(service: ServiceFact, settings: FirewallSettings, snapshot: Snapshot): Unmatched {
  const { id, location } = service;
  const misses = serviceOfType(id.type)?.ipRulesMissOwnRegion !== undefined;
  const region = misses ? regionOf(location) : undefined;
  if (region === undefined) return none;
  const rules = [settings, ...settings.parts].flatMap((one) => firewallOf(service, one, snapshot).rules);
  const where = { resource: id, pointer: "/location", value: location };
  const all = [...listedIn(region, id, snapshot), ...ownedIn(region, rules, snapshot)];
  const { must: addresses, evidence } = addressesOf(all.map((one) => ({ ...one, evidence: [where, ...one.evidence] })));
  return { addresses, evidence };
}

const { must: nothing, evidence: noEvidence } = addressesOf([]);
const none: Unmatched = { addresses: nothing, evidence: noEvidence };

function listedIn(region: string, id: ServiceFact["id"], snapshot: Snapshot): readonly Admission[] {
  const tag = regionalTag("AzureCloud", region);
  const addresses = snapshot.serviceTags.addressesOf(tag);
  return addresses === undefined ? [] : [{ ...exactly(addresses), evidence: evidenceOfTags(id, [tag], snapshot) }];
}

/**
 * The public addresses and prefixes in a region that were read, some of which a rule lists. Of a rule for more than a /16 nobody
 * asks: a few addresses less make no difference to it, and each new one would change what is said of it.
 */
function ownedIn(region: string, rules: readonly IpRule[], snapshot: Snapshot): readonly Admission[] {
  const found = rules.flatMap(({ may }) => {
    const all = placesToAsk(may, region).flatMap((place) =>
      snapshot.naming(place, "publicIpAddress", "publicIpPrefix"),
    );
    return all.filter((one) => ownedBy(one)?.addresses.overlaps(may) === true);
  });
  return [...new Set(found)].flatMap((one): readonly Admission[] => {
    const owned = ownedBy(one);
    if (owned === undefined) return [];
    const there = { resource: one.id, pointer: "/location", value: one.location };
    return [{ ...exactly(owned.addresses), evidence: [there, ...owned.at] }];
  });
}
