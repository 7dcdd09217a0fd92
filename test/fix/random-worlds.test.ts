import fc from "fast-check";
import { expect, test } from "vitest";
import { Glob } from "../../lib/model/glob.ts";
import { parseAddresses } from "../../lib/net/parse-addresses.ts";
import { randomWorld } from "../oracle/random-world.ts";
import { closedWorld } from "../support/closed-world.ts";
import { expectFixesToHold, fixesOf } from "../support/fixed.ts";
import { policyWith, readingsOf } from "../support/world.ts";

const policy = policyWith({
  approvedAddresses: addresses("203.0.113.0/24"),
  isolatedSubnets: [new Glob("*/subnets/s0")],
  privateTypes: ["Microsoft.KeyVault/vaults"],
  sites: [
    {
      name: "plant",
      natAddresses: addresses("198.51.100.0/30"),
      connection: "internet",
      needs: [{ kind: "type", type: "Microsoft.Storage/storageAccounts" }],
    },
  ],
});

function addresses(text: string) {
  const set = parseAddresses(text);
  if (set === undefined) throw new Error(`\`${text}\` are no addresses`);
  return set;
}

test("property: whatever is proposed closes its finding, and changes what it says and nothing else", {
  timeout: 240_000,
}, async () => {
  const outcomes = new Map<string, number>();
  const worlds = fc.sample(randomWorld(), { seed: 7, numRuns: 40 });
  for (const world of worlds) {
    const answers = await expectFixesToHold(closedWorld(world), policy);
    for (const { outcome, finding } of answers) {
      const key = `${finding?.rule} ${outcome}`;
      outcomes.set(key, (outcomes.get(key) ?? 0) + 1);
    }
  }
  const fixed = new Set([...outcomes.keys()].filter((key) => key.endsWith("fix")).map((key) => key.split(" ")[0]));
  expect(fixed.size, [...outcomes].sort().join("; ")).toBeGreaterThan(10);
});

test("property: what is proposed does not depend on the order of reading", { timeout: 240_000 }, async () => {
  const worlds = fc.sample(randomWorld(), { seed: 11, numRuns: 15 });
  for (const world of worlds) {
    const readings = [...readingsOf(closedWorld(world))];
    const [one, other] = [await fixesOf(readings, policy), await fixesOf(readings.toReversed(), policy)];
    const byId = (answers: typeof one.answers) => new Map(answers.map((answer) => [answer.id, answer]));
    expect(byId(other.answers)).toEqual(byId(one.answers));
  }
});
