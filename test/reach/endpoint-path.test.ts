import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { ServiceFact } from "../../lib/model/fact.ts";
import type { Snapshot } from "../../lib/model/snapshot.ts";
import { IpSet } from "../../lib/net/ip-set.ts";
import { boundaryOf } from "../../lib/reach/boundary.ts";
import { nextHop, reachesPublicDoor } from "../oracle/packet-oracle.ts";
import { atomsIn, randomWorld, serviceAddresses } from "../oracle/random-world.ts";
import { any, placeOf, textsAt, type World } from "../oracle/world.ts";
import { idOf } from "../support/builders.ts";
import { closedWorld } from "../support/closed-world.ts";
import { addressOf } from "../support/reach.ts";
import { snapshotOf } from "../support/world.ts";

/** One of a service's ports is enough. */
function portsOf(id: string): readonly number[] {
  if (id.includes("Microsoft.Sql")) return [1433];
  if (id.includes("Microsoft.Web")) return [80, 443];
  return id.includes("Microsoft.Storage") ? [443, 445] : [443];
}

function serviceIn(snapshot: Snapshot, id: string): ServiceFact | undefined {
  const found = snapshot.get(idOf(id));
  return found.kind === "fact" && found.fact.kind === "service" ? found.fact : undefined;
}

/** An address of each interval of the subnet. */
function sourcesIn(world: World, subnetId: string): readonly string[] {
  const place = placeOf(world, subnetId);
  if (place === undefined) return [];
  const prefixes = textsAt(place.subnet, "properties.addressPrefixes", "properties.addressPrefix");
  return prefixes.flatMap((prefix) => atomsIn(world, prefix)).filter((text) => !text.includes(":"));
}

describe("who gets in by a network rule", () => {
  test("property: nobody whom the oracle turns away at an address of the service, and everybody whom it lets in at each", () => {
    const seen = { in: 0, out: 0, unknown: 0 };
    fc.assert(
      fc.property(randomWorld(), (world) => {
        const snapshot = snapshotOf(closedWorld(world));
        for (const [serviceId, serviceAddress] of serviceAddresses) {
          const service = serviceIn(snapshot, serviceId);
          if (service?.location !== "westeurope") continue; // the addresses are of that region
          const { subnets, everybody, everySubnet } = boundaryOf(service, snapshot);
          if (everybody.may || everySubnet.may) continue; // then no rule for a subnet is what lets anybody in
          const bySubnet = Map.groupBy(subnets.doors, ({ subnet }) => subnet?.text ?? "");
          for (const [subnetId, doors] of bySubnet) {
            for (const address of sourcesIn(world, subnetId)) {
              const from = { kind: "subnet", subnetId, address } as const;
              const verdicts = portsOf(serviceId).map((port) =>
                reachesPublicDoor(world, from, serviceId, serviceAddress, port),
              );
              const allowed = any(verdicts.map((verdict) => verdict.allowed));
              const why = verdicts.map((verdict) => verdict.why).join("; ");
              const hop = nextHop(world, from.subnetId, serviceAddress);
              const point = addressOf(address);
              const isIn = doors.some(({ admits, path }) => admits.must && path && point.isSubsetOf(path.must));
              const isPossible = doors.some(({ admits, path }) => admits.may && point.overlaps(path?.may ?? IpSet.all));
              seen[isIn ? "in" : isPossible ? "unknown" : "out"] += 1;
              const told = `${address} of ${subnetId} to ${serviceId}: ${why}`;
              if (isIn) expect(allowed, told).not.toBe(false);
              if (!isPossible && hop.source === "ServiceEndpoint") expect(allowed, told).not.toBe(true);
            }
          }
        }
      }),
      { numRuns: 2_000 },
    );
    for (const count of Object.values(seen)) expect(count).toBeGreaterThan(50);
  });
});
