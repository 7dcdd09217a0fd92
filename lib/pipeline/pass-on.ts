import pMap from "p-map";
import type { ResourceId } from "../model/resource-id.ts";
import type { App } from "./app.ts";

/** So many ids fit into a message of a queue, however long they are. */
const idsInMessage = 50;

/** What a hub has changed may be left to as many messages as there are subscriptions. */
const sideBySide = { concurrency: 16 };

/** Leaves subjects to audits of their own, each message to those of one subscription. */
export async function passOn(
  app: Pick<App, "changes">,
  subjects: readonly ResourceId[],
  reason: string,
): Promise<void> {
  const put = (ids: readonly string[]) => app.changes.put({ v: 1, kind: "evaluate", subjects: ids, reason });
  await pMap(inMessages(subjects), put, sideBySide);
}

/** Leaves resources to be read once more to messages of their own. */
export async function readAgain(
  app: Pick<App, "changes">,
  resources: readonly ResourceId[],
  reason: string,
): Promise<void> {
  const put = (ids: readonly string[]) => {
    return app.changes.put({ v: 1, kind: "read", resources: ids.map((id) => ({ id })), reason });
  };
  await pMap(inMessages(resources), put, sideBySide);
}

/** Each of one subscription. */
function* inMessages(ids: readonly ResourceId[]): Generator<readonly string[]> {
  for (const some of Map.groupBy(ids, ({ subscription }) => subscription).values()) {
    for (let start = 0; start < some.length; start += idsInMessage) {
      yield some.slice(start, start + idsInMessage).map(({ text }) => text);
    }
  }
}
