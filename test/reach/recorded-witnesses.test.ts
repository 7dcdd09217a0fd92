import { describe, expect, test } from "vitest";
import { Policy } from "../../lib/model/policy.ts";
import { type ServiceReach, serviceReach } from "../../lib/reach/service-reach.ts";
import type { Reading } from "../../lib/readers/reader.ts";
import { readingsIn, worldOf } from "../support/recorded-world.ts";
import { replay } from "../support/replay.ts";
import { snapshotOf } from "../support/world.ts";

const values = [
  { name: "Storage", addressPrefixes: ["20.60.0.0/16", "2603:1030::/33"] },
  { name: "Storage.WestEurope", addressPrefixes: ["20.60.0.0/17", "2603:1030::/33"] },
  { name: "Sql", addressPrefixes: ["40.112.0.0/16"] },
  { name: "Sql.WestEurope", addressPrefixes: ["40.112.0.0/17"] },
  { name: "AzureKeyVault", addressPrefixes: ["51.12.0.0/24"] },
];
const tags: Reading = { kind: "serviceTags", list: { changeNumber: 1, values } };

function reachesIn(readings: readonly Reading[]): readonly ServiceReach[] {
  const snapshot = snapshotOf(readings);
  return snapshot.ofKind("service").map((service) => serviceReach(service, Policy.default, snapshot));
}

describe.each(["contoso-erp", "contoso-erp-closed"])("the witnesses of %s", (name) => {
  test("replay in the packet oracle, whatever they say", async () => {
    const readings = [tags, ...(await readingsIn(`test/fixtures/${name}`))];
    const world = worldOf(readings);
    const seen = new Map<string, number>();
    for (const { service, ways } of reachesIn(readings)) {
      for (const way of ways) {
        if (way.witness === undefined) continue;
        const { outcome, flow, steps } = way.witness;
        const answer = replay(world, service.id.text, { ...way, flow }, "20.60.0.9");
        const told = `${service.id.name}, ${way.kind}: ${JSON.stringify(flow)} ${steps.map(({ says }) => says).join("; ")}`;
        const key = `${way.kind} ${outcome} ${answer}`;
        seen.set(key, (seen.get(key) ?? 0) + 1);
        if (outcome === "reaches") expect(answer, told).not.toBe(false);
        if (outcome === "blocked") expect(answer, told).not.toBe(true);
      }
    }
    expect(seen.get("privateEndpoint reaches true")).toBeGreaterThan(100);
    expect(seen.get("internet reaches true")).toBeGreaterThan(10);
    expect(seen.get("subnet reaches true")).toBeGreaterThan(5);
  });
});
