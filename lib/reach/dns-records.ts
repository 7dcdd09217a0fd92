import { notThere } from "../model/evidence.ts";
import type { DnsRecordSetFact, PrivateEndpointFact } from "../model/fact.ts";
import { certainly, not, onEvidence, perhaps, type Truth } from "../model/must-may.ts";
import type { ResourceId } from "../model/resource-id.ts";
import { evidenceOf } from "../model/setting.ts";
import type { Snapshot } from "../model/snapshot.ts";
import type { ChainZone } from "./dns-chain.ts";
import { addressesOf, type EndpointAddresses } from "./endpoint-addresses.ts";
import { leadToOthers } from "./other-endpoints.ts";
import type { LinkedGroup } from "./private-link-groups.ts";
import { unreadBecause } from "./unread.ts";

/** One name that should lead to the endpoint. */
export interface NamedRecord {
  readonly isWrong: Truth;
  /** What is wrong where something is. */
  readonly fault: string;
}

/** A zone in which the names are looked up. */
export type RecordedZone = Pick<ChainZone, "zone" | "title" | "recordNames">;

/** The names that a zone should hold for one group of a private endpoint, and whether they lead there. */
export function recordsOf(
  endpoint: PrivateEndpointFact,
  group: LinkedGroup,
  chainZone: RecordedZone,
  snapshot: Snapshot,
): readonly NamedRecord[] {
  const { zone, recordNames } = chainZone;
  const { ownZone } = group;
  const found = addressesOf(endpoint, group.groupId, snapshot);
  const own = ownZone === undefined ? found : { ...found, evidence: [...found.evidence, ...ownZone.evidence] };
  const named = ownZone === undefined ? namesIn(zone, own.fqdns, group) : [ownZone.recordName];
  const written = recordNames.length > 0 ? recordNames : named;
  if (written.length === 0) {
    const because = [`which names lead to \`${endpoint.id.text}\` is not known`, ...own.because];
    return [{ isWrong: perhaps(because), fault: "" }];
  }
  return written.map((name) => record(name, chainZone, { endpoint, group, own }, snapshot));
}

interface Expected {
  readonly endpoint: PrivateEndpointFact;
  readonly group: LinkedGroup;
  readonly own: EndpointAddresses;
}

function record(
  name: string,
  { zone, title }: RecordedZone,
  { endpoint, group, own }: Expected,
  snapshot: Snapshot,
): NamedRecord {
  const found = recordSet(name, zone, own, snapshot);
  if (found.kind === "unread") return { isWrong: perhaps([found.because], own.evidence), fault: "" };
  if (found.kind === "none") {
    const evidence = [...found.looked.map(notThere), ...own.evidence];
    return { isWrong: certainly(true, evidence), fault: `${title} has no record \`${name}\`` };
  }
  const { id, addresses } = found.fact;
  const evidence = [...evidenceOf(id, addresses), ...own.evidence];
  if (addresses.kind === "unknown") return { isWrong: perhaps([addresses.because], evidence), fault: "" };
  if (own.addresses === undefined) return { isWrong: perhaps(own.because, evidence), fault: "" };
  const others = addresses.value.minus(own.addresses);
  const leadsThere = addresses.value.overlaps(own.addresses);
  if (others.isEmpty && leadsThere) return { isWrong: certainly(false, evidence), fault: "" };
  const record = `the record \`${name}\` in ${title}`;
  if (addresses.value.isEmpty) return { isWrong: certainly(true, evidence), fault: `${record} leads to nothing` };
  const ranges = others.toPrefixes().join(", ");
  const isWrong = not(leadToOthers(others, endpoint, group, snapshot));
  return {
    isWrong: onEvidence(isWrong, [...evidence, ...isWrong.evidence]),
    fault: leadsThere
      ? `${record} leads to ${ranges} as well, where no private endpoint of the service is`
      : `${record} leads to ${ranges}, not to the private endpoint`,
  };
}

type FoundRecordSet =
  | { readonly kind: "record"; readonly fact: DnsRecordSetFact }
  | { readonly kind: "none"; readonly looked: readonly ResourceId[] }
  | { readonly kind: "unread"; readonly because: string };

/** The records that answer for a name: its own, else those of the nearest wildcard. */
function recordSet(name: string, zone: ResourceId, own: EndpointAddresses, snapshot: Snapshot): FoundRecordSet {
  const isIpv6Only = own.addresses !== undefined && own.addresses.countIpv4 === 0;
  const types = own.addresses === undefined ? ["A", "AAAA"] : [isIpv6Only ? "AAAA" : "A"];
  for (const one of [name, withoutPartition(name), ...wildcardsOf(name)]) {
    for (const type of types) {
      const id = zone.child(type, one);
      const found = snapshot.get(id);
      const because = unreadBecause(found, `\`${id.text}\``);
      if (because !== undefined) return { kind: "unread", because };
      if (found.kind === "fact" && found.fact.kind === "dnsRecordSet") return { kind: "record", fact: found.fact };
    }
  }
  return { kind: "none", looked: types.map((type) => zone.child(type, name)) };
}

/** `*.scm` and `*` for `erp.scm`: https://learn.microsoft.com/azure/dns/dns-zones-records#wildcard-records */
function wildcardsOf(name: string): readonly string[] {
  const labels = name.split(".").slice(1);
  return [...labels.map((_, index) => `*.${labels.slice(index).join(".")}`), "*"];
}

/** A static website is `<account>.z6.web.core.windows.net` to the public; its record may leave the `z6` out. */
function withoutPartition(name: string): string {
  return name.replace(/\.z\d+$/, "");
}

/**
 * The part of each name that a `privatelink` zone holds; where the public domain is another one, its first label, unless that is for
 * another zone of the group to hold.
 */
function namesIn(zone: ResourceId, fqdns: readonly string[], { otherZones }: LinkedGroup): readonly string[] {
  const zoneName = zone.key.slice(zone.key.lastIndexOf("/") + 1);
  const domains = domainsOf(zoneName);
  const narrower = otherZones.filter((one) => one.length > zoneName.length).flatMap(domainsOf);
  const names = fqdns.flatMap((fqdn) => {
    const domain = domains.find((one) => fqdn.endsWith(one));
    if (narrower.some((one) => fqdn.endsWith(one))) return [];
    if (domain !== undefined) return fqdn.slice(0, -domain.length);
    return otherZones.length > 0 ? [] : fqdn.split(".", 1);
  });
  return [...new Set(names)];
}

/** What the names in a zone end in, privately and publicly. */
function domainsOf(zoneName: string): readonly string[] {
  return [`.${zoneName}`, `.${zoneName.replace(/^privatelink\./, "")}`];
}
