import { serviceOfType } from "../catalog/index.ts";
import { regionalTag } from "../catalog/regional-tags.ts";
import { placesToAsk } from "../model/address-place.ts";
import type { FirewallSettings, IpRule, PublicIpAddressFact, PublicIpPrefixFact, ServiceFact } from "../model/fact.ts";
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
export function unmatchedBy(
  service: ServiceFact,
  settings: FirewallSettings,
  owners: Owners,
  snapshot: Snapshot,
): Unmatched {
  const { id, location } = service;
  const misses = serviceOfType(id.type)?.ipRulesMissOwnRegion !== undefined;
  const region = misses ? regionOf(location) : undefined;
  if (region === undefined) return none;
  const rules = [settings, ...settings.parts].flatMap((one) => firewallOf(service, one, snapshot).rules);
  const where = { resource: id, pointer: "/location", value: location };
  const all = [...listedIn(region, id, snapshot), ...ownedIn(region, rules, owners, snapshot)];
  const { must: addresses, evidence } = addressesOf(all.map((one) => ({ ...one, evidence: [where, ...one.evidence] })));
  return { addresses, evidence };
}

const { must: nothing, evidence: noEvidence } = addressesOf([]);
const none: Unmatched = { addresses: nothing, evidence: noEvidence };

function listedIn(region: string, id: ServiceFact["id"], snapshot: Snapshot): readonly Admission[] {
  const tag = tagOf(region);
  const addresses = snapshot.serviceTags.addressesOf(tag);
  return addresses === undefined ? [] : [{ ...exactly(addresses), evidence: evidenceOfTags(id, [tag], snapshot) }];
}

function tagOf(region: string): string {
  return regionalTag("AzureCloud", region);
}

/** What was read that has public addresses in a region, some of which may be among those of a rule. */
export type Owners = (
  ruled: IpSet,
  region: string,
  snapshot: Snapshot,
) => readonly (PublicIpAddressFact | PublicIpPrefixFact)[];

/**
 * For rules of the audit: nobody asks where the service tags tell, nor of a rule for more than a /16. A few addresses less make no difference to what is found, and
 * whoever looks at the service would be told of every change of an address in the region.
 */
export function listedOwners(ruled: IpSet, region: string, snapshot: Snapshot): ReturnType<Owners> {
  if (snapshot.serviceTags.addressesOf(tagOf(region)) !== undefined) return [];
  const holders = placesToAsk(ruled, region).flatMap((place) => snapshot.naming(place));
  return holders.filter((one) => one.kind === "publicIpAddress" || one.kind === "publicIpPrefix");
}

/** For whoever follows single flows: of wide rules, too. */
export function everyOwner(_ruled: IpSet, region: string, snapshot: Snapshot): ReturnType<Owners> {
  return snapshot.once(`public addresses in ${region}`, () => {
    const all = [...snapshot.ofKind("publicIpAddress"), ...snapshot.ofKind("publicIpPrefix")];
    return all.filter(({ location }) => regionOf(location) === region);
  });
}

function ownedIn(region: string, rules: readonly IpRule[], owners: Owners, snapshot: Snapshot): readonly Admission[] {
  const found = rules.flatMap(({ may }) => {
    return owners(may, region, snapshot).filter((one) => ownedBy(one)?.addresses.overlaps(may) === true);
  });
  return [...new Set(found)].flatMap((one): readonly Admission[] => {
    const owned = ownedBy(one);
    if (owned === undefined) return [];
    const there = { resource: one.id, pointer: "/location", value: one.location };
    return [{ ...exactly(owned.addresses), evidence: [there, ...owned.at] }];
  });
}
