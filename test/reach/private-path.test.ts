import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { PrivateEndpointFact, ServicePorts } from "../../lib/model/fact.ts";
import { factAt, type Snapshot } from "../../lib/model/snapshot.ts";
import { PortSet } from "../../lib/net/port-set.ts";
import { allAddressesOf } from "../../lib/reach/endpoint-addresses.ts";
import { hostNamesAt } from "../../lib/reach/endpoint-lookup.ts";
import type { HostName } from "../../lib/reach/host-names.ts";
import { isApprovedOf } from "../../lib/reach/private-link-groups.ts";
import { privatePath } from "../../lib/reach/private-path.ts";
import { aGroup, aNetwork, aPrivateEndpoint, idOf as idOfBody, subnetId } from "../oracle/bodies.ts";
import { firewallWorld } from "../oracle/firewall-world.ts";
import { reachesPrivateEndpoint } from "../oracle/packet-oracle.ts";
import { atomsIn, randomWorld } from "../oracle/random-world.ts";
import { any, ofType, places, textAt, textsAt } from "../oracle/world.ts";
import { idOf } from "../support/builders.ts";
import { closedWorld } from "../support/closed-world.ts";
import { addressOf, subnetIn } from "../support/reach.ts";
import { snapshotOf } from "../support/world.ts";

function certainly(ports: PortSet): ServicePorts {
  return { must: ports, may: ports, because: [] };
}

function endpointIn(snapshot: Snapshot, id: string): PrivateEndpointFact {
  const found = snapshot.get(idOf(id));
  if (found.kind !== "fact" || found.fact.kind !== "privateEndpoint") throw new TypeError(id);
  return found.fact;
}

/** The names of the service by which clients find it. */
function hostsOf(endpoint: PrivateEndpointFact, snapshot: Snapshot): readonly HostName[] {
  const service = factAt(endpoint.targets[0], "service", snapshot);
  return service === undefined ? [{ kind: "own" }] : hostNamesAt(endpoint, service, snapshot);
}

describe("who reaches a private endpoint", () => {
  test.each([
    { worlds: "random worlds", worldOf: randomWorld, numRuns: 600 },
    { worlds: "worlds with an Azure Firewall", worldOf: firewallWorld, numRuns: 120 },
  ])("property: whom the oracle lets through, and unknown only where its answer is, of $worlds", ({
    worldOf,
    numRuns,
  }) => {
    const seen = { true: 0, false: 0, unknown: 0 };
    const through = { true: 0, false: 0, unknown: 0 };
    fc.assert(
      fc.property(worldOf(), (world) => {
        const snapshot = snapshotOf(closedWorld(world));
        for (const body of ofType(world, "Microsoft.Network/privateEndpoints")) {
          const endpoint = endpointIn(snapshot, body.id);
          const { addresses } = allAddressesOf(endpoint, snapshot);
          if (endpoint.subnet === undefined || addresses === undefined) continue;
          const subnet = subnetIn(snapshot, endpoint.subnet.text);
          const approved = isApprovedOf(endpoint);
          for (const { subnet: from } of places(world)) {
            const fromId = textAt(from, "id");
            const ports = certainly(PortSet.ofEach(443, 445));
            const path = privatePath(
              subnetIn(snapshot, fromId),
              { endpoint, subnet, addresses, ports, hosts: hostsOf(endpoint, snapshot) },
              snapshot,
            );
            expect(path.because.length > 0).toBe(!path.must.equals(path.may));
            const prefixes = textsAt(from, "properties.addressPrefixes", "properties.addressPrefix");
            for (const address of prefixes.flatMap((prefix) => atomsIn(world, prefix))) {
              const verdicts = [443, 445].map((port) => reachesPrivateEndpoint(world, fromId, address, body.id, port));
              const allowed = any(verdicts.map((verdict) => verdict.allowed));
              const why = verdicts.map((verdict) => verdict.why).join("; ");
              seen[`${allowed}`] += 1;
              if (path.best?.through !== undefined) through[`${allowed}`] += 1;
              if (allowed === "unknown") continue;
              const point = addressOf(address);
              const isIn = approved.must && point.isSubsetOf(path.must);
              const isPossible = approved.may && point.overlaps(path.may);
              const answer = isIn ? true : isPossible ? "unknown" : false;
              expect(answer, `${address} of ${fromId} to ${body.id}: ${why}; ${path.because.join("; ")}`).toBe(allowed);
            }
          }
        }
      }),
      { numRuns },
    );
    for (const answer of ["true", "false", "unknown"] as const) expect(seen[answer]).toBeGreaterThan(200);
    if (worldOf === firewallWorld) expect(Math.min(...Object.values(through))).toBeGreaterThan(5);
  });

  test.each([
    { out: ["443"], into: ["443"], must: ["10.0.0.0/24"] },
    { out: ["445"], into: ["443"], must: [] },
    { out: ["443"], into: ["445"], must: [] },
    { out: ["445"], into: ["443", "445"], must: ["10.0.0.0/24"] },
  ])("what leaves on $out and enters on $into is one flow: $must", ({ out, into, must }) => {
    const only = (direction: string, destinationPortRanges: readonly string[]) => [
      { direction, access: "Allow", priority: 100, destinationPortRanges, destinationPortRange: undefined },
      { direction, access: "Deny", priority: 200 },
    ];
    const subnets = [
      { nsg: "out" },
      {
        name: "s1",
        prefixes: ["10.0.1.0/24"],
        nsg: "into",
        properties: { privateEndpointNetworkPolicies: "NetworkSecurityGroupEnabled" },
      },
    ];
    const groups = [aGroup(only("Outbound", out), "out"), aGroup(only("Inbound", into), "into")];
    const resources = [aNetwork({ subnets }), ...aPrivateEndpoint(), ...groups];
    const snapshot = snapshotOf(closedWorld({ resources, serviceTags: [] }));
    const place = {
      endpoint: endpointIn(snapshot, idOfBody("privateEndpoints", "pe")),
      subnet: subnetIn(snapshot, subnetId("a", "s1")),
      addresses: addressOf("10.0.1.4"),
      ports: certainly(PortSet.ofEach(443, 445)),
      hosts: [],
    };
    const path = privatePath(subnetIn(snapshot, subnetId()), place, snapshot);
    expect(path.must.toPrefixes()).toEqual(must);
    expect(path.may.toPrefixes()).toEqual(must);
  });
});
