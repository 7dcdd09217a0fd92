import { subnetWithoutNsg } from "../../lib/rules/subnet-without-nsg.ts";
import { absent, aNetwork, aSubnet, networkId, nsgId, subnetId } from "../support/builders.ts";
import { ruleTable } from "../support/rule-table.ts";

const bare = { nsg: undefined };

/** The network with its subnets as bare references, as some lists hold them. */
const thinNetwork = {
  id: networkId,
  type: "Microsoft.Network/virtualNetworks",
  properties: { subnets: [{ id: subnetId }] },
};

function withReference(networkSecurityGroup: unknown) {
  return {
    id: subnetId,
    type: "Microsoft.Network/virtualNetworks/subnets",
    properties: { addressPrefix: "10.0.0.0/24", networkSecurityGroup },
  };
}

ruleTable(subnetWithoutNsg, [
  { when: "a group is attached", given: aNetwork(), want: "pass" },
  {
    when: "none is attached",
    given: aNetwork([bare]),
    want: "fail",
    says: ["/properties/networkSecurityGroup"],
  },
  { when: "the reference is null", looks: "fine", given: withReference(null), want: "fail" },
  {
    when: "the subnet was read on its own",
    given: aSubnet(bare),
    want: "fail",
  },
  {
    when: "the group lies in another resource group",
    given: aNetwork([{ nsg: nsgId.replace("/rg/", "/rg-hub/") }]),
    want: "pass",
  },
  {
    when: "the group lies in another subscription, which was not read",
    looks: "wrong",
    given: aNetwork([{ nsg: nsgId.replace("000000000001", "000000000002") }]),
    want: "pass",
  },
  {
    when: "the id of the group cannot be understood",
    given: aNetwork([{ nsg: "nsg" }]),
    want: "undetermined",
    says: ["/properties/networkSecurityGroup"],
  },
  { when: "the reference has no id", given: withReference({}), want: "undetermined" },
  {
    when: "a gateway's subnet takes none",
    looks: "wrong",
    given: aNetwork([{ name: "GatewaySubnet", ...bare }]),
    want: "pass",
  },
  { when: "that subnet is spelled in lower case", given: aNetwork([{ name: "gatewaysubnet", ...bare }]), want: "pass" },
  { when: "a firewall's subnet takes none", given: aNetwork([{ name: "AzureFirewallSubnet", ...bare }]), want: "pass" },
  {
    when: "a firewall's management subnet takes none",
    given: aNetwork([{ name: "AzureFirewallManagementSubnet", ...bare }]),
    want: "pass",
  },
  {
    when: "a route server's subnet takes none",
    given: aNetwork([{ name: "RouteServerSubnet", ...bare }]),
    want: "pass",
  },
  {
    when: "Bastion's subnet has none, though it takes one",
    looks: "fine",
    given: aNetwork([{ name: "AzureBastionSubnet", ...bare }]),
    want: "fail",
  },
  {
    when: "a subnet is only named like a gateway's",
    looks: "fine",
    given: aNetwork([{ name: "GatewaySubnet2", ...bare }]),
    want: "fail",
  },
  {
    when: "the subnet is delegated to App Service, which takes one",
    looks: "fine",
    given: aNetwork([{ ...bare, delegations: ["Microsoft.Web/serverFarms"] }]),
    want: "fail",
  },
  {
    when: "the subnet is delegated to dedicated HSMs, which take none",
    looks: "wrong",
    given: aNetwork([{ ...bare, delegations: ["Microsoft.HardwareSecurityModules/dedicatedHSMs"] }]),
    want: "pass",
  },
  {
    when: "that delegation is spelled in lower case",
    given: aNetwork([{ ...bare, delegations: ["microsoft.hardwaresecuritymodules/dedicatedhsms"] }]),
    want: "pass",
  },
  {
    when: "the delegation is one that nobody knows",
    given: aNetwork([{ ...bare, delegations: ["Contoso.Things/machines"] }]),
    want: "undetermined",
    says: ["contoso.things/machines"],
  },
  {
    when: "NetApp volumes take one with some network features only",
    given: aNetwork([{ ...bare, delegations: ["Microsoft.Netapp/volumes"] }]),
    want: "undetermined",
  },
  {
    when: "a group is attached to a subnet with an unknown delegation",
    given: aNetwork([{ delegations: ["Contoso.Things/machines"] }]),
    want: "pass",
  },
  {
    when: "the subnet was read without its properties",
    given: { id: subnetId, type: "Microsoft.Network/virtualNetworks/subnets" },
    want: "undetermined",
    says: ["without its properties"],
  },
  { when: "its network holds only a reference to it", given: thinNetwork, want: "undetermined" },
  {
    when: "its network holds only a reference to it, and it was read on its own before",
    given: [aSubnet(bare), thinNetwork],
    want: "fail",
  },
  {
    when: "its network holds only a reference to it, and it was read on its own after",
    given: [thinNetwork, aSubnet(bare)],
    want: "fail",
  },
  { when: "the subnet was deleted since", looks: "wrong", given: [aNetwork([bare]), absent(subnetId)], want: "pass" },
]);
