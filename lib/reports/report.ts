import type { Evaluation, Subject } from "../analyze.ts";
import type { Audit } from "../audit.ts";
import { describedType, isTypeOfService } from "../catalog/index.ts";
import type { Finding } from "../model/finding.ts";
import { recordOf, textsOf, toWaiver } from "../model/finding-record.ts";
import type { Glob } from "../model/glob.ts";
import type { Severity, Waiver } from "../model/policy.ts";
import type { ResourceId } from "../model/resource-id.ts";
import { reachRecordOf } from "../reach/reach-record.ts";
import type { RuleText } from "../rules/rule.ts";
import { type FindingEntry, type ReachEntry, type Report, type ServiceEntry, widths } from "./schema.ts";
import { byUrgency, compareTexts } from "./urgency.ts";

/** What to leave out. */
export interface Filter {
  /** Only services that match one of these, and the findings that concern them; all where there is none. */
  readonly services: readonly Glob[];
  /** Whether every rule was asked. */
  readonly hasAllRules: boolean;
}

const everything: Filter = { services: [], hasAllRules: true };

/** The JSON-ready report, whatever the order in which things were read. `rules` are at least those that were asked. */
export function reportOf(audit: Audit, rules: readonly RuleText[], filter: Filter = everything): Report {
  const { services: globs, hasAllRules } = filter;
  const isKept = (id: ResourceId) => globs.length === 0 || globs.some((glob) => glob.matches(id));
  const all = audit.evaluations.flatMap((evaluation) => evaluation.findings);
  const findings = all.filter(({ services }) => globs.length === 0 || services.some(isKept)).sort(byUrgency);
  const ofService = groupByService(findings);
  const services = audit.evaluations
    .filter(({ subject }) => states.has(subject.kind) && isTypeOfService(subject.id.type) && isKept(subject.id))
    .map((evaluation) => toService(evaluation, ofService.get(evaluation.subject.id.key) ?? []))
    .sort(byWidth);
  const texts = new Map(rules.map((rule) => [rule.id, rule]));
  const entries = findings.map((finding) => recordOf(finding, texts.get(finding.rule)));
  const problems = distinct(audit.problems);
  const gaps = distinct(audit.gaps);
  return {
    services,
    findings: entries,
    summary: summaryOf(services, entries, audit, problems.length + gaps.length),
    problems,
    gaps,
    conflicts: distinct(audit.conflicts.map((id) => id.text)),
    unusedWaivers: hasAllRules && globs.length === 0 ? distinct(audit.unusedWaivers.map(toUnusedWaiver)) : [],
    unmatchedEntries: distinct(audit.unmatchedEntries.map(({ key, kind, text }) => ({ key, kind, resource: text }))),
  };
}

function summaryOf(
  services: readonly ServiceEntry[],
  findings: readonly FindingEntry[],
  { evaluations, resources }: Audit,
  unreadable: number,
): Report["summary"] {
  const open = findings.filter((finding) => finding.waived === undefined);
  const failed = (severity: Severity) =>
    open.filter((finding) => finding.status === "fail" && finding.severity === severity).length;
  const inState = (state: ServiceEntry["state"]) => services.filter((service) => service.state === state).length;
  const reached = (width: ReachEntry["widest"]) => services.filter(({ reach }) => reach?.widest === width).length;
  return {
    services: services.length,
    states: { audited: inState("audited"), placed: inState("placed"), retired: inState("retired") },
    resources,
    subjects: evaluations.length,
    findings: { high: failed("high"), medium: failed("medium"), low: failed("low"), info: failed("info") },
    undetermined: open.filter((finding) => finding.status === "undetermined").length,
    waived: findings.length - open.length,
    unreadable,
    widest: {
      internet: reached("internet"),
      azure: reached("azure"),
      addresses: reached("addresses"),
      subnets: reached("subnets"),
      private: reached("private"),
      nobody: reached("nobody"),
      unknown: reached("unknown"),
    },
  };
}

function toService({ subject, reach }: Evaluation, findings: readonly Finding[]): ServiceEntry {
  return {
    id: subject.id.text,
    type: describedType(subject.id.type)?.type ?? subject.id.type,
    state: states.get(subject.kind) ?? "audited",
    ...(reach === undefined ? {} : { reach: reachRecordOf(reach) }),
    ...(subject.kind === "placed" && subject.subnets.kind === "known"
      ? { subnets: textsOf(subject.subnets.value.flatMap(({ subnet }) => subnet ?? [])) }
      : {}),
    findings: findings.map((finding) => finding.id),
  };
}

/** The kinds of subjects that are services, and how far Cordon looks into them. */
const states: ReadonlyMap<Subject["kind"], ServiceEntry["state"]> = new Map([
  ["service", "audited"],
  ["placed", "placed"],
  ["retired", "retired"],
]);

function toUnusedWaiver(waiver: Waiver): Report["unusedWaivers"][number] {
  return { rule: waiver.rule, resource: waiver.resource.text, ...toWaiver(waiver) };
}

function groupByService(findings: readonly Finding[]): ReadonlyMap<string, readonly Finding[]> {
  const groups = new Map<string, Finding[]>();
  for (const finding of findings) {
    for (const { key } of finding.services) {
      const group = groups.get(key);
      if (group === undefined) groups.set(key, [finding]);
      else group.push(finding);
    }
  }
  return groups;
}

function byWidth(a: ServiceEntry, b: ServiceEntry): number {
  return widthOf(a) - widthOf(b) || compareTexts(a.id, b.id);
}

function widthOf({ reach }: ServiceEntry): number {
  return reach === undefined ? widths.length : widths.indexOf(reach.widest);
}

/** Sorted, and each but once. */
function distinct<T>(entries: readonly T[]): T[] {
  const byText = new Map(entries.map((entry) => [JSON.stringify(entry), entry]));
  return [...byText].sort(([a], [b]) => compareTexts(a, b)).map(([, entry]) => entry);
}
