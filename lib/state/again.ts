import { randomInt } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { CordonError } from "../model/cordon-error.ts";

const mostAttempts = 20;
/** So many refusals may be by chance. */
const attemptsAtOnce = 4;
const longestWait = 640;

/**
 * Until it is not refused because somebody else was quicker; each refusal is somebody else's progress. Where many want to write one
 * row, as in a storm, each of them waits for a time of its own.
 */
export async function again<T>(what: string, attempt: () => Promise<T | undefined>): Promise<T> {
  for (let count = 1; count <= mostAttempts; count += 1) {
    const result = await attempt();
    if (result !== undefined) return result;
    if (count >= attemptsAtOnce) await sleep(randomInt(Math.min(longestWait, 5 * 2 ** count)));
  }
  throw new CordonError("ERR_STATE_BUSY", `cannot write ${what}: others wrote it ${mostAttempts} times meanwhile`);
}
