import { describe, expect, test } from "vitest";
import { Glob } from "../../lib/model/glob.ts";
import { Policy, type Site } from "../../lib/model/policy.ts";
import { reportOf } from "../../lib/reports/report.ts";
import { toText } from "../../lib/reports/text.ts";
import { rules } from "../../lib/rules/index.ts";
import { readSet } from "../net/read-set.ts";
import { aDeny, anAllow, anApp, lastRow, lists, untouched } from "../support/apps.ts";
import {
  aCircuit,
  aConnection,
  aKeyVault,
  aNetwork,
  aNetworkRule,
  anEndpointPolicy,
  aPerimeter,
  aSecurityGroup,
  aSqlServer,
  aStorageAccount,
  circuitId,
  type Given,
  group,
  ipRules,
  noOtherCircuit,
  noPerimeter,
  perimeterId,
  sqlId,
  storageId,
  subnetId,
} from "../support/builders.ts";
import { auditOf, policyWith } from "../support/world.ts";

async function textOf(given: Given, policy = Policy.default, width = 100): Promise<string> {
  return toText(reportOf(await auditOf(given, policy), rules), { width, colour: false });
}

const networkWithEndpoint = aNetwork([{ serviceEndpoints: ["Microsoft.Storage"] }]);

const dualStack = (publishIpv6Endpoint: unknown) => ({ dualStackEndpointPreference: { publishIpv6Endpoint } });

describe("who can reach a service", () => {
  test.each<{ when: string; given: Given; want: string }>([
    {
      when: "everybody",
      given: [aStorageAccount({ networkAcls: { defaultAction: "Allow" } }), noPerimeter],
      want: "reached by    the internet: every address\n",
    },
    {
      when: "half of the internet",
      given: [aStorageAccount({ networkAcls: { ipRules: ipRules("0.0.0.0/1") } }), noPerimeter],
      want: "reached by    the internet: 56 % of the public addresses (0.0.0.0/1)\n",
    },
    {
      when: "everybody but one, in both families",
      given: anApp(
        lists([aDeny("9.9.9.9/32")], [], {
          ipSecurityRestrictionsDefaultAction: "Allow",
          scmIpSecurityRestrictionsUseMain: true,
        }),
      ),
      want: "reached by    the internet: every address but 9.9.9.9\n",
    },
    {
      when: "all of IPv6, and of IPv4 one address",
      given: [
        aSqlServer({
          firewallRules: [["203.0.113.7", "203.0.113.7"]],
          ipv6FirewallRules: [["::", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"]],
        }),
        noPerimeter,
      ],
      want: "reached by    the internet: every IPv6 address, and 1 listed address (203.0.113.7)\n",
    },
    {
      when: "all of IPv4, and nobody of IPv6",
      given: [aSqlServer({ firewallRules: [["0.0.0.0", "255.255.255.255"]] }), noPerimeter],
      want: "reached by    the internet: every IPv4 address\n",
    },
    {
      when: "all of IPv4, and of IPv6 a range",
      given: [
        aSqlServer({
          firewallRules: [["0.0.0.0", "255.255.255.255"]],
          ipv6FirewallRules: [["2001:db8::", "2001:db8::ff"]],
        }),
        noPerimeter,
      ],
      want: "reached by    the internet: every IPv4 address, and 1 listed IPv6 range (2001:db8::/120)\n",
    },
    {
      when: "all of IPv4, and nobody of IPv6, of an account that publishes IPv6 addresses",
      given: [aStorageAccount({ ...dualStack(true), networkAcls: { ipRules: ipRules("0.0.0.0/0") } }), noPerimeter],
      want: "reached by    the internet: every IPv4 address\n",
    },
    {
      when: "all of IPv4, of an account that publishes none",
      given: [aStorageAccount({ ...dualStack(false), networkAcls: { ipRules: ipRules("0.0.0.0/0") } }), noPerimeter],
      want: "reached by    the internet: every address\n",
    },
    {
      when: "all of IPv4, of an account of which it is not known whether it publishes some",
      given: [aStorageAccount({ ...dualStack("maybe"), networkAcls: { ipRules: ipRules("0.0.0.0/0") } }), noPerimeter],
      want: "reached by    the internet: every IPv4 address\n",
    },
    {
      when: "everybody, of an account that publishes IPv6 addresses",
      given: [aStorageAccount({ ...dualStack(true), networkAcls: { defaultAction: "Allow" } }), noPerimeter],
      want: "reached by    the internet: every address\n",
    },
    {
      when: "Azure",
      given: [aSqlServer({ firewallRules: [["0.0.0.0", "0.0.0.0"]] }), noPerimeter],
      want: "reached by    every tenant's workloads in Azure\n",
    },
    {
      when: "everybody, at both sites of an app",
      given: anApp(untouched),
      want: "reached by    the internet: every address\n",
    },
    {
      when: "everybody, at one of an app's sites",
      given: anApp(lists([lastRow("Deny"), anAllow("203.0.113.7/32")])),
      want: "reached by    the internet, SCM site only: every address\n",
    },
    {
      when: "everybody at one of an app's sites, and at the other as far as its list is known",
      given: anApp(lists([anAllow("somewhere")], [], { ipSecurityRestrictionsDefaultAction: "Deny" })),
      want: "reached by    the internet: every address\n",
    },
    {
      when: "Azure, at one of an app's sites",
      given: anApp(lists([], [anAllow("AnyVnets")], { ipSecurityRestrictionsDefaultAction: "Deny" })),
      want: "reached by    every tenant's workloads in Azure, SCM site only",
    },
    {
      when: "addresses",
      given: [aStorageAccount({ networkAcls: { ipRules: ipRules("203.0.112.0/28", "8.8.8.8") } }), noPerimeter],
      want: "storage account in rg: 17 listed addresses (8.8.8.8, 203.0.112.0/28)\n",
    },
    {
      when: "a subnet",
      given: [
        aStorageAccount({ networkAcls: { virtualNetworkRules: [aNetworkRule()] } }),
        networkWithEndpoint,
        anEndpointPolicy(),
        aSecurityGroup(),
        noPerimeter,
      ],
      want: "storage account in rg: 1 subnet (snet-app)\n",
    },
    {
      when: "a private endpoint",
      given: [aStorageAccount({ privateEndpointConnections: [aConnection("Approved", "pe-x")] }), noPerimeter],
      want: "storage account in rg: private endpoints only (pe-x)\n",
    },
    { when: "nobody", given: [aStorageAccount(), noPerimeter], want: "stdrawings  storage account in rg: nobody\n" },
    {
      when: "an exception",
      given: [aStorageAccount({ networkAcls: { bypass: "AzureServices" } }), noPerimeter],
      want: "exceptions    AzureServices, from any address\n",
    },
    {
      when: "a whole subscription, which a rule of a perimeter names",
      given: [aStorageAccount(), aPerimeter({ accessRules: [{ subscriptions: [{ id: "/subscriptions/7e7e" }] }] })],
      want: "exceptions    subscription 7e7e, from any address\n",
    },
    {
      when: "a whole subscription, as evidence",
      given: [aStorageAccount(), aPerimeter({ accessRules: [{ subscriptions: [{ id: "/subscriptions/7e7e" }] }] })],
      want: 'rule-0 /properties/subscriptions/0/id = "/subscriptions/7e7e"\n',
    },
    {
      when: "another perimeter",
      given: [
        aStorageAccount(),
        aPerimeter({ accessRules: [{ networkSecurityPerimeters: [{ id: `${perimeterId}-2` }] }] }),
      ],
      want: `exceptions    network security perimeter ${perimeterId.split("/").at(-1)}-2, from any address\n`,
    },
    {
      when: "not known",
      given: [aSqlServer({ notRead: ["firewallRules"] }), noPerimeter],
      want:
        "reached by    not known: at least nobody, at most the internet, because the list `firewallRules`\n" +
        "                is not in the recording\n",
    },
  ])("$when", async ({ given, want }) => {
    expect(await textOf(given)).toContain(want);
  });
});

test("a service with a finding: who it is, what is wrong, what shows it, what helps", async () => {
  const text = await textOf([aStorageAccount({ networkAcls: { defaultAction: "Allow" } }), noPerimeter]);
  expect(text).toContain(`stdrawings  storage account in rg\n  ${storageId}\n  reached by `);
  expect(text).toContain(`
  high    NI101  every address is admitted
          /properties/networkAcls/defaultAction = "Allow"
          /properties/publicNetworkAccess = "Enabled"
          fix: Set the default action to Deny`);
  expect(text.split(storageId)).toHaveLength(2);
});

test("findings with one cause share their evidence", async () => {
  const given = [
    aStorageAccount({
      networkAcls: { defaultAction: "Allow", virtualNetworkRules: [aNetworkRule()] },
      privateEndpointConnections: [aConnection("Approved")],
    }),
    networkWithEndpoint,
    noPerimeter,
  ];
  const text = await textOf(given);
  expect(text).toMatch(/high {4}NI101 .*\n {2}high {4}NI201 .*\n {2}high {4}NI303 .*\n {10}3 findings, one cause:\n/);
  expect(text.match(/defaultAction = "Allow"/g)).toHaveLength(1);
  expect(text).toMatch(/fix NI101: .*fix NI201: .*fix NI303: /s);
  expect(text).toContain("snet-app /properties/serviceEndpoints/0 =");
});

test("what cannot be told for the same reason is one entry", async () => {
  const text = await textOf([aSqlServer({ notRead: ["firewallRules"] }), noPerimeter]);
  expect(text).toContain(
    "  unsure  cannot tell: NI101, NI102, NI103, NI105 because the list `firewallRules` is not in the\n" +
      "          recording\n",
  );
  expect(text).not.toContain(" is not set");
  expect(text.split(sqlId)).toHaveLength(2);
});

test("an absent property, and what is assumed of it", async () => {
  const text = await textOf([aKeyVault({ networkAcls: null }), noPerimeter]);
  expect(text).toContain("/properties/networkAcls/defaultAction is not set\n");
  expect(text).toContain("assumed: `/properties/networkAcls/defaultAction` is absent, which means Allow");
});

test("what is assumed of who reaches a service is said once of it", async () => {
  const text = await textOf([aStorageAccount({ networkAcls: { defaultAction: "Allow" } })]);
  expect(text).toContain("  assumed       no network security perimeter holds the storage account");
  expect(text).toContain("high    NI101");
  expect(text.match(/no network security perimeter holds/g)).toHaveLength(1);
});

test("what cannot be told is in the order of the rules", async () => {
  const text = await textOf([aSqlServer({ notRead: ["firewallRules", "virtualNetworkRules"] }), noPerimeter]);
  const all = [...text.matchAll(/cannot tell: ((?:NI\d+(?:, )?)+)/g)].map(([, ids = ""]) => ids.split(", "));
  expect(all.length).toBeGreaterThan(1);
  for (const ids of all) expect(ids).toEqual([...ids].sort());
});

test("a waived finding says by whom, until when and why; an expired waiver as well", async () => {
  const waiver = {
    rule: "NI101",
    resource: new Glob("*"),
    reason: "moves in spring",
    owner: "ann",
    expires: "2099-12-31",
  };
  const given = [aStorageAccount({ networkAcls: { defaultAction: "Allow" } }), noPerimeter];
  const waived = await textOf(given, policyWith({ waivers: [waiver] }));
  expect(waived).toContain("  waived  NI101  every address is admitted");
  expect(waived).toContain("          waived: by ann, until 2099-12-31: moves in spring\n");
  expect(waived).not.toContain("fix:");
  const expired = await textOf(given, policyWith({ waivers: [{ ...waiver, expires: "2026-01-31" }] }));
  expect(expired).toContain("  high    NI101  every address is admitted");
  expect(expired).toContain("          waiver expired: by ann, on 2026-01-31: moves in spring\n");
});

test("a subnet's finding stands once under the network, with the services that it concerns", async () => {
  const text = await textOf([
    aNetwork([
      { nsg: undefined, serviceEndpoints: ["Microsoft.Storage", "Microsoft.KeyVault"] },
      { name: "snet-lonely", nsg: undefined },
    ]),
    anEndpointPolicy(),
    aStorageAccount({ networkAcls: { virtualNetworkRules: [aNetworkRule()] } }),
    aKeyVault({ networkAcls: { virtualNetworkRules: [{ id: subnetId }] } }),
    noPerimeter,
  ]);
  expect(text).toContain(`Networks and sites

snet-app  subnet of vnet in rg
  ${subnetId}
  concerns      kv-erp, stdrawings

  medium  NI601  no network security group is attached
          /properties/networkSecurityGroup is not set
`);
  expect(text).toContain("  concerns      no service that was audited\n");
  expect(text).toContain("2 services without findings\n");
  expect(text).toContain(
    "  stdrawings  storage account in rg: 1 subnet (snet-app); see snet-app under Networks and sites\n",
  );
});

test("circuits and sites stand with the networks and concern no service", async () => {
  const plant: Site = {
    name: "plant",
    natAddresses: readSet("203.0.113.9"),
    connection: "microsoftPeering",
    needs: [],
  };
  const circuit = aCircuit({ peerings: [{}, { peeringType: "AzurePublicPeering" }] });
  const text = await textOf([circuit, noOtherCircuit, aStorageAccount(), noPerimeter], policyWith({ sites: [plant] }));
  expect(text).toMatch(/^Networks and sites\n\n/);
  expect(text).toContain(`plant  site of the policy
  site:plant

  medium  NI502  no live circuit advertises 203.0.113.9 of site plant
          /natAddresses = ["203.0.113.9"]
          MicrosoftPeering /properties/microsoftPeeringConfig/advertisedPublicPrefixes/0 =
            "198.51.100.8/29"
          assumed: no circuit outside of the subscriptions that were read serves the site
`);
  expect(text).toContain(`erc  ExpressRoute circuit in rg
  ${circuitId}

  medium  NI504  an Azure public peering is enabled on the circuit
          peerings/AzurePublicPeering /properties/peeringType = "AzurePublicPeering"
          peerings/AzurePublicPeering /properties/state = "Enabled"
`);
});

test("a long list of evidence is cut", async () => {
  const values = Array.from({ length: 40 }, (_, index) => `${index + 11}.0.0.0/8`);
  const text = await textOf(
    [aStorageAccount({ networkAcls: { ipRules: ipRules(...values) } }), noPerimeter],
    policyWith({ nearlyInternet: 0.1 }),
  );
  expect(text).toMatch(/ipRules\/0\/value = "11\.0\.0\.0\/8"\n/);
  expect(text).toMatch(/\n {10}and 3\d more\n/);
});

test("the summary", async () => {
  const text = await textOf([aStorageAccount({ networkAcls: { defaultAction: "Allow" } }), aKeyVault(), noPerimeter]);
  expect(text).toMatch(
    /Summary\n {2}services {6}2, of 2 resources read\n {2}reached by {4}1 the internet\n {16}1 nobody\n {2}findings {6}1 high\n {16}0 medium\n/,
  );
  expect(text.endsWith("  unreadable    nothing\n")).toBe(true);
});

test("other people's text cannot steer the terminal", async () => {
  const id = `${group}/providers/Microsoft.Storage/storageAccounts/st\u001b[2J\u001b]0;x\u0007evil\u202e\u009b1m`;
  const account = aStorageAccount(
    { networkAcls: { defaultAction: "Allow\u001b[31m", ipRules: ipRules("\u001b[1m\u0007") } },
    { id },
  );
  const waiver = {
    rule: "NI106",
    resource: new Glob("*"),
    reason: "a\u001b[31mb\nc",
    owner: "o\u0007",
    expires: "2099-12-31",
  };
  const exempt = aKeyVault({ networkAcls: { bypass: "AzureServices" } });
  const text = await textOf([account, exempt], policyWith({ waivers: [waiver] }));
  expect(text.replaceAll("\n", "")).not.toMatch(/[\p{Cc}\p{Bidi_Control}]/u);
  expect(text).toMatch(/^stevil {2}storage account in rg\n/);
  expect(text).toContain("waived: by o, until 2099-12-31: ab c\n");
});

test.each([80, 100, 120])("at %i columns only single words are wider", async (width) => {
  const given = [
    aStorageAccount({ networkAcls: { defaultAction: "Allow", bypass: "AzureServices" } }),
    aSqlServer({ notRead: ["firewallRules"] }),
  ];
  const lines = (await textOf(given, Policy.default, width)).split("\n");
  expect(lines.filter((line) => line.length > width && line.trim().includes(" "))).toEqual([]);
});
