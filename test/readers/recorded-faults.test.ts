import { randomBytes } from "node:crypto";
import { mkdir } from "node:fs/promises";
import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import type { Audit } from "../../lib/audit.ts";
import { CordonError } from "../../lib/model/cordon-error.ts";
import { networkRuleWithoutEndpoint } from "../../lib/rules/network-rule-without-endpoint.ts";
import { publicNetworkAccessEnabled } from "../../lib/rules/public-network-access-enabled.ts";
import {
  aKeyVault,
  aNetwork,
  aStorageAccount,
  group,
  networkId,
  sqlId,
  storageId,
  subnetId,
  subscription,
  vaultId,
} from "../support/builders.ts";
import {
  answer,
  auditFolder,
  type Files,
  folderOf,
  listAnswer,
  ndjson,
  nothing,
  readFolder,
  readPaths,
  refusal,
} from "./recording.ts";

const storage = aStorageAccount();
const vault = aKeyVault();
const broken = '{"url": "/subscriptions", "status": 200, "body": {"value": [{';

/** "file:line: message" of every problem. */
function problemsOf({ problems, folder }: Audit & { readonly folder: string }): readonly string[] {
  return problems.map(({ where, message }) => `${where.replace(`${folder}/`, "")}: ${message}`);
}

function outcomesOf({ evaluations }: Audit): readonly string[] {
  return evaluations.flatMap(({ findings }) =>
    findings.map(({ rule, status, because }) => [rule, status, ...because].join(" ")),
  );
}

describe("broken JSON", () => {
  it.each([
    {
      when: "a line in the middle breaks off",
      content: `${ndjson(storage)}${broken}\n${ndjson(vault)}`,
      problems: [`a.json:2:${broken.length + 1}: broken JSON: expected property name or '}'`],
    },
    {
      when: "the first line is broken",
      content: `{"id": nope}\n${ndjson(storage, vault)}`,
      problems: ["a.json:1:9: broken JSON: unexpected token 'o'"],
    },
    {
      when: "the first two lines are broken",
      content: `${broken}\n<html>\n${ndjson(storage, vault)}`,
      problems: [
        `a.json:1:${broken.length + 1}: broken JSON: expected property name or '}'`,
        "a.json:2:1: broken JSON: unexpected token '<'",
      ],
    },
    {
      when: "the last line breaks off",
      content: `${ndjson(storage, vault)}{"id": "/subscr`,
      problems: ["a.json:3:16: broken JSON: unterminated string"],
    },
    {
      when: "blank lines stand before it",
      content: `\n\n${ndjson(storage)}\n\n${ndjson(vault)}\r\n{"id": tru`,
      problems: ["a.json:8:11: broken JSON: unexpected end of JSON input"],
    },
    {
      when: "a line holds two documents",
      content: `${ndjson(storage, vault)}{"id":"x"} {"id":"y"}\n`,
      problems: ["a.json:3:12: broken JSON: unexpected non-whitespace character after JSON"],
    },
    {
      when: "a word is no document",
      content: `${ndjson(storage, vault)}null\n"text"\n`,
      problems: ["a.json:3: null is not an ARM answer", 'a.json:4: "text" is not an ARM answer'],
    },
  ])("costs no more than the lines that are broken: $when", async ({ content, problems }) => {
    expect(await readFolder({ "a.json": content })).toEqual({ ...nothing, resources: [storageId, vaultId], problems });
  });

  it.each([
    {
      when: "a comma too many",
      content: '{\n  "id": "/x",\n}\n',
      problem: "a.json:3:1: broken JSON: expected double-quoted property name",
    },
    {
      when: "a bad word",
      content: '{\n\n  "id": "/x",\n  "n": undefined\n}',
      problem: "a.json:4:8: broken JSON: unexpected token 'u'",
    },
    {
      when: "comments",
      content: '{\n  // what it is\n  "id": "/x"\n}',
      problem: "a.json:2:3: broken JSON: expected property name or '}'",
    },
    {
      when: "no end",
      content: '[\n  {\n    "id": "/x"\n',
      problem: "a.json:3:15: broken JSON: expected ',' or '}' after property value",
    },
    {
      when: "a line end inside a text",
      content: '{\r\n  "id": "/x\r\n"\r\n}',
      problem: "a.json:2:12: broken JSON: bad control character in string literal",
    },
    {
      when: "an error page instead",
      content: "<!DOCTYPE html>\n<html></html>\n",
      problem: "a.json:1:1: broken JSON: unexpected token '<'",
    },
    {
      when: "a message of the command line instead",
      content: "ERROR: Please run 'az login' to setup account.\n",
      problem: "a.json:1:1: broken JSON: unexpected token 'E'",
    },
  ])("of a whole file is told with line and column: $when", async ({ content, problem }) => {
    const told = await readFolder({ "a.json": content, "b.json": storage });
    expect(told).toEqual({ ...nothing, resources: [storageId], problems: [problem] });
  });

  it("of a very long line or a very deep one is told all the same", async () => {
    const told = await readFolder({
      "deep.json": "[".repeat(200_000),
      "long.ndjson": `${ndjson(storage)}{"id":"${"x".repeat(2_000_000)}", nope}\n`,
    });
    expect(told.problems).toEqual([
      "deep.json:1:200001: broken JSON: unexpected end of JSON input",
      "long.ndjson:2:2000011: broken JSON: expected double-quoted property name",
    ]);
  });
});

describe("a file", () => {
  it.each([
    { when: "is empty", content: "", problem: "b.json: the file is empty" },
    { when: "holds blank lines only", content: "\r\n \n", problem: "b.json: the file is empty" },
    { when: "is an empty package", content: gzipSync(""), problem: "b.json: the file is empty" },
    { when: "is an empty object", content: "{}", problem: "b.json:1: a resource without `id` (it has no property)" },
    {
      when: "is an error",
      content: '{"error":{"code":"AuthorizationFailed"}}',
      problem: "b.json:1: an error of Azure, not a resource",
    },
    {
      when: "is of Terraform",
      content: { format_version: "1.0", terraform_version: "1.9.0", values: { root_module: {} } },
      problem: "b.json:1: output of Terraform, not an answer: record what Azure itself says",
    },
    {
      when: "is a template",
      content: {
        $schema: "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
        resources: [],
      },
      problem: "b.json:1: a template, not an answer: templates do not say what is deployed",
    },
    {
      when: "is something else",
      content: { nextHopType: "Internet", nextHopIpAddress: "", routeTableId: "System Route" },
      problem: "b.json:1: a resource without `id` (it has `nextHopType`, `nextHopIpAddress`, `routeTableId`)",
    },
    {
      when: "is a published example without an answer",
      content: { parameters: {}, responses: { "200": {} } },
      problem: "b.json:1: a resource without `id` (it has `parameters`, `responses`)",
    },
    {
      when: "is an answer with a text for its status",
      content: answer(storageId, storage, { status: "200" }),
      problem: "b.json:1: not a recorded answer: `status` is not a whole number",
    },
    {
      when: "is an answer whose time is none",
      content: answer(storageId, storage, { at: "yesterday" }),
      problem: "b.json:1: not a recorded answer: `at` is not a time like 2026-11-20T09:30:00Z",
    },
    {
      when: "is the answer to another question",
      content: answer(storageId, vault),
      problem: `b.json:1: the answer to \`${storageId}?api-version=2025-01-01\` is not that resource`,
    },
    {
      when: "is a list that is none",
      content: answer(`${sqlId}/firewallRules`, {}),
      problem: `b.json:1: the answer to \`${sqlId}/firewallRules?api-version=2025-01-01\` is not a list`,
    },
  ])("that $when is a problem, and the others are read", async ({ content, problem }) => {
    const told = await readFolder({ "a.json": vault, "b.json": content });
    expect(told.problems).toEqual([problem]);
    expect(told.resources).toEqual([vaultId]);
  });

  it("that is packed and breaks off is read as far as it goes", async () => {
    const noise = randomBytes(3_000_000).toString("base64");
    const packed = gzipSync(ndjson(storage, vault, { ...storage, id: `${storageId}2`, noise }));
    const told = await readFolder({ "a.ndjson.gz": packed.subarray(0, packed.length - 1_000_000) });
    expect(told.resources).toEqual([storageId, vaultId]);
    expect(told.problems).toEqual(["a.ndjson.gz: cannot be read to its end: unexpected end of file"]);
  });

  it("that is packed and breaks off after its only line is read as far as it goes", async () => {
    const told = await readFolder({ "a.ndjson.gz": gzipSync(ndjson(storage)).subarray(0, -4) });
    expect(told.resources).toEqual([storageId]);
    expect(told.problems).toEqual(["a.ndjson.gz: cannot be read to its end: unexpected end of file"]);
  });

  it("that looks packed and is not is a problem", async () => {
    const told = await readFolder({
      "a.gz": "",
      "a.ndjson.gz": Buffer.from([0x1f, 0x8b, 0, 1, 2, 3]),
      "b.json": storage,
    });
    expect(told.problems).toEqual(["a.ndjson.gz: cannot be read to its end: unknown compression method"]);
    expect(told.resources).toEqual([storageId]);
  });
});

describe("a recording that cannot be opened", () => {
  it.each([
    { when: "is missing", path: "nowhere", says: "there is no such file or folder" },
    {
      when: "has nothing to read",
      path: "empty",
      says: "the folder holds no .json, .ndjson or .jsonl, with or without .gz",
    },
    {
      when: "has only what lies beside one",
      path: "beside",
      says: "the folder holds no .json, .ndjson or .jsonl, with or without .gz",
    },
  ])("stops the reading, since it $when", async ({ path, says }) => {
    const folder = await folderOf({
      "beside/cordon.policy.json": {},
      "good/a.json": storage,
    });
    await mkdir(`${folder}/empty`);
    const reading = readPaths([`${folder}/good`, `${folder}/${path}`], "");
    await expect(reading).rejects.toThrow(CordonError);
    await expect(reading).rejects.toMatchObject({ code: "ERR_RECORDING_UNREADABLE" });
    await expect(reading).rejects.toThrow(`cannot read recording \`${folder}/${path}\`: `);
    await expect(reading).rejects.toThrow(says);
  });
});

describe("what could not be read", () => {
  const admitting = aStorageAccount({ networkAcls: { virtualNetworkRules: [{ id: subnetId, state: "Succeeded" }] } });

  it.each([
    { when: "was refused", status: 403, code: "AuthorizationFailed" },
    { when: "needs signing in", status: 401, code: "ExpiredAuthenticationToken" },
    { when: "failed", status: 500, code: "InternalServerError" },
    { when: "was throttled", status: 429, code: "TooManyRequests" },
    { when: "is a conflict", status: 409, code: "Conflict" },
  ])("leaves what depends on it undetermined, with the reason: it $when", async ({ status, code }) => {
    const recording = { "a.ndjson": ndjson(answer(storageId, admitting), refusal(subnetId, status, code)) };
    const result = await auditFolder(recording, [networkRuleWithoutEndpoint]);
    const reason = `${status} ${code} reading \`${subnetId}\``;
    expect(outcomesOf(result)).toEqual([`NI202 undetermined ${reason}`]);
    expect(result.gaps).toEqual([reason]);
    expect(result.problems).toEqual([]);
  });

  it("is told apart from what is gone", async () => {
    const gone = ndjson(answer(storageId, admitting), refusal(subnetId, 404, "NotFound"));
    expect(outcomesOf(await auditFolder({ "a.ndjson": gone }, [networkRuleWithoutEndpoint]))).toEqual([]);
    const missing = ndjson(answer(storageId, admitting));
    expect(outcomesOf(await auditFolder({ "a.ndjson": missing }, [networkRuleWithoutEndpoint]))).toEqual([
      `NI202 undetermined \`${subnetId}\` is not in the recording`,
    ]);
  });

  it.each([
    { when: "its list was refused", given: refusal(`${sqlId}/firewallRules`), says: "403 AuthorizationFailed" },
    {
      when: "a page of its list is missing",
      given: listAnswer(`${sqlId}/firewallRules`, [], `${sqlId}/firewallRules?$skiptoken=2`),
      says: "page 2 of the list",
    },
    {
      when: "its list holds something else",
      given: listAnswer(`${sqlId}/firewallRules`, [7]),
      says: "holds an entry that could not be understood",
    },
    { when: "its list was never asked for", given: {}, says: "is not in the recording" },
  ])("leaves a firewall undetermined: $when", async ({ given, says }) => {
    const server = { id: sqlId, type: "Microsoft.Sql/servers", properties: { publicNetworkAccess: "Enabled" } };
    const recording = { "a.ndjson": ndjson(answer(sqlId, server), given) };
    const outcomes = outcomesOf(await auditFolder(recording, [publicNetworkAccessEnabled]));
    expect(outcomes).toHaveLength(1);
    expect(outcomes[0]).toContain("NI101 undetermined");
    expect(outcomes[0]).toContain(says);
  });

  it("leaves a service undetermined whose answer is another resource", async () => {
    const thin = { id: storageId, type: "Microsoft.Storage/storageAccounts" };
    const recording = { "a.ndjson": ndjson({ value: [thin] }, answer(storageId, vault)) };
    const outcomes = outcomesOf(await auditFolder(recording, [publicNetworkAccessEnabled]));
    expect(outcomes).toEqual([`NI101 undetermined \`${storageId}\` was read without its properties`]);
  });

  it.each([
    {
      when: "no id",
      given: { name: "stdrawings", properties: {} },
      problem: "a.ndjson:2, value[0]: a resource without `id`",
    },
    {
      when: "an id that is none",
      given: { id: "stdrawings", properties: {} },
      problem: "a.ndjson:2, value[0]: `stdrawings` is no ARM id",
    },
    {
      when: "an id without the leading slash",
      given: { id: storageId.slice(1) },
      problem: `a.ndjson:2, value[0]: \`${storageId.slice(1)}\` is no ARM id`,
    },
    { when: "a number for an id", given: { id: 7 }, problem: "a.ndjson:2, value[0]: `7` is no ARM id" },
    { when: "null instead", given: null, problem: "a.ndjson:2, value[0]: null is not a resource" },
    { when: "a list instead", given: [storage], problem: "a.ndjson:2, value[0]: an array is not a resource" },
  ])("is counted as a problem where a resource has $when", async ({ given, problem }) => {
    const result = await auditFolder({ "a.ndjson": ndjson(vault, { value: [given] }, aNetwork()) }, []);
    expect(problemsOf(result)).toEqual([problem]);
    expect(result.evaluations.map(({ subject }) => subject.id.text)).toEqual([vaultId, networkId, subnetId]);
  });

  it("is counted where a network holds a subnet without an id", async () => {
    const network = { id: networkId, properties: { subnets: [{ name: "nameless", properties: {} }] } };
    const recording = { "a.ndjson": ndjson(answer(storageId, admitting), answer(networkId, network)) };
    const result = await auditFolder(recording, [networkRuleWithoutEndpoint]);
    expect(problemsOf(result)).toEqual([`a.ndjson:2: in \`${networkId}\`: a resource without \`id\``]);
    expect(outcomesOf(result)).toEqual([`NI202 undetermined \`${subnetId}\` is not in the recording`]);
  });
});

/** Shortened, but with all names and the shape of what the commands print. */
describe("flattened command-line output", () => {
  const listedByCommand = (files: Files) => auditFolder(files, [publicNetworkAccessEnabled]);

  const storageAccount = {
    accessTier: "Hot",
    allowBlobPublicAccess: false,
    creationTime: "2026-03-02T08:11:52.471214+00:00",
    enableHttpsTrafficOnly: true,
    encryption: { keySource: "Microsoft.Storage", requireInfrastructureEncryption: null },
    extendedLocation: null,
    id: storageId,
    identity: null,
    kind: "StorageV2",
    location: "westeurope",
    name: "stdrawings",
    networkRuleSet: {
      bypass: "AzureServices",
      defaultAction: "Deny",
      ipRules: [],
      resourceAccessRules: null,
      virtualNetworkRules: [],
    },
    primaryEndpoints: { blob: "https://stdrawings.blob.core.windows.net/" },
    privateEndpointConnections: [],
    provisioningState: "Succeeded",
    publicNetworkAccess: "Enabled",
    resourceGroup: "rg",
    sku: { name: "Standard_LRS", tier: "Standard" },
    statusOfPrimary: "available",
    tags: {},
    type: "Microsoft.Storage/storageAccounts",
  };

  const sqlServer = {
    administratorLogin: "erpadmin",
    administratorLoginPassword: null,
    administrators: null,
    externalGovernanceStatus: "Disabled",
    federatedClientId: null,
    fullyQualifiedDomainName: "sql-erp.database.windows.net",
    id: sqlId,
    identity: null,
    keyId: null,
    kind: "v12.0",
    location: "westeurope",
    minimalTlsVersion: "1.2",
    name: "sql-erp",
    primaryUserAssignedIdentityId: null,
    privateEndpointConnections: [],
    publicNetworkAccess: "Enabled",
    resourceGroup: "rg",
    restrictOutboundNetworkAccess: "Disabled",
    state: "Ready",
    tags: {},
    type: "Microsoft.Sql/servers",
    version: "12.0",
    workspaceFeature: null,
  };

  const virtualNetwork = {
    addressSpace: { addressPrefixes: ["10.0.0.0/16"] },
    enableDdosProtection: false,
    etag: 'W/"5f2b7a3c-0000-4000-8000-000000000000"',
    id: networkId,
    location: "westeurope",
    name: "vnet",
    privateEndpointVNetPolicies: "Disabled",
    provisioningState: "Succeeded",
    resourceGroup: "rg",
    resourceGuid: "5f2b7a3c-0000-4000-8000-000000000001",
    subnets: [
      {
        addressPrefix: "10.0.0.0/24",
        delegations: [],
        etag: 'W/"5f2b7a3c-0000-4000-8000-000000000000"',
        id: subnetId,
        name: "snet-app",
        privateEndpointNetworkPolicies: "Disabled",
        provisioningState: "Succeeded",
        resourceGroup: "rg",
        serviceEndpoints: [{ locations: ["westeurope"], provisioningState: "Succeeded", service: "Microsoft.Storage" }],
        type: "Microsoft.Network/virtualNetworks/subnets",
      },
    ],
    type: "Microsoft.Network/virtualNetworks",
    virtualNetworkPeerings: [],
  };

  /** The list that this command asks Azure for has no properties. */
  const keyVault = {
    id: vaultId,
    location: "westeurope",
    name: "kv-erp",
    resourceGroup: "rg",
    tags: {},
    type: "Microsoft.KeyVault/vaults",
  };

  it.each([
    {
      command: "az storage account list",
      given: [storageAccount],
      url: "Microsoft.Storage/storageAccounts",
      finding: "NI101 undetermined",
    },
    { command: "az sql server list", given: [sqlServer], url: "Microsoft.Sql/servers", finding: "NI101 undetermined" },
    { command: "az keyvault list", given: [keyVault], url: "Microsoft.KeyVault/vaults", finding: "NI101 undetermined" },
    {
      command: "az network vnet list",
      given: [virtualNetwork],
      url: "Microsoft.Network/virtualNetworks",
      finding: undefined,
    },
  ])("of `$command` is named, with what to record instead, and settles nothing", async ({ given, url, finding }) => {
    const result = await listedByCommand({ "a.json": JSON.stringify(given, undefined, 2) });
    const [problem, ...others] = problemsOf(result);
    expect(problem ?? "no problem").toContain("a.json[0]: ");
    expect(problem).toContain("flattened command-line output");
    expect(problem).toContain("az rest");
    expect(problem).toContain(`https://management.azure.com${subscription}/providers/${url}?api-version=`);
    expect(others).toEqual([]);
    const outcomes = outcomesOf(result);
    expect(outcomes).toHaveLength(finding === undefined ? 0 : 1);
    if (finding !== undefined) expect(outcomes[0]).toContain(finding);
  });

  it("of `az keyvault list --resource-group` keeps its properties and is read", async () => {
    const { properties } = vault;
    const full = {
      ...keyVault,
      properties: { ...Object(properties), hsmPoolResourceId: null, privateEndpointConnections: null },
      systemData: null,
    };
    const result = await listedByCommand({ "a.json": [full] });
    expect(result.problems).toEqual([]);
    expect(outcomesOf(result)).toEqual([]);
  });

  it("does not hide a full body that is there as well", async () => {
    const result = await listedByCommand({ "a.json": [storageAccount], "b.json": storage });
    expect(result.problems).toHaveLength(1);
    expect(outcomesOf(result)).toEqual([]);
    expect(result.conflicts).toEqual([]);
  });

  it("of a network does not make its subnets absent", async () => {
    const admitting = aStorageAccount({ networkAcls: { virtualNetworkRules: [{ id: subnetId, state: "Succeeded" }] } });
    const result = await auditFolder({ "a.json": [virtualNetwork], "b.json": admitting }, [networkRuleWithoutEndpoint]);
    expect(outcomesOf(result)).toEqual([`NI202 undetermined \`${subnetId}\` is not in the recording`]);
  });

  it("is not what a plain list without properties is", async () => {
    const thin = {
      id: `${group}/providers/Microsoft.Compute/disks/d`,
      name: "d",
      type: "microsoft.compute/disks",
      location: "eastus",
    };
    const alias = {
      id: `${subscription}/providers/Microsoft.Network/AvailableServiceAliases/a`,
      name: "a",
      type: "…",
      resourceName: "services/a",
    };
    expect((await listedByCommand({ "a.json": { data: [thin] }, "b.json": { value: [alias] } })).problems).toEqual([]);
  });
});

/** Odd things that Azure's own published examples hold. */
describe("the oddities of real answers", () => {
  const outcomes = async (networkAcls: object) =>
    outcomesOf(await auditFolder({ "a.json": aKeyVault({ networkAcls: { defaultAction: "Deny", ...networkAcls } }) }));

  it("leave a rule that names no address undetermined, with its place", async () => {
    const all = await outcomes({ ipRules: [{ value: "" }, { value: "'10.91.4.0/24'" }] });
    expect(all.find((one) => one.startsWith("NI101"))).toContain(
      'the value `""` at `/properties/networkAcls/ipRules/0/value`',
    );
    expect(all.find((one) => one.startsWith("NI101"))).toContain(
      "`\"'10.91.4.0/24'\"` at `/properties/networkAcls/ipRules/1/value`",
    );
  });

  it("leave a network rule that names no subnet undetermined", async () => {
    const all = await outcomes({ virtualNetworkRules: [{ id: "", ignoreMissingVnetServiceEndpoint: false }] });
    const pointer = "`/properties/networkAcls/virtualNetworkRules/0/id`";
    expect(all).toEqual(
      ["NI201", "NI202", "NI203", "NI205"]
        .filter((rule) => all.some((one) => one.startsWith(rule)))
        .map((rule) => {
          return `${rule} undetermined ${pointer} of \`${vaultId}\` names no subnet that can be understood`;
        }),
    );
    expect(all.length).toBeGreaterThan(0);
  });

  it("have placeholders for ids, which are ids like any other", async () => {
    const id =
      "/subscriptions/{subscription-id}/resourceGroups/res9407/providers/Microsoft.Storage/storageAccounts/sto8596";
    const open = { id, type: "Microsoft.Storage/storageAccounts", properties: { primaryLocation: "eastus" } };
    const result = await auditFolder({ "a.json": { parameters: {}, responses: { "200": { body: open } } } }, [
      publicNetworkAccessEnabled,
    ]);
    const [finding] = result.evaluations.flatMap(({ findings }) => findings);
    expect(finding?.status).toBe("fail");
    expect(finding?.resource.text).toBe(id);
    expect(finding?.assumptions.join()).toContain(
      "`/properties/networkAcls/defaultAction` is absent, which means Allow",
    );
  });

  it("have firewall rules whose server was not recorded: nothing is said of it", async () => {
    const rule = {
      id: `${sqlId}/firewallRules/all`,
      properties: { startIpAddress: "0.0.0.0", endIpAddress: "255.255.255.255" },
    };
    const result = await auditFolder({ "a.json": { value: [rule] } });
    expect(result.evaluations).toEqual([]);
    expect(result.resources).toBe(1);
  });
});
