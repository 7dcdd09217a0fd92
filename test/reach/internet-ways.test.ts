import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { paperFor } from "../../lib/cli/paper.ts";
import type { ServiceFact, SubnetFact } from "../../lib/model/fact.ts";
import { Policy } from "../../lib/model/policy.ts";
import type { Snapshot } from "../../lib/model/snapshot.ts";
import { reachFromSubnet, serviceReach, type Way } from "../../lib/reach/service-reach.ts";
import { reachAnswer } from "../../lib/reports/reach-answer.ts";
import { reachStory } from "../../lib/reports/reach-story.ts";
import {
  aFirewall,
  aGroup,
  aNatGateway,
  aNetwork,
  anEndpointPolicy,
  anInterface,
  aPrivateEndpoint,
  aPublicAddress,
  aRouteTable,
  aSqlServer,
  aStorageAccount,
  aVault,
  classicRules,
  group,
  idOf as idOfKind,
  type NetworkParts,
  networkId,
  type PeeringParts,
  type Properties,
  type SubnetParts,
  subnetId,
  vaultId,
} from "../oracle/bodies.ts";
import { randomWorld, serviceAddresses } from "../oracle/random-world.ts";
import type { Body, ServiceTag, World } from "../oracle/world.ts";
import { absent, type Given, idOf, refused } from "../support/builders.ts";
import { closedWorld } from "../support/closed-world.ts";
import { counting, countOperations } from "../support/counting.ts";
import { replay } from "../support/replay.ts";
import { snapshotOf } from "../support/world.ts";

const [inside, outside] = ["20.50.1.4", "20.50.9.9"];
const tags: readonly ServiceTag[] = [{ name: "AzureCloud", properties: { addressPrefixes: ["20.50.0.0/16"] } }];

/** A vault that admits these addresses. */
function admitting(...values: readonly string[]): Body {
  return aVault({ ipRules: values.map((value) => ({ value })) });
}

const behindNat: NetworkParts = { subnets: [{ natGateway: "nat" }] };
const machine = anInterface({ addresses: ["10.0.0.9"], publicAddress: "pip" });
const byDefault = { defaultOutboundAccess: true };
const storageElsewhere = (value: string) => aStorageAccount({ ipRules: [{ value }] }, {}, "northeurope");
const approved = {
  id: `${vaultId}/privateEndpointConnections/pe`,
  properties: {
    privateEndpoint: { id: idOfKind("privateEndpoints", "pe") },
    privateLinkServiceConnectionState: { status: "Approved" },
  },
};
const toAzure = aSqlServer({ ranges: [["0.0.0.0", "0.0.0.0"]] });

interface Row {
  readonly when: string;
  readonly network?: NetworkParts;
  readonly service?: Body | readonly Body[];
  readonly others?: readonly (Body | readonly Body[])[];
  /** What could not be read. */
  readonly given?: Given;
  readonly serviceTags?: readonly ServiceTag[];
  /** "reaches by nat as 20.50.1.4: 10.0.0.0/24". */
  readonly want: readonly string[];
  /** The last step of the first way that has any. */
  readonly says?: string;
  readonly because?: string;
}

const pool = `${group}/providers/Microsoft.Network/loadBalancers/lb/backendAddressPools/pool`;
const behindBalancer = inPool(anInterface({ addresses: ["10.0.0.9"] }));

function inPool(nic: Body): Body {
  const { ipConfigurations, ...properties } = nic.properties as { readonly ipConfigurations: readonly Body[] };
  const balanced = ipConfigurations.map((one) => ({
    ...one,
    properties: { ...Object(one.properties), loadBalancerBackendAddressPools: [{ id: pool }] },
  }));
  return { ...nic, properties: { ...properties, ipConfigurations: balanced } };
}

const rows: readonly Row[] = [
  {
    when: "the service admits the address of its NAT gateway",
    network: behindNat,
    others: [aNatGateway([inside])],
    want: ["reaches by nat as 20.50.1.4: 10.0.0.0/24"],
    says: "the firewall admits the address",
  },
  {
    when: "it admits one address of the NAT gateway and not the other, so that only some connections come in",
    network: behindNat,
    others: [aNatGateway([inside, outside])],
    want: ["reaches by nat as 20.50.1.4,20.50.9.9: 10.0.0.0/24"],
    says: "the firewall admits the address 20.50.1.4, but not 20.50.9.9",
  },
  {
    when: "it admits none of them",
    network: behindNat,
    others: [aNatGateway([outside])],
    want: ["blocked by nat as 20.50.9.9: "],
    says: "nothing in the firewall admits the address",
  },
  {
    when: "the NAT gateway has a prefix, of which it admits a part",
    network: behindNat,
    others: [aNatGateway(["20.50.1.0/29"])],
    want: ["reaches by nat as 20.50.1.0/29: 10.0.0.0/24"],
  },
  {
    when: "the NAT gateway is that of the network, for all subnets",
    network: { natGateway: "nat" },
    others: [aNatGateway([inside])],
    want: ["reaches by nat as 20.50.1.4: 10.0.0.0/24"],
  },
  {
    when: "it is that of the network, and the subnet belongs to a service that may not support it",
    network: {
      natGateway: "nat",
      subnets: [{ properties: { delegations: [{ properties: { serviceName: "Microsoft.Web/serverFarms" } }] } }],
    },
    others: [aNatGateway([inside])],
    want: ["unknown by nat: 10.0.0.0/24"],
    because: "is not documented",
  },
  {
    when: "a machine has an admitted address, and a NAT gateway comes before it",
    network: behindNat,
    others: [aNatGateway([outside]), machine, aPublicAddress("pip", "Standard", inside)],
    want: ["blocked by nat as 20.50.9.9: "],
  },
  {
    when: "a machine has an admitted address, and nothing else in the subnet gets out",
    network: { subnets: [{ properties: { defaultOutboundAccess: false } }] },
    others: [machine, aPublicAddress("pip", "Standard", inside)],
    want: ["reaches by pip as 20.50.1.4: 10.0.0.9", "blocked: "],
  },
  {
    when: "a machine is behind a load balancer, which may have outbound rules, and the others have an address of Azure's choice",
    network: { subnets: [{ prefixes: ["10.0.0.8/29"], properties: byDefault }] },
    service: aVault(undefined),
    others: [behindBalancer],
    want: ["unknown: 10.0.0.9", "reaches: 10.0.0.8,10.0.0.10/31,10.0.0.12/30"],
    because: "whether the load balancer lets those in",
  },
  {
    when: "a machine behind a load balancer is behind a NAT gateway as well, which comes first",
    network: behindNat,
    others: [aNatGateway([inside]), behindBalancer],
    want: ["reaches by nat as 20.50.1.4: 10.0.0.0/24"],
  },
  {
    when: "it admits addresses outside of Azure, and the subnet has one of Azure's choice",
    network: { subnets: [{ properties: byDefault }] },
    service: admitting("203.0.113.0/24"),
    serviceTags: tags,
    want: ["blocked: "],
    says: "nothing in the firewall admits the address",
  },
  {
    when: "it admits addresses that default outbound access may give the subnet",
    network: { subnets: [{ properties: byDefault }] },
    serviceTags: tags,
    want: ["unknown: 10.0.0.0/24"],
    because: "is Azure's choice",
  },
  {
    when: "it admits everybody",
    network: { subnets: [{ properties: byDefault }] },
    service: aVault(undefined),
    want: ["reaches: 10.0.0.0/24"],
  },
  {
    when: "a private subnet has no way out at all",
    network: { subnets: [{ properties: { defaultOutboundAccess: false } }] },
    service: aVault(undefined),
    want: ["blocked: "],
    says: "nothing gives it a public address: no NAT gateway, no public address of its own, no default outbound access",
  },
  {
    when: "its security group denies the way out",
    network: { subnets: [{ natGateway: "nat", nsg: "nsg" }] },
    others: [aNatGateway([inside]), aGroup([{ access: "Deny", direction: "Outbound" }])],
    want: ["blocked by nat as 20.50.1.4: "],
    says: "leaves the subnet: `rule-0` (priority 100) of `nsg` denies it",
  },
  {
    when: "a route drops what leaves",
    network: { subnets: [{ natGateway: "nat", routeTable: "rt" }] },
    others: [aNatGateway([inside]), aRouteTable([["0.0.0.0/0", "None"]])],
    want: ["blocked by nat as 20.50.1.4: "],
    says: "goes to the next hop None",
  },
  {
    when: "a route takes what leaves to an appliance, before the NAT gateway",
    network: { subnets: [{ natGateway: "nat", routeTable: "rt" }] },
    others: [aNatGateway([outside]), aRouteTable([["0.0.0.0/0", "VirtualAppliance"]])],
    want: ["unknown: 10.0.0.0/24"],
    because: "with which public address the appliance 10.0.0.7 sends packets on is not known",
  },
  {
    when: "a route takes what leaves to an appliance, so that nothing gets to the NAT gateway whose address is admitted",
    network: { subnets: [{ natGateway: "nat", routeTable: "rt" }] },
    others: [aNatGateway([inside]), aRouteTable([["0.0.0.0/0", "VirtualAppliance"]])],
    want: ["unknown: 10.0.0.0/24"],
    because: "with which public address the appliance 10.0.0.7 sends packets on is not known",
  },
  {
    when: "another service's endpoint is on the subnet",
    network: { subnets: [{ natGateway: "nat", endpoints: ["Microsoft.Storage"] }] },
    others: [aNatGateway([inside])],
    want: ["reaches by nat as 20.50.1.4: 10.0.0.0/24"],
  },
  {
    when: "a storage account in the region of the subnet admits the address, which it never sees",
    network: behindNat,
    service: aStorageAccount({ ipRules: [{ value: inside }] }),
    others: [aNatGateway([inside])],
    want: ["blocked by nat as 20.50.1.4: "],
    says: "no rule for addresses matches callers in the region of the service, who come with private ones",
  },
  {
    when: "a storage account in the region of the subnet admits everybody",
    network: behindNat,
    service: aStorageAccount({ defaultAction: "Allow" }),
    others: [aNatGateway([inside])],
    want: ["reaches by nat as 20.50.1.4: 10.0.0.0/24"],
  },
  {
    when: "a storage account in another region admits the address",
    network: behindNat,
    service: storageElsewhere(inside),
    others: [aNatGateway([inside])],
    want: ["reaches by nat as 20.50.1.4: 10.0.0.0/24"],
  },
  {
    when: "the NAT gateway sends IPv6, too, and the server admits that alone",
    network: {
      ranges: ["10.0.0.0/16", "fd00::/48"],
      subnets: [{ natGateway: "nat", prefixes: ["10.0.0.0/24", "fd00::/64"] }],
    },
    service: aSqlServer({ ranges: [["2001:db8::", "2001:db8::ff"]] }),
    others: [aNatGateway([inside, "2001:db8::7"])],
    want: ["blocked by nat as 20.50.1.4: ", "reaches by nat as 2001:db8::7: fd00::/64"],
  },
  {
    when: "the NAT gateway carries no IPv6",
    service: aSqlServer({ ranges: [[inside, inside]] }),
    network: {
      ranges: ["10.0.0.0/16", "fd00::/48"],
      subnets: [{ natGateway: "nat", prefixes: ["10.0.0.0/24", "fd00::/64"] }],
    },
    others: [aNatGateway([inside])],
    want: ["reaches by nat as 20.50.1.4: 10.0.0.0/24", "blocked: "],
  },
  {
    when: "the server admits every workload in Azure, and the NAT gateway's address is there",
    network: behindNat,
    service: toAzure,
    others: [aNatGateway([inside])],
    serviceTags: tags,
    want: ["reaches by nat as 20.50.1.4: 10.0.0.0/24"],
    says: "a rule admits every workload in Azure, of whatever tenant",
  },
  {
    when: "the server admits every workload in Azure, and where that is is not known",
    network: behindNat,
    service: toAzure,
    others: [aNatGateway([inside])],
    want: ["unknown by nat as 20.50.1.4: 10.0.0.0/24"],
    because: "without the service tag `AzureCloud`",
  },
  {
    when: "the server admits every workload in Azure, of which the subnet is one whatever its address",
    network: { subnets: [{ properties: byDefault }] },
    service: toAzure,
    serviceTags: tags,
    want: ["reaches: 10.0.0.0/24"],
  },
  {
    when: "the NAT gateway was refused",
    network: behindNat,
    given: refused(idOfKind("natGateways", "nat")),
    want: ["unknown: 10.0.0.0/24"],
    because: "403 reading",
  },
  {
    when: "one of its addresses was refused, and another one is admitted",
    network: behindNat,
    others: [aNatGateway([inside, outside]).filter(({ id }) => !id.endsWith("nat-1"))],
    given: refused(idOfKind("publicIPAddresses", "nat-1")),
    want: ["reaches by nat: 10.0.0.0/24"],
  },
  {
    when: "one of its addresses was refused, and the other one is not admitted",
    network: behindNat,
    others: [aNatGateway([outside, inside]).filter(({ id }) => !id.endsWith("nat-1"))],
    given: refused(idOfKind("publicIPAddresses", "nat-1")),
    want: ["unknown by nat: 10.0.0.0/24"],
    because: "403 reading",
  },
  {
    when: "the address of the NAT gateway was refused, and everybody is admitted",
    network: behindNat,
    service: aVault(undefined),
    others: [aNatGateway([inside]).filter(({ id }) => !id.endsWith("nat-0"))],
    given: refused(idOfKind("publicIPAddresses", "nat-0")),
    want: ["reaches by nat: 10.0.0.0/24"],
  },
  {
    when: "the NAT gateway has no address",
    network: behindNat,
    others: [aNatGateway([])],
    want: ["unknown by nat: 10.0.0.0/24"],
    because: "has no public address",
  },
  {
    when: "the prefixes of the subnet cannot be understood, so that nobody can say who in it gets in",
    network: { subnets: [{ natGateway: "nat", prefixes: ["10.0.0.0/33"] }] },
    others: [aNatGateway([inside])],
    want: ["unknown by nat as 20.50.1.4: 10.0.0.0/8,100.64.0.0/10,172.16.0.0/12,192.168.0.0/16"],
    because: "10.0.0.0/33",
  },
];

interface FirewallRow
  extends Pick<Row, "when" | "service" | "others" | "given" | "serviceTags" | "want" | "says" | "because"> {
  /** Network rules that are allowed, or whole collections. */
  readonly network?: readonly Properties[];
  readonly application?: readonly Properties[];
  readonly firewall?: Properties;
  readonly publicAddresses?: readonly string[];
  /** Of the peering of the spoke with the hub. */
  readonly peering?: Partial<PeeringParts>;
  readonly firewallSubnet?: SubnetParts;
  readonly routes?: Parameters<typeof aRouteTable>[0];
}

const web = {
  protocols: ["TCP"],
  sourceAddresses: ["10.0.0.0/16"],
  destinationAddresses: ["*"],
  destinationPorts: ["443"],
};
const named = (...targetFqdns: readonly string[]) => ({
  sourceAddresses: ["*"],
  protocols: [{ protocolType: "Https", port: 443 }],
  targetFqdns,
});
const toFirewall = "10.9.0.68";
const hub = { ranges: ["10.9.0.0/16"], name: "hub" };
const vaultTags: readonly ServiceTag[] = [
  { name: "AzureKeyVault.WestEurope", properties: { addressPrefixes: ["51.12.0.0/25"] } },
  { name: "Storage", properties: { addressPrefixes: ["52.239.0.0/16"] } },
];
const lets = "reaches by afw as 20.50.1.4: 10.0.0.0/24";
const maybe = "unknown by afw as 20.50.1.4: 10.0.0.0/24";
const stops = "blocked by afw as 20.50.1.4: ";
const letsOver = "reaches by afw: 10.0.0.0/24";
const firewallSubnetId = subnetId("hub", "AzureFirewallSubnet");

/** A spoke sends everything to the firewall in its hub, whose address the vault admits, unless said otherwise. */
const firewallRows: readonly FirewallRow[] = [
  { when: "a network rule lets it pass", network: [web], want: [lets], says: "the firewall admits the address" },
  { when: "no rule does", want: [stops], says: "no rule lets it pass the firewall `afw`" },
  { when: "the rule is for another port", network: [{ ...web, destinationPorts: ["80", "1433"] }], want: [stops] },
  { when: "the rule is for UDP", network: [{ ...web, protocols: ["UDP"] }], want: [stops] },
  { when: "the rule is for others", network: [{ ...web, sourceAddresses: ["10.1.0.0/16"] }], want: [stops] },
  {
    when: "the rule is for some of the subnet",
    network: [{ ...web, sourceAddresses: ["10.0.0.128/25"] }],
    want: ["reaches by afw as 20.50.1.4: 10.0.0.128/25"],
  },
  {
    when: "the rule is for the service tag of the vault, which is in no list",
    network: [{ ...web, destinationAddresses: ["AzureKeyVault"] }],
    want: [lets],
  },
  {
    when: "the rule is for the service tag of another service",
    network: [{ ...web, destinationAddresses: ["Storage"] }],
    serviceTags: vaultTags,
    want: [stops],
  },
  {
    when: "the rule is for a service tag that is in no list",
    network: [{ ...web, destinationAddresses: ["AzureCloud"] }],
    serviceTags: vaultTags,
    want: [maybe],
    because: "the addresses of the service tag `AzureCloud` are not known",
  },
  {
    when: "the rule is for some of the addresses that the vault may have",
    network: [{ ...web, destinationAddresses: ["51.12.0.0/26"] }],
    serviceTags: vaultTags,
    want: [maybe],
    because: "the rules are for some of the addresses that the service may have",
  },
  {
    when: "a network rule names the vault, whose address the firewall asks for",
    network: [{ ...web, destinationAddresses: [], destinationFqdns: ["kv.vault.azure.net"] }],
    want: [maybe],
    because: "whether `kv.vault.azure.net` of the rule `0` has an address of the service is not known",
  },
  {
    when: "a network rule names a host of another kind of service",
    network: [{ ...web, destinationAddresses: [], destinationFqdns: ["st.blob.core.windows.net"] }],
    want: [stops],
  },
  { when: "an application rule names the vault", application: [named("kv.vault.azure.net")], want: [lets] },
  { when: "an application rule is for all vaults", application: [named("*.VAULT.azure.net")], want: [lets] },
  { when: "an application rule is for every host", application: [named("*")], want: [lets] },
  { when: "an application rule names another vault", application: [named("kv2.vault.azure.net")], want: [stops] },
  {
    when: "an application rule is for what ends in the same letters, but not for the domain",
    application: [named("*.kv.vault.azure.net", "vault.azure.net")],
    want: [stops],
  },
  {
    when: "an application rule has an FQDN tag",
    application: [{ ...named(), fqdnTags: ["AzureBackup"] }],
    want: [maybe],
    because: "whether the rule `0` is for a name of the service is not known",
  },
  {
    when: "an application rule is for HTTP on the port",
    application: [{ ...named("*"), protocols: [{ protocolType: "Http", port: 443 }] }],
    want: [maybe],
    because: "makes of TCP 443 is not documented",
  },
  {
    when: "a network rule denies what an application rule allows",
    firewall: { networkRuleCollections: classicRules([200, "Deny", web]) },
    application: [named("*")],
    want: [stops],
    says: "`0` denies it at the firewall `afw`",
  },
  {
    when: "an application rule denies what a network rule of lower priority allows",
    firewall: {
      networkRuleCollections: classicRules([900, "Allow", web]),
      applicationRuleCollections: classicRules([100, "Deny", named("*")]),
    },
    want: [lets],
  },
  {
    when: "the vault has a private endpoint, which the firewall may find by the name",
    application: [named("*")],
    service: aVault({ ipRules: [{ value: inside }] }, { privateEndpointConnections: [approved] }),
    want: [maybe],
    because: "the firewall looks up the name itself, and may find a private endpoint of `kv`",
  },
  {
    when: "the vault has a private endpoint, and a network rule decides",
    network: [web],
    service: aVault({ ipRules: [{ value: inside }] }, { privateEndpointConnections: [approved] }),
    want: [lets],
  },
  {
    when: "the firewall has another address, which the vault does not admit",
    network: [web],
    publicAddresses: [outside],
    want: ["blocked by afw as 20.50.9.9: "],
    says: "nothing in the firewall admits the address",
  },
  {
    when: "the firewall has two addresses, of which the vault admits one",
    network: [web],
    publicAddresses: [outside, inside],
    want: ["reaches by afw as 20.50.1.4,20.50.9.9: 10.0.0.0/24"],
    says: "the firewall admits the address 20.50.1.4, but not 20.50.9.9",
  },
  {
    when: "a NAT gateway on the firewall's subnet has the addresses that count",
    network: [web],
    firewallSubnet: { natGateway: "nat" },
    others: [aNatGateway([outside])],
    want: ["blocked by nat as 20.50.9.9: "],
  },
  {
    when: "the firewall translates nothing, so that nothing gets out by network rules",
    network: [web],
    firewall: { additionalProperties: { "Network.SNAT.PrivateRanges": "0.0.0.0/0" } },
    want: [stops],
  },
  {
    when: "the firewall translates nothing, but application rules do always",
    application: [named("*")],
    firewall: { additionalProperties: { "Network.SNAT.PrivateRanges": "0.0.0.0/0" } },
    want: [lets],
  },
  {
    when: "the firewall translates everything",
    network: [web],
    firewall: { additionalProperties: { "Network.SNAT.PrivateRanges": "255.255.255.255/32" } },
    want: [lets],
  },
  {
    when: "the firewall does not translate what goes to the vault",
    network: [web],
    firewall: { additionalProperties: { "Network.SNAT.PrivateRanges": "IANAPrivateRanges, 51.12.0.0/16" } },
    serviceTags: vaultTags,
    want: [maybe],
    because: "does not translate is not documented",
  },
  {
    when: "an update of the firewall failed, so that some of it may have other rules",
    network: [web],
    firewall: { provisioningState: "Failed" },
    want: [maybe],
    because: "some instances of `afw`, whose last update failed, may still have the rules that it had before",
  },
  {
    when: "an update of the firewall failed, and no rule of what it should have lets it pass",
    firewall: { provisioningState: "Failed" },
    want: [maybe],
  },
  {
    when: "the firewall is being updated",
    network: [web],
    firewall: { provisioningState: "Updating" },
    want: [maybe],
    because: "which is being updated, may still have the rules",
  },
  {
    when: "threat intelligence may stop it",
    network: [web],
    firewall: { threatIntelMode: "Deny" },
    want: [maybe],
    because: "what the threat intelligence of `afw`, which is in the mode Deny, stops is not known",
  },
  {
    when: "threat intelligence may stop what no rule lets pass",
    firewall: { threatIntelMode: "Deny" },
    want: [stops],
  },
  {
    when: "the firewall sends it on to another appliance",
    network: [web],
    firewallSubnet: { routeTable: "forced" },
    others: [aRouteTable([["0.0.0.0/0", "VirtualAppliance"]], "forced")],
    want: ["unknown: 10.0.0.0/24"],
    because: "with which public address the appliance 10.0.0.7 sends packets on is not known",
  },
  {
    when: "the firewall sends it on to another appliance, and translates nothing, as forced tunnels may want it",
    network: [web],
    firewall: { additionalProperties: { "Network.SNAT.PrivateRanges": "0.0.0.0/0" } },
    firewallSubnet: { routeTable: "forced" },
    others: [aRouteTable([["0.0.0.0/0", "VirtualAppliance"]], "forced")],
    want: ["unknown: 10.0.0.0/24"],
    because: "with which public address the appliance 10.0.0.7 sends packets on is not known",
  },
  {
    when: "the routes of the firewall's subnet drop it",
    network: [web],
    firewallSubnet: { routeTable: "forced" },
    others: [aRouteTable([["0.0.0.0/0", "None"]], "forced")],
    want: [stops],
  },
  {
    when: "the firewall's subnet has a service endpoint, and the vault admits that subnet",
    network: [web],
    firewallSubnet: { endpoints: ["Microsoft.KeyVault"] },
    service: aVault({ virtualNetworkRules: [{ id: firewallSubnetId }] }),
    serviceTags: vaultTags,
    want: [letsOver],
    says: "a network rule admits the subnet",
  },
  {
    when: "the same, where the vault's service tag is in no list",
    network: [web],
    firewallSubnet: { endpoints: ["Microsoft.KeyVault"] },
    service: aVault({ virtualNetworkRules: [{ id: firewallSubnetId }] }),
    want: [letsOver],
  },
  {
    when: "the same by the name that an application rule is for, and everything else is forced on-premises",
    application: [named("kv.vault.azure.net")],
    firewallSubnet: { endpoints: ["Microsoft.KeyVault"], routeTable: "forced" },
    others: [aRouteTable([["0.0.0.0/0", "VirtualAppliance"]], "forced")],
    service: aVault({ virtualNetworkRules: [{ id: firewallSubnetId }] }),
    serviceTags: vaultTags,
    want: [letsOver],
  },
  {
    when: "the firewall's subnet has a service endpoint, and no rule of the firewall lets it pass",
    firewallSubnet: { endpoints: ["Microsoft.KeyVault"] },
    service: aVault({ virtualNetworkRules: [{ id: firewallSubnetId }] }),
    want: ["blocked by afw: "],
    says: "no rule lets it pass the firewall `afw`",
  },
  {
    when: "the firewall's subnet has a service endpoint, so that its public address is never seen",
    network: [web],
    firewallSubnet: { endpoints: ["Microsoft.KeyVault"] },
    serviceTags: vaultTags,
    want: ["blocked by afw: "],
    says: "nothing admits the subnet, whose address is a private one over the service endpoint",
  },
  {
    when: "the firewall's subnet has no service endpoint, and the vault admits that subnet",
    network: [web],
    service: aVault({ ipRules: [{ value: outside }], virtualNetworkRules: [{ id: firewallSubnetId }] }),
    serviceTags: vaultTags,
    want: [stops],
  },
  {
    when: "the vault admits the spoke by its subnet, which has no service endpoint, and the firewall's has one",
    network: [web],
    firewallSubnet: { endpoints: ["Microsoft.KeyVault"] },
    service: aVault({ ipRules: [{ value: outside }], virtualNetworkRules: [{ id: subnetId() }] }),
    serviceTags: vaultTags,
    want: ["blocked by afw: "],
  },
  {
    when: "everybody gets in, over the service endpoint of the firewall's subnet",
    network: [web],
    firewallSubnet: { endpoints: ["Microsoft.KeyVault"] },
    service: aVault(undefined),
    serviceTags: vaultTags,
    want: [letsOver],
    says: "the service admits everybody",
  },
  {
    when: "the firewall could not be read, and its subnet, which the vault admits, has the service endpoint",
    network: [web],
    firewallSubnet: { endpoints: ["Microsoft.KeyVault"] },
    service: aVault({ virtualNetworkRules: [{ id: firewallSubnetId }] }),
    given: refused(idOfKind("azureFirewalls", "afw")),
    want: ["unknown: 10.0.0.0/24"],
    because: "the appliance 10.9.0.68",
  },
  {
    when: "the firewall could not be read, and the vault admits a subnet of another network alone",
    network: [web],
    service: aVault({ virtualNetworkRules: [{ id: subnetId() }] }),
    given: refused(idOfKind("azureFirewalls", "afw")),
    want: [],
  },
  {
    when: "the firewall translates nothing that it sends on over the service endpoint",
    network: [web],
    firewall: { additionalProperties: { "Network.SNAT.PrivateRanges": "0.0.0.0/0" } },
    firewallSubnet: { endpoints: ["Microsoft.KeyVault"] },
    service: aVault({ virtualNetworkRules: [{ id: firewallSubnetId }] }),
    serviceTags: vaultTags,
    want: ["unknown by afw: 10.0.0.0/24"],
    because: "does not translate is not documented",
  },
  {
    when: "a route of the firewall's subnet may come before the service endpoint there",
    network: [web],
    firewallSubnet: { endpoints: ["Microsoft.KeyVault"], routeTable: "forced" },
    others: [
      aRouteTable(
        [
          ["51.12.0.0/16", "VirtualAppliance"],
          ["51.12.0.0/25", "VirtualAppliance"],
        ],
        "forced",
      ),
    ],
    service: aVault({ virtualNetworkRules: [{ id: firewallSubnetId }] }),
    serviceTags: vaultTags,
    want: ["unknown: 10.0.0.0/24"],
    because: "packets may go over the service endpoint",
  },
  {
    when: "a policy of the service endpoint lists another storage account",
    network: [web],
    firewallSubnet: {
      endpoints: ["Microsoft.Storage"],
      properties: { serviceEndpointPolicies: [{ id: idOfKind("serviceEndpointPolicies", "sep") }] },
    },
    service: aStorageAccount({ ipRules: [{ value: inside }], virtualNetworkRules: [{ id: firewallSubnetId }] }),
    others: [[anEndpointPolicy("sep", [`${group}/providers/Microsoft.Storage/storageAccounts/other`])]],
    want: ["blocked by afw: "],
    says: "no service endpoint policy of the subnet lists the service",
  },
  {
    when: "the spoke does not allow forwarded traffic",
    network: [web],
    peering: { properties: { allowForwardedTraffic: false } },
    want: [maybe],
    because: "which does not allow forwarded traffic, is not documented",
  },
  {
    when: "the peering is not connected, so that nothing is known of what has the address",
    network: [web],
    peering: { state: "Disconnected" },
    want: ["unknown: 10.0.0.0/24"],
    because: "the appliance 10.9.0.68",
  },
  {
    when: "the route leads to another address than the firewall's",
    network: [web],
    routes: [["0.0.0.0/0", "VirtualAppliance", "10.9.0.69"]],
    want: ["unknown: 10.0.0.0/24"],
    because: "with which public address the appliance 10.9.0.69 sends packets on is not known",
  },
  {
    when: "some of the vault's addresses are reached past the firewall",
    network: [web],
    routes: [
      ["0.0.0.0/0", "VirtualAppliance", toFirewall],
      ["51.12.0.0/26", "None"],
    ],
    serviceTags: vaultTags,
    want: ["unknown: 10.0.0.0/24"],
    because: "the appliance 10.9.0.68",
  },
  {
    when: "the vault admits everybody, and the firewall's address could not be read",
    network: [web],
    service: aVault(undefined),
    given: refused(idOfKind("publicIPAddresses", "afw-0")),
    want: ["reaches by afw: 10.0.0.0/24"],
  },
  {
    when: "a policy that could not be read has its rules",
    firewall: { firewallPolicy: { id: idOfKind("firewallPolicies", "afwp") } },
    given: refused(idOfKind("firewallPolicies", "afwp")),
    want: [maybe],
    because: "403 reading",
  },
  {
    when: "a storage account in the region of the firewall never sees its address",
    network: [web],
    service: aStorageAccount({ ipRules: [{ value: inside }] }),
    want: [stops],
    says: "no rule for addresses matches callers in the region of the service, who come with private ones",
  },
  {
    when: "a SQL server is let through by an application rule for it",
    application: [{ ...named("sql.database.windows.net"), protocols: [{ protocolType: "Mssql", port: 1433 }] }],
    service: aSqlServer({ ranges: [[inside, inside]] }),
    want: [lets],
  },
];

function hubAndSpoke(row: FirewallRow): World {
  const { network = [], application = [], firewall = {}, publicAddresses = [inside], peering = {} } = row;
  const { service = admitting(inside), others = [], serviceTags = [], firewallSubnet = {} } = row;
  const { routes = [["0.0.0.0/0", "VirtualAppliance", toFirewall]] } = row;
  const own = { networkRuleCollections: classicRules([200, "Allow", ...network]), ...firewall };
  const properties = { applicationRuleCollections: classicRules([100, "Allow", ...application]), ...own };
  const back = { with: "a", ranges: ["10.0.0.0/16"] };
  const allows = { allowForwardedTraffic: true };
  const resources = [
    aNetwork({
      subnets: [{ routeTable: "rt" }],
      peerings: [{ with: "hub", ranges: hub.ranges, properties: allows, ...peering }],
    }),
    aNetwork({
      ...hub,
      peerings: [back],
      subnets: [{ name: "AzureFirewallSubnet", prefixes: ["10.9.0.64/26"], ...firewallSubnet }],
    }),
    aRouteTable(routes),
    aFirewall({
      privateAddress: toFirewall,
      publicAddresses,
      subnet: subnetId("hub", "AzureFirewallSubnet"),
      properties,
    }),
    service,
    others.flat(),
  ];
  return { resources: resources.flat(), serviceTags };
}

test.each(firewallRows)("through a firewall in the hub, where $when", (row) => {
  const world = hubAndSpoke(row);
  const told = JSON.stringify(row.given ?? []).toLowerCase();
  const seen = { ...world, resources: world.resources.filter(({ id }) => !told.includes(`${id}"`.toLowerCase())) };
  const snapshot = snapshotOf([row.given ?? [], closedWorld(seen)]);
  const ways = waysFrom(subnetId(), snapshot);
  expect(ways.map(textOf)).toEqual(row.want);
  if (row.says !== undefined) expect(ways[0]?.witness?.steps.at(-1)?.says).toBe(row.says);
  if (row.because !== undefined) expect(ways.flatMap(({ because }) => because).join()).toContain(row.because);
  for (const way of ways) {
    const { witness } = way;
    if (witness === undefined) continue;
    expect(witness.outcome).toBe(way.must.isEmpty ? (way.may.isEmpty ? "blocked" : "unknown") : "reaches");
    for (const { evidence, says } of witness.steps.slice(0, 5)) {
      if (!/no security group/.test(says)) expect(evidence.length, says).toBeGreaterThan(0);
    }
    const said = replay(world, serviceIn(snapshot).id.text, { ...way, flow: witness.flow }, "51.12.0.1");
    if (witness.outcome === "reaches") expect(said, textOf(way)).not.toBe(false);
    if (witness.outcome === "blocked") expect(said, textOf(way)).not.toBe(true);
  }
});

test("asked of everybody, the spoke behind the firewall's address is named", () => {
  const snapshot = snapshotOf(closedWorld(hubAndSpoke({ when: "", network: [web], want: [] })));
  const { ways } = serviceReach(serviceIn(snapshot), Policy.default, snapshot);
  expect(ways.map((way) => `${way.kind} ${textOf(way)}`)).toEqual(["internet reaches: 20.50.1.4", `internet ${lets}`]);
  const story = reachStory(reachAnswer(serviceIn(snapshot).id, undefined, ways, [], []), paperFor(undefined, {}));
  expect(story).toContain("gets in  a/s0, over the internet by afw: 20.50.1.4\n");
  expect(story).toContain("✓ goes to the firewall `afw`\n");
  expect(story).toContain("✓ `0` lets it pass the firewall `afw`\n");
  expect(story).toContain("✓ goes on to the next hop Internet\n");
});

test("asked of everybody, the spoke behind the firewall whose subnet the vault admits is named", () => {
  const row: FirewallRow = {
    when: "",
    network: [web],
    firewallSubnet: { endpoints: ["Microsoft.KeyVault"] },
    want: [],
  };
  const service = aVault({ virtualNetworkRules: [{ id: firewallSubnetId }] });
  const snapshot = snapshotOf(closedWorld(hubAndSpoke({ ...row, service, serviceTags: vaultTags })));
  const { ways } = serviceReach(serviceIn(snapshot), Policy.default, snapshot);
  expect(ways.map((way) => `${way.kind} ${textOf(way)}`)).toEqual([
    "subnet reaches: 10.9.0.64/26",
    `subnet ${letsOver}`,
  ]);
  const story = reachStory(reachAnswer(serviceIn(snapshot).id, undefined, ways, [], []), paperFor(undefined, {}));
  expect(story).toContain("gets in  hub/AzureFirewallSubnet over its service endpoint: 10.9.0.64/26\n");
  expect(story).toContain("gets in  a/s0, through afw and the service endpoint of its subnet\n");
  expect(story).toContain("✓ goes on over the service endpoint of `AzureFirewallSubnet`\n");
});

test("where no rule matches the addresses that it names, those are told to be blocked", () => {
  const service = storageAt("westeurope");
  const snapshot = snapshotOf(closedWorld(hubAndSpoke({ when: "", network: [web], service, want: [] })));
  const { ways } = serviceReach(serviceIn(snapshot), Policy.default, snapshot);
  expect(ways.map((way) => `${way.kind} ${textOf(way)}`)).toEqual(["internet blocked: "]);
  expect(ways[0]?.witness?.flow.source).toBe(inside);
  expect(ways[0]?.witness?.steps.at(-1)?.says).toContain("in the region of the service");
  const story = reachStory(reachAnswer(serviceIn(snapshot).id, undefined, ways, [], []), paperFor(undefined, {}));
  expect(story).toContain("blocked  callers on the internet: 20.50.1.4\n");
});

test.each([
  ["everybody else gets in", storageAt("northeurope"), "internet reaches: 20.50.1.4"],
  ["public access is off", storageAt("westeurope", { publicNetworkAccess: "Disabled" }), undefined],
])("nothing is told to be blocked where %s", (_, service, want) => {
  const snapshot = snapshotOf(closedWorld(hubAndSpoke({ when: "", service, want: [] })));
  const { ways } = serviceReach(serviceIn(snapshot), Policy.default, snapshot);
  expect(ways.map((way) => `${way.kind} ${textOf(way)}`)[0]).toBe(want);
});

const guid = "33e8a688-6e34-4fce-8af6-5db929a73890";
const hubGroup = `/subscriptions/00000000-0000-4000-8000-0000000000ff/resourceGroups/RG_hub01_${guid}`;
const hubNetwork = `${hubGroup}/providers/Microsoft.Network/virtualNetworks/HV_hub01_${guid}`;

test.each([
  ["nobody may read", refused],
  ["is there for nobody but Azure", absent],
])("the network of a virtual hub, which %s, leaves open where packets go", (_, answer) => {
  const peering = { with: "hub", ranges: ["10.100.0.0/23"], properties: { useRemoteGateways: true } };
  const spoke = aNetwork({ subnets: [{ natGateway: "nat" }], peerings: [peering] });
  const resources = [spoke, aNatGateway([inside]), admitting(inside)].flat();
  const told = JSON.stringify(resources).replaceAll(networkId("hub"), hubNetwork);
  const subnets = ["GatewaySubnet", "RouteServerSubnet"].map((name) => `${hubNetwork}/subnets/${name}`);
  const world = closedWorld({ resources: JSON.parse(told), serviceTags: [] });
  const ways = waysFrom(subnetId(), snapshotOf([world, [hubNetwork, ...subnets].map(answer)]));
  expect(ways.map(textOf)).toEqual(["unknown by nat as 20.50.1.4: 10.0.0.0/24"]);
  expect(ways[0]?.because).toEqual([
    "where the virtual hub `hub01` leads what the networks that are connected to it send is not known: virtual hubs are not read",
  ]);
});

function storageAt(location: string, properties: Properties = {}): Body {
  return aStorageAccount({ ipRules: [{ value: inside }] }, properties, location);
}

function textOf({ must, may, by, as }: Way): string {
  const outcome = must.isEmpty ? (may.isEmpty ? "blocked" : "unknown") : "reaches";
  const who = `${by === undefined ? "" : ` by ${by.name}`}${as === undefined ? "" : ` as ${as.toPrefixes().join()}`}`;
  return `${outcome}${who}: ${(must.isEmpty ? may : must).toPrefixes().join()}`;
}

function serviceIn(snapshot: Snapshot): ServiceFact {
  const [service] = snapshot.ofKind("service");
  if (service === undefined) throw new Error("the world has no service");
  return service;
}

function waysFrom(id: string, snapshot: Snapshot): readonly Way[] {
  const found = snapshot.get(idOf(id));
  if (found.kind !== "fact") throw new Error(`the world has no ${id}`);
  const { ways } = reachFromSubnet(serviceIn(snapshot), found.fact as SubnetFact, snapshot);
  return ways.filter(({ kind, by }) => kind === "internet" || (kind === "subnet" && by !== undefined));
}

test.each(rows)("over the internet, $when", (row) => {
  const { network = {}, service = admitting(inside), others = [], given = [], serviceTags = [], want } = row;
  const world = { resources: [aNetwork(network), service, ...others].flat(), serviceTags };
  const snapshot = snapshotOf([given, closedWorld(world)]);
  const ways = waysFrom(subnetId(), snapshot);
  expect(ways.map(textOf)).toEqual(want);
  if (row.says !== undefined) expect(ways[0]?.witness?.steps.at(-1)?.says).toBe(row.says);
  if (row.because !== undefined) expect(ways.flatMap(({ because }) => because).join()).toContain(row.because);
  for (const way of ways.filter(({ witness }) => witness?.outcome !== "unknown")) {
    const { witness } = way;
    if (witness === undefined) continue;
    for (const { evidence, says } of witness.steps.slice(0, 4)) {
      if (!/no security group/.test(says)) expect(evidence.length, says).toBeGreaterThan(0);
    }
    const told = { ...way, flow: witness.flow };
    const said = replay(world, serviceIn(snapshot).id.text, told, "51.12.0.1");
    if (witness.outcome === "reaches") expect(said, textOf(way)).not.toBe(false);
    else expect(said, textOf(way)).not.toBe(true);
  }
});

describe("who gets in, asked of everybody", () => {
  const subnets = [
    { name: "app", natGateway: "nat" },
    { name: "web", prefixes: ["10.0.1.0/24"], natGateway: "nat" },
    { name: "data", prefixes: ["10.0.2.0/24"], natGateway: "other" },
  ];
  const world = (service: Body, ...others: readonly Body[]) => {
    const resources = [aNetwork({ subnets }), aNatGateway([inside]), aNatGateway([outside], "other"), service, others];
    return snapshotOf(closedWorld({ resources: resources.flat(), serviceTags: [] }));
  };
  const told = (snapshot: Snapshot) =>
    serviceReach(serviceIn(snapshot), Policy.default, snapshot).ways.map((way) => `${way.kind} ${textOf(way)}`);

  test("the subnets that have an admitted address on the internet are named, and no others", () => {
    expect(told(world(admitting(inside)))).toEqual([
      "internet reaches: 20.50.1.4",
      "internet reaches by nat as 20.50.1.4: 10.0.0.0/24",
      "internet reaches by nat as 20.50.1.4: 10.0.1.0/24",
    ]);
  });

  test("those of one NAT gateway are told together, with its addresses and the story of the first", () => {
    const snapshot = world(admitting(inside));
    const service = serviceIn(snapshot);
    const { ways } = serviceReach(service, Policy.default, snapshot);
    const story = reachStory(reachAnswer(service.id, undefined, ways, [], []), paperFor(undefined, {}));
    for (const line of [
      "gets in  a/app, a/web, over the internet by nat: 20.50.1.4\n",
      "10.0.0.4 → kv, TCP 443\n",
      "✓ gets the address 20.50.1.4 from `nat`\n",
      'nat-0 /properties/ipAddress = "20.50.1.4"\n',
      "✓ the firewall admits the address\n",
      '/properties/networkAcls/ipRules/0/value = "20.50.1.4"\n',
    ]) {
      expect(story).toContain(line);
    }
  });

  test("those that have others of its addresses are told by themselves", () => {
    const both = {
      ranges: ["10.0.0.0/16", "fd00::/48"],
      subnets: [{ natGateway: "nat", prefixes: ["10.0.0.0/24", "fd00::/64"] }],
    };
    const server = aSqlServer({
      ranges: [
        [inside, inside],
        ["2001:db8::", "2001:db8::ff"],
      ],
    });
    const resources = [aNetwork(both), ...server, ...aNatGateway([inside, "2001:db8::7"])];
    const snapshot = snapshotOf(closedWorld({ resources, serviceTags: [] }));
    const service = serviceIn(snapshot);
    const { ways } = serviceReach(service, Policy.default, snapshot);
    const story = reachStory(reachAnswer(service.id, undefined, ways, [], []), paperFor(undefined, {}));
    expect(story).toContain("gets in  a/s0, over the internet by nat: 20.50.1.4\n");
    expect(story).toContain("gets in  a/s0, over the internet by nat: 2001:db8::7\n");
  });

  test("a subnet is named once where of neither family it is known whether it uses the NAT gateway", () => {
    const delegations = [{ name: "d", properties: { serviceName: "Microsoft.Web/serverFarms" } }];
    const both = {
      ranges: ["10.0.0.0/16", "fd00::/48"],
      natGateway: "nat",
      subnets: [{ prefixes: ["10.0.0.0/24", "fd00::/64"], properties: { delegations } }],
    };
    const server = aSqlServer({
      ranges: [
        [inside, inside],
        ["2001:db8::", "2001:db8::ff"],
      ],
    });
    const resources = [aNetwork(both), ...server, ...aNatGateway([inside, "2001:db8::7"])];
    const snapshot = snapshotOf(closedWorld({ resources, serviceTags: [] }));
    const ways = waysFrom(subnetId(), snapshot);
    const story = reachStory(reachAnswer(serviceIn(snapshot).id, undefined, ways, [], []), paperFor(undefined, {}));
    expect(ways).toHaveLength(2);
    expect(story).toContain("unsure   a/s0, over the internet by nat\n");
  });

  test("they are not where everybody gets in, or nobody", () => {
    const open = told(world(aVault(undefined)));
    expect(open.map((one) => one.split(":")[0])).toEqual(["internet reaches"]);
    expect(told(world(aVault({ ipRules: [{ value: inside }] }, { publicNetworkAccess: "Disabled" })))).toEqual([]);
  });

  test("the way by a private endpoint is told as before", () => {
    const endpoint = aPrivateEndpoint({
      service: vaultId,
      groupId: "vault",
      subnet: subnetId("a", "data"),
      addresses: ["10.0.2.9"],
    });
    const connection = {
      id: `${vaultId}/privateEndpointConnections/pe`,
      properties: {
        privateEndpoint: { id: idOfKind("privateEndpoints", "pe") },
        privateLinkServiceConnectionState: { status: "Approved" },
      },
    };
    const vault = aVault({ ipRules: [{ value: inside }] }, { privateEndpointConnections: [connection] });
    const ways = told(world(vault, ...endpoint));
    expect(ways.filter((one) => one.startsWith("privateEndpoint reaches"))).toHaveLength(3);
    expect(ways.filter((one) => one.startsWith("internet reaches by"))).toHaveLength(2);
  });
});

test("another service costs the same, however many subnets have other addresses", () => {
  const operations = countOperations();
  const costs = [10, 100].map((count) => {
    const subnets = Array.from({ length: count }, (_, at) => ({
      name: `s${at}`,
      prefixes: [`10.0.${at}.0/24`],
      natGateway: at === 0 ? "nat" : "other",
    }));
    const resources = [
      aNetwork({ subnets }),
      aNatGateway([inside]),
      aNatGateway([outside], "other"),
      admitting(inside),
    ];
    const snapshot = snapshotOf(closedWorld({ resources: resources.flat(), serviceTags: [] }));
    const remembered = new Map<string, unknown>();
    const { view, seen } = counting(snapshot, <T>(name: string, work: () => T): T => {
      if (!remembered.has(name)) remembered.set(name, work());
      return remembered.get(name) as T;
    });
    const ask = () => serviceReach(serviceIn(snapshot), Policy.default, view);
    ask();
    const before = { ...seen, operations: operations.count };
    ask();
    return {
      facts: seen.facts - before.facts,
      questions: seen.questions - before.questions,
      sets: operations.count - before.operations,
    };
  });
  const [few, many] = costs;
  expect({ facts: many?.facts, questions: many?.questions }).toEqual({ facts: few?.facts, questions: few?.questions });
  expect((many?.sets ?? 0) - (few?.sets ?? 0)).toBe(90); // is it one of its addresses?
});

test("property: every way over the internet from a subnet replays in the packet oracle", () => {
  const seen = new Map<string, number>();
  fc.assert(
    fc.property(randomWorld(), (world) => {
      const snapshot = snapshotOf(closedWorld(world));
      for (const [serviceId, address] of serviceAddresses) {
        const found = snapshot.get(idOf(serviceId));
        if (found.kind !== "fact" || found.fact.kind !== "service" || found.fact.location !== "westeurope") continue;
        for (const subnet of snapshot.ofKind("subnet")) {
          for (const way of reachFromSubnet(found.fact, subnet, snapshot).ways) {
            if (way.kind !== "internet") continue;
            const { witness, must, may, because, by } = way;
            expect(because.length > 0).toBe(!must.equals(may));
            if (witness === undefined || witness.steps.some(({ says }) => /no address of the family/.test(says)))
              continue;
            const { outcome, flow, steps } = witness;
            const told = `${subnet.id.text} to ${serviceId}: ${steps.map((step) => `${step.outcome}: ${step.says}`).join("; ")}`;
            expect(outcome, told).toBe(must.isEmpty ? (may.isEmpty ? "blocked" : "unknown") : "reaches");
            expect(witness.because.length > 0, told).toBe(outcome === "unknown");
            const said = replay(world, serviceId, { ...way, flow }, address);
            const name = `${outcome} ${by?.type.split("/")[1] ?? ""}`;
            seen.set(name, (seen.get(name) ?? 0) + 1);
            if (outcome === "reaches") expect(said, told).not.toBe(false);
            if (outcome === "blocked") expect(said, told).not.toBe(true);
          }
        }
      }
    }),
    { numRuns: 250 },
  );
  for (const outcome of ["reaches", "blocked", "unknown"]) {
    for (const by of ["natgateways", "publicipaddresses", ""]) {
      expect(seen.get(`${outcome} ${by}`), `${outcome} ${by}`).toBeGreaterThan(10);
    }
  }
});
