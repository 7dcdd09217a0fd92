import { fold, type ResourceId } from "../model/resource-id.ts";

/** Whether a text is the id, the name, or the names on the way to it: `vnet-erp/snet-app`, `rg-erp/vnet-erp/snet-app`. */
export function isNamed(id: ResourceId, text: string): boolean {
  if (id.key === fold(text)) return true;
  const wanted = fold(text)
    .split("/")
    .filter((part) => part !== "");
  const names = namesIn(id.key);
  return wanted.length > 0 && wanted.every((name, index) => names[names.length - wanted.length + index] === name);
}

/** The shortest name of each that none of the others has, with as many names on the way to it as that takes. */
export function namesApart(ids: readonly ResourceId[]): (id: ResourceId) => string {
  const distinct = new Map(ids.map((id) => [id.key, id]));
  const counts = new Map<string, number>();
  for (const name of [...distinct.values()].flatMap(namesOf)) {
    counts.set(fold(name), (counts.get(fold(name)) ?? 0) + 1);
  }
  return (id) => namesOf(id).find((name) => (counts.get(fold(name)) ?? 0) <= 1) ?? id.text;
}

/** All names of a resource, the shortest first. */
export function namesOf({ text }: ResourceId): readonly string[] {
  const names = namesIn(text);
  return names.map((_, index) => names.slice(names.length - 1 - index).join("/"));
}

/** Every second segment of an id is a name, but that of a provider. */
function namesIn(id: string): readonly string[] {
  const segments = id.split("/");
  return segments.filter((_, index) => index > 0 && index % 2 === 0 && fold(segments[index - 1] ?? "") !== "providers");
}
