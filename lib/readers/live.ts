import pMap from "p-map";
import { availableDelegationsType } from "../catalog/delegations.ts";
import type { ResourceId } from "../model/resource-id.ts";
import type { Key } from "../model/snapshot.ts";
import { arm, isChildType } from "./arm.ts";
import type { ArmConnection } from "./arm-connection.ts";
import { everythingIn, idsIn } from "./everything.ts";
import { isWorkedOut, network, networkTypes } from "./network.ts";
import { isBlind } from "./permissions.ts";
import type { Portion, Reader } from "./reader.ts";
import { mayReadNothing, outOfReach, shortOfRights, unlisted, whyHidden } from "./refusals.ts";
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
  /** Resource Graph takes the fewest requests and lags by minutes; a change is looked at where it was made. */
  readonly purpose: "scheduled" | "change";
  /** Ids of what is said to have changed. */
  readonly changed?: readonly ResourceId[];
  /** Where somebody has asked for them already. */
  readonly rightsIn?: RightsIn;
}

const inParallel = { concurrency: 16 };

/** Reads Azure as it is. */
export function live(connection: ArmConnection, wanted: LiveScope): Reader {
  const { subscriptions, scope, purpose, changed = [], rightsIn = rightsOf(connection) } = wanted;
  const byId = arm(connection, scope.readable, []);
  const readers = {
    network: network(connection, scope.readable),
    storage: storage(connection, scope.readable),
    graph: graphOfReadable(connection, scope.readable, rightsIn),
  };
  return {
    async *readAll() {
      for (const subscription of subscriptions) yield outOfReach(subscription, scope);
      const readable = subscriptions.filter((subscription) => scope.readable.includes(subscription));
      const rights = new Map(await pMap(readable, async (one) => [one, await rightsIn(one)] as const, inParallel));
      const seen = new Map(readable.map((one) => [one, new Set<string>()]));
      for await (const readings of everythingIn(connection, rights)) {
        for (const id of idsIn(readings)) if (!isChildType(id.type)) seen.get(id.subscription)?.add(id.type);
        yield readings;
      }
      for (const [subscription, types] of seen) {
        const permissions = rights.get(subscription);
        const isClosed = types.size === 0 && isBlind(permissions);
        yield isClosed ? mayReadNothing(subscription) : shortOfRights(subscription, permissions);
        if (purpose === "change") yield* asItIsNow(connection, subscription, types);
      }
      for (const id of changed) {
        if (subscriptions.includes(id.subscription)) yield* byId.read({ kind: "resource", id });
      }
    },
    async *read(key) {
      if (key.kind === "everywhere")
        yield [...scope.unreadable].flatMap(([id, because]) => unlisted(id, key.type, because));
      yield* readerFor(key, purpose, { ...readers, byId }).read(key);
    },
  };
}

/** Which of the readers answers a question. */
function readerFor(
  key: Key,
  purpose: LiveScope["purpose"],
  { network, storage, graph, byId }: Readonly<Record<"network" | "storage" | "graph" | "byId", Reader>>,
): Reader {
  if (key.kind === "resource" && isOfNetwork(key.id)) return network;
  if (key.kind !== "everywhere") return byId;
  if (purpose === "scheduled" || isChildType(key.type)) return graph; // no list holds the children of all parents
  if (networkTypes.has(key.type)) return network;
  return key.type === storageType ? storage : byId;
}

/** What no GET by id answers. */
function isOfNetwork({ type }: ResourceId): boolean {
  return type === availableDelegationsType || isWorkedOut(type);
}

/** What Resource Graph told of some minutes ago, once more from where it is: what is newer counts. */
async function* asItIsNow(
  connection: ArmConnection,
  subscription: string,
  types: ReadonlySet<string>,
): AsyncGenerator<Portion> {
  const others = arm(connection, [subscription], []);
  const [ofNetwork, ofStorage] = [network(connection, [subscription]), storage(connection, [subscription])];
  for (const type of [...types].sort()) {
    const reader = networkTypes.has(type) ? ofNetwork : type === storageType ? ofStorage : others;
    yield* reader.read({ kind: "everywhere", type });
  }
}

/** Of a type everywhere, asked only where the caller would see all of it. */
function graphOfReadable(connection: ArmConnection, subscriptions: readonly string[], rightsIn: RightsIn): Reader {
  return {
    async *readAll() {},
    async *read(key) {
      if (key.kind !== "everywhere") return;
      const rights = await Promise.all(subscriptions.map(async (one) => ({ one, has: await rightsIn(one) })));
      const hidden = rights.map(({ one, has }) => ({ one, because: whyHidden(key.type, one, has) }));
      for (const { one, because } of hidden) if (because !== undefined) yield unlisted(one, key.type, because);
      const seen = hidden.filter(({ because }) => because === undefined).map(({ one }) => one);
      yield* resourceGraph(connection, seen).read(key);
    },
  };
}
