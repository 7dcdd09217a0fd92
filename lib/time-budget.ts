/**
 * How long an invocation may read. Below `functionTimeout` of host.json, with time to evaluate and to commit what was read:
 * then the message comes back before the host ends the process, and nothing of it was committed.
 */
export const readingMinutesAtMost = 8;
