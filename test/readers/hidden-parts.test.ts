import { afterEach, expect, test } from "vitest";
import { audit } from "../../lib/audit.ts";
import { Policy } from "../../lib/model/policy.ts";
import { ResourceId } from "../../lib/model/resource-id.ts";
import type { Key } from "../../lib/model/snapshot.ts";
import { arm } from "../../lib/readers/arm.ts";
import { everythingIn } from "../../lib/readers/everything.ts";
import { collected, type Reader, type Reading } from "../../lib/readers/reader.ts";
import { rules } from "../../lib/rules/index.ts";
import { connectionTo } from "../support/arm-simulator/client.ts";
import type { Asked } from "../support/arm-simulator/faults.ts";
import { type ArmSimulator, simulateArm } from "../support/arm-simulator/server.ts";
import { World } from "../support/arm-simulator/world.ts";
import { aNetwork, aSecurityGroup, group, idOf, subnetId } from "../support/builders.ts";
import { aRegistry, registryId, registryRules } from "../support/registries-and-ai.ts";
import { today } from "../support/world.ts";

const subscription = "00000000-0000-4000-8000-000000000001";
const basicId = `${group}/providers/Microsoft.ContainerRegistry/registries/crbasic`;
const other = (asked: Asked) => asked.query.get("api-version") === "2026-03-01-preview";

const world = new World([
  aRegistry({
    networkRuleSet: registryRules({
      virtualNetworkRules: [{ action: "Allow", virtualNetworkSubnetResourceId: subnetId }],
    }),
  }),
  { ...aRegistry({ networkRuleSet: { defaultAction: "Allow", ipRules: [] } }, "Basic"), id: basicId, name: "crbasic" },
  aNetwork([{ serviceEndpoints: ["Microsoft.ContainerRegistry"] }]),
  aSecurityGroup(),
]);

let simulator: ArmSimulator;
afterEach(() => simulator.close());

/** Azure, where the other api-version may have an end. */
async function start(status?: number) {
  simulator = await simulateArm(world);
  if (status !== undefined) {
    simulator.faults.add({ when: other, what: { kind: "status", status, code: "NoRegisteredProviderFound" } });
  }
  return connectionTo(simulator);
}

async function* everything(): AsyncGenerator<readonly Reading[]> {
  yield* everythingIn(await connectionTo(simulator), new Map([[subscription, undefined]]));
}

function networkRulesIn(readings: readonly Reading[]): readonly unknown[] {
  const bodies = readings.flatMap((one) => (one.kind === "resource" ? [Object(one.body)] : []));
  const own = bodies.filter(({ id }) => String(id).toLowerCase() === registryId.toLowerCase());
  return own.map(({ properties }) => properties.networkRuleSet.virtualNetworkRules?.length);
}

function askedFor(name: string): number {
  return simulator.log.filter(
    (line) =>
      line.toLowerCase() === `get ${group}/providers/microsoft.containerregistry/registries/${name}`.toLowerCase(),
  ).length;
}

test("everything is read once more as the other api-version shows it, where that shows more", async () => {
  await start();
  const readings = await collected(everything());
  expect(networkRulesIn(readings)).toEqual([undefined, 1]);
  expect([askedFor("crerp"), askedFor("crbasic")]).toEqual([1, 0]);
});

const keys: readonly { readonly key: Key; readonly requests: number }[] = [
  { key: { kind: "resource", id: ResourceId.parse(registryId) ?? never() }, requests: 2 },
  {
    key: {
      kind: "list",
      parent: idOf(`/subscriptions/${subscription}`),
      type: "Microsoft.ContainerRegistry/registries",
    },
    requests: 1,
  },
];

function never(): never {
  throw new Error("no id");
}

test.each(keys)("one question of the kind $key.kind brings both", async ({ key, requests }) => {
  const connection = await start();
  expect(networkRulesIn(await collected(arm(connection).read(key)))).toEqual([undefined, 1]);
  expect([askedFor("crerp"), askedFor("crbasic")]).toEqual([requests, 0]);
});

test.each([400, 403, 404])("where Azure answers the other api-version with %i, what is there stays", async (status) => {
  const connection = await start(status);
  const [{ key } = { key: never() }] = keys;
  const readings = await collected(arm(connection).read(key));
  expect(networkRulesIn(readings)).toEqual([undefined]);
  expect(readings.filter(({ kind }) => kind !== "resource")).toEqual([]);
  expect(networkRulesIn(await collected(everything()))).toEqual([undefined]);
});

test.each([
  { status: undefined, want: [] },
  { status: 400, want: ["NI202", "NI203", "NI205"] },
])("an audit is unsure of $want where the answer is $status", async ({ status, want }) => {
  await start(status);
  const reader: Reader = { readAll: everything, async *read() {} };
  const { evaluations } = await audit(reader, { policy: Policy.default, rules, today });
  const own = evaluations.filter(({ subject }) => subject.id.key === registryId.toLowerCase());
  const unsure = own.flatMap(({ findings }) => findings).filter((one) => one.status === "undetermined");
  expect(unsure.map(({ rule }) => rule).filter((rule) => rule.startsWith("NI20"))).toEqual(want);
});
