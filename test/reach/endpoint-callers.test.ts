import { describe, expect, test } from "vitest";
import { callersOf } from "../../lib/reach/endpoint-callers.ts";
import {
  aNetwork,
  aPrivateEndpoint,
  aRouteTable,
  aStorageAccount,
  idOf as idOfBody,
  type PeeringParts,
  type Properties,
  storageId,
  subnetId,
} from "../oracle/bodies.ts";
import type { Body } from "../oracle/world.ts";
import { idOf } from "../support/builders.ts";
import { closedWorld } from "../support/closed-world.ts";
import { snapshotOf } from "../support/world.ts";

/** `a/s0 must`, `b/s1 may`: from where packets get to the endpoint `pe`. */
function callers(resources: readonly Body[]) {
  const snapshot = snapshotOf(closedWorld({ resources: [...resources, aStorageAccount({})], serviceTags: [] }));
  const found = snapshot.get(idOf(storageId));
  if (found.kind !== "fact" || found.fact.kind !== "service") throw new Error("the test gives no service");
  const { paths, because } = callersOf(idOf(idOfBody("privateEndpoints", "pe")), found.fact, snapshot);
  const told = paths
    .filter(({ may }) => !may.isEmpty)
    .map(({ from, must }) => `${from.id.parent?.name}/${from.id.name} ${must.isEmpty ? "may" : "must"}`);
  const reasons = [...because, ...paths.flatMap((path) => path.because)];
  return { told: told.sort(), reasons: reasons.join("; ") };
}

const to = (peer: string, range: string, properties: Properties = {}): PeeringParts => ({
  with: peer,
  ranges: [range],
  properties,
});

describe("who comes to a private endpoint from behind a hub", () => {
  const forwarded = { allowForwardedTraffic: true };

  /** The endpoint is in the spoke `b`; the table is that of the spoke `a`, whose routes may lead to the hub. */
  const hubWorld = (routes: Parameters<typeof aRouteTable>[0], ofB: Properties = forwarded) => [
    aNetwork({
      name: "hub",
      ranges: ["10.0.0.0/16"],
      subnets: [],
      peerings: [to("a", "10.1.0.0/16"), to("b", "10.2.0.0/16")],
    }),
    aNetwork({
      name: "a",
      ranges: ["10.1.0.0/16"],
      subnets: [{ prefixes: ["10.1.0.0/24"], routeTable: "rt" }],
      peerings: [to("hub", "10.0.0.0/16", forwarded)],
    }),
    aNetwork({
      name: "b",
      ranges: ["10.2.0.0/16"],
      subnets: [{ prefixes: ["10.2.0.0/24"] }],
      peerings: [to("hub", "10.0.0.0/16", ofB)],
    }),
    aRouteTable(routes),
    ...aPrivateEndpoint({ subnet: subnetId("b"), addresses: ["10.2.0.9"] }),
  ];

  test.each([
    {
      when: "the default route leads to an appliance there",
      routes: [["0.0.0.0/0", "VirtualAppliance"]],
      reached: true,
    },
    { when: "a route for the endpoint's network does", routes: [["10.2.0.0/16", "VirtualAppliance"]], reached: true },
    { when: "no route does", routes: [], reached: false },
    { when: "a route drops what is for the endpoint's network", routes: [["10.2.0.0/16", "None"]], reached: false },
  ] as const)("another spoke may, or not: $when", ({ routes, reached }) => {
    const { told, reasons } = callers(hubWorld(routes));
    expect(told).toEqual(reached ? ["a/s0 may", "b/s0 must"] : ["b/s0 must"]);
    if (reached) expect(reasons).toContain("what the next hop VirtualAppliance does with the packet is not known");
  });

  test("nobody does where the endpoint's network lets no forwarded traffic in", () => {
    expect(callers(hubWorld([["0.0.0.0/0", "VirtualAppliance"]], {})).told).toEqual(["b/s0 must"]);
  });
});

describe("who comes to a private endpoint over a peering", () => {
  /** The endpoint is in `b/s0`, and `a/s0` and `a/s1` are in a network that is peered with it. */
  const peeredWorld = (properties: Properties, addresses = ["10.2.0.9"]) => [
    aNetwork({
      name: "a",
      ranges: ["10.1.0.0/16", "fd00:1::/48"],
      subnets: [
        { name: "s0", prefixes: ["10.1.0.0/24", "fd00:1::/64"] },
        { name: "s1", prefixes: ["10.1.1.0/24"] },
      ],
      peerings: [to("b", "10.2.0.0/16", properties)],
    }),
    aNetwork({
      name: "b",
      ranges: ["10.2.0.0/16", "fd00:2::/48"],
      subnets: [{ prefixes: ["10.2.0.0/24", "fd00:2::/64"] }],
      peerings: [to("a", "10.1.0.0/16")],
    }),
    ...aPrivateEndpoint({ subnet: subnetId("b"), addresses }),
  ];

  test("every subnet does, where the whole networks are peered", () => {
    expect(callers(peeredWorld({ peerCompleteVnets: true })).told).toEqual(["a/s0 must", "a/s1 must", "b/s0 must"]);
  });

  test("those do for certain that are peered with the endpoint's, where some subnets are", () => {
    const some = { peerCompleteVnets: false, localSubnetNames: ["S0"], remoteSubnetNames: ["s0"] };
    const { told, reasons } = callers(
      peeredWorld({ ...some, remoteAddressSpace: { addressPrefixes: ["10.2.0.0/24"] } }),
    );
    expect(told).toEqual(["a/s0 must", "a/s1 may", "b/s0 must"]);
    expect(reasons).toContain("`to-b` is for other subnets");
  });

  test("nobody does for certain, where the endpoint's subnet is not among those that are peered", () => {
    const some = { peerCompleteVnets: false, localSubnetNames: ["s0"], remoteSubnetNames: ["s1"] };
    expect(callers(peeredWorld(some)).told).toEqual(["a/s0 may", "a/s1 may", "b/s0 must"]);
  });

  test("nobody does over IPv4, where only IPv6 is peered", () => {
    const only = { enableOnlyIPv6Peering: true, remoteAddressSpace: { addressPrefixes: ["fd00:2::/48"] } };
    expect(callers(peeredWorld(only)).told).toEqual(["b/s0 must"]);
    expect(callers(peeredWorld(only, ["fd00:2::9"])).told).toEqual(["a/s0 must", "b/s0 must"]);
  });

  test("which family is peered is not known, where ARM says something else than yes or no", () => {
    const { told, reasons } = callers(peeredWorld({ enableOnlyIPv6Peering: "perhaps" }));
    expect(told).toEqual(["a/s0 may", "a/s1 may", "b/s0 must"]);
    expect(reasons).toContain("perhaps");
  });
});
