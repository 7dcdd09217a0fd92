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
