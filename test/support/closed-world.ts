import type { Reading } from "../../lib/readers/reader.ts";
import type { World } from "../oracle/world.ts";
import type { Body, Given } from "./builders.ts";
import { complete } from "./builders.ts";

const subscriptionOf = (id: string) => id.split("/").slice(0, 3).join("/");

const types = [
  "virtualNetworks",
  "networkSecurityGroups",
  "routeTables",
  "networkInterfaces",
  "publicIPAddresses",
  "publicIPPrefixes",
  "natGateways",
  "azureFirewalls",
  "privateEndpoints",
  "virtualNetworkGateways",
  "connections",
  "localNetworkGateways",
  "networkSecurityPerimeters",
  "privateDnsZones",
  "dnsForwardingRulesets",
].map((type) => `Microsoft.Network/${type}`);

const serviceTypes = [
  "Microsoft.Storage/storageAccounts",
  "Microsoft.KeyVault/vaults",
  "Microsoft.Sql/servers",
  "Microsoft.Web/sites",
  "Microsoft.Web/sites/slots",
];
const sqlLists = ["firewallRules", "virtualNetworkRules", "ipv6FirewallRules"];

/** A world of the oracle as a reader brings it: what it does not hold was looked for and is not there. */
export function closedWorld({ resources, serviceTags }: World): Given {
  const subscriptions = new Set(resources.map(({ id }) => subscriptionOf(id)));
  const zones = resources.filter(({ type }) => type === "Microsoft.Network/privateDnsZones");
  const servers = resources.filter(({ type }) => String(type).toLowerCase() === "microsoft.sql/servers");
  return [
    resources.map((body): Body => ({ ...body })),
    [...subscriptions].flatMap((scope) => [...types, ...serviceTypes].map((type) => complete(scope, type))),
    servers.flatMap(({ id }) => sqlLists.map((type) => complete(id, `Microsoft.Sql/servers/${type}`))),
    zones.map(({ id }) => complete(id, "Microsoft.Network/privateDnsZones/virtualNetworkLinks")),
    tagsOf(serviceTags),
  ];
}

function tagsOf(tags: World["serviceTags"]): Reading {
  const values = tags.map(({ name, properties: { addressPrefixes } }) => ({ name, addressPrefixes }));
  return { kind: "serviceTags", list: { changeNumber: 1, values } };
}
