import { CordonError } from "../model/cordon-error.ts";

const mostAttempts = 20;

/** Until it is not refused because somebody else was quicker; each refusal is somebody else's progress. */
export async function again<T>(what: string, attempt: () => Promise<T | undefined>): Promise<T> {
  for (let count = 0; count < mostAttempts; count += 1) {
    const result = await attempt();
    if (result !== undefined) return result;
  }
  throw new CordonError("ERR_STATE_BUSY", `cannot write ${what}: others wrote it ${mostAttempts} times meanwhile`);
}
