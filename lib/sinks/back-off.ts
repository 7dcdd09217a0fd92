import { createHash } from "node:crypto";

/** With these delays, an event that nobody takes is tried for about three days. */
export const attemptsAtMost = 19;

const firstDelay = 5;
const longestDelay = 6 * 3600;
/** What a receiver may ask for at most. */
const longestRetryAfter = 24 * 3600;

/**
 * Seconds until the next try after `attempt` + 1 of them failed: four times as long after each, and spread, so that
 * events that failed together do not come back together. Whole seconds, and the same ones for the same event.
 */
export function backOffSeconds(attempt: number, eventId: string, retryAfterSeconds = 0): number {
  const delay = Math.min(firstDelay * 4 ** attempt, longestDelay);
  const spread = createHash("sha256").update(`${eventId}.${attempt}`).digest().readUInt32BE() / 2 ** 32;
  return Math.ceil(Math.max(delay * (0.75 + spread / 2), Math.min(retryAfterSeconds, longestRetryAfter)));
}

/** In seconds from now; undefined where there is none that can be understood. https://www.rfc-editor.org/rfc/rfc9110#section-10.2.3 */
export function readRetryAfter(header: string | null, now: Date): number | undefined {
  if (header === null) return undefined;
  if (/^\d+$/.test(header.trim())) return Number(header);
  const date = /^[a-z]+,? /i.test(header) ? Date.parse(header) : Number.NaN;
  return Number.isNaN(date) ? undefined : Math.max(0, Math.ceil((date - now.getTime()) / 1000));
}
