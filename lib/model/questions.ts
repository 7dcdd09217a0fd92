import { type Key, textOfKey } from "./snapshot.ts";

/** Whatever was worked out from a snapshot, and has to be worked out again once an answer that it had has changed. */
export interface Asker {
  /** Each question once. Only `Questions` writes it. */
  asked: readonly Question[];
  /** Whether one of the answers has changed since. */
  isStale: boolean;
  /** Called when it turns stale. */
  onStale(): void;
}

/** A question that was put to a snapshot, and who asked it. */
export class Question {
  readonly kind: string;
  readonly about: string;
  #askers: Asker | Asker[] | undefined;
  /** The look that noted it last. */
  mark = 0;

  /** `about` is the key of a resource, or whatever else the question is about. */
  constructor(kind: string, about: string) {
    this.kind = kind;
    this.about = about;
  }

  get text(): string {
    return `${this.kind} ${this.about}`;
  }

  get askers(): readonly Asker[] {
    if (this.#askers === undefined) return [];
    return Array.isArray(this.#askers) ? this.#askers : [this.#askers];
  }

  /** Most questions have few askers, and there are many questions: arrays are as long as they need to be. */
  addAsker(asker: Asker): void {
    const known = this.#askers;
    if (known === undefined) this.#askers = asker;
    else if (!Array.isArray(known)) this.#askers = [known, asker];
    else if (known.length < 16) this.#askers = [...known, asker];
    else known.push(asker);
  }

  removeAsker(asker: Asker): void {
    const known = this.#askers;
    if (known === asker) this.#askers = undefined;
    else if (Array.isArray(known)) {
      const last = known.pop();
      const at = known.indexOf(asker);
      if (last !== undefined && at >= 0) known[at] = last;
    }
  }

  get isAsked(): boolean {
    return this.#askers !== undefined && !(Array.isArray(this.#askers) && this.#askers.length === 0);
  }
}

const nothing: readonly never[] = [];

/** Something that several askers need, worked out once. To those it is one question more. */
class Remembered implements Asker {
  readonly question: Question;
  asked: readonly Question[] = nothing;
  isStale = true;
  value: unknown;
  readonly #touch: (question: Question) => void;

  constructor(name: string, touch: (question: Question) => void) {
    this.question = new Question("once", name);
    this.#touch = touch;
  }

  onStale(): void {
    this.value = undefined;
    this.#touch(this.question);
  }
}

/** Who asked what of a snapshot: the index by which a change finds what has to be worked out again. */
export class Questions {
  readonly #remembered = new Map<string, Remembered>();
  readonly #unanswered = new Map<string, Key>();
  /** What the current look has asked so far; undefined while nobody looks. */
  #asked: Question[] | undefined;
  #look = 0;
  #looks = 0;
  #isFollowed = false;
  #upheavals = 0;

  /** Whether what is asked now has to be noted. */
  get areNoted(): boolean {
    return this.#asked !== undefined;
  }

  /** Whether anybody has ever looked. */
  get isFollowed(): boolean {
    return this.#isFollowed;
  }

  /** How often everything has changed at once: a look from before says nothing any more. */
  get upheavals(): number {
    return this.#upheavals;
  }

  /** Does `work`, and notes what it asks. */
  look<T>(asker: Asker, work: () => T): T {
    const [outerAsked, outerLook] = [this.#asked, this.#look];
    const asked: Question[] = [];
    if (!this.#isFollowed) this.#remembered.clear(); // nobody noted what that rests on
    this.#isFollowed = true;
    this.#asked = asked;
    this.#looks += 1;
    this.#look = this.#looks;
    try {
      const result = work();
      asker.isStale = false;
      return result;
    } finally {
      this.#settle(asker, asked);
      this.#asked = outerAsked;
      this.#look = outerLook;
    }
  }

  /** What the last look of the asker rests on, through whatever was worked out once. */
  rootsOf(asker: Asker): ReadonlySet<Question> {
    const roots = new Set<Question>();
    const seen = new Set<Question>();
    const collect = (asked: readonly Question[]) => {
      for (const question of asked) {
        if (seen.has(question)) continue;
        seen.add(question);
        const remembered = question.kind === "once" ? this.#remembered.get(question.about) : undefined;
        if (remembered === undefined) roots.add(question);
        else collect(remembered.asked);
      }
    };
    collect(asker.asked);
    return roots;
  }

  note(question: Question): void {
    if (this.#asked === undefined || question.mark === this.#look) return;
    question.mark = this.#look;
    this.#asked.push(question);
  }

  /** Nobody has read from Azure what would answer it. */
  noteUnanswered(key: Key): void {
    if (this.#asked !== undefined) this.#unanswered.set(textOfKey(key), key);
  }

  /** What nobody has read, of all that was asked since the last call. */
  takeUnanswered(): readonly Key[] {
    const keys = [...this.#unanswered.values()];
    this.#unanswered.clear();
    return keys;
  }

  /** What `work` asks is not noted. */
  aside<T>(work: () => T): T {
    const asked = this.#asked;
    this.#asked = undefined;
    try {
      return work();
    } finally {
      this.#asked = asked;
    }
  }

  /** The answer has changed. */
  touch(question: Question | undefined): void {
    if (question === undefined) return;
    for (const asker of question.askers) {
      if (asker.isStale) continue;
      asker.isStale = true;
      asker.onStale();
    }
  }

  touchAll(): void {
    this.#upheavals += 1;
    for (const known of this.#remembered.values()) known.isStale = true;
  }

  /** Something changed, and nobody has noted what depends on it. */
  forget(): void {
    if (!this.#isFollowed && this.#remembered.size > 0) this.#remembered.clear();
  }

  once<T>(name: string, work: () => T): T {
    const known = this.#remembered.get(name) ?? new Remembered(name, (question) => this.touch(question));
    if (known.isStale) {
      this.#remembered.set(name, known);
      known.value = { of: this.#isFollowed ? this.look(known, work) : work() };
      known.isStale = false;
    }
    this.note(known.question);
    const { of }: { readonly of: T } = Object(known.value);
    return of;
  }

  /** The asker is gone, and so is what only it needed. */
  leave(asker: Asker): void {
    asker.isStale = true;
    this.#settle(asker, nothing);
  }

  #settle(asker: Asker, noted: readonly Question[]): void {
    const before = asker.asked;
    const asked = this.#eachOnce(noted);
    if (before.length === asked.length && before.every((question, at) => question === asked[at])) return;
    const known = new Set(before);
    const now = new Set(asked);
    asker.asked = asked;
    for (const question of asked) if (!known.has(question)) question.addAsker(asker);
    for (const question of before) if (!now.has(question)) this.#withdraw(asker, question);
  }

  #withdraw(asker: Asker, question: Question): void {
    question.removeAsker(asker);
    const unneeded = question.isAsked ? undefined : this.#remembered.get(question.about);
    if (unneeded?.question !== question) return;
    this.#remembered.delete(question.about);
    this.leave(unneeded);
  }

  /** A look inside of the look takes over the marks, so that what is asked before and after it is noted twice. */
  #eachOnce(noted: readonly Question[]): readonly Question[] {
    this.#looks += 1;
    const distinct = noted.filter((question) => {
      const isNew = question.mark !== this.#looks;
      question.mark = this.#looks;
      return isNew;
    });
    return distinct.slice(); // no longer than it needs to be
  }
}
