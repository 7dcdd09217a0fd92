import type { ResourceId } from "../model/resource-id.ts";
import type { App } from "./app.ts";

/** So many ids fit into a message of a queue, however long they are. */
const subjectsInMessage = 50;

/** Leaves subjects to audits of their own, each message to those of one subscription. */
export async function passOn(
  app: Pick<App, "changes">,
  subjects: readonly ResourceId[],
  reason: string,
): Promise<void> {
  for (const some of Map.groupBy(subjects, ({ subscription }) => subscription).values()) {
    for (let start = 0; start < some.length; start += subjectsInMessage) {
      const ids = some.slice(start, start + subjectsInMessage).map(({ text }) => text);
      await app.changes.put({ v: 1, kind: "evaluate", subjects: ids, reason });
    }
  }
}
