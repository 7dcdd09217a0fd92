import { fold } from "../model/resource-id.ts";

/** What a subnet can have, or be without. */
export type SubnetPart = "networkSecurityGroup" | "routeTable";

/** What a service asks of its subnets besides a delegation and a size, and the page of its documents that says so. */
export interface SubnetRequirement {
  readonly part: SubnetPart;
  /** It has to be there, or it must not. */
  readonly is: "needed" | "unsupported";
  readonly link: string;
}

/** What a route table has to be like, where there is one. */
export interface RouteRequirement {
  /** What may become of 0.0.0.0/0: no route may say, or nothing else may be said than that it goes to the internet. */
  readonly defaultRoute: "unsupported" | "onlyToInternet";
  /** Whether the table has to keep the routes of gateways away; the other is what must not be. */
  readonly disableBgpRoutePropagation: boolean;
  readonly link: string;
}

export interface NamedRequirements {
  readonly parts: readonly SubnetRequirement[];
  readonly routes?: RouteRequirement;
}

const gateways = "https://learn.microsoft.com/azure/vpn-gateway/vpn-gateway-about-vpn-gateway-settings#gwsub";
const firewalls =
  "https://learn.microsoft.com/azure/firewall/firewall-faq#are-network-security-groups--nsgs--supported-on-the-azurefirewallsubnet";
const managementNic = "https://learn.microsoft.com/azure/firewall/management-nic";
const bastion = "https://learn.microsoft.com/azure/bastion/bastion-faq#udr";
const routeServer = "https://learn.microsoft.com/azure/route-server/route-server-faq";

/**
 * By the folded names that Azure keeps for one service each. No page says whether the management subnet of a firewall takes a
 * network security group. Bastion takes one with rules without which Azure refuses it.
 */
const byName: ReadonlyMap<string, NamedRequirements> = new Map<string, NamedRequirements>([
  [
    "gatewaysubnet",
    {
      parts: [{ part: "networkSecurityGroup", is: "unsupported", link: gateways }],
      routes: { defaultRoute: "unsupported", disableBgpRoutePropagation: false, link: gateways },
    },
  ],
  ["azurefirewallsubnet", { parts: [{ part: "networkSecurityGroup", is: "unsupported", link: firewalls }] }],
  [
    "azurefirewallmanagementsubnet",
    {
      parts: [],
      routes: { defaultRoute: "onlyToInternet", disableBgpRoutePropagation: true, link: managementNic },
    },
  ],
  ["azurebastionsubnet", { parts: [{ part: "routeTable", is: "unsupported", link: bastion }] }],
  [
    "routeserversubnet",
    {
      parts: [
        { part: "networkSecurityGroup", is: "unsupported", link: routeServer },
        { part: "routeTable", is: "unsupported", link: routeServer },
      ],
    },
  ],
]);

const none: NamedRequirements = { parts: [] };

export function requirementsByName(name: string): NamedRequirements {
  return byName.get(fold(name)) ?? none;
}

export interface NamesOfSubnets {
  /** As Azure spells them: one of them. */
  readonly names: readonly string[];
  readonly link: string;
}

/** By the folded type of what has an address in the subnet: what the subnet has to be called. */
const namesByOccupant: ReadonlyMap<string, NamesOfSubnets> = new Map<string, NamesOfSubnets>([
  ["microsoft.network/virtualnetworkgateways", { names: ["GatewaySubnet"], link: gateways }],
  [
    "microsoft.network/azurefirewalls",
    { names: ["AzureFirewallSubnet", "AzureFirewallManagementSubnet"], link: managementNic },
  ],
  [
    "microsoft.network/bastionhosts",
    { names: ["AzureBastionSubnet"], link: "https://learn.microsoft.com/azure/bastion/configuration-settings#subnet" },
  ],
  // route servers
  ["microsoft.network/virtualhubs", { names: ["RouteServerSubnet"], link: routeServer }],
]);

/** `type` is folded; undefined for what goes into subnets of any name. */
export function namesOfSubnetsFor(type: string): NamesOfSubnets | undefined {
  return namesByOccupant.get(type);
}
