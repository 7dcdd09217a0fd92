import { expect, test } from "vitest";
import { Glob } from "../../lib/model/glob.ts";
import type { Policy } from "../../lib/model/policy.ts";
import { nsgAdmitsInternet } from "../../lib/rules/nsg-admits-internet.ts";
import {
  absent,
  aNetwork,
  aNetworkInterface,
  aPublicAddress,
  aRouteTable,
  aSecurityGroup,
  aSecurityRule,
  type Body,
  complete,
  type Given,
  group,
  networkId,
  nsgId,
  publicAddressId,
  refused,
  routeTableId,
  subnetId,
  subscription,
} from "../support/builders.ts";
import {
  aFirewall,
  aNatRule,
  aPolicy,
  classicCollection,
  firewallAddressId,
  firewallId,
  policyId,
  theFirewallAddress,
} from "../support/firewalls.ts";
import { ruleTable } from "../support/rule-table.ts";
import { findingsOf, policyWith } from "../support/world.ts";

const ofNic = `${nsgId}-nic`;

/** The subnet's group, with these inbound rules in the order of their priority. */
function withRules(...rules: readonly Readonly<Record<string, unknown>>[]): Given {
  return [aNetwork(), aSecurityGroup(rules.map((rule, index) => aSecurityRule({ priority: 100 + index, ...rule })))];
}

/** The network of `snet-app` with a firewall's subnet, which lists the firewall. */
const firewalled = aNetwork([
  {},
  {
    name: "AzureFirewallSubnet",
    nsg: undefined,
    properties: {
      addressPrefix: "10.0.9.0/24",
      ipConfigurations: [{ id: `${firewallId}/azureFirewallIpConfigurations/ipconfig1` }],
    },
  },
]);
const standing = [
  {
    properties: {
      publicIPAddress: { id: firewallAddressId },
      subnet: { id: `${networkId}/subnets/AzureFirewallSubnet` },
    },
  },
];

/** A classic firewall in the network, and what the group of `snet-app` says. */
function natted(rules: readonly object[], ...securityRules: readonly object[]): Given {
  const natRuleCollections = [classicCollection(rules, { action: "Dnat" })];
  return [
    firewalled,
    aSecurityGroup(securityRules),
    aFirewall({ natRuleCollections, ipConfigurations: standing }),
    theFirewallAddress(),
  ];
}

const nicId = (name: string) => `${group}/providers/Microsoft.Network/networkInterfaces/${name}`;

/** The interface of a private endpoint. */
const ofEndpoint: Body = {
  id: nicId("nic-pe"),
  properties: {
    privateEndpoint: { id: `${group}/providers/Microsoft.Network/privateEndpoints/pe` },
    ipConfigurations: [{ name: "a", properties: { privateIPAddress: "10.0.0.9", subnet: { id: subnetId } } }],
  },
};

/** The network of `snet-app`, which lists addresses of these. */
function holding(...owners: readonly string[]): Body {
  return aNetwork([{ properties: { ipConfigurations: owners.map((id) => ({ id: `${id}/ipConfigurations/a` })) } }]);
}

/** A network with 20.0.0.0/16, peered with one that has 20.1.0.0/16. */
function withPublicSpace(peeringState: string): Body {
  const network = aNetwork([{ properties: { addressPrefix: "20.0.0.0/24" } }]);
  const remoteVirtualNetwork = { id: `${networkId}-2` };
  const remoteAddressSpace = { addressPrefixes: ["20.1.0.0/16"] };
  const flags = { allowVirtualNetworkAccess: true, allowForwardedTraffic: false, useRemoteGateways: false };
  const virtualNetworkPeerings = [
    { name: "peer", properties: { ...flags, peeringState, remoteVirtualNetwork, remoteAddressSpace } },
  ];
  const addressSpace = { addressPrefixes: ["20.0.0.0/16"] };
  return { ...network, properties: { ...Object(network.properties), addressSpace, virtualNetworkPeerings } };
}

/** The subnet of an application gateway. */
const ofGateway = aNetwork([
  {
    properties: {
      applicationGatewayIPConfigurations: [
        { id: `${group}/providers/Microsoft.Network/applicationGateways/agw/gatewayIPConfigurations/a` },
      ],
    },
  },
]);
const forGateways = { sourceAddressPrefix: "GatewayManager", destinationPortRange: "65200-65535" };
const gatewayManagers: Given = {
  kind: "serviceTags",
  list: { changeNumber: 1, values: [{ name: "GatewayManager", addressPrefixes: ["20.1.0.0/16"] }] },
};

const isolated = policyWith({ isolatedSubnets: [new Glob("*/subnets/snet-app")] });
const ssh = { destinationPortRange: "22" };
const asg = `${group}/providers/Microsoft.Network/applicationSecurityGroups/asg`;
const toGroup = { destinationAddressPrefix: undefined, destinationApplicationSecurityGroups: [{ id: asg }] };
const everyInterface = [
  complete(subscription, "Microsoft.Network/networkInterfaces"),
  complete(subscription, "Microsoft.Network/privateEndpoints"),
];
const endpointId = `${group}/providers/Microsoft.Network/privateEndpoints/pe`;
const unreadNic = `${group}/providers/Microsoft.Network/networkInterfaces/nic-9`;
const withoutGroup = aNetwork([{ nsg: undefined }]);
const behindAddress = aNetworkInterface({ publicIPAddress: publicAddressId });
const behind = { publicIPAddress: publicAddressId };
const otherSubnet = { subnet: { id: `${networkId}/subnets/snet-other` } };

/** An interface with several IP configurations, in `snet-app` unless they say otherwise. */
function withConfigurations(...list: readonly Readonly<Record<string, unknown>>[]): Body {
  const bodies = list.map((one) => Object(aNetworkInterface(one).properties).ipConfigurations[0]);
  const nic = aNetworkInterface();
  return { ...nic, properties: { ...Object(nic.properties), ipConfigurations: bodies } };
}

/** Its public address is at the one that is elsewhere. */
const inTwoSubnets = withConfigurations({}, { privateIPAddress: "10.0.1.4", ...otherSubnet, ...behind });

/** A rule of a network manager for everybody who comes to a port. */
function managed(access: string, port: string): Given {
  return managedBy({ access, port });
}

function managedBy(...rules: readonly { readonly access: string; readonly port: string }[]): Given {
  const id = `${networkId}/effectiveSecurityAdminRules/current`;
  return { id, properties: {}, value: rules.map(adminRule) };
}

/** All of them in a collection of its own, with the same priority. */
function adminRule({ access, port }: { readonly access: string; readonly port: string }) {
  const prefixes = [{ addressPrefix: "*", addressPrefixType: "IPPrefix" }];
  const properties = {
    ...{ access, protocol: "Any", direction: "Inbound", priority: 10, sources: prefixes, destinations: prefixes },
    ...{ sourcePortRanges: ["0-65535"], destinationPortRanges: [port] },
  };
  return { id: `${access}-${port}`, kind: "Custom", properties };
}

ruleTable(nsgAdmitsInternet, [
  { when: "the group has no rule of its own", given: withRules(), want: "pass" },
  {
    when: "the internet may come to a port for administration",
    given: withRules({ ...ssh, sourceAddressPrefix: "Internet", name: "AllowSsh" }),
    want: "fail",
    says: ["22 (SSH)", "/properties/securityRules/0", "no interface that was read has a public address"],
  },
  ...["*", "0.0.0.0/0", "Any", "internet"].map((sourceAddressPrefix) => ({
    when: `the source is ${sourceAddressPrefix}`,
    given: withRules({ ...ssh, sourceAddressPrefix }),
    want: "fail" as const,
  })),
  {
    when: "every port is open",
    given: withRules({ sourceAddressPrefix: "*", destinationPortRange: "*", protocol: "*" }),
    want: "fail",
    says: ["gets in on every port, 22 (SSH), 3389 (RDP), ", " among them"],
  },
  {
    when: "every port of TCP is open",
    given: withRules({ sourceAddressPrefix: "*", destinationPortRange: "0-65535", protocol: "Tcp" }),
    want: "fail",
    says: ["gets in on every TCP port, 22 (SSH)"],
  },
  {
    when: "a range holds the port",
    looks: "fine",
    given: withRules({ destinationPortRange: "20-30" }),
    want: "fail",
    says: ["22 (SSH)"],
  },
  {
    when: "plural fields hold ports and sources",
    looks: "fine",
    given: withRules({
      destinationPortRange: undefined,
      destinationPortRanges: ["3389", "5985-5986"],
      sourceAddressPrefix: undefined,
      sourceAddressPrefixes: ["10.0.0.0/8", "0.0.0.0/1", "128.0.0.0/1"],
    }),
    want: "fail",
    says: ["3389 (RDP), 5985 (WinRM) and 5986 (WinRM over TLS)"],
  },
  {
    when: "other ports are open besides",
    looks: "fine",
    given: withRules({ destinationPortRange: undefined, destinationPortRanges: ["443", "3389"] }),
    want: "fail",
    says: ["gets in on 3389 (RDP) and other ports; "],
  },
  {
    when: "only other ports are open",
    given: withRules(
      { destinationPortRange: "8000-8100" },
      { destinationPortRange: "443" },
      { destinationPortRange: "53", protocol: "Udp" },
    ),
    want: "fail",
    says: ["TCP 443 and 8000-8100, UDP 53"],
  },
  {
    when: "two rules have one half of the internet each",
    looks: "fine",
    given: withRules({ ...ssh, sourceAddressPrefix: "0.0.0.0/1" }, { ...ssh, sourceAddressPrefix: "128.0.0.0/1" }),
    policy: policyWith({ nearlyInternet: 0.9 }),
    want: "fail",
    says: ["/properties/securityRules/0", "/properties/securityRules/1"],
  },
  {
    when: "two rules have halves of the internet, but on different ports",
    looks: "wrong",
    given: withRules(
      { ...ssh, sourceAddressPrefix: "0.0.0.0/1" },
      { destinationPortRange: "443", sourceAddressPrefix: "128.0.0.0/1" },
    ),
    policy: policyWith({ nearlyInternet: 0.9 }),
    want: "pass",
  },
  {
    when: "a rule before it denies the same",
    looks: "wrong",
    given: withRules({ access: "Deny", sourceAddressPrefix: "Internet", destinationPortRange: "*" }, ssh),
    want: "pass",
  },
  {
    when: "a rule after it denies the same",
    looks: "fine",
    given: withRules(ssh, { access: "Deny", sourceAddressPrefix: "Internet", destinationPortRange: "*" }),
    want: "fail",
  },
  {
    when: "a rule before it denies another port",
    looks: "fine",
    given: withRules({ access: "Deny", destinationPortRange: "3389" }, { destinationPortRange: "*" }),
    want: "fail",
    says: ["22 (SSH)"],
  },
  {
    when: "the rule is for what goes out",
    looks: "wrong",
    given: withRules({ ...ssh, direction: "Outbound" }),
    want: "pass",
  },
  {
    when: "the rule is for ICMP",
    looks: "wrong",
    given: withRules({ protocol: "Icmp", destinationPortRange: "*" }),
    want: "pass",
  },
  {
    when: "a few addresses of the internet are let in",
    given: withRules({ ...ssh, sourceAddressPrefix: "203.0.113.0/24" }),
    want: "pass",
  },
  {
    when: "the source is the whole of the private addresses",
    looks: "wrong",
    given: withRules({ ...ssh, sourceAddressPrefix: "10.0.0.0/8" }),
    want: "pass",
  },
  {
    when: "a default route may put every address into VirtualNetwork, which nobody comes in by directly",
    looks: "wrong",
    given: withRules({ ...ssh, sourceAddressPrefix: "VirtualNetwork" }),
    want: "pass",
  },
  {
    when: "the rule is for addresses outside of the subnet",
    looks: "wrong",
    given: withRules({ ...ssh, destinationAddressPrefix: "10.0.9.0/24" }),
    want: "pass",
  },
  {
    when: "the rule is for an application security group without members",
    looks: "wrong",
    given: [withRules({ ...ssh, ...toGroup }), everyInterface],
    want: "pass",
  },
  {
    when: "the rule is for an application security group with a member in the subnet",
    given: [
      withRules({ ...ssh, ...toGroup }),
      everyInterface,
      aNetworkInterface({ applicationSecurityGroups: [{ id: asg }] }),
    ],
    want: "fail",
  },
  {
    when: "it is not known who is a member of the application security group",
    given: withRules({ ...ssh, ...toGroup }),
    want: "undetermined",
    says: ["networkinterfaces"],
  },
  {
    when: "the source is an application security group of which not all members are known: they are inside",
    looks: "wrong",
    given: withRules({ ...ssh, sourceAddressPrefix: undefined, sourceApplicationSecurityGroups: [{ id: asg }] }),
    want: "pass",
  },
  {
    when: "the group of the only interface closes what the subnet's opens",
    looks: "wrong",
    given: [withRules(ssh), aNetworkInterface({}, ofNic), aSecurityGroup([], ofNic)],
    want: "pass",
  },
  {
    when: "the group of the interface opens the same",
    given: [
      withRules(ssh),
      aNetworkInterface({ publicIPAddress: publicAddressId }, ofNic),
      aSecurityGroup([aSecurityRule({ ...ssh, sourceAddressPrefix: "0.0.0.0/0" })], ofNic),
    ],
    want: "fail",
    says: ["nsg-nic", "; an interface in it has a public address"],
  },
  {
    when: "the group of the interface opens another port",
    looks: "wrong",
    given: [
      withRules(ssh),
      aNetworkInterface({}, ofNic),
      aSecurityGroup([aSecurityRule({ destinationPortRange: "443" })], ofNic),
    ],
    want: "pass",
  },
  {
    when: "one of two interfaces has no group of its own",
    looks: "fine",
    given: [
      withRules(ssh),
      aNetworkInterface({}, ofNic),
      aSecurityGroup([], ofNic),
      aNetworkInterface({}, undefined, "nic-2"),
    ],
    want: "fail",
  },
  {
    when: "the interface that its own group closes is not the only one, and the other was not read",
    looks: "fine",
    given: [
      aNetwork([
        {
          properties: {
            ipConfigurations: [
              { id: `${group}/providers/Microsoft.Network/networkInterfaces/nic-9/ipConfigurations/a` },
            ],
          },
        },
      ]),
      aSecurityGroup([aSecurityRule(ssh)]),
      aNetworkInterface({}, ofNic),
      aSecurityGroup([], ofNic),
    ],
    want: "undetermined",
    says: ["nic-9"],
  },
  {
    when: "the interface is that of a private endpoint",
    looks: "wrong",
    given: [
      withoutGroup,
      { ...behindAddress, properties: { ...Object(behindAddress.properties), privateEndpoint: { id: endpointId } } },
    ],
    want: "pass",
  },
  {
    when: "the subnet has no group, and that of an interface lets everybody in",
    looks: "fine",
    given: [withoutGroup, aNetworkInterface({}, ofNic), aSecurityGroup([aSecurityRule(ssh)], ofNic)],
    want: "fail",
  },
  { when: "there is no group and no interface", given: withoutGroup, want: "pass" },
  {
    when: "there is no group, and an interface without public address",
    given: [withoutGroup, aNetworkInterface()],
    want: "pass",
  },
  {
    when: "there is no group, and an interface that was not read",
    looks: "fine",
    given: aNetwork([
      { nsg: undefined, properties: { ipConfigurations: [{ id: `${unreadNic}/ipConfigurations/a` }] } },
    ]),
    want: "undetermined",
    says: ["nic-9"],
  },
  {
    when: "there is no group, and an interface that was read without its properties",
    looks: "fine",
    given: [
      aNetwork([{ nsg: undefined, properties: { ipConfigurations: [{ id: `${unreadNic}/ipConfigurations/a` }] } }]),
      { id: unreadNic, type: "Microsoft.Network/networkInterfaces" },
    ],
    want: "undetermined",
    says: ["without its properties"],
  },
  {
    when: "there is no group, and an interface that is gone",
    given: [
      aNetwork([{ nsg: undefined, properties: { ipConfigurations: [{ id: `${unreadNic}/ipConfigurations/a` }] } }]),
      everyInterface,
    ],
    want: "pass",
  },
  {
    when: "there is no group before a Basic public address",
    looks: "fine",
    given: [withoutGroup, behindAddress, aPublicAddress("Basic")],
    want: "fail",
    says: ["every port", "/sku/name"],
  },
  {
    when: "there is no group before a Standard public address, which refuses everybody",
    looks: "wrong",
    given: [withoutGroup, behindAddress, aPublicAddress("Standard")],
    want: "pass",
  },
  {
    when: "it is not known which kind of public address is before the interface",
    given: [withoutGroup, behindAddress],
    want: "undetermined",
    says: ["pip"],
  },
  {
    when: "nobody knows that kind of public address",
    given: [withoutGroup, behindAddress, aPublicAddress("Deluxe")],
    want: "undetermined",
    says: ["Deluxe"],
  },
  { when: "the public address is gone", given: [withoutGroup, behindAddress, absent(publicAddressId)], want: "pass" },
  {
    when: "a group that lets everybody in is attached to nothing",
    looks: "wrong",
    given: [withoutGroup, aSecurityGroup([aSecurityRule(ssh)])],
    want: "pass",
  },
  {
    when: "Azure Bastion is let in on the port that it needs",
    looks: "wrong",
    given: [
      aNetwork([{ name: "AzureBastionSubnet" }]),
      aSecurityGroup([aSecurityRule({ destinationPortRange: "443" })]),
    ],
    want: "pass",
  },
  {
    when: "Azure Bastion is let in on a port that it does not need",
    given: [aNetwork([{ name: "AzureBastionSubnet" }]), aSecurityGroup([aSecurityRule(ssh)])],
    want: "fail",
  },
  {
    when: "an application gateway is let in on the ports of Azure's own traffic, which answer nobody else",
    looks: "wrong",
    given: [ofGateway, aSecurityGroup([aSecurityRule({ ...forGateways, sourceAddressPrefix: "Internet" })])],
    want: "pass",
  },
  {
    when: "an isolated application gateway is let in on the ports of Azure's own traffic",
    looks: "wrong",
    given: [ofGateway, aSecurityGroup([aSecurityRule(forGateways)]), gatewayManagers],
    policy: isolated,
    want: "pass",
  },
  {
    when: "an isolated subnet without application gateway is let in on those ports",
    given: [withRules(forGateways), gatewayManagers],
    policy: isolated,
    want: "fail",
    says: ["20.1.0.0/16"],
  },
  {
    when: "an application gateway is let in on more ports than those of Azure's own traffic",
    looks: "fine",
    given: [ofGateway, aSecurityGroup([aSecurityRule({ destinationPortRange: "65000-65535" })])],
    want: "fail",
    says: ["TCP 65000-65535", "the subnet is that of the application gateway `agw`"],
  },
  {
    when: "the address of an interface that it gets in to is one of another subnet, with a Basic public address",
    looks: "wrong",
    given: [withoutGroup, inTwoSubnets, aPublicAddress("Basic")],
    want: "pass",
  },
  {
    when: "the addresses of a service tag are not known: all of Azure's are a few in a hundred of the internet",
    looks: "wrong",
    given: withRules({ ...ssh, sourceAddressPrefix: "AzureCloud" }),
    want: "pass",
  },
  {
    when: "Front Door is let in, which needs no list of addresses to be no internet",
    looks: "wrong",
    given: withRules({ destinationPortRange: "443", sourceAddressPrefix: "AzureFrontDoor.Backend" }),
    want: "pass",
  },
  {
    when: "Front Door is let in, and the policy takes a hundredth of the addresses for the internet",
    given: withRules({ destinationPortRange: "443", sourceAddressPrefix: "AzureFrontDoor.Backend" }),
    policy: policyWith({ nearlyInternet: 0.01 }),
    want: "undetermined",
    says: ["`AzureFrontDoor.Backend` are not known"],
  },
  {
    when: "a tag that is in no list is let in beside nearly as much as the policy takes for the internet",
    given: withRules(
      { ...ssh, sourceAddressPrefix: "64.0.0.0/3" },
      { ...ssh, sourceAddressPrefix: "AzureCloud" },
      {
        ...ssh,
        sourceAddressPrefix: "32.0.0.0/4",
      },
      { ...ssh, sourceAddressPrefix: "20.0.0.0/6" },
    ),
    want: "undetermined",
  },
  {
    when: "the addresses of a service tag are known, and few",
    given: [
      withRules({ ...ssh, sourceAddressPrefix: "AzureCloud" }),
      {
        kind: "serviceTags",
        list: { changeNumber: 1, values: [{ name: "AzureCloud", addressPrefixes: ["20.0.0.0/8"] }] },
      },
    ],
    want: "pass",
  },
  {
    when: "a rule of a tag that is in no list denies some of them first",
    looks: "fine",
    given: withRules({ access: "Deny", sourceAddressPrefix: "AzureFrontDoor.Backend", destinationPortRange: "*" }, ssh),
    want: "fail",
    says: ["the internet gets in on 22 (SSH)"],
  },
  {
    when: "the protocol is not known",
    given: withRules({ ...ssh, protocol: "Sctp" }),
    want: "undetermined",
    says: ["protocol"],
  },
  {
    when: "the group was refused",
    given: [aNetwork(), refused(nsgId)],
    want: "undetermined",
    says: ["403"],
  },
  {
    when: "the group was read without its rules",
    given: [aNetwork(), { id: nsgId, type: "Microsoft.Network/networkSecurityGroups" }],
    want: "undetermined",
    says: ["without its properties"],
  },
  {
    when: "a rule has an access that nobody knows",
    given: withRules({ ...ssh, access: "Ponder" }),
    want: "undetermined",
    says: ["Ponder"],
  },
  {
    when: "a rule has no priority, so that it may come before every other",
    given: withRules({ ...ssh, priority: undefined }),
    want: "undetermined",
  },
  {
    when: "the subnet was read without its properties",
    given: { id: subnetId, type: "Microsoft.Network/virtualNetworks/subnets" },
    want: "undetermined",
    says: ["without its properties"],
  },
  {
    when: "the subnet has IPv6 as well, which alone is open",
    looks: "fine",
    given: [
      aNetwork([{ properties: { addressPrefix: undefined, addressPrefixes: ["10.0.0.0/24", "fd00:1::/64"] } }]),
      aSecurityGroup([aSecurityRule({ ...ssh, sourceAddressPrefix: "::/0" })]),
    ],
    want: "fail",
  },
  {
    when: "IPv6 is open, which the subnet does not have",
    looks: "wrong",
    given: withRules({ ...ssh, sourceAddressPrefix: "::/0" }),
    want: "pass",
  },
  {
    when: "a network manager denies it before the group is asked",
    looks: "wrong",
    given: [withRules(ssh), managed("Deny", "22")],
    want: "pass",
  },
  {
    when: "two rules of a network manager that contradict each other have the same priority",
    given: [withRules(ssh), managedBy({ access: "Allow", port: "22" }, { access: "Deny", port: "20-30" })],
    want: "undetermined",
    says: ["`Allow-22` and `Deny-20-30` of", "have the same priority"],
  },
  {
    when: "rules of a network manager with the same priority are for different ports",
    looks: "wrong",
    given: [withRules(ssh), managedBy({ access: "Deny", port: "22" }, { access: "Allow", port: "443" })],
    want: "pass",
  },
  {
    when: "a network manager denies another port",
    looks: "fine",
    given: [withRules(ssh), managed("Deny", "3389")],
    want: "fail",
  },
  {
    when: "a network manager always allows what the group denies",
    looks: "fine",
    given: [withRules(), managed("AlwaysAllow", "22")],
    want: "fail",
    says: ["22 (SSH)", "effectiveSecurityAdminRules"],
  },
  {
    when: "a network manager allows what the group denies",
    looks: "wrong",
    given: [withRules(), managed("Allow", "22")],
    want: "pass",
  },
  {
    when: "a network manager denies everything before a Basic public address",
    looks: "wrong",
    given: [withoutGroup, behindAddress, aPublicAddress("Basic"), managed("Deny", "0-65535")],
    want: "pass",
  },
  {
    when: "a network manager denies one port before a Basic public address",
    given: [withoutGroup, behindAddress, aPublicAddress("Basic"), managed("Deny", "22")],
    want: "fail",
    says: ["3389 (RDP)"],
  },
  {
    when: "only private endpoints are in the subnet, to which nobody comes from the internet",
    looks: "wrong",
    given: [holding(nicId("nic-pe")), aSecurityGroup([aSecurityRule(ssh)]), ofEndpoint],
    want: "pass",
  },
  {
    when: "private endpoints and a machine are in the subnet",
    looks: "fine",
    given: [
      holding(nicId("nic-pe"), nicId("nic-2")),
      aSecurityGroup([aSecurityRule(ssh)]),
      ofEndpoint,
      aNetworkInterface({}, undefined, "nic-2"),
    ],
    want: "fail",
  },
  {
    when: "private endpoints are in the subnet, and something that was not read",
    looks: "fine",
    given: [holding(nicId("nic-pe"), nicId("nic-2")), aSecurityGroup([aSecurityRule(ssh)]), ofEndpoint],
    want: "fail",
  },
  {
    when: "only private endpoints are in a subnet that is isolated",
    looks: "fine",
    given: [holding(nicId("nic-pe")), aSecurityGroup([aSecurityRule(ssh)]), ofEndpoint],
    policy: isolated,
    want: "fail",
  },
  {
    when: "a few addresses of the internet are let into a subnet that is isolated",
    looks: "fine",
    given: withRules({ destinationPortRange: "443", sourceAddressPrefix: "8.8.8.0/24" }),
    policy: isolated,
    want: "fail",
    says: ["8.8.8.0/24 of the internet can get in on TCP 443", "/properties/securityRules/0"],
  },
  {
    when: "one address of the internet is let into a subnet that is isolated",
    looks: "fine",
    given: withRules({ destinationPortRange: "443", sourceAddressPrefix: "20.1.2.3" }),
    policy: isolated,
    want: "fail",
    says: ["20.1.2.3"],
  },
  {
    when: "one IPv6 address is let into a subnet that is isolated",
    looks: "fine",
    given: [
      aNetwork([{ properties: { addressPrefix: undefined, addressPrefixes: ["10.0.0.0/24", "fd00:1::/64"] } }]),
      aSecurityGroup([aSecurityRule({ ...ssh, sourceAddressPrefix: "2606:4700::1111" })]),
    ],
    policy: isolated,
    want: "fail",
    says: ["2606:4700::1111"],
  },
  {
    when: "an isolated subnet lets everybody in on one port, and a few on another",
    given: withRules(ssh, { destinationPortRange: "3389", sourceAddressPrefix: "8.8.8.0/24" }),
    policy: isolated,
    want: "fail",
    says: ["the internet gets in on 22 (SSH); ", "/properties/securityRules/1"],
  },
  {
    when: "a NAT rule of a firewall in the network leads a few callers into an isolated subnet",
    looks: "fine",
    given: natted([aNatRule({ sourceAddresses: ["203.0.113.0/24", "20.1.2.3"] })]),
    policy: isolated,
    want: "fail",
    says: [
      "the NAT rule `nat` of `afw` leads callers from the internet in",
      "/natRuleCollections/0/properties/rules/0",
    ],
  },
  {
    when: "a NAT rule of a policy leads callers into an isolated subnet",
    looks: "fine",
    given: [
      firewalled,
      aSecurityGroup(),
      aFirewall({ firewallPolicy: { id: policyId }, ipConfigurations: standing }),
      theFirewallAddress(),
      aPolicy({ groups: [{ collections: [{ kind: "NatRule", rules: [aNatRule()] }] }] }),
    ],
    policy: isolated,
    want: "fail",
    says: ["the NAT rule `nat` of `afw`"],
  },
  {
    when: "a NAT rule leads into a subnet that nobody calls isolated, which is the firewall's matter",
    looks: "wrong",
    given: natted([aNatRule()]),
    want: "pass",
  },
  {
    when: "a NAT rule leads elsewhere than into the isolated subnet",
    looks: "wrong",
    given: natted([aNatRule({ translatedAddress: "10.0.1.4" })]),
    policy: isolated,
    want: "pass",
  },
  {
    when: "a NAT rule before it leads the same packets elsewhere",
    looks: "wrong",
    given: natted([aNatRule({ translatedAddress: "10.0.1.4" }), aNatRule()]),
    policy: isolated,
    want: "pass",
  },
  {
    when: "the group of the isolated subnet denies what comes from the firewall",
    looks: "wrong",
    given: natted(
      [aNatRule()],
      aSecurityRule({ access: "Deny", protocol: "*", destinationPortRange: "*", sourceAddressPrefix: "10.0.9.0/24" }),
    ),
    policy: isolated,
    want: "pass",
  },
  {
    when: "the group of the isolated subnet denies what comes from a part of the firewall's addresses",
    given: natted(
      [aNatRule()],
      aSecurityRule({ access: "Deny", protocol: "*", destinationPortRange: "*", sourceAddressPrefix: "10.0.9.4" }),
    ),
    policy: isolated,
    want: "undetermined",
    says: ["which of its private addresses a firewall uses"],
  },
  {
    when: "a NAT rule leads to the name of a host, beside an isolated subnet",
    given: natted([aNatRule({ translatedAddress: undefined, translatedFqdn: "erp.contoso.com" })]),
    policy: isolated,
    want: "undetermined",
    says: ["erp.contoso.com"],
  },
  {
    when: "the firewall was refused that stands in the network of an isolated subnet",
    looks: "fine",
    given: [firewalled, aSecurityGroup(), refused(firewallId)],
    policy: isolated,
    want: "undetermined",
    says: [`403 reading ${firewallId}`],
  },
  {
    when: "a few addresses are let into another subnet than the isolated one",
    looks: "wrong",
    given: withRules({ ...ssh, sourceAddressPrefix: "8.8.8.0/24" }),
    policy: policyWith({ isolatedSubnets: [new Glob("*/subnets/snet-data")] }),
    want: "pass",
  },
  {
    when: "the group of an isolated subnet has no rule of its own",
    looks: "wrong",
    given: withRules(),
    policy: isolated,
    want: "pass",
  },
  {
    when: "private addresses are let into a subnet that is isolated",
    looks: "wrong",
    given: withRules({ ...ssh, sourceAddressPrefix: "10.0.0.0/8" }, { ...ssh, sourceAddressPrefix: "VirtualNetwork" }),
    policy: isolated,
    want: "pass",
  },
  {
    when: "the network of an isolated subnet, which has public addresses, lets in itself and a peer",
    looks: "wrong",
    given: [
      withPublicSpace("Connected"),
      { id: `${networkId}-2`, properties: { subnets: [] } },
      aSecurityGroup([aSecurityRule({ ...ssh, sourceAddressPrefix: "20.0.0.0/15" })]),
    ],
    policy: isolated,
    want: "pass",
  },
  {
    when: "such a network lets in what was a peer",
    looks: "fine",
    given: [
      withPublicSpace("Disconnected"),
      { id: `${networkId}-2`, properties: { subnets: [] } },
      aSecurityGroup([aSecurityRule({ ...ssh, sourceAddressPrefix: "20.0.0.0/15" })]),
    ],
    policy: isolated,
    want: "fail",
    says: ["20.1.0.0/16 of the internet can get in on 22 (SSH)"],
  },
  {
    when: "an isolated subnet lets in a service tag whose addresses are not known",
    given: withRules({ ...ssh, sourceAddressPrefix: "Storage.WestEurope" }),
    policy: isolated,
    want: "undetermined",
    says: ["Storage.WestEurope"],
  },
  {
    when: "an isolated subnet lets Front Door in: whatever its addresses are, they are of the internet",
    looks: "fine",
    given: withRules({ destinationPortRange: "443", sourceAddressPrefix: "AzureFrontDoor.Backend" }),
    policy: isolated,
    want: "fail",
    says: [
      "the callers of `AzureFrontDoor.Backend` of the internet can get in on TCP 443",
      "/properties/securityRules/0",
    ],
  },
  {
    when: "a group of an isolated subnet denies Front Door before it lets it in",
    looks: "wrong",
    given: withRules(
      { access: "Deny", sourceAddressPrefix: "AzureFrontDoor.Backend", destinationPortRange: "*" },
      { destinationPortRange: "443", sourceAddressPrefix: "AzureFrontDoor.Backend" },
    ),
    policy: isolated,
    want: "pass",
  },
  {
    when: "addresses that Front Door may have are denied before an isolated subnet lets it in",
    given: withRules(
      { access: "Deny", sourceAddressPrefix: "20.0.0.0/8", destinationPortRange: "*" },
      { destinationPortRange: "443", sourceAddressPrefix: "AzureFrontDoor.Backend" },
    ),
    policy: isolated,
    want: "undetermined",
  },
  {
    when: "another tag that may be Front Door's is denied before an isolated subnet lets it in",
    given: withRules(
      { access: "Deny", sourceAddressPrefix: "AzureCloud", destinationPortRange: "*" },
      { destinationPortRange: "443", sourceAddressPrefix: "AzureFrontDoor.Backend" },
    ),
    policy: isolated,
    want: "undetermined",
  },
]);

const pool = `${group}/providers/Microsoft.Network/loadBalancers/lb/backendAddressPools/pool`;
const natRule = `${group}/providers/Microsoft.Network/loadBalancers/lb/inboundNatRules/ssh`;
const open = aSecurityGroup([aSecurityRule(ssh)]);
const member = { applicationSecurityGroups: [{ id: asg }], privateIPAddress: "10.0.0.5" };
const address = { publicIPAddress: publicAddressId };
const openToGroup = [aNetwork(), everyInterface, aSecurityGroup([aSecurityRule({ ...ssh, ...toGroup })])];

/** https://learn.microsoft.com/azure/virtual-network/application-security-groups */
test.each<[string, string, Given]>([
  [
    "medium",
    "no interface that it gets in to has a public address",
    [aNetworkInterface(address), aNetworkInterface(member, undefined, "nic-2")],
  ],
  [
    "high",
    "an interface in it has a public address",
    [aNetworkInterface(), aNetworkInterface({ ...member, ...address }, undefined, "nic-2")],
  ],
  [
    "high",
    "an interface in it is behind a load balancer",
    aNetworkInterface({ ...member, loadBalancerBackendAddressPools: [{ id: pool }] }),
  ],
])("severity %s, as %s, where a rule is for an application security group", async (severity, says, given) => {
  const findings = await findingsOf(nsgAdmitsInternet, [openToGroup, given]);
  expect(findings.map((finding) => [finding.severity, finding.message])).toEqual([
    [severity, expect.stringContaining(says)],
  ]);
});

test.each<[string, string, Given, Policy?]>([
  ["medium", "nothing is in the subnet", aNetwork()],
  ["medium", "no machine has a public address", [holding(nicId("nic")), aNetworkInterface()]],
  ["high", "a machine has a public address", [aNetwork(), aNetworkInterface({ publicIPAddress: publicAddressId })]],
  [
    "high",
    "a machine is behind a load balancer",
    [aNetwork(), aNetworkInterface({ loadBalancerBackendAddressPools: [{ id: pool }] })],
  ],
  [
    "high",
    "a load balancer leads a port to a machine",
    [aNetwork(), aNetworkInterface({ loadBalancerInboundNatRules: [{ id: natRule }] })],
  ],
  [
    "medium",
    "the machine with a public address has a group that lets nobody in, and another has none",
    [
      aNetwork(),
      aNetworkInterface({ publicIPAddress: publicAddressId }, ofNic),
      aSecurityGroup([], ofNic),
      aNetworkInterface({ privateIPAddress: "10.0.0.5" }, undefined, "nic-2"),
    ],
  ],
  ["high", "the interface that is in it was not read", holding(nicId("nic"))],
  ["high", "a gateway is in it", holding(`${group}/providers/Microsoft.Network/applicationGateways/agw`)],
  ["high", "it is delegated", aNetwork([{ delegations: ["Microsoft.Sql/managedInstances"] }])],
  ["high", "the policy calls it isolated", aNetwork(), isolated],
  ["high", "it is an application gateway's own, and the port is one for administration", ofGateway],
  ["medium", "the public address is at an IP configuration in another subnet", [holding(nicId("nic")), inTwoSubnets]],
])("the severity is %s where %s", async (severity, _, given, policy) => {
  const findings = await findingsOf(nsgAdmitsInternet, [given, open], policy);
  expect(findings.map((finding) => finding.severity)).toEqual([severity]);
});

const routed = aNetwork([{ properties: { routeTable: { id: routeTableId } } }]);
const defaultRoute = { addressPrefix: "0.0.0.0/0", nextHopType: "VirtualAppliance", nextHopIpAddress: "10.9.0.4" };
const halves = aRouteTable(["0.0.0.0/1", "128.0.0.0/1"].map((half) => ({ ...defaultRoute, addressPrefix: half })));
const toAppliance = aRouteTable([defaultRoute]);
const web = aSecurityGroup([aSecurityRule({ destinationPortRange: "443" })]);
const toFirst = aSecurityGroup([aSecurityRule({ ...ssh, destinationAddressPrefix: "10.0.0.4" })]);
const second = { privateIPAddress: "10.0.0.5" };

/**
 * https://learn.microsoft.com/azure/application-gateway/configuration-infrastructure#required-security-rules
 * https://learn.microsoft.com/azure/virtual-network/network-security-groups-overview#security-rules
 * https://learn.microsoft.com/azure/virtual-network/virtual-networks-udr-overview#default-route
 */
test.each<[string, string, Given, Policy?]>([
  ["low", "an application gateway is let in to on the port of a web server", [ofGateway, web]],
  ["high", "that gateway is in an isolated subnet", [ofGateway, web], isolated],
  [
    "high",
    "an application gateway is let in to on every port",
    [ofGateway, aSecurityGroup([aSecurityRule({ destinationPortRange: "*" })])],
  ],
  ["medium", "the default route leads replies to an appliance", [routed, open, toAppliance, aNetworkInterface(behind)]],
  [
    "medium",
    "routes for both halves of the internet lead replies there",
    [routed, open, halves, aNetworkInterface(behind)],
  ],
  [
    "high",
    "the default route leads replies to the internet",
    [routed, open, aRouteTable([{ addressPrefix: "0.0.0.0/0", nextHopType: "Internet" }]), aNetworkInterface(behind)],
  ],
  [
    "high",
    "a route leads some of the replies to an appliance",
    [routed, open, aRouteTable([{ ...defaultRoute, addressPrefix: "0.0.0.0/1" }]), aNetworkInterface(behind)],
  ],
  [
    "high",
    "the table that may lead replies elsewhere was refused",
    [routed, open, refused(routeTableId), aNetworkInterface(behind)],
  ],
  [
    "high",
    "the default route leads replies to an appliance, and the subnet is isolated",
    [routed, open, toAppliance, aNetworkInterface(behind)],
    isolated,
  ],
  [
    "high",
    "the open one of two addresses of an interface has the public one",
    [aNetwork(), toFirst, withConfigurations(behind, second)],
  ],
  ["medium", "the other one has it", [aNetwork(), toFirst, withConfigurations({}, { ...second, ...behind })]],
  [
    "medium",
    "the other one is behind a load balancer",
    [aNetwork(), toFirst, withConfigurations({}, { ...second, loadBalancerBackendAddressPools: [{ id: pool }] })],
  ],
  [
    "high",
    "nobody knows which address the public one leads to",
    [aNetwork(), toFirst, withConfigurations({}, { privateIPAddress: undefined, ...behind })],
  ],
])("NI602 is %s where %s", async (severity, _, given, policy) => {
  const findings = await findingsOf(nsgAdmitsInternet, given, policy);
  expect(findings.map((finding) => finding.severity)).toEqual([severity]);
});
