import { describe, expect, it } from "vitest";
import { type Body, group, sqlId, subscription } from "../support/builders.ts";
import { listAnswer, ndjson, nothing, readFolder, refusal } from "./recording.ts";

const url = `${sqlId}/firewallRules`;
const version = "api-version=2025-01-01";
const list = `${sqlId} microsoft.sql/servers/firewallrules`;
const azure = "https://management.azure.com";
const name = `the list \`${sqlId}/…/firewallrules\``;

const rule = (at: number | string): Body => ({ id: `${url}/r${at}`, name: `r${at}`, properties: {} });

/** A page; `next` and `url` are what follows the path. */
function page(query: string, rules: readonly unknown[], next?: string): object {
  return { ...listAnswer(url, rules, next), url: `${url}?${query}` };
}

const first = page(version, [rule(1)], `${azure}${url}?${version}&$skiptoken=2`);
const second = page(`${version}&$skiptoken=2`, [rule(2)], `${azure}${url}?${version}&$skiptoken=3`);
const third = page(`${version}&$skiptoken=3`, [rule(3)]);

describe("a list", () => {
  it.each([
    { when: "it has one page", given: [page(version, [rule(1)])], want: "complete" },
    { when: "it is empty", given: [page(version, [])], want: "complete" },
    {
      when: "its nextLink is null",
      given: [{ ...page(version, []), body: { value: [], nextLink: null } }],
      want: "complete",
    },
    { when: "its nextLink is empty", given: [page(version, [], "")], want: "complete" },
    { when: "it was read without an api-version", given: [{ ...page("", []), url }], want: "complete" },
    { when: "it was read to its last page", given: [first, second, third], want: "complete" },
    { when: "its pages are out of order", given: [third, first, second], want: "complete" },
    { when: "a page is there twice", given: [first, second, second, third, first], want: "complete" },
    { when: "a page is missing", given: [first, third], want: `page 2 of ${name} is not in the recording` },
    { when: "the last page is missing", given: [first, second], want: `page 3 of ${name} is not in the recording` },
    {
      when: "the first page is missing",
      given: [second, third],
      want: `the first page of ${name} is not in the recording`,
    },
    {
      when: "a page was refused",
      given: [first, { ...second, ...refused(`${version}&$skiptoken=2`) }, third],
      want: `403 AuthorizationFailed reading \`${url}\``,
    },
    {
      when: "a page was refused, and read when asked again",
      given: [first, { ...second, ...refused(`${version}&$skiptoken=2`) }, second, third],
      want: "complete",
    },
    {
      when: "a page was read, and refused when asked again",
      given: [first, second, { ...second, ...refused(`${version}&$skiptoken=2`) }, third],
      want: "complete",
    },
    {
      when: "it was throttled",
      given: [refusal(url, 429, "TooManyRequests")],
      want: `429 TooManyRequests reading \`${url}\``,
    },
    {
      when: "its server is gone",
      given: [refusal(url, 404, "ResourceNotFound")],
      want: `404 ResourceNotFound reading \`${url}\``,
    },
    {
      when: "the error has no body",
      given: [{ url: `${azure}${url}?${version}`, status: 502 }],
      want: `502 reading \`${azure}${url}\``,
    },
    {
      when: "its pages go round in a circle",
      given: [first, page(`${version}&$skiptoken=2`, [rule(2)], `${url}?${version}`)],
      want: `the pages of ${name} go round in a circle`,
    },
    {
      when: "a page leads to itself",
      given: [page(version, [rule(1)], `${url}?${version}`)],
      want: `the pages of ${name} go round in a circle`,
    },
    {
      when: "a page is no list",
      given: [first, { ...second, body: { message: "try again" } }],
      want: `the answer to \`${url}?${version}&$skiptoken=2\` is not a list`,
    },
    {
      when: "one way through it breaks off, another does not",
      given: [first, page("api-version=2024-05-01", [rule(1)])],
      want: "complete",
    },
  ])("is judged where $when: $want", async ({ given, want }) => {
    const { lists } = await readFolder({ "a.ndjson": ndjson(...given) });
    expect(lists).toEqual({ [list]: want });
  });

  it.each([
    { when: "relative", next: `${url}?${version}&$skiptoken=2`, request: `${url}?${version}&$skiptoken=2` },
    {
      when: "absolute, the request relative",
      next: `${azure}${url}?${version}&$skiptoken=2`,
      request: `${url}?${version}&$skiptoken=2`,
    },
    {
      when: "relative, the request absolute",
      next: `${url}?${version}&$skiptoken=2`,
      request: `${azure}${url}?${version}&$skiptoken=2`,
    },
    {
      when: "with the port",
      next: `${azure}:443${url}?${version}&$skiptoken=2`,
      request: `${azure}${url}?${version}&$skiptoken=2`,
    },
    {
      when: "spelled in another case",
      next: `${url.toUpperCase()}?${version}&%24skipToken=2`,
      request: `${url.replace("resourceGroups", "resourcegroups")}?${version}&$skiptoken=2`,
    },
    {
      when: "with its parameters in another order",
      next: `${url}?$skiptoken=2&${version}`,
      request: `${url}?${version}&$skiptoken=2`,
    },
    {
      when: "with an escaped token",
      next: `${url}?${version}&$skiptoken=a%2Bb%3D%3D`,
      request: `${url}?${version}&$skiptoken=a%2bb==`,
    },
  ])("is followed where its nextLink is $when", async ({ next, request }) => {
    const given = ndjson(page(version, [rule(1)], next), { ...listAnswer(url, [rule(2)]), url: request });
    const told = await readFolder({ "a.ndjson": given });
    expect(told).toEqual({ ...nothing, resources: [rule(1).id, rule(2).id], lists: { [list]: "complete" } });
  });

  it("tells tokens apart by their case", async () => {
    const given = ndjson(page(version, [], `${url}?${version}&$skiptoken=aB`), page(`${version}&$skiptoken=Ab`, []));
    expect((await readFolder({ "a.ndjson": given })).lists).toEqual({
      [list]: `page 2 of ${name} is not in the recording`,
    });
  });

  it.each([
    { when: "a filter", query: `${version}&$filter=name eq 'r1'` },
    { when: "a limit", query: `${version}&$top=1` },
    { when: "a parameter that nobody knows", query: `${version}&search=r` },
  ])("is read for what it holds where its URL has $when, and is not complete", async ({ query }) => {
    const told = await readFolder({ "a.ndjson": ndjson(page(query, [rule(1)])) });
    expect(told).toEqual({ ...nothing, resources: [rule(1).id] });
  });

  it("is unreadable where it was refused under a filter and never read without", async () => {
    const told = await readFolder({ "a.ndjson": ndjson(refusal(`${url}?$filter=x`)) });
    expect(told.lists).toEqual({ [list]: `403 AuthorizationFailed reading \`${url}\`` });
  });

  it.each([
    { when: "without an id", entry: { name: "r2", properties: {} } },
    { when: "with an id that is none", entry: { id: "r2", properties: {} } },
    { when: "that is a text", entry: "r2" },
    { when: "that is null", entry: null },
    { when: "that is a list", entry: [rule(2)] },
  ])("is not complete with an entry $when, and the others count", async ({ entry }) => {
    const told = await readFolder({ "a.ndjson": ndjson(page(version, [rule(1), entry, rule(3)])) });
    expect(told.lists).toEqual({ [list]: `the list \`${url}\` holds an entry that could not be understood` });
    expect(told.resources).toContain(rule(1).id);
    expect(told.resources).toContain(rule(3).id);
  });

  it.each([
    {
      when: "a subscription",
      url: `${subscription}/providers/Microsoft.Sql/servers`,
      want: `${subscription} microsoft.sql/servers`,
    },
    {
      when: "a resource group",
      url: `${group}/providers/Microsoft.Sql/servers`,
      want: `${group} microsoft.sql/servers`,
    },
    { when: "a parent", url: `${sqlId}/databases`, want: `${sqlId} microsoft.sql/servers/databases` },
    {
      when: "an extended resource",
      url: `${sqlId}/providers/Microsoft.Insights/diagnosticSettings`,
      want: `${sqlId} microsoft.insights/diagnosticsettings`,
    },
    {
      when: "a subscription's groups",
      url: `${subscription}/resourceGroups`,
      want: `${subscription} microsoft.resources/resourcegroups`,
    },
  ])("is that of $when", async ({ url: asked, want }) => {
    expect((await readFolder({ "a.ndjson": ndjson(listAnswer(asked, [])) })).lists).toEqual({ [want]: "complete" });
  });
});

function refused(query: string): object {
  return { ...refusal(url), url: `${url}?${query}` };
}
