import type { Evidence } from "../model/evidence.ts";
import type { IpRule, ServiceFact } from "../model/fact.ts";
import { allOf, anyOf, certainly, perhaps, type Truth } from "../model/must-may.ts";
import { IpSet } from "../net/ip-set.ts";
import type { JudgedList } from "./access-lists.ts";
import { type Addresses, type Admission, addressesOf } from "./addresses.ts";
import type { Firewall } from "./firewall.ts";

/** Whom all settings together admit. */
export interface Admitted {
  /** The default, or one rule alone, admits every address. */
  readonly everybody: Truth;
  /** What all settings together admit: nothing while public access is off. */
  readonly addresses: Addresses;
  /** The same without the addresses of its own that Azure lets in by itself: what its owner chose. */
  readonly chosenAddresses: Addresses;
  /** The same without what the default admits, unless rules take something away from that. */
  readonly ruleAddresses: Addresses;
  /** A rule admits the workloads of every tenant in Azure: by their addresses, or from their subnets. */
  readonly azure: Truth;
  /** By a rule that names no addresses. */
  readonly azureAddresses: Truth;
  /** Over a service endpoint, from every subnet. */
  readonly everySubnet: Truth;
}

/** A part of a service that callers reach by a name of its own. */
export interface Front extends Admitted {
  /** "main site", "SCM site"; undefined for a service that is all one. */
  readonly name: string | undefined;
  /** What stands before it besides public access: rules that admit, or a list in an order. */
  readonly guard: "firewall" | "list" | "nothing";
  /** What turns these addresses away, as far as they are. */
  refusing(addresses: IpSet): readonly Evidence[];
}

/** What stands before all rules of a service. */
export interface Entrance {
  /** The service's own rules decide about public callers. */
  readonly gate: Truth;
  readonly families: Families;
  /** Addresses that no rule matches, whatever it says. */
  readonly unmatched: IpSet;
}

/** The addresses that can reach the public endpoint at all. */
export type Families = Pick<Admission, "must" | "may" | "because">;

/** Rules admit, and the default is for the others; `others` are admitted by what stands beside the firewall. */
export function frontOfFirewall(
  firewall: Firewall,
  allowsByDefault: Truth,
  entrance: Entrance,
  others: readonly Admission[],
  refusing: readonly Evidence[],
): Front {
  const byRule = [...rulesBehind(firewall, entrance), ...others].map((one) => reaching(entrance.families, one));
  const { rules, azureUnreadBecause } = firewall;
  const [tagged, untagged] = [
    rules.filter(({ tag }) => tag !== undefined),
    rules.filter(({ tag }) => tag === undefined),
  ];
  const azureAddresses = azureOf(untagged, azureUnreadBecause, entrance.gate);
  const all = addressesOf(byRule);
  const byDefault = allowsByDefault.may ? [defaultAdmission(entrance.families, allowsByDefault)] : [];
  const chosen = byDefault.length === 0 ? all : addressesOf([...byDefault, ...byRule]);
  const own = firewall.own.map((one) => reaching(entrance.families, behind(entrance.gate, one)));
  return {
    name: undefined,
    guard: "firewall",
    everybody: anyOf([allowsByDefault, ...byRule.map(isWhole), ...wholeButUnmatched(firewall, entrance)]),
    addresses: own.length === 0 ? chosen : addressesOf([...byDefault, ...byRule, ...own]),
    chosenAddresses: chosen,
    ruleAddresses: byRule.some(({ isFew }) => isFew) ? addressesOf(byRule.map(asFewAsThereAre)) : all,
    azure: anyOf([azureAddresses, azureOf(tagged, [], entrance.gate), ...others.flatMap(({ azure }) => azure ?? [])]),
    azureAddresses,
    everySubnet: certainly(false),
    refusing: () => refusing,
  };
}

/** The rules of the list decide in their order, and then what is left; `endpoints` says whether service endpoints count. */
export function frontOfList(list: JudgedList, entrance: Entrance, endpoints: Truth): Front {
  const { gate, families } = entrance;
  const byRule = list.rules.map((rule) => reaching(families, new RuleBehind(gate, rule, IpSet.empty)));
  const rest = reaching(families, behind(gate, list.rest));
  const unread = list.unread.length > 0 ? [rest] : [];
  const everySubnet = allOf([list.everySubnet, endpoints]);
  const whole = isWhole(rest);
  const isAll = whole.must || (whole.may && rest.must.isEmpty) || rest.may.isEmpty;
  const addresses = addressesOf([rest, ...byRule]);
  return {
    name: list.before,
    guard: "list",
    everybody: anyOf([rest, ...byRule].map(isWhole)),
    addresses,
    chosenAddresses: addresses,
    ruleAddresses: addressesOf([...(isAll ? unread : [rest]), ...byRule.map(asFewAsThereAre)]),
    azure: anyOf([azureOf(list.rules, [], gate), everySubnet]),
    azureAddresses: certainly(false), // a service tag stands for addresses
    everySubnet,
    refusing: (addresses) => {
      const denial = list.denials.find(({ may }) => may.overlaps(addresses));
      return denial === undefined ? list.rest.evidence : [denial.at];
    },
  };
}

/** The service's own rules, as far as public access lets them count. */
function rulesBehind({ rules, groups, unread }: Firewall, { gate, unmatched }: Entrance): readonly Admission[] {
  const others = [...groups, ...unread].map((one) => behind(gate, one));
  return [...rules.map((rule) => new RuleBehind(gate, rule, unmatched)), ...others];
}

function behind(gate: Truth, { must, may, because, evidence }: Admission): Admission {
  return {
    must: gate.must ? must : IpSet.empty,
    may: gate.may ? may : IpSet.empty,
    because: [...because, ...gate.because],
    evidence: [...evidence, ...gate.evidence],
  };
}

/** A rule that counts as far as public access lets it; most of them nobody asks why. */
class RuleBehind implements Admission {
  readonly must: IpSet;
  readonly may: IpSet;
  readonly isFew: boolean;
  private readonly gate: Truth;
  private readonly rule: IpRule;

  constructor(gate: Truth, rule: IpRule, unmatched: IpSet) {
    this.must = gate.must ? rule.must.minus(unmatched) : IpSet.empty;
    this.may = !gate.may ? IpSet.empty : rule.may === rule.must && gate.must ? this.must : rule.may.minus(unmatched);
    this.isFew = rule.isFew === true;
    this.gate = gate;
    this.rule = rule;
  }

  get because(): readonly string[] {
    const { because } = this.rule;
    return because === undefined ? this.gate.because : [because, ...this.gate.because];
  }

  get evidence(): readonly Evidence[] {
    return [this.rule.at, ...(this.rule.tags ?? []), ...this.gate.evidence];
  }
}

/** What of an admission can reach the public endpoint at all. */
function reaching(families: Families, admission: Admission): Admission {
  const must = admission.must.intersect(families.must);
  const may = admission.may.intersect(families.may);
  if (must === admission.must && may === admission.may) return admission;
  const { evidence, isFew = false } = admission;
  return { must, may, because: [...admission.because, ...families.because], evidence, isFew };
}

/** Whatever they are, addresses that are few make no difference to how much of the internet is admitted. */
function asFewAsThereAre(admission: Admission): Admission {
  if (!admission.isFew) return admission;
  const { must, because, evidence } = admission;
  return { must, may: must, because, evidence, isFew: true };
}

export function familiesOf({ publishesIpv6 }: ServiceFact): Families {
  if (publishesIpv6.kind === "unknown") {
    return { must: IpSet.ipv4, may: IpSet.all, because: [publishesIpv6.because] };
  }
  const all = publishesIpv6.value ? IpSet.all : IpSet.ipv4;
  return { must: all, may: all, because: [] };
}

function defaultAdmission(families: Families, allowsByDefault: Truth): Admission {
  return {
    must: allowsByDefault.must ? families.must : IpSet.empty,
    may: families.may,
    because: [...allowsByDefault.because, ...families.because],
    evidence: allowsByDefault.evidence,
  };
}

function holdsAll(set: IpSet): boolean {
  return IpSet.ipv4.isSubsetOf(set) || IpSet.ipv6.isSubsetOf(set);
}

/** One rule alone is the whole address space of IPv4 or of IPv6. */
function isWhole(admission: Admission): Truth {
  if (holdsAll(admission.must)) return certainly(true, admission.evidence);
  return holdsAll(admission.may) ? perhaps(admission.because, admission.evidence) : certainly(false);
}

/** Rules that are the whole address space, though no rule matches all of it. */
function wholeButUnmatched({ rules }: Firewall, { gate, families, unmatched }: Entrance): readonly Truth[] {
  if (unmatched.isEmpty) return [];
  const whole = rules.filter(({ may }) => holdsAll(may));
  return whole.map((rule) => isWhole(reaching(families, new RuleBehind(gate, rule, IpSet.empty))));
}

function azureOf(rules: readonly IpRule[], unreadBecause: readonly string[], gate: Truth): Truth {
  const seen = rules.flatMap(({ isAzure, because, at }) => {
    if (isAzure === "unknown") return [perhaps(because === undefined ? [] : [because], [at])];
    return isAzure ? [certainly(true, [at])] : [];
  });
  return allOf([anyOf([...seen, ...unreadBecause.map((because) => perhaps([because]))]), gate]);
}

/** All fronts of a service as one: who reaches any of them. */
export function together(fronts: readonly Front[]): Admitted {
  const [first, ...others] = fronts;
  if (first === undefined) throw new RangeError("a service without a front");
  if (others.length === 0) return first;
  const addresses = unionOf(fronts.map((front) => front.addresses));
  const hasOwn = fronts.some((front) => front.chosenAddresses !== front.addresses);
  return {
    everybody: anyOf(fronts.map(({ everybody }) => everybody)),
    addresses,
    chosenAddresses: hasOwn ? unionOf(fronts.map(({ chosenAddresses }) => chosenAddresses)) : addresses,
    ruleAddresses: unionOf(fronts.map(({ ruleAddresses }) => ruleAddresses)),
    azure: anyOf(fronts.map(({ azure }) => azure)),
    azureAddresses: anyOf(fronts.map(({ azureAddresses }) => azureAddresses)),
    everySubnet: anyOf(fronts.map(({ everySubnet }) => everySubnet)),
  };
}

/** What some of them admit. */
export function unionOf(parts: readonly Addresses[]): Addresses {
  const must = IpSet.union(parts.map((part) => part.must));
  const may = IpSet.union(parts.map((part) => part.may));
  const open = parts.filter((part) => !part.may.isSubsetOf(must));
  return {
    must,
    may,
    because: [...new Set(open.flatMap(({ because }) => because))],
    evidence: { within: (set) => parts.flatMap(({ evidence }) => evidence.within(set)) },
  };
}
