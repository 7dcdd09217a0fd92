import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { audit } from "../../lib/audit.ts";
import { Policy } from "../../lib/model/policy.ts";
import { recorded } from "../../lib/readers/recorded.ts";
import type { RecordedAnswer } from "../../lib/readers/recorded-answer.ts";
import { scrub } from "../../lib/readers/scrub.ts";
import { rules } from "../../lib/rules/index.ts";

const fixture = "test/fixtures/contoso-erp";
const key = new TextEncoder().encode("a key for tests");
let answers: readonly RecordedAnswer[] = [];
let scrubbed: readonly RecordedAnswer[] = [];

beforeAll(() => {
  const files = readdirSync(fixture).filter((name) => name.endsWith(".json") && name !== "cordon.policy.json");
  answers = files
    .map((name) => JSON.parse(readFileSync(join(fixture, name), "utf8")))
    .filter(({ url }) => url !== undefined);
  answers = answers.filter(({ url }) => !url.includes("/serviceTags"));
  scrubbed = scrub(answers, key);
});

/** What an audit says without a policy and without service tags, the names left out. */
async function audited(all: readonly RecordedAnswer[]) {
  const folder = mkdtempSync(join(tmpdir(), "cordon-scrub-"));
  try {
    writeFileSync(join(folder, "answers.ndjson"), all.map((answer) => `${JSON.stringify(answer)}\n`).join(""));
    const { evaluations, problems, gaps } = await audit(recorded([folder]), {
      policy: Policy.default,
      rules,
      today: "2026-11-20",
    });
    const findings = evaluations.flatMap((evaluation) => evaluation.findings);
    const said = findings.map(({ rule, status, severity, resource, services, evidence }) =>
      [rule, status, severity, resource.type, services.length, ...evidence.map(({ pointer }) => pointer).sort()].join(
        " ",
      ),
    );
    return { said: said.sort(), problems: problems.length, gaps: gaps.length };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe("a scrubbed recording", () => {
  test("gives the findings that the recording itself gives", async () => {
    const before = await audited(answers);
    expect(before.said.length).toBeGreaterThan(40);
    expect(await audited(scrubbed)).toEqual(before);
  });

  test("holds no name, no id and no public address of the estate", () => {
    const text = JSON.stringify(scrubbed).toLowerCase();
    const secrets = [
      "contoso",
      "c0c0c0c0-0000-4000-8000-000000000001",
      "plant-",
      "203.0.113.10",
      "rg-erp",
      "snet-render",
      "vnet-hub",
    ];
    expect(secrets.filter((secret) => text.includes(secret))).toEqual([]);
  });

  test("is the same for the same key, and another for another", () => {
    expect(scrub(answers, key)).toEqual(scrubbed);
    expect(JSON.stringify(scrub(answers, new Uint8Array([1])))).not.toBe(JSON.stringify(scrubbed));
  });
});

describe("scrubbing", () => {
  test("a wildcard record in a zone takes nothing of its meaning from `*`, nor from the SCM site's name", () => {
    const zone =
      "/subscriptions/aaaaaaaa-0000-4000-8000-000000000001/resourceGroups/rg-mine/providers/Microsoft.Network/privateDnsZones/privatelink.azurewebsites.net";
    const asked = ["*.scm", "app-mine.scm"].map((name) => ({ url: `${zone}/A/${name}`, method: "GET", status: 404 }));
    const policy = zone.replace(/privateDnsZones.*/, "firewallPolicies/afwp-mine");
    const body = {
      id: policy,
      properties: { destinationPorts: ["*"], recordSetName: "app-mine.scm", fqdn: "app-mine.scm.azurewebsites.net" },
    };
    const scrubbed = scrub([...asked, { url: policy, method: "GET", status: 200, body }], key);
    const name = /"recordSetName":"(\w+)\.scm"/.exec(JSON.stringify(scrubbed))?.[1];
    expect(name).not.toBe("app-mine");
    expect(scrubbed.slice(0, 2).map(({ url }) => url.split("/A/")[1])).toEqual(["*.scm", `${name}.scm`]);
    expect(scrubbed[2]?.body).toMatchObject({
      properties: { destinationPorts: ["*"], fqdn: `${name}.scm.azurewebsites.net` },
    });
  });

  const id =
    "/subscriptions/aaaaaaaa-0000-4000-8000-000000000001/resourceGroups/rg-mine/providers/Microsoft.Storage/storageAccounts/stmine";
  const scrubOne = (body: object) =>
    JSON.stringify(
      scrub([{ url: `${id}?api-version=2025-01-01`, method: "GET", status: 200, body: { id, ...body } }], key)[0],
    );

  test.each([
    { body: { tags: { owner: "Anna" } }, without: ["Anna", "owner"], with: [] },
    {
      body: { properties: { primaryEndpoints: { blob: "https://stmine.blob.core.windows.net/" } } },
      without: ["stmine"],
      with: [".blob.core.windows.net/"],
    },
    {
      body: { properties: { defaultHostname: "blue-sea.3.azurestaticapps.net" } },
      without: ["blue-sea"],
      with: [".3.azurestaticapps.net"],
    },
    {
      body: { properties: { parameters: { customPublicSubnetName: { type: "String", value: "hosts" } } } },
      without: ["hosts"],
      with: ["String"],
    },
    { body: { systemData: { createdBy: "anna@example.com" } }, without: ["anna"], with: [] },
    { body: { properties: { description: "for Anna" } }, without: ["Anna"], with: ["scrubbed"] },
    {
      body: { location: "westeurope", sku: { name: "Standard_LRS" } },
      without: [],
      with: ["westeurope", "Standard_LRS"],
    },
    {
      body: { properties: { networkAcls: { defaultAction: "Deny", ipRules: [{ value: "52.1.2.0/24" }] } } },
      without: ["52.1.2.0"],
      with: ["/24", "Deny"],
    },
    {
      body: { properties: { subnet: { id: id.toUpperCase() } } },
      without: ["STMINE"],
      with: ["/PROVIDERS/MICROSOFT.STORAGE/"],
    },
    {
      body: { properties: { nextHopType: "Internet", serviceName: "Microsoft.Web/serverFarms" } },
      without: [],
      with: ["Internet", "Microsoft.Web/serverFarms"],
    },
    {
      body: { properties: { ipSecurityRestrictions: [{ tag: "ServiceTag", ipAddress: "AzureFrontDoor.Backend" }] } },
      without: [],
      with: ["AzureFrontDoor.Backend"],
    },
    {
      body: { properties: { ipSecurityRestrictions: [{ tag: "ServiceTag", ipAddress: "52.1.2.0/24,stmine" }] } },
      without: ["52.1.2.0", "stmine"],
      with: ["/24"],
    },
    {
      body: {
        ipSecurityRestrictions: [{ priority: 9, name: "Anna at home", tag: "Default", ipAddress: "52.1.2.0/24" }],
      },
      without: ["52.1.2.0", "Anna"],
      with: ["/24", "Default"],
    },
    {
      body: { ipSecurityRestrictions: [{ priority: 2_147_483_647, name: "Any", ipAddress: "Any", action: "Deny" }] },
      without: [],
      with: ['"ipAddress":"Any"', "Deny"],
    },
    { body: { rules: [{ ruleType: "NetworkRule", name: "for-anna" }] }, without: ["anna"], with: ["NetworkRule"] },
    { body: { properties: { administratorLogin: "contosoadmin" } }, without: ["contosoadmin"], with: ["scrubbed"] },
    { body: { properties: { requestMessage: "Please approve" } }, without: ["Please"], with: ["scrubbed"] },
  ])("$body", ({ body, without, with: kept }) => {
    const text = scrubOne(body);
    expect(without.filter((secret) => text.includes(secret))).toEqual([]);
    expect(kept.filter((word) => !text.includes(word))).toEqual([]);
  });
});
