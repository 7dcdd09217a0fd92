import type { Expectations } from "../analyze.ts";
import type { NotedAudit } from "../audit.ts";
import { closingRecordOf } from "../fix/closing-record.ts";
import type { AuditedEstate } from "../fix/estate.ts";
import { usualEffort } from "../fix/smallest-fix.ts";
import { touchedByChanges } from "../fix/touched.ts";
import { fixOf } from "../fix.ts";
import type { FixRecord } from "../model/closing-record.ts";
import type { Explanation } from "../model/explanation.ts";
import type { Finding } from "../model/finding.ts";
import { ResourceId } from "../model/resource-id.ts";
import { factAt } from "../model/snapshot.ts";
import { exampleOf } from "../reach/example.ts";
import { flowRecordOf } from "../reach/witness-record.ts";
import type { ChangeRound } from "./change-round.ts";

/** Somebody who gets in, as a failed finding about a service says, where it says that somebody does. */
export function withWitness(
  { status, resource, rule: id }: Finding,
  audit: NotedAudit,
  { policy, rules }: Expectations,
): Explanation {
  const shown = rules.find((rule) => rule.id === id)?.shows;
  if (status !== "fail" || shown === undefined || resource.subscription === "") return {};
  const service = factAt(resource, "service", audit.snapshot);
  if (service === undefined) return {};
  const witness = exampleOf(service, policy, audit.snapshot, shown);
  return witness === undefined ? {} : { witness: flowRecordOf(witness) };
}

/** Fixes of so many findings are looked for after one change. */
const mostFixes = 20;

/** Fewer sets than `cordon fix` tries, so that nobody waits for long. */
const effort = { ...usualEffort, sets: 512 };

/**
 * The same with what closes the finding. Nothing is read for that: it is told where all that it touches was evaluated, so that
 * what else it changes is known.
 */
export function explainer(round: ChangeRound, audit: NotedAudit): (finding: Finding) => Promise<Explanation> {
  const { snapshot, evaluations } = audit;
  const estate: AuditedEstate = { snapshot, expectations: round.expectations, evaluations, isPart: true };
  let left = round.isSettled ? mostFixes : 0;
  return async (finding) => {
    const explanation = withWitness(finding, audit, round.expectations);
    if (finding.status !== "fail" || left === 0) return explanation;
    left -= 1;
    const fix = await fixIn(finding, estate, round);
    return fix === undefined ? explanation : { ...explanation, fix };
  };
}

async function fixIn(finding: Finding, estate: AuditedEstate, round: ChangeRound): Promise<FixRecord | undefined> {
  const { app, received } = round;
  const found = await fixOf(finding, estate, received, effort).catch((error: unknown) => {
    // a finding is told of whatever becomes of its fix
    app.log(`cannot look for a fix of \`${finding.id}\`: ${error instanceof Error ? error.message : error}`);
  });
  if (found?.fix.kind !== "found") return undefined;
  const { fix, bodies } = found;
  const { questions, subjects } = touchedByChanges(fix.closing.changes, bodies);
  const evaluated = new Set(estate.evaluations.map(({ subject }) => subject.id.key));
  const askers = await app.index.links.askers(questions);
  const all = [...subjects, ...[...askers].flatMap((text) => ResourceId.parseSubject(text)?.key ?? [])];
  if (!all.every((key) => evaluated.has(key))) return undefined;
  return { ...closingRecordOf(fix.closing, bodies), isMinimal: fix.isMinimal };
}
