import type { Asker } from "../../lib/model/questions.ts";

/** Somebody who looks at a snapshot, and does nothing about it when an answer changes. */
export function anAsker(): Asker {
  return { asked: [], isStale: true, onStale() {} };
}
