import { CordonError } from "../model/cordon-error.ts";
import type { ReadRequest } from "../model/message.ts";
import type { ResourceId } from "../model/resource-id.ts";
import type { ReadingLog, Readings, TrailingReading } from "../state/reading-log.ts";

/** A message that wants a resource to be read. */
export interface Wish {
  readonly id: ResourceId;
  /** When the resource changed, in milliseconds since 1970 by Azure's clock; undefined where that is not known. */
  readonly at: number | undefined;
  /**
   * Set where nothing else will do: the message comes again, so that its own reading may be the one that is logged and never came
   * to its end; it tells that the resource was deleted; or somebody asked by hand.
   */
  readonly mustRead: boolean;
  /** Of a message that `admit` put back. */
  readonly ticket?: string;
  readonly reason: string;
}

/** `read` now; `later`, by a message that is on its way; `skip`, as a reading that covers it has started. */
export type Admission = "read" | "later" | "skip";

export interface QuietWindow {
  readonly log: ReadingLog;
  /** The queue `changes`. */
  readonly changes: { put(message: ReadRequest, delaySeconds: number): Promise<void> };
  readonly now: () => Date;
}

/** How far clocks may be apart: a reading covers an event for certain only if it starts this much after it. */
export const clockMargin = 5_000;
/** Whoever has not been read for so long is read at once. */
export const quietWindow = 10_000;
/**
 * A subscription as a whole is read from lists, which lag behind: so much is allowed for. Azure promises no bound.
 * https://learn.microsoft.com/azure/governance/resource-graph/overview#how-resource-graph-is-kept-current
 */
export const listMargin = 5 * 60_000;

interface Pace {
  readonly margin: number;
  readonly window: number;
  /** Whether a reading sees what happened before it starts; else all that it is told of needs a trailing one. */
  readonly isUpToDate: boolean;
}

const paceOfResources: Pace = { margin: clockMargin, window: quietWindow, isUpToDate: true };
const paceOfSubscriptions: Pace = { margin: listMargin, window: 2 * listMargin, isUpToDate: false };

function paceOf(id: ResourceId): Pace {
  return id.isSubscription ? paceOfSubscriptions : paceOfResources;
}

/**
 * Whether a message's resource is to be read for it: called before the reading, once for each resource of a message, by whoever
 * handles messages of `changes`, however many of them run side by side. The first event of a storm is read at once; of all that
 * come before a reading could cover them, one trailing reading is made as soon as it covers the latest.
 *
 * What is promised, where clocks are no more than `clockMargin` apart and a message comes again until it was handled to its end:
 * - Whatever the answer, a reading starts after the event and comes to its end, or its message is given up in a poison queue. Of
 *   a subscription as a whole, one starts `listMargin` after the event.
 * - In no `quietWindow` start more than two readings of one resource, those with `mustRead` aside; of a subscription as a whole,
 *   in none twice as long as `listMargin`.
 *
 * INVARIANT: who logs that a reading started then reads, or its message comes again with `mustRead`; so others may rely on a reading that
 * has only started. A trailing reading is put into the queue before it is logged, and leaves the log before it starts: what the
 * log has is in the queue, and it reads after whoever sees it there.
 */
export async function admit({ log, changes, now }: QuietWindow, wish: Wish): Promise<Admission> {
  const by = crypto.randomUUID();
  let sent: Pick<TrailingReading, "ticket" | "dueAt"> | undefined;
  for (let attempt = 0; attempt < mostAttempts; attempt += 1) {
    const kept = await log.get(wish.id);
    if (kept?.readings.started?.by === by) return "read"; // it was logged, and the answer got lost
    const seenAt = now().getTime(); // not before: what was logged meanwhile would seem to be of the future
    const { admission, next, trailing } = decide(kept?.readings ?? {}, wish, { by, now: seenAt });
    if (next === undefined) return admission;
    if (trailing !== undefined) sent ??= await putBack(changes, wish, trailing, seenAt);
    const readings = trailing && sent ? { ...next, trailing: { ...trailing, ...sent } } : next;
    if (await log.put(wish.id, readings, kept)) return admission;
  }
  const busy = `cannot log a reading of \`${wish.id.text}\`: others wrote it ${mostAttempts} times meanwhile`;
  throw new CordonError("ERR_STATE_BUSY", busy);
}

/** Each attempt that fails is one that somebody else has made. */
const mostAttempts = 100;

interface Decision {
  readonly admission: Admission;
  /** What to log; nothing where the log stays as it is. */
  readonly next?: Readings;
  /** A trailing reading to put into the queue, and then to log with the rest. */
  readonly trailing?: Due;
}

type Due = Pick<TrailingReading, "dueAt" | "latestAt">;

function decide(known: Readings, wish: Wish, { by, now }: { readonly by: string; readonly now: number }): Decision {
  const { trailing } = known;
  const { margin, window, isUpToDate } = paceOf(wish.id);
  // what was written by a clock that is wrong counts for nothing
  const started = known.started !== undefined && known.started.at <= now + clockMargin ? known.started : undefined;
  // a message that stays away for long may have been given up: then this one takes its place
  const isItsTurn = trailing !== undefined && (trailing.ticket === wish.ticket || trailing.dueAt + window <= now);
  const others = isItsTurn || trailing === undefined ? {} : { trailing };
  const latestAt = Math.max(wish.at ?? now, isItsTurn ? trailing.latestAt : 0);
  const at = Math.min(latestAt, now); // what has come has happened

  const reading = { at: Math.max(started?.at ?? 0, now), by };
  const read: Decision = { admission: "read", next: { started: reading, ...others } };
  const isSeen = isUpToDate || at + margin <= now;
  const readTwice: Decision = isSeen
    ? read
    : { admission: "read", ...trailedBy(reading, others.trailing, { dueAt: now + margin, latestAt: at }) };
  if (wish.mustRead || started === undefined) return readTwice;
  if (at + margin <= started.at) {
    return isItsTurn ? { admission: "skip", next: { started } } : { admission: "skip" };
  }
  if (started.at + window < now) return readTwice;
  const dueAt = Math.max(at, started.at) + margin;
  if (dueAt <= now) return read;
  if (others.trailing !== undefined && at <= others.trailing.latestAt) return { admission: "later" };
  return { admission: "later", ...trailedBy(started, others.trailing, { dueAt, latestAt: at }) };
}

/** One trailing reading is enough: one that is on its way waits for this as well. */
function trailedBy(
  started: NonNullable<Readings["started"]>,
  onItsWay: TrailingReading | undefined,
  due: Due,
): Pick<Decision, "next" | "trailing"> {
  if (onItsWay === undefined) return { next: { started }, trailing: due };
  const latestAt = Math.max(onItsWay.latestAt, due.latestAt);
  return { next: { started, trailing: { ...onItsWay, latestAt } } };
}

async function putBack(changes: QuietWindow["changes"], { id, reason }: Wish, { dueAt, latestAt }: Due, now: number) {
  const ticket = crypto.randomUUID();
  const resources = [{ id: id.text, at: new Date(latestAt).toISOString() }];
  const seconds = Math.ceil((dueAt - now) / 1000);
  await changes.put({ v: 1, kind: "read", resources, reason, ticket }, seconds);
  return { ticket, dueAt };
}
