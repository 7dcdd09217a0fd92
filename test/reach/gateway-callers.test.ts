import { describe, expect, test } from "vitest";
import type { ServiceFact } from "../../lib/model/fact.ts";
import { Glob } from "../../lib/model/glob.ts";
import { Policy } from "../../lib/model/policy.ts";
import { IpSet } from "../../lib/net/ip-set.ts";
import { reachFromElsewhere, type ServiceReach, serviceReach, type Way } from "../../lib/reach/service-reach.ts";
import {
  aConnection,
  aFirewall,
  aGroup,
  aNetwork,
  aPrivateEndpoint,
  aRouteTable,
  aStorageAccount,
  classicRules,
  idOf as idOfBody,
  type NetworkParts,
  networkId,
  type SubnetParts,
  storageId,
  subnetId,
} from "../oracle/bodies.ts";
import { complete, type Given, idOf, refused, subscription } from "../support/builders.ts";
import {
  aGateway,
  aSite,
  aVpnConnection,
  gatewayId,
  gatewaySubnet,
  noOtherVpnConnection,
} from "../support/gateways.ts";
import { addressOf } from "../support/reach.ts";
import { policyWith, snapshotOf } from "../support/world.ts";

const account = aStorageAccount(
  {},
  { privateEndpointConnections: [aConnection(storageId, "pe", "Approved")], publicNetworkAccess: "Disabled" },
);

/** The endpoint is at 10.1.1.4, in a spoke; the gateway in the hub. */
function worldWith(parts: {
  readonly vpn?: Given;
  readonly peering?: object;
  readonly endpoints?: SubnetParts;
  readonly hub?: NetworkParts;
}): Given {
  const { vpn = aVpnConnection(), peering = { gateway: "uses" }, endpoints = {}, hub = {} } = parts;
  const inHub = [{ prefixes: ["10.0.0.0/24"] }, gatewaySubnet()];
  return [
    aNetwork({
      name: "hub",
      subnets: inHub,
      peerings: [{ with: "a", ranges: ["10.1.0.0/16"], gateway: "lends" }],
      ...hub,
    }),
    aNetwork({
      ranges: ["10.1.0.0/16"],
      subnets: [{ name: "s1", prefixes: ["10.1.1.0/24"], ...endpoints }],
      peerings: [{ with: "hub", ranges: ["10.0.0.0/16"], ...peering }],
    }),
    ...aPrivateEndpoint({ addresses: ["10.1.1.4"] }),
    [aGateway({ inside: networkId("hub") }), aSite(), noOtherVpnConnection, vpn, account],
    complete(subscription, "Microsoft.Network/privateEndpoints"),
    complete(subscription, "Microsoft.Network/networkSecurityPerimeters/resourceAssociations"),
  ];
}

function accountIn(given: Given) {
  const snapshot = snapshotOf([given, { kind: "end", because: "is not in the recording" }]);
  const found = snapshot.get(idOf(storageId));
  if (found.kind !== "fact") throw new TypeError("the account is not there");
  return { snapshot, service: found.fact as ServiceFact };
}

function reachIn(given: Given, policy = Policy.default): ServiceReach {
  const { service, snapshot } = accountIn(given);
  return serviceReach(service, policy, snapshot);
}

/** Those that are behind a gateway: "reaches 10.70.0.0/16". */
function overGateways(ways: readonly Way[]): readonly string[] {
  return ways.filter(isOverGateway).map(({ must, may }) => {
    return must.isEmpty ? `unknown ${may.toPrefixes().join(" ")}` : `reaches ${must.toPrefixes().join(" ")}`;
  });
}

function isOverGateway({ from }: Way): boolean {
  return typeof from === "object" && from.key === idOf(gatewayId()).key;
}

const denied = [aGroup([{ access: "Deny", sourceAddressPrefix: "10.70.0.0/17", destinationAddressPrefix: "*" }])];
const filtered = { nsg: "nsg", properties: { privateEndpointNetworkPolicies: "Enabled" } };
const keepsOut = {
  id: idOfBody("routeTables", "rt"),
  name: "rt",
  type: "Microsoft.Network/routeTables",
  properties: { routes: [], disableBgpRoutePropagation: true },
};

describe("callers behind a gateway whose routes lead through an Azure Firewall", () => {
  const firewallSubnet = { name: "AzureFirewallSubnet", prefixes: ["10.0.9.64/26"] };
  const rule = { protocols: ["TCP"], destinationAddresses: ["10.1.0.0/16"], destinationPorts: ["443"] };
  const letting = (sourceAddresses: readonly string[], ofFirewall: SubnetParts = {}) => {
    const additionalProperties = { "Network.SNAT.PrivateRanges": "255.255.255.255/32" };
    const networkRuleCollections = classicRules([200, "Allow", { ...rule, sourceAddresses }]);
    return [
      worldWith({
        endpoints: { properties: { privateEndpointNetworkPolicies: "RouteTableEnabled" } },
        hub: {
          subnets: [
            { ...gatewaySubnet(), routeTable: "rt" },
            { ...firewallSubnet, ...ofFirewall },
          ],
        },
      }),
      aRouteTable([["10.1.0.0/16", "VirtualAppliance", "10.0.9.68"]]),
      aFirewall({
        privateAddress: "10.0.9.68",
        subnet: subnetId("hub", "AzureFirewallSubnet"),
        properties: { networkRuleCollections, applicationRuleCollections: [], additionalProperties },
      }),
    ];
  };

  test.each([
    { when: "it denies all of them", sources: ["10.0.0.0/16"], want: [] },
    { when: "it lets some of them pass", sources: ["10.70.0.0/17"], want: ["reaches 10.70.0.0/17"] },
  ])("where $when", ({ sources, want }) => {
    expect(overGateways(reachIn(letting(sources)).ways)).toEqual(want);
  });

  test("which has no route back to them", () => {
    const given = [letting(["*"], { routeTable: "back" }), { ...keepsOut, id: idOfBody("routeTables", "back") }];
    const { ways } = reachIn(given);
    expect(overGateways(ways)).toEqual(["unknown 10.70.0.0/16"]);
    const reasons = ways.filter(isOverGateway).flatMap(({ because }) => because);
    expect(reasons.join()).toContain("whether replies get back from `AzureFirewallSubnet` to callers behind a gateway");
  });
});

describe("callers behind a gateway", () => {
  test.each([
    { when: "the endpoint's network uses the hub's gateway", given: worldWith({}), want: ["reaches 10.70.0.0/16"] },
    { when: "it does not use it", given: worldWith({ peering: {} }), want: [] },
    { when: "the gateway has no connection", given: worldWith({ vpn: [] }), want: [] },
    {
      when: "the group of the endpoint's subnet refuses some of them",
      given: [worldWith({ endpoints: filtered }), denied],
      want: ["reaches 10.70.128.0/17"],
    },
    {
      when: "the group of the endpoint's subnet says nothing of its own: they are in `VirtualNetwork`",
      given: [worldWith({ endpoints: filtered }), aGroup()],
      want: ["reaches 10.70.0.0/16"],
    },
    {
      when: "the table of the endpoint's subnet has no route back",
      given: [worldWith({ endpoints: { routeTable: "rt" } }), keepsOut],
      want: ["unknown 10.70.0.0/16"],
    },
    {
      when: "the table of the endpoint's subnet was refused",
      given: [worldWith({ endpoints: { routeTable: "rt" } }), refused(keepsOut.id)],
      want: ["unknown 10.70.0.0/16"],
    },
  ])("$want where $when", ({ given, want }) => {
    const { ways, because } = reachIn(given);
    expect(overGateways(ways)).toEqual(want);
    expect(because).toEqual([]);
  });

  test("are told step by step, from the gateway to the endpoint", () => {
    const witness = reachIn(worldWith({})).ways.find(isOverGateway)?.witness;
    expect(witness?.flow).toMatchObject({ source: "10.70.0.4", destination: "10.1.1.4" });
    expect(witness?.steps[0]?.says).toBe("the caller is behind the gateway `vgw`");
    expect(witness?.steps[0]?.evidence.map(({ value }) => value)).toEqual([["10.70.0.0/16"]]);
    expect(witness?.steps.map(({ outcome }) => outcome)).toEqual(["passes", "passes", "passes", "passes", "passes"]);
  });

  test("are not told to get in where the endpoint may not answer them: the last step says so", () => {
    const witness = reachIn([worldWith({ endpoints: { routeTable: "rt" } }), keepsOut]).ways.find(
      isOverGateway,
    )?.witness;
    expect(witness?.outcome).toBe("unknown");
    expect(witness?.steps.at(-1)).toMatchObject({
      says: expect.stringMatching(/^whether an endpoint in `s1` answers callers behind a gateway/),
      evidence: [{ pointer: "/properties/disableBgpRoutePropagation", value: true }],
    });
  });

  test("with BGP others may come as well", () => {
    const { ways, because } = reachIn(worldWith({ vpn: aVpnConnection({ enableBgp: true }) }));
    expect(overGateways(ways)).toEqual(["reaches 10.70.0.0/16"]);
    expect(because).toEqual([expect.stringContaining("over BGP is not known")]);
  });

  test.each([
    { from: "10.70.0.9", want: ["reaches 10.70.0.9"] },
    { from: "10.71.0.9", want: [] },
  ])("from $from alone: $want", ({ from, want }) => {
    const { service, snapshot } = accountIn(worldWith({}));
    const { ways, because } = reachFromElsewhere(service, addressOf(from), snapshot);
    expect(overGateways(ways)).toEqual(want);
    expect(because).toEqual([]);
  });

  test.each([
    { when: "nobody comes in", vpn: [], outcome: "blocked" },
    { when: "somebody does", vpn: aVpnConnection(), outcome: "unknown" },
  ])("a site over a private connection is $outcome where $when", ({ vpn, outcome }) => {
    const site = {
      name: "porto",
      natAddresses: IpSet.empty,
      connection: "private",
      needs: [{ kind: "id", glob: new Glob("*") }],
    } as const;
    const { ways } = reachIn(worldWith({ vpn }), policyWith({ sites: [site] }));
    expect(ways.filter(({ kind }) => kind === "site").map((way) => way.outcome)).toEqual([outcome]);
  });

  test("in a subnet of the hub they may be led on by nobody: the hub's own subnets are other callers", () => {
    const { ways } = reachIn(worldWith({}));
    const others = ways.filter((way) => way.kind === "privateEndpoint" && !isOverGateway(way));
    expect(others.map(({ from }) => (typeof from === "object" ? from.text : from)).sort()).toEqual([
      subnetId("a", "s1"),
      `${networkId("hub")}/subnets/GatewaySubnet`,
      subnetId("hub"),
    ]);
  });
});
