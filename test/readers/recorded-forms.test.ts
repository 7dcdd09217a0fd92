import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { publicNetworkAccessEnabled } from "../../lib/rules/public-network-access-enabled.ts";
import {
  aKeyVault,
  aStorageAccount,
  type Body,
  group,
  sqlId,
  storageId,
  subscription,
  vaultId,
} from "../support/builders.ts";
import {
  answer,
  auditFolder,
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
const storageAccounts = `${subscription}/providers/Microsoft.Storage/storageAccounts`;
const storageList = `${subscription} microsoft.storage/storageaccounts`;
const rulesUrl = `${sqlId}/firewallRules`;
const aRule: Body = {
  id: `${rulesUrl}/office`,
  name: "office",
  type: "Microsoft.Sql/servers/firewallRules",
  properties: { startIpAddress: "203.0.113.1", endIpAddress: "203.0.113.1" },
};
/** A row of Resource Graph: the type in lower case. */
const row = { ...storage, type: "microsoft.storage/storageaccounts", subscriptionId: "…", resourceGroup: "rg" };

describe("Cordon's own form", () => {
  it("is one answer a line", async () => {
    const told = await readFolder({
      "r.ndjson": ndjson(
        answer(storageId, storage),
        listAnswer(rulesUrl, [aRule]),
        listAnswer(storageAccounts, []),
        refusal(vaultId, 404, "ResourceNotFound"),
        refusal(`${sqlId}/virtualNetworkRules`),
      ),
    });
    expect(told).toEqual({
      ...nothing,
      resources: [storageId, aRule.id],
      absent: [vaultId],
      lists: {
        [`${sqlId} microsoft.sql/servers/firewallrules`]: "complete",
        [storageList]: "complete",
        [`${sqlId} microsoft.sql/servers/virtualnetworkrules`]: `403 AuthorizationFailed reading \`${sqlId}/virtualNetworkRules\``,
      },
    });
  });

  it.each([
    {
      when: "pretty-printed",
      name: "a.json",
      content: JSON.stringify(listAnswer(storageAccounts, [storage]), undefined, 2),
    },
    { when: "on one line", name: "a.json", content: JSON.stringify(listAnswer(storageAccounts, [storage])) },
    {
      when: "in an array",
      name: "a.json",
      content: JSON.stringify([listAnswer(storageAccounts, [storage])], undefined, "\t"),
    },
    {
      when: "packed, one a line",
      name: "a.ndjson.gz",
      content: gzipSync(ndjson(listAnswer(storageAccounts, [storage]))),
    },
    {
      when: "packed, without saying so",
      name: "a.json",
      content: gzipSync(JSON.stringify(listAnswer(storageAccounts, [storage]), undefined, 2)),
    },
    {
      when: "packed in two parts",
      name: "a.jsonl.gz",
      content: Buffer.concat([gzipSync(ndjson(listAnswer(storageAccounts, [storage]))), gzipSync("\n")]),
    },
  ])("is read $when", async ({ name, content }) => {
    const told = await readFolder({ [name]: content });
    expect(told).toEqual({ ...nothing, resources: [storageId], lists: { [storageList]: "complete" } });
  });

  it.each([
    { when: "the method is absent", given: { method: undefined } },
    { when: "the method is in lower case", given: { method: "get" } },
    { when: "the time is absent", given: { at: undefined } },
    { when: "the time has an offset", given: { at: "2026-11-20T10:30:00+01:00" } },
    { when: "it keeps what was sent", given: { request: null } },
    { when: "it says more than we know of", given: { durationSeconds: 0.2 } },
    { when: "the host is named", given: { url: `https://management.azure.com${storageId}?api-version=2025-01-01` } },
    {
      when: "the host is that of another cloud",
      given: { url: `https://management.chinacloudapi.cn:443${storageId}` },
    },
    { when: "the URL has a trailing slash and escapes", given: { url: `${storageId.replace("rg", "%72g")}/` } },
    { when: "the URL is spelled in its own way", given: { url: storageId.toUpperCase() } },
  ])("is read where $when", async ({ given }) => {
    const told = await readFolder({ "a.ndjson": ndjson(answer(storageId, storage, given)) });
    expect(told).toEqual({ ...nothing, resources: [storageId] });
  });

  it.each([
    { when: "a change", given: { method: "PUT" } },
    { when: "a deletion", given: { method: "DELETE", status: 404 } },
    {
      when: "something outside of subscriptions",
      given: { url: "/providers/Microsoft.Management/managementGroups", body: { value: [] } },
    },
  ])("tells nothing where it is $when", async ({ given }) => {
    expect(await readFolder({ "a.ndjson": ndjson(answer(storageId, storage, given)) })).toEqual(nothing);
  });

  it("says so where an answer holds no resource", async () => {
    const given = { method: "POST", url: `${storageId}/listKeys`, body: { keys: [] } };
    const { problems } = await readFolder({ "a.ndjson": ndjson(answer(storageId, storage, given)) });
    expect(problems).toEqual([`a.ndjson:1: the answer to \`${storageId}/listKeys\` holds no resource`]);
  });

  it.each([
    { when: "from an action that lists", given: { method: "POST", body: { value: [storage] } } },
    {
      when: "under a URL with doubled slashes",
      given: { url: `https://management.azure.com/${storageId}`, body: storage },
    },
    {
      when: "from Resource Graph without its method",
      given: { method: undefined, url: "/providers/Microsoft.ResourceGraph/resources", body: { data: [storage] } },
    },
  ])("counts what is there, $when", async ({ given }) => {
    const told = await readFolder({ "a.ndjson": ndjson(answer(storageId, storage, given)) });
    expect(told.resources).toEqual([storageId]);
  });

  it("takes the list of all records of a zone for the list of each kind", async () => {
    const zone = `${group}/providers/Microsoft.Network/privateDnsZones/privatelink.blob.core.windows.net`;
    const records = [
      { id: `${zone}/A/stdrawings`, properties: {} },
      { id: `${zone}/SOA/@`, properties: {} },
    ];
    const { lists, problems } = await readFolder({ "a.json": answer(`${zone}/ALL`, { value: records }) });
    expect(problems).toEqual([]);
    expect(Object.values(lists)).toEqual(["complete", "complete"]);
  });

  it("takes what was seen only before a complete list without it for gone", async () => {
    const rule = {
      id: `${sqlId}/firewallRules/all`,
      properties: { startIpAddress: "0.0.0.0", endIpAddress: "255.255.255.255" },
    };
    const server = { id: sqlId, properties: { publicNetworkAccess: "Enabled" } };
    const lists = [
      answer(`${sqlId}/firewallRules`, { value: [rule] }, { at: "2026-11-20T09:00:00Z" }),
      answer(`${sqlId}/firewallRules`, { value: [] }, { at: "2026-11-21T09:00:00Z" }),
    ];
    for (const order of [lists, [...lists].reverse()]) {
      const { evaluations } = await auditFolder({ "a.ndjson": ndjson(answer(sqlId, server), ...order) });
      expect(evaluations.flatMap(({ reach }) => reach?.atMost ?? [])).toEqual(["subnets"]);
    }
  });

  it("keeps the times: the later body of two counts, whatever their order, and both are reported", async () => {
    const open = answer(storageId, aStorageAccount({ networkAcls: { defaultAction: "Allow" } }), {
      at: "2026-11-20T09:30:00Z",
    });
    const closed = answer(storageId, storage, { at: "2026-11-20T08:30:00Z" });
    for (const recording of [ndjson(open, closed), ndjson(closed, open)]) {
      const { evaluations, conflicts } = await auditFolder({ "a.ndjson": recording }, [publicNetworkAccessEnabled]);
      expect(evaluations.flatMap(({ findings }) => findings).map(({ status }) => status)).toEqual(["fail"]);
      expect(conflicts.map(({ text }) => text)).toEqual([storageId]);
    }
  });

  it("reads the list of all resources for what it holds, and takes no list to be complete", async () => {
    const thin = {
      id: storageId,
      name: "stdrawings",
      type: "Microsoft.Storage/storageAccounts",
      location: "westeurope",
    };
    const told = await readFolder({ "a.ndjson": ndjson(listAnswer(`${group}/resources`, [thin])) });
    expect(told).toEqual({ ...nothing, resources: [storageId] });
  });

  it("takes the list of all resources of one type for the list of that type", async () => {
    const url = `${subscription}/resources?api-version=2021-04-01&$filter=resourceType%20eq%20'Microsoft.KeyVault/vaults'`;
    const told = await readFolder({ "a.ndjson": ndjson({ url, status: 200, body: { value: [vault] } }) });
    expect(told).toEqual({
      ...nothing,
      resources: [vaultId],
      lists: { [`${subscription} microsoft.keyvault/vaults`]: "complete" },
    });
  });
});

/** They prove what is there, and nothing of what is not. */
describe("the forms that people have", () => {
  it.each([
    { when: "a bare list", given: { value: [storage, vault] } },
    {
      when: "a bare list, first page",
      given: { value: [storage, vault], nextLink: `${storageAccounts}?$skiptoken=2` },
    },
    { when: "an array", given: [storage, vault] },
    { when: "an array of lists", given: [{ value: [storage] }, { value: [vault] }] },
    {
      when: "a Resource Graph answer",
      given: { totalRecords: 2, count: 2, data: [row, vault], facets: [], resultTruncated: "false" },
    },
    {
      when: "the output of az graph query",
      given: { count: 2, data: [row, vault], skip_token: null, total_records: 2 },
    },
    {
      when: "a Resource Graph answer as a table",
      given: {
        count: 2,
        data: {
          columns: [
            { name: "id", type: "string" },
            { name: "properties", type: "object" },
          ],
          rows: [
            [storageId, storage.properties],
            [vaultId, vault.properties],
          ],
        },
      },
    },
    {
      when: "a published example",
      given: {
        parameters: { subscriptionId: "{subscription-id}", "api-version": "2021-04-01" },
        responses: { "200": { body: { value: [storage, vault] } }, "202": {} },
      },
    },
  ])("are read: $when", async ({ given }) => {
    const ways = { "one-line.json": JSON.stringify(given), "pretty.json": JSON.stringify(given, undefined, 2) };
    for (const [name, content] of Object.entries(ways)) {
      expect(await readFolder({ [name]: content })).toEqual({ ...nothing, resources: [storageId, vaultId] });
    }
  });

  it.each([
    { when: "a single resource", content: JSON.stringify(storage) },
    { when: "a single resource, pretty-printed", content: JSON.stringify(storage, undefined, 4) },
    { when: "one resource a line", content: ndjson(storage) },
    {
      when: "a published example of one resource",
      content: JSON.stringify({ parameters: {}, responses: { "200": { headers: {}, body: storage } } }, undefined, 2),
    },
    { when: "a list that somebody broke by hand", content: `{ "value": [\n${JSON.stringify(storage)}\n] }\n` },
    { when: "a list that begins on a line with more", content: `{ "count": 1, "data": [\n${JSON.stringify(row)}\n] }` },
  ])("are read: $when", async ({ content }) => {
    expect(await readFolder({ "a.json": content })).toEqual({ ...nothing, resources: [storageId] });
  });

  it("may be mixed, line by line", async () => {
    const told = await readFolder({
      "mixed.ndjson": ndjson(
        storage,
        [vault],
        { value: [aRule] },
        { data: [{ id: group, properties: {} }] },
        listAnswer(storageAccounts, []),
        { parameters: {}, responses: { "200": { body: { id: sqlId, properties: {} } } } },
      ),
    });
    expect(told).toEqual({
      ...nothing,
      resources: [storageId, vaultId, aRule.id, group, sqlId],
      lists: { [storageList]: "complete" },
    });
  });
});

describe("the bytes of a file", () => {
  const text = ndjson(answer(storageId, storage), answer(vaultId, vault));
  const bigEndian = Buffer.from(`\uFEFF${text}`, "utf16le").swap16();

  it.each([
    { when: "line ends of Windows", content: text.replaceAll("\n", "\r\n") },
    { when: "no line end at the end", content: text.trimEnd() },
    { when: "blank lines", content: `\n${text.replaceAll("\n", "\n \n\n")}\n` },
    { when: "a byte order mark", content: `\uFEFF${text}` },
    {
      when: "UTF-16, as PowerShell writes it",
      content: Buffer.from(`\uFEFF${text.replaceAll("\n", "\r\n")}`, "utf16le"),
    },
    { when: "UTF-16, the other way round", content: bigEndian },
    { when: "UTF-16, packed", content: gzipSync(Buffer.from(`\uFEFF${text}`, "utf16le")) },
    {
      when: "pretty-printed with line ends of Windows and a mark",
      content: `\uFEFF${JSON.stringify([storage, vault], undefined, 2).replaceAll("\n", "\r\n")}`,
    },
  ])("may have $when", async ({ content }) => {
    expect(await readFolder({ "a.json": content })).toEqual({ ...nothing, resources: [storageId, vaultId] });
  });

  it("may be cut anywhere into chunks", async () => {
    const accounts = Array.from({ length: 400 }, (_, index): Body => {
      return { ...aStorageAccount({ note: "ü€😀".repeat(999) }), id: `${storageId}${index}` };
    });
    const { resources, problems } = await readFolder({ "a.ndjson": ndjson(...accounts) });
    expect(resources).toEqual(accounts.map(({ id }) => id));
    expect(problems).toEqual([]);
  });
});

describe("a folder", () => {
  it("is read with the folders in it, in the order of their names, and without what lies beside the recording", async () => {
    const told = await readFolder({
      "b.json": vault,
      "a/z.ndjson": ndjson(storage),
      "c.ndjson.gz": gzipSync(ndjson(aRule)),
      "D.JSON": { id: sqlId, properties: {} },
      "cordon.policy.json": { severities: {} },
      "expected.json": { findings: [{ rule: "NI101" }] },
      "README.md": "# What this is",
      "notes.txt": "{",
    });
    expect(told).toEqual({ ...nothing, resources: [sqlId, storageId, vaultId, aRule.id] });
  });

  it("may stand beside a file", async () => {
    const one = await folderOf({ "a.json": storage });
    const other = await folderOf({ "b.txt": JSON.stringify(vault) });
    const told = await readPaths([one, `${other}/b.txt`], "");
    expect(told).toEqual({ ...nothing, resources: [storageId, vaultId] });
  });
});
