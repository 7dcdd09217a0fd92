import pMap from "p-map";
import type { ResourceId } from "../model/resource-id.ts";
import type { ChangesRequest } from "./admitted.ts";
import type { App } from "./app.ts";
import { passOn } from "./pass-on.ts";

/** Long enough that the first audit of a subscription of usual size is done. */
const secondsUntilAsked = 10;

/** No invocation runs for longer: `functionTimeout` of host.json. Who is asked after that reads the subscription itself. */
const longestAudit = 10 * 60_000;

/**
 * Of subjects to evaluate those that need not wait. The first audit of a subscription, while it runs, is about to tell of all the
 * others: one more beside it would read the same and send the same events again. So they are left to a message that comes when it is
 * likely to be done, and they are evaluated whatever became of it.
 */
export async function notInFirstAudit(
  app: App,
  subjects: readonly ResourceId[],
  placeOf: (id: ResourceId) => string | undefined,
  { reason, since }: Pick<ChangesRequest, "reason" | "since">,
): Promise<readonly ResourceId[]> {
  const now = app.now().getTime();
  const waitingSince = since ?? now;
  if (waitingSince + longestAudit <= now) return subjects;
  const byPlace = Map.groupBy(subjects, (id) => placeOf(id) ?? "");
  const tell = async (one: string) => ((await isFirstAuditRunning(app, one)) ? [one] : []);
  const running = (await pMap(byPlace.keys(), tell, { concurrency: 16 })).flat();
  const waiting = running.flatMap((one) => byPlace.get(one) ?? []);
  await passOn(app, waiting, reason, { delaySeconds: secondsUntilAsked, since: waitingSince });
  for (const one of running) app.log(`this waits for the first audit of subscription \`${one}\`: ${reason}`);
  return subjects.filter((id) => !waiting.includes(id));
}

/** Also where it was killed or failed, until one comes to its end. */
async function isFirstAuditRunning({ store, index }: App, subscriptionId: string): Promise<boolean> {
  if ((await index.links.settled(subscriptionId)).ticket > 0) return false;
  return (await store.wholeTicket(subscriptionId)) > 0;
}
