import type { Evidence } from "../model/evidence.ts";
import type { AccessList, AccessRule, FirewallSettings, IpRule } from "../model/fact.ts";
import { anyOf, certainly, perhaps, type Truth } from "../model/must-may.ts";
import { fold, type ResourceId } from "../model/resource-id.ts";
import { evidenceOf, isSetTo } from "../model/setting.ts";
import type { Snapshot } from "../model/snapshot.ts";
import { IpSet } from "../net/ip-set.ts";
import type { Admission } from "./addresses.ts";
import { evidenceOfTags } from "./tag-evidence.ts";
import { isTagOfAzure, type TaggedAddresses, taggedAddresses } from "./tagged-addresses.ts";

/** What an ordered list of rules comes to, with the service tags looked up. */
export interface JudgedList {
  readonly before: string;
  /** Every rule about addresses, with what it lets in although others come before it; nothing for one that denies. */
  readonly rules: readonly IpRule[];
  /** Rules that deny, and whom they match or may match, in their order. */
  readonly denials: readonly { readonly at: IpRule["at"]; readonly may: IpSet }[];
  /** What becomes of those whom no rule matches. */
  readonly rest: Admission;
  /** Why there may be other rules. */
  readonly unread: readonly string[];
  /** A rule lets in whoever comes over a service endpoint, from a subnet of whatever tenant. */
  readonly everySubnet: Truth;
  /** Rules for a subnet that let somebody in, each with the subnet; undefined where that cannot be understood. */
  readonly subnetRules: readonly Pick<AccessRule, "at" | "subnet">[];
  /** Whether clients of a subnet get in over a service endpoint, as far as the list decides. */
  admitsSubnet(subnet: ResourceId): Truth;
  /** Instances of Front Door that get in from wherever they send. */
  readonly frontDoors: readonly { readonly name: string; readonly isAdmitted: Truth }[];
}

/** All lists of a service in their order; one that uses the first list is that list. */
export function judgedLists({ accessLists, holder }: FirewallSettings, snapshot: Snapshot): readonly JudgedList[] {
  const [first] = accessLists;
  if (first === undefined) return none;
  const main = judged(first, holder, snapshot);
  return accessLists.map((list) => {
    if (list === first) return main;
    const { usesFirst, before } = list;
    if (usesFirst.kind === "known") return usesFirst.value ? { ...main, before } : judged(list, holder, snapshot);
    return eitherOf(main, judged(list, holder, snapshot), isSetTo(holder, usesFirst, true));
  });
}

const none: readonly never[] = [];

function judged(list: AccessList, holder: ResourceId, snapshot: Snapshot): JudgedList {
  const { before, rules } = list;
  const allowsRest = allowsOthers(list, holder);
  if (rules.kind === "unknown") {
    const { because } = rules;
    const open = perhaps([because], evidenceOf(holder, rules));
    const rest = { must: IpSet.empty, may: IpSet.all, because: [because], evidence: open.evidence };
    const known = { rules: none, denials: none, subnetRules: none, frontDoors: none, everySubnet: open };
    return { before, ...known, rest, unread: [because], admitsSubnet: () => open };
  }
  const walk = new Walk(rules.value, snapshot);
  const rulesFor = overEndpoints(rules.value);
  return {
    before,
    rules: walk.rules.filter((_, index) => isAboutAddresses(rules.value[index])),
    denials: walk.denials,
    rest: walk.rest(allowsRest),
    unread: none,
    everySubnet: admitsOverEndpoint(rules.value, stranger, certainly(false)),
    subnetRules: rules.value.filter(({ isNetworkRule, access }) => isNetworkRule && access !== "deny"),
    admitsSubnet: (subnet) => admitsOverEndpoint(rulesFor(subnet), { subnet }, allowsRest),
    frontDoors: walk.frontDoors,
  };
}

function isAboutAddresses(rule: AccessRule | undefined): boolean {
  return rule !== undefined && !rule.isNetworkRule && !rule.isForEverySubnet;
}

/** https://learn.microsoft.com/azure/app-service/overview-access-restrictions#unmatched-rule */
function allowsOthers({ unmatched, rules, shown }: AccessList, holder: ResourceId): Truth {
  const evidence = evidenceOf(holder, unmatched);
  if (unmatched.kind === "unknown") return perhaps([unmatched.because], evidence);
  if (unmatched.value !== undefined) return certainly(unmatched.value === "allow", evidence);
  const all = [...evidence, ...evidenceOf(holder, rules), ...(shown === undefined ? [] : evidenceOf(holder, shown))];
  if (rules.kind === "unknown") return perhaps([rules.because], all);
  const allows = rules.value.length === 0;
  if (shown?.kind !== "known" || (shown.value === "allow") === allows) return certainly(allows, all);
  const because = `\`${shown.pointer}\` of \`${holder.text}\` says what its rules and \`${unmatched.pointer}\` do not`;
  return perhaps([because], all);
}

/** Somebody who comes over a service endpoint: from this subnet, or from one that no rule names. */
interface Caller {
  readonly subnet: ResourceId | undefined;
}

const stranger: Caller = { subnet: undefined };

/** Finds the rules that may match clients of a subnet, in their order: most are for addresses, or for other subnets. */
function overEndpoints(rules: readonly AccessRule[]): (subnet: ResourceId) => readonly AccessRule[] {
  const ofSubnet = Map.groupBy(rules.keys(), (at) => rules[at]?.subnet?.key);
  const ofAny = rules.flatMap((rule, at) => (mayMatchUnnamed(rule) ? [at] : []));
  return ({ key }) => {
    const places = new Set([...ofAny, ...(ofSubnet.get(key) ?? none)]);
    return [...places].sort((a, b) => a - b).flatMap((at) => rules[at] ?? none);
  };
}

/** The first rule that matches decides; of one that may match both is possible. */
function admitsOverEndpoint(rules: readonly AccessRule[], caller: Caller, rest: Truth, at = 0): Truth {
  const rule = rules[at];
  if (rule === undefined) return rest;
  const isMatched = matchesOverEndpoint(rule, caller);
  if (!isMatched.may) return admitsOverEndpoint(rules, caller, rest, at + 1);
  const own =
    rule.access === "unknown" ? perhaps(reasonOf(rule), [rule.at]) : certainly(rule.access === "allow", [rule.at]);
  if (isMatched.must) return own;
  const next = admitsOverEndpoint(rules, caller, rest, at + 1);
  const evidence = [...own.evidence, ...next.evidence];
  if (own.must && next.must) return certainly(true, evidence);
  if (!own.may && !next.may) return certainly(false, evidence);
  return perhaps([...isMatched.because, ...own.because, ...next.because], evidence);
}

/** In the front ends that all customers share, addresses match none of them: they come with the private ones of their subnet. */
function matchesOverEndpoint(rule: AccessRule, { subnet }: Caller): Truth {
  const isNamed = rule.isForEverySubnet || (subnet !== undefined && rule.subnet?.key === subnet.key);
  const isAsked = subnet !== undefined || rule.access !== "allow"; // who lets every address in lets everybody in
  const whole = isAsked && isForEveryAddress(rule);
  const because = [
    ...reasonOf(rule),
    ...(rule.headers.size > 0 ? [asksForHeaders(rule)] : []),
    ...(whole ? ["whether a rule for every address matches callers over a service endpoint is not documented"] : []),
  ];
  if (isNamed && because.length === 0) return certainly(true, [rule.at]);
  const isPossible = isNamed || whole || isForUnknown(rule);
  return isPossible ? perhaps(because, [rule.at]) : certainly(false, [rule.at]);
}

/** Whether it may match clients of a subnet that it does not name. */
function mayMatchUnnamed(rule: AccessRule): boolean {
  return rule.isForEverySubnet || isForEveryAddress(rule) || isForUnknown(rule);
}

function isForEveryAddress({ addresses }: AccessRule): boolean {
  return [IpSet.ipv4, IpSet.ipv6].some((family) => family.isSubsetOf(addresses));
}

function isForUnknown(rule: AccessRule): boolean {
  return rule.because !== undefined && !isOnlyAction(rule);
}

/** Whom the rule matches is known, though not what it does with them. */
function isOnlyAction({ access, addresses, tags, subnet, isForEverySubnet }: AccessRule): boolean {
  return access === "unknown" && (!addresses.isEmpty || tags.length > 0 || subnet !== undefined || isForEverySubnet);
}

function reasonOf({ because }: AccessRule): readonly string[] {
  return because === undefined ? none : [because];
}

function asksForHeaders({ at, headers }: AccessRule): string {
  return `the rule at \`${at.pointer}\` of \`${at.resource.text}\` asks for ${[...headers.keys()].join(" and ")} besides`;
}

const frontDoorTag = fold("AzureFrontDoor.Backend");
const frontDoorHeader = "x-azure-fdid";

/**
 * The Front Doors that a rule is for. They alone send from the tag's addresses, and put their own id in the place of what
 * callers send: https://learn.microsoft.com/azure/frontdoor/origin-security
 */
function frontDoorsOf({ tags, headers, because }: AccessRule): readonly string[] {
  const isForThem = because === undefined && tags.length > 0 && tags.every((tag) => fold(tag) === frontDoorTag);
  return isForThem ? (headers.get(frontDoorHeader) ?? none) : none;
}

/** From the first rule to the last: what each lets in of what those before it may have denied. */
class Walk {
  readonly rules: readonly IpRule[];
  readonly frontDoors: JudgedList["frontDoors"];
  readonly denials: JudgedList["denials"];
  /** What is denied, or may be, by all rules. */
  readonly #denied: Matched;

  constructor(rules: readonly AccessRule[], snapshot: Snapshot) {
    const doors: JudgedList["frontDoors"][number][] = [];
    const denials: JudgedList["denials"][number][] = [];
    let denied: Matched = nobody;
    this.rules = rules.map((rule): IpRule => {
      const matched = matchedBy(rule, snapshot);
      const before = denied;
      if (rule.access === "deny") denials.push({ at: rule.at, may: matched.may });
      if (rule.access !== "allow")
        denied = together(denied, rule.access === "deny" ? matched : { ...matched, must: IpSet.empty });
      const names = rule.access === "deny" ? none : frontDoorsOf(rule);
      if (names.length === 0)
        return admittedBy(rule, matched, before, evidenceOfTags(rule.at.resource, rule.tags, snapshot));
      const isAdmitted = before.may.isEmpty ? certainly(true, [rule.at]) : perhaps(before.because, [rule.at]);
      doors.push(...names.map((id) => ({ name: `Front Door ${id}`, isAdmitted })));
      return { at: rule.at, must: IpSet.empty, may: IpSet.empty, because: undefined, isAzure: false };
    });
    this.frontDoors = doors;
    this.denials = denials;
    this.#denied = denied;
  }

  rest(allows: Truth): Admission {
    const { must, may, because } = this.#denied;
    return {
      must: allows.must ? IpSet.all.minus(may) : IpSet.empty,
      may: allows.may ? IpSet.all.minus(must) : IpSet.empty,
      because: [...new Set([...allows.because, ...because])],
      evidence: allows.evidence,
    };
  }
}

/** Public callers that rules match, or may match. */
type Matched = TaggedAddresses;

const nobody: Matched = { must: IpSet.empty, may: IpSet.empty, because: none, isFew: true };

function together(one: Matched, other: Matched): Matched {
  const because = other.must === other.may ? one.because : [...new Set([...one.because, ...other.because])];
  return { must: one.must.union(other.must), may: one.may.union(other.may), because, isFew: one.isFew && other.isFew };
}

function matchedBy(rule: AccessRule, snapshot: Snapshot): Matched {
  if (isForUnknown(rule)) {
    return { must: IpSet.empty, may: IpSet.all, because: reasonOf(rule), isFew: false };
  }
  const tags = rule.tags.map((tag) => taggedAddresses(tag, snapshot));
  const all = tags.reduce(together, { ...nobody, must: rule.addresses, may: rule.addresses });
  if (rule.headers.size === 0) return all;
  return { ...all, must: IpSet.empty, because: [...all.because, asksForHeaders(rule)], isFew: false };
}

function admittedBy(rule: AccessRule, matched: Matched, denied: Matched, tags: readonly Evidence[]): IpRule {
  const { at } = rule;
  if (rule.access === "deny") return { at, must: IpSet.empty, may: IpSet.empty, because: undefined, isAzure: false };
  const must = rule.access === "allow" ? matched.must.minus(denied.may) : IpSet.empty;
  const may = matched.may.minus(denied.must);
  const because = [...reasonOf(rule), ...matched.because, ...denied.because];
  return {
    at,
    must,
    may,
    because: must.equals(may) ? undefined : because[0],
    isAzure: isForAzure(rule, may, denied),
    ...(isOnlyAction(rule) ? { isInDoubt: true as const } : {}),
    ...(tags.length === 0 ? {} : { tags }),
    ...(matched.isFew && matched.because.length > 0 ? { isFew: true as const } : {}),
  };
}

function isForAzure({ tags, access, headers }: AccessRule, may: IpSet, denied: Matched): IpRule["isAzure"] {
  const isMeant = tags.some(isTagOfAzure) && !may.isEmpty;
  if (!isMeant) return false;
  return access === "allow" && headers.size === 0 && !denied.may.overlaps(may) ? true : "unknown";
}

/** Which of the two lists counts is not known: what both say is certain. */
function eitherOf(one: JudgedList, other: JudgedList, isOne: Truth): JudgedList {
  const { because } = isOne;
  const doubt = (truth: Truth) => (truth.may ? perhaps([...because, ...truth.because], truth.evidence) : truth);
  return {
    before: other.before,
    rules: [...one.rules, ...other.rules].map((rule) => unsure(rule, because)),
    denials: [...one.denials, ...other.denials],
    rest: unsureRest(one.rest, other.rest, because),
    unread: [...one.unread, ...other.unread],
    everySubnet: doubt(anyOf([one.everySubnet, other.everySubnet])),
    subnetRules: [...one.subnetRules, ...other.subnetRules],
    admitsSubnet: (subnet) => doubt(anyOf([one.admitsSubnet(subnet), other.admitsSubnet(subnet)])),
    frontDoors: [...one.frontDoors, ...other.frontDoors].map(({ name, isAdmitted }) => ({
      name,
      isAdmitted: doubt(isAdmitted),
    })),
  };
}

function unsure(rule: IpRule, because: readonly string[]): IpRule {
  const isAzure = rule.isAzure === false ? false : "unknown";
  return { ...rule, must: IpSet.empty, because: rule.may.isEmpty ? undefined : (rule.because ?? because[0]), isAzure };
}

function unsureRest(one: Admission, other: Admission, because: readonly string[]): Admission {
  return {
    must: one.must.intersect(other.must),
    may: one.may.union(other.may),
    because: [...because, ...one.because, ...other.because],
    evidence: [...one.evidence, ...other.evidence],
  };
}
