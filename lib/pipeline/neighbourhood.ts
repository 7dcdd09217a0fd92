import pMap, { pMapIterable } from "p-map";
import { fold, ResourceId } from "../model/resource-id.ts";
import type { Completeness, Key } from "../model/snapshot.ts";
import { collected, type Portion, type Reader, type Reading } from "../readers/reader.ts";
import type { ChangeIndex } from "../state/change-index.ts";

/**
 * A reader that looks beyond its own subscription: resources are read one by one from where they are; what names a resource,
 * and whether there is more of a type, is known from what audits of whole subscriptions left behind. The bodies elsewhere
 * that name something in the `whole` subscription come with everything.
 *
 * While not all of the `scope` was audited, a small one is asked for types as a whole; in a large one what is not known yet is
 * unreadable, with the reason.
 */
export function neighbourhood(
  source: Reader,
  { links, lists }: ChangeIndex,
  scope: readonly string[],
  whole?: string,
): Reader {
  let known: ReturnType<typeof lists.all> | undefined;
  const knownNamers = new Map<string, ReturnType<typeof links.namers>>();
  const namersOf = async (key: string, kind: string | undefined) => {
    const namers = knownNamers.get(key) ?? links.namers(key);
    knownNamers.set(key, namers);
    const byKind = await namers;
    return kind === undefined ? new Set([...byKind.values()].flatMap((some) => [...some])) : byKind.get(kind);
  };
  const listOf = async (subscription: string, type: string): Promise<ListOfSubscription> => {
    known ??= lists.all();
    return { subscription, completeness: (await known).get(subscription)?.get(type) };
  };
  const readOne = async (id: string) => await collected(readById(source, id));
  const isElsewhere = ({ isSubscription, subscription }: ResourceId) => isSubscription && subscription !== whole;
  return {
    async *readAll() {
      yield [{ kind: "scope", subscriptions: scope.flatMap((one) => idOf(one) ?? []) }];
      let isEnded = false;
      for await (const portion of source.readAll()) {
        const readings = [...portion];
        isEnded ||= readings.some(({ kind }) => kind === "end");
        yield readings;
      }
      if (whole === undefined || isEnded) return;
      yield* pMapIterable(await links.namersFromElsewhere(whole), readOne, sideBySide);
    },
    async *read(key) {
      switch (key.kind) {
        case "resource":
          yield* source.read(key);
          break;
        case "list": {
          const known = isElsewhere(key.parent) ? await listOf(key.parent.subscription, fold(key.type)) : undefined;
          if (known?.completeness === undefined) yield* source.read(key);
          else yield listReading(known, fold(key.type));
          break;
        }
        case "naming": {
          const ids = [...((await namersOf(key.id.key, key.of)) ?? [])];
          yield (await pMap(ids, readOne, sideBySide)).flat();
          break;
        }
        case "everywhere": {
          const found = await Promise.all(scope.map(async (one) => await listOf(one, key.type)));
          const isOpen = found.some(({ subscription, completeness }) => {
            return completeness === undefined && subscription !== whole;
          });
          if (isOpen && scope.length <= askedAsWhole) yield* source.read(key);
          else yield found.flatMap((one) => (one.subscription === whole ? [] : listReading(one, key.type)));
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

const sideBySide = { concurrency: 16 };

/** So many subscriptions can be asked for all of a type without much ado. */
const askedAsWhole = 20;

function readById(source: Reader, text: string): AsyncIterable<Portion> {
  const id = ResourceId.parse(text);
  if (id === undefined) throw new RangeError(`\`${text}\` in the index is no id`);
  const key: Key = { kind: "resource", id };
  return source.read(key);
}

interface ListOfSubscription {
  readonly subscription: string;
  readonly completeness: Completeness | undefined;
}

function listReading({ subscription, completeness }: ListOfSubscription, type: string): readonly Reading[] {
  const scope = idOf(subscription);
  if (scope === undefined) return [];
  const because = `what subscription \`${subscription}\` holds is not known: it was not audited yet, or cannot be read`;
  const unread: Completeness = { kind: "unreadable", why: "failed", because };
  return [{ kind: "list", scope, type, completeness: completeness ?? unread }];
}

function idOf(subscription: string): ResourceId | undefined {
  return ResourceId.parse(`/subscriptions/${subscription}`);
}
