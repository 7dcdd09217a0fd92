import { serviceOfType } from "../catalog/index.ts";
import { regionalTag } from "../catalog/regional-tags.ts";
import type { Evidence } from "../model/evidence.ts";
import type { FirewallSettings, IpRule, ServiceFact } from "../model/fact.ts";
import { allOf, anyOf, certainly, not, perhaps, reasonsOfAll, type Truth } from "../model/must-may.ts";
import { regionOf } from "../model/region.ts";
import { evidenceOf, isSetTo } from "../model/setting.ts";
import type { Snapshot } from "../model/snapshot.ts";
import { IpSet } from "../net/ip-set.ts";
import { type Addresses, type Admission, addressesOf } from "./addresses.ts";
import { admitsWhenEmpty } from "./empty-firewall.ts";
import { type ExceptionDoor, exceptionsOf } from "./exceptions.ts";
import { type Firewall, firewallOf } from "./firewall.ts";
import { heldFirewallOf } from "./firewall-settings.ts";
import { type Perimeter, perimeterOf } from "./perimeter.ts";
import { type PrivateEndpointDoors, privateEndpointDoorsOf } from "./private-endpoint-doors.ts";
import { type SubnetDoors, subnetDoorsOf } from "./subnet-doors.ts";
import { evidenceOfTags } from "./tag-evidence.ts";

/** A service's own network settings, normalised, with what a perimeter makes of them. */
export interface Boundary {
  /** The service's own firewall decides about public callers: public access is on, and no perimeter stands before it. */
  readonly publicAccess: Truth;
  /** The default, or one rule alone, admits every address. */
  readonly everybody: Truth;
  /** What all settings together admit: nothing while public access is off. */
  readonly addresses: Addresses;
  /** The same without what the default action admits. */
  readonly ruleAddresses: Addresses;
  /** A rule admits the workloads of every tenant in Azure. */
  readonly azure: Truth;
  /** The firewall says Deny, and the service admits everybody all the same because there is no rule. */
  readonly unenforcedDeny: Truth;
  readonly subnets: SubnetDoors;
  readonly privateEndpoints: PrivateEndpointDoors;
  readonly exceptions: readonly ExceptionDoor[];
  readonly perimeter: Perimeter;
  /** The addresses that can reach the public endpoint at all. */
  readonly families: Families;
  /** All IP rules there are, whether or not they have an effect. */
  readonly ipRules: {
    readonly rules: readonly IpRule[];
    readonly unmatched: Unmatched;
    readonly evidence: readonly Evidence[];
    readonly because: readonly string[];
  };
  /** What was taken for granted about the service as a whole. */
  readonly assumptions: readonly string[];
}

/** Addresses that no rule matches, whatever it says. */
interface Unmatched {
  readonly addresses: IpSet;
  readonly evidence: readonly Evidence[];
}

export function boundaryOf(service: ServiceFact, snapshot: Snapshot): Boundary {
  const perimeter = perimeterOf(service, snapshot);
  const { settings, isSwitchedOff } = heldFirewallOf(service, snapshot);
  const { holder, defaultAction } = settings;
  const firewall = firewallOf(service, settings, snapshot);
  const publicAccess = allOf([gateOf(service, perimeter), not(isSwitchedOff)]);
  const privateEndpoints = privateEndpointDoorsOf(service);
  const isEmpty = admitsWhenEmpty(service, settings, privateEndpoints);
  const allowsByDefault = allOf([anyOf([isSetTo(holder, defaultAction, "allow"), isEmpty]), publicAccess]);
  const families = familiesOf(service);
  const unmatched = unmatchedBy(service, snapshot);
  const byRule = [...rulesBehind(publicAccess, firewall, unmatched.addresses), ...admissionsOf(service, perimeter)].map(
    (admission) => reaching(families, admission),
  );
  const byDefault = defaultAdmission(families, allowsByDefault);
  return {
    publicAccess,
    everybody: anyOf([allowsByDefault, ...byRule.map(isWhole)]),
    addresses: addressesOf([byDefault, ...byRule]),
    ruleAddresses: addressesOf(byRule),
    azure: azureOf(publicAccess, firewall),
    unenforcedDeny: saysDeny(settings)
      ? allOf([isEmpty, isSetTo(holder, defaultAction, "deny"), publicAccess])
      : certainly(false),
    subnets: subnetDoorsOf(service, settings, publicAccess, snapshot),
    privateEndpoints,
    exceptions: [
      ...exceptionsOf(settings, allOf([not(isClosedByPerimeter(service, perimeter)), not(allowsByDefault)])),
      ...callersOf(perimeter),
    ],
    perimeter,
    families,
    ipRules: {
      rules: firewall.rules,
      unmatched,
      evidence: firewall.rules.map(({ at }) => at),
      because: reasonsOfAll(firewall.unread),
    },
    assumptions: [...firewall.assumptions, ...(perimeter.kind === "none" ? perimeter.assumptions : [])],
  };
}

/** Whether the service has a default action that somebody set to Deny, rather than one of its type. */
function saysDeny({ defaultAction }: FirewallSettings): boolean {
  return defaultAction.pointer !== "";
}

/** Only an enforced perimeter takes the place of settings that let the public in. */
function gateOf(service: ServiceFact, perimeter: Perimeter): Truth {
  if (perimeter.kind === "enforced") return certainly(false, perimeter.evidence);
  const setting = service.publicNetworkAccess;
  const evidence = evidenceOf(service.id, setting).map((one) => withAssumptions(one, perimeter));
  if (setting.kind === "unknown") return perhaps([setting.because], evidence);
  if (setting.value === "off") return certainly(false, evidence);
  if (perimeter.kind === "unknown") return perhaps([perimeter.because], [...evidence, ...perimeter.evidence]);
  if (setting.value === "on") return certainly(true, evidence);
  if (perimeter.kind !== "audit") return certainly(false, evidence);
  return perhaps([`what a perimeter in audit mode does to \`${service.id.text}\` is not documented`], evidence);
}

function withAssumptions(evidence: Evidence, perimeter: Perimeter): Evidence {
  const assumptions = perimeter.kind === "none" ? perimeter.assumptions : [];
  const all = [...(evidence.assumptions ?? []), ...assumptions];
  return all.length === 0 ? evidence : { ...evidence, assumptions: all };
}

/** The service's own rules, as far as public access lets them count. */
function rulesBehind(gate: Truth, firewall: Firewall, unmatched: IpSet): readonly Admission[] {
  const unread = firewall.unread.map((rule) => ({
    ...rule,
    must: gate.must ? rule.must : IpSet.empty,
    may: gate.may ? rule.may : IpSet.empty,
    because: [...rule.because, ...gate.because],
  }));
  return [...firewall.rules.map((rule) => new RuleBehind(gate, rule, unmatched)), ...unread];
}

/** Of Azure's own addresses in the service's region, as far as the service tags are known. */
function unmatchedBy({ id, location }: ServiceFact, snapshot: Snapshot): Unmatched {
  const misses = serviceOfType(id.type)?.ipRulesMissOwnRegion !== undefined;
  const region = misses ? regionOf(location) : undefined;
  const tag = region === undefined ? undefined : regionalTag("AzureCloud", region);
  const addresses = tag === undefined ? undefined : snapshot.serviceTags.addressesOf(tag);
  if (tag === undefined || addresses === undefined) return { addresses: IpSet.empty, evidence: [] };
  const where = { resource: id, pointer: "/location", value: location };
  return { addresses, evidence: [where, ...evidenceOfTags(id, [tag], snapshot)] };
}

/** A rule that counts as far as public access lets it; most of them nobody asks why. */
class RuleBehind implements Admission {
  readonly must: IpSet;
  readonly may: IpSet;
  private readonly gate: Truth;
  private readonly rule: IpRule;

  constructor(gate: Truth, rule: IpRule, unmatched: IpSet) {
    this.must = gate.must ? rule.must.minus(unmatched) : IpSet.empty;
    this.may = !gate.may ? IpSet.empty : rule.may === rule.must && gate.must ? this.must : rule.may.minus(unmatched);
    this.gate = gate;
    this.rule = rule;
  }

  get because(): readonly string[] {
    const { because } = this.rule;
    return because === undefined ? this.gate.because : [because, ...this.gate.because];
  }

  get evidence(): readonly Evidence[] {
    return [this.rule.at, ...this.gate.evidence];
  }
}

/** What of an admission can reach the public endpoint at all. */
function reaching(families: Families, admission: Admission): Admission {
  const must = admission.must.intersect(families.must);
  const may = admission.may.intersect(families.may);
  if (must === admission.must && may === admission.may) return admission;
  return { must, may, because: [...admission.because, ...families.because], evidence: admission.evidence };
}

type Families = Pick<Admission, "must" | "may" | "because">;

function familiesOf({ publishesIpv6 }: ServiceFact): Families {
  if (publishesIpv6.kind === "unknown") {
    return { must: IpSet.ipv4, may: IpSet.all, because: [publishesIpv6.because] };
  }
  const all = publishesIpv6.value ? IpSet.all : IpSet.ipv4;
  return { must: all, may: all, because: [] };
}

function defaultAdmission(families: Families, allowsByDefault: Truth): Admission {
  return {
    must: allowsByDefault.must ? families.must : IpSet.empty,
    may: allowsByDefault.may ? families.may : IpSet.empty,
    because: [...allowsByDefault.because, ...families.because],
    evidence: allowsByDefault.evidence,
  };
}

/** What the perimeter itself lets in. */
function admissionsOf(service: ServiceFact, perimeter: Perimeter): readonly Admission[] {
  switch (perimeter.kind) {
    case "none":
      return [];
    case "enforced":
    case "learning":
      return perimeter.admissions;
    case "audit": {
      const because = `what the rules of a perimeter in audit mode add to those of \`${service.id.text}\` is not documented`;
      return perimeter.admissions.map((one) => ({ ...one, must: IpSet.empty, because: [...one.because, because] }));
    }
    case "unknown":
      return [{ must: IpSet.empty, may: IpSet.all, because: [perimeter.because], evidence: perimeter.evidence }];
  }
}

function holdsAll(set: IpSet): boolean {
  return IpSet.ipv4.isSubsetOf(set) || IpSet.ipv6.isSubsetOf(set);
}

/** One rule alone is the whole address space of IPv4 or of IPv6. */
function isWhole(admission: Admission): Truth {
  if (holdsAll(admission.must)) return certainly(true, admission.evidence);
  return holdsAll(admission.may) ? perhaps(admission.because, admission.evidence) : certainly(false);
}

function azureOf(gate: Truth, firewall: Firewall): Truth {
  const seen = firewall.rules.flatMap(({ isAzure, because, at }) => {
    if (isAzure === "unknown") return [perhaps(because === undefined ? [] : [because], [at])];
    return isAzure ? [certainly(true, [at])] : [];
  });
  const unread = firewall.azureUnreadBecause.map((because) => perhaps([because]));
  return allOf([anyOf([...seen, ...unread]), gate]);
}

/** Whom the perimeter lets in by identity, whatever their address. */
function callersOf(perimeter: Perimeter): readonly ExceptionDoor[] {
  if (perimeter.kind === "none" || perimeter.kind === "unknown") return [];
  const undocumented =
    perimeter.kind === "audit" ? ["what the rules of a perimeter in audit mode add is not documented"] : [];
  return perimeter.callers.map(({ name, because, evidence: at }) => {
    const reasons = [...because, ...undocumented];
    const evidence = [...at, ...perimeter.evidence];
    return { name, isInForce: reasons.length > 0 ? perhaps(reasons, evidence) : certainly(true, evidence) };
  });
}

/** Secured by a perimeter, associated with one or not, a service has no exceptions of its own. */
function isClosedByPerimeter(service: ServiceFact, perimeter: Perimeter): Truth {
  const isSecured = isSetTo(service.id, service.publicNetworkAccess, "perimeter");
  if (perimeter.kind === "enforced") return certainly(true);
  return perimeter.kind === "unknown"
    ? anyOf([isSecured, perhaps([perimeter.because], perimeter.evidence)])
    : isSecured;
}
