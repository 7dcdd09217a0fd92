import { ListPages } from "../../lib/readers/list-pages.ts";
import type { Reading } from "../../lib/readers/reader.ts";
import { readAnswer } from "../../lib/readers/recorded-answer.ts";
import { estate, isAnswer } from "./estate.ts";

/** What a reader brings of a generated estate. */
export function* readingsOfEstate(count: number): Generator<Reading> {
  const pages = new ListPages();
  for (const line of estate(count)) {
    if (isAnswer(line)) yield* readAnswer(line, "estate", pages);
    else yield { kind: "resource", body: line, where: "estate" };
  }
  yield* pages.readings();
}
