import { ResourceId } from "../../lib/model/resource-id.ts";
import type { Unreadable } from "../../lib/model/snapshot.ts";
import type { Reading } from "../../lib/readers/reader.ts";

/** Readings of a world that stayed as it was, for somebody who was refused a part of them. */
export interface Refusal {
  readonly what: string;
  readonly readings: readonly Reading[];
}

/**
 * Everything that may be refused, in turn: each type and each provider in every place, each list of a type in one place, and
 * each resource with the lists that should hold it, also one that is not there.
 */
export function* refusalsOf(readings: readonly Reading[]): Generator<Refusal> {
  const ids = distinct(readings.flatMap((reading) => idOf(reading) ?? []));
  const lists = distinctLists(readings);
  const types = [...new Set([...ids, ...lists].map(({ type }) => type))];
  for (const type of types) yield { what: `all ${type}`, readings: withoutTypes(readings, (one) => one === type) };
  for (const provider of new Set(types.map(providerOf))) {
    yield { what: `${provider}/*`, readings: withoutTypes(readings, (one) => providerOf(one) === provider) };
  }
  yield { what: "service tags", readings: readings.filter(({ kind }) => kind !== "serviceTags") };
  for (const { scope, type } of lists) {
    const isMember = (id: ResourceId) => id.type === type && id.isWithin(scope);
    const isList = (list: List) => list.type === type && list.scope.key === scope.key;
    yield { what: `${scope.text}/${type}`, readings: readings.map((one) => without(one, isMember, isList)) };
  }
  for (const id of ids) {
    const isIt = ({ key }: ResourceId) => key === id.key;
    const holdsIt = (list: List) => list.type === id.type && id.isWithin(list.scope);
    yield { what: id.text, readings: readings.map((one) => without(one, isIt, holdsIt)) };
  }
}

type List = Reading & { readonly kind: "list" };

function withoutTypes(readings: readonly Reading[], isMeant: (type: string) => boolean): readonly Reading[] {
  return readings.map((one) =>
    without(
      one,
      ({ type }) => isMeant(type),
      ({ type }) => isMeant(type),
    ),
  );
}

function providerOf(type: string): string {
  return type.slice(0, type.indexOf("/"));
}

function without(
  reading: Reading,
  isMeant: (id: ResourceId) => boolean,
  isMeantList: (list: List) => boolean,
): Reading {
  if (reading.kind === "list" && isMeantList(reading)) {
    const { scope, type } = reading;
    return { kind: "list", scope, type, completeness: refused(`${scope.text}/${type}`) };
  }
  const id = idOf(reading);
  return id !== undefined && isMeant(id) ? { kind: "unreadable", id, unreadable: refused(id.text) } : reading;
}

function refused(url: string): Unreadable {
  return { kind: "unreadable", why: "refused", because: `403 AuthorizationFailed reading \`${url}\`` };
}

function idOf(reading: Reading): ResourceId | undefined {
  if (reading.kind === "absent") return reading.id;
  return reading.kind === "resource" ? ResourceId.parse(Object(reading.body).id) : undefined;
}

function distinct(ids: readonly ResourceId[]): readonly ResourceId[] {
  return [...new Map(ids.map((id) => [id.key, id])).values()];
}

function distinctLists(readings: readonly Reading[]): readonly List[] {
  const lists = readings.filter((reading) => reading.kind === "list");
  return [...new Map(lists.map((list) => [`${list.scope.key} ${list.type}`, list])).values()];
}
