import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { IpSet } from "../../lib/net/ip-set.ts";
import { nextHopsOf } from "../../lib/reach/next-hops.ts";
import { routesOf } from "../../lib/reach/routes.ts";
import { nextHop } from "../oracle/packet-oracle.ts";
import { atomsOf, randomWorld } from "../oracle/random-world.ts";
import { places, textAt } from "../oracle/world.ts";
import { closedWorld } from "../support/closed-world.ts";
import { addressOf, subnetIn } from "../support/reach.ts";
import { snapshotOf } from "../support/world.ts";

describe("where packets go next", () => {
  test("property: is where the oracle says for every atom, and unknown only where the oracle's answer is", () => {
    const seen = new Map<string, number>();
    fc.assert(
      fc.property(randomWorld(), (world) => {
        const snapshot = snapshotOf(closedWorld(world));
        const atoms = atomsOf(world);
        for (const { subnet } of places(world)) {
          const id = textAt(subnet, "id");
          const hops = nextHopsOf(routesOf(subnetIn(snapshot, id), snapshot), IpSet.all);
          for (const atom of atoms) {
            const want = nextHop(world, id, atom);
            seen.set(want.type, (seen.get(want.type) ?? 0) + 1);
            if (want.type === "unknown") continue;
            const hop = hops.find(({ addresses }) => addressOf(atom).isSubsetOf(addresses));
            const [route] = hop?.routes ?? [];
            const type = hop?.isCertain ? route?.nextHopType.replace("Global", "") : "unknown";
            const why = hop?.routes.map(({ because }) => because).join("; ");
            expect(
              { type, address: route?.nextHopIpAddress },
              `${atom} from ${id}: ${JSON.stringify(want)} ${why}`,
            ).toEqual({
              type: want.type,
              address: want.address,
            });
          }
        }
      }),
      { numRuns: 1_000 },
    );
    expect(seen.size).toBeGreaterThanOrEqual(7);
    for (const count of seen.values()) expect(count).toBeGreaterThan(100);
  });
});
