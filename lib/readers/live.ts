import { pMapIterable } from "p-map";
import { childLists } from "../catalog/child-lists.ts";
import { availableDelegationsType } from "../catalog/delegations.ts";
import { ResourceId } from "../model/resource-id.ts";
import type { Key } from "../model/snapshot.ts";
import { arm } from "./arm.ts";
import { type ArmConnection, clouds } from "./arm-connection.ts";
import { EffectiveRouteChecks, serviceTags } from "./live-checks.ts";
import { isWorkedOut, network, networkTypes } from "./network.ts";
import type { Portion, Reader, Reading } from "./reader.ts";
import { mayReadNothing, outOfReach, shortOfRights, unlisted, whyHidden } from "./refusals.ts";
import { type RememberedTags, rememberedTags } from "./remembered-tags.ts";
import { resourceGraph } from "./resource-graph.ts";
import { isBlind, isGranted, type Permissions, type RightsIn, rightsOf } from "./rights.ts";
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

/** Reads Azure as it is. */
export function live(connection: ArmConnection, wanted: LiveScope): Reader {
  const { subscriptions, scope, purpose, tags = rememberedTags(), rightsIn = rightsOf(connection) } = wanted;
  const byId = arm(connection, scope.readable, []);
  const readers = {
    network: network(connection, scope.readable),
    storage: storage(connection, scope.readable),
    graph: graphOfReadable(connection, scope.readable, rightsIn),
  };
  return {
    async *readAll() {
      for (const subscription of subscriptions) {
        yield [...outOfReach(subscription, scope)];
        if (!scope.readable.includes(subscription)) continue;
        if (purpose === "change") {
          yield await tags.readings(() => serviceTags(connection, subscription, clouds[connection.cloud].region));
          continue;
        }
        const permissions = await rightsIn(subscription);
        let isEmpty = true;
        for await (const readings of allIn(connection, subscription, permissions, byId)) {
          isEmpty &&= !readings.some(({ kind }) => kind === "resource");
          yield readings;
        }
        const isClosed = isEmpty && isBlind(permissions);
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

/** Which of the readers answers a question. */
function readerFor(
  key: Key,
  { network, storage, graph, byId }: Readonly<Record<"network" | "storage" | "graph" | "byId", Reader>>,
): Reader {
  if (key.kind === "everywhere") return graph;
  if (key.kind !== "resource") return byId;
  if (isOfNetwork(key.id)) return network;
  return key.id.type === storageType ? storage : byId;
}

/** What the network SDK has an operation for. */
function isOfNetwork({ type }: ResourceId): boolean {
  return networkTypes.has(type) || type === availableDelegationsType || isWorkedOut(type);
}

/** All catalogued resources of a subscription from Resource Graph, and at the same time the children that it lacks. */
async function* allIn(
  connection: ArmConnection,
  subscription: string,
  permissions: Permissions | undefined,
  byId: Reader,
): AsyncGenerator<readonly Reading[]> {
  const isAllowed = (action: string) => permissions === undefined || isGranted(action, permissions);
  const isWhole = (type: string) => whyHidden(type, subscription, permissions) === undefined;
  const proven = withLists(resourceGraph(connection, [subscription]), isWhole);
  const work = pMapIterable(worksFor(proven, byId), (one) => one(), { concurrency: 16, backpressure: 64 });
  const routes = new EffectiveRouteChecks();
  let location: string | undefined;
  for await (const readings of work) {
    for (const reading of readings) {
      routes.see(reading);
      location ??= locationOf(reading);
    }
    yield readings;
  }
  if (location !== undefined) yield* listed(serviceTags(connection, subscription, location));
  if (!isAllowed("Microsoft.Network/networkInterfaces/effectiveRouteTable/action")) return;
  yield* listed(routes.read(connection));
}

async function* listed(portions: AsyncIterable<Portion>): AsyncGenerator<readonly Reading[]> {
  for await (const portion of portions) yield [...portion];
}

function idsIn(readings: readonly Reading[]): readonly ResourceId[] {
  return readings.flatMap((reading) => {
    return (reading.kind === "resource" ? ResourceId.parse(Object(reading.body).id) : undefined) ?? [];
  });
}

function locationOf(reading: Reading): string | undefined {
  const { location } = Object(reading.kind === "resource" ? reading.body : undefined);
  return typeof location === "string" && location !== "global" ? location : undefined;
}

type Work = () => Promise<readonly Reading[]>;

async function* worksFor(graph: Reader, byId: Reader): AsyncGenerator<Work> {
  for await (const portion of graph.readAll()) {
    const readings = [...portion];
    yield async () => readings;
    for (const key of childrenToRead(readings)) {
      yield async () => {
        const children: Reading[] = [];
        for await (const readings of byId.read(key)) children.push(...readings);
        return children;
      };
    }
  }
}

function childrenToRead(readings: readonly Reading[]): readonly Key[] {
  return idsIn(readings).flatMap((id) => {
    return (childLists.get(id.type) ?? []).map(
      (type): Key => ({ kind: "list", parent: id, type: `${id.type}/${type}` }),
    );
  });
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

/** What is there counts; that there is no more, only where the caller sees all of a type. */
function withLists(reader: Reader, isWhole: (type: string) => boolean): Reader {
  const counts = (reading: Reading) => reading.kind !== "list" || isWhole(reading.type);
  return {
    ...reader,
    async *readAll() {
      for await (const portion of reader.readAll()) yield [...portion].filter(counts);
    },
  };
}
