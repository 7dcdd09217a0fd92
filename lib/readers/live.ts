import pMap from "p-map";
import { availableDelegationsType } from "../catalog/delegations.ts";
import type { ResourceId } from "../model/resource-id.ts";
import type { Key } from "../model/snapshot.ts";
import { arm, withAllHiddenParts } from "./arm.ts";
import { type ArmConnection, clouds } from "./arm-connection.ts";
import { everythingIn, idsIn } from "./everything.ts";
import { serviceTags } from "./live-checks.ts";
import { isWorkedOut, network, networkTypes } from "./network.ts";
import { isBlind } from "./permissions.ts";
import type { Portion, Reader } from "./reader.ts";
import { mayReadNothing, outOfReach, shortOfRights, unlisted, whyHidden } from "./refusals.ts";
import { type RememberedTags, rememberedTags } from "./remembered-tags.ts";
import { resourceGraph } from "./resource-graph.ts";
import { type RightsIn, rightsOf } from "./rights.ts";
import { storage, storageType } from "./storage.ts";
import type { SubscriptionsInScope } from "./subscriptions.ts";

/** What an audit looks at, and how fresh it has to be. */
export interface LiveScope {
  /** Whose resources are read to the last. */
  readonly subscriptions: readonly string[];
  /** All that may be asked about. */
  readonly scope: SubscriptionsInScope;
  /** A scheduled audit reads everything with the fewest requests; one after a change is asked for single resources. */
  readonly purpose: "scheduled" | "change";
  /** Where service tags are remembered from one reading to the next. */
  readonly tags?: RememberedTags;
  /** Where somebody has asked for them already. */
  readonly rightsIn?: RightsIn;
}

const inParallel = { concurrency: 16 };

/** Reads Azure as it is. */
export function live(connection: ArmConnection, wanted: LiveScope): Reader {
  const { subscriptions, scope, purpose, tags = rememberedTags(), rightsIn = rightsOf(connection) } = wanted;
  const byId = arm(connection);
  const readers = {
    network: network(connection, scope.readable),
    storage: storage(connection, scope.readable),
    graph: graphOfReadable(connection, scope.readable, rightsIn),
  };
  /** They are the same in every subscription: the first that gives them is enough. */
  async function* tagsFrom(readable: readonly string[]): AsyncGenerator<Portion> {
    const { region } = clouds[connection.cloud];
    for (const subscription of readable) {
      const readings = await tags.readings(() => serviceTags(connection, subscription, region));
      yield readings;
      if (readings.some(({ kind }) => kind === "serviceTags")) return;
    }
  }

  return {
    async *readAll() {
      for (const subscription of subscriptions) yield outOfReach(subscription, scope);
      const readable = subscriptions.filter((subscription) => scope.readable.includes(subscription));
      yield* tagsFrom(readable);
      if (purpose === "change") return;
      const rights = new Map(await pMap(readable, async (one) => [one, await rightsIn(one)] as const, inParallel));
      const seen = new Set<string>();
      for await (const readings of everythingIn(connection, rights)) {
        for (const { subscription } of idsIn(readings)) seen.add(subscription);
        yield readings;
      }
      for (const [subscription, permissions] of rights) {
        const isClosed = !seen.has(subscription) && isBlind(permissions);
        yield isClosed ? mayReadNothing(subscription) : shortOfRights(subscription, permissions);
      }
    },
    async *read(key) {
      if (key.kind === "everywhere")
        yield [...scope.unreadable].flatMap(([id, because]) => unlisted(id, key.type, because));
      yield* readerFor(key, { ...readers, byId }).read(key);
    },
  };
}

type Answering = Pick<Reader, "read">;

/** Which of the readers answers a question. */
function readerFor(
  key: Key,
  { network, storage, graph, byId }: Readonly<Record<"network" | "storage" | "graph" | "byId", Answering>>,
): Answering {
  if (key.kind === "everywhere") return graph;
  if (key.kind !== "resource") return byId;
  if (isOfNetwork(key.id)) return network;
  return key.id.type === storageType ? storage : byId;
}

/** What the network SDK has an operation for. */
function isOfNetwork({ type }: ResourceId): boolean {
  return networkTypes.has(type) || type === availableDelegationsType || isWorkedOut(type);
}

/** Of a type everywhere, asked only where the caller would see all of it. */
function graphOfReadable(connection: ArmConnection, subscriptions: readonly string[], rightsIn: RightsIn): Answering {
  return {
    async *read(key) {
      if (key.kind !== "everywhere") return;
      const rights = await Promise.all(subscriptions.map(async (one) => ({ one, has: await rightsIn(one) })));
      const hidden = rights.map(({ one, has }) => ({ one, because: whyHidden(key.type, one, has) }));
      for (const { one, because } of hidden) if (because !== undefined) yield unlisted(one, key.type, because);
      const seen = hidden.filter(({ because }) => because === undefined).map(({ one }) => one);
      yield* withAllHiddenParts(resourceGraph(connection, seen).read(key), connection);
    },
  };
}
