import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Snapshot } from "../../lib/model/snapshot.ts";
import { IpSet } from "../../lib/net/ip-set.ts";
import { PortSet } from "../../lib/net/port-set.ts";
import { networkViewOf } from "../../lib/reach/network-view.ts";
import { rulesOfGroup } from "../../lib/reach/security-groups.ts";
import { type Decision, decide, type Question } from "../../lib/reach/security-rules.ts";
import { type Direction, nsgDecision, type Packet } from "../oracle/packet-oracle.ts";
import { atomsIn, atomsOf, randomWorld } from "../oracle/random-world.ts";
import { places, textAt, textsAt, type World } from "../oracle/world.ts";
import { idOf } from "../support/builders.ts";
import { closedWorld } from "../support/closed-world.ts";
import { addressOf, subnetIn } from "../support/reach.ts";
import { snapshotOf } from "../support/world.ts";

interface Case {
  readonly subnetId: string;
  readonly group: string;
  readonly direction: Direction;
  readonly protocol: Packet["protocol"];
  readonly near: string;
  readonly port: number;
}

function* casesOf(world: World): Generator<Case> {
  for (const { subnet } of places(world)) {
    const group = textAt(subnet, "properties.networkSecurityGroup.id");
    if (group === "") continue;
    const prefixes = textsAt(subnet, "properties.addressPrefixes", "properties.addressPrefix");
    for (const near of prefixes.flatMap((prefix) => atomsIn(world, prefix).slice(0, 2))) {
      for (const direction of ["Inbound", "Outbound"] as const) {
        for (const [protocol, port] of [
          ["Tcp", 443],
          ["Udp", 22],
          ["Icmp", 0],
        ] as const) {
          yield { subnetId: textAt(subnet, "id"), group, direction, protocol, near, port };
        }
      }
    }
  }
}

/** The whole answer of the engine to a question about every far address at once. */
function decisionOf({ subnetId, group, direction, protocol, near, port }: Case, snapshot: Snapshot): Decision {
  const isInbound = direction === "Inbound";
  const question: Question = {
    direction: isInbound ? "inbound" : "outbound",
    protocol: protocol === "Tcp" ? "tcp" : protocol === "Udp" ? "udp" : "icmp",
    sources: isInbound ? IpSet.all : addressOf(near),
    destinations: isInbound ? addressOf(near) : IpSet.all,
    destinationPorts: PortSet.of(port, port),
    sourcePorts: PortSet.of(50_000, 50_000),
    of: isInbound ? "sources" : "destinations",
    other: "each",
  };
  const view = networkViewOf(subnetIn(snapshot, subnetId), snapshot);
  return decide([rulesOfGroup(idOf(group), question.direction, snapshot)], view, question);
}

describe("a security group's answer", () => {
  test("property: is that of the oracle for every atom, and unknown only where the oracle's is", () => {
    const seen = { Allow: 0, Deny: 0, unknown: 0 };
    fc.assert(
      fc.property(randomWorld(), fc.nat(), (world, start) => {
        const snapshot = snapshotOf(closedWorld(world));
        const atoms = atomsOf(world);
        const cases = [...casesOf(world)];
        for (const one of cases.filter((_, index) => (index - start) % Math.ceil(cases.length / 3) === 0)) {
          const { must, may, because } = decisionOf(one, snapshot);
          expect(because.length > 0, `${because.length} reasons`).toBe(!must.equals(may));
          for (const far of atoms.filter((atom) => atom.includes(":") === one.near.includes(":"))) {
            const [source, destination] = one.direction === "Inbound" ? [far, one.near] : [one.near, far];
            const { protocol, port, group, direction, subnetId } = one;
            const packet: Packet = { protocol, source, sourcePort: 50_000, destination, destinationPort: port };
            const { access, rule } = nsgDecision(world, group, direction, packet, { subnetId });
            seen[access] += 1;
            if (access === "unknown") continue;
            const point = addressOf(far);
            const answer = point.isSubsetOf(must) ? "Allow" : point.overlaps(may) ? "unknown" : "Deny";
            expect(answer, `${JSON.stringify({ ...packet, direction, group, rule })}: ${because.join("; ")}`).toBe(
              access,
            );
          }
        }
      }),
      { numRuns: 1_000 },
    );
    for (const count of Object.values(seen)) expect(count).toBeGreaterThan(1_000);
  });
});
