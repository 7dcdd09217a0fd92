import pMap from "p-map";
import type { App } from "./pipeline/app.ts";
import type { ArmConnection } from "./readers/arm-connection.ts";
import { forFew } from "./readers/arm-limits.ts";
import { live } from "./readers/live.ts";
import { lacksText, type MissingRights } from "./readers/permissions.ts";
import type { Reader } from "./readers/reader.ts";
import { rememberedRights } from "./readers/remembered-rights.ts";
import { rememberedTags } from "./readers/remembered-tags.ts";
import { rightsOf } from "./readers/rights.ts";
import { connect, type SignIn } from "./readers/sign-in.ts";
import { type Scope, subscriptionsIn } from "./readers/subscriptions.ts";

export interface LiveOptions extends SignIn {
  readonly scope: Scope;
  /** Is told of every answer that counts. */
  readonly onAnswer?: NonNullable<ArmConnection["onAnswer"]>;
  /** Is told, before anything else is read, of each subscription in which rights are missing. */
  readonly onMissingRights?: (missing: MissingRights) => void;
}

/** Signs in, finds out what is in the scope, and reads all of it. Nobody comes back later: what fails is unreadable. */
export async function liveReader({ scope, onAnswer, onMissingRights, ...signIn }: LiveOptions): Promise<Reader> {
  const connection = {
    ...(await connect(signIn)),
    isLastTry: true,
    ...(onAnswer === undefined ? {} : { onAnswer }),
  };
  const found = await subscriptionsIn(connection, scope);
  const rightsIn = rightsOf(connection, onMissingRights);
  await pMap(found.readable, rightsIn, { concurrency: 16 });
  const subscriptions = [...found.readable, ...found.unreadable.keys()];
  return live(connection, { subscriptions, scope: found, purpose: "scheduled", rightsIn });
}

type ReaderFor = App["readerFor"];

/** What a reader has to know of the invocation that it works for. */
export interface Invocation {
  /** Is told once what rights are missing. */
  readonly log: App["log"];
  /** Ends the reading when its time is used up. */
  readonly signal: AbortSignal;
}

export type InvokedReaderFor = (...args: [...Parameters<ReaderFor>, Invocation]) => ReturnType<ReaderFor>;

/** For the function app: a reader for each subscription in the scope, and for what it has to know of the others. */
export async function liveReaders({ scope, ...signIn }: LiveOptions) {
  const connection = await connect(signIn);
  const found = await subscriptionsIn(connection, scope);
  const ids = [...found.readable, ...found.unreadable.keys()].sort();
  const said = new Set<string>();
  const tags = rememberedTags();
  const remembered = rememberedRights();
  const readerFor: InvokedReaderFor = (subscriptionId, { purpose, isLastTry }, { log, signal }) => {
    if (!ids.includes(subscriptionId)) return undefined;
    const limits = purpose === "change" ? forFew(connection.limits) : connection.limits;
    const limited = { ...connection, limits, isLastTry, signal };
    const asked = rightsOf(limited, (missing) => {
      const text = lacksText(missing);
      if (!said.has(text)) log(text);
      said.add(text);
    });
    const rightsIn = purpose === "change" ? remembered(asked) : asked;
    return live(limited, { subscriptions: [subscriptionId], scope: found, purpose, tags, rightsIn });
  };
  return { scope: ids, homeOfSites: found.readable[0] ?? ids[0], readerFor };
}
