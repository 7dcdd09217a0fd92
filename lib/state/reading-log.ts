import type { ResourceId } from "../model/resource-id.ts";

/** When resources were read last, as functions that run side by side tell one another. Nothing breaks where it forgets. */
export interface ReadingLog {
  /** Undefined for a resource that is not in it. */
  get(id: ResourceId): Promise<KeptReadings | undefined>;
  /**
   * False where the entry is not as it was read: somebody has written meanwhile. That may have been this very call, where an
   * answer got lost and the request was repeated.
   */
  put(id: ResourceId, readings: Readings, before: KeptReadings | undefined): Promise<boolean>;
  /** Tells which resources of a subscription somebody began to read since; `at` in milliseconds since 1970. */
  since(subscription: string, at: number): Promise<(id: ResourceId) => boolean>;
  /** Drops what a subscription's resources have had no reading since; `before` in milliseconds since 1970. */
  forget(subscription: string, before: number): Promise<void>;
}

export interface KeptReadings {
  readonly readings: Readings;
  readonly etag: string;
}

/** Times in milliseconds since 1970, by the clock of whoever wrote them. */
export interface Readings {
  /** The latest reading, whether or not it came to its end; `by` tells who makes it from others. */
  readonly started?: { readonly at: number; readonly by: string };
  /** A message that is on its way to make one more reading, which has not started. */
  readonly trailing?: TrailingReading;
}

export interface TrailingReading {
  /** Tells the message from others. */
  readonly ticket: string;
  /** When the message can be seen. */
  readonly dueAt: number;
  /** The latest event that waits for it. */
  readonly latestAt: number;
}
