import { isSubjectKind } from "../analyze.ts";
import { type BodyRecord, type FactRecord, touchedBy } from "../model/body-record.ts";
import { distinctIds, ResourceId } from "../model/resource-id.ts";
import type { RecordChange } from "../state/change-index.ts";
import type { App } from "./app.ts";
import type { ChangeRequest, ChangeRound } from "./change-round.ts";
import { differing } from "./changed-bodies.ts";
import { namersIn, newNamersIn } from "./left-behind.ts";

/** Those that rest on what has changed, those in what has changed itself, and those that were asked for; each once. */
export async function touchedSubjects(
  { app, ledger, ticket, links: { named }, isSettled }: ChangeRound,
  { subjects, isForced }: ChangeRequest,
  seen: readonly RecordChange[],
): Promise<readonly ResourceId[]> {
  const changed = differing(seen);
  const { questions, facts } = touchedBy(changed);
  const namers = namersIn(changed.flatMap(({ after }) => after ?? []));
  const news = isSettled ? newNamersIn(changed) : namers;
  // INVARIANT: links are there before anybody is looked up, so that of two changes at once one sees the other
  if (news.size > 0) await app.index.links.add(ledger, { askers: new Map(), namers: news }, ticket);
  for (const [to, from] of namers) for (const one of from) named.add(`${to} ${one}`);
  const askers = await app.index.links.askers(questions);
  const forced = isForced ? factsOf(seen).map(({ key }) => key) : [];
  const own = await subjectsAmong(new Set([...facts, ...containersIn(questions), ...forced]), seen, app);
  const all = [...own, ...[...askers].flatMap((text) => ResourceId.parseSubject(text) ?? []), ...subjects];
  return distinctIds(all);
}

/** A subject is not linked to what stands in it. */
function containersIn(questions: ReadonlySet<string>): readonly string[] {
  const within = [...questions].filter((one) => /^(children|lists) /.test(one));
  return within.map((one) => one.slice(one.indexOf("/")));
}

/** What is neither in the index nor among the changes may be a subject: looking at it will tell. */
async function subjectsAmong(keys: ReadonlySet<string>, seen: readonly RecordChange[], { index }: App) {
  const kinds = new Map(factsOf(seen).map(({ key, kind }) => [key, kind]));
  const known = await index.records.facts([...keys].filter((key) => !kinds.has(key)));
  return [...keys].flatMap((key) => {
    const kind = kinds.get(key) ?? known.get(key)?.kind;
    return kind === undefined || isSubjectKind(kind) ? (ResourceId.parse(key) ?? []) : [];
  });
}

function factsOf(seen: readonly RecordChange[]): readonly FactRecord[] {
  return seen.flatMap(({ before, after }) => [...factsIn(before), ...factsIn(after)]);
}

export function factsIn(body: BodyRecord | undefined): readonly FactRecord[] {
  return body?.facts ?? [];
}
