import { severities } from "../model/policy.ts";
import { fold } from "../model/resource-id.ts";
import type { FindingEntry, ReachEntry, Report, ServiceEntry } from "./schema.ts";
import { type Widening, wideningOf } from "./wider-reach.ts";

/** What is different between two reports of one estate. Findings that are waived count as none. */
export interface Comparison {
  readonly opened: readonly FindingEntry[];
  /** Their severity rose, or what could not be told fails now. */
  readonly worse: readonly FindingEntry[];
  /** What they say or rest on differs in another way. */
  readonly changed: readonly FindingEntry[];
  /** Not in the later report, for whatever reason. */
  readonly gone: readonly FindingEntry[];
  readonly reached: readonly ReachChange[];
  /** Services that only one of the reports has. */
  readonly newServices: readonly ServiceEntry[];
  readonly missingServices: readonly ServiceEntry[];
  /** How many inputs the later audit could not read: what is not found may be there. */
  readonly unreadable: number;
}

/** Of a service that both reports have, and that others reach than before. */
export interface ReachChange extends Widening {
  readonly service: string;
  readonly before: ReachEntry;
  readonly after: ReachEntry;
}

/** In the order of the reports: the worst first. */
export function compareReports(before: Report, after: Report): Comparison {
  const [old, now] = [openIn(before), openIn(after)];
  const both = [...now.values()].flatMap((one) => {
    const known = old.get(one.id);
    return known === undefined ? [] : [{ one, isWorse: isWorse(known, one), isSame: saysOf(known) === saysOf(one) }];
  });
  return {
    opened: [...now.values()].filter(({ id }) => !old.has(id)),
    worse: both.filter(({ isWorse }) => isWorse).map(({ one }) => one),
    changed: both.filter(({ isWorse, isSame }) => !isWorse && !isSame).map(({ one }) => one),
    gone: [...old.values()].filter(({ id }) => !now.has(id)),
    reached: reachChanges(before, after),
    newServices: servicesWithout(after, before),
    missingServices: servicesWithout(before, after),
    unreadable: after.summary.unreadable,
  };
}

function openIn({ findings }: Report): ReadonlyMap<string, FindingEntry> {
  return new Map(findings.filter(({ waived }) => waived === undefined).map((one) => [one.id, one]));
}

function isWorse(before: FindingEntry, after: FindingEntry): boolean {
  if (after.status !== before.status) return after.status === "fail";
  return severities.indexOf(after.severity) < severities.indexOf(before.severity);
}

function saysOf({ severity, status, message, because, evidence }: FindingEntry): string {
  return JSON.stringify([severity, status, message, because, evidence]);
}

function reachChanges(before: Report, after: Report): readonly ReachChange[] {
  const old = new Map(before.services.map(({ id, reach }) => [fold(id), reach]));
  return after.services.flatMap(({ id, reach }) => {
    const known = old.get(fold(id));
    if (known === undefined || reach === undefined || callersOf(known) === callersOf(reach)) return [];
    return [{ service: id, ...wideningOf(known, reach), before: known, after: reach }];
  });
}

/** Who gets in, and not what was taken for granted about it. */
function callersOf({ assumptions, because, ...callers }: ReachEntry): string {
  return JSON.stringify(callers);
}

function servicesWithout({ services }: Report, other: Report): readonly ServiceEntry[] {
  const known = new Set(other.services.map(({ id }) => fold(id)));
  return services.filter(({ id }) => !known.has(fold(id)));
}
