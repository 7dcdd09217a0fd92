import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Policy } from "../../lib/model/policy.ts";
import { ResourceId } from "../../lib/model/resource-id.ts";
import { reachFromSubnet, serviceReach, type Way } from "../../lib/reach/service-reach.ts";
import { randomWorld, serviceAddresses } from "../oracle/random-world.ts";
import {
  aConnection,
  aNetwork,
  aPerimeter,
  aSecurityGroup,
  aStorageAccount,
  type Body,
  type Given,
  idOf,
  networkId,
  storageId,
  subnetId,
} from "../support/builders.ts";
import { closedWorld } from "../support/closed-world.ts";
import { anEventGrid, topicId } from "../support/more-services.ts";
import {
  anInterface,
  aPrivateEndpoint,
  aZone,
  aZoneGroup,
  withDnsServers,
  zoneId,
} from "../support/private-endpoints.ts";
import { subnetIn } from "../support/reach.ts";
import { replay } from "../support/replay.ts";
import { readingsOf, snapshotOf } from "../support/world.ts";

function keyOf(from: Way["from"]): string | undefined {
  return from instanceof ResourceId ? from.key : from;
}

function assumedFor(
  network: Body,
  dnsEndpointType = "Standard",
  leadsTo = "10.0.0.4",
  others: Given = [],
): readonly string[] {
  const connections = [aConnection("Approved", "pe-blob")];
  const account = aStorageAccount({ dnsEndpointType, privateEndpointConnections: connections });
  const given = [
    account,
    aPrivateEndpoint(),
    anInterface(),
    network,
    aZoneGroup(),
    aZone({ records: { stdrawings: [leadsTo] } }),
    others,
  ];
  const snapshot = snapshotOf([...readingsOf(given)]);
  const found = snapshot.get(idOf(storageId));
  if (found.kind !== "fact" || found.fact.kind !== "service") throw new Error("the test gives no service");
  const { ways } = serviceReach(found.fact, Policy.default, snapshot);
  return ways.filter(({ kind }) => kind === "privateEndpoint").flatMap(({ witness }) => witness?.assumptions ?? []);
}

describe("witnesses", () => {
  test.each([
    { when: "Azure's own DNS", network: aNetwork(), isAssumed: false },
    { when: "a DNS server in the network", network: withDnsServers("10.0.0.4"), isAssumed: false },
    { when: "a DNS server elsewhere", network: withDnsServers("10.1.0.4"), isAssumed: true },
  ])("of a network that asks $when: that clients find the name is assumed: $isAssumed", ({ network, isAssumed }) => {
    expect(assumedFor(network).some((one) => one.startsWith("clients use the address"))).toBe(isAssumed);
  });

  test("of an account whose names are not the usual ones: that clients find the name is assumed", () => {
    expect(assumedFor(aNetwork(), "AzureDnsZone").join()).toMatch(/^clients use the address.*AzureDnsZone/);
  });

  test("of an endpoint past which its name leads: that clients use its address is assumed", () => {
    expect(assumedFor(aNetwork(), "Standard", "10.0.0.9").join()).toMatch(/^clients use the address.*leads there/);
  });

  test("of an endpoint whose public names another zone answers for: that clients use its address is assumed", () => {
    const others = aZone({ id: zoneId("blob.core.windows.net"), records: {} });
    const assumed = assumedFor(aNetwork(), "Standard", "10.0.0.4", others);
    expect(assumed.join()).toMatch(/^clients use the address.*`blob.core.windows.net`, which `vnet` is linked to/);
  });

  test("of a caller in a network that is not peered: that no network manager connects the two is assumed", () => {
    const far = networkId.replace("/vnet", "/vnet-far");
    const subnet = { id: `${far}/subnets/snet`, name: "snet", properties: { addressPrefix: "10.9.0.0/24" } };
    const network = {
      ...aNetwork(),
      id: far,
      properties: { addressSpace: { addressPrefixes: ["10.9.0.0/16"] }, subnets: [subnet] },
    };
    const account = aStorageAccount({ privateEndpointConnections: [aConnection("Approved", "pe-blob")] });
    const given = [account, aPrivateEndpoint(), anInterface(), aNetwork(), aSecurityGroup(), network];
    const snapshot = snapshotOf([...readingsOf(given)]);
    const assumptionsFrom = (id: string) => {
      const found = snapshot.get(idOf(storageId));
      if (found.kind !== "fact" || found.fact.kind !== "service") throw new Error("the test gives no service");
      const { ways } = reachFromSubnet(found.fact, subnetIn(snapshot, id), snapshot);
      return ways.flatMap(({ witness }) => [witness?.outcome, ...(witness?.assumptions ?? [])]).join("; ");
    };
    expect(assumptionsFrom(subnet.id)).toMatch(
      /^blocked;.*no network manager connects `vnet-far` and `vnet` as a group/,
    );
    expect(assumptionsFrom(subnetId)).not.toContain("network manager");
  });

  test("of an address that is admitted for certain: what only may admit it is not told", () => {
    const accessRules = [{ serviceTags: ["AzureCloud"] }, { addressPrefixes: ["0.0.0.0/1"] }];
    const topic = anEventGrid(topicId, { publicNetworkAccess: "SecuredByPerimeter" });
    const snapshot = snapshotOf([...readingsOf([topic, aPerimeter({ service: topicId, accessRules })])]);
    const found = snapshot.get(idOf(topicId));
    if (found.kind !== "fact" || found.fact.kind !== "service") throw new Error("the test gives no service");
    const { ways } = serviceReach(found.fact, Policy.default, snapshot);
    const told = ways
      .flatMap(({ witness }) => witness?.steps ?? [])
      .filter(({ says }) => /admits the address/.test(says));
    expect(told.flatMap(({ evidence }) => evidence.map(({ resource }) => resource.name))).toEqual(["rule-1"]);
  });

  test("property: every one replays in the packet oracle", () => {
    const seen = new Map<string, number>();
    fc.assert(
      fc.property(randomWorld(), (world) => {
        const snapshot = snapshotOf(closedWorld(world));
        for (const serviceId of serviceAddresses.keys()) {
          const found = snapshot.get(idOf(serviceId));
          if (found.kind !== "fact" || found.fact.kind !== "service" || found.fact.location !== "westeurope") continue;
          const { ways, boundary } = serviceReach(found.fact, Policy.default, snapshot);
          for (const way of ways) {
            const {
              witness,
              must,
              may,
              outcome: given = must.isEmpty ? (may.isEmpty ? "blocked" : "unknown") : "reaches",
            } = way;
            if (witness === undefined) continue;
            const { outcome, steps } = witness;
            const name = `${way.kind} ${outcome}`;
            seen.set(name, (seen.get(name) ?? 0) + 1);
            const told = `${name} ${JSON.stringify(witness.flow)}: ${steps.map((step) => `${step.outcome}: ${step.says}`).join("; ")}`;
            expect(outcome, told).toBe(given);
            const answer = replay(
              world,
              serviceId,
              { ...way, flow: witness.flow },
              serviceAddresses.get(serviceId) ?? "",
            );
            if (outcome === "reaches") expect(answer, told).not.toBe(false);
            const same = ways.filter(({ kind, from }) => kind === "subnet" && keyOf(from) === keyOf(way.from));
            const isShut = boundary.addresses.may.isEmpty && !boundary.azure.may;
            const isOnlyWay = way.kind !== "subnet" || (isShut && same.length === 1);
            if (outcome === "blocked" && isOnlyWay) expect(answer, told).not.toBe(true);
            expect(witness.because.length > 0, told).toBe(outcome === "unknown");
          }
        }
      }),
      { numRuns: 1_500 },
    );
    const kinds = ["internet reaches", "subnet reaches", "subnet blocked", "privateEndpoint reaches"];
    for (const kind of kinds) expect(seen.get(kind), kind).toBeGreaterThan(50);
  });

  test("property: so does the one way over the service endpoint of a subnet that is asked about", () => {
    const seen = new Map<string, number>();
    fc.assert(
      fc.property(randomWorld(), (world) => {
        const snapshot = snapshotOf(closedWorld(world));
        for (const [serviceId, address] of serviceAddresses) {
          const found = snapshot.get(idOf(serviceId));
          if (found.kind !== "fact" || found.fact.kind !== "service" || found.fact.location !== "westeurope") continue;
          for (const subnet of snapshot.ofKind("subnet")) {
            const [way, ...others] = reachFromSubnet(found.fact, subnet, snapshot).ways;
            if (way?.kind !== "subnet" || way.witness === undefined || others.length > 0) continue;
            const { outcome, flow, steps } = way.witness;
            const told = `${subnet.id.text} to ${serviceId}: ${steps.map((step) => `${step.outcome}: ${step.says}`).join("; ")}`;
            seen.set(outcome, (seen.get(outcome) ?? 0) + 1);
            const said = replay(world, serviceId, { ...way, flow }, address);
            if (outcome === "reaches") expect(said, told).not.toBe(false);
            if (outcome === "blocked") expect(said, told).not.toBe(true);
          }
        }
      }),
      { numRuns: 400 },
    );
    for (const outcome of ["reaches", "blocked", "unknown"]) expect(seen.get(outcome), outcome).toBeGreaterThan(20);
  });
});
