import { describe, expect, test } from "vitest";
import { callersOf } from "../../lib/reach/endpoint-callers.ts";
import {
  aFirewall,
  aGroup,
  aNetwork,
  aPrivateEndpoint,
  aRouteTable,
  aStorageAccount,
  aZone,
  classicRules,
  idOf as idOfBody,
  type PeeringParts,
  type Properties,
  storageId,
  subnetId,
} from "../oracle/bodies.ts";
import type { Body } from "../oracle/world.ts";
import { idOf } from "../support/builders.ts";
import { closedWorld } from "../support/closed-world.ts";
import { snapshotOf } from "../support/world.ts";

/** `a/s0 must`, `b/s1 may`: from where packets get to the endpoint `pe`. */
function callers(resources: readonly Body[]) {
  const snapshot = snapshotOf(closedWorld({ resources: [...resources, aStorageAccount({})], serviceTags: [] }));
  const found = snapshot.get(idOf(storageId));
  if (found.kind !== "fact" || found.fact.kind !== "service") throw new Error("the test gives no service");
  const { paths, because } = callersOf(idOf(idOfBody("privateEndpoints", "pe")), found.fact, snapshot);
  const told = paths
    .filter(({ may }) => !may.isEmpty)
    .map(({ from, must }) => `${from.id.parent?.name}/${from.id.name} ${must.isEmpty ? "may" : "must"}`);
  const reasons = [...because, ...paths.flatMap((path) => path.because)];
  return { told: told.sort(), reasons: reasons.join("; ") };
}

const to = (peer: string, range: string, properties: Properties = {}): PeeringParts => ({
  with: peer,
  ranges: [range],
  properties,
});

describe("who comes to a private endpoint from behind a hub", () => {
  const forwarded = { allowForwardedTraffic: true };

  /** The endpoint is in the spoke `b`; the table is that of the spoke `a`, whose routes may lead to the hub. */
  const hubWorld = (routes: Parameters<typeof aRouteTable>[0], ofB: Properties = forwarded) => [
    aNetwork({
      name: "hub",
      ranges: ["10.0.0.0/16"],
      subnets: [],
      peerings: [to("a", "10.1.0.0/16"), to("b", "10.2.0.0/16")],
    }),
    aNetwork({
      name: "a",
      ranges: ["10.1.0.0/16"],
      subnets: [{ prefixes: ["10.1.0.0/24"], routeTable: "rt" }],
      peerings: [to("hub", "10.0.0.0/16", forwarded)],
    }),
    aNetwork({
      name: "b",
      ranges: ["10.2.0.0/16"],
      subnets: [{ prefixes: ["10.2.0.0/24"] }],
      peerings: [to("hub", "10.0.0.0/16", ofB)],
    }),
    aRouteTable(routes),
    ...aPrivateEndpoint({ subnet: subnetId("b"), addresses: ["10.2.0.9"] }),
  ];

  test.each([
    {
      when: "the default route leads to an appliance there",
      routes: [["0.0.0.0/0", "VirtualAppliance"]],
      reached: true,
    },
    { when: "a route for the endpoint's network does", routes: [["10.2.0.0/16", "VirtualAppliance"]], reached: true },
    { when: "no route does", routes: [], reached: false },
    { when: "a route drops what is for the endpoint's network", routes: [["10.2.0.0/16", "None"]], reached: false },
  ] as const)("another spoke may, or not: $when", ({ routes, reached }) => {
    const { told, reasons } = callers(hubWorld(routes));
    expect(told).toEqual(reached ? ["a/s0 may", "b/s0 must"] : ["b/s0 must"]);
    if (reached) expect(reasons).toContain("what the next hop VirtualAppliance does with the packet is not known");
  });

  test("nobody does where the endpoint's network lets no forwarded traffic in", () => {
    expect(callers(hubWorld([["0.0.0.0/0", "VirtualAppliance"]], {})).told).toEqual(["b/s0 must"]);
  });
});

describe("who comes to a private endpoint through an Azure Firewall in the hub", () => {
  const forwarded = { allowForwardedTraffic: true };
  const web = {
    protocols: ["TCP"],
    sourceAddresses: ["*"],
    destinationAddresses: ["10.2.0.0/16"],
    destinationPorts: ["443"],
  };
  const hosts = { sourceAddresses: ["*"], protocols: [{ protocolType: "Https", port: 443 }], targetFqdns: ["*"] };
  const translating = { additionalProperties: { "Network.SNAT.PrivateRanges": "255.255.255.255/32" } };
  const allowed = { networkRuleCollections: classicRules([200, "Allow", web]) };
  const byName = { applicationRuleCollections: classicRules([200, "Allow", hosts]) };
  const naming = (name: string) => ({
    applicationRuleCollections: classicRules([200, "Allow", { ...hosts, targetFqdns: [name] }]),
  });
  const proxying = { "Network.SNAT.PrivateRanges": "255.255.255.255/32", "Network.DNS.EnableProxy": "true" };
  const byFqdn = (...destinationFqdns: readonly string[]) => ({
    networkRuleCollections: classicRules([200, "Allow", { ...web, destinationAddresses: [], destinationFqdns }]),
    additionalProperties: proxying,
  });
  const denying = [{ access: "Deny", sourceAddressPrefix: "10.1.0.0/16" }];
  const keepingOut = [{ access: "Deny", sourceAddressPrefix: "10.0.9.64/26" }];

  interface Row {
    readonly when: string;
    readonly firewall: Properties;
    /** Of the spoke that the endpoint is in. */
    readonly ofB?: Properties;
    readonly ofA?: Properties;
    /** The networks that the zone of the endpoint is linked to, and where its record leads. */
    readonly linked?: readonly string[];
    readonly record?: string;
    /** Of the security group of the endpoint's subnet, which counts. */
    readonly rules?: readonly Properties[];
    readonly routes?: Parameters<typeof aRouteTable>[0];
    /** Of the spoke that asks; undefined where nobody there comes through. */
    readonly want: "must" | "may" | undefined;
    readonly because?: string;
  }

  const rows: readonly Row[] = [
    { when: "a network rule lets them on, translated", firewall: { ...allowed, ...translating }, want: "must" },
    {
      when: "what is translated is no forwarded traffic",
      firewall: { ...allowed, ...translating },
      ofB: {},
      want: "must",
    },
    {
      when: "a network rule lets them on with their own addresses, to which replies may go past the firewall",
      firewall: allowed,
      want: "may",
      because: "replies of a private endpoint may take another way than over the firewall",
    },
    {
      when: "an application rule lets them on to what the firewall finds in its network",
      firewall: byName,
      want: "must",
    },
    {
      when: "an application rule names the group of the service that the endpoint is for",
      firewall: naming("st.blob.core.windows.net"),
      want: "must",
    },
    {
      when: "an application rule names another group of the service",
      firewall: naming("st.file.core.windows.net"),
      want: undefined,
    },
    {
      when: "the zone is linked to the spoke, and not to the network of the firewall, which goes to the public endpoint",
      firewall: byName,
      linked: ["a"],
      want: undefined,
    },
    {
      when: "the same, and the firewall asks DNS servers of its owner",
      firewall: { ...byName, additionalProperties: { "Network.DNS.Servers": "10.0.8.4" } },
      linked: ["a"],
      want: "may",
      because: "where the DNS servers of `afw` look names up is not known",
    },
    {
      when: "the firewall asks Azure's own DNS by its address",
      firewall: { ...byName, additionalProperties: { "Network.DNS.Servers": "168.63.129.16" } },
      want: "must",
    },
    {
      when: "a network rule names the service, which the firewall finds in its network",
      firewall: byFqdn("st.blob.core.windows.net"),
      want: "must",
    },
    {
      when: "a network rule names the service, and the zone is not linked to the network of the firewall",
      firewall: byFqdn("st.blob.core.windows.net"),
      linked: ["a"],
      want: undefined,
    },
    {
      when: "a network rule names another service of the kind, too, which may lead there",
      firewall: byFqdn("st.blob.core.windows.net", "st2.blob.core.windows.net"),
      linked: ["a"],
      want: "may",
      because: "whether `st2.blob.core.windows.net` of the rule `0` has an address of the service is not known",
    },
    {
      when: "a network rule names the service, and the firewall is no DNS proxy",
      firewall: { ...byFqdn("st.blob.core.windows.net"), ...translating },
      want: "may",
      because: "what names match in network rules of `afw`, whose DNS proxy is off, is not documented",
    },
    {
      when: "a network rule names the service, and the firewall asks DNS servers of its owner",
      firewall: {
        ...byFqdn("st.blob.core.windows.net"),
        additionalProperties: { ...proxying, "Network.DNS.Servers": "10.0.8.4" },
      },
      want: "may",
      because: "where the DNS servers of `afw` look names up is not known",
    },
    {
      when: "the record leads elsewhere",
      firewall: byName,
      record: "10.2.0.77",
      want: "may",
      because: "the firewall looks up the name itself, and may not find the private endpoint",
    },
    {
      when: "the firewall asks DNS servers of its owner",
      firewall: { ...byName, additionalProperties: { "Network.DNS.Servers": "10.0.8.4" } },
      want: "may",
      because: "where the DNS servers of `afw` look names up is not known",
    },
    { when: "no rule lets them on", firewall: translating, want: undefined },
    {
      when: "a rule is for a service tag, which holds no private addresses",
      firewall: {
        ...translating,
        networkRuleCollections: classicRules([
          200,
          "Allow",
          { ...web, destinationAddresses: ["Storage", "AzureCloud"] },
        ]),
      },
      want: undefined,
    },
    {
      when: "the group of the endpoint's subnet keeps out the spoke, but not the firewall that asks in its place",
      firewall: { ...allowed, ...translating },
      rules: denying,
      want: "must",
    },
    {
      when: "the group of the endpoint's subnet keeps the firewall out",
      firewall: { ...allowed, ...translating },
      rules: keepingOut,
      want: undefined,
    },
    {
      when: "the spoke's own peering allows no forwarded traffic, which replies may be",
      firewall: { ...allowed, ...translating },
      ofA: {},
      want: "may",
      because: "which does not allow forwarded traffic, is not documented",
    },
    {
      when: "the route leads to another appliance",
      firewall: { ...allowed, ...translating },
      routes: [["0.0.0.0/0", "VirtualAppliance", "10.0.9.70"]],
      want: "may",
      because: "what the next hop VirtualAppliance does with the packet is not known",
    },
    {
      when: "threat intelligence may stop them",
      firewall: { ...allowed, ...translating, threatIntelMode: "Deny" },
      want: "may",
      because: "which is in the mode Deny, stops is not known",
    },
    {
      when: "threat intelligence leaves the endpoint's network alone",
      firewall: {
        ...allowed,
        threatIntelMode: "Deny",
        additionalProperties: { ...proxying, "ThreatIntel.Whitelist.IpAddresses": "172.16.0.0/12, 10.2.0.0/16" },
      },
      want: "must",
    },
    {
      when: "threat intelligence leaves another address alone",
      firewall: {
        ...allowed,
        threatIntelMode: "Deny",
        additionalProperties: { ...proxying, "ThreatIntel.Whitelist.IpAddresses": "10.2.0.8" },
      },
      want: "may",
    },
  ];

  test.each(rows)("$when", (row) => {
    const { firewall, ofA = forwarded, ofB = forwarded, linked = ["hub"], record = "10.2.0.9" } = row;
    const { rules, routes, want, because } = row;
    const { told, reasons } = callers([
      aNetwork({
        name: "hub",
        ranges: ["10.0.0.0/16"],
        subnets: [{ name: "AzureFirewallSubnet", prefixes: ["10.0.9.64/26"] }],
        peerings: [to("a", "10.1.0.0/16"), to("b", "10.2.0.0/16")],
      }),
      aNetwork({
        name: "a",
        ranges: ["10.1.0.0/16"],
        subnets: [{ prefixes: ["10.1.0.0/24"], routeTable: "rt" }],
        peerings: [to("hub", "10.0.0.0/16", ofA)],
      }),
      aNetwork({
        name: "b",
        ranges: ["10.2.0.0/16"],
        subnets: [
          {
            prefixes: ["10.2.0.0/24"],
            ...(rules === undefined ? {} : { nsg: "nsg", properties: { privateEndpointNetworkPolicies: "Enabled" } }),
          },
        ],
        peerings: [to("hub", "10.0.0.0/16", ofB)],
      }),
      ...(rules === undefined ? [] : [aGroup(rules)]),
      aRouteTable(routes ?? [["0.0.0.0/0", "VirtualAppliance", "10.0.9.68"]]),
      ...aFirewall({
        privateAddress: "10.0.9.68",
        subnet: subnetId("hub", "AzureFirewallSubnet"),
        properties: { networkRuleCollections: [], applicationRuleCollections: [], ...firewall },
      }),
      ...aPrivateEndpoint({
        subnet: subnetId("b"),
        addresses: ["10.2.0.9"],
        fqdns: ["st.blob.core.windows.net"],
      }),
      ...aZone("privatelink.blob.core.windows.net", "st", [record], linked),
    ]);
    expect(told.filter((one) => one.startsWith("a/"))).toEqual(want === undefined ? [] : [`a/s0 ${want}`]);
    if (because !== undefined) expect(reasons).toContain(because);
  });
});

describe("who comes to a private endpoint over a peering", () => {
  /** The endpoint is in `b/s0`, and `a/s0` and `a/s1` are in a network that is peered with it. */
  const peeredWorld = (properties: Properties, addresses = ["10.2.0.9"]) => [
    aNetwork({
      name: "a",
      ranges: ["10.1.0.0/16", "fd00:1::/48"],
      subnets: [
        { name: "s0", prefixes: ["10.1.0.0/24", "fd00:1::/64"] },
        { name: "s1", prefixes: ["10.1.1.0/24"] },
      ],
      peerings: [to("b", "10.2.0.0/16", properties)],
    }),
    aNetwork({
      name: "b",
      ranges: ["10.2.0.0/16", "fd00:2::/48"],
      subnets: [{ prefixes: ["10.2.0.0/24", "fd00:2::/64"] }],
      peerings: [to("a", "10.1.0.0/16")],
    }),
    ...aPrivateEndpoint({ subnet: subnetId("b"), addresses }),
  ];

  test("every subnet does, where the whole networks are peered", () => {
    expect(callers(peeredWorld({ peerCompleteVnets: true })).told).toEqual(["a/s0 must", "a/s1 must", "b/s0 must"]);
  });

  test("those do for certain that are peered with the endpoint's, where some subnets are", () => {
    const some = { peerCompleteVnets: false, localSubnetNames: ["S0"], remoteSubnetNames: ["s0"] };
    const { told, reasons } = callers(
      peeredWorld({ ...some, remoteAddressSpace: { addressPrefixes: ["10.2.0.0/24"] } }),
    );
    expect(told).toEqual(["a/s0 must", "a/s1 may", "b/s0 must"]);
    expect(reasons).toContain("`to-b` is for other subnets");
  });

  test("nobody does for certain, where the endpoint's subnet is not among those that are peered", () => {
    const some = { peerCompleteVnets: false, localSubnetNames: ["s0"], remoteSubnetNames: ["s1"] };
    expect(callers(peeredWorld(some)).told).toEqual(["a/s0 may", "a/s1 may", "b/s0 must"]);
  });

  test("nobody does over IPv4, where only IPv6 is peered", () => {
    const only = { enableOnlyIPv6Peering: true, remoteAddressSpace: { addressPrefixes: ["fd00:2::/48"] } };
    expect(callers(peeredWorld(only)).told).toEqual(["b/s0 must"]);
    expect(callers(peeredWorld(only, ["fd00:2::9"])).told).toEqual(["a/s0 must", "b/s0 must"]);
  });

  test("which family is peered is not known, where ARM says something else than yes or no", () => {
    const { told, reasons } = callers(peeredWorld({ enableOnlyIPv6Peering: "perhaps" }));
    expect(told).toEqual(["a/s0 may", "a/s1 may", "b/s0 must"]);
    expect(reasons).toContain("perhaps");
  });
});
