import type { Fact, FactKind } from "./fact.ts";
import type { Entry } from "./place.ts";
import { containerOf, isChild } from "./places.ts";
import type { Question } from "./questions.ts";
import { ResourceId } from "./resource-id.ts";
import { substanceOf } from "./same-fact.ts";

/** What rules could see of one body when it was last read: enough to tell what a change of it touches. */
export interface BodyRecord {
  /** Of the resource whose body it was. */
  readonly id: string;
  /** Folded types of the children that the body holds all of, where it is a full one. */
  readonly embeds: readonly string[];
  /** Of the resource itself and of the children in its body, in the order of their keys. */
  readonly facts: readonly FactRecord[];
}

export interface FactRecord {
  /** Folded id. */
  readonly key: string;
  readonly kind: FactKind;
  /** The same for two facts in which rules see the same. */
  readonly print: string;
  /** Folded ids. */
  readonly names: readonly string[];
  /** Of a subject: says what its evaluation rested on; the same as long as that was the same. */
  readonly asked?: string;
}

/** Says what rules see in a fact; `isFull` where it is all of its body. */
export type Print = (fact: Fact, isFull: boolean) => string;

/** The records of all bodies, by their keys; `askedBy` makes the notes of subjects. */
export function recordsOf(
  entries: Iterable<Entry>,
  print: Print,
  askedBy: (id: ResourceId) => string | undefined,
): ReadonlyMap<string, BodyRecord> {
  const byBody = Map.groupBy(entries, ({ from }) => from);
  return new Map([...byBody].map(([key, ofBody]) => [key, recordOf(key, ofBody, print, askedBy)]));
}

function recordOf(
  key: string,
  entries: readonly Entry[],
  print: Print,
  askedBy: (id: ResourceId) => string | undefined,
): BodyRecord {
  const own = entries.find(({ fact }) => fact.id.key === key);
  const facts = entries.map(({ fact, isFull }): FactRecord => {
    const asked = askedBy(fact.id);
    return {
      key: fact.id.key,
      kind: fact.kind,
      print: print(fact, isFull),
      names: [...new Set(fact.names.map((named) => named.key))].sort(),
      ...(asked === undefined ? {} : { asked }),
    };
  });
  return { id: own?.fact.id.text ?? key, embeds: own?.embeds ?? [], facts: facts.sort(byKey) };
}

/** Prints by hashes, each worked out once: what an audit found is compared more than once. */
export function printsBy(hash: (text: string) => string): Print {
  const known = new WeakMap<Fact, { readonly isFull: boolean; readonly print: string }>();
  return (fact, isFull) => {
    const kept = known.get(fact);
    if (kept?.isFull === isFull) return kept.print;
    const print = hash(`${isFull} ${substanceOf(fact)}`);
    known.set(fact, { isFull, print });
    return print;
  };
}

function byKey(one: FactRecord, other: FactRecord): number {
  return one.key < other.key ? -1 : 1;
}

/** Whether rules see the same in both; undefined stands for a resource that is not there. */
export function isSameBody(one: BodyRecord | undefined, other: BodyRecord | undefined): boolean {
  return substanceOfRecord(one) === substanceOfRecord(other);
}

function substanceOfRecord(record: BodyRecord | undefined): string {
  if (record === undefined || record.facts.length === 0) return "";
  return JSON.stringify([record.embeds, record.facts.map(({ key, kind, print }) => [key, kind, print])]);
}

const doubt = "in doubt";

/**
 * The record of a body while its change is followed: whatever is found there by whoever comes after a crash, or after the
 * change was taken back, differs from it and touches all that either side may have touched.
 */
export function inDoubt(before: BodyRecord | undefined, after: BodyRecord | undefined): BodyRecord | undefined {
  const known = before ?? after;
  if (known === undefined) return undefined;
  const [was, is] = [factsByKey(before), factsByKey(after)];
  const facts = [...new Map([...was, ...is]).values()].map((fact): FactRecord => {
    const [one, other] = [was.get(fact.key), is.get(fact.key)];
    if (isSameRecord(one, other)) return one ?? fact;
    const names = [...new Set([...(one?.names ?? []), ...fact.names])].sort();
    return { ...(one ?? fact), kind: fact.kind, print: doubt, names };
  });
  const isAlike = `${before?.embeds ?? ""}` === `${after?.embeds ?? ""}`;
  return { id: known.id, embeds: isAlike ? known.embeds : [doubt], facts: facts.sort(byKey) };
}

/** The same without the facts that are in doubt. */
export function certainIn(record: BodyRecord): BodyRecord {
  return { ...record, facts: record.facts.filter(({ print }) => print !== doubt) };
}

function factsByKey(record: BodyRecord | undefined): ReadonlyMap<string, FactRecord> {
  return new Map(record?.facts.map((fact) => [fact.key, fact]));
}

function isSameRecord(one: FactRecord | undefined, other: FactRecord | undefined): boolean {
  return one?.print === other?.print && one?.kind === other?.kind;
}

/** What may have another answer after a change, and the facts that came, went, or say something else. */
export interface Touched {
  /** As `dependencyOf` has them. */
  readonly questions: ReadonlySet<string>;
  /** Folded ids. */
  readonly facts: ReadonlySet<string>;
}

/** What the change of some bodies touches; undefined stands for a resource that is not there. */
export function touchedBy(
  changes: Iterable<{ readonly before: BodyRecord | undefined; readonly after: BodyRecord | undefined }>,
): Touched {
  const questions = new Set<string>();
  const facts = new Set<string>();
  for (const { before, after } of changes) {
    const [was, is] = [factsByKey(before), factsByKey(after)];
    if (`${before?.embeds ?? ""}` !== `${after?.embeds ?? ""}`) {
      for (const key of new Set([...was.keys(), ...is.keys()])) questions.add(`lists ${key}`);
    }
    for (const key of new Set([...was.keys(), ...is.keys()])) {
      const [one, other] = [was.get(key), is.get(key)];
      if (isSameRecord(one, other)) continue;
      facts.add(key);
      for (const question of questionsAbout(key, one, other)) questions.add(question);
    }
  }
  return { questions, facts };
}

function* questionsAbout(
  key: string,
  before: FactRecord | undefined,
  after: FactRecord | undefined,
): Generator<string> {
  const id = ResourceId.parse(key);
  if (id === undefined) return;
  yield `resource ${key}`;
  yield `type ${id.type}`;
  const isDoubted = before?.print === doubt;
  if (before === undefined || after === undefined || isDoubted) yield* [`lists ${key}`, `children ${key}`];
  if (isChild(id)) yield `children ${containerOf(id)}`;
  for (const { kind, names } of [before, after].filter((fact) => fact !== undefined)) {
    yield `kind ${kind}`;
    for (const named of names) {
      yield* [`naming ${named}`, `naming ${kind} ${named}`];
      const isStill = before?.kind === after?.kind && before?.names.includes(named) && after?.names.includes(named);
      if (isDoubted || !isStill) yield* [`namers ${named}`, `namers ${kind} ${named}`];
    }
  }
}

/**
 * A question as the index of changes keeps it: what can change together is one. Undefined for what no change of a resource
 * touches: lists of a whole subscription are read by audits of all of it.
 */
export function dependencyOf({ kind, about }: Pick<Question, "kind" | "about">): string | undefined {
  if (!about.startsWith("/")) return `${kind} ${about}`;
  if (!about.includes("/providers/")) return undefined;
  if (kind.startsWith("list of ")) return `lists ${about}`;
  return kind.includes("/") ? `children ${about}` : `${kind} ${about}`;
}
