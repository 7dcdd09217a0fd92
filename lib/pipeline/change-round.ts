import type { Expectations } from "../analyze.ts";
import type { ResourceId } from "../model/resource-id.ts";
import { SnapshotBuilder } from "../model/snapshot-builder.ts";
import type { Reader } from "../readers/reader.ts";
import { Session } from "../session.ts";
import type { App } from "./app.ts";
import { isSettledIn } from "./audit-ledgers.ts";
import { neighbourhood } from "./neighbourhood.ts";
import { type Answers, readOnce } from "./read-once.ts";
import type { Start } from "./together.ts";
import { checkGaps, watched } from "./watched-reader.ts";

export interface ChangeRequest {
  /** Whose resources and subjects these are. */
  readonly subscriptionId: string;
  /** What is said to have changed. */
  readonly resources: readonly ResourceId[];
  /** The keys of those of them that are said to have been deleted. */
  readonly deleted: ReadonlySet<string>;
  /** What is to be evaluated whether or not anything has changed. */
  readonly subjects: readonly ResourceId[];
  /** Whether the resources are to be evaluated even if nothing has changed. */
  readonly isForced: boolean;
  readonly reason: string;
  readonly isLastDelivery: boolean;
}

/** One round of an audit after a change: a look at what changed, on a snapshot of its own that is filled on demand. */
export interface ChangeRound {
  readonly app: App;
  readonly ledger: string;
  readonly ticket: number;
  readonly readAt: string;
  readonly expectations: Expectations;
  readonly session: Session;
  /** Asks each question once. */
  readonly around: Reader;
  /** Why subscriptions cannot be read, by their ids. */
  readonly closed: ReadonlyMap<string, string>;
  /** Keys of what came with a list. */
  readonly listed: ReadonlySet<string>;
  /** What `around` has answered so far, without asking anything more. */
  readonly received: Reader;
  readonly links: LinkedSoFar;
  /** The prints of the links of its subjects from before anything was read; undefined where nobody looked. */
  readonly linkedBefore: Start["linked"] | undefined;
  /**
   * While an audit of the whole that began before this one is half done, what records say of links may be about those that it has
   * just replaced. One that begins later outruns this one.
   */
  readonly isSettled: boolean;
  /** Throws where nothing is to be written, since something could not be read for now. */
  readonly check: () => void;
}

/** What the links of the index have got so far. */
export interface LinkedSoFar {
  /** What was linked in the rounds before: subject → print. */
  readonly linked: Map<string, string>;
  /** What names what, as links under this ticket or an earlier one say. */
  readonly named: Set<string>;
  /** Whether some of that was not there yet when the ticket was taken. */
  readonly isNamedAnew: () => boolean;
}

/** Whose audit a round belongs to. */
export interface RoundOf {
  readonly ledger: string;
  readonly ticket: number;
  readonly links: LinkedSoFar;
  /** Where it reads together with others. */
  readonly shared?: { readonly start: Start; readonly answers: Answers };
}

/** More rounds than that are not made under one ticket. */
export const mostRounds = 5;

export async function beginRound(
  app: App,
  { isLastDelivery }: ChangeRequest,
  source: Reader,
  { ledger, ticket, links, shared }: RoundOf,
): Promise<ChangeRound> {
  const readAt = app.now().toISOString();
  const reader = watched(shared === undefined ? source : readOnce(source, shared.answers));
  const once = readOnce(reader);
  const around = neighbourhood(once, app.index, app.scope);
  const session = new Session(undefined, new SnapshotBuilder(() => true));
  await session.take(around.readAll());
  return {
    ...{ app, ledger, ticket, readAt, session, around, links },
    expectations: { ...app.expectations, today: readAt.slice(0, 10) },
    closed: reader.closedSubscriptions,
    listed: once.listed,
    received: once.received,
    linkedBefore: shared?.start.linked,
    isSettled: shared?.start.isSettled ?? (await isSettledIn(app, ledger)),
    check: () => checkGaps(reader, ledger, isLastDelivery),
  };
}
