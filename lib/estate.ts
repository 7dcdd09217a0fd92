import { type Evaluation, type Expectations, evaluate, isSubject, type Subject, subjectsOf } from "./analyze.ts";
import type { Finding } from "./model/finding.ts";
import { digestOf } from "./model/finding-digest.ts";
import type { Asker, Question } from "./model/questions.ts";
import type { ResourceId } from "./model/resource-id.ts";
import type { SnapshotBuilder } from "./model/snapshot-builder.ts";

/**
 * The subjects of a snapshot, and what rules say of each. The snapshot may change at any time; `catchUp` then evaluates the
 * subjects that asked what is answered in another way now, and no others.
 */
export class Estate {
  readonly snapshot: SnapshotBuilder;
  readonly #expectations: Expectations;
  readonly #isOwn: (subject: Subject) => boolean;
  readonly #looks = new Map<string, Look>();
  #stale: Look[] = [];
  #upheavals: number | undefined;

  /** Only subjects that are `isOwn` are evaluated. A snapshot can have one estate. */
  constructor(
    snapshot: SnapshotBuilder,
    expectations: Expectations,
    isOwn: (subject: Subject) => boolean = () => true,
  ) {
    this.snapshot = snapshot;
    this.#expectations = expectations;
    this.#isOwn = isOwn;
  }

  /** In the order in which an audit of the same snapshot gives them. */
  get evaluations(): readonly Evaluation[] {
    const subjects = subjectsOf(this.snapshot, this.#expectations.policy);
    return subjects.flatMap(({ id }) => this.#looks.get(id.key)?.evaluation ?? []);
  }

  /** Evaluates what is new, and what looked at something that has changed since the last call. */
  catchUp(): Difference {
    const appeared = this.snapshot.settle();
    if (this.snapshot.upheavals !== this.#upheavals) this.#addAll();
    for (const subject of appeared.filter(isSubject)) this.#add(subject);
    const stale = this.#stale;
    this.#stale = [];
    const before = stale.flatMap(({ evaluation }) => evaluation ?? []);
    for (const look of stale) this.#look(look);
    const after = stale.flatMap(({ evaluation }) => evaluation ?? []);
    return new Difference(before, after);
  }

  /** What `change` would make of the findings, if it were to stay. */
  tryOut(change: () => void): Difference {
    const difference = this.snapshot.tryOut(change, () => this.catchUp());
    this.catchUp();
    return difference;
  }

  /** The questions that the last look at a subject rests on: what it depends on. */
  questionsOf(subject: ResourceId): readonly Question[] {
    const look = this.#looks.get(subject.key);
    return look === undefined ? [] : [...this.snapshot.rootsOf(look)];
  }

  #addAll(): void {
    this.#upheavals = this.snapshot.upheavals;
    for (const subject of subjectsOf(this.snapshot, this.#expectations.policy)) this.#add(subject);
    this.#stale = [...this.#looks.values()];
  }

  #add(subject: Subject): void {
    if (this.#looks.has(subject.id.key) || !this.#isOwn(subject)) return;
    const look = new Look(subject, (one) => this.#stale.push(one));
    this.#looks.set(subject.id.key, look);
    this.#stale.push(look);
  }

  #look(look: Look): void {
    look.evaluation = this.snapshot.look(look, () => this.#evaluate(look));
    if (look.evaluation !== undefined) return;
    this.snapshot.leave(look);
    this.#looks.delete(look.id.key);
  }

  /** Undefined where the subject is gone. */
  #evaluate({ id, site }: Look): Evaluation | undefined {
    if (site !== undefined) return evaluate(site, this.snapshot, this.#expectations);
    const found = this.snapshot.get(id);
    if (found.kind !== "fact" || !isSubject(found.fact)) return undefined;
    return evaluate(found.fact, this.snapshot, this.#expectations);
  }
}

/** One subject, and what came of looking at it. */
class Look implements Asker {
  readonly id: ResourceId;
  /** Sites are the policy's: they do not change. */
  readonly site: Subject | undefined;
  evaluation: Evaluation | undefined;
  asked: readonly Question[] = [];
  isStale = true;
  readonly #tell: (look: Look) => void;

  constructor(subject: Subject, tell: (look: Look) => void) {
    this.id = subject.id;
    this.site = subject.kind === "site" ? subject : undefined;
    this.#tell = tell;
  }

  onStale(): void {
    this.#tell(this);
  }
}

/** What a change of the snapshot made of the findings. */
export class Difference {
  /** Of the subjects that had to be evaluated, those that there were. */
  readonly before: readonly Evaluation[];
  /** Those that there are. */
  readonly after: readonly Evaluation[];

  constructor(before: readonly Evaluation[], after: readonly Evaluation[]) {
    this.before = before;
    this.after = after;
  }

  get gone(): readonly Finding[] {
    const is = byId(this.after);
    return findingsIn(this.before).filter(({ id }) => !is.has(id));
  }

  get come(): readonly Finding[] {
    const was = byId(this.before);
    return findingsIn(this.after).filter(({ id }) => !was.has(id));
  }

  /** Those that were there before and say something else in substance, as they are now. */
  get changed(): readonly Finding[] {
    const was = byId(this.before);
    return findingsIn(this.after).filter((finding) => {
      const known = was.get(finding.id);
      return known !== undefined && digestOf(known) !== digestOf(finding);
    });
  }
}

function findingsIn(evaluations: readonly Evaluation[]): readonly Finding[] {
  return evaluations.flatMap(({ findings }) => findings);
}

function byId(evaluations: readonly Evaluation[]): ReadonlyMap<string, Finding> {
  return new Map(findingsIn(evaluations).map((finding) => [finding.id, finding]));
}
