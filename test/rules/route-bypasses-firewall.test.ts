import { Glob } from "../../lib/model/glob.ts";
import { routeBypassesFirewall } from "../../lib/rules/route-bypasses-firewall.ts";
import { readSet } from "../net/read-set.ts";
import {
  absent,
  aNetwork,
  aNetworkInterface,
  aRouteTable,
  aSecurityGroup,
  aSecurityRule,
  aSubnet,
  type Body,
  complete,
  type Given,
  group,
  networkId,
  nsgId,
  publicAddressId,
  refused,
  refusedList,
  routeTableId,
  type SubnetParts,
  subnetId,
  subscription,
} from "../support/builders.ts";
import { aGateway, aSite, aVpnConnection, gatewaySubnet, noOtherVpnConnection, siteId } from "../support/gateways.ts";
import { anInterface, aPrivateEndpoint, interfaceId } from "../support/private-endpoints.ts";
import { ruleTable } from "../support/rule-table.ts";
import { policyWith } from "../support/world.ts";

const firewalls = readSet("10.9.0.4");
const declared = policyWith({ firewalls });
const isolated = policyWith({ firewalls, isolatedSubnets: [new Glob("*/subnets/snet-app")] });

const appliance = { nextHopType: "VirtualAppliance", nextHopIpAddress: "10.9.0.4" };
const toFirewall = { addressPrefix: "0.0.0.0/0", ...appliance };
const other = { nextHopType: "VirtualAppliance", nextHopIpAddress: "10.9.0.5" };
const noGateway = absent(`${networkId}/subnets/GatewaySubnet`);
const routeTable = { id: routeTableId };

/** A subnet that is not private, with these routes. */
function withRoutes(routes: readonly Readonly<Record<string, unknown>>[], parts: SubnetParts = {}): Given {
  const properties = { routeTable, defaultOutboundAccess: true, ...parts.properties };
  return [aNetwork([{ ...parts, properties }]), aRouteTable(routes), noGateway, aSecurityGroup()];
}

/** A subnet without a table. */
function bare(properties: Readonly<Record<string, unknown>> = {}): Given {
  return [aNetwork([{ properties: { defaultOutboundAccess: true, ...properties } }]), noGateway, aSecurityGroup()];
}

/** The same, and a VPN gateway with one connection. */
function withGateway(connection: Readonly<Record<string, unknown>>, gateway = {}): Given {
  return [
    [gatewayed, aGateway({ inside: networkId, properties: gateway }), aSite(), aSecurityGroup()],
    [aVpnConnection(connection), noOtherVpnConnection, noRouteServer],
  ];
}

const gatewayed = aNetwork([
  { properties: { defaultOutboundAccess: true } },
  { ...gatewaySubnet("10.0.255.0/27"), nsg: undefined },
]);
const noRouteServer = absent(`${networkId}/subnets/RouteServerSubnet`);

/** The same, or a subnet with routes, behind a group with these outbound rules in the order of their priority. */
function guarded(world: Given, ...rules: readonly Readonly<Record<string, unknown>>[]): Given {
  const all = rules.map((rule, index) => aSecurityRule({ ...outbound, priority: 100 + index, ...rule }));
  return [world, aSecurityGroup(all)];
}

const outbound = { direction: "Outbound", protocol: "*", sourceAddressPrefix: "*", destinationPortRange: "*" };
const denied = { access: "Deny", destinationAddressPrefix: "Internet" };
const ofNic = `${nsgId}-nic`;

/** A network manager's rule that is in force in the network: nobody gets out. */
const managed: Given = {
  id: `${networkId}/effectiveSecurityAdminRules/current`,
  properties: {},
  value: [
    {
      id: "rule",
      kind: "Custom",
      properties: {
        ...{ access: "Deny", direction: "Outbound", priority: 1, protocol: "Any", sources: [], destinations: [] },
        ...{ sourcePortRanges: ["0-65535"], destinationPortRanges: ["0-65535"] },
      },
    },
  ],
};

/** The same, and a private endpoint at 10.0.0.4 in a subnet with this policy. */
function withEndpoint(policy: string, ...routes: readonly Readonly<Record<string, unknown>>[]): Given {
  const properties = { privateEndpointNetworkPolicies: policy };
  return [withRoutes([toFirewall, ...routes], { properties }), aPrivateEndpoint(), anInterface(), everyEndpoint];
}

const endpoints = "Microsoft.Network/privateEndpoints";
const everyEndpoint = complete(subscription, endpoints);
const ownRange = { addressPrefix: "10.0.0.0/16", ...other };

const natId = `${group}/providers/Microsoft.Network/natGateways/nat`;
const natGateway = { id: natId };

function aNatGateway(properties: Readonly<Record<string, unknown>> = {}): Body {
  return { id: natId, type: "Microsoft.Network/natGateways", sku: { name: "Standard" }, properties };
}

const nicId = `${group}/providers/Microsoft.Network/networkInterfaces/nic`;
const toInternet = { addressPrefix: "198.51.100.0/24", nextHopType: "Internet" };

/** A private subnet with `nic` in it, and one range that goes to the internet. */
function privately(properties: Readonly<Record<string, unknown>> = {}): Given {
  const ipConfigurations = [{ id: `${nicId}/ipConfigurations/ipconfig1` }];
  return withRoutes([toFirewall, toInternet], {
    properties: { defaultOutboundAccess: false, ipConfigurations, ...properties },
  });
}

const hubId = `${group}/providers/Microsoft.Network/virtualNetworks/hub`;
const peering = {
  name: "to-hub",
  properties: {
    peeringState: "Connected",
    allowVirtualNetworkAccess: true,
    remoteVirtualNetwork: { id: hubId },
    remoteAddressSpace: { addressPrefixes: ["10.50.0.0/16"] },
  },
};

/** A route to another appliance is for 10.50.0.0/16. */
function withPeerings(virtualNetworkPeerings: unknown): Given {
  const network = aNetwork([{ properties: { routeTable } }]);
  return [
    { ...network, properties: { ...Object(network.properties), virtualNetworkPeerings } },
    aRouteTable([toFirewall, { addressPrefix: "10.50.0.0/16", ...other }]),
    noGateway,
  ];
}

const backendPool = { id: `${group}/providers/Microsoft.Network/loadBalancers/lb/backendAddressPools/pool` };
const balanced = { loadBalancerBackendAddressPools: [backendPool] };

/** Its IPv4 goes to the firewall. */
function dualStack(properties: Readonly<Record<string, unknown>> = {}, ...routes: readonly object[]): Given {
  return withRoutes([toFirewall, ...routes.map((route) => ({ ...route }))], {
    properties: { addressPrefix: undefined, addressPrefixes: ["10.0.0.0/24", "fd00:1::/64"], ...properties },
  });
}

const ipv6 = { privateIPAddress: "fd00:1::4", privateIPAddressVersion: "IPv6" };

ruleTable(routeBypassesFirewall, [
  { when: "the policy names no firewall", given: withRoutes([]), want: "pass" },
  { when: "the subnet is not isolated, and has no way to the firewall", given: bare(), policy: declared, want: "pass" },
  { when: "everything goes to the firewall", given: withRoutes([toFirewall]), policy: isolated, want: "pass" },
  {
    when: "one range goes to the internet",
    looks: "fine",
    given: withRoutes([toFirewall, { addressPrefix: "198.51.100.0/24", nextHopType: "Internet" }]),
    policy: declared,
    want: "fail",
    says: ["198.51.100.0/24", "/properties/routes/1"],
  },
  {
    when: "one range goes to another appliance",
    looks: "fine",
    given: withRoutes([toFirewall, { addressPrefix: "198.51.100.0/24", ...other }]),
    policy: declared,
    want: "fail",
    says: ["198.51.100.0/24"],
  },
  {
    when: "the default route goes to another appliance",
    given: withRoutes([{ addressPrefix: "0.0.0.0/0", ...other }]),
    policy: isolated,
    want: "fail",
    says: ["packets to the internet go past the firewall"],
  },
  {
    when: "the default route goes to another appliance, and nobody said that the subnet is isolated",
    given: withRoutes([{ addressPrefix: "0.0.0.0/0", ...other }]),
    policy: declared,
    want: "pass",
  },
  {
    when: "two halves of the internet go to the firewall, and a part of one elsewhere",
    looks: "fine",
    given: withRoutes([
      { addressPrefix: "0.0.0.0/1", ...appliance },
      { addressPrefix: "128.0.0.0/1", ...appliance },
      { addressPrefix: "203.0.113.0/24", nextHopType: "Internet" },
    ]),
    policy: declared,
    want: "fail",
    says: ["203.0.113.0/24"],
  },
  {
    when: "a range that goes to the internet holds a longer one that does not, and no other address",
    looks: "wrong",
    given: withRoutes([
      toFirewall,
      { addressPrefix: "198.51.100.0/24", nextHopType: "Internet" },
      { addressPrefix: "198.51.100.0/25", ...appliance },
      { addressPrefix: "198.51.100.128/25", ...appliance },
    ]),
    policy: declared,
    want: "pass",
  },
  {
    when: "packets to one range are dropped, and to another go to the gateway",
    looks: "wrong",
    given: withRoutes([
      toFirewall,
      { addressPrefix: "198.51.100.0/24", nextHopType: "None" },
      { addressPrefix: "203.0.113.0/24", nextHopType: "VirtualNetworkGateway" },
    ]),
    policy: declared,
    want: "pass",
  },
  {
    when: "the route to the internet is for private addresses",
    looks: "wrong",
    given: withRoutes([toFirewall, { addressPrefix: "10.50.0.0/16", nextHopType: "Internet" }]),
    policy: declared,
    want: "pass",
  },
  {
    when: "a service endpoint leads to the service past the firewall",
    looks: "wrong",
    given: withRoutes([toFirewall], { serviceEndpoints: ["Microsoft.Storage"] }),
    policy: isolated,
    want: "pass",
  },
  {
    when: "an isolated subnet has no table",
    looks: "fine",
    given: bare(),
    policy: isolated,
    want: "fail",
    says: ["every address that no route of the subnet is for", "/properties/defaultOutboundAccess"],
  },
  {
    when: "an isolated subnet has no table, and its group lets nobody out to the internet",
    looks: "wrong",
    given: guarded(bare(), denied),
    policy: isolated,
    want: "pass",
  },
  {
    when: "an isolated subnet has no table, and a network manager lets nobody out",
    looks: "wrong",
    given: [bare(), managed],
    policy: isolated,
    want: "pass",
  },
  {
    when: "an isolated subnet has no table, and its group lets one port out before it denies the internet",
    looks: "fine",
    given: guarded(bare(), { destinationAddressPrefix: "Internet", destinationPortRange: "443" }, denied),
    policy: isolated,
    want: "fail",
    says: ["every address that no route of the subnet is for"],
  },
  {
    when: "an isolated subnet has no table, and its group lets out to one address before it denies the internet",
    looks: "fine",
    given: guarded(bare(), { destinationAddressPrefix: "198.51.100.7" }, denied),
    policy: isolated,
    want: "fail",
    says: ["packets to 198.51.100.7 go past the firewall"],
  },
  {
    when: "an isolated subnet has no table, and its group denies UDP alone",
    looks: "fine",
    given: guarded(bare(), { ...denied, protocol: "Udp" }),
    policy: isolated,
    want: "fail",
  },
  {
    when: "an isolated subnet has no table, and its group denies a service tag whose addresses are not known",
    looks: "fine",
    given: guarded(bare(), { access: "Deny", destinationAddressPrefix: "Storage" }),
    policy: isolated,
    want: "fail",
  },
  {
    when: "an isolated subnet has no table, and its group was refused",
    given: [aNetwork([{ properties: { defaultOutboundAccess: true } }]), noGateway, refused(nsgId)],
    policy: isolated,
    want: "undetermined",
    says: [`403 reading ${nsgId}`],
  },
  {
    when: "one of two interfaces in an isolated subnet without table has a group that lets nobody out",
    looks: "fine",
    given: [
      bare(),
      aNetworkInterface({}, ofNic),
      aNetworkInterface({ privateIPAddress: "10.0.0.5" }, undefined, "nic-2"),
      aSecurityGroup([aSecurityRule({ ...outbound, ...denied })], ofNic),
    ],
    policy: isolated,
    want: "fail",
  },
  {
    when: "the group denies the range that a route takes past the firewall",
    looks: "wrong",
    given: guarded(withRoutes([toFirewall, toInternet]), {
      access: "Deny",
      destinationAddressPrefix: "198.51.100.0/24",
    }),
    policy: declared,
    want: "pass",
  },
  {
    when: "the group denies a half of the range that a route takes past the firewall",
    looks: "fine",
    given: guarded(withRoutes([toFirewall, toInternet]), {
      access: "Deny",
      destinationAddressPrefix: "198.51.100.0/25",
    }),
    policy: declared,
    want: "fail",
    says: ["packets to 198.51.100.128/25 go past the firewall"],
  },
  {
    when: "the group denies the internet, which need not hold a range that a route is for",
    given: guarded(withRoutes([toFirewall, toInternet]), denied),
    policy: declared,
    want: "undetermined",
    says: ["leave open what `VirtualNetwork` and `Internet` hold"],
  },
  {
    when: "a route takes the traffic of a private endpoint past the firewall, and the group denies it",
    looks: "wrong",
    given: guarded(withEndpoint("Enabled", ownRange), { access: "Deny", destinationAddressPrefix: "10.0.0.4" }),
    policy: declared,
    want: "pass",
  },
  {
    when: "a route takes the traffic of a private endpoint past the firewall, and the group was refused",
    given: [
      ...[aNetwork([{ properties: { routeTable } }]), noGateway, refused(nsgId)],
      ...[aRouteTable([toFirewall, ownRange]), aPrivateEndpoint(), anInterface(), everyEndpoint],
    ],
    policy: declared,
    want: "undetermined",
    says: [`403 reading ${nsgId}`],
  },
  {
    when: "an isolated subnet without a table is private",
    looks: "wrong",
    given: bare({ defaultOutboundAccess: false }),
    policy: isolated,
    want: "pass",
  },
  {
    when: "an isolated delegated subnet without a table is called private, which does nothing there",
    looks: "fine",
    given: bare({
      defaultOutboundAccess: false,
      delegations: [{ name: "apps", properties: { serviceName: "Microsoft.Web/serverFarms" } }],
    }),
    policy: isolated,
    want: "undetermined",
    says: ["which way out the service has"],
  },
  {
    when: "an isolated private subnet has a NAT gateway",
    looks: "fine",
    given: [
      bare({ defaultOutboundAccess: false, natGateway }),
      aNatGateway({ publicIpAddresses: [{ id: publicAddressId }] }),
    ],
    policy: isolated,
    want: "fail",
    says: ["/properties/natGateway", "/properties/publicIpAddresses"],
  },
  {
    when: "an isolated private subnet has a NAT gateway without an address",
    given: [bare({ defaultOutboundAccess: false, natGateway }), aNatGateway()],
    policy: isolated,
    want: "undetermined",
    says: [`\`${natId}\` has no public address`],
  },
  {
    when: "an isolated subnet with default outbound access has a NAT gateway without an address",
    given: [bare({ defaultOutboundAccess: true, natGateway }), aNatGateway()],
    policy: isolated,
    want: "undetermined",
    says: [`\`${natId}\` has no public address`],
  },
  {
    when: "a machine with a public address is behind a NAT gateway without an address",
    given: [
      bare({ defaultOutboundAccess: false, natGateway }),
      aNatGateway(),
      aNetworkInterface({ publicIPAddress: publicAddressId }),
    ],
    policy: isolated,
    want: "undetermined",
    says: [`\`${natId}\` has no public address`],
  },
  {
    when: "an isolated private subnet has a NAT gateway that was refused",
    given: [bare({ defaultOutboundAccess: false, natGateway }), refused(natId)],
    policy: isolated,
    want: "undetermined",
    says: [`403 reading ${natId}`],
  },
  {
    when: "a NAT gateway is for all of the network of an isolated private subnet",
    looks: "fine",
    given: [bare({ defaultOutboundAccess: false }), aNatGateway({ sourceVirtualNetwork: { id: networkId } })],
    policy: isolated,
    want: "undetermined",
    says: ["the NAT gateway `nat`", "/properties/sourceVirtualNetwork"],
  },
  {
    when: "a machine in an isolated private subnet has a public address",
    looks: "fine",
    given: [bare({ defaultOutboundAccess: false }), aNetworkInterface({ publicIPAddress: publicAddressId })],
    policy: isolated,
    want: "fail",
    says: ["publicIPAddress"],
  },
  {
    when: "ARM does not say whether the isolated subnet is private",
    given: bare({ defaultOutboundAccess: undefined }),
    policy: isolated,
    want: "undetermined",
    says: ["default outbound access"],
  },
  {
    when: "ARM does not say so, and the owner made a route to the internet",
    given: withRoutes([toFirewall, { addressPrefix: "198.51.100.0/24", nextHopType: "Internet" }], {
      properties: { defaultOutboundAccess: undefined },
    }),
    policy: declared,
    want: "fail",
    says: ["is not a private one"],
  },
  {
    when: "the owner made a route to the internet in a private subnet, from which nothing gets out",
    looks: "wrong",
    given: withRoutes([toFirewall, { addressPrefix: "198.51.100.0/24", nextHopType: "Internet" }], {
      properties: { defaultOutboundAccess: false },
    }),
    policy: declared,
    want: "pass",
  },
  {
    when: "an interface in the private subnet was refused, and may have a public address",
    looks: "fine",
    given: [privately(), refused(nicId)],
    policy: declared,
    want: "undetermined",
    says: [`403 reading ${nicId}`],
  },
  {
    when: "an interface in the private subnet was read without its properties",
    looks: "fine",
    given: [privately(), { id: nicId, type: "Microsoft.Network/networkInterfaces" }],
    policy: declared,
    want: "undetermined",
    says: ["without its properties"],
  },
  {
    when: "every interface in the private subnet was read, and none has a public address",
    looks: "wrong",
    given: [privately(), aNetworkInterface()],
    policy: declared,
    want: "pass",
  },
  {
    when: "the interfaces were refused, and the body of the private subnet lists none",
    looks: "fine",
    given: [
      privately({ ipConfigurations: undefined }),
      refusedList(subscription, "Microsoft.Network/networkInterfaces"),
    ],
    policy: declared,
    want: "undetermined",
    says: ["403"],
  },
  {
    when: "a machine in the private subnet is behind a load balancer, which may have outbound rules",
    looks: "fine",
    given: [privately(), aNetworkInterface(balanced)],
    policy: declared,
    want: "undetermined",
    says: ["backendAddressPools/pool", "/loadBalancerBackendAddressPools/0/id"],
  },
  {
    when: "a machine behind a load balancer has a public address as well",
    given: [privately(), aNetworkInterface({ publicIPAddress: publicAddressId, ...balanced })],
    policy: declared,
    want: "fail",
    says: ["publicIPAddress"],
  },
  {
    when: "an interface was refused, in a subnet that is not private anyway",
    given: [privately({ defaultOutboundAccess: true }), refused(nicId)],
    policy: declared,
    want: "fail",
  },
  {
    when: "the table of an isolated private subnet was refused, and may lead to another appliance",
    looks: "fine",
    given: [aNetwork([{ properties: { routeTable } }]), refused(routeTableId), noGateway],
    policy: isolated,
    want: "undetermined",
    says: ["403"],
  },
  {
    when: "only IPv4 goes to the firewall, and IPv6, which has no default outbound access, nowhere",
    looks: "wrong",
    given: dualStack(),
    policy: declared,
    want: "pass",
  },
  {
    when: "a route takes IPv6 to the internet, and nothing in the subnet gets out over it",
    looks: "wrong",
    given: [
      dualStack({}, { addressPrefix: "::/0", nextHopType: "Internet" }),
      aNetworkInterface({ publicIPAddress: publicAddressId }),
    ],
    policy: declared,
    want: "pass",
  },
  {
    when: "only IPv4 goes to the firewall, and a machine has a public IPv6 address",
    looks: "fine",
    given: [dualStack(), aNetworkInterface({ ...ipv6, publicIPAddress: publicAddressId })],
    policy: declared,
    want: "fail",
    says: ["publicIPAddress"],
  },
  {
    when: "nobody knows whether a public address is an IPv6 one",
    given: [dualStack(), aNetworkInterface({ privateIPAddress: undefined, publicIPAddress: publicAddressId })],
    policy: declared,
    want: "undetermined",
    says: [publicAddressId],
  },
  {
    when: "the NAT gateway of the subnet carries IPv6",
    looks: "fine",
    given: [
      dualStack({ natGateway }),
      aNatGateway({ publicIpPrefixesV6: [{ id: `${group}/providers/Microsoft.Network/publicIPPrefixes/v6` }] }),
    ],
    policy: declared,
    want: "fail",
    says: ["/properties/publicIpPrefixesV6"],
  },
  {
    when: "the NAT gateway of the subnet carries IPv4 only",
    looks: "wrong",
    given: [dualStack({ natGateway }), aNatGateway()],
    policy: declared,
    want: "pass",
  },
  {
    when: "the NAT gateway of the subnet was refused, and may carry IPv6",
    given: [dualStack({ natGateway }), refused(natId)],
    policy: declared,
    want: "undetermined",
    says: [`403 reading ${natId}`],
  },
  {
    when: "an interface was refused, which may have a public IPv6 address",
    looks: "fine",
    given: [dualStack({ ipConfigurations: [{ id: `${nicId}/ipConfigurations/ipconfig1` }] }), refused(nicId)],
    policy: declared,
    want: "undetermined",
  },
  {
    when: "an IPv6 address is behind a load balancer, which may have outbound rules",
    given: [dualStack(), aNetworkInterface({ ...ipv6, ...balanced })],
    policy: declared,
    want: "undetermined",
    says: ["backendAddressPools/pool"],
  },
  {
    when: "IPv6 goes to another appliance",
    looks: "fine",
    given: dualStack({}, { addressPrefix: "::/0", ...other }),
    policy: declared,
    want: "fail",
    says: ["/properties/routes/1"],
  },
  {
    when: "IPv6 goes to another appliance, and the subnet has none",
    looks: "wrong",
    given: withRoutes([toFirewall, { addressPrefix: "::/0", ...other }]),
    policy: declared,
    want: "pass",
  },
  {
    when: "IPv6 goes to another appliance, and nobody knows whether the subnet has any",
    looks: "fine",
    given: dualStack({ addressPrefixes: ["somewhere"] }, { addressPrefix: "::/0", ...other }),
    policy: declared,
    want: "undetermined",
    says: ["somewhere"],
  },
  {
    when: "the firewall stands in the subnet",
    looks: "wrong",
    given: bare({ addressPrefix: "10.9.0.0/24" }),
    policy: isolated,
    want: "pass",
  },
  {
    when: "the addresses of a tag that goes to the internet are not known",
    given: withRoutes([toFirewall, { addressPrefix: "AzureMonitor", nextHopType: "Internet" }]),
    policy: declared,
    want: "undetermined",
    says: ["AzureMonitor"],
  },
  {
    when: "the addresses of a tag that goes to the internet are known",
    given: [
      withRoutes([toFirewall, { addressPrefix: "AzureMonitor", nextHopType: "Internet" }]),
      {
        kind: "serviceTags",
        list: { changeNumber: 1, values: [{ name: "AzureMonitor", addressPrefixes: ["20.1.0.0/16"] }] },
      },
    ],
    policy: declared,
    want: "fail",
    says: ["packets to AzureMonitor"],
  },
  {
    when: "a route for the service of an endpoint goes to the internet, which may come before the endpoint or not",
    given: [
      withRoutes([toFirewall, { addressPrefix: "20.60.0.0/16", nextHopType: "Internet" }], {
        serviceEndpoints: ["Microsoft.Storage"],
      }),
      {
        kind: "serviceTags",
        list: { changeNumber: 1, values: [{ name: "Storage", addressPrefixes: ["20.60.0.0/16"] }] },
      },
    ],
    policy: declared,
    want: "undetermined",
    says: ["is not documented"],
  },
  {
    when: "a route leads to a group of appliances that are not named",
    given: withRoutes([toFirewall, { addressPrefix: "198.51.100.0/24", nextHopType: "VirtualApplianceEcmp" }]),
    policy: declared,
    want: "undetermined",
    says: ["which appliances"],
  },
  {
    when: "a gateway may learn another way over BGP",
    given: withGateway({ enableBgp: true }),
    policy: isolated,
    want: "undetermined",
    says: ["learns from the connection `cn-porto` over BGP is not known"],
  },
  {
    when: "it is not known which connections a gateway has",
    given: [gatewayed, aGateway({ inside: networkId }), aSecurityGroup()],
    policy: isolated,
    want: "undetermined",
    says: ["is not in the recording"],
  },
  {
    when: "a gateway leads to a site alone",
    looks: "fine",
    given: withGateway({}),
    policy: isolated,
    want: "fail",
    says: ["every address that no route of the subnet is for"],
  },
  {
    when: "a gateway leads to its default site whatever else there is",
    looks: "wrong",
    given: withGateway({}, { gatewayDefaultSite: { id: siteId() } }),
    policy: isolated,
    want: "pass",
  },
  {
    when: "the table was refused",
    given: [aNetwork([{ properties: { routeTable, defaultOutboundAccess: true } }]), refused(routeTableId), noGateway],
    policy: isolated,
    want: "undetermined",
    says: ["403"],
  },
  {
    when: "the table was refused, and may lead to the firewall",
    given: [aNetwork([{ properties: { routeTable, defaultOutboundAccess: true } }]), refused(routeTableId), noGateway],
    policy: declared,
    want: "undetermined",
  },
  {
    when: "the subnet was read without its properties",
    given: { id: subnetId, type: "Microsoft.Network/virtualNetworks/subnets" },
    policy: isolated,
    want: "undetermined",
  },
  {
    when: "a route takes the traffic of a private endpoint to another appliance",
    looks: "fine",
    given: withEndpoint("RouteTableEnabled", { addressPrefix: "10.0.0.0/16", ...other }),
    policy: declared,
    want: "fail",
    says: ["the private endpoint pe-blob", "/properties/privateEndpointNetworkPolicies", "/properties/routes/1"],
  },
  {
    when: "a route takes the traffic of a private endpoint to the firewall",
    given: withEndpoint("RouteTableEnabled", { addressPrefix: "10.0.0.0/16", ...appliance }),
    policy: declared,
    want: "pass",
  },
  {
    when: "a route leaves the traffic of a private endpoint in the network",
    looks: "wrong",
    given: withEndpoint("Enabled", { addressPrefix: "10.0.0.0/16", nextHopType: "VnetLocal" }),
    policy: declared,
    want: "pass",
  },
  {
    when: "the route is for the private endpoint's network, whose policy for route tables is off",
    looks: "wrong",
    given: withEndpoint("NetworkSecurityGroupEnabled", { addressPrefix: "10.0.0.0/16", ...other }),
    policy: declared,
    want: "pass",
  },
  {
    when: "the route is shorter than the range of the private endpoint's network",
    looks: "wrong",
    given: withEndpoint("Enabled", { addressPrefix: "10.0.0.0/15", ...other }),
    policy: declared,
    want: "pass",
  },
  {
    when: "the route is for just the private endpoint's address, without the policy",
    given: withEndpoint("Disabled", { addressPrefix: "10.0.0.4/32", ...other }),
    policy: declared,
    want: "undetermined",
    says: ["is not documented"],
  },
  {
    when: "nobody knows the policy of the private endpoint's subnet",
    given: withEndpoint("Sometimes", { addressPrefix: "10.0.0.0/16", ...other }),
    policy: declared,
    want: "undetermined",
    says: ["Sometimes"],
  },
  {
    when: "the interface of the private endpoint was refused, and a route is for all of its subnet, wherever it stands there",
    looks: "fine",
    given: [
      withRoutes([toFirewall, ownRange], { properties: { privateEndpointNetworkPolicies: "Enabled" } }),
      aPrivateEndpoint(),
      refused(interfaceId()),
      everyEndpoint,
    ],
    policy: declared,
    want: "fail",
    says: ["the private endpoint pe-blob", "/properties/routes/1"],
  },
  {
    when: "the interface of the private endpoint was refused, and the route is for another subnet",
    looks: "wrong",
    given: [
      withRoutes([toFirewall, { addressPrefix: "10.0.9.0/24", ...other }]),
      aPrivateEndpoint(),
      refused(interfaceId()),
      everyEndpoint,
    ],
    policy: declared,
    want: "pass",
  },
  {
    when: "the interface of a private endpoint was refused, and a route takes the traffic of a part of its subnet",
    given: [
      withRoutes([toFirewall, { addressPrefix: "10.0.0.0/25", ...other }]),
      aPrivateEndpoint(),
      refused(interfaceId()),
      everyEndpoint,
    ],
    policy: declared,
    want: "undetermined",
    says: [`403 reading ${interfaceId()}`],
  },
  {
    when: "a private endpoint stands in a subnet that was refused",
    looks: "fine",
    given: [
      withRoutes([toFirewall, { addressPrefix: "10.0.9.0/24", ...other }]),
      aPrivateEndpoint({ subnet: `${networkId}/subnets/snet-pe` }),
      refused(`${networkId}/subnets/snet-pe`),
      everyEndpoint,
    ],
    policy: declared,
    want: "undetermined",
    says: ["snet-pe"],
  },
  {
    when: "a route is for the network, and the list of private endpoints was refused",
    looks: "fine",
    given: [withRoutes([toFirewall, ownRange]), refusedList(subscription, endpoints)],
    policy: declared,
    want: "undetermined",
    says: ["403 AuthorizationFailed reading the list", "/properties/routes/1"],
  },
  {
    when: "the list of private endpoints was refused, in a network whose subnets let no route take their traffic",
    looks: "wrong",
    given: [
      withRoutes([toFirewall, ownRange], { properties: { privateEndpointNetworkPolicies: "Disabled" } }),
      refusedList(subscription, endpoints),
    ],
    policy: declared,
    want: "pass",
  },
  {
    when: "the list of private endpoints was refused, and the route is for another place",
    looks: "wrong",
    given: [
      withRoutes([toFirewall, { addressPrefix: "10.50.0.0/16", ...other }]),
      refusedList(subscription, endpoints),
    ],
    policy: declared,
    want: "pass",
  },
  {
    when: "the list of private endpoints was refused, and the route for the network leads to the firewall",
    looks: "wrong",
    given: [
      withRoutes([toFirewall, { addressPrefix: "10.0.0.0/16", ...appliance }]),
      refusedList(subscription, endpoints),
    ],
    policy: declared,
    want: "pass",
  },
  {
    when: "the route may be for a peer, whose peering cannot be understood",
    looks: "fine",
    given: [withPeerings("some"), everyEndpoint],
    policy: declared,
    want: "undetermined",
    says: ["virtualNetworkPeerings"],
  },
  {
    when: "the route is for a peer that was refused",
    looks: "fine",
    given: [withPeerings([peering]), refused(hubId), everyEndpoint],
    policy: declared,
    want: "undetermined",
    says: [`403 reading ${hubId}`],
  },
  {
    when: "the network of the subnet was refused",
    given: [
      aSubnet({ properties: { routeTable } }),
      refused(networkId),
      aRouteTable([toFirewall, { addressPrefix: "10.50.0.0/16", ...other }]),
      noGateway,
      everyEndpoint,
    ],
    policy: declared,
    want: "undetermined",
    says: [`403 reading ${networkId}`],
  },
]);
