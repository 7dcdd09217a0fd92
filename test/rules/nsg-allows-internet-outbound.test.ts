import { Glob } from "../../lib/model/glob.ts";
import { nsgAllowsInternetOutbound } from "../../lib/rules/nsg-allows-internet-outbound.ts";
import { readSet } from "../net/read-set.ts";
import {
  absent,
  aNetwork,
  aNetworkInterface,
  aRouteTable,
  aSecurityGroup,
  aSecurityRule,
  type Given,
  group,
  networkId,
  nsgId,
  refused,
  routeTableId,
} from "../support/builders.ts";
import { ruleTable } from "../support/rule-table.ts";
import { policyWith } from "../support/world.ts";

const isolatedSubnets = [new Glob("*/subnets/snet-app")];
const isolated = policyWith({ isolatedSubnets });
const declared = policyWith({ isolatedSubnets, firewalls: readSet("10.9.0.4") });

const noGateway = absent(`${networkId}/subnets/GatewaySubnet`);
const open = { defaultOutboundAccess: true };
const delegated = { delegations: [{ name: "apps", properties: { serviceName: "Microsoft.Web/serverFarms" } }] };
const appliance = { nextHopType: "VirtualAppliance", nextHopIpAddress: "10.9.0.4" };
const toFirewall = { addressPrefix: "0.0.0.0/0", ...appliance };

function outbound(properties: Readonly<Record<string, unknown>>) {
  const { name = "rule", ...others } = properties;
  return aSecurityRule({
    name,
    direction: "Outbound",
    protocol: "*",
    sourceAddressPrefix: "*",
    destinationAddressPrefix: "Internet",
    destinationPortRange: "*",
    ...others,
  });
}

const storage: Given = {
  kind: "serviceTags",
  list: { changeNumber: 1, values: [{ name: "Storage.WestEurope", addressPrefixes: ["20.60.0.0/16"] }] },
};
const denyInternet = outbound({ name: "deny-internet", priority: 4000, access: "Deny" });

/** A subnet with default outbound access, and a group with these rules. */
function withRules(rules: readonly object[], properties: Readonly<Record<string, unknown>> = open): Given {
  return [aNetwork([{ properties }]), aSecurityGroup(rules), noGateway];
}

function withRoutes(routes: readonly Readonly<Record<string, unknown>>[], rules: readonly object[] = []): Given {
  return [withRules(rules, { ...open, routeTable: { id: routeTableId } }), aRouteTable(routes)];
}

const otherGroup = `${group}/providers/Microsoft.Network/networkSecurityGroups/nsg-nic`;

/** A network manager's rule that is in force in the network. */
function managed(properties: Readonly<Record<string, unknown>>) {
  const id = `${networkId}/effectiveSecurityAdminRules/current`;
  return { id, properties: {}, value: [{ id: "rule", kind: "Custom", properties }] };
}

ruleTable(nsgAllowsInternetOutbound, [
  { when: "nobody said that the subnet is isolated", looks: "wrong", given: withRules([]), want: "pass" },
  {
    when: "the group has no rules of its own",
    looks: "fine",
    given: withRules([]),
    policy: isolated,
    want: "fail",
    says: ["to the internet on every port", "AllowInternetOutBound"],
  },
  {
    when: "there is no group",
    given: [aNetwork([{ nsg: undefined, properties: open }]), noGateway],
    policy: isolated,
    want: "fail",
    says: ["every port", "/properties/networkSecurityGroup"],
  },
  { when: "the group denies the internet", given: withRules([denyInternet]), policy: isolated, want: "pass" },
  {
    when: "the group denies the internet after it allowed a port",
    looks: "fine",
    given: withRules([outbound({ access: "Allow", protocol: "Tcp", destinationPortRange: "443" }), denyInternet]),
    policy: isolated,
    want: "fail",
    says: ["to the internet on TCP 443", "/properties/securityRules/0"],
  },
  {
    when: "the group allows a few addresses of the internet",
    looks: "fine",
    given: withRules([outbound({ access: "Allow", destinationAddressPrefix: "198.51.100.0/24" }), denyInternet]),
    policy: isolated,
    want: "fail",
    says: ["to 198.51.100.0/24 on every port"],
  },
  {
    when: "the group allows the service of a tag whose addresses are not known, which is not the internet",
    looks: "wrong",
    given: withRules([outbound({ access: "Allow", destinationAddressPrefix: "Storage.WestEurope" }), denyInternet]),
    policy: isolated,
    want: "pass",
  },
  {
    when: "the group allows the service of a tag whose addresses are known, which is not the internet",
    looks: "wrong",
    given: [
      withRules([outbound({ access: "Allow", destinationAddressPrefix: "Storage.WestEurope" }), denyInternet]),
      storage,
    ],
    policy: isolated,
    want: "pass",
  },
  {
    when: "a network manager always allows the service of a tag, and the group denies the internet",
    looks: "wrong",
    given: [
      withRules([denyInternet]),
      managed({
        ...{ access: "AlwaysAllow", direction: "Outbound", priority: 1, protocol: "Any", sources: [] },
        destinations: [{ addressPrefix: "Storage", addressPrefixType: "ServiceTag" }],
        ...{ sourcePortRanges: ["0-65535"], destinationPortRanges: ["443"] },
      }),
    ],
    policy: isolated,
    want: "pass",
  },
  {
    when: "the group allows the service of a tag, and denies nothing",
    looks: "fine",
    given: withRules([outbound({ access: "Allow", destinationAddressPrefix: "Storage.WestEurope" })]),
    policy: isolated,
    want: "fail",
    says: ["to the internet on every port", "AllowInternetOutBound"],
  },
  {
    when: "the group allows the internet by its tag, on one port",
    looks: "fine",
    given: withRules([
      outbound({ access: "Allow", destinationAddressPrefix: "Internet", destinationPortRange: "443" }),
      denyInternet,
    ]),
    policy: isolated,
    want: "fail",
    says: ["443"],
  },
  {
    when: "the group denies no more than a service tag whose addresses are not known",
    looks: "fine",
    given: withRules([outbound({ access: "Deny", destinationAddressPrefix: "Storage" })]),
    policy: isolated,
    want: "fail",
    says: ["to the internet on every port"],
  },
  {
    when: "the group denies a service tag whose addresses are not known, and allows a few that may be among them",
    given: withRules([
      outbound({ access: "Deny", destinationAddressPrefix: "Storage", priority: 90 }),
      outbound({ access: "Allow", destinationAddressPrefix: "20.60.0.0/16" }),
      denyInternet,
    ]),
    policy: isolated,
    want: "undetermined",
    says: ["`Storage` are not known"],
  },
  {
    when: "the deny rule is for TCP alone",
    looks: "fine",
    given: withRules([outbound({ access: "Deny", protocol: "Tcp" })]),
    policy: isolated,
    want: "fail",
    says: ["to the internet on every UDP port"],
  },
  {
    when: "the allow rule comes after the one that denies",
    looks: "wrong",
    given: withRules([outbound({ priority: 200, access: "Allow" }), outbound({ priority: 100, access: "Deny" })]),
    policy: isolated,
    want: "pass",
  },
  {
    when: "the rule that denies is inbound",
    looks: "fine",
    given: withRules([outbound({ direction: "Inbound", access: "Deny" })]),
    policy: isolated,
    want: "fail",
  },
  {
    when: "what goes out comes from a private subnet, without any way to the internet",
    looks: "wrong",
    given: withRules([], { defaultOutboundAccess: false }),
    policy: isolated,
    want: "pass",
  },
  {
    when: "routes lead the halves of the internet there, from a private subnet without any way to it",
    looks: "wrong",
    given: [
      withRules([], { defaultOutboundAccess: false, routeTable: { id: routeTableId } }),
      aRouteTable([
        { addressPrefix: "0.0.0.0/1", nextHopType: "Internet" },
        { addressPrefix: "128.0.0.0/1", nextHopType: "Internet" },
      ]),
    ],
    policy: isolated,
    want: "pass",
  },
  {
    when: "the subnet is called private, and is delegated, where that does nothing",
    looks: "fine",
    given: withRules([], { ...delegated, defaultOutboundAccess: false }),
    policy: isolated,
    want: "undetermined",
    says: ["which way out the service has", "/properties/defaultOutboundAccess"],
  },
  {
    when: "the subnet has default outbound access, and is delegated, where that does nothing",
    given: withRules([], { ...delegated, defaultOutboundAccess: true }),
    policy: isolated,
    want: "undetermined",
    says: ["which way out the service has", "/properties/defaultOutboundAccess"],
  },
  {
    when: "the subnet is called private, and to what it is delegated cannot be understood",
    looks: "fine",
    given: withRules([], { delegations: "apps", defaultOutboundAccess: false }),
    policy: isolated,
    want: "undetermined",
    says: ["/properties/delegations"],
  },
  {
    when: "a delegated subnet lets nothing out",
    looks: "wrong",
    given: withRules([denyInternet], { ...delegated, defaultOutboundAccess: false }),
    policy: isolated,
    want: "pass",
  },
  {
    when: "ARM does not say whether the subnet is private",
    given: withRules([], { defaultOutboundAccess: undefined }),
    policy: isolated,
    want: "undetermined",
    says: ["default outbound access"],
  },
  {
    when: "the default route goes to a firewall of the policy",
    looks: "wrong",
    given: withRoutes([toFirewall]),
    policy: declared,
    want: "pass",
  },
  {
    when: "the default route goes to an appliance that the policy does not name",
    looks: "fine",
    given: withRoutes([toFirewall]),
    policy: isolated,
    want: "undetermined",
    says: ["the appliance 10.9.0.4"],
  },
  {
    when: "packets to the internet are dropped by a route",
    looks: "wrong",
    given: withRoutes([{ addressPrefix: "0.0.0.0/0", nextHopType: "None" }]),
    policy: isolated,
    want: "pass",
  },
  {
    when: "everything goes to the firewall but one range",
    looks: "fine",
    given: withRoutes([toFirewall, { addressPrefix: "198.51.100.0/24", nextHopType: "Internet" }]),
    policy: declared,
    want: "fail",
    says: ["to 198.51.100.0/24 on every port", "/properties/routes/1"],
  },
  {
    when: "everything goes to the firewall but a tag with prefixes of several lengths",
    given: [
      withRoutes([toFirewall, { addressPrefix: "AzureMonitor", nextHopType: "Internet" }]),
      {
        kind: "serviceTags",
        list: {
          changeNumber: 1,
          values: [
            { name: "AzureMonitor", addressPrefixes: ["198.51.101.0/24", "198.51.100.8/29", "198.51.100.0/31"] },
          ],
        },
      },
    ],
    policy: declared,
    want: "fail",
    says: ["packets get out to 198.51.100.0/31, 198.51.100.8/29 and 198.51.101.0/24 on every port"],
  },
  {
    when: "everything goes to the firewall but one range, which the group denies",
    looks: "wrong",
    given: withRoutes(
      [toFirewall, { addressPrefix: "198.51.100.0/24", nextHopType: "Internet" }],
      [outbound({ access: "Deny", destinationAddressPrefix: "198.51.100.0/24" })],
    ),
    policy: declared,
    want: "pass",
  },
  {
    when: "the subnet's group lets everything out, and that of its one interface nothing",
    looks: "wrong",
    given: [withRules([]), aNetworkInterface({}, otherGroup), aSecurityGroup([denyInternet], otherGroup)],
    policy: isolated,
    want: "pass",
  },
  {
    when: "one interface has a group that denies, and another has none",
    looks: "fine",
    given: [
      withRules([]),
      aNetworkInterface({}, otherGroup),
      aNetworkInterface({ privateIPAddress: "10.0.0.5" }, undefined, "nic-2"),
      aSecurityGroup([denyInternet], otherGroup),
    ],
    policy: isolated,
    want: "fail",
  },
  {
    when: "a network manager denies what the group lets out",
    looks: "wrong",
    given: [
      withRules([]),
      managed({
        access: "Deny",
        direction: "Outbound",
        priority: 1,
        protocol: "Any",
        sources: [],
        destinations: [],
        sourcePortRanges: ["0-65535"],
        destinationPortRanges: ["0-65535"],
      }),
    ],
    policy: isolated,
    want: "pass",
  },
  {
    when: "the group was refused",
    looks: "fine",
    given: [aNetwork([{ properties: open }]), refused(nsgId), noGateway],
    policy: isolated,
    want: "undetermined",
    says: [`403 reading ${nsgId}`],
  },
  {
    when: "the group that nobody could read stands in a private subnet",
    looks: "wrong",
    given: [aNetwork(), refused(nsgId), noGateway],
    policy: isolated,
    want: "pass",
  },
  {
    when: "the subnet has IPv6, of which only IPv4 is denied",
    looks: "fine",
    given: [
      withRules(
        [
          outbound({
            access: "Deny",
            destinationAddressPrefixes: ["0.0.0.0/1", "128.0.0.0/1"],
            destinationAddressPrefix: undefined,
          }),
        ],
        {
          ...open,
          addressPrefix: undefined,
          addressPrefixes: ["10.0.0.0/24", "fd00:1::/64"],
        },
      ),
      aNetworkInterface({
        privateIPAddress: "fd00:1::4",
        privateIPAddressVersion: "IPv6",
        publicIPAddress: `${group}/providers/Microsoft.Network/publicIPAddresses/pip`,
      }),
    ],
    policy: isolated,
    want: "fail",
  },
]);
