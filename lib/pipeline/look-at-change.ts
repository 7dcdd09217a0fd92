import { type BodyRecord, inDoubt } from "../model/body-record.ts";
import { distinctIds, type ResourceId } from "../model/resource-id.ts";
import type { Reader } from "../readers/reader.ts";
import type { RecordChange } from "../state/change-index.ts";
import { sitesLedger } from "../state/store.ts";
import { beginRound, type ChangeRequest, type ChangeRound, mostRounds } from "./change-round.ts";
import { differing, lookAtBodies } from "./changed-bodies.ts";
import { passOn, readAgain } from "./pass-on.ts";
import { readingsBegun, readSince } from "./readings-begun.ts";
import { type Changes, sumOf } from "./settle.ts";
import { nothingTouched, type SettledTouched, settleTouched, type Touched } from "./settle-touched.ts";
import { touchedSubjects } from "./touched-subjects.ts";

/** What one look at a change gave. */
export type Looked =
  | LookedAtAll
  /** As with `SettledTouched`. */
  | { readonly kind: "linked anew" }
  /** The subjects are those that were to be evaluated. */
  | { readonly kind: "outrun"; readonly subjects: readonly ResourceId[] };

export interface LookedAtAll {
  readonly kind: "looked";
  readonly changes: Changes;
  /** How many subjects were evaluated here. */
  readonly evaluated: number;
  /** How many were left to messages of their own. */
  readonly passedOn: number;
  /** What turned out to have changed besides, unseen: no event tells of it. */
  readonly onTheWay: readonly ResourceId[];
}

/** More of them are left to messages of their own. */
const subjectsAtOnce = 100;

/**
 * Reads what is said to have changed, compares it with the records of earlier readings, evaluates and commits the subjects
 * that this touches, and records what was seen.
 */
export async function lookAtChange(round: ChangeRound, request: ChangeRequest, source: Reader): Promise<Looked> {
  const { app, ledger, ticket, session, around, links } = round;
  const begun = await readingsBegun(app, request.resources);
  const seen = await lookAtBodies(request, session, around, app.index.records);
  round.check();
  const subjects = await touchedSubjects(round, request, seen);
  const changed = differing(seen);
  const doubted = new Map(changed.map(({ key, before, after }) => [key, inDoubt(before, after)]));
  const doubt = async () => {
    if (doubted.size > 0) await app.index.records.put(doubted, ticket);
  };
  const {
    own = [],
    sites = [],
    elsewhere = [],
  } = Object.groupBy(subjects, ({ subscription }) => {
    if (subscription === "") return "sites";
    return subscription === ledger ? "own" : "elsewhere";
  });
  const here = own.slice(0, subjectsAtOnce);
  const ofOwn = await settleTouched(round, { subjects: here, seen, doubt });
  if (ofOwn.kind === "linked anew") return ofOwn;
  if (ofOwn.kind === "outrun") return { kind: "outrun", subjects };
  const ofSites = await settleSites(round, request, source, { subjects: sites, seen, doubt });
  if (ofSites.kind !== "settled") return { kind: "outrun", subjects };
  const passedOn = [...own.slice(subjectsAtOnce), ...elsewhere];
  await passOn(app, passedOn, request.reason);
  const onTheWay = distinctIds([...ofOwn.onTheWay, ...ofSites.onTheWay]);
  const isOwn = ({ subscription }: ResourceId) => subscription === ledger;
  await readAgain(
    app,
    onTheWay.filter((id) => !isOwn(id)),
    request.reason,
  );
  // INVARIANT: in doubt until now, so that a message that comes again finds the change once more, and its being taken back
  if (changed.length > 0) await app.index.records.put(recordsAfter(changed, links.linked), ticket);
  return {
    kind: "looked",
    changes: sumOf(ofOwn.changes, ofSites.changes),
    evaluated: here.length + sites.length,
    passedOn: passedOn.length,
    onTheWay: [...onTheWay.filter(isOwn), ...(await readSince(app, request.resources, changed, begun))],
  };
}

/** A site is in no subscription: it is evaluated by whoever comes upon it, in its own ledger. */
async function settleSites(
  { app }: ChangeRound,
  request: ChangeRequest,
  source: Reader,
  touched: Touched,
): Promise<SettledTouched> {
  if (touched.subjects.length === 0) return nothingTouched;
  const ticket = await app.store.takeTicket(sitesLedger, "part");
  const links = { linked: new Map<string, string>(), named: new Set<string>(), isNamedAnew: () => false };
  for (let count = 0; count < mostRounds; count += 1) {
    const round = await beginRound(app, request, source, { ledger: sitesLedger, ticket, links });
    const settled = await settleTouched(round, touched);
    if (settled.kind !== "linked anew") return settled;
  }
  return { kind: "outrun" };
}

/** What was seen, and what its subjects rested on. */
function recordsAfter(
  changed: readonly RecordChange[],
  linked: ReadonlyMap<string, string>,
): ReadonlyMap<string, BodyRecord | undefined> {
  return new Map(
    changed.map(({ key, before, after }) => {
      if (after === undefined) return [key, undefined];
      const was = new Map(before?.facts.map((fact) => [fact.key, fact.asked]));
      const facts = after.facts.map((fact) => {
        const asked = linked.get(fact.key) ?? was.get(fact.key);
        return asked === undefined ? fact : { ...fact, asked };
      });
      return [key, { ...after, facts }];
    }),
  );
}
