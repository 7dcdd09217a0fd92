import fc from "fast-check";
import { Glob } from "../../lib/model/glob.ts";
import type { Policy } from "../../lib/model/policy.ts";
import type { Reading } from "../../lib/readers/reader.ts";
import { readSet } from "../net/read-set.ts";
import * as oracle from "../oracle/bodies.ts";
import { randomWorld } from "../oracle/random-world.ts";
import type { World } from "../oracle/world.ts";
import { anAllow, forSubnet, forTag, lists, untouched } from "./apps.ts";
import {
  aCircuit,
  aPerimeter,
  aPerimeterConfiguration,
  aPlacedService,
  aWorkspace,
  type Body,
  complete,
  idOf,
  perimeterId,
  refused,
  refusedList,
  subscription,
} from "./builders.ts";
import { closedWorld } from "./closed-world.ts";
import type { Material } from "./edit-script.ts";
import { aCosmosAccount } from "./more-services.ts";
import { policyWith, readingsOf } from "./world.ts";

const otherSubscription = "/subscriptions/00000000-0000-4000-8000-000000000002";
const other = `${otherSubscription}/resourceGroups/rg/providers`;
const gatewayId = `${other}/Microsoft.Network/virtualNetworkGateways/gw`;
const siteId = `${other}/Microsoft.Network/localNetworkGateways/site`;
const { storageId, sqlId, vaultId, subnetId, networkId } = oracle;

/** What the worlds of the oracle do not have: each list is what one resource may be. */
const others: readonly Body[] = [
  ...[{}, { peerings: [] }, { properties: { circuitProvisioningState: "Disabled" } }].map(aCircuit),
  ...["s0", "s1", "s2"].map((name) =>
    aPlacedService("Microsoft.Web/sites", { virtualNetworkSubnetId: subnetId("a", name) }, "app"),
  ),
  ...[untouched, lists([forSubnet(subnetId())]), lists([anAllow("203.0.113.7/32")], [forTag("AzureCloud")])].flatMap(
    (config) => [
      ...oracle.anApp(config, { publicNetworkAccess: "Enabled", virtualNetworkSubnetId: subnetId("a", "s1") }),
    ],
  ),
  aPlacedService(
    "Microsoft.Web/sites",
    { managedEnvironmentId: `${other}/Microsoft.App/managedEnvironments/env` },
    "app",
  ),
  ...["a", "b"].map((network) =>
    aPlacedService(
      "Microsoft.DBforPostgreSQL/flexibleServers",
      { network: { delegatedSubnetResourceId: subnetId(network) } },
      "psql",
    ),
  ),
  ...[{ environmentMode: "ConsumptionOnly" }, { workloadProfiles: [{ name: "Consumption" }] }, {}].map((type) =>
    aPlacedService(
      "Microsoft.App/managedEnvironments",
      { vnetConfiguration: { infrastructureSubnetId: subnetId("a", "s1") }, ...type },
      "cae",
    ),
  ),
  ...["a", "b"].map((network) => aWorkspace("s0", "s1", networkId(network))),
  ...["Enforced", "Learning", "Audit"].flatMap((accessMode) => aPerimeter({ service: storageId, accessMode })[0]),
  aPerimeter({ service: vaultId })[0],
  ...[["203.0.113.0/24"], ["0.0.0.0/0"]].flatMap(
    (addressPrefixes) => aPerimeter({ accessRules: [{ addressPrefixes }] })[1],
  ),
  { id: perimeterId, type: "Microsoft.Network/networkSecurityPerimeters", properties: {} },
  ...["Enforced", "Learning"].flatMap((accessMode) => aPerimeterConfiguration({ service: sqlId, accessMode })[0]),
  {
    id: `${oracle.idOf("networkInterfaces", "nic-0")}/effectiveRouteTable/default`,
    value: [
      {
        source: "Default",
        state: "Active",
        addressPrefix: ["0.0.0.0/0"],
        nextHopIpAddress: [],
        nextHopType: "Internet",
      },
    ],
  },
  ...["a", "b"].map((network) => gateway(network)),
  ...[{}, { enableBgp: true }, { virtualNetworkGateway1: { id: `${gatewayId}-2` } }].map(connection),
  ...[["192.168.1.0/24"], ["0.0.0.0/1", "128.0.0.0/1"]].map(site),
  ...["Deny", "AlwaysAllow"].map((access) => adminRules(access)),
  ...[[{ id: subnetId() }], [{ id: subnetId("b") }, { id: subnetId("a", "gone") }]].map((virtualNetworkRules) => ({
    ...aCosmosAccount({ virtualNetworkRules, isVirtualNetworkFilterEnabled: true }),
    id: `${other}/Microsoft.DocumentDB/databaseAccounts/cosmos`,
  })),
  ...[storageId, vaultId].map((service) => ({
    ...oracle.aPrivateEndpoint({ service })[0],
    id: `${other}/Microsoft.Network/privateEndpoints/pe-far`,
  })),
  { id: `${other}/Microsoft.Storage/storageAccounts/thin`, type: "Microsoft.Storage/storageAccounts" },
  oracle.aStorageAccount({ defaultAction: "Allow" }),
  ...[["20.50.1.4"], ["20.50.1.0/30", "203.0.113.7"], ["20.48.0.0/12"]].map((values) =>
    oracle.aStorageAccount({ ipRules: values.map((value) => ({ value, action: "Allow" })) }),
  ),
  ...["20.50.1.4", "20.50.2.4"].flatMap((ipAddress) =>
    ["westeurope", "northeurope"].map((location) =>
      publicAddress("publicIPAddresses/pip-far", location, { ipAddress }),
    ),
  ),
  ...["20.50.1.0/31", "20.50.2.0/31"].map((ipPrefix) =>
    publicAddress("publicIPPrefixes/ippre-far", "westeurope", { ipPrefix }),
  ),
].map((body) => ({ ...body, id: String(body.id) }));

function publicAddress(name: string, location: string, properties: object): Body {
  return { id: `${other}/Microsoft.Network/${name}`, location, sku: { name: "Standard" }, properties };
}

function gateway(network: string): Body {
  return {
    id: gatewayId,
    properties: {
      ipConfigurations: [{ properties: { subnet: { id: `${networkId(network)}/subnets/GatewaySubnet` } } }],
      gatewayType: "Vpn",
    },
  };
}

function connection(properties: object): Body {
  const ends = { virtualNetworkGateway1: { id: gatewayId }, localNetworkGateway2: { id: siteId } };
  return {
    id: `${other}/Microsoft.Network/connections/cn`,
    properties: { connectionType: "IPsec", enableBgp: false, ...ends, ...properties },
  };
}

function site(addressPrefixes: readonly string[]): Body {
  return { id: siteId, properties: { localNetworkAddressSpace: { addressPrefixes } } };
}

function adminRules(access: string): Body {
  const properties = {
    ...{
      access,
      protocol: "Any",
      direction: "Inbound",
      priority: 10,
      sourcePortRanges: ["0-65535"],
      destinationPortRanges: ["0-65535"],
    },
    sources: [{ addressPrefix: "*", addressPrefixType: "IPPrefix" }],
    destinations: [{ addressPrefix: "*", addressPrefixType: "IPPrefix" }],
  };
  return {
    id: `${networkId()}/effectiveSecurityAdminRules/current`,
    properties: {},
    value: [{ id: "rule", kind: "Custom", properties }],
  };
}

const moreTypes = [
  "Microsoft.Network/publicIPAddresses",
  "Microsoft.Network/publicIPPrefixes",
  "Microsoft.Network/expressRouteCircuits",
  "Microsoft.Network/connections",
  "Microsoft.Network/networkSecurityPerimeters/resourceAssociations",
  "Microsoft.Web/sites",
  "Microsoft.Web/sites/slots",
  "Microsoft.DBforPostgreSQL/flexibleServers",
  "Microsoft.DocumentDB/databaseAccounts",
];

const isList = (reading: Reading) => reading.kind === "list";
const isTags = (reading: Reading) => reading.kind === "serviceTags";

/** Of the lists all are known at first, those of one subscription, or none; others come in the course of the edits. */
export interface Start {
  readonly material: Material;
  readonly first: World;
  readonly said: readonly Reading[];
  /** Too large to be printed; the seed makes it again. */
  readonly [fc.toStringMethod]: () => string;
}

export const anyStart: fc.Arbitrary<Start> = fc
  .record({
    worlds: fc.tuple(randomWorld(), randomWorld(), randomWorld()),
    known: fc.constantFrom("all", "all", "one", "none"),
  })
  .map(({ worlds, known }) => {
    const readings = worlds.flatMap((world) => [...readingsOf(closedWorld(world))]);
    const more = [subscription, otherSubscription].flatMap((scope) => moreTypes.map((type) => complete(scope, type)));
    const lists = [...readings, ...more].filter(isList);
    const refusedLists = lists.map(({ scope, type }) => refusedList(scope.text, type)).filter(isList);
    const bodies = [...worlds.flatMap(({ resources }) => resources.map((body): Body => ({ ...body }))), ...others];
    const ids = [
      ...new Set(bodies.map(({ id }) => id)),
      networkId(),
      `${networkId()}/effectiveSecurityAdminRules/current`,
    ];
    const refusals = ids.map(refused).filter((reading) => reading.kind === "unreadable");
    const tags = readings
      .filter(isTags)
      .map(({ list, ...tag }, at) => ({ ...tag, list: { ...list, changeNumber: at } }));
    const ofOne = lists.filter(({ scope }) => scope.isWithin(idOf(subscription)));
    const said = { all: [...lists, ...tags.slice(0, 1)], one: ofOne, none: [] }[known];
    const material = { bodies, lists: [...lists, ...refusedLists], refusals, tags };
    return { material, first: worlds[0], said, [fc.toStringMethod]: () => `${bodies.length} bodies` };
  });

/** Expects something of every kind, so that every rule has something to say. */
export const demanding: Policy = policyWith({
  approvedAddresses: readSet("203.0.113.0/28"),
  approvedExceptions: [{ resource: new Glob("*"), exception: "AzureServices" }],
  sites: [
    {
      name: "plant",
      natAddresses: readSet("198.51.100.10", "198.51.100.11"),
      connection: "microsoftPeering",
      needs: [{ kind: "id", glob: new Glob("*") }],
    },
    {
      name: "office",
      natAddresses: readSet("203.0.113.7"),
      connection: "internet",
      needs: [{ kind: "type", type: "Microsoft.Sql/servers" }],
    },
  ],
  privateTypes: ["Microsoft.Storage/storageAccounts", "Microsoft.Sql/servers"],
  perimeterTypes: ["Microsoft.KeyVault/vaults"],
  injectedTypes: ["Microsoft.Web/sites"],
  isolatedSubnets: [new Glob("*/s1")],
  reservedSubnets: [{ subnet: new Glob("*/s2"), serviceName: "Microsoft.Web/serverFarms" }],
  firewalls: readSet("10.0.0.4", "10.1.0.4"),
  dnsNetworks: [idOf(networkId("b"))],
});
