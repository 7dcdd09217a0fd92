import { CordonError } from "../model/cordon-error.ts";
import type { ResourceId } from "../model/resource-id.ts";
import type { Reader } from "../readers/reader.ts";
import type { App } from "./app.ts";
import { beginRound, type ChangeRequest, mostRounds, type RoundOf } from "./change-round.ts";
import { type LookedAtAll, lookAtChange } from "./look-at-change.ts";
import { readAgain } from "./pass-on.ts";
import { sumOf } from "./settle.ts";
import { type Companion, startOf } from "./together.ts";

export type ChangeOutcome = Pick<LookedAtAll, "changes" | "evaluated" | "passedOn">;

/** How often what was found changed on the way is followed at once. */
const deepest = 3;
const mostAttempts = 5;

/**
 * Reads what is said to have changed; where rules see a change, evaluates the subjects that rested on it before or refer to
 * it now, on a snapshot that is filled on demand. What comes after the first attempt it reads alone.
 */
export async function auditChange(
  app: App,
  request: ChangeRequest,
  source: Reader,
  companion?: Companion,
  depth = 0,
): Promise<ChangeOutcome> {
  const named = new Set<string>();
  let { subjects } = request;
  for (let attempt = 0; attempt < mostAttempts; attempt += 1) {
    const isShared = companion !== undefined && attempt === 0;
    const own = { ...request, subjects };
    const looked = isShared
      ? await lookTogether(app, own, source, named, companion)
      : await lookUnder(await app.store.takeTicket(request.subscriptionId, "part"), app, own, source, named);
    companion?.leave();
    if (looked.kind === "looked") return await follow(app, request, source, looked, depth);
    // something may be committed of them that is not true any more, even where the change was taken back
    ({ subjects } = looked);
  }
  const message = `cannot audit the change in subscription \`${request.subscriptionId}\`: others kept changing it`;
  throw new CordonError("ERR_AUDIT_OUTRUN", message);
}

type LookedUnder = LookedAtAll | { readonly kind: "outrun"; readonly subjects: readonly ResourceId[] };

async function lookTogether(
  app: App,
  request: ChangeRequest,
  source: Reader,
  named: Set<string>,
  { round }: Companion,
): Promise<LookedUnder> {
  const start = await startOf(app, request.subscriptionId, request.subjects);
  const shared = async () => ({ shared: { start, answers: await round() } });
  return await lookUnder(start.ticket, app, request, source, named, shared);
}

/** Looks again as long as subjects turn out to rest on something that nobody had linked them to. */
async function lookUnder(
  ticket: number,
  app: App,
  request: ChangeRequest,
  source: Reader,
  named: Set<string>,
  shared: () => Promise<Pick<RoundOf, "shared">> = async () => ({}),
): Promise<LookedUnder> {
  const before = named.size;
  const links = { linked: new Map<string, string>(), named, isNamedAnew: () => named.size > before };
  for (let count = 0; count < mostRounds; count += 1) {
    const own = { ledger: request.subscriptionId, ticket, links, ...(await shared()) };
    const round = await beginRound(app, request, source, own);
    const looked = await lookAtChange(round, request, source);
    if (looked.kind !== "linked anew") return looked;
  }
  return { kind: "outrun", subjects: request.subjects };
}

/** What turned out to have changed besides is a change as well. */
async function follow(
  app: App,
  request: ChangeRequest,
  source: Reader,
  { onTheWay, changes, evaluated, passedOn }: LookedAtAll,
  depth: number,
): Promise<ChangeOutcome> {
  if (onTheWay.length === 0) return { changes, evaluated, passedOn };
  if (depth === deepest) {
    await readAgain(app, onTheWay, request.reason);
    return { changes, evaluated, passedOn: passedOn + onTheWay.length };
  }
  const more = { ...request, resources: onTheWay, deleted: new Set<string>(), subjects: [], isForced: false };
  const other = await auditChange(app, more, source, undefined, depth + 1);
  return {
    changes: sumOf(changes, other.changes),
    evaluated: evaluated + other.evaluated,
    passedOn: passedOn + other.passedOn,
  };
}
