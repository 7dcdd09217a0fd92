import type { AddressTerm, PortTerm, SecurityRule } from "../model/fact.ts";
import { fold } from "../model/resource-id.ts";
import { IpSet } from "../net/ip-set.ts";
import { PortSet } from "../net/port-set.ts";
import type { Addressed } from "./addressed.ts";
import { cellsOf } from "./cells.ts";
import type { NetworkView, Reading } from "./network-view.ts";
import { isOfNetwork } from "./unlisted-tags.ts";

/** What may pass is never asked of a security group in the abstract, but of this. */
export interface Question {
  readonly direction: SecurityRule["direction"];
  readonly protocol: "tcp" | "udp" | "icmp";
  readonly sources: IpSet;
  readonly destinations: IpSet;
  readonly destinationPorts: PortSet;
  /** Of which one is enough, as clients choose theirs; undefined where the port is not looked at. */
  readonly sourcePorts: PortSet | undefined;
  /** Folded names of service tags that all of the destinations are in, for tags that are in no list. */
  readonly destinationTags?: ReadonlySet<string>;
  /** Set where rules are left out that allow the services that have a service tag, and nobody else. */
  readonly withoutServices?: true;
  /** The side that the answer is about; of the other, each address may be the one that counts, or any will do. */
  readonly of: "sources" | "destinations";
  readonly other: "each" | "any";
}

/** What of the asked side passes, and which rule decided each part of it. */
export interface Decision {
  readonly must: IpSet;
  readonly may: IpSet;
  readonly because: readonly string[];
  readonly parts: readonly DecidedPart[];
}

export interface DecidedPart {
  readonly addresses: IpSet;
  readonly access: SecurityRule["access"];
  readonly rule: SecurityRule;
  /** No other rule may decide about them. */
  readonly isCertain: boolean;
}

/** The rules of one direction, in the order of priority, the last of them for everything; or why they are not known. */
export type Filter = readonly SecurityRule[] | { readonly because: string };

/** What passes all of some filters, given what passes each: by default, what passes every one of them. */
export type Joining = (decisions: readonly Decision[], asked: IpSet) => Decision;

/** What filters let pass together. Packets are told apart by all of their rules: what one lets pass is what the next is asked about. */
export function decide(
  filters: readonly Filter[],
  view: NetworkView,
  question: Question,
  join: Joining = throughAll,
): Decision {
  const asked = filters.map((filter) => ("because" in filter ? filter : concerning(filter, question)));
  const ports = portCellsOf(asked, question);
  const decision = every(view.readings.map((reading) => inReading(asked, ports, reading, question, join)));
  const isOpen = decision.because.length === 1 && decision.because[0] === open;
  return isOpen && view.because.length > 0 ? { ...decision, because: view.because } : decision;
}

/** Groups stand before many subnets, and are asked about few ports. */
const concerned = new WeakMap<readonly SecurityRule[], Map<string, readonly SecurityRule[]>>();

/** Most rules are about other ports than those that are asked about. */
function concerning(rules: readonly SecurityRule[], question: Question): readonly SecurityRule[] {
  const { protocol, destinationPorts, sourcePorts, withoutServices } = question;
  const known = concerned.get(rules) ?? new Map<string, readonly SecurityRule[]>();
  concerned.set(rules, known);
  const ports = `${protocol} ${destinationPorts} ${sourcePorts}`;
  const name = withoutServices ? `${ports} without services` : ports;
  const some = known.get(name) ?? rules.filter((rule) => concerns(rule, question));
  known.set(name, some);
  return some;
}

function concerns(rule: SecurityRule, question: Question): boolean {
  if (protocolMatch(rule, question) === "no") return false;
  if (question.withoutServices && allowsServices(rule)) return false;
  if (question.protocol === "icmp") return true;
  const { destinationPorts, sourcePorts } = question;
  if (!rule.destinationPorts.may.overlaps(destinationPorts)) return false;
  return sourcePorts === undefined || rule.sourcePorts.may.overlaps(sourcePorts);
}

function allowsServices({ access, destinations }: SecurityRule): boolean {
  const { may, tags, applicationSecurityGroups: groups, isClear } = destinations;
  if (access !== "allow" || !isClear || !may.isEmpty || groups.length > 0 || tags.length === 0) return false;
  return tags.every((tag) => !isOfNetwork(tag));
}

function rulesIn(filters: readonly Filter[]): readonly SecurityRule[] {
  const [first] = filters;
  if (filters.length === 1 && first !== undefined && !("because" in first)) return first;
  return filters.flatMap((filter) => ("because" in filter ? [] : filter));
}

/** Ports that no rule tells apart. */
interface PortCell {
  readonly port: PortSet;
  readonly sourcePort: PortSet | undefined;
}

function portCellsOf(filters: readonly Filter[], { destinationPorts, sourcePorts }: Question): readonly PortCell[] {
  const rules = rulesIn(filters);
  const wanted = portCells(rules, "destinationPorts", destinationPorts);
  if (sourcePorts === undefined) return wanted.map((port) => ({ port, sourcePort: undefined }));
  const from = portCells(rules, "sourcePorts", sourcePorts);
  return wanted.flatMap((port) => from.map((sourcePort) => ({ port, sourcePort })));
}

function inReading(
  filters: readonly Filter[],
  ports: readonly PortCell[],
  reading: Reading,
  question: Question,
  join: Joining,
): Decision {
  const asked = question[question.of];
  const otherSide = question.of === "sources" ? "destinations" : "sources";
  const dividers = bothOf(rulesIn(filters).map((rule) => reading.meaningOf(rule[otherSide])));
  const others = cellsOf(question[otherSide], dividers);
  const decisions = others.map((other) =>
    anyOfThem(
      ports.map((cell) =>
        join(
          filters.map((filter) => inCell(filter, reading, question, { ...cell, other })),
          asked,
        ),
      ),
    ),
  );
  return question.other === "each" ? every(decisions) : anyOfThem(decisions);
}

function portCells(
  rules: readonly SecurityRule[],
  side: "sourcePorts" | "destinationPorts",
  asked: PortSet,
): readonly PortSet[] {
  const cutting = rules.filter((rule) => rule[side].must !== PortSet.all);
  if (cutting.length === 0 || asked.count === 1) return [asked];
  return cellsOf(asked, bothOf(cutting.map((rule) => rule[side])));
}

/** The sets that cut a whole into parts, each once. */
function bothOf<T>(terms: readonly { readonly must: T; readonly may: T }[]): ReadonlySet<T> {
  const sets = new Set<T>();
  for (const { must, may } of terms) sets.add(must).add(may);
  return sets;
}

/** Part of a question within which no rule but by the asked side tells one packet from another. */
interface Cell extends PortCell {
  readonly other: IpSet;
}

type Match = "yes" | "perhaps" | "no";

function inCell(filter: Filter, reading: Reading, question: Question, cell: Cell): Decision {
  if (!("because" in filter)) return firstMatch(filter, reading, question, cell);
  return { must: IpSet.empty, may: question[question.of], because: [filter.because], parts: [] };
}

/** What passes every one of them. */
export function throughAll(decisions: readonly Decision[], asked: IpSet): Decision {
  const [first] = decisions;
  if (first !== undefined && decisions.length === 1) return first;
  const must = decisions.reduce((all, decision) => all.intersect(decision.must), asked);
  const may = decisions.reduce((all, decision) => all.intersect(decision.may), asked);
  return answer(
    must,
    may,
    decisions.flatMap(({ because }) => because),
    decisions.flatMap(({ parts }) => parts),
  );
}

/** The first rule that matches decides, unless one before it that may match says otherwise. */
function firstMatch(rules: readonly SecurityRule[], reading: Reading, question: Question, cell: Cell): Decision {
  const otherSide = question.of === "sources" ? "destinations" : "sources";
  let open = question[question.of];
  const perhaps = { allow: IpSet.empty, deny: IpSet.empty };
  const parts: DecidedPart[] = [];
  const because = new Set<string>();
  for (const rule of rules) {
    if (open.isEmpty) break;
    const match = worst(
      protocolMatch(rule, question),
      portMatch(rule.destinationPorts, cell.port, question),
      cell.sourcePort === undefined ? "yes" : portMatch(rule.sourcePorts, cell.sourcePort, question),
      isNamed(rule, question) ? "yes" : otherMatch(reading.meaningOf(rule[otherSide]), cell.other),
    );
    if (match === "no") continue;
    const asked = reading.meaningOf(rule[question.of]);
    if (!open.overlaps(asked.may)) continue;
    const decided = match === "yes" ? open.intersect(asked.must) : IpSet.empty;
    const isClear = match === "yes" && asked.must === asked.may;
    const doubtful = isClear ? IpSet.empty : open.intersect(asked.may).minus(decided);
    const contrary = rule.access === "allow" ? "deny" : "allow";
    if (!decided.isEmpty) {
      const contested = decided.intersect(perhaps[contrary]);
      if (!contested.isEmpty) parts.push({ addresses: contested, access: rule.access, rule, isCertain: false });
      const settled = decided.minus(contested);
      if (!settled.isEmpty) parts.push({ addresses: settled, access: rule.access, rule, isCertain: true });
      open = open.minus(decided);
    }
    if (doubtful.isEmpty) continue;
    perhaps[rule.access] = perhaps[rule.access].union(doubtful);
    parts.push({ addresses: doubtful, access: rule.access, rule, isCertain: false });
    for (const reason of reasonsOf(rule, match, reading)) because.add(reason);
  }
  const allowed = parts.filter(({ access }) => access === "allow");
  const must = IpSet.union(allowed.filter(({ isCertain }) => isCertain).map(({ addresses }) => addresses));
  return answer(must, IpSet.union(allowed.map(({ addresses }) => addresses)), [...because], parts);
}

function worst(...matches: readonly Match[]): Match {
  if (matches.includes("no")) return "no";
  return matches.includes("perhaps") ? "perhaps" : "yes";
}

function protocolMatch({ protocol }: SecurityRule, { protocol: asked }: Question): Match {
  if (protocol === "unknown") return "perhaps";
  return protocol === "any" || protocol === asked ? "yes" : "no";
}

/** ICMP has no ports: what a rule with particular ones says of it is written nowhere. */
function portMatch({ must, may }: PortTerm, asked: PortSet, { protocol }: Question): Match {
  if (protocol === "icmp") return must.equals(PortSet.all) ? "yes" : "perhaps";
  if (asked.isSubsetOf(must)) return "yes";
  return asked.overlaps(may) ? "perhaps" : "no";
}

function isNamed({ destinations }: SecurityRule, { of, destinationTags }: Question): boolean {
  if (of === "destinations" || destinationTags === undefined || !destinations.isClear) return false;
  return destinations.tags.some((tag) => destinationTags.has(fold(tag)));
}

function otherMatch({ must, may }: Addressed, other: IpSet): Match {
  if (other.isSubsetOf(must)) return "yes";
  return other.overlaps(may) ? "perhaps" : "no";
}

/** Where nothing else is the reason: two readings of one rule differ, or addresses that count as nobody's. */
const open = "the documents leave open whom `VirtualNetwork` and `Internet` mean here";

function reasonsOf(rule: SecurityRule, match: Match, reading: Reading): readonly string[] {
  const terms: readonly AddressTerm[] = [rule.sources, rule.destinations];
  const reasons = [
    ...terms.flatMap((term) => reading.meaningOf(term).because),
    ...[rule.sourcePorts, rule.destinationPorts].flatMap(({ because }) => because ?? []),
    ...(rule.protocol === "unknown" ? [misreadProtocol(rule)] : []),
  ];
  if (reasons.length > 0) return reasons;
  return match === "perhaps" ? [`what \`${rule.name}\` says of this is not documented`] : [open];
}

function misreadProtocol({ at }: SecurityRule): string {
  return `\`${at.pointer}\` of \`${at.resource.text}\` has a protocol that is not known`;
}

/** One of them is enough. */
export function anyOfThem(decisions: readonly Decision[]): Decision {
  const [first] = decisions;
  if (first !== undefined && decisions.length === 1) return first;
  return joined(decisions, IpSet.union(decisions.map(({ must }) => must)), unionOfMay(decisions));
}

/** What holds in all of them is certain. */
function every(decisions: readonly Decision[]): Decision {
  const [first, ...others] = decisions;
  if (first !== undefined && others.length === 0) return first;
  const must = others.reduce((all, { must: one }) => all.intersect(one), first?.must ?? IpSet.empty);
  return joined(decisions, must, unionOfMay(decisions));
}

function unionOfMay(decisions: readonly Decision[]): IpSet {
  return IpSet.union(decisions.map(({ may }) => may));
}

function joined(decisions: readonly Decision[], must: IpSet, may: IpSet): Decision {
  return answer(
    must,
    may,
    decisions.flatMap(({ because }) => because),
    decisions.flatMap(({ parts }) => parts),
  );
}

export function answer(must: IpSet, may: IpSet, reasons: readonly string[], parts: readonly DecidedPart[]): Decision {
  if (must.equals(may)) return { must, may, because: [], parts };
  return { must, may, because: reasons.length > 0 ? [...new Set(reasons)] : [open], parts };
}
