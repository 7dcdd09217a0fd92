import { ResourceId } from "../../lib/model/resource-id.ts";
import type { Unreadable } from "../../lib/model/snapshot.ts";
import type { Reading } from "../../lib/readers/reader.ts";

/** Somebody is refused a part of a world that stays as it is. */
export interface Refusal {
  readonly what: string;
  /** What is read then. */
  of(readings: readonly Reading[]): readonly Reading[];
}

/**
 * Everything that may be refused: each type and each provider in every place, each list of a type in one place, and each
 * resource with the lists that should hold it, also one that is not there.
 */
export function refusalsOf(readings: readonly Reading[]): readonly Refusal[] {
  const ids = distinct(readings.flatMap((reading) => idOf(reading) ?? []));
  const lists = distinctLists(readings);
  const types = [...new Set([...ids, ...lists].map(({ type }) => type))];
  return [
    ...types.map((type) => ofTypes(`all ${type}`, (one) => one === type)),
    ...[...new Set(types.map(providerOf))].map((provider) =>
      ofTypes(`${provider}/*`, (type) => providerOf(type) === provider),
    ),
    ...lists.map(({ scope, type }) => {
      const isMember = (id: ResourceId) => id.type === type && id.isWithin(scope);
      return refusal(`${scope.text}/${type}`, isMember, (list) => list.type === type && list.scope.key === scope.key);
    }),
    ...ids.map((id) => {
      const isIt = ({ key }: ResourceId) => key === id.key;
      return refusal(id.text, isIt, (list) => list.type === id.type && id.isWithin(list.scope));
    }),
    { what: "service tags", of: (all) => all.filter(({ kind }) => kind !== "serviceTags") },
  ];
}

type List = Reading & { readonly kind: "list" };

function ofTypes(what: string, isMeant: (type: string) => boolean): Refusal {
  const isOf = ({ type }: { readonly type: string }) => isMeant(type);
  return refusal(what, isOf, isOf);
}

function refusal(what: string, isMeant: (id: ResourceId) => boolean, isMeantList: (list: List) => boolean): Refusal {
  return { what, of: (readings) => readings.map((one) => without(one, isMeant, isMeantList)) };
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
