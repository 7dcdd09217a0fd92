import type { Evidence } from "../model/evidence.ts";
import type { SecurityGroupFact, SecurityRule } from "../model/fact.ts";
import type { Snapshot } from "../model/snapshot.ts";
import type { IpSet } from "../net/ip-set.ts";
import { PortSet } from "../net/port-set.ts";
import { type Box, type Budget, coverOf } from "./box-cover.ts";
import { type How, type Piece, type Terms, termsOf } from "./term-pieces.ts";

/** A rule that can never decide, and those before it that do in its place. */
export interface HiddenRule {
  readonly rule: SecurityRule;
  readonly by: readonly SecurityRule[];
  /** Why it is not certain; empty where it is. */
  readonly because: readonly string[];
  /** All of these, and what their meaning hangs on. */
  readonly evidence: readonly Evidence[];
}

/** More comparisons than any group takes that is not made to take long. */
const comparisonsAtMost = 2_000_000;

/**
 * The rules of one direction, in their order, that those before them leave nothing of: for each protocol, by an exact cover
 * of ports and addresses. A doubt is told only where the rules contradict each other, as otherwise nothing hangs on it.
 * https://learn.microsoft.com/azure/virtual-network/network-security-groups-overview
 */
export function hiddenRules(
  rules: readonly SecurityRule[],
  group: SecurityGroupFact,
  snapshot: Snapshot,
): readonly HiddenRule[] {
  const search: Search = { terms: termsOf(group, snapshot), budget: { left: comparisonsAtMost } };
  const index = new Index();
  return rules.flatMap((rule) => {
    const before = index.before(rule);
    index.add(rule);
    return before.length === 0 ? [] : hiding(rule, before, search);
  });
}

interface Search {
  readonly terms: Terms;
  readonly budget: Budget;
}

function hiding(rule: SecurityRule, before: readonly SecurityRule[], search: Search): readonly HiddenRule[] {
  const certain = coveredBy(rule, before, "least", search);
  if (certain === "gap" || certain === undefined) {
    const possible = certain === undefined ? before : possibly(rule, before, search);
    const contrary = possible.filter(({ access }) => access !== rule.access);
    if (contrary.length === 0) return [];
    return [hidden(rule, possible, search, certain === undefined ? [tooMany(rule)] : doubtsOf(rule, possible))];
  }
  return certain.length === 0 ? [] : [hidden(rule, needed(rule, certain, search), search)];
}

function hidden(
  rule: SecurityRule,
  by: readonly SecurityRule[],
  { terms }: Search,
  because: readonly string[] = [],
): HiddenRule {
  const meantBy = [rule, ...by].flatMap(({ sources, destinations }) =>
    [sources, destinations].flatMap((term) => terms.meantBy(term)),
  );
  return { rule, by, because, evidence: [rule.at, ...by.map(({ at }) => at), ...meantBy] };
}

function possibly(rule: SecurityRule, before: readonly SecurityRule[], search: Search): readonly SecurityRule[] {
  const isDoubtful = ({ protocol, sourcePorts, destinationPorts, sources, destinations }: SecurityRule) =>
    protocol === "unknown" ||
    sourcePorts.because !== undefined ||
    destinationPorts.because !== undefined ||
    search.terms.isDoubtful(sources) ||
    search.terms.isDoubtful(destinations);
  if (!before.some(isDoubtful)) return [];
  const covered = coveredBy(rule, before, "most", search);
  return covered === "gap" || covered === undefined ? [] : covered;
}

function tooMany({ name, at }: SecurityRule): string {
  return `so many rules of \`${at.resource.text}\` overlap \`${name}\` that they cannot all be compared`;
}

function doubtsOf(rule: SecurityRule, by: readonly SecurityRule[]): readonly string[] {
  const doubts = by.flatMap(({ sources, destinations, sourcePorts, destinationPorts, protocol, at }) => [
    ...[sources, destinations, sourcePorts, destinationPorts].flatMap(({ because }) => because ?? []),
    ...(protocol === "unknown"
      ? [`\`${at.pointer}\` of \`${at.resource.text}\` has a protocol that is not known`]
      : []),
  ]);
  if (doubts.length > 0) return [...new Set(doubts)];
  return [`what \`Internet\` holds where the group is used, and so what is left for \`${rule.name}\`, is not known`];
}

/** Rules in whose place the others do as well are not named; tried for a few only. */
function needed(rule: SecurityRule, by: readonly SecurityRule[], search: Search): readonly SecurityRule[] {
  if (by.length === 1 || by.length > 16) return by;
  return by.reduce((kept: readonly SecurityRule[], one) => {
    const without = kept.filter((other) => other !== one);
    const covered = coveredBy(rule, without, "least", search);
    return covered === "gap" || covered === undefined ? kept : without;
  }, by);
}

type Covering = "gap" | readonly SecurityRule[] | undefined;

/** Rules that together leave nothing; none where the rule is for no packet at all. */
function coveredBy(rule: SecurityRule, before: readonly SecurityRule[], how: How, { terms, budget }: Search): Covering {
  const used = new Set<SecurityRule>();
  const sides = terms.piecesOf(rule.sources).flatMap((source) => {
    return terms.piecesOf(rule.destinations).map((destination) => ({ source, destination }));
  });
  for (const protocol of protocolsOf(rule)) {
    const others = before.filter((other) => isOf(other, protocol, how));
    for (const { source, destination } of sides) {
      const cover = coverOfPart(rule, others, { protocol, source, destination, how }, terms, budget);
      if (cover === "gap" || cover === undefined) return cover;
      for (const other of cover) used.add(other);
    }
  }
  return before.filter((other) => used.has(other));
}

interface Part {
  readonly protocol: Protocol;
  readonly source: Piece;
  readonly destination: Piece;
  readonly how: How;
}

function coverOfPart(
  rule: SecurityRule,
  others: readonly SecurityRule[],
  { protocol, source, destination, how }: Part,
  terms: Terms,
  budget: Budget,
): Covering {
  const box: Box = {
    sources: source.most,
    destinations: destination.most,
    sourcePorts: portsOf(rule, "sourcePorts", protocol, "most", rule),
    destinationPorts: portsOf(rule, "destinationPorts", protocol, "most", rule),
  };
  if (Object.values(box).some((set: IpSet | PortSet) => set.isEmpty)) return [];
  const boxes: Box[] = [];
  const overlapping: SecurityRule[] = [];
  for (const other of others) {
    const sources = terms.coverOf(other.sources, source, how);
    if (!sources.overlaps(box.sources)) continue;
    const destinations = terms.coverOf(other.destinations, destination, how);
    if (!destinations.overlaps(box.destinations)) continue;
    const sourcePorts = portsOf(other, "sourcePorts", protocol, how, rule);
    const destinationPorts = portsOf(other, "destinationPorts", protocol, how, rule);
    boxes.push({ sources, destinations, sourcePorts, destinationPorts });
    overlapping.push(other);
  }
  const whole = boxes.findIndex((other) => holds(other, box));
  budget.left -= boxes.length;
  const cover = whole >= 0 ? new Set([whole]) : coverOf(box, boxes, budget);
  return cover === "gap" || cover === undefined ? cover : [...cover].flatMap((at) => overlapping[at] ?? []);
}

function holds(other: Box, box: Box): boolean {
  return (
    box.destinationPorts.isSubsetOf(other.destinationPorts) &&
    box.sources.isSubsetOf(other.sources) &&
    box.destinations.isSubsetOf(other.destinations) &&
    box.sourcePorts.isSubsetOf(other.sourcePorts)
  );
}

/** https://learn.microsoft.com/azure/virtual-network/virtual-networks-faq#what-protocols-can-i-use-in-virtual-networks */
const protocols = ["tcp", "udp", "icmp", "esp", "ah"] as const;

type Protocol = (typeof protocols)[number];

function protocolsOf({ protocol }: SecurityRule): readonly Protocol[] {
  return protocol === "any" || protocol === "unknown" ? protocols : [protocol];
}

function isOf({ protocol }: SecurityRule, asked: Protocol, how: How): boolean {
  return protocol === "any" || protocol === asked || (protocol === "unknown" && how === "most");
}

/**
 * Only TCP and UDP have ports: what a rule with particular ones says of other protocols is not documented. It is for all of
 * their packets or for none, and then so are all rules that have any.
 */
function portsOf(
  rule: SecurityRule,
  side: "sourcePorts" | "destinationPorts",
  protocol: Protocol,
  how: How,
  hidden: SecurityRule,
): PortSet {
  const { must, may } = rule[side];
  const isPlain = protocol === "tcp" || protocol === "udp";
  if (isPlain) return how === "least" ? must : may;
  const isForAll = [hidden.sourcePorts, hidden.destinationPorts].every((ports) => ports.must.equals(PortSet.all));
  if (rule === hidden || !isForAll) return PortSet.all;
  return must.equals(PortSet.all) || how === "most" ? PortSet.all : PortSet.empty;
}

/** Earlier rules by single destination ports, as of many rules few are for the same. */
class Index {
  readonly #byPort = new Map<number, SecurityRule[]>();
  readonly #wide: SecurityRule[] = [];

  add(rule: SecurityRule): void {
    const { may } = rule.destinationPorts;
    const { lowest } = may;
    if (lowest === undefined || may.count > 1) {
      this.#wide.push(rule);
      return;
    }
    const same = this.#byPort.get(lowest);
    if (same === undefined) this.#byPort.set(lowest, [rule]);
    else same.push(rule);
  }

  /** Those that may be for the same packets, in their order. */
  before(rule: SecurityRule): readonly SecurityRule[] {
    const { may } = rule.destinationPorts;
    const isSame = (other: SecurityRule) =>
      (hasPortless(other) && hasPortless(rule)) ||
      (isProtocol(other, rule) && other.destinationPorts.may.overlaps(may));
    const isOne = may.lowest !== undefined && may.count === 1 && !hasPortless(rule);
    const single = isOne ? (this.#byPort.get(may.lowest ?? 0) ?? []) : [...this.#byPort.values()].flat();
    return [...single, ...this.#wide].filter(isSame).sort(byPriority);
  }
}

/** It may be for packets that have no ports. */
function hasPortless({ protocol }: SecurityRule): boolean {
  return protocol !== "tcp" && protocol !== "udp";
}

function isProtocol({ protocol: one }: SecurityRule, { protocol: other }: SecurityRule): boolean {
  return one === other || [one, other].some((protocol) => protocol === "any" || protocol === "unknown");
}

function byPriority(a: SecurityRule, b: SecurityRule): number {
  return a.priority - b.priority;
}
