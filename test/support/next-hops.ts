import { expect } from "vitest";
import { IpSet } from "../../lib/net/ip-set.ts";
import { nextHopsOf } from "../../lib/reach/next-hops.ts";
import { routesOf } from "../../lib/reach/routes.ts";
import { atomsOf } from "../oracle/atoms.ts";
import { nextHop } from "../oracle/packet-oracle.ts";
import { places, textAt, type World } from "../oracle/world.ts";
import { closedWorld } from "./closed-world.ts";
import { addressOf, subnetIn } from "./reach.ts";
import { snapshotOf } from "./world.ts";

/** That packets from every subnet go to every atom as the oracle says, which is unknown only where the oracle's answer is; gives the oracle's answers. */
export function expectNextHops(world: World): readonly ReturnType<typeof nextHop>[] {
  const snapshot = snapshotOf(closedWorld(world));
  const atoms = atomsOf(world);
  return places(world).flatMap(({ subnet }) => {
    const id = textAt(subnet, "id");
    const hops = nextHopsOf(routesOf(subnetIn(snapshot, id), snapshot), IpSet.all);
    return atoms.map((atom) => {
      const want = nextHop(world, id, atom);
      if (want.type === "unknown") return want;
      const hop = hops.find(({ addresses }) => addressOf(atom).isSubsetOf(addresses));
      const [route] = hop?.routes ?? [];
      const type = hop?.isCertain ? route?.nextHopType.replace("Global", "") : "unknown";
      const why = hop?.routes.map(({ because }) => because).join("; ");
      const told = `${atom} from ${id}: ${JSON.stringify(want)} ${why}`;
      expect({ type, address: route?.nextHopIpAddress }, told).toEqual({ type: want.type, address: want.address });
      return want;
    });
  });
}
