import { type Evaluation, type Expectations, evaluate, isSubject, type Subject, subjectsOf } from "../analyze.ts";
import type { Finding } from "../model/finding.ts";
import type { Snapshot } from "../model/snapshot.ts";
import type { Change } from "./change.ts";
import { type Bodies, type EditedBody, edited } from "./edit.ts";
import { overlaid } from "./overlay.ts";

/** An estate with what an audit of it says. */
export interface AuditedEstate {
  readonly snapshot: Snapshot;
  readonly expectations: Expectations;
  readonly evaluations: readonly Evaluation[];
  /** There where others were not evaluated: what becomes of those is not asked either. */
  readonly isPart?: true;
}

export function auditedEstate(snapshot: Snapshot, expectations: Expectations): AuditedEstate {
  const subjects = subjectsOf(snapshot, expectations.policy);
  return { snapshot, expectations, evaluations: subjects.map((one) => evaluate(one, snapshot, expectations)) };
}

/** The estate as it would be after the changes, those included that Azure makes along with them. */
export function changedEstate(estate: AuditedEstate, changes: readonly Change[], bodies: Bodies): AuditedEstate {
  const snapshot = overlaid(estate.snapshot, editedBy(changes, bodies));
  if (estate.isPart === undefined) return auditedEstate(snapshot, estate.expectations);
  const evaluations = estate.evaluations.flatMap(({ subject }) => evaluationIn(snapshot, subject, estate) ?? []);
  return { ...estate, snapshot, evaluations };
}

/** What an audit would say of one subject after the changes; undefined where it is gone with them. */
export function evaluationAfter(
  subject: Subject,
  estate: AuditedEstate,
  changes: readonly Change[],
  bodies: Bodies,
): Evaluation | undefined {
  return evaluationIn(overlaid(estate.snapshot, editedBy(changes, bodies)), subject, estate);
}

function evaluationIn(snapshot: Snapshot, subject: Subject, estate: AuditedEstate): Evaluation | undefined {
  if (subject.kind === "site") return evaluate(subject, snapshot, estate.expectations);
  const found = snapshot.get(subject.id);
  const isThere = found.kind === "fact" && isSubject(found.fact);
  return isThere ? evaluate(found.fact, snapshot, estate.expectations) : undefined;
}

/** The bodies that changes change, with what Azure changes along with them. */
export function editedBy(changes: readonly Change[], bodies: Bodies): ReadonlyMap<string, EditedBody> {
  const edits = changes.flatMap((change) => [...change.edits, ...(change.follows ?? [])]);
  return edited(edits, bodies);
}

export function bodiesAfter(changes: readonly Change[], bodies: Bodies): Bodies {
  const after = editedBy(changes, bodies);
  return (id) => (after.has(id.key) ? after.get(id.key)?.body : bodies(id));
}

export function findingsOf({ evaluations }: AuditedEstate): readonly Finding[] {
  return evaluations.flatMap(({ findings }) => findings);
}
