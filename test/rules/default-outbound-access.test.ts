import { expect, test } from "vitest";
import { defaultOutboundAccess } from "../../lib/rules/default-outbound-access.ts";
import {
  absent,
  aNetwork,
  aNetworkInterface,
  aRouteTable,
  type Body,
  type Given,
  group,
  networkId,
  publicAddressId,
  refused,
  refusedList,
  routeTableId,
  type SubnetParts,
  subnetId,
  subscription,
} from "../support/builders.ts";
import { aGateway, aSite, aVpnConnection, gatewaySubnet, noOtherVpnConnection, siteId } from "../support/gateways.ts";
import { ruleTable } from "../support/rule-table.ts";
import { findingsOf } from "../support/world.ts";

function withAccess(access: unknown, properties = {}, parts: SubnetParts = {}): Body {
  return aNetwork([{ ...parts, properties: { defaultOutboundAccess: access, ...properties } }]);
}

const gateway = { id: `${group}/providers/Microsoft.Network/natGateways/ng` };
const natGateway = { natGateway: gateway };

/** A network with a NAT gateway for its subnets, of which one has default access. */
function withDefaultGateway(parts: SubnetParts = {}, defaultPublicNatGateway: unknown = gateway): Body {
  const network = withAccess(true, {}, parts);
  return { ...network, properties: { ...Object(network.properties), defaultPublicNatGateway } };
}

const routed = withAccess(true, { routeTable: { id: routeTableId } });

/** Route tables whose destinations go to an appliance unless said otherwise. */
function aTable(destinations: readonly string[], nextHopType = "VirtualAppliance"): Body {
  return aRouteTable(destinations.map((addressPrefix) => ({ addressPrefix, nextHopType })));
}

/** What Azure answered for an interface in the subnet: its active routes by prefix, unless said otherwise. */
function answered(routes: readonly Readonly<Record<string, unknown>>[], name = "nic"): Given {
  const id = `${group}/providers/Microsoft.Network/networkInterfaces/${name}`;
  const value = routes.map((route) => ({ source: "Default", state: "Active", nextHopIpAddress: [], ...route }));
  const answer = { id: `${id}/effectiveRouteTable/default`, value, properties: {} };
  return [aNetworkInterface({}, undefined, name), answer];
}

const local = { addressPrefix: ["10.0.0.0/16"], nextHopType: "VnetLocal" };
const toInternet = { addressPrefix: ["0.0.0.0/0"], nextHopType: "Internet" };
const toGateway = { addressPrefix: ["0.0.0.0/0"], nextHopType: "VirtualNetworkGateway" };

/** A VPN gateway in the network of the subnet, which leads to a site. */
function withSite(prefixes: readonly string[], gateway = {}, subnet = {}): Given {
  return [
    aNetwork([{ properties: { defaultOutboundAccess: true, ...subnet } }, { ...gatewaySubnet(), nsg: undefined }]),
    [aGateway({ inside: networkId, properties: gateway }), aSite(prefixes), aVpnConnection(), noOtherVpnConnection],
  ];
}

const defaultSite = { gatewayDefaultSite: { id: siteId() } };

function aNatGateway(properties: Readonly<Record<string, unknown>>): Body {
  return { id: gateway.id, type: "Microsoft.Network/natGateways", sku: { name: "StandardV2" }, properties };
}

const ofNetwork = aNatGateway({ sourceVirtualNetwork: { id: networkId } });
const withAddress = aNatGateway({ publicIpAddresses: [{ id: publicAddressId }] });

ruleTable(defaultOutboundAccess, [
  {
    when: "a NAT gateway is for the whole network",
    looks: "fine",
    given: [withAccess(true), ofNetwork],
    want: "undetermined",
    says: ["the NAT gateway `ng`", "/properties/sourceVirtualNetwork"],
  },
  {
    when: "the NAT gateways were refused, of which one may be for the whole network",
    given: [withAccess(true), refusedList(subscription, "Microsoft.Network/natGateways")],
    want: "undetermined",
    says: ["403"],
  },
  {
    when: "a gateway leads whatever leaves to its default site",
    looks: "wrong",
    given: withSite(["10.70.0.0/16"], defaultSite),
    want: "pass",
  },
  {
    when: "a gateway leads both halves of the internet to a site",
    looks: "wrong",
    given: withSite(["0.0.0.0/1", "128.0.0.0/1"]),
    want: "pass",
  },
  { when: "a gateway leads to a site alone", looks: "fine", given: withSite(["192.0.2.0/24"]), want: "fail" },
  {
    when: "a default route of the owner comes before that to the default site",
    looks: "fine",
    given: [
      withSite(["10.70.0.0/16"], defaultSite, { routeTable: { id: routeTableId } }),
      aTable(["0.0.0.0/0"], "Internet"),
    ],
    want: "fail",
  },
  {
    when: "Azure answered that a gateway takes what leaves",
    looks: "wrong",
    given: [withAccess(true), answered([local, { ...toInternet, state: "Invalid" }, toGateway])],
    want: "pass",
  },
  {
    when: "Azure answered that a gateway takes both halves of the internet",
    looks: "wrong",
    given: [
      withAccess(true),
      answered([
        local,
        toInternet,
        ...["0.0.0.0/1", "128.0.0.0/1"].map((half) => ({ ...toGateway, addressPrefix: [half] })),
      ]),
    ],
    want: "pass",
  },
  {
    when: "Azure answered that packets go to the internet, and the table was refused",
    looks: "fine",
    given: [routed, refused(routeTableId), answered([local, toInternet])],
    want: "fail",
    says: ["effectiveRouteTable/default"],
  },
  {
    when: "Azure answered in a way that cannot be understood, and the table was refused",
    given: [routed, refused(routeTableId), answered([{ ...toInternet, state: "Sleeping" }])],
    want: "undetermined",
  },
  {
    when: "Azure answered differently for two interfaces, and the table was refused",
    given: [routed, refused(routeTableId), answered([toInternet]), answered([toGateway], "nic-2")],
    want: "undetermined",
  },
  { when: "the subnet is private", given: withAccess(false), want: "pass" },
  { when: "it has default access", given: withAccess(true), want: "fail", says: ["/properties/defaultOutboundAccess"] },
  {
    when: "ARM does not say",
    looks: "fine",
    given: withAccess(undefined),
    want: "undetermined",
    says: ["does not say"],
  },
  {
    when: "the default route leads away and two halves lead back to the internet",
    looks: "fine",
    given: [
      routed,
      aRouteTable([
        { addressPrefix: "0.0.0.0/0", nextHopType: "VirtualAppliance" },
        { addressPrefix: "0.0.0.0/1", nextHopType: "Internet" },
        { addressPrefix: "128.0.0.0/1", nextHopType: "Internet" },
      ]),
    ],
    want: "fail",
  },
  {
    when: "the default route leads away, with an exception for one prefix",
    looks: "wrong",
    given: [
      routed,
      aRouteTable([
        { addressPrefix: "20.0.0.0/24", nextHopType: "Internet" },
        { addressPrefix: "0.0.0.0/0", nextHopType: "VirtualAppliance" },
      ]),
    ],
    want: "pass",
  },
  { when: "ARM says null", given: withAccess(null), want: "undetermined" },
  { when: "ARM says something else", given: withAccess("true"), want: "undetermined" },
  {
    when: "a NAT gateway takes what leaves",
    looks: "wrong",
    given: [withAccess(true, natGateway), withAddress],
    want: "pass",
  },
  {
    when: "ARM does not say, and there is a NAT gateway",
    given: [withAccess(undefined, natGateway), withAddress],
    want: "pass",
  },
  {
    when: "the NAT gateway has no address to send from",
    looks: "fine",
    given: [withAccess(true, natGateway), aNatGateway({})],
    want: "undetermined",
    says: ["/natGateways/ng` has no public address"],
  },
  {
    when: "the NAT gateway was refused, which may have no address to send from",
    given: [withAccess(true, natGateway), refused(gateway.id)],
    want: "undetermined",
    says: ["403"],
  },
  {
    when: "its network has a NAT gateway for all of its subnets",
    looks: "wrong",
    given: [withDefaultGateway(), withAddress],
    want: "pass",
  },
  {
    when: "its network has one for all of its subnets without an address to send from",
    looks: "fine",
    given: [withDefaultGateway(), aNatGateway({})],
    want: "undetermined",
    says: ["/natGateways/ng` has no public address"],
  },
  {
    when: "the reference of its network to one cannot be understood",
    given: withDefaultGateway({}, { id: "ng" }),
    want: "undetermined",
    says: ["/properties/defaultPublicNatGateway"],
  },
  {
    when: "the reference to a NAT gateway cannot be understood",
    given: withAccess(true, { natGateway: { id: "ng" } }),
    want: "undetermined",
  },
  {
    when: "the default route goes to an appliance",
    looks: "wrong",
    given: [routed, aTable(["0.0.0.0/0"])],
    want: "pass",
  },
  {
    when: "it goes to a gateway",
    given: [routed, aTable(["0.0.0.0/0"], "VirtualNetworkGateway")],
    want: "pass",
  },
  {
    when: "it keeps everything in the network",
    looks: "wrong",
    given: [routed, aTable(["0.0.0.0/0"], "VnetLocal")],
    want: "pass",
  },
  { when: "it drops everything", looks: "wrong", given: [routed, aTable(["0.0.0.0/0"], "None")], want: "pass" },
  {
    when: "two halves of the address space go to an appliance",
    looks: "wrong",
    given: [routed, aTable(["0.0.0.0/1", "128.0.0.0/1"])],
    want: "pass",
  },
  {
    when: "only one half does",
    looks: "fine",
    given: [routed, aTable(["0.0.0.0/1"])],
    want: "fail",
  },
  {
    when: "the default route goes to the internet",
    looks: "fine",
    given: [routed, aTable(["0.0.0.0/0"], "Internet")],
    want: "fail",
  },
  {
    when: "the table has no route",
    looks: "fine",
    given: [routed, aTable([])],
    want: "fail",
    says: ["/properties/routes"],
  },
  {
    when: "the default route goes where nobody knows",
    given: [routed, aTable(["0.0.0.0/0"], "Elsewhere")],
    want: "undetermined",
    says: ["Elsewhere"],
  },
  {
    when: "a service tag goes to an appliance",
    given: [routed, aTable(["AzureCloud"])],
    want: "undetermined",
    says: ["/properties/routes/0"],
  },
  { when: "the table was refused", given: [routed, refused(routeTableId)], want: "undetermined", says: ["403"] },
  { when: "the table was not read", given: routed, want: "undetermined", says: ["routeTables/rt"] },
  { when: "the table was read without its properties", given: [routed, { id: routeTableId }], want: "undetermined" },
  { when: "the table is gone", given: [routed, absent(routeTableId)], want: "fail" },
  {
    when: "the subnet is delegated, which exempts it",
    looks: "wrong",
    given: withAccess(true, {}, { delegations: ["Microsoft.Web/serverFarms"] }),
    want: "pass",
  },
  ...["GatewaySubnet", "AzureBastionSubnet", "AzureFirewallSubnet", "azurefirewallmanagementsubnet"].map((name) => ({
    when: `it is ${name}`,
    given: withAccess(true, {}, { name }),
    want: "pass" as const,
  })),
  {
    when: "the subnet was read without its properties",
    given: { id: subnetId, type: "Microsoft.Network/virtualNetworks/subnets" },
    want: "undetermined",
  },
]);

/** The subnet of a gateway that was not read. */
const unreadGateway: SubnetParts = { ...gatewaySubnet(), nsg: undefined };

/** https://learn.microsoft.com/azure/route-server/route-injection-in-spokes */
const routeServerSubnet: SubnetParts = {
  name: "RouteServerSubnet",
  nsg: undefined,
  properties: {
    ipConfigurations: [{ id: `${group}/providers/Microsoft.Network/virtualHubs/rs/ipConfigurations/default` }],
  },
};
const announced = "no gateway announces a default route to the subnet";

/** https://learn.microsoft.com/azure/virtual-network/virtual-networks-udr-overview#default-route */
test.each<[string, readonly string[], Given]>([
  ["a gateway in the network", [announced], aNetwork([{ properties: { defaultOutboundAccess: true } }, unreadGateway])],
  ["a gateway with BGP", [announced], [withSite(["10.70.0.0/16"]), aVpnConnection({ enableBgp: true }, "cn-bgp")]],
  ["a gateway without BGP", [], withSite(["10.70.0.0/16"])],
  ["no gateway", [], aNetwork([{ properties: { defaultOutboundAccess: true } }])],
  [
    "a gateway whose routes Azure told of",
    [],
    [aNetwork([{ properties: { defaultOutboundAccess: true } }, unreadGateway]), answered([local, toInternet])],
  ],
  [
    "a default route of the owner, which comes before that of a gateway",
    [],
    [
      aNetwork([{ properties: { defaultOutboundAccess: true, routeTable: { id: routeTableId } } }, unreadGateway]),
      aTable(["0.0.0.0/0"], "Internet"),
    ],
  ],
  [
    "a route server in the network",
    [announced],
    aNetwork([{ properties: { defaultOutboundAccess: true } }, routeServerSubnet]),
  ],
  [
    "a table that takes no routes of the gateway",
    [],
    [
      aNetwork([{ properties: { defaultOutboundAccess: true, routeTable: { id: routeTableId } } }, unreadGateway]),
      { ...aRouteTable([]), properties: { routes: [], disableBgpRoutePropagation: true } },
    ],
  ],
])("with %s it assumes %j", async (_, assumed, given) => {
  const findings = await findingsOf(defaultOutboundAccess, given);
  expect(findings.map(({ status, assumptions }) => ({ status, assumptions }))).toEqual([
    { status: "fail", assumptions: assumed },
  ]);
});
