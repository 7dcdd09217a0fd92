import pMap from "p-map";
import { type Evaluation, type Expectations, evaluate, isSubject, subjectsOf } from "./analyze.ts";
import { Estate } from "./estate.ts";
import { GlobIndex } from "./model/glob-index.ts";
import type { PolicyEntry, Waiver } from "./model/policy.ts";
import type { Question } from "./model/questions.ts";
import type { ResourceId } from "./model/resource-id.ts";
import type { Found, Snapshot } from "./model/snapshot.ts";
import type { SnapshotBuilder } from "./model/snapshot-builder.ts";
import type { Reader } from "./readers/reader.ts";
import { type OnProgress, Session, type Shortcomings } from "./session.ts";

/** Everything that one audit found out. */
export interface Audit extends Shortcomings {
  readonly evaluations: readonly Evaluation[];
  readonly unusedWaivers: readonly Waiver[];
  /** Entries of the policy for which nothing was read. */
  readonly unmatchedEntries: readonly PolicyEntry[];
  /** How many resources were read. */
  readonly resources: number;
  /** What is known of a resource after the audit; asks the reader where nobody has yet. */
  readonly find: (id: ResourceId) => Promise<Found>;
}

/** Reads everything in the reader's scope, then evaluates, reads what turned out to be missing, and evaluates again. */
export async function audit(reader: Reader, expectations: Expectations, onProgress?: OnProgress): Promise<Audit> {
  return await auditIn(new Session(onProgress), reader, expectations, {});
}

/** An audit, and what it looked at. */
export interface SnapshotAudit extends Audit {
  /** Nothing in it is "not read". */
  readonly snapshot: Snapshot;
}

/** For those who have more questions after an audit: what it did not have to read is then unreadable. */
export async function auditSnapshot(
  reader: Reader,
  expectations: Expectations,
  onProgress?: OnProgress,
): Promise<SnapshotAudit> {
  const session = new Session(onProgress);
  const found = await auditIn(session, reader, expectations, {});
  const { snapshot } = session;
  if (!snapshot.isClosed) snapshot.close("was not read");
  return { ...found, snapshot };
}

/** An audit, and what each evaluation rested on. */
export interface NotedAudit extends Audit {
  readonly snapshot: SnapshotBuilder;
  readonly questionsOf: (subject: ResourceId) => readonly Question[];
}

/** What those who audit again and again know beforehand; both are asked for when everything is read. */
export interface Foreknowledge {
  /** Subjects as well if they are there: whoever knows of them wants to know what became of them. */
  readonly remembered?: () => readonly ResourceId[];
  /** What has to be read once more, from where it is. */
  readonly doubtful?: (snapshot: SnapshotBuilder) => Promise<readonly ResourceId[]>;
}

/** The same, for those who want to know later what a change touches. */
export async function auditNoting(
  session: Session,
  reader: Reader,
  expectations: Expectations,
  foreknowledge: Foreknowledge,
): Promise<NotedAudit> {
  const { snapshot } = session;
  const { questionsOf, ...found } = await auditIn(session, reader, expectations, foreknowledge, true);
  return { ...found, snapshot, questionsOf };
}

/** Evaluates some subjects, each as far as it is there, and reads what it takes. */
export async function auditSubjects(
  session: Session,
  reader: Reader,
  expectations: Expectations,
  subjects: readonly ResourceId[],
): Promise<NotedAudit> {
  const { snapshot } = session;
  const own = new Set(subjects.map(({ key }) => key));
  await pMap(subjects, async (id) => await lookAt(id, session, reader), { concurrency: readsAtOnce });
  const estate = new Estate(snapshot, expectations, ({ id }) => own.has(id.key));
  const evaluations = await evaluateIn(estate, session, reader);
  return {
    ...resultOf(session, evaluations, reader, expectations),
    snapshot,
    questionsOf: (id) => estate.questionsOf(id),
  };
}

const readsAtOnce = 16;

async function lookAt(id: ResourceId, session: Session, reader: Reader): Promise<void> {
  if (id.subscription !== "") await session.look(id, reader);
}

async function auditIn(
  session: Session,
  reader: Reader,
  expectations: Expectations,
  { remembered = () => [], doubtful = async () => [] }: Foreknowledge,
  isNoted = false,
): Promise<Audit & Pick<NotedAudit, "questionsOf">> {
  const { snapshot } = session;
  const estate = await readAll(session, reader, expectations);
  const ids = remembered();
  for (const id of ids) await session.look(id, reader);
  if (!snapshot.isClosed) {
    const again = await doubtful(snapshot);
    await pMap(again, async (id) => await session.answer({ kind: "resource", id }, reader), {
      concurrency: readsAtOnce,
    });
  }
  if (snapshot.isClosed && !isNoted) {
    const subjects = subjectsOf(snapshot, expectations.policy);
    const evaluations = subjects.map((subject) => evaluate(subject, snapshot, expectations));
    return { ...resultOf(session, evaluations, reader, expectations), questionsOf: () => [] };
  }
  const evaluations = await evaluateRead(estate, ids, session, reader);
  return {
    ...resultOf(session, evaluations, reader, expectations),
    questionsOf: (id) => estate.questionsOf(id),
  };
}

/** Evaluates what was listed, as far as that can be said already, while the rest is on its way. */
async function readAll(session: Session, reader: Reader, expectations: Expectations): Promise<Estate> {
  const estate = new Estate(session.snapshot, expectations);
  await session.take(reader.readAll(), () => {
    if (session.isListed) estate.lookAhead(subjectsAtOnce);
  });
  return estate;
}

/** So few that no answer waits for long. */
const subjectsAtOnce = 4;

/** What is read on the way is evidence: it is not audited itself, unless somebody has it in mind. */
async function evaluateRead(
  estate: Estate,
  remembered: readonly ResourceId[],
  session: Session,
  reader: Reader,
): Promise<readonly Evaluation[]> {
  estate.seal();
  let evaluations = await evaluateIn(estate, session, reader);
  for (let round = 1; round < mostRounds && isAnyMissed(remembered, evaluations, session.snapshot); round += 1) {
    estate.seal();
    evaluations = await evaluateIn(estate, session, reader);
  }
  return evaluations;
}

function resultOf(
  session: Session,
  evaluations: readonly Evaluation[],
  reader: Reader,
  expectations: Expectations,
): Audit {
  return {
    ...session.shortcomings(),
    evaluations,
    unusedWaivers: unusedWaivers(evaluations, expectations),
    unmatchedEntries: unmatchedEntries(session.snapshot, expectations),
    resources: session.snapshot.size,
    find: async (id) => session.look(id, reader),
  };
}

/** What the first round missed came to be known in it; the next one begins with it. */
const mostRounds = 3;

/** Whether something came to be known only while others were evaluated, as evidence of theirs. */
function isAnyMissed(ids: readonly ResourceId[], evaluations: readonly Evaluation[], snapshot: Snapshot): boolean {
  if (ids.length === 0) return false;
  const evaluated = new Set(evaluations.map(({ subject }) => subject.id.key));
  return ids.some((id) => {
    const found = snapshot.get(id);
    return found.kind === "fact" && isSubject(found.fact) && !evaluated.has(id.key);
  });
}

/** All that a reader has in its scope, for questions that are no audit. */
export interface SnapshotReading {
  readonly snapshot: Snapshot;
  /** Asks again, after reading what is missing, until nothing is that was not read. */
  ask<T>(question: () => T): Promise<T>;
  /** Of all that was read so far. */
  shortcomings(): Shortcomings;
}

export async function readSnapshot(reader: Reader, onProgress?: OnProgress): Promise<SnapshotReading> {
  const session = new Session(onProgress);
  await session.take(reader.readAll());
  const { snapshot } = session;
  return {
    snapshot,
    ask: async (question) => await askIn(session, reader, question),
    shortcomings: () => session.shortcomings(),
  };
}

async function askIn<T>(session: Session, reader: Reader, question: () => T): Promise<T> {
  const { snapshot } = session;
  const asker = { asked: [], isStale: true, onStale() {} };
  for (;;) {
    snapshot.settle();
    const answer = snapshot.look(asker, question);
    const missing = snapshot.takeUnanswered();
    if (missing.length === 0) return answer;
    await pMap(missing, async (key) => await session.answer(key, reader), { concurrency: readsAtOnce });
  }
}

async function evaluateIn(estate: Estate, session: Session, reader: Reader): Promise<readonly Evaluation[]> {
  for (;;) {
    estate.catchUp();
    const missing = session.snapshot.takeUnanswered();
    if (missing.length === 0) return estate.evaluations;
    await Promise.all(missing.map((key) => session.answer(key, reader)));
  }
}

function unusedWaivers(evaluations: readonly Evaluation[], { policy }: Expectations): readonly Waiver[] {
  if (policy.waivers.length === 0) return [];
  const findings = evaluations.flatMap((evaluation) => evaluation.findings);
  const used = new Set(findings.flatMap(({ rule, resource }) => policy.waiversFor(rule, resource)));
  return policy.waivers.filter((waiver) => !used.has(waiver));
}

function unmatchedEntries(snapshot: Snapshot, { policy }: Expectations): readonly PolicyEntry[] {
  const matched = new Set<PolicyEntry>();
  for (const [kind, entries] of Map.groupBy(policy.entries, (entry) => entry.kind)) {
    const facts = snapshot.ofKind(kind);
    const byGlob = new GlobIndex(
      entries.filter((entry) => "glob" in entry),
      ({ glob }) => glob,
    );
    for (const { id } of facts) for (const entry of byGlob.matching(id)) matched.add(entry);
    for (const entry of entries) if ("isFor" in entry && facts.some(entry.isFor)) matched.add(entry);
  }
  return policy.entries.filter((entry) => !matched.has(entry));
}
