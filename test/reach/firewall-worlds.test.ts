import fc from "fast-check";
import { expect, test } from "vitest";
import { IpSet } from "../../lib/net/ip-set.ts";
import { eachOf } from "../../lib/reach/endpoint-path.ts";
import { reachFromSubnet } from "../../lib/reach/service-reach.ts";
import { firewallWorld } from "../oracle/firewall-world.ts";
import { reachesPublicDoor } from "../oracle/packet-oracle.ts";
import { atomsIn, serviceAddresses } from "../oracle/random-world.ts";
import { any } from "../oracle/world.ts";
import { idOf } from "../support/builders.ts";
import { closedWorld } from "../support/closed-world.ts";
import { addressOf } from "../support/reach.ts";
import { replay } from "../support/replay.ts";
import { snapshotOf } from "../support/world.ts";

test("property: what an Azure Firewall lets on to a service is what the oracle lets on, and every story of it replays", () => {
  const seen = new Map<string, number>();
  const count = (name: string) => seen.set(name, (seen.get(name) ?? 0) + 1);
  fc.assert(
    fc.property(firewallWorld(), (world) => {
      const snapshot = snapshotOf(closedWorld(world));
      for (const [serviceId, address] of serviceAddresses) {
        const found = snapshot.get(idOf(serviceId));
        if (found.kind !== "fact" || found.fact.kind !== "service" || found.fact.location !== "westeurope") continue;
        const service = found.fact;
        const ports = eachOf(service.ports.must).map((port) => port.lowest ?? 443);
        for (const subnet of snapshot.ofKind("subnet")) {
          const reach = reachFromSubnet(service, subnet, snapshot).ways;
          const over = reach.filter(({ witness }) =>
            witness?.steps.some(({ says }) => says.includes("the firewall `afw`")),
          );
          for (const way of over) {
            const { witness, must, may, because, kind } = way;
            expect(because.length > 0).toBe(!must.equals(may));
            if (witness === undefined) continue;
            const { outcome, steps, flow } = witness;
            const told = `${subnet.id.text} to ${serviceId}: ${steps.map((step) => `${step.outcome}: ${step.says}`).join("; ")}`;
            expect(outcome, told).toBe(must.isEmpty ? (may.isEmpty ? "blocked" : "unknown") : "reaches");
            const said = replay(world, serviceId, { ...way, flow }, address);
            if (outcome === "reaches") expect(said, told).not.toBe(false);
            if (outcome === "blocked") expect(said, told).not.toBe(true);
            count(`${kind} ${outcome}`);
          }
          const ways = reach.filter(({ kind }) => kind !== "privateEndpoint");
          const told = `${subnet.id.text} to ${serviceId}`;
          if (!over.some(({ kind }) => kind !== "privateEndpoint")) continue;
          const [all, some] = [IpSet.union(ways.map((way) => way.must)), IpSet.union(ways.map((way) => way.may))];
          const prefixes = subnet.addressPrefixes.kind === "known" ? subnet.addressPrefixes.value : [];
          for (const atom of prefixes.flatMap((set) => set.toPrefixes()).flatMap((text) => atomsIn(world, text))) {
            if (atom.includes(":")) continue;
            const caller = { kind: "subnet", subnetId: subnet.id.text, address: atom } as const;
            const answers = ports.map((port) => reachesPublicDoor(world, caller, serviceId, address, port));
            const allowed = any(answers.map((one) => one.allowed));
            const engine = addressOf(atom).isSubsetOf(all) ? true : addressOf(atom).overlaps(some) ? "unknown" : false;
            count(`${engine} ${allowed}`);
            if (allowed !== "unknown" && engine !== "unknown") expect(engine, `${atom}: ${told}`).toBe(allowed);
          }
        }
      }
    }),
    { numRuns: 300 },
  );
  const told = JSON.stringify([...seen]);
  for (const often of ["true true", "false false"]) expect(seen.get(often) ?? 0, told).toBeGreaterThan(15);
  for (const kind of ["internet", "subnet", "privateEndpoint"]) {
    for (const outcome of ["reaches", "blocked", "unknown"]) {
      expect(seen.get(`${kind} ${outcome}`) ?? 0, told).toBeGreaterThan(0);
    }
  }
});
