import { serviceOfType } from "./catalog/index.ts";
import type { ServiceFact, SubnetFact } from "./model/fact.ts";
import { type Finding, findingId } from "./model/finding.ts";
import type { Policy } from "./model/policy.ts";
import type { ResourceId } from "./model/resource-id.ts";
import { type NotedKeys, noting, type Snapshot } from "./model/snapshot.ts";
import type { PartVerdict, Verdict } from "./model/verdict.ts";
import { boundaryOf } from "./reach/boundary.ts";
import { type Reach, reachOf } from "./reach/reach.ts";
import type { Rule, RuleText } from "./rules/rule.ts";

/** Something that rules are asked about. */
export type Subject = ServiceFact | SubnetFact;

/** Everything that one look at one subject gave. */
export interface Evaluation {
  readonly subject: Subject;
  readonly findings: readonly Finding[];
  /** For services only. */
  readonly reach?: Reach;
  /** What the look depended on. */
  readonly keys: NotedKeys;
}

export interface Expectations {
  readonly policy: Policy;
  readonly rules: readonly Rule[];
  /** The day of the audit, "2026-11-20", in UTC. */
  readonly today: string;
}

/** Asks every rule about one subject. Pure: the same facts and expectations give the same answer. */
export function evaluate(subject: Subject, snapshot: Snapshot, expectations: Expectations): Evaluation {
  const { view, keys } = noting(snapshot);
  switch (subject.kind) {
    case "service":
      return { subject, keys, ...evaluateService(subject, view, expectations) };
    case "subnet":
      return { subject, keys, findings: subnetFindings(subject, view, expectations) };
  }
}

function evaluateService(service: ServiceFact, snapshot: Snapshot, expectations: Expectations) {
  const boundary = boundaryOf(service, snapshot);
  const { policy, rules } = expectations;
  const findings = rules.flatMap((rule) => {
    if (rule.on !== "service") return [];
    return findingsOf(rule, service.id, rule.check({ service, boundary }, policy), [service.id], expectations);
  });
  return { findings, reach: reachOf(boundary, policy) };
}

function subnetFindings(subnet: SubnetFact, snapshot: Snapshot, expectations: Expectations): readonly Finding[] {
  const { policy, rules } = expectations;
  const services = servicesOf(subnet, snapshot);
  return rules.flatMap((rule) => {
    if (rule.on !== "subnet") return [];
    return findingsOf(rule, subnet.id, rule.check({ subnet }, policy), services, expectations);
  });
}

/** The services that admit a subnet, or that have a private endpoint in it. */
function servicesOf({ id }: SubnetFact, snapshot: Snapshot): readonly ResourceId[] {
  const services = snapshot.naming(id).flatMap((fact) => {
    if (fact.kind === "service") return [fact.id];
    if (fact.kind === "privateEndpoint") return fact.targets.filter((target) => serviceOfType(target.type));
    return fact.kind === "subnetRule" && fact.id.parent !== undefined ? [fact.id.parent] : [];
  });
  return [...new Map(services.map((service) => [service.key, service])).values()].sort(byKey);
}

function findingsOf(
  rule: RuleText,
  subject: ResourceId,
  verdicts: Verdict | readonly PartVerdict[],
  services: readonly ResourceId[],
  expectations: Expectations,
): readonly Finding[] {
  if ("kind" in verdicts) return toFindings(rule, subject, undefined, verdicts, services, expectations);
  return verdicts.flatMap(({ part, verdict }) => toFindings(rule, subject, part, verdict, services, expectations));
}

function toFindings(
  rule: RuleText,
  resource: ResourceId,
  part: string | undefined,
  verdict: Verdict,
  services: readonly ResourceId[],
  { policy, today }: Expectations,
): readonly Finding[] {
  if (verdict.kind === "pass" || verdict.kind === "notApplicable") return [];
  const waivers = policy.waivers.filter((waiver) => waiver.rule === rule.id && waiver.resource.matches(resource));
  const waived = waivers.find((waiver) => waiver.expires >= today);
  const expiredWaiver = waived === undefined ? waivers[0] : undefined;
  const finding = {
    id: findingId(rule.id, resource, part),
    rule: rule.id,
    severity: policy.severities.get(rule.id) ?? rule.severity,
    resource,
    ...(part === undefined ? {} : { part }),
    services,
    title: rule.title,
    remedy: rule.remedy,
    ...(waived === undefined ? {} : { waived }),
    ...(expiredWaiver === undefined ? {} : { expiredWaiver }),
  };
  if (verdict.kind === "undetermined") {
    return [
      { ...finding, status: "undetermined", assumptions: [], because: verdict.because, evidence: verdict.evidence },
    ];
  }
  const { message, evidence, assumptions, cause } = verdict;
  const failed = { ...finding, status: "fail", message, evidence, assumptions, because: [] } as const;
  return [cause === undefined ? failed : { ...failed, cause }];
}

function byKey(a: ResourceId, b: ResourceId): number {
  return a.key < b.key ? -1 : 1;
}
