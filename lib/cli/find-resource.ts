import { CordonError } from "../model/cordon-error.ts";
import { fold, type ResourceId } from "../model/resource-id.ts";
import { suggest } from "../model/wording.ts";
import { isNamed, namesApart, namesOf } from "./resource-names.ts";

/**
 * The one of these that a user means: by its id, its name, or the names on the way to it (`vnet-erp/snet-app`).
 * Throws, and names those that could be meant, where it is none or not just one.
 */
export function findResource<T extends { readonly id: ResourceId }>(text: string, what: string, all: readonly T[]): T {
  const exact = all.find(({ id }) => id.key === fold(text));
  if (exact !== undefined) return exact;
  const named = all.filter(({ id }) => isNamed(id, text));
  const [only, another] = named;
  if (only !== undefined && another === undefined) return only;
  const ids = all.map(({ id }) => id);
  if (only === undefined) {
    const hint = suggest(text, ids.flatMap(namesOf)) || withinNames(text, ids);
    const message = `no ${what} \`${text}\` among the ${all.length} that were read${hint}`;
    throw new CordonError("ERR_RESOURCE_UNKNOWN", message, text);
  }
  const message = `\`${text}\` could be ${someOf(named.map(({ id }) => id))}: give one of those`;
  throw new CordonError("ERR_RESOURCE_AMBIGUOUS", message, text);
}

/** At most five of them, by names that tell them apart. */
export function someOf(ids: readonly ResourceId[]): string {
  const nameOf = namesApart(ids);
  const names = ids
    .map(nameOf)
    .sort()
    .map((name) => `\`${name}\``);
  const more = names.length > 5 ? ` and ${names.length - 5} more` : "";
  return `${names.slice(0, 5).join(", ")}${more}`;
}

function withinNames(text: string, ids: readonly ResourceId[]): string {
  const within = text.length < 2 ? [] : ids.filter(({ name }) => fold(name).includes(fold(text)));
  return within.length === 0 ? "" : `; those with that in their names are ${someOf(within)}`;
}
