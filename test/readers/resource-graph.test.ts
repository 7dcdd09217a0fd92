import { describe, expect, it } from "vitest";
import { resourceGraphTables } from "../../lib/catalog/resource-graph.ts";
import { group, storageId, subscription } from "../support/builders.ts";
import { auditFolder, ndjson, nothing, readFolder, refusal } from "./recording.ts";

const one = "00000000-0000-4000-8000-000000000001";
const two = "00000000-0000-4000-8000-000000000002";
const storageType = "microsoft.storage/storageaccounts";
const sqlType = "microsoft.sql/servers";
const vaultType = "microsoft.keyvault/vaults";
const perimeterTypes = [
  "microsoft.network/networksecurityperimeters/profiles",
  "microsoft.network/networksecurityperimeters/profiles/accessrules",
  "microsoft.network/networksecurityperimeters/resourceassociations",
];
const url = "https://management.azure.com/providers/Microsoft.ResourceGraph/resources?api-version=2022-10-01";
const row = { id: storageId, type: storageType, properties: {} };

/** An answer without a flaw; a test names what differs. */
function graphAnswer(query: string, body: object = {}, request: object = {}): object {
  return {
    at: "2026-11-20T09:30:00Z",
    method: "POST",
    url,
    request: { subscriptions: [one], query, ...request },
    status: 200,
    body: { totalRecords: 1, count: 1, data: [row], facets: [], resultTruncated: "false", ...body },
  };
}

const inOne = (...types: readonly string[]) =>
  Object.fromEntries(types.map((type) => [`${subscription} ${type}`, "complete"]));

describe("a Resource Graph query", () => {
  it.each([
    { query: `Resources | where type =~ 'Microsoft.Sql/servers'`, want: inOne(sqlType) },
    { query: `resources|where type=~"Microsoft.Sql/servers"`, want: inOne(sqlType) },
    {
      query: `Resources\n| where type == 'microsoft.sql/servers'\n| project id, name, properties`,
      want: inOne(sqlType),
    },
    { query: `Resources | where tolower(type) == 'microsoft.sql/servers'`, want: inOne(sqlType) },
    {
      query: `Resources | where type in~ ('Microsoft.Sql/servers', 'Microsoft.KeyVault/vaults')`,
      want: inOne(sqlType, vaultType),
    },
    {
      query: `Resources | where type in ('microsoft.sql/servers', "microsoft.keyvault/vaults")`,
      want: inOne(sqlType, vaultType),
    },
    {
      query: `Resources | where type =~ 'Microsoft.Sql/servers' or type =~ 'Microsoft.KeyVault/vaults'`,
      want: inOne(sqlType, vaultType),
    },
    {
      query: `Resources | where (type =~ 'Microsoft.Sql/servers' or type == 'microsoft.keyvault/vaults')`,
      want: inOne(sqlType, vaultType),
    },
    { query: `Resources | where type =~ 'Microsoft.Sql/servers' | order by name asc`, want: inOne(sqlType) },
    {
      query: `Resources | where type =~ 'Microsoft.Sql/servers' | sort  by id desc, name | project name, id`,
      want: inOne(sqlType),
    },
    {
      query: `Resources | where subscriptionId == '${one}' | where type =~ 'microsoft.sql/servers'`,
      want: inOne(sqlType),
    },
    { query: `Resources | where subscriptionId == '${one}' and type =~ 'microsoft.sql/servers'`, want: inOne(sqlType) },
    {
      query: `Resources | where type =~ 'Microsoft.Sql/servers' and resourceGroup =~ 'RG'`,
      want: { [`${subscription}/resourceGroups/rg ${sqlType}`]: "complete" },
    },
    {
      query: `Resources | where type in~ ('Microsoft.Sql/servers', 'Microsoft.KeyVault/vaults') | where type =~ 'Microsoft.Sql/servers'`,
      want: inOne(sqlType),
    },
    {
      query: "Resources",
      want: inOne(...(resourceGraphTables.get("resources") ?? [])),
    },
    { query: "networkresources", want: inOne(...perimeterTypes) },
    {
      query: "dnsresources | where type =~ 'microsoft.network/privateDnsZones/A'",
      want: inOne("microsoft.network/privatednszones/a"),
    },
  ])("completes what it asks for: $query", async ({ query, want }) => {
    const told = await readFolder({ "a.ndjson": ndjson(graphAnswer(query)) });
    expect(told.lists).toEqual(want);
    expect(told.resources).toEqual([storageId]);
  });

  it.each([
    { when: "types are kept in lower case", query: `Resources | where type == 'Microsoft.Sql/servers'` },
    {
      when: "in is exact as well",
      query: `Resources | where type in ('Microsoft.Sql/servers', 'microsoft.keyvault/vaults')`,
    },
    {
      when: "group names are kept in lower case",
      query: `Resources | where type =~ 'Microsoft.Sql/servers' | where resourceGroup == 'RG'`,
    },
    { when: "it is cut", query: `Resources | where type =~ 'Microsoft.Sql/servers' | limit 10` },
    { when: "it is cut", query: `Resources | where type =~ 'Microsoft.Sql/servers' | take 10` },
    { when: "it is cut", query: `Resources | where type =~ 'Microsoft.Sql/servers' | top 5 by name` },
    { when: "it asks for a name", query: `Resources | where type =~ 'Microsoft.Sql/servers' and name == 'sql-erp'` },
    {
      when: "it asks for a name",
      query: `Resources | where name startswith 'sql' | where type =~ 'Microsoft.Sql/servers'`,
    },
    {
      when: "it asks for a name or a type",
      query: `Resources | where type =~ 'Microsoft.Sql/servers' or name == 'sql-erp'`,
    },
    {
      when: "it asks for a place",
      query: `Resources | where type =~ 'Microsoft.Sql/servers' | where location =~ 'westeurope'`,
    },
    {
      when: "it asks for a property",
      query: `Resources | where type =~ 'Microsoft.Sql/servers' | where properties.publicNetworkAccess == 'Enabled'`,
    },
    { when: "it asks for all but a type", query: `Resources | where type !~ 'Microsoft.Sql/servers'` },
    { when: "it asks for a part of a type", query: `Resources | where type contains 'microsoft.sql/servers'` },
    { when: "it asks for the contrary", query: `Resources | where not(type =~ 'Microsoft.Sql/servers')` },
    { when: "it counts", query: `Resources | where type =~ 'Microsoft.Sql/servers' | summarize count() by location` },
    { when: "it drops rows", query: `Resources | where type =~ 'Microsoft.Sql/servers' | distinct location, id` },
    {
      when: "it joins",
      query: `Resources | where type =~ 'Microsoft.Sql/servers' | join kind=inner (ResourceContainers) on subscriptionId`,
    },
    {
      when: "it makes its own columns",
      query: `Resources | extend type = 'microsoft.sql/servers' | where type =~ 'Microsoft.Sql/servers'`,
    },
    { when: "it drops the id", query: `Resources | where type =~ 'Microsoft.Sql/servers' | project name, properties` },
    { when: "it makes its own id", query: `Resources | where type =~ 'Microsoft.Sql/servers' | project id = name` },
    {
      when: "Resource Graph does not hold all of the type",
      query: `Resources | where type =~ 'Microsoft.Sql/servers/firewallRules'`,
    },
    {
      when: "the type is in another table",
      query: `Resources | where type =~ 'Microsoft.Network/networkSecurityPerimeters/profiles'`,
    },
    { when: "the table is another", query: `ResourceContainers | where type =~ 'microsoft.resources/subscriptions'` },
    { when: "it is no query", query: "" },
  ])("proves nothing where $when: $query", async ({ query }) => {
    const told = await readFolder({ "a.ndjson": ndjson(graphAnswer(query)) });
    expect(told).toEqual({ ...nothing, resources: [storageId] });
  });

  it.each([
    { when: "asked for two subscriptions", query: "", subscriptions: [one, two.toUpperCase()], want: [one, two] },
    {
      when: "asked for two, filtered to one",
      query: `| where subscriptionId =~ '${two}'`,
      subscriptions: [one, two],
      want: [two],
    },
    {
      when: "asked for one, filtered to another",
      query: `| where subscriptionId =~ '${two}'`,
      subscriptions: [one],
      want: [],
    },
    {
      when: "asked for one subscription twice",
      query: `| where subscriptionId in~ ('${one}', '${two}')`,
      subscriptions: [one],
      want: [one],
    },
  ])("speaks of the subscriptions it was $when", async ({ query, subscriptions, want }) => {
    const text = `Resources | where type =~ 'Microsoft.Sql/servers' ${query}`;
    const { lists } = await readFolder({ "a.ndjson": ndjson(graphAnswer(text, {}, { subscriptions })) });
    expect(Object.keys(lists)).toEqual(want.map((id) => `/subscriptions/${id} ${sqlType}`));
  });
});

describe("a Resource Graph answer", () => {
  const query = `Resources | where type =~ '${storageType}'`;
  const list = `${subscription} ${storageType}`;
  const next = { $skipToken: "two", resultTruncated: "false" };
  const asked = (token: string) => ({ options: { $skipToken: token } });

  it.each([
    { when: "it is whole", given: [graphAnswer(query)], want: "complete" },
    { when: "it is empty", given: [graphAnswer(query, { data: [], count: 0 })], want: "complete" },
    { when: "its token is null", given: [graphAnswer(query, { $skipToken: null })], want: "complete" },
    {
      when: "it says nothing of being truncated",
      given: [graphAnswer(query, { resultTruncated: undefined })],
      want: "complete",
    },
    {
      when: "it was truncated",
      given: [graphAnswer(query, { resultTruncated: "true" })],
      want: "an answer of Resource Graph was truncated",
    },
    {
      when: "it was truncated, as a boolean",
      given: [graphAnswer(query, { resultTruncated: true })],
      want: "an answer of Resource Graph was truncated",
    },
    {
      when: "its token was followed",
      given: [graphAnswer(query, next), graphAnswer(query, {}, asked("two"))],
      want: "complete",
    },
    {
      when: "its token was followed, although it was truncated",
      given: [graphAnswer(query, { ...next, resultTruncated: "true" }), graphAnswer(query, {}, asked("two"))],
      want: "complete",
    },
    {
      when: "its token was followed, out of order",
      given: [graphAnswer(query, {}, asked("two")), graphAnswer(query, next)],
      want: "complete",
    },
    {
      when: "the last page was truncated",
      given: [graphAnswer(query, next), graphAnswer(query, { resultTruncated: "true" }, asked("two"))],
      want: "an answer of Resource Graph was truncated",
    },
    {
      when: "its token was not followed",
      given: [graphAnswer(query, next)],
      want: `page 2 of the list \`${subscription}/…/storageaccounts\` is not in the recording`,
    },
    {
      when: "another token was followed",
      given: [graphAnswer(query, next), graphAnswer(query, {}, asked("three"))],
      want: `page 2 of the list \`${subscription}/…/storageaccounts\` is not in the recording`,
    },
    {
      when: "the token was followed with another query",
      given: [graphAnswer(query, next), graphAnswer(`${query} | order by id`, {}, asked("two"))],
      want: `page 2 of the list \`${subscription}/…/storageaccounts\` is not in the recording`,
    },
    {
      when: "the first page is missing",
      given: [graphAnswer(query, {}, asked("two"))],
      want: `the first page of the list \`${subscription}/…/storageaccounts\` is not in the recording`,
    },
    {
      when: "it was refused",
      given: [{ ...graphAnswer(query), status: 403, body: { error: { code: "AccessDenied", message: "…" } } }],
      want: `403 AccessDenied reading \`${url.split("?")[0]}\``,
    },
    {
      when: "a row has no id",
      given: [graphAnswer(query, { data: [row, { name: "x" }] })],
      want: "an answer of Resource Graph holds an entry that could not be understood",
    },
    {
      when: "it comes as a table",
      given: [graphAnswer(query, { data: { columns: [{ name: "id", type: "string" }], rows: [[storageId]] } })],
      want: "complete",
    },
    {
      when: "it comes as a table without ids",
      given: [graphAnswer(query, { data: { columns: [{ name: "name", type: "string" }], rows: [["x"]] } })],
      want: "an answer of Resource Graph holds an entry that could not be understood",
    },
    {
      when: "the list was read otherwise",
      given: [
        graphAnswer(query, next),
        { url: `${subscription}/providers/Microsoft.Storage/storageAccounts`, status: 200, body: { value: [] } },
      ],
      want: "complete",
    },
  ])("is judged where $when: $want", async ({ given, want }) => {
    const { lists } = await readFolder({ "a.ndjson": ndjson(...given) });
    expect(lists).toEqual({ [list]: want });
  });

  it.each([
    { when: "the request is missing", given: { ...graphAnswer(query), request: undefined } },
    { when: "the request names no subscriptions", given: graphAnswer(query, {}, { subscriptions: undefined }) },
    {
      when: "the request is for management groups",
      given: graphAnswer(query, {}, { subscriptions: undefined, managementGroups: ["all"] }),
    },
    { when: "rows were skipped", given: graphAnswer(query, {}, { options: { $skip: 100 } }) },
    { when: "it was asked by GET, which there is not", given: { ...graphAnswer(query), method: "GET" } },
  ])("completes nothing where $when", async ({ given }) => {
    expect((await readFolder({ "a.ndjson": ndjson(given) })).lists).toEqual({});
  });

  it("is a problem where it is none", async () => {
    const told = await readFolder({ "a.ndjson": ndjson(graphAnswer(query, { data: "later" })) });
    expect(told.problems).toEqual(["a.ndjson:1: the answer is not one of Resource Graph"]);
    expect(told.lists).toEqual({ [list]: "an answer of Resource Graph holds an entry that could not be understood" });
  });

  it("that was refused is unreadable for every list it was asked for", async () => {
    const { request } = {
      request: { subscriptions: [one, two], query: `Resources | where type in~ ('${sqlType}', '${vaultType}')` },
    };
    const { lists } = await readFolder({
      "a.ndjson": ndjson({ ...refusal(group, 429, "RateLimiting"), url, method: "POST", request }),
    });
    const reason = `429 RateLimiting reading \`${url.split("?")[0]}\``;
    expect(Object.values(lists)).toEqual([reason, reason, reason, reason]);
  });
});

it("does not take for gone what Resource Graph lacks and ARM told of before: it lags", async () => {
  const account = { id: storageId, properties: { networkAcls: { defaultAction: "Allow" } } };
  const live = { at: "2026-11-20T09:00:00Z", url: `${storageId}?api-version=2026-04-01`, status: 200, body: account };
  const graph = graphAnswer(`Resources | where type =~ 'Microsoft.Storage/storageAccounts'`, { data: [] });
  const { evaluations } = await auditFolder({ "a.ndjson": ndjson(live, graph) });
  expect(evaluations.flatMap(({ reach }) => reach?.widest ?? [])).toEqual(["internet"]);
});
