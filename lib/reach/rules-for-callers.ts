import type { ApplicationRule, NetworkRule } from "../model/azure-firewall-fact.ts";
import type { AddressTerm, SecurityRule } from "../model/fact.ts";
import { IpSet } from "../net/ip-set.ts";
import type { PortSet } from "../net/port-set.ts";
import type { InForce, RuleInForce } from "./firewall-in-force.ts";
import { protocolOf } from "./firewall-rules.ts";
import { type HostName, isForHost } from "./host-names.ts";
import { termOf } from "./security-terms.ts";

/** Network rules that say the same of some callers over one port, but for where they lead. */
export interface NetworkRules {
  readonly protocol: SecurityRule["protocol"];
  /** Those of the rules together. */
  readonly sources: AddressTerm;
  readonly destinations: AddressTerm;
  /** Each of the rules, with what it is for by itself; one that is for everything alone, where there is one. */
  readonly each: readonly (readonly [NetworkRule, AddressTerm])[];
}

interface Concerned {
  readonly rule: NetworkRule;
  readonly protocol: SecurityRule["protocol"];
  readonly sources: AddressTerm;
  readonly destinations: AddressTerm;
}

const networkRulesOf = new WeakMap<InForce, Map<string, readonly NetworkRules[]>>();

/**
 * The network rules that concern callers over one port, in the order in which they are processed, as few as say the same: what rules
 * between two of the other action say does not depend on their order. Worked out once for all services.
 */
export function networkRulesFor(inForce: InForce, callers: IpSet, port: PortSet): readonly NetworkRules[] {
  const known = networkRulesOf.get(inForce) ?? new Map<string, readonly NetworkRules[]>();
  networkRulesOf.set(inForce, known);
  const key = `${callers.toPrefixes()} ${port}`;
  const rules = known.get(key) ?? together(inForce, callers, port);
  known.set(key, rules);
  return rules;
}

function together(inForce: InForce, callers: IpSet, port: PortSet): readonly NetworkRules[] {
  const concerned = inForce.rules.flatMap((one): readonly Concerned[] => {
    const { rule, destinations, sources } = one;
    if (rule.kind !== "network" || destinations === undefined || !mayBeFor(one, callers, port)) return [];
    const protocol = protocolOf(rule, "tcp");
    return protocol === undefined ? [] : [{ rule, protocol, destinations, sources }];
  });
  let run = 0;
  const groups = Map.groupBy(concerned, (one, index) => {
    if (one.rule.access !== concerned[index - 1]?.rule.access) run += 1;
    const likeness = likenessOf(one, callers, port);
    return likeness === undefined ? one : `${run} ${likeness}`;
  });
  return [...groups.values()].flatMap((some) => joined(some, callers) ?? []);
}

/** Rules that are alike tell the same callers and ports apart, and the same tags; undefined where one is like no other. */
function likenessOf({ rule, protocol, sources, destinations }: Concerned, callers: IpSet, port: PortSet) {
  const areClear = [sources, destinations].every(({ isClear, because }) => isClear && because === undefined);
  const isPlain = areClear && sources.tags.length === 0 && rule.hosts.length === 0;
  if (!isPlain || !port.isSubsetOf(rule.destinationPorts.must)) return undefined;
  return `${protocol} ${sources.must.intersect(callers).toPrefixes()} ${[...destinations.tags].sort()}`;
}

function joined(some: readonly Concerned[], callers: IpSet): NetworkRules | undefined {
  const [first, ...others] = some;
  if (first === undefined) return undefined;
  const { protocol, sources, destinations } = first;
  const each = some.map(({ rule, destinations: its }) => [rule, its] as const);
  if (others.length === 0) return { protocol, sources, destinations, each };
  const widest = each.find(([, { must }]) => IpSet.ipv4.isSubsetOf(must));
  const all = widest === undefined ? IpSet.union(each.map(([, { must }]) => must)) : widest[1].must;
  return {
    protocol,
    sources: termOf(sources.must.intersect(callers)),
    destinations: termOf(all, ...destinations.tags),
    each: widest === undefined ? each : [widest],
  };
}

/** An application rule that is for a name, or may be. */
export interface RuleForHost {
  readonly rule: ApplicationRule;
  readonly inForce: RuleInForce;
  readonly isFor: true | "perhaps";
}

const applicationRulesOf = new WeakMap<InForce, Map<string, readonly RuleForHost[]>>();

/** The application rules for a name, in the order in which they are processed. Worked out once for all callers. */
export function applicationRulesFor(inForce: InForce, host: HostName): readonly RuleForHost[] {
  const known = applicationRulesOf.get(inForce) ?? new Map<string, readonly RuleForHost[]>();
  applicationRulesOf.set(inForce, known);
  const key = host.kind === "own" ? host.kind : `${host.kind} ${host.kind === "name" ? host.name : host.suffix}`;
  const rules = known.get(key) ?? inForce.rules.flatMap((one) => forHost(one, host));
  known.set(key, rules);
  return rules;
}

function forHost(inForce: RuleInForce, host: HostName): readonly RuleForHost[] {
  const { rule } = inForce;
  const isFor = rule.kind === "application" && isForHost(rule, host);
  return rule.kind === "application" && isFor !== false ? [{ rule, inForce, isFor }] : [];
}

/** Most rules are for others: quick to tell. */
export function mayBeFor({ rule, sources }: RuleInForce, callers: IpSet, port: PortSet): boolean {
  return rule.destinationPorts.may.overlaps(port) && mayHold(sources, callers);
}

export function mayHold({ may, tags }: AddressTerm, addresses: IpSet): boolean {
  return tags.length > 0 || may.overlaps(addresses);
}
