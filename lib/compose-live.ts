import { ResourceId } from "./model/resource-id.ts";
import type { App } from "./pipeline/app.ts";
import type { ArmConnection } from "./readers/arm-connection.ts";
import { live } from "./readers/live.ts";
import type { Reader } from "./readers/reader.ts";
import { connect, type SignIn } from "./readers/sign-in.ts";
import { type Scope, subscriptionsIn } from "./readers/subscriptions.ts";

export interface LiveOptions extends SignIn {
  readonly scope: Scope;
  /** Is told of every answer that counts. */
  readonly onAnswer?: NonNullable<ArmConnection["onAnswer"]>;
}

/** Signs in, finds out what is in the scope, and reads all of it. Nobody comes back later: what fails is unreadable. */
export async function liveReader({ scope, onAnswer, ...signIn }: LiveOptions): Promise<Reader> {
  const connection = { ...(await connect(signIn)), isLastTry: true };
  const found = await subscriptionsIn(connection, scope);
  const subscriptions = [...found.readable, ...found.unreadable.keys()];
  const told = onAnswer === undefined ? connection : { ...connection, onAnswer };
  return live(told, { subscriptions, scope: found, purpose: "scheduled" });
}

/** Below the time-out of the functions, so that a message comes back before its function is ended. */
const budgetMilliseconds = 8 * 60_000;

/** For the function app: a reader for each subscription in the scope, and for what it has to know of the others. */
export async function liveReaders({ scope, ...signIn }: LiveOptions) {
  const connection = await connect(signIn);
  const found = await subscriptionsIn(connection, scope);
  const ids = [...found.readable, ...found.unreadable.keys()].sort();
  const readerFor: App["readerFor"] = (subscriptionId, { purpose, isLastTry, changed = [] }) => {
    if (!ids.includes(subscriptionId)) return undefined;
    const limited = { ...connection, isLastTry, signal: AbortSignal.timeout(budgetMilliseconds) };
    const parsed = changed.flatMap((id) => ResourceId.parse(id) ?? []);
    return live(limited, { subscriptions: [subscriptionId], scope: found, purpose, changed: parsed });
  };
  return { scope: ids, homeOfSites: found.readable[0] ?? ids[0], readerFor };
}
