import type { Evidence } from "../model/evidence.ts";
import type { SecurityGroupFact, SecurityRule } from "../model/fact.ts";
import type { Snapshot } from "../model/snapshot.ts";
import { PortSet } from "../net/port-set.ts";
import { type Box, type Budget, coverOf } from "./box-cover.ts";
import { EarlierRules, hasPorts, mayMeet, type Protocol, protocolsOf } from "./earlier-rules.ts";
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
  const earlier = new EarlierRules();
  const search: Search = {
    terms: termsOf(group, snapshot),
    earlier,
    doubtful: [],
    budget: { left: comparisonsAtMost },
  };
  const hidden: HiddenRule[] = [];
  for (const rule of rules) {
    hidden.push(...hiding(rule, search));
    earlier.add(rule);
    if (isDoubtful(rule, search.terms)) search.doubtful.push(rule);
  }
  return hidden;
}

interface Search {
  readonly terms: Terms;
  readonly earlier: EarlierRules;
  /** Those of the earlier ones that may be for more packets than they are for certain. */
  readonly doubtful: SecurityRule[];
  readonly budget: Budget;
}

function hiding(rule: SecurityRule, search: Search): readonly HiddenRule[] {
  const certain = coveredBy(rule, search, "least");
  if (certain === "gap") return inDoubt(rule, possibly(rule, search), doubtsOf, search);
  if (certain === undefined) return inDoubt(rule, meetingBefore(rule, search), () => [tooMany(rule)], search);
  return certain.length === 0 ? none : [hidden(rule, needed(rule, certain, search), search)];
}

const none: readonly never[] = [];

/** Nothing hangs on a doubt where those before say the same as the rule. */
function inDoubt(
  rule: SecurityRule,
  possible: readonly SecurityRule[],
  because: (rule: SecurityRule, by: readonly SecurityRule[]) => readonly string[],
  search: Search,
): readonly HiddenRule[] {
  for (const { access } of possible) {
    if (access !== rule.access) return [hidden(rule, possible, search, because(rule, possible))];
  }
  return none;
}

function meetingBefore(rule: SecurityRule, { earlier }: Search): readonly SecurityRule[] {
  return earlier.all.filter((other) => mayMeet(rule, other));
}

function hidden(
  rule: SecurityRule,
  by: readonly SecurityRule[],
  { terms }: Search,
  because: readonly string[] = [],
): HiddenRule {
  const all = [rule, ...by];
  const evidence = all.map(({ at }) => at);
  for (const { sources, destinations } of all) {
    evidence.push(...terms.meantBy(sources), ...terms.meantBy(destinations));
  }
  return { rule, by, because, evidence };
}

function possibly(rule: SecurityRule, search: Search): readonly SecurityRule[] {
  if (search.doubtful.length === 0 || !search.doubtful.some((other) => mayMeet(rule, other))) return none;
  const covered = coveredBy(rule, search, "most");
  return covered === "gap" || covered === undefined ? none : covered;
}

function isDoubtful(rule: SecurityRule, terms: Terms): boolean {
  const { protocol, sourcePorts, destinationPorts, sources, destinations } = rule;
  return (
    protocol === "unknown" ||
    sourcePorts.because !== undefined ||
    destinationPorts.because !== undefined ||
    terms.isDoubtful(sources) ||
    terms.isDoubtful(destinations)
  );
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
    const covered = coveredBy(rule, search, "least", new Set(without));
    return covered === "gap" || covered === undefined ? kept : without;
  }, by);
}

type Covering = "gap" | readonly SecurityRule[] | undefined;

/** Rules that together leave nothing; none where the rule is for no packet at all. `of` are those that count, if not all. */
function coveredBy(rule: SecurityRule, search: Search, how: How, of?: ReadonlySet<SecurityRule>): Covering {
  const { terms, earlier } = search;
  let used: Set<SecurityRule> | undefined;
  for (const protocol of protocolsOf(rule)) {
    for (const source of terms.piecesOf(rule.sources)) {
      for (const destination of terms.piecesOf(rule.destinations)) {
        const cover = coverOfPart(rule, { protocol, source, destination, how, of }, search);
        if (cover === "gap" || cover === undefined) return cover;
        used ??= new Set();
        for (const other of cover) used.add(other);
      }
    }
  }
  return used === undefined ? none : earlier.inOrder(used);
}

interface Part {
  readonly protocol: Protocol;
  readonly source: Piece;
  readonly destination: Piece;
  readonly how: How;
  readonly of: ReadonlySet<SecurityRule> | undefined;
}

function coverOfPart(rule: SecurityRule, part: Part, { terms, earlier, budget }: Search): Covering {
  const box: Box = {
    sources: part.source.most,
    destinations: part.destination.most,
    sourcePorts: portsOf(rule, "sourcePorts", part.protocol, "most", rule),
    destinationPorts: portsOf(rule, "destinationPorts", part.protocol, "most", rule),
  };
  if (isEmpty(box)) return [];
  const rows = hasPorts(part.protocol) ? earlier.on(box.destinationPorts) : [earlier.all];
  if (!rows.some((row) => isAnyForFirst(row, box, rule, part, terms))) return "gap"; // as nearly always
  const others = earlier.together(rows);
  const whole = others.find((other) => isForAll(other, box, rule, part, terms));
  if (whole !== undefined) return [whole];
  const overlapping = others.filter((other) => meets(other, box, rule, part, terms));
  budget.left -= overlapping.length;
  const boxes = overlapping.map((other) => boxOf(other, rule, part, terms));
  const cover = coverOf(box, boxes, budget);
  return cover === "gap" || cover === undefined ? cover : [...cover].flatMap((at) => overlapping[at] ?? []);
}

function isEmpty({ sources, destinations, sourcePorts, destinationPorts }: Box): boolean {
  return sources.isEmpty || destinations.isEmpty || sourcePorts.isEmpty || destinationPorts.isEmpty;
}

/** Whether one of the others is for the first packet of them all; asked most often of all that is asked about rules. */
function isAnyForFirst(
  others: readonly SecurityRule[],
  box: Box,
  rule: SecurityRule,
  part: Part,
  terms: Terms,
): boolean {
  const { protocol, source, destination, how } = part;
  for (const other of others) {
    const isFor =
      portsOf(other, "destinationPorts", protocol, how, rule).holdsLowestOf(box.destinationPorts) &&
      counts(other, part) &&
      terms.coverOf(other.sources, source, how).holdsLowestOf(box.sources) &&
      terms.coverOf(other.destinations, destination, how).holdsLowestOf(box.destinations) &&
      portsOf(other, "sourcePorts", protocol, how, rule).holdsLowestOf(box.sourcePorts);
    if (isFor) return true;
  }
  return false;
}

function isForAll(other: SecurityRule, box: Box, rule: SecurityRule, part: Part, terms: Terms): boolean {
  const { protocol, source, destination, how } = part;
  return (
    counts(other, part) &&
    box.destinationPorts.isSubsetOf(portsOf(other, "destinationPorts", protocol, how, rule)) &&
    box.sources.isSubsetOf(terms.coverOf(other.sources, source, how)) &&
    box.destinations.isSubsetOf(terms.coverOf(other.destinations, destination, how)) &&
    box.sourcePorts.isSubsetOf(portsOf(other, "sourcePorts", protocol, how, rule))
  );
}

function meets(other: SecurityRule, box: Box, rule: SecurityRule, part: Part, terms: Terms): boolean {
  const { protocol, source, destination, how } = part;
  return (
    counts(other, part) &&
    portsOf(other, "destinationPorts", protocol, how, rule).overlaps(box.destinationPorts) &&
    terms.coverOf(other.sources, source, how).overlaps(box.sources) &&
    terms.coverOf(other.destinations, destination, how).overlaps(box.destinations)
  );
}

function boxOf(
  other: SecurityRule,
  rule: SecurityRule,
  { protocol, source, destination, how }: Part,
  terms: Terms,
): Box {
  return {
    sources: terms.coverOf(other.sources, source, how),
    destinations: terms.coverOf(other.destinations, destination, how),
    sourcePorts: portsOf(other, "sourcePorts", protocol, how, rule),
    destinationPorts: portsOf(other, "destinationPorts", protocol, how, rule),
  };
}

function counts(other: SecurityRule, { protocol: asked, how, of }: Part): boolean {
  const { protocol } = other;
  const isOf = protocol === "any" || protocol === asked || (protocol === "unknown" && how === "most");
  return isOf && of?.has(other) !== false;
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
  if (hasPorts(protocol)) return how === "least" ? must : may;
  const isForAll = [hidden.sourcePorts, hidden.destinationPorts].every((ports) => ports.must.equals(PortSet.all));
  if (rule === hidden || !isForAll) return PortSet.all;
  return must.equals(PortSet.all) || how === "most" ? PortSet.all : PortSet.empty;
}
