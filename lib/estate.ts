import { type Evaluation, type Expectations, evaluate, isSubject, type Subject, subjectsOf } from "./analyze.ts";
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
  #isOwn: (subject: Subject) => boolean;
  readonly #looks = new Map<string, Look>();
  /** Those that were not looked at yet, and can be looked at early. */
  #early: Look[] = [];
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

  /** What there is now are the subjects; what appears from now on is evidence. */
  seal(): void {
    const subjects = subjectsOf(this.snapshot, this.#expectations.policy);
    const own = new Set(subjects.map(({ id }) => id.key));
    this.#isOwn = ({ id }) => own.has(id.key);
    for (const subject of subjects) this.#add(subject);
  }

  /** In the order in which an audit of the same snapshot gives them. */
  get evaluations(): readonly Evaluation[] {
    const subjects = subjectsOf(this.snapshot, this.#expectations.policy);
    return subjects.flatMap(({ id }) => this.#looks.get(id.key)?.evaluation ?? []);
  }

  /** Evaluates what is new, and what looked at something that has changed since the last call; gives what came of it. */
  catchUp(): readonly Evaluation[] {
    const appeared = this.snapshot.settle();
    if (this.snapshot.upheavals !== this.#upheavals) this.#addAll();
    for (const subject of appeared.filter(isSubject)) this.#add(subject);
    const stale = [...this.#early.splice(0), ...this.#stale.splice(0)];
    for (const look of stale) this.#look(look);
    return stale.flatMap(({ evaluation }) => evaluation ?? []);
  }

  /**
   * Evaluates at most `count` of the subjects that were not looked at yet, while the rest is still being read. Those that asked
   * for something that is missing so far are evaluated again when everything is there, as are those whom it changes.
   */
  lookAhead(count: number): void {
    if (this.snapshot.upheavals !== this.#upheavals) this.#addAll();
    for (const look of this.#early.splice(-count)) {
      this.#look(look);
      const isMissing = this.snapshot.takeUnanswered().length > 0;
      if (isMissing && look.evaluation !== undefined) look.spoil();
    }
  }

  /** The questions that the last look at a subject rests on: what it depends on. */
  questionsOf(subject: ResourceId): readonly Question[] {
    const look = this.#looks.get(subject.key);
    return look === undefined ? [] : [...this.snapshot.rootsOf(look)];
  }

  #addAll(): void {
    this.#upheavals = this.snapshot.upheavals;
    for (const subject of subjectsOf(this.snapshot, this.#expectations.policy)) this.#add(subject);
    this.#early = [];
    this.#stale = [];
    for (const look of this.#looks.values()) this.#queue(look);
  }

  #add(subject: Subject): void {
    if (this.#looks.has(subject.id.key) || !this.#isOwn(subject)) return;
    const look = new Look(subject, (one) => this.#stale.push(one));
    this.#looks.set(subject.id.key, look);
    this.#queue(look);
  }

  #queue(look: Look): void {
    (look.isEarly ? this.#early : this.#stale).push(look);
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

/** What nearly always rests on children of others, which come last: to look at them early is in vain. */
const restingOnChildren: readonly Subject["kind"][] = [
  "subnet",
  "privateEndpoint",
  "azureFirewall",
  "firewallPolicy",
  "site",
];

/** One subject, and what came of looking at it. */
class Look implements Asker {
  readonly id: ResourceId;
  /** Sites are the policy's: they do not change. */
  readonly site: Subject | undefined;
  readonly isEarly: boolean;
  evaluation: Evaluation | undefined;
  asked: readonly Question[] = [];
  isStale = true;
  readonly #tell: (look: Look) => void;

  constructor(subject: Subject, tell: (look: Look) => void) {
    this.id = subject.id;
    this.site = subject.kind === "site" ? subject : undefined;
    this.isEarly = !restingOnChildren.includes(subject.kind);
    this.#tell = tell;
  }

  onStale(): void {
    this.#tell(this);
  }

  /** It has to be looked at again, whatever becomes of what it asked. */
  spoil(): void {
    if (this.isStale) return;
    this.isStale = true;
    this.onStale();
  }
}
