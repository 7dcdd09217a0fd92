import { describe, expect, test } from "vitest";
import { fold } from "../../lib/model/resource-id.ts";
import { aKustoCluster, aWorkspace, kustoId, workspaceId } from "../support/analytics.ts";
import {
  aConnection,
  aNetwork,
  aPerimeter,
  aSecurityGroup,
  type Given,
  noPerimeter,
  refusedList,
  subnetId,
} from "../support/builders.ts";
import {
  anAddress,
  approved,
  approving,
  azure,
  type Chain,
  chains,
  expectInCatalog,
  expectJudged,
  judgedChain,
  off,
  type ServiceRow,
  wantedPrivate,
  whole,
} from "../support/judged.ts";
import { aPrivateEndpoint, everyZone, noZoneGroup } from "../support/private-endpoints.ts";
import { auditOf } from "../support/world.ts";

const trusting = { trustedServiceBypassEnabled: true };

const ofWorkspaces: readonly ServiceRow[] = [
  { when: "there is no rule", given: aWorkspace(), want: "nobody" },
  { when: "one address is listed", given: aWorkspace({ firewallRules: [anAddress] }), want: "addresses" },
  {
    when: "its rule is the one that the portal makes with it, for all addresses",
    given: aWorkspace({ firewallRules: [whole] }),
    want: "internet",
    fails: ["NI101"],
  },
  {
    when: "two rules meet in the middle",
    given: aWorkspace({
      firewallRules: [
        ["0.0.0.0", "120.0.0.0"],
        ["120.0.0.1", "255.255.255.255"],
      ],
    }),
    want: "internet",
    fails: ["NI102"],
  },
  { when: "Azure is let in", given: aWorkspace({ firewallRules: [azure] }), want: "azure", fails: ["NI103"] },
  {
    when: "a rule is wider than what is approved",
    given: aWorkspace({ firewallRules: [["203.0.113.0", "203.0.113.31"]] }),
    policy: approving,
    want: "addresses",
    fails: ["NI104"],
  },
  {
    when: "it has a managed network, which it goes out by and nobody comes in by",
    given: aWorkspace({
      properties: {
        managedVirtualNetwork: "default",
        managedVirtualNetworkSettings: { preventDataExfiltration: true },
      },
      firewallRules: [whole],
    }),
    want: "internet",
    fails: ["NI101"],
  },
  {
    when: "nobody says whether public access is on, which it is, private endpoint or not",
    given: aWorkspace({ properties: { publicNetworkAccess: undefined, ...approved }, firewallRules: [whole] }),
    want: "internet",
    fails: ["NI101", "NI303"],
  },
  {
    when: "public access is off and rules are kept",
    given: aWorkspace({ properties: off, firewallRules: [whole, azure] }),
    want: "nobody",
    fails: ["NI107"],
  },
  { when: "public access is off and there is no rule", given: aWorkspace({ properties: off }), want: "nobody" },
  {
    when: "trusted services go past the firewall",
    given: aWorkspace({ properties: trusting, firewallRules: [anAddress] }),
    want: "addresses",
    fails: ["NI106"],
  },
  {
    when: "trusted services are let in and public access is off, of which no document says what comes of it",
    given: aWorkspace({ properties: { ...off, ...trusting } }),
    want: "nobody",
    unsure: ["NI106"],
  },
  {
    when: "trusted services are let in where everybody is",
    given: aWorkspace({ properties: trusting, firewallRules: [whole] }),
    want: "internet",
    fails: ["NI101", "NI106"],
  },
  {
    when: "a private endpoint is approved, and nothing else is open",
    given: aWorkspace({ properties: { ...off, ...approved } }),
    policy: wantedPrivate(workspaceId),
    want: "private",
  },
  {
    when: "the policy wants a private endpoint and one is pending",
    given: aWorkspace({ properties: { ...off, privateEndpointConnections: [aConnection("Pending")] } }),
    policy: wantedPrivate(workspaceId),
    want: "nobody",
    fails: ["NI301", "NI302"],
  },
  {
    when: "nobody read the list of rules",
    given: aWorkspace({ isListRead: false }),
    want: "nobody..internet",
    unsure: ["NI101", "NI102", "NI103", "NI105"],
  },
  {
    when: "a rule was seen, and the list was refused",
    given: [
      aWorkspace({ firewallRules: [anAddress], isListRead: false }),
      refusedList(workspaceId, "Microsoft.Synapse/workspaces/firewallRules"),
    ],
    want: "addresses..internet",
    unsure: ["NI101", "NI102", "NI103", "NI105"],
  },
  {
    when: "a perimeter names it, in which nothing of its type can be",
    given: aWorkspace({ firewallRules: [whole] }),
    beside: aPerimeter({ service: workspaceId, accessMode: "Enforced" }),
    want: "internet",
    fails: ["NI101"],
  },
];

test.each(ofWorkspaces)("a Synapse workspace: $want when $when", (row) => expectJudged(workspaceId, row));

function theTags(name: string, addressPrefixes: readonly string[]): Given {
  return { kind: "serviceTags", list: { changeNumber: 1, values: [{ name, addressPrefixes }] } };
}

const open = { allowedIpRangeList: [] };
const inSubnet = (state: string) => ({ virtualNetworkConfiguration: { subnetId, state } });

const ofClusters: readonly ServiceRow[] = [
  { when: "one address is listed", given: aKustoCluster(), want: "addresses" },
  { when: "its list is empty", given: aKustoCluster(open), want: "internet", fails: ["NI101"] },
  {
    when: "it has no list",
    given: aKustoCluster({ allowedIpRangeList: undefined }),
    want: "internet",
    fails: ["NI101"],
  },
  {
    when: "one entry is the whole address space",
    given: aKustoCluster({ allowedIpRangeList: ["0.0.0.0/0"] }),
    want: "internet",
    fails: ["NI101"],
  },
  {
    when: "two entries are a half each",
    given: aKustoCluster({ allowedIpRangeList: ["0.0.0.0/1", "128.0.0.0/1"] }),
    want: "internet",
    fails: ["NI102"],
  },
  {
    when: "an entry is wider than what is approved",
    given: aKustoCluster({ allowedIpRangeList: ["203.0.113.0/24"] }),
    policy: approving,
    want: "addresses",
    fails: ["NI104"],
  },
  {
    when: "it has IPv6 addresses, and its list has none",
    given: aKustoCluster({ publicIPType: "DualStack" }),
    want: "addresses",
  },
  {
    when: "it has IPv6 addresses and its list is empty",
    given: aKustoCluster({ ...open, publicIPType: "DualStack" }),
    want: "internet",
    fails: ["NI101"],
  },
  {
    when: "an entry is a service tag that is in the list of tags",
    given: aKustoCluster({ allowedIpRangeList: ["LogicApps"] }),
    beside: theTags("LogicApps", ["198.51.100.0/28"]),
    policy: approving,
    want: "addresses",
    fails: ["NI104"],
  },
  {
    when: "an entry is a service tag and nobody has the list of tags, which is no hole that an address could be",
    given: aKustoCluster({ allowedIpRangeList: ["LogicApps"] }),
    want: "nobody..addresses",
  },
  {
    when: "an entry is the tag of all of Azure, tenants and all",
    given: aKustoCluster({ allowedIpRangeList: ["AzureCloud"] }),
    beside: theTags("AzureCloud", ["198.51.100.0/28"]),
    want: "azure",
    fails: ["NI103"],
  },
  {
    when: "an entry is neither an address nor a name",
    given: aKustoCluster({ allowedIpRangeList: [7] }),
    want: "nobody..internet",
    unsure: ["NI101", "NI102", "NI105"],
  },
  {
    when: "public access is off and its list is empty",
    given: aKustoCluster({ ...off, ...open }),
    want: "nobody",
  },
  {
    when: "public access is off and its list is kept",
    given: aKustoCluster(off),
    want: "nobody",
    fails: ["NI107"],
  },
  {
    when: "nobody says whether public access is on, which it is, private endpoint or not",
    given: aKustoCluster({ ...open, ...approved, publicNetworkAccess: undefined }),
    want: "internet",
    fails: ["NI101", "NI303"],
  },
  {
    when: "a perimeter that is enforced holds it",
    given: aKustoCluster(open),
    beside: aPerimeter({ service: kustoId, accessMode: "Enforced" }),
    want: "nobody",
  },
  {
    when: "it is secured by a perimeter and in none",
    given: aKustoCluster({ ...open, publicNetworkAccess: "SecuredByPerimeter" }),
    want: "nobody",
    fails: ["NI702"],
  },
  {
    when: "it has left its subnet, which its body still names",
    given: aKustoCluster({ ...open, ...inSubnet("Disabled") }),
    want: "internet",
    fails: ["NI101"],
  },
];

test.each(ofClusters)("a Data Explorer cluster: $want when $when", (row) => expectJudged(kustoId, row));

test.each([
  { state: "Enabled", kind: "placed", fails: ["NI401"] },
  { state: undefined, kind: "placed", fails: ["NI401"] },
  { state: "DISABLED", kind: "service", fails: [] },
])("a Data Explorer cluster whose place is $state is $kind", async ({ state, kind, fails }) => {
  const cluster = aKustoCluster({ ...off, ...open, virtualNetworkConfiguration: { subnetId, state } });
  const { evaluations } = await auditOf([cluster, aNetwork(), aSecurityGroup(), noPerimeter]);
  const own = evaluations.filter(({ subject }) => subject.id.key === fold(kustoId));
  expect(own.map(({ subject }) => subject.kind)).toEqual([kind]);
  const found = evaluations.flatMap(({ findings }) => findings).filter(({ status }) => status === "fail");
  expect(found.map(({ rule }) => rule)).toEqual(fails);
});

interface Entry {
  readonly id: string;
  readonly given: (properties: Readonly<Record<string, unknown>>) => Given;
  readonly group: string;
  readonly zones: { readonly public: string; readonly usgov?: string; readonly china?: string };
  readonly ports: string;
}

const sqlZones = {
  public: "privatelink.sql.azuresynapse.net",
  usgov: "privatelink.sql.azuresynapse.usgovcloudapi.net",
};

const ofWorkspace = {
  id: workspaceId,
  given: (properties: Readonly<Record<string, unknown>>) => aWorkspace({ properties }),
  ports: "443,1433,1443",
};

const entries: readonly Entry[] = [
  { ...ofWorkspace, group: "Sql", zones: sqlZones },
  { ...ofWorkspace, group: "SqlOnDemand", zones: sqlZones },
  {
    ...ofWorkspace,
    group: "Dev",
    zones: {
      public: "privatelink.dev.azuresynapse.net",
      usgov: "privatelink.dev.azuresynapse.usgovcloudapi.net",
    },
  },
];

const kustoZone = "privatelink.westeurope.kusto.windows.net";

describe("a private endpoint of a Data Explorer cluster", () => {
  test("is for a zone that has the name of the cluster's region", () =>
    expectInCatalog({
      id: kustoId,
      group: "cluster",
      zones: {
        public: [
          "privatelink.{regionName}.kusto.windows.net",
          ...["blob", "queue", "table"].map((name) => `privatelink.${name}.core.windows.net`),
        ],
        china: "privatelink.{regionName}.kusto.windows.cn",
      },
      ports: "443,1433",
    }));

  test.each<Chain>(chains)("has $want when $when", async (chain) => {
    const cluster = aKustoCluster({
      ...off,
      ...open,
      privateEndpointConnections: [aConnection("Approved", "pe-blob")],
    });
    const want = chain.want.map((rule) => `${rule} cluster ${kustoZone}`);
    expect(await judgedChain(kustoId, cluster, "cluster", kustoZone, chain)).toEqual(want);
  });

  test("cannot be told to have a zone while the cluster's region is not known", async () => {
    const cluster = { ...aKustoCluster(off), location: undefined };
    const endpoint = aPrivateEndpoint({ service: kustoId, groupIds: ["cluster"] });
    const { evaluations } = await auditOf([cluster, endpoint, aNetwork(), noZoneGroup(), everyZone, noPerimeter]);
    const findings = evaluations.flatMap((evaluation) => evaluation.findings).filter(({ rule }) => rule === "NI304");
    expect(findings.map(({ status, because }) => [status, because])).toEqual([
      ["undetermined", [expect.stringContaining("is not known")]],
    ]);
  });
});

describe.each(entries)("$id, $group", ({ id, given, group, zones, ports }) => {
  test("is what its row of the catalog says", () => expectInCatalog({ id, group, zones, ports }));

  test.each<Chain>(chains)("with a private endpoint has $want when $when", async (chain) => {
    const service = given({ ...off, privateEndpointConnections: [aConnection("Approved", "pe-blob")] });
    const want = chain.want.map((rule) => `${rule} ${group}`);
    expect(await judgedChain(id, service, group, zones.public, chain)).toEqual(want);
  });
});
