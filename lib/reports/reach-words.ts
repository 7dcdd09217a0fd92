import type { Door } from "../model/door.ts";
import { ResourceId } from "../model/resource-id.ts";
import { counted } from "../model/wording.ts";
import { IpSet } from "../net/ip-set.ts";
import { parseAddresses } from "../net/parse-addresses.ts";
import { publicIpv4 } from "../net/special-ranges.ts";
import { shareOfInternet } from "../reach/internet.ts";
import { nameOf, namesOf, some } from "./names.ts";
import type { ReachEntry } from "./schema.ts";

/** A door in words, where nothing more is known of it. */
export const doorWords: Readonly<Record<Door | "unknown", string>> = {
  internet: "the internet",
  azure: "every tenant's workloads in Azure",
  addresses: "listed addresses",
  subnets: "listed subnets",
  private: "private endpoints",
  nobody: "nobody",
  unknown: "not known",
};

/** "16 listed addresses (203.0.113.0/28); 1 subnet (snet-app)". */
export function whoCanReach(reach: ReachEntry): string {
  const { widest, atLeast, atMost, because } = reach;
  if (widest !== "unknown") return certainly(reach, widest);
  const range = `at least ${atLeastText(reach, atLeast)}, at most ${doorWords[atMost]}`;
  return `not known: ${range}${because === undefined ? "" : `, because ${because.join("; ")}`}`;
}

/** The same with whom nobody asks for an address: "nobody; exceptions: AzureServices". */
export function whoGetsIn(reach: ReachEntry): string {
  const { exceptions } = reach;
  return exceptions.length === 0
    ? whoCanReach(reach)
    : `${whoCanReach(reach)}; exceptions: ${exceptionNames(exceptions)}`;
}

function certainly({ addresses, hasIpv6, subnets, privateEndpoints, parts }: ReachEntry, widest: Door): string {
  if (widest === "nobody") return doorWords.nobody;
  if (widest === "private") return `${privateText(privateEndpoints)} only${inBrackets(privateEndpoints)}`;
  const listed = addresses.length === 0 ? [] : [listedAddresses(addresses)];
  const where = parts === undefined ? "" : `, ${some(parts, 2)} only`;
  const all = [
    ...(widest === "internet" ? [`${doorWords.internet}${where}${shareOf(addresses, hasIpv6 === true)}`] : []),
    ...(widest === "azure" ? [`${doorWords.azure}${where}`] : []),
    ...(widest === "internet" ? [] : listed),
    ...namedDoors("subnet", subnets),
    ...namedDoors("private endpoint", privateEndpoints),
  ];
  return all.length === 0 ? doorWords[widest] : all.join("; ");
}

function atLeastText(reach: ReachEntry, atLeast: Door): string {
  const { privateEndpoints: endpoints } = reach;
  return atLeast === "private" ? `${privateText(endpoints)}${inBrackets(endpoints)}` : certainly(reach, atLeast);
}

/** Without a private endpoint it is an entrance in a network of the service's own. */
function privateText(privateEndpoints: readonly string[]): string {
  return privateEndpoints.length === 0 ? "private addresses" : doorWords.private;
}

function inBrackets(ids: readonly string[]): string {
  return ids.length === 0 ? "" : ` (${some(namesOf(ids), 4)})`;
}

/** The names under which exceptions are known: "AzureServices", "subscription 7e7e…", the name of a resource, or a pattern as it stands. */
export function exceptionNames(exceptions: readonly string[]): string {
  return some(exceptions.map(exceptionName), 6);
}

/** Of these everything inside gets in, which the name alone does not say. */
const nounsOfMany: ReadonlyMap<string, string> = new Map([
  ["microsoft.resources/subscriptions", "subscription"],
  ["microsoft.network/networksecurityperimeters", "network security perimeter"],
]);

function exceptionName(exception: string): string {
  if (exception.includes("*")) return exception;
  const noun = nounsOfMany.get(ResourceId.parse(exception)?.type ?? "");
  return noun === undefined ? nameOf(exception) : `${noun} ${nameOf(exception)}`;
}

function namedDoors(noun: string, ids: readonly string[]): readonly string[] {
  return ids.length === 0 ? [] : [`${counted(ids.length, noun)}${inBrackets(ids)}`];
}

/** Of a service that callers reach over IPv6 as well, the whole of IPv4 is not everybody. */
function shareOf(addresses: readonly string[], hasIpv6: boolean): string {
  if (addresses.includes("0.0.0.0/0")) {
    const isEverybody = !hasIpv6 || addresses.includes("::/0");
    const ipv6 = addresses.filter(isIpv6);
    if (isEverybody || ipv6.length === 0) return isEverybody ? ": every address" : ": every IPv4 address";
    return `: every IPv4 address, and ${listedAddresses(ipv6)}`;
  }
  const set = IpSet.union(addresses.flatMap((prefix) => parseAddresses(prefix) ?? []));
  if (set.isEmpty) return "";
  const isEveryIpv6 = addresses.includes("::/0");
  const kept = publicIpv4.minus(set).toPrefixes();
  const but = kept.length === 0 ? "" : ` but ${kept.join(", ")}`;
  if (kept.length <= 3) return `: every ${isEveryIpv6 ? "" : "IPv4 "}address${but}`;
  const rest = isEveryIpv6 ? addresses.filter((prefix) => !isIpv6(prefix)) : addresses;
  const percent = Math.floor(shareOfInternet(isEveryIpv6 ? set.intersect(IpSet.ipv4) : set) * 100);
  const share = `${percent} % of the public addresses (${some(rest, 3)})`;
  if (!isEveryIpv6) return `: ${share}`;
  if (rest.length === 0) return ": every IPv6 address";
  return `: every IPv6 address, and ${percent === 0 ? listedAddresses(rest) : share.replace("public", "public IPv4")}`;
}

function listedAddresses(prefixes: readonly string[]): string {
  const ipv6 = prefixes.filter(isIpv6).length;
  const ipv4 = countIpv4(prefixes);
  const shown = `(${some(prefixes, 3)})`;
  if (ipv6 === 0) return `${counted(ipv4, "listed address")} ${shown}`;
  const ranges = counted(ipv6, "listed IPv6 range");
  return ipv4 === 0 ? `${ranges} ${shown}` : `${counted(ipv4, "listed IPv4 address")} and ${ranges} ${shown}`;
}

function countIpv4(prefixes: readonly string[]): number {
  const lengths = prefixes.filter((prefix) => !isIpv6(prefix)).map((prefix) => Number(prefix.split("/")[1] ?? 32));
  return lengths.reduce((sum, length) => sum + 2 ** (32 - length), 0);
}

function isIpv6(prefix: string): boolean {
  return prefix.includes(":");
}
