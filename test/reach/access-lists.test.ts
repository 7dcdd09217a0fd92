import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { ServiceFact } from "../../lib/model/fact.ts";
import { unroutable } from "../../lib/net/special-ranges.ts";
import { type Boundary, boundaryOf } from "../../lib/reach/boundary.ts";
import { admits, sitesOf } from "../oracle/app-sites.ts";
import { appId, subnetId } from "../oracle/bodies.ts";
import { reachesPublicDoor } from "../oracle/packet-oracle.ts";
import { atomsOf, randomApp } from "../oracle/random-world.ts";
import { type Answer, all, find, type World } from "../oracle/world.ts";
import { type Given, idOf } from "../support/builders.ts";
import { closedWorld } from "../support/closed-world.ts";
import { addressOf } from "../support/reach.ts";
import { snapshotOf } from "../support/world.ts";

function boundaryIn(given: Given): Boundary {
  const snapshot = snapshotOf(given);
  const [service] = snapshot.ofKind("service") as readonly [ServiceFact];
  return boundaryOf(service, snapshot);
}

/** What the oracle says of a caller over a service endpoint, routes and security groups left aside. */
function admitsSubnet(world: World, subnet: string): Answer {
  const app = find(world, appId);
  const isOn = reachesOpenApp(world);
  if (app === undefined) return "unknown";
  const answers = sitesOf(world, app).map((site) => admits(world, site, { kind: "endpoint", subnetId: subnet }));
  return all([isOn, answers.includes(true) || (answers.includes("unknown") && "unknown")]);
}

/** Public access is on, and no private endpoint keeps service endpoints out. */
function reachesOpenApp(world: World): Answer {
  const { publicNetworkAccess, privateEndpointConnections = [] } = Object(find(world, appId)?.properties);
  const states = privateEndpointConnections.map(
    (one: { properties: { privateLinkServiceConnectionState: { status: string } } }) =>
      one.properties.privateLinkServiceConnectionState.status,
  );
  if (publicNetworkAccess === "Disabled" || states.includes("Approved")) return false;
  return states.length > 0 && publicNetworkAccess === undefined ? "unknown" : true;
}

describe("access lists", () => {
  test("property: each site admits the addresses that the oracle lets in, one by one", () => {
    const seen = new Map<Answer, number>();
    fc.assert(
      fc.property(randomApp(), (world) => {
        const { fronts } = boundaryIn(closedWorld(world));
        for (const { name, addresses } of fronts) {
          for (const address of atomsOf(world)) {
            const point = addressOf(address);
            if (point.isSubsetOf(unroutable)) continue; // nobody has it
            const from = { kind: "internet", address } as const;
            const { allowed } = reachesPublicDoor(world, from, appId, "51.12.4.1", 443, undefined, name);
            const [must, may] = [point.isSubsetOf(addresses.must), point.overlaps(addresses.may)];
            const told = `${address} at the ${name}`;
            seen.set(allowed, (seen.get(allowed) ?? 0) + 1);
            if (allowed === true) expect({ must, may }, told).toEqual({ must: true, may: true });
            if (allowed === false) expect({ must, may }, told).toEqual({ must: false, may: false });
            if (allowed === "unknown") expect(must, told).toBe(false);
          }
        }
      }),
      { numRuns: 1_500 },
    );
    for (const answer of [true, false, "unknown"] as const) expect(seen.get(answer)).toBeGreaterThan(500);
  });

  test("property: subnets get in over a service endpoint as the oracle says", () => {
    const seen = new Map<Answer, number>();
    fc.assert(
      fc.property(randomApp(), (world) => {
        const { subnets } = boundaryIn(closedWorld(world));
        for (const subnet of ["s0", "s1", "gone", "unnamed"].map((name) => subnetId("a", name))) {
          const { must, may } = subnets.admits(idOf(subnet));
          const answer = admitsSubnet(world, subnet);
          seen.set(answer, (seen.get(answer) ?? 0) + 1);
          if (answer === true) expect({ must, may }).toEqual({ must: true, may: true });
          if (answer === false) expect({ must, may }).toEqual({ must: false, may: false });
          if (answer === "unknown") expect(must).toBe(false);
        }
      }),
      { numRuns: 1_500 },
    );
    for (const answer of [true, false, "unknown"] as const) expect(seen.get(answer)).toBeGreaterThan(100);
  });
});
