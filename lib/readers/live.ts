import { pMapIterable } from "p-map";
import { readTypes } from "../catalog/api-versions.ts";
import { childReads } from "../catalog/child-reads.ts";
import { ResourceId } from "../model/resource-id.ts";
import type { Key } from "../model/snapshot.ts";
import { arm, isChildType } from "./arm.ts";
import type { ArmConnection } from "./arm-connection.ts";
import { EffectiveRouteChecks, serviceTags } from "./live-checks.ts";
import { network, networkTypes } from "./network.ts";
import type { Portion, Reader, Reading } from "./reader.ts";
import { resourceGraph } from "./resource-graph.ts";
import { isGranted, type Permissions, permissionsIn } from "./rights.ts";
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
}

/** Reads Azure as it is. */
export function live(connection: ArmConnection, { subscriptions, scope, purpose, changed = [] }: LiveScope): Reader {
  const byId = arm(connection, scope.readable, []);
  const rightsIn = remembered((subscription) => permissionsIn(connection, subscription));
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
        const seen = new Set<string>();
        for await (const readings of allIn(connection, subscription, await rightsIn(subscription), byId)) {
          for (const id of idsIn(readings)) if (!isChildType(id.type)) seen.add(id.type);
          yield readings;
        }
        if (purpose === "change") yield* asItIsNow(connection, subscription, seen);
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
  if (key.kind === "resource" && isWorkedOut(key.id)) return network;
  if (key.kind !== "everywhere") return byId;
  if (purpose === "scheduled" || isChildType(key.type)) return graph; // no list holds the children of all parents
  if (networkTypes.has(key.type)) return network;
  return key.type === storageType ? storage : byId;
}

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
}

/** Of a type everywhere, asked only where the caller would see all of it. */
function graphOfReadable(
  connection: ArmConnection,
  subscriptions: readonly string[],
  rightsIn: (subscription: string) => Promise<Permissions | undefined>,
): Reader {
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

/** What is there counts, but not that there is no more. */
function withoutLists(reader: Reader): Reader {
  return {
    ...reader,
    async *readAll() {
      for await (const portion of reader.readAll()) yield [...portion].filter(({ kind }) => kind !== "list");
    },
  };
}

function remembered<T>(ask: (key: string) => Promise<T>): (key: string) => Promise<T> {
  const answers = new Map<string, Promise<T>>();
  return (key) => {
    const answer = answers.get(key) ?? ask(key);
    answers.set(key, answer);
    return answer;
  };
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
