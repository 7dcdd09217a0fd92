import { pMapIterable } from "p-map";
import { childLists } from "../catalog/child-lists.ts";
import { requiredActions } from "../catalog/required-actions.ts";
import { ResourceId } from "../model/resource-id.ts";
import type { Key } from "../model/snapshot.ts";
import { arm } from "./arm.ts";
import type { ArmConnection } from "./arm-connection.ts";
import { EffectiveRouteChecks, serviceTags } from "./live-checks.ts";
import { network, networkTypes } from "./network.ts";
import type { Portion, Reader, Reading } from "./reader.ts";
import { resourceGraph } from "./resource-graph.ts";
import { isGranted, type Permissions, permissionsIn } from "./rights.ts";
import { storage } from "./storage.ts";
import type { SubscriptionsInScope } from "./subscriptions.ts";

/** What an audit looks at, and how fresh it has to be. */
export interface LiveScope {
  /** Whose resources are read to the last. */
  readonly subscriptions: readonly string[];
  /** All that may be asked about. */
  readonly scope: SubscriptionsInScope;
  /** Resource Graph takes the fewest requests and lags by minutes; a change is looked at where it was made. */
  readonly purpose: "scheduled" | "change";
}

/** Reads Azure as it is. */
export function live(connection: ArmConnection, { subscriptions, scope, purpose }: LiveScope): Reader {
  const byId = arm(connection, scope.readable, []);
  const readers = {
    network: network(connection, scope.readable),
    storage: storage(connection, scope.readable),
    graph: resourceGraph(connection, scope.readable),
  };
  return {
    async *readAll() {
      for (const subscription of subscriptions) {
        yield [...outOfReach(subscription, scope)];
        if (scope.readable.includes(subscription)) yield* allIn(connection, subscription, byId);
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
  if (key.kind === "resource" && isWorkedOut(key.id)) return network;
  if (key.kind !== "everywhere") return byId;
  if (purpose === "scheduled" || isChildType(key.type)) return graph; // no list holds the children of all parents
  if (networkTypes.has(key.type)) return network;
  return key.type === "microsoft.storage/storageaccounts" ? storage : byId;
}

function isChildType(type: string): boolean {
  return type.split("/").length > 2;
}

function isWorkedOut({ type }: ResourceId): boolean {
  return type.endsWith("/effectiveroutetable") || type.endsWith("/effectivesecurityadminrules");
}

/** All catalogued resources of a subscription from Resource Graph, and at the same time the children that it lacks. */
async function* allIn(connection: ArmConnection, subscription: string, byId: Reader): AsyncGenerator<Portion> {
  const permissions = await permissionsIn(connection, subscription);
  yield [...refusals(subscription, permissions)];
  const isAllowed = (action: string) => permissions === undefined || isGranted(action, permissions);
  const graph = resourceGraph(connection, [subscription], (type) => isAllowed(`${type}/read`));
  const work = pMapIterable(worksFor(graph, byId), (one) => one(), { concurrency: 16, backpressure: 64 });
  const routes = new EffectiveRouteChecks();
  let location: string | undefined;
  for await (const readings of work) {
    for (const reading of readings) {
      routes.see(reading);
      location ??= locationOf(reading);
    }
    yield readings;
  }
  if (location !== undefined) yield* serviceTags(connection, subscription, location);
  if (isAllowed("Microsoft.Network/networkInterfaces/effectiveRouteTable/action")) yield* routes.read(connection);
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
  return readings.flatMap((reading) => {
    const id = reading.kind === "resource" ? ResourceId.parse(Object(reading.body).id) : undefined;
    if (id === undefined) return [];
    return (childLists.get(id.type) ?? []).map(
      (type): Key => ({ kind: "list", parent: id, type: `${id.type}/${type}` }),
    );
  });
}

/** Resource Graph leaves out what may not be read, and says nothing: what it would leave out is said here. */
function* refusals(subscription: string, permissions: Permissions | undefined): Generator<Reading> {
  if (permissions === undefined) return;
  for (const [action] of requiredActions) {
    const [, type] = /^(.*)\/read$/.exec(action) ?? [];
    if (type === undefined || isGranted(action, permissions)) continue;
    yield* unlisted(
      subscription,
      type.toLowerCase(),
      `Cordon lacks the right \`${action}\` in subscription \`${subscription}\``,
    );
  }
}

function* outOfReach(subscription: string, { unreadable }: SubscriptionsInScope): Generator<Reading> {
  const because = unreadable.get(subscription);
  const id = ResourceId.parse(`/subscriptions/${subscription}`);
  if (because === undefined || id === undefined) return;
  yield { kind: "unreadable", id, unreadable: { kind: "unreadable", why: "outOfScope", because } };
}

function unlisted(subscription: string, type: string, because: string): readonly Reading[] {
  const scope = ResourceId.parse(`/subscriptions/${subscription}`);
  if (scope === undefined) return [];
  return [{ kind: "list", scope, type, completeness: { kind: "unreadable", why: "refused", because } }];
}
