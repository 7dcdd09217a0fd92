import type {
  ApplicationProtocol,
  ApplicationRule,
  FirewallAddressTerm,
  FirewallProtocol,
  FirewallRule,
  NatRule,
  NetworkRule,
} from "../model/azure-firewall-fact.ts";
import type { Evidence } from "../model/evidence.ts";
import type { PortTerm } from "../model/fact.ts";
import { isObject } from "../model/json-object.ts";
import { fold, ResourceId } from "../model/resource-id.ts";
import { isTagName } from "../model/service-tags.ts";
import { IpSet } from "../net/ip-set.ts";
import { parseAddresses } from "../net/parse-addresses.ts";
import { PortSet, parsePorts } from "../net/port-set.ts";
import { brief, meaningOf, textAt, valueAt } from "./settings.ts";

const protocolNames = { any: "any", tcp: "tcp", udp: "udp", icmp: "icmp" } as const;

/** How rules of a kind are made; in a policy the protocols of network and NAT rules are called `ipProtocols`. */
export const ruleMakers: Readonly<
  Record<FirewallRule["kind"], (at: Evidence, access: "allow" | "deny") => FirewallRule>
> = { nat: natRule, network: networkRule, application: applicationRule };

function natRule(at: Evidence): NatRule {
  const { value: rule } = at;
  const address = textAt(rule, "/translatedAddress");
  const translated = valueAt(rule, "/translatedPort");
  const port = typeof translated === "string" || typeof translated === "number" ? `${translated}` : "*";
  return {
    kind: "nat",
    at,
    name: nameOf(at),
    protocols: protocolsOf(rule),
    sources: sourcesOf(at),
    destinations: addressTerm(at, "destination", { addresses: "/destinationAddresses" }),
    destinationPorts: portTerm(at),
    translatedTo: address ?? textAt(rule, "/translatedFqdn"),
    translatedAddresses: address === undefined ? undefined : parseAddresses(address),
    translatedPorts: port === "*" ? undefined : parsePorts(port),
  };
}

function networkRule(at: Evidence, access: "allow" | "deny"): NetworkRule {
  const fields = { addresses: "/destinationAddresses", groups: "/destinationIpGroups", others: ["/destinationFqdns"] };
  return {
    kind: "network",
    at,
    name: nameOf(at),
    access,
    protocols: protocolsOf(at.value),
    sources: sourcesOf(at),
    destinations: addressTerm(at, "destination", fields),
    destinationPorts: portTerm(at),
    hosts: textsIn(at.value, "/destinationFqdns").map(fold),
  };
}

function applicationRule(at: Evidence, access: "allow" | "deny"): ApplicationRule {
  const [hosts, urls] = [textsIn(at.value, "/targetFqdns"), textsIn(at.value, "/targetUrls")];
  const others = ["/fqdnTags", "/webCategories"].flatMap((field) => listAt(at.value, field) ?? [undefined]);
  return {
    kind: "application",
    at,
    name: nameOf(at),
    access,
    sources: sourcesOf(at),
    destinationPorts: portsOfProtocols(at),
    portsOf: { http: portsWith(at, "http"), https: portsWith(at, "https"), mssql: portsWith(at, "mssql") },
    isForEveryHost: [...hosts, ...urls].includes("*"),
    hosts: hosts.map(fold),
    hasOtherHosts: urls.length > 0 || others.length > 0,
  };
}

function nameOf({ value, pointer }: Evidence): string {
  return textAt(value, "/name") ?? pointer.slice(pointer.lastIndexOf("/") + 1);
}

function protocolsOf(rule: unknown): readonly FirewallProtocol[] {
  const list = valueAt(rule, "/ipProtocols") ?? valueAt(rule, "/protocols");
  if (!Array.isArray(list) || list.length === 0) return ["unknown"];
  return list.map((protocol) => meaningOf(protocol, protocolNames) ?? "unknown");
}

interface SideFields {
  readonly addresses: string;
  readonly groups?: string;
  /** Lists of what is neither an address nor a group of them. */
  readonly others?: readonly string[];
}

function sourcesOf(at: Evidence): FirewallAddressTerm {
  const fields = { addresses: "/sourceAddresses", groups: "/sourceIpGroups", others: ["/sourceKubeSelectorGroups"] };
  return addressTerm(at, "source", fields);
}

/** Nothing is known of a side that is empty in all of its fields, or that holds what cannot be understood. */
function addressTerm(at: Evidence, side: string, { addresses, groups, others = [] }: SideFields): FirewallAddressTerm {
  const texts = listAt(at.value, addresses);
  const names = groups === undefined ? [] : listAt(at.value, groups);
  const ipGroups = names?.flatMap((name) => ResourceId.parse(name) ?? []) ?? [];
  const parts = (texts ?? [undefined]).map((text) => (typeof text === "string" ? meaningOfText(text) : undefined));
  const sets = parts.filter((part) => part instanceof IpSet);
  const must = IpSet.union(sets);
  const isNamed = others.some((field) => listAt(at.value, field)?.length !== 0);
  const isEmpty = texts?.length === 0 && names?.length === 0 && !isNamed;
  const isClear = !isEmpty && !parts.includes(undefined) && ipGroups.length === names?.length;
  const tags = parts.filter((part) => typeof part === "string");
  if (isClear) return { must, may: must, tags, ipGroups, because: undefined };
  return { must, may: IpSet.all, tags, ipGroups, because: unclear(at, `whom it means by its ${side}`, at.value) };
}

/** Undefined where it is no list. */
function listAt(rule: unknown, pointer: string): readonly unknown[] | undefined {
  const list = valueAt(rule, pointer) ?? [];
  return Array.isArray(list) ? list : undefined;
}

/** Addresses, or the name of a service tag; undefined where it is neither. */
function meaningOfText(text: string): IpSet | string | undefined {
  if (text === "*") return IpSet.all;
  return parseAddresses(text) ?? (isTagName(text) ? text : undefined);
}

function portTerm(at: Evidence): PortTerm {
  const texts = listAt(at.value, "/destinationPorts") ?? [];
  const parsed = texts.map((text) => (typeof text === "string" ? parsePorts(text) : undefined));
  return portsFrom(at, parsed);
}

const usualPorts: Readonly<Record<ApplicationProtocol, string>> = { http: "80", https: "443", mssql: "1433" };

function portsOfProtocols(at: Evidence): PortTerm {
  const protocols = listAt(at.value, "/protocols") ?? [undefined];
  if (protocols.length === 0) return portsFrom(at, [PortSet.ofEach(80, 443)]);
  return portsFrom(at, protocols.map(portOf));
}

/** A protocol without a port has the usual one. */
function portOf(protocol: unknown): PortSet | undefined {
  const port = valueAt(protocol, "/port") ?? meaningOf(valueAt(protocol, "/protocolType"), usualPorts);
  return isObject(protocol) ? parsePorts(String(port)) : undefined;
}

function portsWith({ value }: Evidence, name: ApplicationProtocol): PortSet {
  const protocols = listAt(value, "/protocols") ?? [];
  const its = protocols.filter((protocol) => fold(textAt(protocol, "/protocolType") ?? "") === name);
  return PortSet.union(its.flatMap((protocol) => portOf(protocol) ?? []));
}

function textsIn(rule: unknown, pointer: string): readonly string[] {
  return (listAt(rule, pointer) ?? []).filter((text) => typeof text === "string");
}

function portsFrom(at: Evidence, parsed: readonly (PortSet | undefined)[]): PortTerm {
  const must = PortSet.union(parsed.filter((ports) => ports !== undefined));
  if (parsed.length > 0 && !parsed.includes(undefined)) return { must, may: must, because: undefined };
  return { must, may: PortSet.all, because: unclear(at, "which ports it is for", at.value) };
}

function unclear({ resource, pointer }: Evidence, what: string, value: unknown): string {
  const shown = isObject(value) ? "" : `: ${brief(value)}`;
  return `\`${pointer}\` of \`${resource.text}\` does not say in a known way ${what}${shown}`;
}
