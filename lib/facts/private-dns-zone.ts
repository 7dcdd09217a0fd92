import type { DnsRecordSetFact, PrivateDnsZoneFact, VirtualNetworkLinkFact } from "../model/fact.ts";
import { ResourceId } from "../model/resource-id.ts";
import { addressesIn } from "./addresses.ts";
import type { ArmResource } from "./arm-resource.ts";
import { enumeration, textAt, unknownValue, valueAt } from "./settings.ts";

export function privateDnsZone({ id }: ArmResource): PrivateDnsZoneFact {
  return { kind: "privateDnsZone", id, names: [] };
}

const linkStates = { completed: "completed", inprogress: "inProgress" } as const;

const whenAbsent = {
  value: "Completed",
  link: "https://learn.microsoft.com/azure/dns/private-dns-virtual-network-links",
};

/** Projects `privateDnsZones/virtualNetworkLinks`. */
export function virtualNetworkLink(resource: ArmResource): VirtualNetworkLinkFact {
  const network = ResourceId.parse(valueAt(resource.body, "/properties/virtualNetwork/id"));
  return {
    kind: "virtualNetworkLink",
    id: resource.id,
    network,
    state: enumeration(resource, "/properties/virtualNetworkLinkState", linkStates, whenAbsent),
    names: network === undefined ? [] : [network],
  };
}

/** Projects `privateDnsZones/A` and `privateDnsZones/AAAA`; a body without records of its type says nothing. */
export function dnsRecordSet({ id, body, thinBecause }: ArmResource): DnsRecordSetFact {
  const isIpv6 = id.type.endsWith("/aaaa");
  const pointer = isIpv6 ? "/properties/aaaaRecords" : "/properties/aRecords";
  const raw = valueAt(body, pointer);
  const value = addressesIn(raw, (record) => textAt(record, isIpv6 ? "/ipv6Address" : "/ipv4Address"));
  if (value !== undefined)
    return { kind: "dnsRecordSet", id, addresses: { kind: "known", value, pointer, raw }, names: [] };
  const because = thinBecause ?? unknownValue(id, pointer, raw);
  return { kind: "dnsRecordSet", id, addresses: { kind: "unknown", because, pointer, raw }, names: [] };
}
