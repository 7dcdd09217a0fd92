import type { AddressTerm, PortTerm, SecurityRule } from "../model/fact.ts";
import { ResourceId } from "../model/resource-id.ts";
import { IpSet } from "../net/ip-set.ts";
import { parseAddresses } from "../net/parse-addresses.ts";
import { PortSet, parsePorts } from "../net/port-set.ts";
import { meaningOf, textAt, unknownValue, valueAt } from "./settings.ts";

const directions = { inbound: "inbound", outbound: "outbound" } as const;
const accesses = { allow: "allow", deny: "deny" } as const;
const protocols = { "*": "any", tcp: "tcp", udp: "udp", icmp: "icmp", esp: "esp", ah: "ah" } as const;

export type JudgedRule =
  | { readonly kind: "rule"; readonly rule: SecurityRule }
  /** Nothing can be said of a group that has such a rule. */
  | { readonly kind: "unknown"; readonly because: string };

/** Judges one rule of a security group; what it says of addresses, ports and protocol may stay unclear, the rest may not. */
export function securityRule(group: ResourceId, raw: unknown, pointer: string): JudgedRule {
  const priority = valueAt(raw, "/properties/priority");
  const direction = meaningOf(valueAt(raw, "/properties/direction"), directions);
  const access = meaningOf(valueAt(raw, "/properties/access"), accesses);
  if (typeof priority !== "number" || direction === undefined || access === undefined) {
    const field = typeof priority !== "number" ? "priority" : direction === undefined ? "direction" : "access";
    const place = `${pointer}/properties/${field}`;
    return { kind: "unknown", because: unknownValue(group, place, valueAt(raw, `/properties/${field}`)) };
  }
  const where = `\`${pointer}\` of \`${group.text}\``;
  return {
    kind: "rule",
    rule: {
      at: { resource: group, pointer, value: raw },
      name: textAt(raw, "/name") ?? pointer.slice(pointer.lastIndexOf("/") + 1),
      priority,
      direction,
      access,
      protocol: meaningOf(valueAt(raw, "/properties/protocol"), protocols),
      sources: addressTerm(raw, "source", where),
      sourcePorts: portTerm(raw, "source", where),
      destinations: addressTerm(raw, "destination", where),
      destinationPorts: portTerm(raw, "destination", where),
    },
  };
}

type Side = "source" | "destination";

/** The texts of the plural field and of the singular one; a rule fills one of the two. */
function textsOf(raw: unknown, singular: string, plural: string) {
  const one = valueAt(raw, `/properties/${singular}`) ?? "";
  const many = valueAt(raw, `/properties/${plural}`) ?? [];
  const isUnderstood =
    typeof one === "string" && Array.isArray(many) && many.every((text): text is string => typeof text === "string");
  if (!isUnderstood) return { texts: [], isClear: false };
  const texts: readonly string[] = one === "" ? many : [one, ...many];
  return { texts, isClear: one === "" || many.length === 0 };
}

const everyPort: PortTerm = { must: PortSet.all, may: PortSet.all, because: undefined };

function portTerm(raw: unknown, side: Side, where: string): PortTerm {
  const { texts, isClear } = textsOf(raw, `${side}PortRange`, `${side}PortRanges`);
  if (texts.length === 1 && texts[0] === "*") return everyPort;
  const parsed = texts.map(parsePorts);
  const must = PortSet.union(parsed.filter((ports) => ports !== undefined));
  if (isClear && texts.length > 0 && !parsed.includes(undefined)) return { must, may: must, because: undefined };
  const because = `${where} does not say in a known way which ${side} ports it is for`;
  const isOpen = texts.length === 0 || parsed.includes(undefined);
  return { must: isClear ? must : PortSet.empty, may: isOpen ? PortSet.all : must, because };
}

const everyAddress: ReadonlySet<string> = new Set(["*", "any"]);
const tagName = /^[a-z][\w.-]*$/i;

function addressTerm(raw: unknown, side: Side, where: string): AddressTerm {
  const { texts, isClear: isPlain } = textsOf(raw, `${side}AddressPrefix`, `${side}AddressPrefixes`);
  const groups = valueAt(raw, `/properties/${side}ApplicationSecurityGroups`) ?? [];
  const ids = Array.isArray(groups) ? groups.map((group) => ResourceId.parse(valueAt(group, "/id"))) : [undefined];
  const applicationSecurityGroups = ids.filter((id) => id !== undefined);
  const terms = texts.map(textTerm);
  const tags = texts.filter((_, index) => terms[index] === "tag");
  const sets = terms.filter((term) => term !== "tag" && term !== undefined);
  const stated = IpSet.union(sets.map((set) => set.must));
  const isOpen = terms.includes(undefined) || applicationSecurityGroups.length < ids.length;
  const isEmpty = texts.length === 0 && ids.length === 0;
  const isClear = isPlain && !isEmpty && (texts.length === 0 || ids.length === 0);
  const may = isOpen || isEmpty || !isPlain ? IpSet.all : IpSet.union(sets.map((set) => set.may));
  const must = isClear ? stated : IpSet.empty;
  const isKnown = isClear && may.equals(must);
  const because = isKnown ? undefined : `${where} does not say in a known way whom it means by its ${side}`;
  return { must, may, tags, applicationSecurityGroups, isClear, because };
}

interface Known {
  readonly must: IpSet;
  readonly may: IpSet;
}

/** Rules say the same over and over: what a text means is worked out once. */
const known = new Map<string, Known | "tag" | undefined>();
const knownAtMost = 20_000;

function textTerm(text: string): Known | "tag" | undefined {
  if (known.has(text)) return known.get(text);
  if (known.size >= knownAtMost) known.clear();
  const term = judgeText(text);
  known.set(text, term);
  return term;
}

/** Whether `0.0.0.0/0` means IPv6 as well the documents leave open ("all IP addresses"). */
function judgeText(text: string): Known | "tag" | undefined {
  if (everyAddress.has(text.toLowerCase())) return { must: IpSet.all, may: IpSet.all };
  const addresses = parseAddresses(text);
  if (addresses === undefined) return tagName.test(text) ? "tag" : undefined;
  return { must: addresses, may: text === "0.0.0.0/0" ? IpSet.all : addresses };
}
