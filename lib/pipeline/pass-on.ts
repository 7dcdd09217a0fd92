import type { ResourceId } from "../model/resource-id.ts";
import type { App } from "./app.ts";

/** So many ids fit into a message of a queue, however long they are. */
const idsInMessage = 50;

/** Leaves subjects to audits of their own, each message to those of one subscription. */
export async function passOn(
  app: Pick<App, "changes">,
  subjects: readonly ResourceId[],
  reason: string,
): Promise<void> {
  for (const some of Map.groupBy(subjects, ({ subscription }) => subscription).values()) {
    for (const ids of inMessages(some)) await app.changes.put({ v: 1, kind: "evaluate", subjects: ids, reason });
  }
}

/** Leaves resources to be read once more to messages of their own. */
export async function readAgain(
  app: Pick<App, "changes">,
  resources: readonly ResourceId[],
  reason: string,
): Promise<void> {
  for (const some of Map.groupBy(resources, ({ subscription }) => subscription).values()) {
    for (const ids of inMessages(some)) {
      await app.changes.put({ v: 1, kind: "read", resources: ids.map((id) => ({ id })), reason });
    }
  }
}

function* inMessages(ids: readonly ResourceId[]): Generator<readonly string[]> {
  for (let start = 0; start < ids.length; start += idsInMessage) {
    yield ids.slice(start, start + idsInMessage).map(({ text }) => text);
  }
}
