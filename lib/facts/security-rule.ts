import type { AddressTerm, PortTerm, SecurityRule } from "../model/fact.ts";
import { isObject, type JsonObject } from "../model/json-object.ts";
import { ResourceId } from "../model/resource-id.ts";
import { isTagName } from "../model/service-tags.ts";
import { IpSet } from "../net/ip-set.ts";
import { parseAddresses } from "../net/parse-addresses.ts";
import { PortSet, parsePorts } from "../net/port-set.ts";
import { brief, meaningOf, textAt, unknownValue, valueAt } from "./settings.ts";

const directions = { inbound: "inbound", outbound: "outbound" } as const;
const accesses = { allow: "allow", deny: "deny" } as const;
const protocols = { "*": "any", any: "any", tcp: "tcp", udp: "udp", icmp: "icmp", esp: "esp", ah: "ah" } as const;

export type JudgedRule =
  | { readonly kind: "rule"; readonly rule: SecurityRule }
  /** Nothing can be said of a group that has such a rule. */
  | { readonly kind: "unknown"; readonly because: string };

/**
 * Judges one rule of a security group; undefined for one of the other direction. What it says of addresses, ports and
 * protocol may stay unclear, the rest may not.
 */
export function securityRule(
  group: ResourceId,
  raw: unknown,
  pointer: string,
  asked: SecurityRule["direction"],
): JudgedRule | undefined {
  const properties = propertiesOf(raw);
  const { priority } = properties;
  const direction = meaningOf(properties.direction, directions);
  if (direction !== undefined && direction !== asked) return undefined;
  const access = meaningOf(properties.access, accesses);
  if (typeof priority !== "number" || direction === undefined || access === undefined) {
    const field = typeof priority !== "number" ? "priority" : direction === undefined ? "direction" : "access";
    return { kind: "unknown", because: unknownValue(group, `${pointer}/properties/${field}`, properties[field]) };
  }
  const where = { group, pointer };
  return {
    kind: "rule",
    rule: {
      at: { resource: group, pointer, value: raw },
      name: textAt(raw, "/name") ?? pointer.slice(pointer.lastIndexOf("/") + 1),
      priority,
      direction,
      access,
      protocol: meaningOf(properties.protocol, protocols) ?? "unknown",
      sources: addressTerm(properties, source, where),
      sourcePorts: portTerm(properties, source, where),
      destinations: addressTerm(properties, destination, where),
      destinationPorts: portTerm(properties, destination, where),
    },
  };
}

/** Whom a rule may let in over TCP or UDP if no other comes before it; undefined where nobody. */
export function allowedSources(group: ResourceId, raw: unknown, pointer: string): AddressTerm | undefined {
  const properties = propertiesOf(raw);
  if (meaningOf(properties.direction, directions) === "outbound") return undefined;
  if (meaningOf(properties.access, accesses) === "deny") return undefined;
  const protocol = meaningOf(properties.protocol, protocols) ?? "any";
  const isAsked = protocol === "any" || protocol === "tcp" || protocol === "udp";
  return isAsked ? addressTerm(properties, source, { group, pointer }) : undefined;
}

/** Nothing is known of whom it means. */
export const anybody: AddressTerm = {
  must: IpSet.empty,
  may: IpSet.all,
  tags: [],
  applicationSecurityGroups: [],
  isClear: false,
  because: "the rules cannot be understood",
};

function propertiesOf(raw: unknown): JsonObject {
  return isObject(raw) && isObject(raw.properties) ? raw.properties : {};
}

interface Where {
  readonly group: ResourceId;
  readonly pointer: string;
}

function told({ group, pointer }: Where): string {
  return `\`${pointer}\` of \`${group.text}\``;
}

/** The names of the fields of one side. */
interface Side {
  readonly name: string;
  readonly port: string;
  readonly ports: string;
  readonly prefix: string;
  readonly prefixes: string;
  readonly groups: string;
}

function sideOf(name: string): Side {
  return {
    name,
    port: `${name}PortRange`,
    ports: `${name}PortRanges`,
    prefix: `${name}AddressPrefix`,
    prefixes: `${name}AddressPrefixes`,
    groups: `${name}ApplicationSecurityGroups`,
  };
}

const source = sideOf("source");
const destination = sideOf("destination");

/** The texts of the plural field and of the singular one; a rule fills one of the two. */
function textsOf(properties: JsonObject, singular: string, plural: string): Texts {
  const one = properties[singular] ?? "";
  const many = properties[plural] ?? none;
  if (typeof one !== "string" || !Array.isArray(many) || !many.every(isText)) return notUnderstood;
  if (many.length === 0) return { texts: one === "" ? none : [one], isClear: true };
  return { texts: one === "" ? many : [one, ...many], isClear: one === "" };
}

interface Texts {
  readonly texts: readonly string[];
  readonly isClear: boolean;
}

const none: readonly never[] = [];
const notUnderstood: Texts = { texts: none, isClear: false };

function isText(value: unknown): value is string {
  return typeof value === "string";
}

const everyPort: PortTerm = { must: PortSet.all, may: PortSet.all, because: undefined };

function portTerm(properties: JsonObject, side: Side, where: Where): PortTerm {
  const { texts, isClear } = textsOf(properties, side.port, side.ports);
  const [first = ""] = texts;
  if (texts.length === 1 && first === "*") return everyPort;
  if (texts.length === 1) {
    const ports = parsePorts(first);
    if (ports !== undefined) return { must: ports, may: ports, because: undefined };
  }
  const parsed = texts.map(parsePorts);
  const must = PortSet.union(parsed.filter((ports) => ports !== undefined));
  if (isClear && texts.length > 0 && !parsed.includes(undefined)) return { must, may: must, because: undefined };
  const because = `${told(where)} does not say in a known way which ${side.name} ports it is for: ${brief(texts.join(", "))}`;
  const isOpen = texts.length === 0 || parsed.includes(undefined);
  return { must: isClear ? must : PortSet.empty, may: isOpen ? PortSet.all : must, because };
}

const everyAddress: ReadonlySet<string> = new Set(["*", "any"]);

function addressTerm(properties: JsonObject, side: Side, where: Where): AddressTerm {
  const { texts, isClear: isPlain } = textsOf(properties, side.prefix, side.prefixes);
  const groups = properties[side.groups] ?? none;
  const [first = ""] = texts;
  if (texts.length === 1 && isPlain && Array.isArray(groups) && groups.length === 0) return oneText(first, side, where);
  const ids = Array.isArray(groups) ? groups.map((group) => ResourceId.parse(valueAt(group, "/id"))) : [undefined];
  const applicationSecurityGroups = ids.filter((id) => id !== undefined);
  const terms = texts.map(textTerm);
  const tags = texts.filter((_, index) => terms[index]?.isTag);
  const sets = terms.filter((term) => term !== undefined);
  const stated = IpSet.union(sets.map((set) => set.must));
  const isOpen = terms.includes(undefined) || applicationSecurityGroups.length < ids.length;
  const isEmpty = texts.length === 0 && ids.length === 0;
  const isClear = isPlain && !isEmpty && (texts.length === 0 || ids.length === 0);
  const may = isOpen || isEmpty || !isPlain ? IpSet.all : IpSet.union(sets.map((set) => set.may));
  const must = isClear ? stated : IpSet.empty;
  const because = isClear && may.equals(must) ? undefined : unclear(texts, side, where);
  return { must, may, tags, applicationSecurityGroups, isClear, because };
}

/** Nearly every rule says one thing on each side. */
function oneText(text: string, side: Side, where: Where): AddressTerm {
  const term = textTerm(text);
  if (term?.whole !== undefined) return term.whole;
  const { must, may } = term ?? { must: IpSet.empty, may: IpSet.all };
  return {
    must,
    may,
    tags: none,
    applicationSecurityGroups: none,
    isClear: true,
    because: unclear([text], side, where),
  };
}

function termOf(addresses: IpSet, tags: readonly string[]): AddressTerm {
  return { must: addresses, may: addresses, tags, applicationSecurityGroups: none, isClear: true, because: undefined };
}

function unclear(texts: readonly string[], { name }: Side, where: Where): string {
  return `${told(where)} does not say in a known way whom it means by its ${name}: ${brief(texts.join(", "))}`;
}

interface Known {
  readonly must: IpSet;
  readonly may: IpSet;
  readonly isTag: boolean;
  /** What a side means that says nothing else: the same term for all rules that do. Undefined where that is not clear. */
  readonly whole: AddressTerm | undefined;
}

/** Rules name the same tags over and over: what a text means is worked out once, but for addresses, which few rules share. */
const known = new Map<string, Known | undefined>();
const knownAtMost = 1_000;

const startsWithDigit = /^\d/;

function textTerm(text: string): Known | undefined {
  if (startsWithDigit.test(text)) return judgeText(text);
  const found = known.get(text);
  if (found !== undefined || known.has(text)) return found;
  if (known.size >= knownAtMost) known.clear();
  const term = judgeText(text);
  known.set(text, term);
  return term;
}

/** Whether `0.0.0.0/0` means IPv6 as well the documents leave open ("all IP addresses"). */
function judgeText(text: string): Known | undefined {
  const addresses = everyAddress.has(text.toLowerCase()) ? IpSet.all : parseAddresses(text);
  const isTag = addresses === undefined && isTagName(text);
  if (addresses === undefined && !isTag) return undefined;
  const must = addresses ?? IpSet.empty;
  if (text === "0.0.0.0/0") return { must, may: IpSet.all, isTag, whole: undefined };
  return { must, may: must, isTag, whole: termOf(must, isTag ? [text] : none) };
}
