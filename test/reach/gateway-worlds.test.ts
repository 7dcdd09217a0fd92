import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { IpSet } from "../../lib/net/ip-set.ts";
import { callersOf } from "../../lib/reach/endpoint-callers.ts";
import { eachOf } from "../../lib/reach/endpoint-path.ts";
import { atomsOf } from "../oracle/atoms.ts";
import { networkId } from "../oracle/bodies.ts";
import { gatewayWorld } from "../oracle/gateway-world.ts";
import { reachesPrivateEndpoint } from "../oracle/packet-oracle.ts";
import { any } from "../oracle/world.ts";
import { closedWorld } from "../support/closed-world.ts";
import { expectNextHops } from "../support/next-hops.ts";
import { addressOf } from "../support/reach.ts";
import { snapshotOf } from "../support/world.ts";

const gateway = `${networkId("a")}/subnets/GatewaySubnet`;
/** Addresses of the subnet itself, in whatever form its network's range has. */
const gatewaySpace = IpSet.union(["10.0.3.0/27", "100.64.3.0/27"].map(addressOf));

describe("worlds with a VPN gateway", () => {
  test("property: packets go where the oracle says, and unknown only where the oracle's answer is", () => {
    const seen = new Map<string, number>();
    fc.assert(
      fc.property(gatewayWorld(), (world) => {
        for (const { source } of expectNextHops(world)) seen.set(source, (seen.get(source) ?? 0) + 1);
      }),
      { numRuns: 150 },
    );
    expect(seen.get("VirtualNetworkGateway")).toBeGreaterThan(100);
  });

  test("property: callers behind it reach a private endpoint where the oracle lets them", () => {
    const seen = { true: 0, false: 0, unknown: 0 };
    fc.assert(
      fc.property(gatewayWorld(), (world) => {
        const snapshot = snapshotOf(closedWorld(world));
        const atoms = atomsOf(world);
        for (const { id, targets } of snapshot.ofKind("privateEndpoint")) {
          const [target] = targets;
          const found = target === undefined ? undefined : snapshot.get(target);
          if (found?.kind !== "fact" || found.fact.kind !== "service") continue;
          const service = found.fact;
          const { paths, isApproved } = callersOf(id, service, snapshot);
          const over = paths.filter(({ comers }) => comers !== undefined);
          const must = IpSet.union(over.map((path) => path.must));
          const may = IpSet.union(over.map((path) => path.may));
          const ports = eachOf(service.ports.must).map((port) => port.lowest ?? 443);
          for (const atom of atoms.filter((text) => !addressOf(text).overlaps(gatewaySpace))) {
            const answers = ports.map((port) => reachesPrivateEndpoint(world, gateway, atom, id.text, port));
            const allowed = any(answers.map((one) => one.allowed));
            seen[`${allowed}`] += 1;
            if (allowed === "unknown") continue;
            const isIn = isApproved.must && addressOf(atom).isSubsetOf(must);
            const isPossible = isApproved.may && addressOf(atom).overlaps(may);
            const why = answers.map((one) => one.why).join("; ");
            expect(isIn ? true : isPossible ? "unknown" : false, `${atom} to ${id.text}: ${why}`).toBe(allowed);
          }
        }
      }),
      { numRuns: 400 },
    );
    for (const count of Object.values(seen)) expect(count).toBeGreaterThan(20);
  });
});
