import { readSet } from "../net/read-set.ts";
import {
  absent,
  aKeyVault,
  aNetwork,
  aNetworkInterface,
  anApiManagement,
  aPlacedService,
  aRouteTable,
  aSecurityGroup,
  aSecurityRule,
  complete,
  group,
  networkId,
  nsgId,
  publicAddressId,
  routeTableId,
  subnetId,
  subscription,
} from "../support/builders.ts";
import { policyWith } from "../support/world.ts";
import { testCommands, where } from "./command-table.ts";

const noSqlServer = complete(subscription, "Microsoft.Sql/servers");

testCommands([
  {
    when: "no number is left before those that allow what a rule denies",
    finding: `NI605:${nsgId}`,
    given: [
      aNetwork(),
      aSecurityGroup([
        aSecurityRule({ name: "low", priority: 100, sourceAddressPrefix: "0.0.0.0/1", destinationPortRange: "443" }),
        aSecurityRule({ name: "high", priority: 101, sourceAddressPrefix: "128.0.0.0/1", destinationPortRange: "443" }),
        aSecurityRule({
          ...{ name: "close", priority: 200, access: "Deny" },
          ...{ sourceAddressPrefix: "9.9.9.0/24", destinationPortRange: "443" },
        }),
      ]),
      absent(`${networkId}/subnets/GatewaySubnet`),
    ],
    want: [`az network nsg rule update --nsg-name nsg --name low --priority 201 ${where}`],
  },
  {
    when: "packets get past the firewall by a public IPv6 address",
    finding: `NI606:${subnetId}`,
    given: [
      aNetwork([{ properties: { addressPrefixes: ["10.0.0.0/24", "fd00:1::/64"], routeTable: { id: routeTableId } } }]),
      aSecurityGroup(),
      aRouteTable([{ addressPrefix: "0.0.0.0/0", nextHopType: "VirtualAppliance", nextHopIpAddress: "10.9.0.4" }]),
      aNetworkInterface({ privateIPAddress: "fd00:1::4", publicIPAddress: publicAddressId }),
      absent(`${networkId}/subnets/GatewaySubnet`),
      complete(subscription, "Microsoft.Network/privateEndpoints"),
    ],
    policy: policyWith({ firewalls: readSet("10.9.0.4") }),
    want: [`az network nic ip-config update --nic-name nic --name ipconfig1 --public-ip-address null ${where}`],
  },
  {
    when: "a service endpoint leads to nothing beside another one",
    finding: `NI204:${subnetId}#microsoft.sql`,
    given: [
      aNetwork([{ serviceEndpoints: ["Microsoft.KeyVault", "Microsoft.Sql"] }]),
      aKeyVault({ networkAcls: { virtualNetworkRules: [{ id: subnetId }] } }),
      noSqlServer,
    ],
    want: [
      `az network vnet subnet update --vnet-name vnet --name snet-app --service-endpoints Microsoft.KeyVault ${where}`,
    ],
  },
  {
    when: "the only service endpoint leads to nothing",
    finding: `NI204:${subnetId}#microsoft.sql`,
    given: [aNetwork([{ serviceEndpoints: ["Microsoft.Sql"] }]), noSqlServer],
    want: [`az network vnet subnet update --vnet-name vnet --name snet-app --remove serviceEndpoints ${where}`],
  },
  {
    when: "a gateway's subnet has a group",
    finding: `NI407:${networkId}/subnets/GatewaySubnet`,
    given: aNetwork([{ name: "GatewaySubnet" }]),
    want: [
      `az network vnet subnet update --vnet-name vnet --name GatewaySubnet --remove networkSecurityGroup ${where}`,
    ],
  },
  {
    when: "Bastion's subnet has a table",
    finding: `NI407:${networkId}/subnets/AzureBastionSubnet`,
    given: [
      aNetwork([{ name: "AzureBastionSubnet", properties: { routeTable: { id: routeTableId } } }]),
      aRouteTable([]),
    ],
    want: [`az network vnet subnet update --vnet-name vnet --name AzureBastionSubnet --remove routeTable ${where}`],
  },
  {
    when: "the table of a gateway's subnet keeps the routes of gateways away",
    finding: `NI407:${networkId}/subnets/GatewaySubnet`,
    given: [
      aNetwork([{ name: "GatewaySubnet", nsg: undefined, properties: { routeTable: { id: routeTableId } } }]),
      { ...aRouteTable([]), properties: { routes: [], disableBgpRoutePropagation: true } },
    ],
    want: [`az network route-table update --name rt --disable-bgp-route-propagation false ${where}`],
  },
  {
    when: "the table of a gateway's subnet has a default route",
    finding: `NI407:${networkId}/subnets/GatewaySubnet`,
    given: [
      aNetwork([{ name: "GatewaySubnet", nsg: undefined, properties: { routeTable: { id: routeTableId } } }]),
      aRouteTable([{ addressPrefix: "0.0.0.0/0", nextHopType: "Internet" }]),
    ],
    want: [`az network route-table route delete --route-table-name rt --name route-0 ${where}`],
  },
  {
    when: "an API Management service lacks a group",
    finding: `NI407:${subnetId}`,
    given: [aNetwork([{ nsg: undefined }]), anApiManagement()],
    want: [
      `az network nsg create --name nsg-snet-app --location westeurope ${where}`,
      `az network vnet subnet update --vnet-name vnet --name snet-app --network-security-group ${group}/providers/Microsoft.Network/networkSecurityGroups/nsg-snet-app ${where}`,
    ],
  },
  {
    when: "a managed instance lacks a table",
    finding: `NI407:${subnetId}`,
    given: [
      aNetwork([{ delegations: ["Microsoft.Sql/managedInstances"] }]),
      aPlacedService("Microsoft.Sql/managedInstances", { subnetId }),
    ],
    want: [
      `az network route-table create --name rt-snet-app --location westeurope ${where}`,
      `az network vnet subnet update --vnet-name vnet --name snet-app --route-table ${group}/providers/Microsoft.Network/routeTables/rt-snet-app ${where}`,
    ],
  },
  {
    when: "a subnet has no group",
    finding: `NI601:${subnetId}`,
    given: aNetwork([{ nsg: undefined }]),
    want: [
      `az network nsg create --name nsg-snet-app --location westeurope ${where}`,
      `az network vnet subnet update --vnet-name vnet --name snet-app --network-security-group ${group}/providers/Microsoft.Network/networkSecurityGroups/nsg-snet-app ${where}`,
    ],
  },
  {
    when: "a rule with an odd name lets the internet in",
    finding: `NI602:${subnetId}`,
    given: [aNetwork(), aSecurityGroup([aSecurityRule({ name: "it's; rm -rf /" })])],
    want: [`az network nsg rule delete --nsg-name nsg --name $'it\\u0027s; rm -rf /' ${where}`],
  },
  {
    when: "a subnet has default outbound access",
    finding: `NI607:${subnetId}`,
    given: aNetwork([{ properties: { defaultOutboundAccess: true } }]),
    want: [`az network vnet subnet update --vnet-name vnet --name snet-app --default-outbound-access false ${where}`],
  },
]);
