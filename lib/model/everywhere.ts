import { knownEverywhere, readThin } from "./absence.ts";
import type { Entry } from "./place.ts";
import { isSameAnswer, type Places } from "./places.ts";
import { Question, type Questions } from "./questions.ts";
import type { Completeness } from "./snapshot.ts";

interface Answer {
  readonly question: Question;
  answer: Completeness;
  /** Whether something changed on which the answer rests. */
  isOpen: boolean;
}

/** Whether all resources of a type are known: worked out once, and again only where it may have changed. */
export class Everywhere {
  readonly #places: Places;
  readonly #questions: Questions;
  readonly #subscriptions = new Set<string>();
  /** Folded type → how many were read without their properties. */
  readonly #thin = new Map<string, number>();
  readonly #answers = new Map<string, Answer>();
  /** What to say where nobody read enough; `what` names what is missing, of which a part may have been read. */
  readonly #neverRead: (type: string, what: string, isPartial: boolean) => Completeness;

  constructor(
    places: Places,
    questions: Questions,
    neverRead: (type: string, what: string, isPartial: boolean) => Completeness,
  ) {
    this.#places = places;
    this.#questions = questions;
    this.#neverRead = neverRead;
  }

  of(type: string): Completeness {
    const known = this.#answers.get(type);
    const answer = known ?? { question: new Question("everywhere", type), answer: this.#work(type), isOpen: false };
    if (known === undefined) this.#answers.set(type, answer);
    else if (answer.isOpen) this.#workAgain(type, answer);
    this.#questions.note(answer.question);
    return answer.answer;
  }

  in(type: string, subscription: string): Completeness {
    return this.#questions.aside(() => {
      const known = knownEverywhere(this.#places, type, [subscription]);
      return known.kind === "missing" ? { kind: "notRead" } : known;
    });
  }

  addSubscription(subscription: string): void {
    if (this.#subscriptions.has(subscription)) return;
    this.#subscriptions.add(subscription);
    this.openAll();
  }

  /** What is known of one resource of a type changed. */
  change(type: string, before: Entry | undefined, after: Entry | undefined): void {
    const more = Number(after?.isFull === false) - Number(before?.isFull === false);
    if (more !== 0) this.#thin.set(type, (this.#thin.get(type) ?? 0) + more);
    const isAlike = before?.isFull === after?.isFull && `${before?.embeds}` === `${after?.embeds}`;
    if (!isAlike) this.open(type);
  }

  /** The answer for a type, and for what is in resources of that type, may have changed. */
  open(type: string): void {
    for (const [asked, answer] of this.#answers) answer.isOpen ||= asked === type || asked.startsWith(`${type}/`);
  }

  openAll(): void {
    for (const answer of this.#answers.values()) answer.isOpen = true;
  }

  /** Touches what has changed. */
  settle(): void {
    for (const [type, answer] of this.#answers) if (answer.isOpen) this.#workAgain(type, answer);
  }

  #workAgain(type: string, known: Answer): void {
    const before = known.answer;
    known.answer = this.#work(type);
    known.isOpen = false;
    if (!isSameAnswer(before, known.answer)) this.#questions.touch(known.question);
  }

  #work(type: string): Completeness {
    return this.#questions.aside(() => {
      if (this.#subscriptions.size === 0) return this.#neverRead(type, `any list of \`${type}\``, false);
      const thin = readThin(this.#places, type, this.#thin.get(type) ?? 0);
      const known = thin ?? knownEverywhere(this.#places, type, this.#subscriptions);
      const isMissing = known.kind === "missing" || (known.kind === "unreadable" && known.why === "notRecorded");
      if (!isMissing) return known;
      const where = known.kind === "missing" ? ` in subscription \`${known.subscription}\`` : "";
      const read = this.#places.ofType(type);
      const isPartial =
        known.kind === "missing" ? read.some(({ id }) => id.subscription === known.subscription) : read.length > 0;
      return this.#neverRead(type, `the list of all \`${type}\`${where}`, isPartial);
    });
  }
}
