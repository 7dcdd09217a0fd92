<<<<<<< HEAD
import { pMapIterable } from "p-map";
import { readTypes } from "../catalog/api-versions.ts";
import { childReads } from "../catalog/child-reads.ts";
import { ResourceId } from "../model/resource-id.ts";
=======
import pMap from "p-map";
import { availableDelegationsType } from "../catalog/delegations.ts";
import type { ResourceId } from "../model/resource-id.ts";
>>>>>>> 93021a439d406c45764f475c5a2e512d9ca22c78
import type { Key } from "../model/snapshot.ts";
import { arm } from "./arm.ts";
import { type ArmConnection, clouds } from "./arm-connection.ts";
import { everythingIn, idsIn } from "./everything.ts";
import { serviceTags } from "./live-checks.ts";
import { isWorkedOut, network, networkTypes } from "./network.ts";
import type { Reader } from "./reader.ts";
import { mayReadNothing, outOfReach, shortOfRights, unlisted, whyHidden } from "./refusals.ts";
import { type RememberedTags, rememberedTags } from "./remembered-tags.ts";
import { resourceGraph } from "./resource-graph.ts";
import { isBlind, type RightsIn, rightsOf } from "./rights.ts";
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
      if (purpose === "change") {
        for (const subscription of readable.slice(0, 1)) {
          yield await tags.readings(() => serviceTags(connection, subscription, clouds[connection.cloud].region));
        }
        return;
      }
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

<<<<<<< HEAD
function isWorkedOut({ type }: ResourceId): boolean {
  return type.endsWith("/effectiveroutetable") || type.endsWith("/effectivesecurityadminrules");
}

/** All catalogued resources of a subscription from Resource Graph, and at the same time the children that it lacks. */
async function* allIn(
  connection: ArmConnection,
  subscription: string,
  permissions: Permissions | undefined,
  byId: Reader,
): AsyncGenerator<readonly Reading[]> {
  yield [...refusals(subscription, permissions)];
  const isAllowed = (action: string) => permissions === undefined || isGranted(action, permissions);
  const graph = resourceGraph(connection, [subscription], (type) => isAllowed(`${type}/read`));
  const proven = permissions === undefined ? withoutLists(graph) : graph;
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
    return (childReads.get(id.type) ?? []).map(({ type, name }): Key => {
      if (name !== undefined) return { kind: "resource", id: id.child(type, name) };
      return { kind: "list", parent: id, type: `${id.type}/${type}` };
    });
  });
}

/** Resource Graph leaves out what may not be read, and says nothing: what it would leave out is said here. */
function* refusals(subscription: string, permissions: Permissions | undefined): Generator<Reading> {
  for (const type of readTypes) {
    const because = whyHidden(type, subscription, permissions);
    if (because !== undefined) yield* unlisted(subscription, type.toLowerCase(), because);
  }
}

/** Why resources of a type may be there that the caller does not see; undefined where it sees all. */
function whyHidden(type: string, subscription: string, permissions: Permissions | undefined): string | undefined {
  const action = permissions === undefined ? "Microsoft.Authorization/permissions/read" : `${type}/read`;
  if (permissions !== undefined && isGranted(action, permissions)) return undefined;
  return `Cordon lacks the right \`${action}\` in subscription \`${subscription}\``;
=======
/** What the network SDK has an operation for. */
function isOfNetwork({ type }: ResourceId): boolean {
  return networkTypes.has(type) || type === availableDelegationsType || isWorkedOut(type);
>>>>>>> 93021a439d406c45764f475c5a2e512d9ca22c78
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
