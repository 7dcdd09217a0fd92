import { sayOtherwise } from "../facts/collection-ties.ts";
import type {
  AzureFirewallFact,
  FirewallPolicyFact,
  FirewallRule,
  RuleCollectionGroupFact,
} from "../model/azure-firewall-fact.ts";
import type { Evidence } from "../model/evidence.ts";
import { type Fact, type FactKind, type FactOf, isOfKind } from "../model/fact.ts";
import { certainly, perhaps, type Truth } from "../model/must-may.ts";
import { regionOf } from "../model/region.ts";
import { distinctIds, type ResourceId } from "../model/resource-id.ts";
import { evidenceOf, type Setting } from "../model/setting.ts";
import type { Snapshot } from "../model/snapshot.ts";
import { unreadBecause } from "./unread.ts";

/** The rules of one kind. */
export function ofKind<K extends FirewallRule["kind"]>(
  kind: K,
  rules: readonly FirewallRule[],
): readonly Extract<FirewallRule, { readonly kind: K }>[] {
  return rules.filter((rule): rule is Extract<FirewallRule, { readonly kind: K }> => rule.kind === kind);
}

/** The rules that are in force where a policy, or a firewall with classic rules, is used. */
export interface RulesInForce {
  /** Those of base policies, which come before the own ones of the same kind, whatever their priorities. */
  readonly inherited: readonly FirewallRule[];
  readonly own: readonly FirewallRule[];
  /** Why there may be others; then nothing can be said of what passes. */
  readonly because: readonly string[];
}

/**
 * In the order in which the rules of each kind are processed: the parent policy always before the child policy, then rule
 * collection groups by their priority, rule collections by theirs, and rules from the top.
 * https://learn.microsoft.com/azure/firewall/rule-processing#rule-processing-by-using-firewall-policy
 */
export function rulesInForce(subject: AzureFirewallFact | FirewallPolicyFact, snapshot: Snapshot): RulesInForce {
  if (subject.kind === "azureFirewall") return classicRules(subject, snapshot);
  const own = rulesOfPolicy(subject, snapshot);
  const bases = basesOf(subject, snapshot);
  const inherited = bases.policies.map((base) => rulesOfPolicy(base, snapshot));
  return {
    inherited: inherited.flatMap(({ rules }) => rules),
    own: own.rules,
    because: [...bases.because, ...inherited.flatMap((base) => base.because), ...own.because],
  };
}

/** A firewall with a policy has no others; without the policy nobody knows what it lets pass. */
function classicRules({ firewallPolicy: policy, rules }: AzureFirewallFact, snapshot: Snapshot): RulesInForce {
  const nothing: RulesInForce = { inherited: [], own: [], because: [] };
  if (policy.kind === "unknown") return { ...nothing, because: [policy.because] };
  if (policy.value !== undefined) {
    const { why } = named(policy.value, "firewallPolicy", snapshot);
    return { ...nothing, because: why === undefined ? [] : [why] };
  }
  return rules.kind === "unknown" ? { ...nothing, because: [rules.because] } : { ...nothing, own: rules.value };
}

interface Bases {
  readonly policies: readonly FirewallPolicyFact[];
  readonly because: readonly string[];
}

/** The policies that one inherits from, the farthest first. */
export function basesOf({ basePolicy, id }: FirewallPolicyFact, snapshot: Snapshot, seen = new Set<string>()): Bases {
  if (basePolicy.kind === "unknown") return { policies: [], because: [basePolicy.because] };
  if (basePolicy.value === undefined || seen.has(id.key)) return { policies: [], because: [] };
  seen.add(id.key);
  const { fact: base, why } = named(basePolicy.value, "firewallPolicy", snapshot);
  if (base === undefined) return { policies: [], because: why === undefined ? [] : [why] };
  const { policies, because } = basesOf(base, snapshot, seen);
  return { policies: [...policies, base], because };
}

interface PolicyRules {
  readonly rules: readonly FirewallRule[];
  readonly because: readonly string[];
}

function rulesOfPolicy(policy: FirewallPolicyFact, snapshot: Snapshot): PolicyRules {
  const { groups, because } = groupsOf(policy, snapshot);
  const judged = groups.map(({ id, priority, rules }) => {
    if (priority.kind === "unknown") return priority;
    return rules.kind === "unknown" ? rules : { kind: "known" as const, id, at: priority.value, rules: rules.value };
  });
  const unknown = judged.flatMap((one) => (one.kind === "unknown" ? [one.because] : []));
  const known = judged.filter((one) => one.kind === "known");
  const sorted = known.sort((a, b) => a.at - b.at || (a.id.key < b.id.key ? -1 : 1));
  const ties = [...Map.groupBy(sorted, ({ at }) => at).values()].filter((tied) =>
    sayOtherwise(tied.map(({ rules }) => rules)),
  );
  const contested = ties.map((tied) => {
    const names = tied.map(({ id }) => `\`${id.name}\``).join(" and ");
    return `${names} of \`${policy.id.text}\` have the same priority, and which comes first is not documented`;
  });
  return { rules: sorted.flatMap(({ rules }) => rules), because: [...because, ...unknown, ...contested] };
}

const groupType = "Microsoft.Network/firewallPolicies/ruleCollectionGroups";

/** All of them are known once their list was read to its end, or once each that the policy names was read. */
function groupsOf({ id, ruleCollectionGroups: listed }: FirewallPolicyFact, snapshot: Snapshot) {
  const { facts, completeness } = snapshot.list(id, groupType);
  const groups = facts.filter((fact): fact is RuleCollectionGroupFact => fact.kind === "ruleCollectionGroup");
  const unread = unreadBecause(completeness, `the list of rule collection groups of \`${id.text}\``);
  if (unread === undefined) return { groups, because: [] };
  if (listed.kind === "unknown" || listed.raw === undefined) return { groups, because: [unread] };
  const looks = listed.value.map((group) => named(group, "ruleCollectionGroup", snapshot));
  return { groups: looks.flatMap(({ fact }) => fact ?? []), because: looks.flatMap(({ why }) => why ?? []) };
}

/** The firewalls that a policy is in force on. */
export interface PolicyUsers {
  readonly direct: readonly ResourceId[];
  /** Those that use a policy that inherits from it. */
  readonly inheriting: readonly ResourceId[];
  /** Why there may be others. */
  readonly because: readonly string[];
  /** Where firewalls and policies name it that it does not name itself. */
  readonly evidence: readonly Evidence[];
}

/** A firewall with classic rules uses them itself. */
export function usersOf(subject: AzureFirewallFact | FirewallPolicyFact, snapshot: Snapshot): PolicyUsers {
  if (subject.kind === "firewallPolicy") return usersOfPolicy(subject, snapshot, new Set());
  return { direct: [subject.id], inheriting: [], because: [], evidence: [] };
}

/** Rules that no firewall uses are in force nowhere. */
export function isInUse({ direct, inheriting, because, evidence }: PolicyUsers): Truth {
  if (direct.length > 0 || inheriting.length > 0) return certainly(true, evidence);
  return because.length > 0 ? perhaps(because) : certainly(false);
}

/** Azure keeps the firewalls and child policies of a policy in its body; those that were read count besides. */
function usersOfPolicy(policy: FirewallPolicyFact, snapshot: Snapshot, seen: Set<string>): PolicyUsers {
  seen.add(policy.id.key);
  const { firewalls, childPolicies } = policy;
  const using = unlisted(snapshot.naming(policy.id, "azureFirewall"), firewalls);
  const inheriting = unlisted(snapshot.naming(policy.id, "firewallPolicy"), childPolicies);
  const direct = distinctIds([...listedIn(firewalls), ...using.map(({ id }) => id)]);
  const children = distinctIds([...listedIn(childPolicies), ...inheriting.map(({ id }) => id)]).filter(
    ({ key }) => !seen.has(key),
  );
  const looks = children.map((child) => lookUp(child, "firewallPolicy", snapshot));
  const users = looks.flatMap(({ fact }) => (fact === undefined ? [] : [usersOfPolicy(fact, snapshot, seen)]));
  return {
    direct,
    inheriting: distinctIds(users.flatMap((user) => [...user.direct, ...user.inheriting])),
    because: [
      ...[firewalls, childPolicies].flatMap((list) => (list.kind === "unknown" ? [list.because] : [])),
      ...looks.flatMap(({ why }) => why ?? []),
      ...users.flatMap((user) => user.because),
    ],
    evidence: [
      ...using.flatMap(({ id, firewallPolicy }) => evidenceOf(id, firewallPolicy)),
      ...inheriting.flatMap(({ id, basePolicy }) => evidenceOf(id, basePolicy)),
      ...users.flatMap((user) => user.evidence),
    ],
  };
}

function listedIn(list: Setting<readonly ResourceId[]>): readonly ResourceId[] {
  return list.kind === "known" ? list.value : [];
}

function unlisted<F extends Fact>(facts: readonly F[], list: Setting<readonly ResourceId[]>): readonly F[] {
  const keys = new Set(listedIn(list).map(({ key }) => key));
  return facts.filter(({ id }) => !keys.has(id.key));
}

/** Of the firewalls that use the rules; undefined stands for one that is not known. */
export function regionsOfFirewalls(
  { direct, inheriting }: PolicyUsers,
  snapshot: Snapshot,
): ReadonlySet<string | undefined> {
  const firewalls = [...direct, ...inheriting].map((id) => lookUp(id, "azureFirewall", snapshot).fact);
  return new Set(firewalls.map((fact) => regionOf(fact?.location)));
}

interface LookUp<K extends FactKind> {
  readonly fact?: FactOf<K>;
  /** Why it is not known; undefined for what is gone. */
  readonly why?: string;
}

function lookUp<K extends FactKind>(id: ResourceId, kind: K, snapshot: Snapshot): LookUp<K> {
  const found = snapshot.get(id);
  const why = unreadBecause(found, `\`${id.text}\``);
  if (why !== undefined) return { why };
  if (found.kind !== "fact") return {};
  const { fact } = found;
  return isOfKind(fact, kind) ? { fact } : { why: `\`${id.text}\` is not what it should be` };
}

/** What others name, and so should be there: without it nobody knows what rules there are. */
function named<K extends FactKind>(id: ResourceId, kind: K, snapshot: Snapshot): LookUp<K> {
  const look = lookUp(id, kind, snapshot);
  return look.fact === undefined && look.why === undefined ? { why: `\`${id.text}\` does not exist` } : look;
}
