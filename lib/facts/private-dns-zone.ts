import type { DnsRecordSetFact, PrivateDnsZoneFact } from "../model/fact.ts";
import { ResourceId } from "../model/resource-id.ts";
import { addressesIn } from "./addresses.ts";
import type { ArmResource } from "./arm-resource.ts";
import { factMaker } from "./fact-maker.ts";
import { enumeration, textAt, unknownValue, valueAt } from "./settings.ts";

export function privateDnsZone({ id }: ArmResource): PrivateDnsZoneFact {
  return { kind: "privateDnsZone", id, names: [] };
}

const linkStates = { completed: "completed", inprogress: "inProgress" } as const;

const whenAbsent = {
  value: "Completed",
  link: "https://learn.microsoft.com/azure/dns/private-dns-virtual-network-links",
};

const keepsOfLink = ["/properties/virtualNetwork/id", "/properties/virtualNetworkLinkState"];

/** Projects `privateDnsZones/virtualNetworkLinks`. */
export const virtualNetworkLink = factMaker("virtualNetworkLink", keepsOfLink, {
  network: networkOf,
  state: (resource) => enumeration(resource, "/properties/virtualNetworkLinkState", linkStates, whenAbsent),
  names: (resource) => [networkOf(resource)].filter((named) => named !== undefined),
});

/** The network that a link is for. */
export function networkOf({ body }: ArmResource): ResourceId | undefined {
  return ResourceId.parse(valueAt(body, "/properties/virtualNetwork/id"));
}

/** Projects `privateDnsZones/A` and `privateDnsZones/AAAA`. */
export const dnsRecordSet = factMaker("dnsRecordSet", ["/properties/aRecords", "/properties/aaaaRecords"], {
  addresses: recordedAddresses,
  names: () => [],
});

/** A body without records of its type says nothing. */
function recordedAddresses({ id, body, thinBecause }: ArmResource): DnsRecordSetFact["addresses"] {
  const isIpv6 = id.type.endsWith("/aaaa");
  const pointer = isIpv6 ? "/properties/aaaaRecords" : "/properties/aRecords";
  const raw = valueAt(body, pointer);
  const value = addressesIn(raw, (record) => textAt(record, isIpv6 ? "/ipv6Address" : "/ipv4Address"));
  if (value !== undefined) return { kind: "known", value, pointer, raw };
  return { kind: "unknown", because: thinBecause ?? unknownValue(id, pointer, raw), pointer, raw };
}
