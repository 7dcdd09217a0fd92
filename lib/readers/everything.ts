import { pMapIterable } from "p-map";
import { childReads } from "../catalog/child-reads.ts";
import { ResourceId } from "../model/resource-id.ts";
import type { Key } from "../model/snapshot.ts";
import { arm } from "./arm.ts";
import type { ArmConnection } from "./arm-connection.ts";
import { EffectiveRouteChecks } from "./live-checks.ts";
import { network } from "./network.ts";
import { isGranted, type Permissions } from "./permissions.ts";
import { collected, type Portion, type Reader, type Reading } from "./reader.ts";
import { lacking, whyHidden } from "./refusals.ts";
import { resourceGraph } from "./resource-graph.ts";

/** By subscription; `undefined` where they may not be read. */
export type Rights = ReadonlyMap<string, Permissions | undefined>;

/** So many that several subscriptions are read at a time: each of them alone is held back by its own limits. */
const sideBySide = { concurrency: 256, backpressure: 512 };

/**
 * All catalogued resources of some subscriptions from Resource Graph, a thousand at once whichever they are in; and at the
 * same time what it lacks: children, and what Azure works out.
 */
export async function* everythingIn(connection: ArmConnection, rights: Rights): AsyncGenerator<readonly Reading[]> {
  const subscriptions = [...rights.keys()];
  const routes = new EffectiveRouteChecks();
  const graph = withProvenLists(resourceGraph(connection, subscriptions), rights);
  const readers = { children: arm(connection, subscriptions, []), workedOut: network(connection, subscriptions) };
  const work = worksFor(graph, readers, rights);
  for await (const readings of pMapIterable(work, (one) => one(), sideBySide)) {
    for (const reading of readings) routes.see(reading);
    yield readings;
  }
  const action = "Microsoft.Network/networkInterfaces/effectiveRouteTable/action";
  yield* listed(routes.read(connection, (subscription) => isAllowed(action, rights.get(subscription))));
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
  readonly children: Reader;
  readonly workedOut: Reader;
}

async function* worksFor(graph: Reader, readers: Readers, rights: Rights): AsyncGenerator<Work> {
  for await (const portion of graph.readAll()) {
    const readings = [...portion];
    yield async () => readings;
    for (const id of idsIn(readings)) {
      for (const key of childrenOf(id)) yield () => collected(readers.children.read(key));
      if (id.type === "microsoft.network/virtualnetworks") yield () => adminRulesOf(id, readers.workedOut, rights);
    }
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

async function* listed(portions: AsyncIterable<Portion>): AsyncGenerator<readonly Reading[]> {
  for await (const portion of portions) yield [...portion];
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
