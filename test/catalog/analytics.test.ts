import { describe, expect, test } from "vitest";
import { aWorkspace, workspaceId } from "../support/analytics.ts";
import { aConnection, aPerimeter, type Given, refusedList } from "../support/builders.ts";
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

describe.each(entries)("$id, $group", ({ id, given, group, zones, ports }) => {
  test("is what its row of the catalog says", () => expectInCatalog({ id, group, zones, ports }));

  test.each<Chain>(chains)("with a private endpoint has $want when $when", async (chain) => {
    const service = given({ ...off, privateEndpointConnections: [aConnection("Approved", "pe-blob")] });
    const want = chain.want.map((rule) => `${rule} ${group}`);
    expect(await judgedChain(id, service, group, zones.public, chain)).toEqual(want);
  });
});
