import { ResourceId } from "../model/resource-id.ts";
import type { Completeness, Key } from "../model/snapshot.ts";
import type { Portion, Reader, Reading } from "../readers/reader.ts";
import type { ChangeIndex } from "../state/change-index.ts";

/**
 * Reads what it takes to look at some subjects, and no more: resources one by one from where they are, each once; what names
 * a resource, and whether there is more of a type, from what audits of whole subscriptions left behind. While one of the
 * subscriptions in the `scope` was never audited, types are read from the source.
 */
export function neighbourhood(source: Reader, { links, lists }: ChangeIndex, scope: readonly string[]): Reader {
  let known: ReturnType<typeof lists.all> | undefined;
  const listsOf = async (type: string) => {
    known ??= lists.all();
    const all = await known;
    const found = scope.map((subscription) => [subscription, all.get(subscription)?.get(type)] as const);
    return found.every(([, completeness]) => completeness !== undefined) ? found : undefined;
  };
  return {
    readAll: () => source.readAll(),
    async *read(key) {
      switch (key.kind) {
        case "resource":
        case "list":
          yield* source.read(key);
          break;
        case "naming":
          for (const id of await links.namers(key.id.key, key.of)) yield* readById(source, id);
          break;
        case "everywhere": {
          const found = await listsOf(key.type);
          if (found === undefined) yield* source.read(key);
          else yield found.flatMap(([subscription, completeness]) => listReading(subscription, key.type, completeness));
          break;
        }
        case "type":
          yield* source.read({ kind: "everywhere", type: key.type });
          break;
        case "kind":
          throw new RangeError(`nobody keeps a list of every ${key.of}: ask for a type`);
      }
    },
  };
}

function readById(source: Reader, text: string): AsyncIterable<Portion> {
  const id = ResourceId.parse(text);
  if (id === undefined) throw new RangeError(`\`${text}\` in the index is no id`);
  const key: Key = { kind: "resource", id };
  return source.read(key);
}

function listReading(subscription: string, type: string, completeness: Completeness | undefined): readonly Reading[] {
  const scope = ResourceId.parse(`/subscriptions/${subscription}`);
  if (scope === undefined || completeness === undefined) return [];
  return [{ kind: "list", scope, type, completeness }];
}
