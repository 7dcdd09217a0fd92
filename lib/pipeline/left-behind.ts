import type { NotedAudit } from "../audit.ts";
import { readTypes } from "../catalog/api-versions.ts";
import { type BodyRecord, certainIn, dependencyOf, printsBy, recordsOf } from "../model/body-record.ts";
import type { Question } from "../model/questions.ts";
import { fold, type ResourceId } from "../model/resource-id.ts";
import type { Completeness } from "../model/snapshot.ts";
import type { SnapshotBuilder } from "../model/snapshot-builder.ts";
import type { LinksFound, RecordChange } from "../state/change-index.ts";
import { hashOf } from "../state/hash.ts";

/** What an evaluation rested on, beside the subject itself. */
function dependenciesOf(subject: ResourceId, questions: readonly Question[]): readonly string[] {
  const own = new Set([`resource ${subject.key}`, `children ${subject.key}`, `lists ${subject.key}`]);
  const all = new Set(questions.flatMap((question) => dependencyOf(question) ?? []));
  return [...all].filter((dependency) => !own.has(dependency)).sort();
}

/** Says which dependencies these are. */
export function printOf(dependencies: readonly string[]): string {
  return shortHash(dependencies.join("\n"));
}

function shortHash(text: string): string {
  return hashOf(text).slice(0, 16);
}

export const factPrint = printsBy(shortHash);

/** The records of the bodies of one subscription. */
export function recordsIn(
  snapshot: SnapshotBuilder,
  subscription: string,
  askedBy: (id: ResourceId) => string | undefined = () => undefined,
): ReadonlyMap<string, BodyRecord> {
  const own = [...snapshot.entries()].filter(({ fact }) => fact.id.subscription === subscription);
  return recordsOf(own, factPrint, askedBy);
}

/** The links of subjects to what their evaluations rested on. */
export function askersIn(asked: ReadonlyMap<string, AskedBySubject>): LinksFound["askers"] {
  const askers = new Map<string, Set<string>>();
  for (const { id, dependencies } of asked.values()) {
    for (const dependency of dependencies) addTo(askers, dependency, id.text);
  }
  return askers;
}

export interface AskedBySubject {
  readonly id: ResourceId;
  readonly dependencies: readonly string[];
  readonly print: string;
}

/** By the keys of the subjects. */
export function askedIn({ evaluations, questionsOf }: NotedAudit): ReadonlyMap<string, AskedBySubject> {
  return new Map(
    evaluations.map(({ subject: { id } }) => {
      const dependencies = dependenciesOf(id, questionsOf(id));
      return [id.key, { id, dependencies, print: printOf(dependencies) }];
    }),
  );
}

/** The links of bodies to what their facts name. */
export function namersIn(records: Iterable<BodyRecord>): LinksFound["namers"] {
  const namers = new Map<string, Set<string>>();
  for (const { id, facts } of records) {
    for (const { kind, names } of facts) for (const named of names) addTo(namers, `${kind} ${named}`, id);
  }
  return namers;
}

/** Those that may not have been there before the bodies changed: who puts a record in doubt need not have linked what it names. */
export function newNamersIn(changes: readonly RecordChange[]): LinksFound["namers"] {
  const before = namersIn(changes.flatMap((change) => (change.before === undefined ? [] : certainIn(change.before))));
  const after = namersIn(changes.flatMap((change) => change.after ?? []));
  const news = [...after].map(([to, ids]) => [to, new Set(ids).difference(before.get(to) ?? new Set())] as const);
  return new Map(news.filter(([, ids]) => ids.size > 0));
}

function addTo(links: Map<string, Set<string>>, to: string, from: string): void {
  const known = links.get(to);
  if (known === undefined) links.set(to, new Set([from]));
  else known.add(from);
}

/** Which types are known to their ends in a subscription, or why not. */
export function listsIn(snapshot: SnapshotBuilder, subscription: string): ReadonlyMap<string, Completeness> {
  const lists = readTypes.map((type) => [fold(type), snapshot.everywhereIn(fold(type), subscription)] as const);
  return new Map(lists.filter(([, { kind }]) => kind !== "notRead"));
}
