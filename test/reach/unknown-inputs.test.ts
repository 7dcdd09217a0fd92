import { expect, test } from "vitest";
import type { ServiceFact, SubnetFact } from "../../lib/model/fact.ts";
import { reachFromSubnet } from "../../lib/reach/service-reach.ts";
import {
  aConnection,
  aGroup,
  aNetwork,
  aPrivateEndpoint,
  aRouteTable,
  aStorageAccount,
  type NetworkParts,
  idOf as oracleIdOf,
  type Properties,
  type SubnetParts,
  storageId,
  subnetId,
} from "../oracle/bodies.ts";
import type { Body } from "../oracle/world.ts";
import { type Given, idOf, refused } from "../support/builders.ts";
import { closedWorld } from "../support/closed-world.ts";
import { snapshotOf } from "../support/world.ts";

interface Row {
  readonly when: string;
  /** The subnet that asks; the endpoint stands in the other one of its network. */
  readonly from?: SubnetParts;
  readonly endpoint?: SubnetParts;
  readonly network?: NetworkParts;
  readonly more?: readonly Body[];
  readonly given?: Given;
  /** A part of the reason; absent where the way is certain all the same. */
  readonly because?: string;
}

const outboundDeny = (properties: Properties) => [
  aGroup([{ direction: "Outbound", access: "Deny", ...properties }], "nsg"),
];

const rows: readonly Row[] = [
  { when: "nothing is wrong" },
  {
    when: "a rule has a prefix that cannot be understood",
    from: { nsg: "nsg" },
    more: outboundDeny({ destinationAddressPrefix: "10.0.1.300/33" }),
    because: "10.0.1.300/33",
  },
  {
    when: "a rule has a protocol that nobody knows",
    from: { nsg: "nsg" },
    more: outboundDeny({ protocol: "Quic" }),
    because: "a protocol that is not known",
  },
  {
    when: "a rule has a port that is none",
    from: { nsg: "nsg" },
    more: outboundDeny({ destinationPortRange: "443-80" }),
    because: "443-80",
  },
  {
    when: "a rule has an access that nobody knows",
    from: { nsg: "nsg" },
    more: outboundDeny({ access: "Maybe" }),
    because: "Maybe",
  },
  {
    when: "a rule has no priority",
    from: { nsg: "nsg" },
    more: outboundDeny({ priority: undefined }),
    because: "priority",
  },
  {
    when: "a rule has both the singular and the plural field",
    from: { nsg: "nsg" },
    more: outboundDeny({ destinationAddressPrefix: "10.0.1.4", destinationAddressPrefixes: ["10.9.0.0/16"] }),
    because: "10.0.1.4",
  },
  {
    when: "a rule names a service tag that is in no list",
    from: { nsg: "nsg" },
    more: outboundDeny({ destinationAddressPrefix: "ContosoCloud" }),
    because: "ContosoCloud",
  },
  {
    when: "a rule names an application security group, and nobody knows whose it is",
    from: { nsg: "nsg" },
    more: outboundDeny({
      destinationAddressPrefix: undefined,
      destinationApplicationSecurityGroups: [{ id: oracleIdOf("applicationSecurityGroups", "web") }],
    }),
  },
  {
    when: "the security group may not be read",
    from: { nsg: "nsg" },
    given: refused(oracleIdOf("networkSecurityGroups", "nsg")),
    because: "403",
  },
  {
    when: "the security group of the endpoint may not be read, which policies let in",
    endpoint: { nsg: "nsg", properties: { privateEndpointNetworkPolicies: "Enabled" } },
    given: refused(oracleIdOf("networkSecurityGroups", "nsg")),
    because: "403",
  },
  {
    when: "the security group of the endpoint may not be read, which does not apply to it",
    endpoint: { nsg: "nsg", properties: { privateEndpointNetworkPolicies: "Disabled" } },
    given: refused(oracleIdOf("networkSecurityGroups", "nsg")),
  },
  {
    when: "the network policies have a value that nobody knows",
    endpoint: { nsg: "nsg", properties: { privateEndpointNetworkPolicies: "Sometimes" } },
    more: [aGroup([{ access: "Deny" }])],
    because: "Sometimes",
  },
  {
    when: "the route table is in a subscription that was not read",
    from: {
      properties: {
        routeTable: {
          id: "/subscriptions/99999999-0000-4000-8000-000000000001/resourceGroups/rg/providers/Microsoft.Network/routeTables/rt",
        },
      },
    },
    endpoint: { properties: { privateEndpointNetworkPolicies: "Enabled" } },
    because: "routeTables/rt",
  },
  {
    when: "a route has a prefix that cannot be understood, and policies let the table in",
    from: { routeTable: "rt" },
    endpoint: { properties: { privateEndpointNetworkPolicies: "Enabled" } },
    more: [aRouteTable([["10.0.1.0/99", "None"]])],
    because: "10.0.1.0/99",
  },
  {
    when: "a route is for a service tag that is in no list, which holds no private address",
    from: { routeTable: "rt" },
    endpoint: { properties: { privateEndpointNetworkPolicies: "Enabled" } },
    more: [aRouteTable([["ContosoCloud", "None"]])],
  },
  {
    when: "a route has a next hop that nobody knows, and policies let the table in",
    from: { routeTable: "rt" },
    endpoint: { properties: { privateEndpointNetworkPolicies: "Enabled" } },
    more: [aRouteTable([["10.0.1.4/32", "Wormhole"]])],
    because: "Wormhole",
  },
  {
    when: "the network is peered with itself, and with one that was not read",
    network: {
      peerings: [
        { with: "a", ranges: ["10.0.0.0/16"] },
        { with: "elsewhere", ranges: ["10.7.0.0/16"] },
      ],
    },
  },
  {
    when: "a peering's ranges cannot be understood, which is no matter in the endpoint's own network",
    network: { peerings: [{ with: "elsewhere", ranges: ["10.0.0.0/"] }] },
  },
];

test.each(rows)("from a subnet to a private endpoint: $because when $when", (row) => {
  const { from = {}, endpoint = {}, network = {}, more = [], given = [], because } = row;
  const subnets = [
    { name: "s0", ...from },
    { name: "s1", prefixes: ["10.0.1.0/24"], ...endpoint },
  ];
  const account = aStorageAccount({}, { privateEndpointConnections: [aConnection(storageId, "pe", "Approved")] });
  const resources = [aNetwork({ subnets, ...network }), ...aPrivateEndpoint(), account, ...more];
  const snapshot = snapshotOf([given, closedWorld({ resources, serviceTags: [] })]);
  const [service, subnet] = [storageId, subnetId()].map((id) => snapshot.get(idOf(id)));
  if (service?.kind !== "fact" || subnet?.kind !== "fact") throw new Error("the world lacks its service or subnet");
  const { ways } = reachFromSubnet(service.fact as ServiceFact, subnet.fact as SubnetFact, snapshot);
  const [way] = ways;
  expect(ways.length).toBe(1);
  expect(way?.witness?.outcome).toBe(because === undefined ? "reaches" : "unknown");
  expect(way?.may.isEmpty).toBe(false);
  if (because === undefined) expect(way?.because).toEqual([]);
  else expect(way?.because.join("\n")).toContain(because);
  expect(way?.witness?.because.length).toBe(way?.because.length);
});
