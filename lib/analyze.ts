import { isTypeOfService, retiredServiceOfType } from "./catalog/index.ts";
import type { AzureFirewallFact, FirewallPolicyFact } from "./model/azure-firewall-fact.ts";
import type {
  CircuitFact,
  Fact,
  FactKind,
  NetworkFact,
  PlacedFact,
  PrivateEndpointFact,
  RetiredFact,
  SecurityGroupFact,
  ServiceFact,
  SubnetFact,
} from "./model/fact.ts";
import { type Finding, findingId } from "./model/finding.ts";
import type { Policy, Site } from "./model/policy.ts";
import { distinctIds, ResourceId } from "./model/resource-id.ts";
import type { Snapshot } from "./model/snapshot.ts";
import type { Verdict } from "./model/verdict.ts";
import { boundaryOf } from "./reach/boundary.ts";
import { dnsChainsOf } from "./reach/dns-chain.ts";
import { type Reach, reachOf } from "./reach/reach.ts";
import type { Rule, RuleOn, RuleText, SubjectKind, Subjects } from "./rules/rule.ts";

/** Something that rules are asked about, or a service of which reports say more than rules ask. */
export type Subject =
  | ServiceFact
  | PlacedFact
  | RetiredFact
  | NetworkFact
  | SubnetFact
  | SecurityGroupFact
  | AzureFirewallFact
  | FirewallPolicyFact
  | PrivateEndpointFact
  | CircuitFact
  | SiteSubject;

/** A site of the policy, under the id that its findings have. */
export interface SiteSubject {
  readonly kind: "site";
  readonly id: ResourceId;
  readonly site: Site;
}

/** The kinds of facts that are subjects, in the order in which they are looked at. */
const subjectKinds = [
  "service",
  "placed",
  "retired",
  "network",
  "subnet",
  "securityGroup",
  "azureFirewall",
  "firewallPolicy",
  "privateEndpoint",
  "circuit",
] as const satisfies readonly FactKind[];

/** Every subject of a snapshot and of the policy that goes with it. */
export function subjectsOf(snapshot: Snapshot, policy: Policy): readonly Subject[] {
  return [
    ...subjectKinds.flatMap((kind): readonly Exclude<Subject, SiteSubject>[] => snapshot.ofKind(kind)),
    ...policy.sites.map((site): SiteSubject => ({ kind: "site", id: ResourceId.ofSite(site.name), site })),
  ];
}

export function isSubject(fact: Fact): fact is Exclude<Subject, SiteSubject> {
  return isSubjectKind(fact.kind);
}

export function isSubjectKind(kind: FactKind): boolean {
  return subjectKinds.some((one) => one === kind);
}

/** Everything that one look at one subject gave. */
export interface Evaluation {
  readonly subject: Subject;
  readonly findings: readonly Finding[];
  /** For services only, and for none whose boundary is not audited. */
  readonly reach?: Reach;
}

export interface Expectations {
  readonly policy: Policy;
  readonly rules: readonly Rule[];
  /** The day of the audit, "2026-11-20", in UTC. */
  readonly today: string;
}

/** Asks every rule about one subject. Pure: the same facts and expectations give the same answer. */
export function evaluate(subject: Subject, snapshot: Snapshot, expectations: Expectations): Evaluation {
  const ask = <Kind extends SubjectKind>(kind: Kind, given: Subjects[Kind], services: () => readonly ResourceId[]) =>
    findingsOf(subject.id, kind, given, services, expectations);
  switch (subject.kind) {
    case "service": {
      const boundary = boundaryOf(subject, snapshot);
      const findings = ask("service", { service: subject, boundary, snapshot }, () => [subject.id]);
      return { subject, findings, reach: reachOf(boundary, expectations.policy) };
    }
    case "placed":
      return { subject, findings: ask("placed", { placed: subject, snapshot }, () => [subject.id]) };
    case "retired":
      return { subject, findings: nothing };
    case "network":
      return { subject, findings: ask("network", { network: subject, snapshot }, () => nothing) };
    case "securityGroup": {
      const services = () => servicesBehind(subject, snapshot);
      return { subject, findings: ask("securityGroup", { securityGroup: subject, snapshot }, services) };
    }
    case "azureFirewall":
    case "firewallPolicy":
      return { subject, findings: ask("azureFirewall", { firewall: subject, snapshot }, () => nothing) };
    case "subnet":
      return { subject, findings: ask("subnet", { subnet: subject, snapshot }, () => servicesOf(subject, snapshot)) };
    case "privateEndpoint": {
      const services = () => inOrder(subject.targets.filter(isLive));
      const dns = dnsChainsOf(subject, expectations.policy, snapshot);
      return { subject, findings: ask("privateEndpoint", { privateEndpoint: subject, dns, snapshot }, services) };
    }
    case "circuit":
      return { subject, findings: ask("circuit", { circuit: subject, snapshot }, () => nothing) };
    case "site":
      return { subject, findings: ask("site", { site: subject.site, snapshot }, () => nothing) };
  }
}

const nothing: readonly never[] = [];

type RuleAskedOf<Kind extends SubjectKind> = RuleText & Pick<RuleOn<Kind>, "check">;

function isOn<Kind extends SubjectKind>(rule: Rule, kind: Kind): rule is Rule & RuleAskedOf<Kind> {
  const { on } = rule;
  if (typeof on === "string") return on === kind;
  const kinds: readonly SubjectKind[] = on;
  return kinds.includes(kind);
}

const sorted = new WeakMap<readonly Rule[], Map<SubjectKind, readonly Rule[]>>();

/** Those that are asked about one kind of subjects. */
function rulesOn(kind: SubjectKind, rules: readonly Rule[]): readonly Rule[] {
  const byKind = sorted.get(rules) ?? new Map<SubjectKind, readonly Rule[]>();
  sorted.set(rules, byKind);
  const known = byKind.get(kind) ?? rules.filter((rule) => isOn(rule, kind));
  byKind.set(kind, known);
  return known;
}

/** A service that reports list, and that Azure has not ended: then nothing concerns it any more. */
function isLive({ type }: ResourceId): boolean {
  return isTypeOfService(type) && retiredServiceOfType(type) === undefined;
}

/** The services that admit a subnet, that have a private endpoint in it, or that are in it themselves. */
function servicesOf({ id }: SubnetFact, snapshot: Snapshot): readonly ResourceId[] {
  const services = [
    ...snapshot.namers(id, "service", "placed").map((service) => service.id),
    ...snapshot.namers(id, "virtualNetworkRule", "firewall").flatMap((child) => child.id.parent ?? []),
    ...snapshot.naming(id, "privateEndpoint").flatMap(({ targets }) => targets),
  ];
  return inOrder(services.filter(isLive));
}

/** The services of the subnets that a security group stands before. */
function servicesBehind({ id }: SecurityGroupFact, snapshot: Snapshot): readonly ResourceId[] {
  const subnets = snapshot.naming(id).filter((fact) => fact.kind === "subnet");
  return inOrder(subnets.flatMap((subnet) => servicesOf(subnet, snapshot)));
}

function inOrder(ids: readonly ResourceId[]): readonly ResourceId[] {
  return distinctIds(ids).toSorted(byKey);
}

/** `services` is asked only where there is a finding, which is rare. */
function findingsOf<Kind extends SubjectKind>(
  subject: ResourceId,
  kind: Kind,
  given: Subjects[Kind],
  services: () => readonly ResourceId[],
  expectations: Expectations,
): readonly Finding[] {
  const findings: Finding[] = [];
  let concerned: readonly ResourceId[] | undefined;
  const put = (rule: RuleText, part: string | undefined, verdict: Verdict) => {
    if (verdict.kind === "pass" || verdict.kind === "notApplicable") return;
    concerned ??= services();
    findings.push(findingOf(rule, subject, part, verdict, concerned, expectations));
  };
  for (const rule of rulesOn(kind, expectations.rules)) {
    if (!isOn(rule, kind)) continue;
    const verdicts = rule.check(given, expectations.policy);
    if ("kind" in verdicts) put(rule, undefined, verdicts);
    else for (const { part, verdict } of verdicts) put(rule, part, verdict);
  }
  return findings.length === 0 ? nothing : findings;
}

/** One literal: there are many, and they have room for no more than they hold. */
function findingOf(
  { id: rule, severity, title, remedy }: RuleText,
  resource: ResourceId,
  part: string | undefined,
  verdict: Exclude<Verdict, { readonly kind: "pass" | "notApplicable" }>,
  services: readonly ResourceId[],
  { policy, today }: Expectations,
): Finding {
  const failed = verdict.kind === "fail" ? verdict : undefined;
  const finding: Finding = {
    id: findingId(rule, resource, part),
    rule,
    severity: policy.severities.get(rule) ?? failed?.severity ?? severity,
    status: verdict.kind,
    resource,
    part,
    services,
    title,
    message: failed?.message,
    because: verdict.kind === "undetermined" ? verdict.because : nothing,
    cause: failed?.cause,
    evidence: verdict.evidence,
    assumptions: failed?.assumptions ?? nothing,
    remedy,
  };
  const waiver = waiverFor(rule, resource, policy, today);
  return waiver === undefined ? finding : { ...finding, ...waiver };
}

/** The waiver that holds for a rule's findings about a resource, else one that held. */
export function waiverFor(
  rule: string,
  resource: ResourceId,
  policy: Policy,
  today: string,
): Pick<Finding, "waived" | "expiredWaiver"> | undefined {
  const matching = policy.waiversFor(rule, resource);
  const waived = matching.find((waiver) => waiver.expires >= today);
  if (waived !== undefined) return { waived };
  const [expiredWaiver] = matching;
  return expiredWaiver === undefined ? undefined : { expiredWaiver };
}

function byKey(a: ResourceId, b: ResourceId): number {
  return a.key < b.key ? -1 : 1;
}
