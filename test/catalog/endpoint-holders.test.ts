import { describe, expect, test } from "vitest";
import { Estate } from "../../lib/estate.ts";
import { project } from "../../lib/facts/project.ts";
import { Policy } from "../../lib/model/policy.ts";
import { fold } from "../../lib/model/resource-id.ts";
import { factAt } from "../../lib/model/snapshot.ts";
import { serviceReach } from "../../lib/reach/service-reach.ts";
import { rules } from "../../lib/rules/index.ts";
import {
  aConnection,
  aNetwork,
  aPerimeter,
  aSecurityGroup,
  complete,
  type Given,
  idOf,
  noPerimeter,
  refused,
  subscription,
} from "../support/builders.ts";
import {
  aCollectionEndpoint,
  aHolder,
  aScope,
  collectionId,
  diskAccessId,
  hubId,
  scopeId,
  tie,
} from "../support/endpoint-holders.ts";
import {
  type Chain,
  chains,
  expectInCatalog,
  expectJudged,
  judgedChain,
  type ServiceRow,
  wantedPrivate,
} from "../support/judged.ts";
import { aLogWorkspace, anInsightsComponent, insightsId, logsId } from "../support/platform-services.ts";
import {
  anInterface,
  aPrivateEndpoint,
  aZone,
  endpointId,
  everyZone,
  noZoneGroup,
  zoneId,
} from "../support/private-endpoints.ts";
import { auditOf, snapshotOf } from "../support/world.ts";

interface Monitored {
  readonly id: string;
  /** With this at its switches, and in a scope or not. */
  readonly given: (access: unknown, isInScope?: boolean) => Given;
}

const logs: Monitored = {
  id: logsId,
  given: (access, isInScope = true) =>
    aLogWorkspace({
      publicNetworkAccessForIngestion: access,
      publicNetworkAccessForQuery: access,
      privateLinkScopedResources: isInScope ? [{ resourceId: tie, scopeId: "1" }] : [],
    }),
};

const insights: Monitored = {
  id: insightsId,
  given: (access, isInScope = true) =>
    anInsightsComponent({
      publicNetworkAccessForIngestion: access,
      publicNetworkAccessForQuery: access,
      PrivateLinkScopedResources: isInScope ? [{ ResourceId: tie, ScopeId: "1" }] : [],
    }),
};

const collection: Monitored = {
  id: collectionId,
  given: (access, isInScope = true) =>
    aCollectionEndpoint(access, { privateLinkScopedResources: isInScope ? [{ resourceId: tie, scopeId: "1" }] : [] }),
};

function inScopes({ id, given }: Monitored): readonly ServiceRow[] {
  return [
    { when: "it is off and in no scope, so that nobody gets to it", given: given("Disabled", false), want: "nobody" },
    {
      when: "it is off, and its scope has an approved private endpoint",
      given: given("Disabled"),
      beside: aScope([aConnection("Approved")]),
      policy: wantedPrivate(id),
      want: "private",
    },
    {
      when: "it is off, and its scope has a private endpoint that nobody approved, which the scope is told of",
      given: given("Disabled"),
      beside: aScope([aConnection("Pending")]),
      policy: wantedPrivate(id),
      want: "nobody",
      fails: ["NI301"],
    },
    {
      when: "it is off, and its scope has no private endpoint",
      given: given("Disabled"),
      beside: aScope(),
      policy: wantedPrivate(id),
      want: "nobody",
      fails: ["NI301"],
    },
    {
      when: "it is on, and its scope keeps its networks from everything else, which keeps nobody out",
      given: given("Enabled"),
      beside: aScope([aConnection("Approved")], "PrivateOnly"),
      want: "internet",
      fails: ["NI101", "NI303"],
    },
    {
      when: "it is on, and its scope has no private endpoint that carries traffic",
      given: given("Enabled"),
      beside: aScope([aConnection("Rejected")]),
      want: "internet",
      fails: ["NI101"],
    },
    {
      when: "its scope cannot be read",
      given: given("Disabled"),
      beside: refused(scopeId),
      policy: wantedPrivate(id),
      want: "nobody..private",
      unsure: ["NI301"],
    },
    {
      when: "it names a scope that is gone",
      given: given("Disabled"),
      beside: complete(subscription, "Microsoft.Insights/privateLinkScopes"),
      policy: wantedPrivate(id),
      want: "nobody",
      fails: ["NI301"],
    },
  ];
}

describe.each([logs, insights, collection])("$id", (type) => {
  test.each(inScopes(type))("$want when $when", (row) => expectJudged(type.id, row));
});

test.each<ServiceRow>([
  {
    when: "names its scope instead of what ties it to that",
    given: aLogWorkspace({ privateLinkScopedResources: [{ resourceId: scopeId }] }),
    beside: aScope([aConnection("Approved")]),
    want: "private",
  },
  {
    when: "names something that is no id",
    given: aLogWorkspace({ privateLinkScopedResources: [{ resourceId: 7 }] }),
    want: "nobody..private",
  },
  {
    when: "names something that is no scope",
    given: aLogWorkspace({ privateLinkScopedResources: [{ resourceId: logsId }] }),
    want: "nobody..private",
  },
])("a workspace that $when: $want", (row) => expectJudged(logsId, row));

const ofCollections: readonly ServiceRow[] = [
  {
    when: "nobody says whether public access is on, which no document settles",
    given: aCollectionEndpoint(undefined, { networkAcls: undefined }),
    want: "nobody..internet",
    unsure: ["NI101", "NI102", "NI103", "NI701", "NI702"],
  },
  {
    when: "it relies on a perimeter that there is not",
    given: aCollectionEndpoint("SecuredByPerimeter"),
    want: "nobody",
    fails: ["NI702"],
  },
  {
    when: "an enforced perimeter holds it, whatever its switch says",
    given: aCollectionEndpoint("Enabled"),
    beside: aPerimeter({ service: collectionId }),
    want: "nobody",
  },
];

test.each(ofCollections)("a data collection endpoint: $want when $when", (row) => expectJudged(collectionId, row));

function holding(id: string): readonly ServiceRow[] {
  return [
    { when: "it holds nothing", given: aHolder(id), want: "nobody" },
    { when: "it holds an approved private endpoint", given: aHolder(id, [aConnection("Approved")]), want: "private" },
    {
      when: "it holds one that nobody answered, where the policy wants one",
      given: aHolder(id, [aConnection("Pending")]),
      policy: wantedPrivate(id),
      want: "nobody",
      fails: ["NI301", "NI302"],
    },
    {
      when: "a perimeter names it, in which nothing of its type can be",
      given: aHolder(id),
      beside: aPerimeter({ service: id, accessMode: "Enforced" }),
      want: "nobody",
    },
  ];
}

describe.each([scopeId, diskAccessId, hubId])("%s", (id) => {
  test.each(holding(id))("$want when $when", (row) => expectJudged(id, row));
});

const monitorZones = {
  public: [
    "privatelink.monitor.azure.com",
    "privatelink.oms.opinsights.azure.com",
    "privatelink.ods.opinsights.azure.com",
    "privatelink.agentsvc.azure-automation.net",
    "privatelink.blob.core.windows.net",
  ],
  usgov: [
    "privatelink.monitor.azure.us",
    "privatelink.adx.monitor.azure.us",
    "privatelink.oms.opinsights.azure.us",
    "privatelink.ods.opinsights.azure.us",
    "privatelink.agentsvc.azure-automation.us",
    "privatelink.blob.core.usgovcloudapi.net",
  ],
};

const studioZones = { public: "privatelink.azuresynapse.net", usgov: "privatelink.azuresynapse.usgovcloudapi.net" };

const entries = [
  { id: scopeId, group: "azuremonitor", zones: monitorZones },
  { id: diskAccessId, group: "disks", zones: { public: "privatelink.blob.core.windows.net" } },
  { id: hubId, group: "Web", zones: studioZones },
];

test.each(entries)("$id is what its row of the catalog says", ({ id, group, zones }) =>
  expectInCatalog({ id, group, zones, ports: "443" }));

const chained = entries.flatMap(({ id, group, zones }) =>
  [zones.public].flat().map((zone) => {
    return { id, group, zone, part: typeof zones.public === "string" ? group : `${group} ${zone}` };
  }),
);

describe.each(chained)("$id, $part in $zone", ({ id, group, zone, part }) => {
  test.each<Chain>(chains)("with a private endpoint has $want when $when", async (chain) => {
    const want = chain.want.map((rule) => `${rule} ${part}`);
    expect(await judgedChain(id, aHolder(id, [aConnection("Approved", "pe-blob")]), group, zone, chain)).toEqual(want);
  });
});

test("a workspace is reached from the network of its scope's private endpoint, and the way says by which", () => {
  const snapshot = snapshotOf([
    logs.given("Disabled"),
    aScope([aConnection("Approved", "pe-blob")]),
    aPrivateEndpoint({ service: scopeId, groupIds: ["azuremonitor"] }),
    anInterface({ groupId: "azuremonitor", addresses: { "10.0.0.4": ["erp.ods.opinsights.azure.com"] } }),
    [aNetwork(), aSecurityGroup(), noZoneGroup(), noPerimeter],
  ]);
  const service = factAt(idOf(logsId), "service", snapshot);
  const { ways } = serviceReach(service ?? expect.fail("no service"), Policy.default, snapshot);
  expect(ways.map(({ kind, by, witness }) => [kind, by?.text, witness?.outcome])).toEqual([
    ["privateEndpoint", endpointId(), "reaches"],
  ]);
});

describe("names of US Government that a narrower zone of the group holds", () => {
  const fqdns = ["api.monitor.azure.us", "erp.adx.monitor.azure.us"];
  const wide = "privatelink.monitor.azure.us";
  const narrow = "privatelink.adx.monitor.azure.us";

  test.each([
    { when: "each is where it belongs", zones: { [wide]: "api", [narrow]: "erp" }, want: [] },
    { when: "there is but the wider zone", zones: { [wide]: "api" }, want: [`NI304 azuremonitor ${narrow}`] },
    {
      when: "the narrower zone lacks its name",
      zones: { [wide]: "api", [narrow]: "other" },
      want: [`NI306 azuremonitor ${narrow}`],
    },
  ])("has $want when $when", async ({ zones, want }) => {
    const { evaluations } = await auditOf([
      aScope([aConnection("Approved", "pe-blob")]),
      aPrivateEndpoint({ service: scopeId, groupIds: ["azuremonitor"], location: "usgovvirginia" }),
      anInterface({ groupId: "azuremonitor", addresses: { "10.0.0.4": fqdns } }),
      [aNetwork(), noZoneGroup(), everyZone],
      Object.entries(zones).map(([zone, name]) => aZone({ id: zoneId(zone), records: { [name]: ["10.0.0.4"] } })),
    ]);
    const findings = evaluations.flatMap((evaluation) => evaluation.findings);
    const found = findings.filter(({ rule, status }) => /NI30[456]/.test(rule) && status === "fail");
    expect(found.map(({ rule, part }) => `${rule} ${part}`)).toEqual(want);
  });
});

test("a workspace is looked at again when a private endpoint of its scope is approved, and when its scope goes", () => {
  const snapshot = snapshotOf([logs.given("Disabled"), aScope([aConnection("Pending")]), noPerimeter]);
  const estate = new Estate(snapshot, { policy: wantedPrivate(logsId), rules, today: "2026-11-20" });
  const findingsOf = () =>
    estate
      .catchUp()
      .filter(({ subject }) => subject.id.key === fold(logsId))
      .map(({ findings }) => findings.map(({ rule, status }) => `${rule} ${status}`));
  expect(findingsOf()).toEqual([["NI301 fail"]]);
  snapshot.add(project(aScope([aConnection("Approved")])).projected ?? expect.fail("no scope"));
  expect(findingsOf()).toEqual([[]]);
  snapshot.addAbsent(idOf(scopeId));
  expect(findingsOf()).toEqual([["NI301 fail"]]);
});
