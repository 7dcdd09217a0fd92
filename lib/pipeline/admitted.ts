import pMap from "p-map";
import { ResourceId } from "../model/resource-id.ts";
import type { App } from "./app.ts";
import { type Admission, admit } from "./quiet-window.ts";

export interface ToldResource {
  readonly id: ResourceId;
  /** When it changed, in milliseconds since 1970 by Azure's clock, as far as that is known. */
  readonly at: number | undefined;
  /** Whether it is said to have been deleted. */
  readonly isDeleted: boolean;
}

export interface ChangesRequest {
  /** What is said to have changed; a subscription where it is not known what in it has. */
  readonly resources: readonly ToldResource[];
  /** What is to be evaluated whether or not anything has changed. */
  readonly subjects: readonly ResourceId[];
  /** Whether the resources are to be evaluated even if nothing has changed. */
  readonly isForced: boolean;
  /** Of a message that was put back to make a trailing reading. */
  readonly ticket?: string;
  /** Of a message that was put off: when that was first, in milliseconds since 1970. */
  readonly since?: number;
  /** Whether the message came before, so that it may have been left in the middle. */
  readonly isRepeated: boolean;
  /** For the log. */
  readonly reason: string;
  readonly isLastDelivery: boolean;
}

/** Of the resources in a subscription those that have to be read now: another reading covers the others, or will. */
export async function admitted(
  app: App,
  subscriptionId: string,
  { resources, isForced, isRepeated, ticket, reason }: ChangesRequest,
): Promise<readonly ResourceId[]> {
  const window = { log: app.readingLog, changes: app.changes, now: app.now };
  const own = resources.filter(({ id }) => id.subscription === subscriptionId);
  const admissions = await pMap(own, async ({ id, at, isDeleted }) => {
    // a reading that saw it made anew did not know that it was gone in between
    const mustRead = isForced || isRepeated || isDeleted;
    const admission = await admit(window, { id, at, mustRead, reason, ...(ticket === undefined ? {} : { ticket }) });
    logAdmission(app, `\`${id.text}\``, admission, reason);
    return admission === "read" ? [id] : [];
  });
  return admissions.flat();
}

/** Whether the subscription has to be read as a whole now: a deployment has many events of which each asks for that. */
export async function isWholeAdmitted(
  app: App,
  subscriptionId: string,
  { resources, subjects, isForced, isRepeated, ticket, reason }: ChangesRequest,
): Promise<boolean> {
  const id = ResourceId.ofSubscription(subscriptionId);
  const window = { log: app.readingLog, changes: app.changes, now: app.now };
  const times = resources.flatMap(({ id, at }) => (id.subscription === subscriptionId ? [at] : []));
  const isTimed = subjects.length === 0 && !times.includes(undefined);
  // who asks by hand tells of no change
  const at = isForced ? 0 : isTimed ? Math.max(...times.map(Number)) : undefined;
  const wish = { id, at, mustRead: isForced || isRepeated, reason, ...(ticket === undefined ? {} : { ticket }) };
  const admission = await admit(window, wish);
  logAdmission(app, `subscription \`${subscriptionId}\``, admission, reason);
  return admission === "read";
}

function logAdmission(app: App, what: string, admission: Admission, reason: string): void {
  if (admission === "skip") app.log(`${what} was read since: ${reason}`);
  if (admission === "later") app.log(`${what} was read just now, and will be once more: ${reason}`);
}
