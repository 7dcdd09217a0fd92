import { pMapIterable } from "p-map";
import { childLists } from "../catalog/child-lists.ts";
import { ResourceId } from "../model/resource-id.ts";
import type { Key } from "../model/snapshot.ts";
import { arm } from "./arm.ts";
import type { ArmConnection } from "./arm-connection.ts";
import { EffectiveRouteChecks, serviceTags } from "./live-checks.ts";
import { network } from "./network.ts";
import type { Portion, Reader, Reading } from "./reader.ts";
import { whyHidden } from "./refusals.ts";
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
  const work = worksFor(withProvenLists(resourceGraph(connection, subscriptions), rights), {
    children: arm(connection, subscriptions, []),
    workedOut: network(connection, subscriptions),
  });
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

async function* worksFor(graph: Reader, readers: Readers): AsyncGenerator<Work> {
  for await (const portion of graph.readAll()) {
    const readings = [...portion];
    yield async () => readings;
    for (const [key, reader] of lackingIn(readings, readers)) yield () => collected(reader.read(key));
  }
}

/** What nearly every audit asks of the resources, and Resource Graph does not have. */
function lackingIn(
  readings: readonly Reading[],
  { children, workedOut }: Readers,
): readonly (readonly [Key, Reader])[] {
  return idsIn(readings).flatMap((id) => [
    ...(childLists.get(id.type) ?? []).map((type): readonly [Key, Reader] => {
      return [{ kind: "list", parent: id, type: `${id.type}/${type}` }, children];
    }),
    ...(workedOutChildren.get(id.type) ?? []).map(([type, name]): readonly [Key, Reader] => {
      return [{ kind: "resource", id: id.child(type, name) }, workedOut];
    }),
  ]);
}

/** Of each network it is asked whether a network manager has a say in it. */
const workedOutChildren: ReadonlyMap<string, readonly (readonly [type: string, name: string])[]> = new Map([
  ["microsoft.network/virtualnetworks", [["effectiveSecurityAdminRules", "current"]]],
]);

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
