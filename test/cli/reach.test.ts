import { describe, expect, test } from "vitest";
import type { ReachAnswer } from "../../lib/reports/reach-answer.ts";
import { folderOf } from "../readers/recording.ts";
import {
  aNetwork,
  aPerimeter,
  aSecurityGroup,
  aStorageAccount,
  type Given,
  storageId,
  subnetId,
} from "../support/builders.ts";
import { cordon } from "./cordon.ts";

async function answerOf(...args: readonly string[]): Promise<ReachAnswer> {
  const { stdout, code } = await cordon(["reach", ...args, "--format", "json"]);
  expect(code).toBe(0);
  return JSON.parse(stdout);
}

describe("cordon reach", () => {
  test("follows a flow of each way into a service of the bundled recording, step by step", async () => {
    const { stdout, code } = await cordon(["reach", "sql-contoso-erp-prod"]);
    expect(code).toBe(0);
    for (const phrase of [
      "gets in  callers on the internet: 198.51.100.10/31",
      "10.20.0.4 → sql-contoso-erp-prod, TCP 1433",
      "✓ leaves the subnet: `AllowSqlOutBound` (priority 200) of `nsg-erp` allows it",
      '✓ goes over the service endpoint\n               snet-app /properties/serviceEndpoints/1 =\n                 {"provisioningState":"Succeeded","service":"Microsoft.Sql"',
      "✓ a network rule admits the subnet",
      "by pe-sql-contoso-erp-prod, from",
      "✓ the connection of the endpoint is approved",
      "site plant-leipzig",
    ]) {
      expect(stdout).toContain(phrase);
    }
  });

  test.each([
    { from: "9.9.9.9", outcomes: ["internet blocked"], last: "nothing in the firewall admits the address" },
    { from: "198.51.100.10", outcomes: ["internet reaches"], last: "the firewall admits the address" },
    {
      from: "vnet-erp-prod/snet-app",
      outcomes: ["privateEndpoint reaches"],
      last: "the connection of the endpoint is approved",
    },
    { from: "10.20.0.9", outcomes: ["privateEndpoint reaches"], last: "the connection of the endpoint is approved" },
  ])("from $from: what lets the caller in, or what stops it", async ({ from, outcomes, last }) => {
    const { ways } = await answerOf("stcontosodrawings", "--from", from);
    const [way] = ways;
    expect([`${way?.kind} ${way?.outcome}`]).toEqual(outcomes);
    expect(way?.witness?.steps.at(-1)?.says).toBe(last);
    for (const { evidence, says } of way?.witness?.steps ?? []) expect(evidence.length, says).toBeGreaterThan(0);
  });

  test("the witness does not move when something else changes", async () => {
    const world = (name: string): Given => [
      aStorageAccount({ networkAcls: { virtualNetworkRules: [{ id: subnetId, state: "Succeeded" }] } }),
      aNetwork([{ serviceEndpoints: ["Microsoft.Storage"] }, { name, properties: { addressPrefix: "10.0.9.0/24" } }]),
      aSecurityGroup(),
    ];
    const witnessOf = async (given: Given) => {
      const folder = await folderOf({ "all.json": [given].flat(3) });
      return (await answerOf(storageId, "--recording", folder)).ways[0]?.witness;
    };
    const before = await witnessOf(world("snet-b"));
    expect(before?.source).toBe("10.0.0.4");
    expect(await witnessOf(world("snet-z"))).toEqual(before);
  });

  test.each([
    { mode: "Enforced", publicNetworkAccess: "Enabled", says: "takes the place of the firewall" },
    { mode: "Learning", publicNetworkAccess: "SecuredByPerimeter", says: "decide alone" },
  ])("a perimeter ($mode) in the firewall's place is named as what decides", async ({ mode, says, ...access }) => {
    const given = [
      aStorageAccount({ ...access, networkAcls: { defaultAction: "Allow" } }),
      aPerimeter({ accessMode: mode, accessRules: [{ addressPrefixes: ["203.0.113.0/28"] }] }),
    ];
    const folder = await folderOf({ "all.json": given.flat(3) });
    const { ways } = await answerOf(storageId, "--recording", folder);
    const [gate, address] = ways[0]?.witness?.steps ?? [];
    expect(ways.map(({ kind, outcome }) => `${kind} ${outcome}`)).toEqual(["internet reaches"]);
    expect([gate?.says, address?.says]).toEqual([expect.stringContaining(says), "the perimeter admits the address"]);
    expect(address?.evidence[0]?.value).toContain("203.0.113.0/28");
  });

  test.each([
    { args: ["nope"], says: "no service `nope` among the" },
    { args: ["stcontosodrawings", "--from", "snet-private-endpoints"], says: "could be" },
    ...["300.1.1.1", "10.0.0.0/33", "10.0.0", "2001:db8:::1"].map((text) => ({
      args: ["stcontosodrawings", "--from", text],
      says: `\`${text}\` is not an address`,
    })),
    { args: ["stcontosodrawings", "--from", "no-such-subnet"], says: "no subnet `no-such-subnet`" },
    { args: [], says: "missing required argument" },
  ])("$args ends with an error that says what is wrong", async ({ args, says }) => {
    const { stderr, stdout, code } = await cordon(["reach", ...args]);
    expect(stderr).toContain(says);
    expect(stdout).toBe("");
    expect(code).toBe(2);
  });

  test("names are other people's text: nothing of them reaches the terminal as it is", async () => {
    const hostile = `${storageId.slice(0, -4)}\u001b[31m\u202e`;
    const folder = await folderOf({ "all.json": [{ ...aStorageAccount(), id: hostile }] });
    const { stdout } = await cordon(["reach", hostile, "--recording", folder]);
    expect(stdout).toContain("storage account in rg");
    for (const unsafe of ["\u001b", "\u202e"]) expect(stdout).not.toContain(unsafe);
  });
});
