import type { Expectations } from "../analyze.ts";
import type { ChangeMessage } from "../model/message.ts";
import type { Reader } from "../readers/reader.ts";
import type { Sink } from "../sinks/sink.ts";
import type { ChangeIndex } from "../state/change-index.ts";
import type { ReadingLog } from "../state/reading-log.ts";
import type { Store } from "../state/store.ts";

/** What a reader is for. */
export interface ReadingPurpose {
  readonly purpose: "scheduled" | "change";
  /** Then what cannot be read for now counts as unreadable; otherwise the reader may throw. */
  readonly isLastTry: boolean;
}

/** What audits work with. */
export interface App {
  /** Reads a subscription, and what its evidence needs elsewhere; undefined for one that is outside of the scope. */
  readonly readerFor: (
    subscriptionId: string,
    reading: ReadingPurpose,
  ) => Reader | undefined | Promise<Reader | undefined>;
  readonly expectations: Omit<Expectations, "today">;
  /**
   * The subscription whose audits also decide about the sites of the policy, which are in none; its reader must see the
   * circuits of the whole scope. Undefined where nobody is to.
   */
  readonly homeOfSites: string | undefined;
  readonly store: Store;
  readonly index: ChangeIndex;
  /** The ids of the subscriptions in the scope, folded. */
  readonly scope: readonly string[];
  /** Which resources were read lately. */
  readonly readingLog: ReadingLog;
  /** The queue of changes: what is to be audited in a message of its own. */
  readonly changes: { put(message: ChangeMessage, delaySeconds?: number): Promise<void> };
  readonly sinks: readonly Sink[];
  readonly now: () => Date;
  readonly log: (message: string) => void;
  /** Where the report is, without a query: events link to it. */
  readonly reportUrl?: string;
}
