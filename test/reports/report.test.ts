import fc from "fast-check";
import { expect, test } from "vitest";
import type { Audit } from "../../lib/audit.ts";
import { Glob } from "../../lib/model/glob.ts";
import type { Need, Site } from "../../lib/model/policy.ts";
import { reportOf } from "../../lib/reports/report.ts";
import { rules } from "../../lib/rules/index.ts";
import { readSet } from "../net/read-set.ts";
import {
  aKeyVault,
  aNetwork,
  aNetworkRule,
  aRouteTable,
  aSqlServer,
  aStorageAccount,
  group,
  idOf,
  ipRules,
  networkId,
  noPerimeter,
  storageId,
  subnetId,
  vaultId,
} from "../support/builders.ts";
import { auditOf, policyWith } from "../support/world.ts";

const open = aStorageAccount({ networkAcls: { defaultAction: "Allow" } });
const unread = aSqlServer({ notRead: ["firewallRules"] });

function waiver(expires: string, rule = "NI101", resource = "*/stdrawings") {
  return { rule, resource: new Glob(resource), reason: "moves soon", owner: "ann", expires };
}

test("findings come worst first, failed before undetermined, and then by rule", async () => {
  const { findings } = reportOf(
    await auditOf([unread, open, aKeyVault({ networkAcls: { bypass: "AzureServices" } })]),
    rules,
  );
  const order = findings.map(({ severity, status, rule }) => `${severity} ${status} ${rule}`);
  expect(order.slice(0, 2)).toEqual(["high fail NI101", "high undetermined NI101"]);
  expect(order.at(-1)).toBe("info fail NI106");
});

test("services come by their widest door, unknown right after the internet", async () => {
  const vault = (name: string, networkAcls: object) =>
    aKeyVault({ networkAcls }, { id: `${group}/providers/Microsoft.KeyVault/vaults/${name}`, name });
  const given = [
    vault("kv-b", {}),
    vault("kv-c", { ipRules: [{ value: "8.8.8.8" }] }),
    vault("kv-a", {}),
    unread,
    vault("kv-d", { defaultAction: "allow" }),
    noPerimeter,
  ];
  const { services } = reportOf(await auditOf(given), rules);
  expect(services.map(({ id, reach }) => `${id.split("/").at(-1)} ${reach?.widest}`)).toEqual([
    "kv-d internet",
    "sql-erp unknown",
    "kv-c addresses",
    "kv-a nobody",
    "kv-b nobody",
  ]);
});

test("a service names its type as Azure spells it, and its findings", async () => {
  const lower = {
    ...open,
    type: "microsoft.storage/storageaccounts",
    id: storageId.replace("Microsoft.Storage", "MICROSOFT.storage"),
  };
  const { services, findings } = reportOf(await auditOf([lower, noPerimeter]), rules);
  expect(services).toMatchObject([{ id: lower.id, type: "Microsoft.Storage/storageAccounts", state: "audited" }]);
  expect(services[0]?.findings).toEqual([`NI101:${storageId.toLowerCase()}`]);
  expect(findings[0]).toMatchObject({
    rule: "NI101",
    name: "public-network-access-enabled",
    link: expect.stringContaining("https://learn.microsoft.com/"),
    resource: lower.id,
    services: [lower.id],
    cause: { resource: lower.id, pointer: "/properties/networkAcls/defaultAction" },
    message: "every address is admitted",
  });
});

test("evidence holds each value once, and null where a property is absent", async () => {
  const bare = aStorageAccount({ publicNetworkAccess: undefined, networkAcls: { defaultAction: "Allow" } });
  const { findings } = reportOf(await auditOf([JSON.parse(JSON.stringify(bare)), noPerimeter]), rules);
  expect(findings[0]?.evidence).toEqual([
    { resource: storageId, pointer: "/properties/networkAcls/defaultAction", value: "Allow" },
    { resource: storageId, pointer: "/properties/publicNetworkAccess", value: null },
  ]);
});

test("the summary counts open failures by severity, and undetermined and waived ones apart", async () => {
  const policy = policyWith({ waivers: [waiver("2099-12-31"), waiver("2099-12-31", "NI102", "*/sql-erp")] });
  const { summary } = reportOf(await auditOf([open, unread, aNetwork([{ nsg: undefined }])], policy), rules);
  expect(summary.findings).toEqual({ high: 0, medium: 1, low: 0, info: 0 });
  expect(summary.waived).toBe(2);
  expect(summary.undetermined).toBeGreaterThan(0);
  expect(summary.widest).toMatchObject({ internet: 1, unknown: 1, nobody: 0 });
});

test("a waiver holds to its last day, and is told of afterwards", async () => {
  const on = async (expires: string) =>
    reportOf(await auditOf([open], policyWith({ waivers: [waiver(expires)] })), rules);
  const text = { reason: "moves soon", owner: "ann" };
  expect((await on("2026-11-22")).findings[0]?.waived).toEqual({ ...text, expires: "2026-11-22" });
  const late = (await on("2026-11-21")).findings[0];
  expect(late).not.toHaveProperty("waived");
  expect(late?.expiredWaiver).toEqual({ ...text, expires: "2026-11-21" });
});

test("a filter keeps the services that match and the findings that concern one of them", async () => {
  const network = aNetwork([{ nsg: undefined, serviceEndpoints: ["Microsoft.Storage"] }]);
  const admitting = aStorageAccount({ networkAcls: { virtualNetworkRules: [aNetworkRule()] } });
  const vault = aKeyVault({ networkAcls: { defaultAction: "allow" } });
  const audit = await auditOf([network, admitting, vault, noPerimeter]);
  const only = (text: string) => reportOf(audit, rules, { services: [new Glob(text)], hasAllRules: true });
  expect(only("*/STDRAWINGS").findings.map(({ rule, resource }) => [rule, resource])).toEqual([["NI601", subnetId]]);
  expect(only(vaultId).findings.map(({ rule }) => rule)).toEqual(["NI101"]);
  expect(only("*/none").summary).toMatchObject({ services: 0, findings: { high: 0, medium: 0 } });
});

test("unused waivers are told of only where everything was asked", async () => {
  const audit = await auditOf([open], policyWith({ waivers: [waiver("2099-12-31", "NI103")] }));
  expect(reportOf(audit, rules).unusedWaivers).toMatchObject([
    { rule: "NI103", resource: "*/stdrawings", owner: "ann" },
  ]);
  expect(reportOf(audit, rules, { services: [], hasAllRules: false }).unusedWaivers).toEqual([]);
  expect(reportOf(audit, rules, { services: [new Glob("*")], hasAllRules: true }).unusedWaivers).toEqual([]);
});

test("entries of the policy are told of where nothing was read that they match", async () => {
  const entry = (text: string) => ({ subnet: new Glob(text), serviceName: "Microsoft.Web/serverFarms" });
  const policy = policyWith({
    isolatedSubnets: [new Glob(subnetId.toUpperCase()), new Glob("*/subnets/lost")],
    reservedSubnets: [entry("*/subnets/snet-*"), entry("*/gone")],
    keptApart: [
      [new Glob("*/virtualNetworks/vnet"), new Glob("*/virtualNetworks/other"), new Glob("*/subnets/snet-app")],
    ],
  });
  const { unmatchedEntries } = reportOf(await auditOf(aNetwork(), policy), rules, { services: [], hasAllRules: false });
  expect(unmatchedEntries).toEqual([
    { key: "isolatedSubnets", kind: "subnet", resource: "*/subnets/lost" },
    { key: "keptApart", kind: "network", resource: "*/subnets/snet-app" },
    { key: "keptApart", kind: "network", resource: "*/virtualNetworks/other" },
    { key: "reservedSubnets", kind: "subnet", resource: "*/gone" },
  ]);
});

test("exceptions, needs of sites, networks and firewalls of the policy are told of, too", async () => {
  const site = (...needs: readonly Need[]): Site => {
    return { name: "plant", natAddresses: readSet("203.0.113.7"), connection: "internet", needs };
  };
  const policy = policyWith({
    approvedExceptions: [
      { resource: new Glob("*/stdrawings"), exception: "AzureServices" },
      { resource: new Glob("*/stgone"), exception: "AzureServices" },
    ],
    sites: [
      site({ kind: "id", glob: new Glob("*/stdrawings") }, { kind: "type", type: "Microsoft.KeyVault/vaults" }),
      site({ kind: "tag", tag: "project", value: "lost" }),
    ],
    dnsNetworks: [idOf(networkId), idOf(`${networkId}-2`)],
    firewalls: readSet("10.9.0.4", "10.9.0.9"),
  });
  const table = aRouteTable([
    { addressPrefix: "0.0.0.0/0", nextHopType: "VirtualAppliance", nextHopIpAddress: "10.9.0.4" },
  ]);
  const { unmatchedEntries } = reportOf(await auditOf([aStorageAccount(), aNetwork(), table], policy), rules);
  expect(unmatchedEntries).toEqual([
    { key: "approvedExceptions", kind: "service", resource: "*/stgone" },
    { key: "dnsNetworks", kind: "network", resource: `${networkId}-2` },
    { key: "firewalls", kind: "routeTable", resource: "10.9.0.9" },
    { key: "sites", kind: "service", resource: "Microsoft.KeyVault/vaults" },
    { key: "sites", kind: "service", resource: "project=lost" },
  ]);
});

test("property: the order in which an audit lists things does not matter", async () => {
  const admitting = aStorageAccount({
    networkAcls: { virtualNetworkRules: [aNetworkRule()], ipRules: ipRules("8.8.8.8", "nonsense") },
  });
  const found = await auditOf([admitting, unread, aKeyVault(), aNetwork([{ nsg: undefined }])]);
  const audit: Audit = {
    ...found,
    gaps: ["b", "a", "b"],
    problems: [
      { where: "y", message: "m" },
      { where: "x", message: "m" },
    ],
  };
  const want = reportOf(audit, rules);
  expect(want.gaps).toEqual(["a", "b"]);
  const shuffled = <T>(list: readonly T[]) => fc.shuffledSubarray([...list], { minLength: list.length });
  fc.assert(
    fc.property(
      shuffled(audit.evaluations),
      shuffled(audit.gaps),
      shuffled(audit.problems),
      (evaluations, gaps, problems) => {
        expect(reportOf({ ...audit, evaluations, gaps, problems }, rules)).toEqual(want);
      },
    ),
    { numRuns: 50 },
  );
});
