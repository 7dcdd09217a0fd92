import { Ajv2020 } from "ajv/dist/2020.js";
import { expect, test } from "vitest";
import { reportJsonSchema } from "../../lib/reports/schema.ts";
import { aCircuit, aStorageAccount, circuitId, subscription } from "../support/builders.ts";
import { cordon, folderWith } from "./cordon.ts";

const circuits = {
  url: `${subscription}/providers/Microsoft.Network/expressRouteCircuits?api-version=2025-09-01`,
  status: 200,
  body: { value: [aCircuit({ peerings: [{}, { peeringType: "AzurePublicPeering" }] })] },
};

const sites = [{ name: "Plant", natAddresses: ["203.0.113.9"], connection: "microsoftPeering" }];

async function audited(policy: object, ...args: readonly string[]) {
  const folder = await folderWith({
    "a.json": circuits,
    "b.json": aStorageAccount(),
    "cordon.policy.json": { sites, ...policy },
  });
  return await cordon(["audit", "--recording", folder, "--format", "json", ...args]);
}

test("findings on sites and circuits are in the report, in the published shape", async () => {
  const { code, stdout } = await audited({});
  const report = JSON.parse(stdout);
  expect(code).toBe(1);
  expect(report.findings).toMatchObject([
    {
      id: "NI502:site:plant",
      resource: "site:Plant",
      services: [],
      evidence: [
        { resource: "site:Plant", pointer: "/natAddresses", value: ["203.0.113.9"] },
        { resource: `${circuitId}/peerings/MicrosoftPeering`, value: "198.51.100.8/29" },
      ],
    },
    { rule: "NI504", resource: circuitId, services: [] },
  ]);
  const validate = new Ajv2020({ strict: false }).compile(reportJsonSchema());
  expect(validate(report), JSON.stringify(validate.errors)).toBe(true);
});

test("a site's finding is waived by the site's name, whatever its case", async () => {
  const waiver = { rule: "NI502", resource: "site:plant", reason: "moves", owner: "ann", expires: "2099-12-31" };
  const { stdout, stderr } = await audited({ waivers: [waiver] });
  const [{ id, waived }] = JSON.parse(stdout).findings.filter(({ rule }: { rule: string }) => rule === "NI502");
  expect(id).toBe("NI502:site:plant");
  expect(waived).toMatchObject({ owner: "ann" });
  expect(stderr).not.toContain("is not used");
});

test("findings on sites and circuits are left out where only some services are asked for", async () => {
  const { stdout } = await audited({}, "--service", "*");
  expect(JSON.parse(stdout).findings).toEqual([]);
});
