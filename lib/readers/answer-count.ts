import type { Reading } from "./reader.ts";

/** What stands before the answers that `cordon record` writes, so that nobody takes a part of the file for the whole. */
export interface AnswerCount {
  readonly answers: number;
}

export function isAnswerCount(value: object): value is AnswerCount {
  return "answers" in value && Number.isInteger(value.answers) && Object.keys(value).length === 1;
}

/** Counts the answers of one file, and those that it says it holds. */
export class CountedAnswers {
  #said = 0;
  #found = 0;

  /** A file may be several, one after the other. */
  say({ answers }: AnswerCount): void {
    this.#said += answers;
  }

  add(): void {
    this.#found += 1;
  }

  *shortcomings(file: string): Generator<Reading> {
    const missing = this.#said - this.#found;
    if (missing <= 0) return;
    const message = `${missing} of ${this.#said} answers are missing: the recording was cut off`;
    yield { kind: "problem", where: file, message, isLost: true };
  }
}
