import { CordonError } from "../model/cordon-error.ts";
import { fold, type ResourceId } from "../model/resource-id.ts";
import { suggest } from "../model/wording.ts";

/**
 * The one of these that a user means: by its id, its name, or the names on the way to it (`vnet-erp/snet-app`).
 * Throws, and names those that could be meant, where it is none or not just one.
 */
export function findResource<T extends { readonly id: ResourceId }>(text: string, what: string, all: readonly T[]): T {
  const wanted = fold(text)
    .split("/")
    .filter((part) => part !== "");
  const exact = all.find(({ id }) => id.key === fold(text));
  if (exact !== undefined) return exact;
  const named = all.filter(({ id }) => endsWith(namesIn(id), wanted));
  const [only, another] = named;
  if (only !== undefined && another === undefined) return only;
  if (only === undefined) {
    throw new CordonError(
      "ERR_RESOURCE_UNKNOWN",
      `no ${what} \`${text}\` among the ${all.length} that were read${suggest(text, knownNames(all))}`,
      text,
    );
  }
  const ids = named
    .map(({ id }) => `\`${id.text}\``)
    .sort()
    .slice(0, 5);
  const more = named.length > ids.length ? ` and ${named.length - ids.length} more` : "";
  throw new CordonError(
    "ERR_RESOURCE_AMBIGUOUS",
    `\`${text}\` could be ${ids.join(", ")}${more}: give more of the id`,
    text,
  );
}

/** Names, and names within their parents. */
function knownNames(all: readonly { readonly id: ResourceId }[]): readonly string[] {
  return all.flatMap(({ id }) => [id.name, `${id.parent?.name}/${id.name}`]);
}

/** Every second segment of an id is a name. */
function namesIn({ key }: ResourceId): readonly string[] {
  return key.split("/").filter((_, index) => index > 0 && index % 2 === 0);
}

function endsWith(names: readonly string[], wanted: readonly string[]): boolean {
  return wanted.length > 0 && wanted.every((name, index) => names[names.length - wanted.length + index] === name);
}
