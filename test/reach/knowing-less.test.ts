import fc from "fast-check";
import { expect, test } from "vitest";
import type { ServiceFact, SubnetFact } from "../../lib/model/fact.ts";
import type { Snapshot } from "../../lib/model/snapshot.ts";
import { IpSet } from "../../lib/net/ip-set.ts";
import { reachFromSubnet, type ServiceReach } from "../../lib/reach/service-reach.ts";
import { firewallWorld } from "../oracle/firewall-world.ts";
import { randomWorld, serviceAddresses } from "../oracle/random-world.ts";
import type { Body, World } from "../oracle/world.ts";
import { type Given, idOf, refused, refusedList } from "../support/builders.ts";
import { closedWorld } from "../support/closed-world.ts";
import { readingsOf, snapshotOf } from "../support/world.ts";

/** The world with some of its resources refused, and the lists that they are in; the services and the networks, which are asked about, stay. */
function hiding(world: World, picks: readonly number[]): { readonly given: Given; readonly hidden: readonly string[] } {
  const isAsked = ({ id }: Body) => serviceAddresses.has(id) || /\/virtualNetworks\/[^/]+$/i.test(id);
  const candidates = world.resources.filter((body) => !isAsked(body));
  const hidden = new Set(picks.flatMap((pick) => candidates[pick % Math.max(1, candidates.length)]?.id ?? []));
  const types = new Set([...hidden].map((id) => idOf(id).type.toLowerCase()));
  const left = { ...world, resources: world.resources.filter(({ id }) => !hidden.has(id)) };
  const readings = [...readingsOf(closedWorld(left))].map((reading) =>
    reading.kind === "list" && types.has(reading.type.toLowerCase())
      ? refusedList(reading.scope.text, reading.type)
      : reading,
  );
  return { given: [[...hidden].map(refused), readings], hidden: [...hidden] };
}

function subnetsOf(world: World): readonly string[] {
  return world.resources.flatMap(({ properties }) => {
    const { subnets = [] } = properties as { readonly subnets?: readonly Body[] };
    return subnets.map(({ id }) => id);
  });
}

function reachIn(snapshot: Snapshot, service: string, subnet: string): Pick<ServiceReach, "ways" | "because"> {
  const [to, from] = [service, subnet].map((id) => snapshot.get(idOf(id)));
  if (to?.kind !== "fact" || from?.kind !== "fact") return { ways: [], because: [] };
  return reachFromSubnet(to.fact as ServiceFact, from.fact as SubnetFact, snapshot);
}

const mustOf = ({ ways }: Pick<ServiceReach, "ways">) => IpSet.union(ways.map(({ must }) => must));

/** There may be other ways than those that are listed, where the answer says why. */
const mayOf = ({ ways, because }: Pick<ServiceReach, "ways" | "because">) =>
  because.length > 0 ? IpSet.all : IpSet.union(ways.map(({ may }) => may));

test.each([
  { worlds: "random worlds", worldOf: randomWorld, numRuns: 600 },
  { worlds: "worlds with an Azure Firewall", worldOf: firewallWorld, numRuns: 120 },
])("property: who knows less says less, and never otherwise, of $worlds", ({ worldOf, numRuns }) => {
  let unsure = 0;
  fc.assert(
    fc.property(worldOf(), fc.array(fc.nat(), { minLength: 1, maxLength: 3 }), (world, picks) => {
      const { given, hidden } = hiding(world, picks);
      const [full, less] = [snapshotOf(closedWorld(world)), snapshotOf(given)];
      for (const service of serviceAddresses.keys()) {
        for (const subnet of subnetsOf(world)) {
          const [all, some] = [reachIn(full, service, subnet), reachIn(less, service, subnet)];
          const told = `${subnet} to ${service} without ${hidden}`;
          expect(mustOf(some).minus(mustOf(all)).toPrefixes(), told).toEqual([]);
          expect(mayOf(all).minus(mayOf(some)).toPrefixes(), told).toEqual([]);
          for (const { must, may, because, witness } of some.ways) {
            const outcome = must.isEmpty ? (may.isEmpty ? "blocked" : "unknown") : "reaches";
            if (witness !== undefined) expect(witness.outcome, told).toBe(outcome);
            if (!must.equals(may)) expect(because.length, told).toBeGreaterThan(0);
            unsure += outcome === "unknown" ? 1 : 0;
          }
        }
      }
    }),
    { numRuns },
  );
  expect(unsure).toBeGreaterThan(100);
});
