import { PassThrough } from "node:stream";
import merge from "it-merge";
import { pMapIterable } from "p-map";
import { childReads } from "../catalog/child-reads.ts";
import { isInEnvironment } from "../catalog/environments.ts";
import { apiVersionThatShows } from "../catalog/hidden-parts.ts";
import { ResourceId } from "../model/resource-id.ts";
import type { Key } from "../model/snapshot.ts";
import { arm, withHiddenParts } from "./arm.ts";
import type { ArmConnection } from "./arm-connection.ts";
import { EffectiveRouteChecks } from "./live-checks.ts";
import { network } from "./network.ts";
import { isGranted, type Permissions } from "./permissions.ts";
import { collected, type Reader, type Reading } from "./reader.ts";
import { lacking, whyHidden } from "./refusals.ts";
import { resourceGraph } from "./resource-graph.ts";

/** By subscription; `undefined` where they may not be read. */
export type Rights = ReadonlyMap<string, Permissions | undefined>;

/** So many that several subscriptions are read at a time: each of them alone is held back by its own limits, and no other. */
const sideBySide = { concurrency: 256, backpressure: 512, preserveOrder: false };

/**
 * All catalogued resources of some subscriptions from Resource Graph, a thousand at once whichever they are in; and at the
 * same time what it lacks: children, and what Azure works out. Where one of them fails, or nobody wants to know any more,
 * the requests that are under way are given up.
 */
export async function* everythingIn(connection: ArmConnection, rights: Rights): AsyncGenerator<readonly Reading[]> {
  const end = new AbortController();
  const signal = connection.signal === undefined ? end.signal : AbortSignal.any([connection.signal, end.signal]);
  try {
    yield* sideBySideIn({ ...connection, signal }, rights);
  } finally {
    end.abort();
  }
}

function sideBySideIn(connection: ArmConnection, rights: Rights): AsyncIterable<readonly Reading[]> {
  const subscriptions = [...rights.keys()];
  const graph = withProvenLists(resourceGraph(connection, subscriptions), rights);
  const readers = {
    children: arm(connection),
    workedOut: network(connection, subscriptions),
    shown: (id: ResourceId, apiVersion: string) => withHiddenParts(connection, id, apiVersion),
  };
  /** Texts: there are many, and most wait for long. */
  const ids = new PassThrough({ objectMode: true });
  const listener = {
    see: (body: unknown) => {
      const id = ResourceId.parse(Object(body).id);
      if (id === undefined) return;
      if (hasMore(id, body)) ids.write(id.text);
      const apiVersion = apiVersionThatShows(id.type, body);
      if (apiVersion !== undefined) ids.write(`${id.text}?${apiVersion}`);
    },
    end: () => void ids.end(),
  };
  return merge(
    listsAndChecks(connection, graph, rights, listener),
    pMapIterable(worksFor(ids, readers, rights), async (work) => await work(), sideBySide),
  );
}

/** Who wants to know what is in the lists, and when there is no more. */
interface Listener {
  see(body: unknown): void;
  end(): void;
}

async function* listsAndChecks(
  connection: ArmConnection,
  graph: Reader,
  rights: Rights,
  listener: Listener,
): AsyncGenerator<readonly Reading[]> {
  const routes = new EffectiveRouteChecks();
  for await (const portion of graph.readAll()) {
    const readings = [...portion];
    for (const reading of readings) {
      if (reading.kind === "resource") listener.see(reading.body);
      routes.see(reading);
    }
    yield readings;
  }
  listener.end();
  yield [{ kind: "listed" }];
  const action = "Microsoft.Network/networkInterfaces/effectiveRouteTable/action";
  for await (const portion of routes.read(connection, (one) => isAllowed(action, rights.get(one)))) yield [...portion];
}

export function idsIn(readings: readonly Reading[]): readonly ResourceId[] {
  return readings.flatMap((reading) => {
    return (reading.kind === "resource" ? ResourceId.parse(Object(reading.body).id) : undefined) ?? [];
  });
}

function isAllowed(action: string, permissions: Permissions | undefined): boolean {
  return permissions === undefined || isGranted(action, permissions);
}

type Work = () => Promise<readonly Reading[]>;

interface Readers {
  readonly children: Pick<Reader, "read">;
  readonly workedOut: Reader;
  /** As another api-version shows it. */
  shown(id: ResourceId, apiVersion: string): Promise<readonly Reading[]>;
}

function hasMore({ type }: ResourceId, body: unknown): boolean {
  return type === networkType || (childReads.has(type) && !isInEnvironment(type, body));
}

const networkType = "microsoft.network/virtualnetworks";

async function* worksFor(ids: AsyncIterable<string>, readers: Readers, rights: Rights): AsyncGenerator<Work> {
  for await (const text of ids) {
    const [path, apiVersion] = text.split("?");
    const id = ResourceId.parse(path);
    if (id === undefined) continue;
    if (apiVersion !== undefined) {
      yield () => readers.shown(id, apiVersion);
      continue;
    }
    for (const key of childrenOf(id)) yield () => collected(readers.children.read(key));
    if (id.type === networkType) yield () => adminRulesOf(id, readers.workedOut, rights);
  }
}

/** What nearly every audit asks for, and Resource Graph does not have. */
function childrenOf(id: ResourceId): readonly Key[] {
  return (childReads.get(id.type) ?? []).map(({ type, name }) => {
    if (name !== undefined) return { kind: "resource", id: id.child(type, name) };
    return { kind: "list", parent: id, type: `${id.type}/${type}` };
  });
}

/** Whether a network manager has a say in a network, which every audit asks. */
async function adminRulesOf(network: ResourceId, workedOut: Reader, rights: Rights): Promise<readonly Reading[]> {
  const id = network.child("effectiveSecurityAdminRules", "current");
  const action = "Microsoft.Network/virtualNetworks/listNetworkManagerEffectiveSecurityAdminRules/action";
  if (isAllowed(action, rights.get(network.subscription))) return collected(workedOut.read({ kind: "resource", id }));
  const because = lacking(action, network.subscription);
  return [{ kind: "unreadable", id, unreadable: { kind: "unreadable", why: "refused", because } }];
}

/** What is there counts; that there is no more, only where the caller sees all of a type. */
function withProvenLists(reader: Reader, rights: Rights): Reader {
  const counts = (reading: Reading) => {
    if (reading.kind !== "list") return true;
    const { subscription } = reading.scope;
    return whyHidden(reading.type, subscription, rights.get(subscription)) === undefined;
  };
  return {
    ...reader,
    async *readAll() {
      for await (const portion of reader.readAll()) yield [...portion].filter(counts);
    },
  };
}
