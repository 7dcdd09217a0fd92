import pMap from "p-map";
import type { ResourceId } from "../model/resource-id.ts";
import type { App } from "./app.ts";

/** So many ids fit into a message of a queue, however long they are. */
const idsInMessage = 50;

/** What a hub has changed may be left to as many messages as there are subscriptions. */
const sideBySide = { concurrency: 16 };

export interface Waiting {
  readonly delaySeconds?: number;
  /** When they were first put off, in milliseconds since 1970. */
  readonly since?: number;
}

/** Leaves subjects to audits of their own; those of several subscriptions that rest on the same read it together. */
export async function passOn(
  app: Pick<App, "changes">,
  subjects: readonly ResourceId[],
  reason: string,
  { delaySeconds, since }: Waiting = {},
): Promise<void> {
  const waiting = since === undefined ? {} : { since: new Date(since).toISOString() };
  const put = async (ids: readonly string[]) => {
    await app.changes.put({ v: 1, kind: "evaluate", subjects: ids, reason, ...waiting }, delaySeconds);
  };
  await pMap(inMessages([...bySubscription(subjects)].flat()), put, sideBySide);
}

/** Leaves resources to be read once more to messages of their own, each to those of one subscription. */
export async function readAgain(
  app: Pick<App, "changes">,
  resources: readonly ResourceId[],
  reason: string,
): Promise<void> {
  const put = async (ids: readonly string[]) => {
    await app.changes.put({ v: 1, kind: "read", resources: ids.map((id) => ({ id })), reason });
  };
  await pMap([...bySubscription(resources)].flatMap(inMessages), put, sideBySide);
}

function bySubscription(ids: readonly ResourceId[]): Iterable<readonly ResourceId[]> {
  return Map.groupBy(ids, ({ subscription }) => subscription).values();
}

function inMessages(ids: readonly ResourceId[]): readonly (readonly string[])[] {
  const starts = Array.from({ length: Math.ceil(ids.length / idsInMessage) }, (_, at) => at * idsInMessage);
  return starts.map((start) => ids.slice(start, start + idsInMessage).map(({ text }) => text));
}
