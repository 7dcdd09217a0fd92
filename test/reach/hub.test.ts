import { describe, expect, test } from "vitest";
import type { ServiceFact } from "../../lib/model/fact.ts";
import { Policy } from "../../lib/model/policy.ts";
import type { ResourceId } from "../../lib/model/resource-id.ts";
import type { Snapshot } from "../../lib/model/snapshot.ts";
import { serviceReach } from "../../lib/reach/service-reach.ts";
import {
  aConnection,
  aGroup,
  aNetwork,
  aPrivateEndpoint,
  aStorageAccount,
  type PeeringParts,
  storageId,
  subnetId,
} from "../oracle/bodies.ts";
import type { World } from "../oracle/world.ts";
import { idOf } from "../support/builders.ts";
import { closedWorld } from "../support/closed-world.ts";
import { snapshotOf } from "../support/world.ts";

const hubRange = "10.0.0.0/16";
const spokeRange = (spoke: number) => `10.${1 + Math.floor(spoke / 200)}.${spoke % 200}.0/24`;
const spokeName = (spoke: number) => `spoke-${spoke}`;

/** A hub whose endpoint every spoke reaches; spokes stand in a ring of peerings as well, if asked. */
function hubWorld(spokes: number, parts: { readonly isRing?: boolean; readonly endpointIn?: string } = {}): World {
  const { isRing = false, endpointIn = subnetId("hub", "endpoints") } = parts;
  const all = Array.from({ length: spokes }, (_, spoke) => spoke);
  const to = (spoke: number): PeeringParts => ({ with: spokeName(spoke), ranges: [spokeRange(spoke)] });
  const hub = aNetwork({
    name: "hub",
    ranges: [hubRange],
    subnets: [{ name: "endpoints", prefixes: ["10.0.1.0/24"], nsg: "nsg" }],
    peerings: all.map(to),
  });
  const networks = all.map((spoke) => {
    const neighbours = isRing ? [to((spoke + 1) % spokes), to((spoke + spokes - 1) % spokes)] : [];
    const subnets = [{ prefixes: [spokeRange(spoke)] }];
    const peerings = [{ with: "hub", ranges: [hubRange] }, ...neighbours];
    return aNetwork({ name: spokeName(spoke), ranges: [spokeRange(spoke)], subnets, peerings });
  });
  const address = endpointIn.includes("/hub/") ? "10.0.1.9" : "10.1.0.9";
  const endpoint = aPrivateEndpoint({ subnet: endpointIn, addresses: [address] });
  const account = aStorageAccount({}, { privateEndpointConnections: [aConnection(storageId, "pe", "Approved")] });
  return { resources: [hub, ...networks, aGroup(), ...endpoint, account], serviceTags: [] };
}

function reachIn(world: World) {
  const snapshot = snapshotOf(closedWorld(world));
  const asked = { questions: 0 };
  const view: Snapshot = {
    serviceTags: snapshot.serviceTags,
    once: (name, work) => snapshot.once(name, work),
    get(id: ResourceId) {
      asked.questions += 1;
      return snapshot.get(id);
    },
    list: (parent, type) => snapshot.list(parent, type),
    naming: (id, ...kinds) => snapshot.naming(id, ...kinds),
    namers: (id, ...kinds) => snapshot.namers(id, ...kinds),
    ofKind: (kind) => snapshot.ofKind(kind),
    ofType: (type) => snapshot.ofType(type),
    everywhere: (type) => snapshot.everywhere(type),
  };
  const found = snapshot.get(idOf(storageId));
  if (found.kind !== "fact") throw new Error("the account is not there");
  const { ways } = serviceReach(found.fact as ServiceFact, Policy.default, view);
  return { ways, questions: asked.questions };
}

describe("a hub with 500 spokes", () => {
  test("each subnet of a spoke is one way to the endpoint in the hub, and certain", () => {
    const { ways } = reachIn(hubWorld(500));
    expect(ways.length).toBe(501);
    expect(ways.filter(({ must, may }) => must.isEmpty || !must.equals(may))).toEqual([]);
    expect(ways.map(({ witness }) => witness?.outcome)).toEqual(Array(501).fill("reaches"));
  });

  test("the questions that it takes grow with the spokes, not with their square", () => {
    const [few = 0, more = 0, most = 0] = [100, 300, 500].map((spokes) => reachIn(hubWorld(spokes)).questions);
    expect(most - more).toBe(more - few);
  });

  test("a ring of peerings ends, and leads nobody further than one peering", () => {
    const { ways } = reachIn(hubWorld(20, { isRing: true, endpointIn: subnetId("spoke-0", "s0") }));
    const names = ways.map(({ from }) => String((from as ResourceId).parent?.name)).sort();
    expect(names).toEqual(["hub", "spoke-0", "spoke-1", "spoke-19"]);
  });

  test("a spoke is not reached from the other spokes", () => {
    const { ways } = reachIn(hubWorld(500, { endpointIn: subnetId("spoke-0", "s0") }));
    expect(ways.map(({ from }) => String((from as ResourceId).parent?.name)).sort()).toEqual(["hub", "spoke-0"]);
  });
});
