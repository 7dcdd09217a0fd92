import { createHash } from "node:crypto";
import { beforeAll, describe, expect, test } from "vitest";
import { auditSubscription } from "../../lib/audit-run.ts";
import type { FixRecord } from "../../lib/model/closing-record.ts";
import type { DatedExplanation, LedgerEntry } from "../../lib/model/ledger.ts";
import { type ReportRequest, report } from "../../lib/reports/report-response.ts";
import type { Store } from "../../lib/state/store.ts";
import { tableStore } from "../../lib/state/table-store.ts";
import { accountId, appOf, type Estate, findingIdOf, subscriptionId } from "../support/estate.ts";
import { memoryTable } from "../support/memory-table.ts";

const now = new Date("2026-11-26T12:00:00.000Z");

function ask(store: Store, query = "", given: Partial<ReportRequest> = {}) {
  return report(store, { query: new URLSearchParams(query), accept: "*/*", poison: {}, now, ...given });
}

async function askJson(store: Store, query = "", given: Partial<ReportRequest> = {}) {
  const { status, body } = await ask(store, query, given);
  return { status, json: JSON.parse(body) };
}

async function askPage(store: Store, query = "", given: Partial<ReportRequest> = {}) {
  return await ask(store, query, { accept: "text/html,application/xhtml+xml", ...given });
}

/** After the audits of these estates, one after the other. */
async function storeAfter(...estates: readonly Estate[]): Promise<Store> {
  const store = tableStore(memoryTable());
  let estate: Estate = { accounts: {} };
  const app = appOf(
    store,
    () => estate,
    () => {},
  );
  for (const [index, next] of estates.entries()) {
    estate = next;
    await auditSubscription(app, { runId: `run-${index}`, subscriptionId, isLastDelivery: true });
  }
  return store;
}

/** Puts findings in, whatever they hold, as an audit of theirs would have. */
async function put(
  store: Store,
  ledger: string,
  entries: readonly LedgerEntry[],
  auditedAt = "2026-11-26T10:00:00.000Z",
) {
  const { head, marks } = await store.read(ledger);
  const ticket = await store.takeTicket(ledger, "whole");
  const news = entries.map((entry) => ({ entry, etag: undefined }));
  await store.commit(ledger, { head, marks, ticket, entries: news, completion: { auditedAt } });
  if (ledger !== "sites") await store.recordHealth(ledger, { isInScope: true, auditedAt });
}

function anEntry(given: Partial<LedgerEntry["finding"]> = {}, line: Partial<LedgerEntry> = {}): LedgerEntry {
  const finding = {
    id: findingIdOf("st-x"),
    rule: "NI101",
    name: "public-network-access-enabled",
    severity: "high",
    status: "fail",
    resource: accountId("st-x"),
    services: [accountId("st-x")],
    title: "Service open to the internet",
    message: "every address is admitted",
    evidence: [],
    assumptions: [],
    remedy: "Close it.",
    link: "https://learn.microsoft.com/azure",
    ...given,
  } as const;
  const { id, rule, severity, status, resource, services } = finding;
  return {
    ...{ id, rule, severity, status, resource, services },
    state: "open",
    digest: "d",
    sequence: 1,
    lastChange: "opened",
    firstSeenAt: "2026-11-25T09:00:00.000Z",
    seenAt: "2026-11-25T09:00:00.000Z",
    ...line,
    finding,
  };
}

describe("filters", () => {
  const far = "00000000-0000-4000-8000-00000000000f";
  const farId = accountId("st-far").replace(subscriptionId, far);
  let store: Store;

  beforeAll(async () => {
    store = tableStore(memoryTable());
    await put(store, subscriptionId, [
      anEntry({ id: "a", severity: "medium", resource: accountId("st-a") }),
      anEntry({ id: "b", rule: "NI606", severity: "high", resource: accountId("net"), services: [accountId("st-b")] }),
      anEntry({ id: "c", status: "undetermined", because: ["403"], resource: accountId("st-c") }),
      anEntry({ id: "d" }, { state: "waived", waived: { reason: "soon", owner: "ann", expires: "2027-01-01" } }),
      anEntry({ id: "e" }, { state: "resolved", resolution: "fixed" }),
    ]);
    await put(store, far, [anEntry({ id: "f", severity: "low", resource: farId, services: [farId] })]);
    await put(store, "sites", [anEntry({ id: "g", rule: "NI502", severity: "medium", resource: "site:porto" })]);
  });

  test.each([
    { query: "", want: ["b", "c", "a", "g", "f"] },
    { query: "severity=high", want: ["b", "c"] },
    { query: "severity=high&status=fail", want: ["b"] },
    { query: "rule=ni606", want: ["b"] },
    { query: "service=ST-B", want: ["b"] },
    { query: "service=*/st-b", want: ["b"] },
    { query: `service=${accountId("st-a")}`, want: ["a"] },
    { query: `service=${accountId("st")}`, want: [] },
    { query: `subscription=${far.toUpperCase()}`, want: ["f"] },
    { query: "subscription=sites", want: ["g"] },
    { query: "state=waived", want: ["d"] },
    { query: "state=resolved", want: ["e"] },
    { query: "state=all&severity=high", want: ["d", "e", "b", "c"] },
    { query: "limit=2", want: ["b", "c"] },
    { query: "limit=2&offset=4", want: ["f"] },
    { query: "offset=99", want: [] },
    { query: "severity=&rule=%20", want: ["b", "c", "a", "g", "f"] },
  ])("`$query` brings $want", async ({ query, want }) => {
    const { status, json } = await askJson(store, query);
    expect(status).toBe(200);
    expect(json.findings.map(({ id }: { id: string }) => id)).toEqual(want);
    const page = await askPage(store, query);
    expect(page.body.match(/<article/g) ?? []).toHaveLength(want.length);
  });

  test("what a query asks for is summed up apart from what there is", async () => {
    const { json } = await askJson(store, "severity=high&limit=1");
    expect(json).toMatchObject({
      at: "2026-11-26T12:00:00.000Z",
      matching: 2,
      summary: { open: { high: 1, medium: 2, low: 1, info: 0 }, undetermined: 1, waived: 1 },
    });
  });

  test("each number at the top of the page leads to the findings that it counts", async () => {
    const { body } = await askPage(store, "code=k");
    const links = [...body.matchAll(/<li class="\w+"><a href="\?([^"]*)"><b>(\d+)<\/b> (\w+)/g)];
    expect(links.map(([, , , what]) => what)).toEqual(["high", "medium", "low", "info", "undetermined", "waived"]);
    for (const [, query = "", count] of links) {
      expect(query).toContain("code=k");
      expect((await askJson(store, query.replaceAll("&amp;", "&"))).json.matching).toBe(Number(count));
    }
  });

  test("what cannot be told is called unsure, as everywhere, with the severity that it would have", async () => {
    const { body } = await askPage(store, "status=undetermined");
    expect(body).toContain('<span class="badge">unsure</span>');
    expect(body).toContain("<dt>Severity</dt><dd>high, if it is so</dd>");
  });

  test("everything that is wrong with a query is told at once", async () => {
    const { status, json } = await askJson(store, "severity=worst&limit=0&colour=red&state=closed&format=xml");
    expect(status).toBe(400);
    expect(json.reasons).toEqual([
      "state must be one of open, waived, resolved, all",
      "severity must be one of high, medium, low, info",
      "format must be one of html, json",
      "limit must be a whole number from 1 to 500",
      "there is no `colour`",
    ]);
    expect((await askPage(store, "colour=red")).body).toContain("there is no &#96;colour&#96;");
  });
});

describe("a finding", () => {
  test("was last seen by the last audit that found it as it was, though that wrote nothing of it", async () => {
    const store = await storeAfter({ accounts: { "st-a": "open" } }, { accounts: { "st-a": "open" } });
    const { json } = await askJson(store);
    const [finding] = json.findings;
    const [audit] = json.audits;
    expect(finding.lastSeenAt).toBe(audit.completed.startedAt);
    expect(finding.lastEvaluatedAt).toBe(finding.lastSeenAt);
    expect(finding.firstSeenAt < finding.lastSeenAt).toBe(true);
  });

  test("that is resolved was last seen before that, and is evaluated still", async () => {
    const [open, closed] = [{ accounts: { "st-a": "open" } }, { accounts: { "st-a": "closed" } }] as const;
    const store = await storeAfter(open, open, closed, closed);
    const { json } = await askJson(store, "state=resolved");
    const [finding] = json.findings;
    expect(finding.lastSeenAt < finding.resolvedAt).toBe(true);
    expect(finding.lastSeenAt > finding.firstSeenAt).toBe(true);
    expect(finding.lastEvaluatedAt).toBe(json.audits[0].completed.startedAt);
  });

  test("is found by its id alone, whole", async () => {
    const store = tableStore(memoryTable());
    const values = Array.from({ length: 2000 }, (_, index) => ({ value: `203.0.113.${index}`, note: "x".repeat(20) }));
    const evidence = [{ resource: accountId("st-x"), pointer: "/properties/networkAcls/ipRules", value: values }];
    await put(store, subscriptionId, [anEntry({ evidence })]);
    const query = `finding=${encodeURIComponent(findingIdOf("st-x"))}`;
    const { json } = await askJson(store, query);
    expect(json.finding.evidence).toEqual(evidence);
    const { body } = await askPage(store, query);
    expect(body).toContain("203.0.113.1999");
  });

  test("is told with who gets in, by which flow, and what closes it, as its last event told", async () => {
    const store = await storeAfter({ accounts: { "st-a": "open" } });
    const query = `finding=${encodeURIComponent(findingIdOf("st-a"))}`;
    const { json } = await askJson(store, query);
    const { at, reach, witness, fix } = json.explanation;
    expect(at).toBe(json.openedAt);
    expect(reach.widest).toBe("internet");
    expect(witness).toMatchObject({ source: "1.0.0.0", protocol: "TCP", port: 443 });
    expect(fix).toBeUndefined();
    const { body } = await askPage(store, query);
    expect(body).toContain("<dt>Reached by</dt><dd>the internet: every address</dd>");
    expect(body).toContain("1.0.0.0 → st-a");
    expect(body).toContain("✓ the firewall admits the address");
    expect(body).not.toContain("Smallest fix");
  });

  test("is told with its fix as `cordon fix` writes it", async () => {
    const store = tableStore(memoryTable());
    await put(store, subscriptionId, [anEntry({}, { explanation: { at: "2026-11-25T09:00:00.000Z", fix: aFix } })]);
    const { body } = await askPage(store);
    expect(body).toContain("<dt>Smallest fix</dt><dd>1 change (proved: ");
    expect(body).toContain("/properties/publicNetworkAccess: &quot;Enabled&quot; → &quot;Disabled&quot;");
    expect(body).toContain("az storage account update --name st-x");
    expect(body).toContain("2026-11-25 09:00 UTC");
  });

  test("that is resolved is told without", async () => {
    const store = await storeAfter({ accounts: { "st-a": "open" } }, { accounts: { "st-a": "closed" } });
    const { json } = await askJson(store, `finding=${encodeURIComponent(findingIdOf("st-a"))}`);
    expect(json).toMatchObject({ state: "resolved", resolution: "fixed" });
    expect(json).not.toHaveProperty("explanation");
  });

  test.each(["finding=NI101:/subscriptions/x", "finding="])("that nobody knows is not found: `%s`", async (query) => {
    const store = tableStore(memoryTable());
    expect((await askJson(store, query)).status).toBe(404);
    expect((await askPage(store, query)).status).toBe(404);
  });
});

describe("the health of audits", () => {
  const audited = async () => storeAfter({ accounts: { "st-a": "open", "st-b": "refused" } });
  const failure = (at: string) => ({ failure: { at, message: "429 <b>reading</b>" } });

  test("says when each subscription was looked at, and what could not be read", async () => {
    const { json } = await askJson(await audited());
    expect(json.audits).toMatchObject([
      {
        subscriptionId,
        state: "ok",
        completed: { runId: "run-0", counts: { gaps: 1 }, gaps: [expect.stringContaining("403")] },
      },
    ]);
    expect((await askPage(await audited())).body).toContain(`403 reading &#96;${accountId("st-b")}&#96;`);
  });

  test.each([
    { when: "the last attempt failed", at: "2026-11-26T11:00:00.000Z", want: "failing" },
    { when: "a failure was followed by an audit", at: "2026-11-26T08:00:00.000Z", want: "ok" },
  ])("is $want where $when", async ({ at, want }) => {
    const store = await audited();
    await store.recordHealth(subscriptionId, failure(at));
    expect((await askJson(store)).json.audits[0].state).toBe(want);
    expect((await askPage(store)).body.includes("429 &lt;b&gt;reading")).toBe(want === "failing");
  });

  test("is told of two hundred subscriptions on the page, those with trouble among them, and of all as JSON", async () => {
    const store = tableStore(memoryTable());
    const id = (index: number) => `${String(index).padStart(8, "0")}-0000-4000-8000-000000000000`;
    for (let index = 0; index < 300; index++) {
      await store.recordHealth(id(index), { isInScope: true, auditedAt: "2026-11-26T10:00:00.000Z" });
    }
    await store.recordHealth(id(299), failure("2026-11-26T11:00:00.000Z"));
    const { body } = await askPage(store);
    expect(body.match(/<tr class/g)).toHaveLength(200);
    expect(body).toContain(id(299));
    expect(body).toContain("And 100 more");
    expect((await askJson(store)).json.audits).toHaveLength(300);
  });

  test("is told of subscriptions that were never audited, or left the scope", async () => {
    const store = tableStore(memoryTable());
    await store.recordHealth("s1", failure("2026-11-26T08:00:00.000Z"));
    await store.recordHealth("s2", { isInScope: false });
    expect((await askJson(store)).json.audits.map(({ state }: { state: string }) => state)).toEqual([
      "never completed",
      "out of scope",
    ]);
  });

  test("poison queues that are not empty raise an alarm", async () => {
    const poison = { "audits-poison": 2, "changes-poison": 0 };
    const store = await audited();
    expect((await askJson(store, "", { poison })).json.poison).toEqual(poison);
    expect((await askPage(store, "", { poison })).body).toContain("Not handled: 2 messages in audits-poison.");
    expect((await askPage(store)).body).not.toContain("Not handled");
  });
});

const aFix: FixRecord = {
  changes: 1,
  edits: [{ resource: accountId("st-x"), path: "/properties/publicNetworkAccess", old: "Enabled", new: "Disabled" }],
  follows: [],
  commands: ["az storage account update --name st-x --public-network-access Disabled"],
  caveats: [],
  goes: [],
  comes: [],
  turns: [],
  access: [],
  isMinimal: true,
};

describe("the page", () => {
  const hostile = `<img src=x onerror=alert(1)>"'\`&lt;</style><script>alert(1)</script>\u202e{{7*7}}`;
  const harmless = "harmless";

  async function pagesWith(text: string) {
    const store = tableStore(memoryTable());
    const resource = `${accountId("st")}${text.replaceAll("/", "")}`;
    const finding = {
      id: findingIdOf(text.toLowerCase()),
      resource,
      services: [resource, `${accountId("other")}${text.replaceAll("/", "")}`],
      part: text,
      message: text,
      title: text,
      remedy: text,
      link: `https://example.com/${text}`,
      assumptions: [text],
      evidence: [
        { resource: `${resource}/child/${text}`, pointer: `/tags/${text}`, value: { [text]: text } },
        { resource, pointer: text, value: null },
      ],
    };
    const waived = { reason: text, owner: text, expires: text };
    const explanation = explanationWith(text, resource);
    await put(store, subscriptionId, [anEntry(finding, { waived, state: "waived", explanation })]);
    await store.recordHealth(subscriptionId, { failure: { at: "2026-11-26T11:00:00.000Z", message: text } });
    const query = new URLSearchParams({ state: "all", service: "*", code: text });
    const one = new URLSearchParams({ finding: finding.id, code: text });
    return [
      await askPage(store, `${query}`, { poison: { [text]: 1 } }),
      await askPage(store, `${one}`),
      await askPage(store, `${new URLSearchParams({ [text]: text, severity: text })}`),
    ];
  }

  function explanationWith(text: string, resource: string): DatedExplanation {
    const told = { id: text, rule: "NI101", severity: "high", status: "fail", resource, says: text } as const;
    return {
      at: "2026-11-26T10:00:00.000Z",
      reach: {
        ...{ widest: "unknown", atLeast: "nobody", atMost: "internet", because: [text] },
        ...{ addresses: [], subnets: [text], privateEndpoints: [text], exceptions: [text] },
      },
      witness: {
        ...{ source: text, destination: text, protocol: text, port: 443, assumptions: [text] },
        steps: [{ says: text, outcome: "passes", evidence: [{ resource, pointer: text, value: text }] }],
      },
      fix: {
        ...aFix,
        edits: [{ resource: `${resource}/child/${text}`, path: `/${text}`, old: text, new: { [text]: text } }],
        commands: [text],
        caveats: [text],
        comes: [told],
      },
    };
  }

  const skeleton = (body: string) => [...body.matchAll(/<\/?([a-z!0-9]+)/gi)].map(([tag]) => tag);

  test("has the same elements whatever names, tags and messages hold", async () => {
    const pages = await pagesWith(hostile);
    const others = await pagesWith(harmless);
    for (const [index, { body }] of pages.entries()) {
      expect(skeleton(body)).toEqual(skeleton(others[index]?.body ?? ""));
      expect(body).not.toContain("<img");
      expect(body).not.toContain("\u202e");
      expect(body).not.toMatch(/<script|javascript:/i);
    }
    expect(pages[0]?.body).toContain("&lt;img src=x onerror=alert(1)&gt;");
  });

  test("has no attribute but those that it gives itself", async () => {
    const known = /^(lang|charset|name|content|href|class|type|value|method|selected|placeholder|rel)$/;
    for (const { body } of await pagesWith(hostile)) {
      const text = body.replace(/<style>[\s\S]*<\/style>/, "");
      const tags = [...text.matchAll(/<[a-z0-9]+((?:\s+[a-z-]+(?:="[^"<>]*")?)*)>/gi)];
      expect(tags).toHaveLength([...text.matchAll(/<[a-z]/gi)].length);
      for (const [, attributes = ""] of tags) {
        for (const [, name = ""] of attributes.matchAll(/\s([a-z-]+)(?:="[^"]*")?/gi)) expect(name).toMatch(known);
      }
    }
  });

  test("links only to the web, and to itself", async () => {
    const store = tableStore(memoryTable());
    await put(store, subscriptionId, [anEntry({ link: "javascript:alert(1)" })]);
    const { body } = await askPage(store);
    for (const [, href = ""] of body.matchAll(/href="([^"]*)"/g)) expect(href).toMatch(/^(\?|https:\/\/)/);
  });

  test("may run nothing and load nothing, and its own style is the one that the policy names", async () => {
    const { headers, body } = await askPage(tableStore(memoryTable()));
    const [, style = ""] = /<style>([\s\S]*?)<\/style>/.exec(body) ?? [];
    const hash = createHash("sha256").update(style).digest("base64");
    expect(headers).toMatchObject({
      "content-type": "text/html; charset=utf-8",
      "content-security-policy": `default-src 'none'; style-src 'sha256-${hash}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'`,
      "x-content-type-options": "nosniff",
      "referrer-policy": "no-referrer",
      "cache-control": "no-store",
    });
    expect(body).not.toMatch(/\sstyle=/);
  });

  test("leads on from page to page with the same question and the same key", async () => {
    const store = await storeAfter({ accounts: { "st-a": "open", "st-b": "open", "st-c": "open" } });
    const { body } = await askPage(store, "limit=1&offset=1&rule=NI101&code=k%26y");
    const links = [...body.matchAll(/href="(\?[^"]*)"/g)].map(
      ([, href = ""]) => new URLSearchParams(href.replaceAll("&amp;", "&")),
    );
    for (const link of links) expect(link.get("code")).toBe("k&y");
    const offsets = links.flatMap((link) => (link.get("rule") === "NI101" ? [link.get("offset")] : []));
    expect(offsets).toEqual(["0", "2"]);
    const next = await askPage(store, `${links.find((link) => link.get("offset") === "2")}`);
    expect(next.body).toContain("3 open findings, the worst first: 3 to 3.");
  });
});

test("`format` decides over what is accepted", async () => {
  const store = tableStore(memoryTable());
  const typeOf = async (query: string, accept: string | undefined) =>
    (await ask(store, query, { accept })).headers["content-type"]?.split(";")[0];
  expect(await typeOf("", undefined)).toBe("application/json");
  expect(await typeOf("", "text/html")).toBe("text/html");
  expect(await typeOf("format=json", "text/html")).toBe("application/json");
  expect(await typeOf("format=html", "application/json")).toBe("text/html");
});
