import ipaddr from "ipaddr.js";
import { IpSet } from "./ip-set.ts";
import { knownAddresses } from "./known-addresses.ts";

type Range = [address: ipaddr.IPv4 | ipaddr.IPv6, length: number];
type RangeTable = Readonly<Record<string, Range | Range[]>>;

// The published types leave the tables out.
declare module "ipaddr.js" {
  interface IPv4 {
    readonly SpecialRanges: RangeTable;
  }
  interface IPv6 {
    readonly SpecialRanges: RangeTable;
  }
}

const special = [ipaddr.IPv4.prototype.SpecialRanges, ipaddr.IPv6.prototype.SpecialRanges]
  .flatMap(Object.entries<Range | Range[]>)
  .flatMap(([name, ranges]) =>
    (isSingle(ranges) ? [ranges] : ranges).map((range) => ({ name, prefix: textOf(range) })),
  );

const unroutableNames: ReadonlySet<string> = new Set([
  "unspecified",
  "loopback",
  "linkLocal",
  "private",
  "carrierGradeNat",
  "broadcast",
  "multicast",
  "uniqueLocal",
  "deprecatedSiteLocal",
  "ipv4Mapped",
]);

/**
 * What can never be a source on the public internet, in both families, 0.0.0.0/8 included.
 * Of what ipaddr.js calls `reserved` only 240.0.0.0/4 is in: documentation ranges stand in for public addresses in
 * recordings, and for the rest (benchmarking, 6to4 relays, protocol assignments) counting as routable is the safe side.
 * The IPv6 side adds the old site-local range and IPv4-mapped addresses, which never appear on the wire.
 */
export const unroutable: IpSet = knownAddresses(
  ...special.filter(({ name }) => unroutableNames.has(name)).map(({ prefix }) => prefix),
  "240.0.0.0/4",
);

/** The set without those of its prefixes in which no caller on the internet has an address; wider ones stay as they are. */
export function withoutUnroutable(set: IpSet): IpSet {
  if (!set.overlaps(unroutable)) return set;
  return IpSet.union(set.prefixes().filter((prefix) => !prefix.isSubsetOf(unroutable)));
}

/** All IPv4 outside every special range of ipaddr.js, so without documentation, benchmarking, AS112 and AMT ranges too. */
export const publicIpv4: IpSet = IpSet.ipv4.minus(knownAddresses(...special.map(({ prefix }) => prefix)));

/** What IANA hands out as global unicast: https://www.iana.org/assignments/ipv6-address-space */
export const globalIpv6: IpSet = knownAddresses("2000::/3");

/** The CIDR prefixes of every special range of both families, and of the global unicast addresses of IPv6. */
export const specialPrefixes: readonly string[] = [...special.map(({ prefix }) => prefix), ...globalIpv6.toPrefixes()];

function isSingle(ranges: Range | Range[]): ranges is Range {
  return !Array.isArray(ranges[0]);
}

function textOf([address, length]: Range): string {
  return `${address.toString()}/${length}`;
}
