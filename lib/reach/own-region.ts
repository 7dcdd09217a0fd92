import { serviceOfType } from "../catalog/index.ts";
import { regionalTag } from "../catalog/regional-tags.ts";
import type { Evidence } from "../model/evidence.ts";
import type { ServiceFact } from "../model/fact.ts";
import { regionOf } from "../model/region.ts";
import type { Snapshot } from "../model/snapshot.ts";
import type { IpSet } from "../net/ip-set.ts";
import { exactly } from "./addressed.ts";
import { type AddressEvidence, type Admission, addressesOf } from "./addresses.ts";
import { ownedAddresses } from "./owned-addresses.ts";
import { evidenceOfTags } from "./tag-evidence.ts";

/** Addresses that no rule of a service matches, whatever it says. */
export interface Unmatched {
  readonly addresses: IpSet;
  readonly evidence: AddressEvidence;
}

/**
 * Those of Azure in the service's region, as far as they are known by the service tags and by `owned`: "NAT gateway public IPs aren't
 * used to connect to storage accounts in the same region" (https://learn.microsoft.com/azure/nat-gateway/faq).
 */
export function unmatchedBy(
  { id, location }: ServiceFact,
  owned: (region: string) => readonly Admission[],
  snapshot: Snapshot,
): Unmatched {
  const misses = serviceOfType(id.type)?.ipRulesMissOwnRegion !== undefined;
  const region = misses ? regionOf(location) : undefined;
  if (region === undefined) return none;
  const where = { resource: id, pointer: "/location", value: location };
  const all = [...listedIn(region, id, snapshot), ...owned(region)];
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

/** The public addresses and prefixes in a region that were read, which whoever sends from them is in as well. */
export function ownedIn(region: string, snapshot: Snapshot): readonly Admission[] {
  return snapshot.once(`public addresses in ${region}`, () => {
    const all = [...snapshot.ofKind("publicIpAddress"), ...snapshot.ofKind("publicIpPrefix")];
    const inside = all.filter(({ location }) => regionOf(location) === region);
    return inside.flatMap(({ id, location }): readonly Admission[] => {
      const owned = ownedAddresses(id, snapshot);
      if (typeof owned === "string" || owned.addresses.isEmpty) return [];
      const there: Evidence = { resource: id, pointer: "/location", value: location };
      return [{ ...exactly(owned.addresses), evidence: [there, ...owned.at] }];
    });
  });
}

export function noneOwned(): readonly never[] {
  return [];
}
