import type { ResourceId } from "../model/resource-id.ts";
import type { App } from "./app.ts";
import { isSettledIn } from "./audit-ledgers.ts";
import type { Answers } from "./read-once.ts";

/** What an audit after a change has before it reads. */
export interface Start {
  readonly ticket: number;
  /** As `ChangeRound` has it. */
  readonly isSettled: boolean;
  /** The prints of the links of its subjects, by their keys. */
  readonly linked: ReadonlyMap<string, string>;
}

/** One of the audits that read together: in each of their rounds, each question is asked but once. */
export interface Companion {
  /**
   * Answers for one more round: when all that are still there have come so far. INVARIANT: whoever asks has its ticket, and has
   * written its links, so that whoever follows what changes after an answer finds them, and has a higher ticket.
   */
  readonly round: () => Promise<Answers>;
  /** The others wait for it no more. */
  readonly leave: () => void;
}

export function companions(count: number): readonly Companion[] {
  const there = new Set(Array.from({ length: count }, (_, at) => at));
  const waiting: ((answers: Answers) => void)[] = [];
  const goOn = () => {
    if (waiting.length < there.size) return;
    const answers: Answers = new Map();
    for (const tell of waiting.splice(0)) tell(answers);
  };
  return [...there].map((own) => ({
    round: () => {
      return new Promise((resolve) => {
        waiting.push(resolve);
        goOn();
      });
    },
    leave() {
      if (there.delete(own)) goOn();
    },
  }));
}

export async function startOf(app: App, ledger: string, subjects: readonly ResourceId[]): Promise<Start> {
  const ticket = await app.store.takeTicket(ledger, "part");
  const isSettled = await isSettledIn(app, ledger);
  const keys = isSettled ? subjects.map(({ key }) => key) : [];
  return { ticket, isSettled, linked: await linkedPrints(app, keys) };
}

/** Which links of subjects are noted to be there: the sites of the policy have no record that could say so. */
export async function linkedPrints({ index }: App, subjectKeys: Iterable<string>): Promise<Start["linked"]> {
  const facts = await index.records.facts([...subjectKeys].filter((key) => key.startsWith("/")));
  return new Map([...facts].flatMap(([key, { asked }]) => (asked === undefined ? [] : [[key, asked] as const])));
}
