import { CordonError } from "../model/cordon-error.ts";
import type { Unreadable } from "../model/snapshot.ts";
import type { Portion, Reader, Reading } from "../readers/reader.ts";

export interface WatchedReader extends Reader {
  /** What could not be read for now, a sentence each. */
  readonly passingGaps: readonly string[];
  /** Why subscriptions cannot be read, by their ids. */
  readonly closedSubscriptions: ReadonlyMap<string, string>;
}

/** The same reader, which notes what another try may bring. */
export function watched(reader: Reader): WatchedReader {
  const passingGaps: string[] = [];
  const closedSubscriptions = new Map<string, string>();
  const note = (reading: Reading) => {
    const unreadable = unreadableIn(reading);
    if (unreadable?.why === "passing") passingGaps.push(unreadable.because);
    if (reading.kind === "unreadable" && reading.id.isSubscription) {
      closedSubscriptions.set(reading.id.subscription, reading.unreadable.because);
    }
    return reading;
  };
  async function* watch(portions: AsyncIterable<Portion>): AsyncGenerator<Portion> {
    for await (const portion of portions) yield noted(portion, note);
  }
  const readAll = () => watch(reader.readAll());
  return { passingGaps, closedSubscriptions, readAll, read: (key) => watch(reader.read(key)) };
}

function* noted(portion: Portion, note: (reading: Reading) => Reading): Generator<Reading> {
  for (const reading of portion) yield note(reading);
}

function unreadableIn(reading: Reading): Unreadable | undefined {
  if (reading.kind === "unreadable") return reading.unreadable;
  return reading.kind === "list" && reading.completeness.kind === "unreadable" ? reading.completeness : undefined;
}

/** A gap that may pass fails the audit as long as it will be tried again: nothing is committed on half of the evidence. */
export function checkGaps(reader: WatchedReader | undefined, subscriptionId: string, isLastDelivery: boolean): void {
  const [first, ...others] = reader?.passingGaps ?? [];
  if (first === undefined || isLastDelivery) return;
  const more = others.length === 0 ? "" : ` and ${others.length} more`;
  throw new CordonError(
    "ERR_READING_INCOMPLETE",
    `cannot audit subscription \`${subscriptionId}\` now: ${first}${more}`,
  );
}
