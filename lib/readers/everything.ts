import { pMapIterable } from "p-map";
import { childLists } from "../catalog/child-lists.ts";
import { ResourceId } from "../model/resource-id.ts";
import type { Key } from "../model/snapshot.ts";
import { arm } from "./arm.ts";
import type { ArmConnection } from "./arm-connection.ts";
import { EffectiveRouteChecks, serviceTags } from "./live-checks.ts";
import { network } from "./network.ts";
import type { Portion, Reader, Reading } from "./reader.ts";
import { lacking, whyHidden } from "./refusals.ts";
import { resourceGraph } from "./resource-graph.ts";
import { isGranted, type Permissions } from "./rights.ts";

/** By subscription; `undefined` where they may not be read. */
export type Rights = ReadonlyMap<string, Permissions | undefined>;

const sideBySide = { concurrency: 32, backpressure: 64 };

/**
 * All catalogued resources of some subscriptions from Resource Graph, a thousand at once whichever they are in; and at the
 * same time what it lacks: children, and what Azure works out.
 */
export async function* everythingIn(connection: ArmConnection, rights: Rights): AsyncGenerator<readonly Reading[]> {
  const subscriptions = [...rights.keys()];
  const routes = new EffectiveRouteChecks();
  const locations = new Map<string, string>();
  const graph = withProvenLists(resourceGraph(connection, subscriptions), rights);
  const readers = { children: arm(connection, subscriptions, []), workedOut: network(connection, subscriptions) };
  const work = worksFor(graph, readers, rights);
  for await (const readings of pMapIterable(work, (one) => one(), sideBySide)) {
    for (const reading of readings) {
      routes.see(reading);
      seeLocation(reading, locations);
    }
    yield readings;
  }
  const mayAsk = (action: string) => (subscription: string) => isAllowed(action, rights.get(subscription));
  yield* tagsOnce(connection, locations, mayAsk("Microsoft.Network/locations/serviceTags/read"));
  const mayWorkOut = mayAsk("Microsoft.Network/networkInterfaces/effectiveRouteTable/action");
  yield* listed(routes.read(connection, mayWorkOut));
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

/** The lists that nearly every audit asks for, and Resource Graph does not have. */
function childrenOf(id: ResourceId): readonly Key[] {
  return (childLists.get(id.type) ?? []).map((type) => ({ kind: "list", parent: id, type: `${id.type}/${type}` }));
}

/** Whether a network manager has a say in a network, which every audit asks. */
async function adminRulesOf(network: ResourceId, workedOut: Reader, rights: Rights): Promise<readonly Reading[]> {
  const id = network.child("effectiveSecurityAdminRules", "current");
  const action = "Microsoft.Network/virtualNetworks/listNetworkManagerEffectiveSecurityAdminRules/action";
  if (isAllowed(action, rights.get(network.subscription))) return collected(workedOut.read({ kind: "resource", id }));
  const because = lacking(action, network.subscription);
  return [{ kind: "unreadable", id, unreadable: { kind: "unreadable", why: "refused", because } }];
}

async function collected(portions: AsyncIterable<Portion>): Promise<readonly Reading[]> {
  const all: Reading[] = [];
  for await (const portion of portions) all.push(...portion);
  return all;
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

/** The first of each subscription; what is everywhere is nowhere in particular. */
function seeLocation(reading: Reading, locations: Map<string, string>): void {
  const { id, location } = Object(reading.kind === "resource" ? reading.body : undefined);
  if (typeof location !== "string" || location === "global") return;
  const subscription = ResourceId.parse(id)?.subscription;
  if (subscription !== undefined && !locations.has(subscription)) locations.set(subscription, location);
}

/** They are the same in every subscription: the first that gives them is enough. */
async function* tagsOnce(
  connection: ArmConnection,
  locations: ReadonlyMap<string, string>,
  mayAsk: (subscription: string) => boolean,
): AsyncGenerator<readonly Reading[]> {
  for (const [subscription, location] of locations) {
    if (!mayAsk(subscription)) continue;
    const readings = await collected(serviceTags(connection, subscription, location));
    yield readings;
    if (readings.some(({ kind }) => kind === "serviceTags")) return;
  }
}
