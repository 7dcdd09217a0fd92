import { type Evaluation, type Expectations, evaluate, isSubject, subjectsOf } from "./analyze.ts";
import { Estate } from "./estate.ts";
import { project } from "./facts/project.ts";
import type { PolicyEntry, Waiver } from "./model/policy.ts";
import type { ResourceId } from "./model/resource-id.ts";
import type { Found, Key, Snapshot, Unreadable } from "./model/snapshot.ts";
import { SnapshotBuilder } from "./model/snapshot-builder.ts";
import type { Portion, Reader, Reading } from "./readers/reader.ts";

/** What went wrong with a reading. */
export interface Shortcomings {
  readonly problems: readonly Problem[];
  /** What was refused or failed, as the reader said it. */
  readonly gaps: readonly string[];
  /** Resources for which the reader brought two different bodies. */
  readonly conflicts: readonly ResourceId[];
}

/** Everything that one audit found out. */
export interface Audit extends Shortcomings {
  readonly evaluations: readonly Evaluation[];
  readonly unusedWaivers: readonly Waiver[];
  /** Entries of the policy for which no resource was read. */
  readonly unmatchedEntries: readonly PolicyEntry[];
  /** How many resources were read. */
  readonly resources: number;
  /** What is known of a resource after the audit; asks the reader where nobody has yet. */
  readonly find: (id: ResourceId) => Promise<Found>;
}

/** Input that could not be understood. */
export interface Problem {
  readonly where: string;
  readonly message: string;
}

/** Called now and then while a reading takes long, with the number of resources so far. */
export type OnProgress = (resources: number) => void;

/**
 * Reads everything in the reader's scope, then evaluates, reads what turned out to be missing, and evaluates again.
 * What is `remembered`, asked for when everything is read, is a subject as well if it is there: whoever knows of it wants to
 * know what became of it.
 */
export async function audit(
  reader: Reader,
  expectations: Expectations,
  onProgress?: OnProgress,
  remembered: () => readonly ResourceId[] = () => [],
): Promise<Audit> {
  return auditIn(new Session(onProgress), reader, expectations, remembered);
}

/** An audit, and what it looked at. */
export interface SnapshotAudit extends Audit, SnapshotReading {}

/** For those who have more questions after an audit: what it did not have to read is then unreadable. */
export async function auditSnapshot(
  reader: Reader,
  expectations: Expectations,
  onProgress?: OnProgress,
): Promise<SnapshotAudit> {
  const session = new Session(onProgress);
  const found = await auditIn(session, reader, expectations, () => []);
  const { snapshot } = session;
  if (!snapshot.isClosed) snapshot.close("was not read");
  return { ...found, snapshot };
}

async function auditIn(
  session: Session,
  reader: Reader,
  expectations: Expectations,
  remembered: () => readonly ResourceId[],
): Promise<Audit> {
  await session.take(reader.readAll());
  const { snapshot } = session;
  const ids = remembered();
  for (const id of ids) await session.look(id, reader);
  let evaluations = await evaluateAll(session, reader, expectations);
  for (let round = 1; round < mostRounds && isAnyMissed(ids, evaluations, snapshot); round += 1) {
    evaluations = await evaluateAll(session, reader, expectations);
  }
  return {
    ...session.shortcomings(),
    evaluations,
    unusedWaivers: unusedWaivers(evaluations, expectations),
    unmatchedEntries: unmatchedEntries(snapshot, expectations),
    resources: snapshot.size,
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

/** All that a reader has in its scope. */
export interface SnapshotReading extends Shortcomings {
  /** Nothing in it is "not read". */
  readonly snapshot: Snapshot;
}

/** For questions about an estate that are no audit. */
export async function readSnapshot(reader: Reader, onProgress?: OnProgress): Promise<SnapshotReading> {
  const session = new Session(onProgress);
  await session.take(reader.readAll());
  const { snapshot } = session;
  if (!snapshot.isClosed) snapshot.close("was not read");
  return { ...session.shortcomings(), snapshot };
}

/** What is read on the way is evidence: it is not audited itself. */
async function evaluateAll(
  session: Session,
  reader: Reader,
  expectations: Expectations,
): Promise<readonly Evaluation[]> {
  const { snapshot } = session;
  const subjects = subjectsOf(snapshot, expectations.policy);
  if (snapshot.isClosed) return subjects.map((subject) => evaluate(subject, snapshot, expectations));
  const own = new Set(subjects.map(({ id }) => id.key));
  const estate = new Estate(snapshot, expectations, ({ id }) => own.has(id.key));
  for (;;) {
    estate.catchUp();
    const missing = snapshot.takeUnanswered();
    if (missing.length === 0) return estate.evaluations;
    await Promise.all(missing.map((key) => session.answer(key, reader)));
  }
}

/** Services of which only children were read: nothing can be said of them, so it is said that they are there. */
function servicesNotRead(snapshot: SnapshotBuilder): readonly string[] {
  const children = [
    ...snapshot.ofKind("ipRule"),
    ...snapshot.ofKind("virtualNetworkRule"),
    ...snapshot.ofKind("firewall"),
  ];
  const parents = new Map(
    children.flatMap(({ id: { parent } }) => (parent === undefined ? [] : [[parent.key, parent]])),
  );
  const missing = [...parents.values()].filter((parent) => !["fact", "absent"].includes(snapshot.get(parent).kind));
  return missing.map((parent) => `\`${parent.text}\` was not read, only rules of its firewall: it is not audited`);
}

/** What has been read so far. */
class Session {
  readonly snapshot = new SnapshotBuilder();
  readonly #problems: Problem[] = [];
  readonly #gaps: string[] = [];
  readonly #onProgress: OnProgress | undefined;
  readonly #told = new Set<string>();
  #readings = 0;

  constructor(onProgress: OnProgress | undefined) {
    this.#onProgress = onProgress;
  }

  async take(portions: AsyncIterable<Portion>): Promise<void> {
    for await (const portion of portions) for (const reading of portion) this.#add(reading);
  }

  /** After this the key is no longer "not read", whatever the reader brought. */
  async answer(key: Key, reader: Reader): Promise<void> {
    await this.take(reader.read(key));
    const because = `nothing that was read answers the question for ${describe(key)}`;
    this.snapshot.giveUp(key, { kind: "unreadable", why: "failed", because });
  }

  /** What is known of a resource; asks the reader where nobody has yet. */
  async look(id: ResourceId, reader: Reader): Promise<Found> {
    if (id.isServiceTag) return tagIn(this.snapshot, id);
    if (this.snapshot.get(id).kind === "notRead") await this.answer({ kind: "resource", id }, reader);
    return this.snapshot.get(id);
  }

  shortcomings(): Shortcomings {
    return {
      problems: this.#problems,
      gaps: [...this.#gaps, ...servicesNotRead(this.snapshot)],
      conflicts: [...this.snapshot.conflicts.values()],
    };
  }

  #addResource({ body, where, at }: Reading & { kind: "resource" }): void {
    try {
      const { projected, problems } = project(body);
      for (const message of problems) this.#addProblem(where, message);
      if (projected !== undefined) this.snapshot.add(projected, at);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      this.#addProblem(where, "the resource is nested too deep to be judged");
    }
  }

  #addProblem(where: string, message: string): void {
    this.#problems.push({ where, message });
    this.#told.add(message);
  }

  /** What a problem says already is not said again. */
  #addGap({ because }: Unreadable): void {
    if (!this.#told.has(because)) this.#gaps.push(because);
  }

  #add(reading: Reading): void {
    this.#readings += 1;
    if (this.#readings % 1000 === 0) this.#onProgress?.(this.snapshot.size);
    switch (reading.kind) {
      case "resource":
        this.#addResource(reading);
        break;
      case "absent":
        this.snapshot.addAbsent(reading.id, reading.at);
        break;
      case "unreadable":
        this.#addGap(reading.unreadable);
        this.snapshot.addUnreadable(reading.id, reading.unreadable);
        break;
      case "list":
        if (reading.completeness.kind === "unreadable") this.#addGap(reading.completeness);
        this.snapshot.addList(reading.scope, reading.type, reading.completeness, reading.at);
        break;
      case "serviceTags":
        this.snapshot.addServiceTags(reading.list);
        break;
      case "problem":
        this.#addProblem(reading.where, reading.message);
        break;
      case "end":
        this.snapshot.close(reading.because);
        break;
    }
  }
}

/** Of a tag nothing can be asked but the lists that were read. */
function tagIn({ serviceTags }: Snapshot, id: ResourceId): Found {
  if (serviceTags.isEmpty) return { kind: "unreadable", why: "failed", because: "no list of service tags was read" };
  const isListed = serviceTags.nameOf(id.name) !== undefined;
  return isListed ? { kind: "fact", fact: { kind: "other", id, names: [] } } : { kind: "absent" };
}

function describe(key: Key): string {
  switch (key.kind) {
    case "resource":
      return `\`${key.id.text}\``;
    case "list":
      return `the list of \`${key.type}\` in \`${key.parent.text}\``;
    case "naming":
      return `what names \`${key.id.text}\``;
    case "kind":
      return `every ${key.of}`;
    case "everywhere":
      return `all \`${key.type}\``;
  }
}

function unusedWaivers(evaluations: readonly Evaluation[], { policy }: Expectations): readonly Waiver[] {
  const findings = evaluations.flatMap((evaluation) => evaluation.findings);
  return policy.waivers.filter(
    (waiver) => !findings.some(({ rule, resource }) => rule === waiver.rule && waiver.resource.matches(resource)),
  );
}

function unmatchedEntries(snapshot: Snapshot, { policy }: Expectations): readonly PolicyEntry[] {
  return policy.entries.filter(({ kind, resource }) => !snapshot.ofKind(kind).some(({ id }) => resource.matches(id)));
}
