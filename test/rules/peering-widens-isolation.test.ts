import { Glob } from "../../lib/model/glob.ts";
import { peeringWidensIsolation } from "../../lib/rules/peering-widens-isolation.ts";
import { readSet } from "../net/read-set.ts";
import { absent, type Body, complete, type Given, group, refused, subscription } from "../support/builders.ts";
import { aGateway, aSite, aVpnConnection, gatewayId, noOtherVpnConnection } from "../support/gateways.ts";
import { anInterface, aPrivateEndpoint } from "../support/private-endpoints.ts";
import { ruleTable } from "../support/rule-table.ts";
import { policyWith } from "../support/world.ts";

const apart = [[new Glob("*/virtualNetworks/prod"), new Glob("*/virtualNetworks/dev*")]];
const policy = policyWith({ keptApart: apart });
const declared = policyWith({ keptApart: apart, firewalls: readSet("10.0.0.4") });

type Properties = Readonly<Record<string, unknown>>;

const ranges: Readonly<Record<string, string>> = { hub: "10.0.0.0/16", prod: "10.1.0.0/16", dev: "10.2.0.0/16" };
const idOfNetwork = (name: string) => `${group}/providers/Microsoft.Network/virtualNetworks/${name}`;

/** A network with one subnet; `peers` says what differs from a peering that lets everything pass. */
function network(name: string, peers: Readonly<Record<string, Properties>> = {}, routeTable?: string): Body {
  const id = idOfNetwork(name);
  return {
    id,
    name,
    type: "Microsoft.Network/virtualNetworks",
    location: "westeurope",
    properties: {
      addressSpace: { addressPrefixes: [ranges[name]] },
      subnets: [
        {
          id: `${id}/subnets/snet`,
          name: "snet",
          properties: {
            addressPrefix: ranges[name],
            ...(routeTable === undefined ? {} : { routeTable: { id: routeTable } }),
          },
        },
      ],
      virtualNetworkPeerings: Object.entries(peers).map(([peer, properties]) => ({
        name: `to-${peer}`,
        properties: {
          peeringState: "Connected",
          allowVirtualNetworkAccess: true,
          allowForwardedTraffic: true,
          allowGatewayTransit: false,
          useRemoteGateways: false,
          remoteVirtualNetwork: { id: idOfNetwork(peer) },
          remoteAddressSpace: { addressPrefixes: [ranges[peer]] },
          ...properties,
        },
      })),
    },
  };
}

const tableId = `${group}/providers/Microsoft.Network/routeTables/dev`;

function table(route: Properties): Body {
  const routes = [{ name: "route", properties: { addressPrefix: "10.1.0.0/16", ...route } }];
  return {
    id: tableId,
    name: "dev",
    type: "Microsoft.Network/routeTables",
    location: "westeurope",
    properties: { routes },
  };
}

const noGateways = ["hub", "prod", "dev"].map((name) => absent(`${idOfNetwork(name)}/subnets/GatewaySubnet`));
const appliance = { nextHopType: "VirtualAppliance", nextHopIpAddress: "10.0.0.4" };
const gateway = { nextHopType: "VirtualNetworkGateway" };
const user = { useRemoteGateways: true, allowForwardedTraffic: false };
const transit = { allowGatewayTransit: true };

/** Production and development meet in a hub, if at all: what differs on each of the sides, and the route of the latter. */
function hubAndSpokes(
  route: Properties,
  sides: {
    readonly prod?: Properties;
    readonly dev?: Properties;
    readonly toProd?: Properties;
    readonly toDev?: Properties;
  } = {},
): Given {
  return [
    network("hub", { prod: sides.toProd ?? {}, dev: sides.toDev ?? {} }),
    network("prod", { hub: sides.prod ?? {} }),
    network("dev", { hub: sides.dev ?? {} }, tableId),
    table(route),
    noGateways,
  ];
}

const overGateway = { prod: user, dev: user, toProd: transit, toDev: transit };

/** Production and development use a hub with something that announces routes in a subnet of this name. */
function gatewayHub(
  subnet: string,
  sides: Parameters<typeof hubAndSpokes>[1],
  ofTable: Properties = {},
  configuration = `${idOfNetwork("hub")}/subnets/${subnet}/x`,
): Given {
  const { prod = {}, dev = {}, toProd = {}, toDev = {} } = sides ?? {};
  const hub = network("hub", { prod: toProd, dev: toDev });
  const id = `${idOfNetwork("hub")}/subnets/${subnet}`;
  const occupied = {
    id,
    name: subnet,
    properties: { addressPrefix: "10.0.9.0/26", ipConfigurations: [{ id: configuration }] },
  };
  const subnets = [...Object(hub.properties).subnets, occupied];
  return [
    { ...hub, properties: { ...Object(hub.properties), subnets } },
    network("prod", { hub: prod }, tableId),
    network("dev", { hub: dev }, tableId),
    { ...table({}), properties: { routes: [], ...ofTable } },
  ];
}

/** What Azure makes in a network that is connected with a virtual hub. */
function virtualHub(hub: string): Readonly<Record<string, Properties>> {
  const scope = `/subscriptions/00000000-0000-4000-8000-00000000000f/resourceGroups/RG_${hub}_5f1c`;
  const remoteVirtualNetwork = { id: `${scope}/providers/Microsoft.Network/virtualNetworks/HV_${hub}_0a7d` };
  const remoteAddressSpace = { addressPrefixes: ["10.8.0.0/23"] };
  return { [hub]: { ...user, remoteVirtualNetwork, remoteAddressSpace } };
}

/** Production and development are peered, and the table of each leads what is for the other to this hop. */
function peeredWith(hop: Properties, to = { prod: "10.1.0.0/16", dev: "10.2.0.0/16" }): Given {
  const ofProd = { ...table({ addressPrefix: to.dev, ...hop }), id: `${tableId}-prod` };
  return [
    network("prod", { dev: {} }, `${tableId}-prod`),
    network("dev", { prod: {} }, tableId),
    table({ addressPrefix: to.prod, ...hop }),
    ofProd,
    noGateways,
  ];
}

/** The same, with tables without routes of their own. */
function withoutPeeringRoutes(disablePeeringRoute: string): Given {
  const properties = { routes: [], disablePeeringRoute };
  return [
    network("prod", { dev: {} }, `${tableId}-prod`),
    network("dev", { prod: {} }, tableId),
    ...[tableId, `${tableId}-prod`].map((id) => ({ ...table({}), id, properties })),
    noGateways,
  ];
}

const onlySnet = { peerCompleteVnets: false, localSubnetNames: ["Snet"], remoteSubnetNames: ["Snet"] };

/** A subnet without a table besides. */
function withOpenSubnet(body: Body): Body {
  const properties = Object(body.properties);
  const open = { id: `${body.id}/subnets/open`, name: "open", properties: { addressPrefix: "10.7.0.0/24" } };
  return { ...body, properties: { ...properties, subnets: [...properties.subnets, open] } };
}

const everyEndpoint = complete(subscription, "Microsoft.Network/privateEndpoints");

ruleTable(peeringWidensIsolation, [
  {
    when: "the policy keeps nothing apart",
    looks: "wrong",
    given: [network("prod", { dev: {} }), network("dev", { prod: {} })],
    want: "pass",
  },
  { when: "the networks are not peered", given: [network("prod"), network("dev")], policy, want: "pass" },
  {
    when: "the networks are peered",
    given: [network("prod", { dev: {} }), network("dev")],
    policy,
    want: "pass",
    looks: "wrong",
  },
  {
    when: "the networks are peered on both sides",
    given: [network("prod", { dev: {} }), network("dev", { prod: {} })],
    policy,
    want: "fail",
    says: ["`dev` gets in over the peering `to-dev`", "`prod` gets in over the peering `to-prod`", "/peeringState"],
  },
  {
    when: "the networks are peered, and a route of each subnet drops what is for the other network",
    looks: "wrong",
    given: [peeredWith({ nextHopType: "None" }), everyEndpoint],
    policy,
    want: "pass",
  },
  {
    when: "the networks are peered, and routes lead what is for the other network to a firewall of the policy",
    looks: "wrong",
    given: [peeredWith(appliance), everyEndpoint],
    policy: declared,
    want: "pass",
  },
  {
    when: "the networks are peered, and routes lead what is for the other network to another appliance",
    given: [peeredWith(appliance), everyEndpoint],
    policy,
    want: "undetermined",
    says: ["where VirtualAppliance 10.0.0.4 takes packets"],
  },
  {
    when: "the networks are peered, and routes drop a half of what is for the other network",
    looks: "fine",
    given: [peeredWith({ nextHopType: "None" }, { prod: "10.1.0.0/17", dev: "10.2.0.0/17" }), everyEndpoint],
    policy,
    want: "fail",
  },
  {
    when: "the networks are peered, and a default route to the firewall is shorter than that of the peering",
    looks: "fine",
    given: [peeredWith(appliance, { prod: "0.0.0.0/0", dev: "0.0.0.0/0" }), everyEndpoint],
    policy: declared,
    want: "fail",
  },
  {
    when: "the networks are peered, routes drop what is for the other network, and private endpoints may be in it",
    given: peeredWith({ nextHopType: "None" }),
    policy,
    want: "undetermined",
    says: ["the list of all `microsoft.network/privateendpoints`"],
  },
  {
    when: "the networks are peered, routes drop what is for the other network, and a private endpoint in it has its own",
    looks: "fine",
    given: [
      peeredWith({ nextHopType: "None" }),
      everyEndpoint,
      aPrivateEndpoint({ subnet: `${idOfNetwork("prod")}/subnets/snet` }),
      anInterface(),
    ],
    policy,
    want: "fail",
  },
  {
    when: "the networks are peered, and the tables take the routes of peerings away",
    looks: "wrong",
    given: [withoutPeeringRoutes("All"), everyEndpoint],
    policy,
    want: "pass",
  },
  {
    when: "the tables take the routes of peerings away, and a private endpoint in the other network may keep its own",
    given: [
      withoutPeeringRoutes("All"),
      everyEndpoint,
      aPrivateEndpoint({ subnet: `${idOfNetwork("prod")}/subnets/snet` }),
      anInterface(),
    ],
    policy,
    want: "undetermined",
    says: ["keeps its route"],
  },
  {
    when: "the networks are peered, and the tables leave the routes of peerings",
    given: [withoutPeeringRoutes("None"), everyEndpoint],
    policy,
    want: "fail",
  },
  {
    when: "the networks are peered, and nobody knows which routes of peerings the tables take away",
    given: [withoutPeeringRoutes("Some"), everyEndpoint],
    policy,
    want: "undetermined",
    says: ["Some"],
  },
  {
    when: "the networks are peered, and the table that may drop packets was refused",
    given: [
      network("prod", { dev: {} }, `${tableId}-prod`),
      network("dev", { prod: {} }, tableId),
      refused(tableId),
      refused(`${tableId}-prod`),
      noGateways,
    ],
    policy,
    want: "undetermined",
    says: [`403 reading ${tableId}`],
  },
  {
    when: "only some subnets are peered",
    looks: "fine",
    given: [
      network("prod", { dev: { peerCompleteVnets: false, localSubnetNames: ["snet"], remoteSubnetNames: ["snet-b"] } }),
      network("dev", { prod: {} }),
    ],
    policy,
    want: "fail",
    says: ["which is for the subnets named `snet` and `snet-b`"],
  },
  {
    when: "only some subnets are peered, whose routes drop what is for the other network",
    looks: "wrong",
    given: [
      withOpenSubnet(network("prod", { dev: onlySnet }, `${tableId}-prod`)),
      withOpenSubnet(network("dev", { prod: onlySnet }, tableId)),
      table({ nextHopType: "None" }),
      { ...table({ addressPrefix: "10.2.0.0/16", nextHopType: "None" }), id: `${tableId}-prod` },
      everyEndpoint,
      noGateways,
    ],
    policy,
    want: "pass",
  },
  {
    when: "the subnets that are peered have the same name",
    looks: "fine",
    given: [
      network("prod", { dev: { peerCompleteVnets: false, localSubnetNames: ["snet"], remoteSubnetNames: ["snet"] } }),
      network("dev", { prod: {} }),
    ],
    policy,
    want: "fail",
    says: ["which is for the subnets named `snet`"],
  },
  {
    when: "two networks of one pattern are peered",
    looks: "wrong",
    given: [network("dev", { "dev-2": {} }), network("dev-2", { dev: {} })],
    policy,
    want: "pass",
  },
  {
    when: "the peering was begun on one side",
    looks: "wrong",
    given: [network("prod", { dev: { peeringState: "Initiated" } }), network("dev")],
    policy,
    want: "pass",
  },
  {
    when: "the other side was deleted",
    looks: "wrong",
    given: [network("prod", { dev: { peeringState: "Disconnected" } }), network("dev")],
    policy,
    want: "pass",
  },
  {
    when: "one side does not allow access",
    looks: "fine",
    given: [network("prod", { dev: { allowVirtualNetworkAccess: false } }), network("dev", { prod: {} })],
    policy,
    want: "undetermined",
    says: ["security groups may let packets pass"],
  },
  {
    when: "the other network was refused",
    given: [network("prod", { dev: {} }), refused(idOfNetwork("dev"))],
    policy,
    want: "undetermined",
    says: [`403 reading ${idOfNetwork("dev")}`],
  },
  {
    when: "the state of the peering is not known",
    given: [network("prod", { dev: { peeringState: "Dreaming" } }), network("dev", { prod: {} })],
    policy,
    want: "undetermined",
    says: ["Dreaming"],
  },
  {
    when: "both are peered with a hub, which does not make them meet",
    looks: "wrong",
    given: [
      network("hub", { prod: {}, dev: {} }),
      network("prod", { hub: {} }),
      network("dev", { hub: {} }),
      noGateways,
    ],
    policy,
    want: "pass",
  },
  {
    when: "routes lead to an appliance in the hub",
    given: hubAndSpokes(appliance),
    policy,
    want: "undetermined",
    says: ["the appliance 10.0.0.4", "/properties/routes/0"],
  },
  {
    when: "the default route leads to the gateway of the hub, and Azure's own routes for private ranges are gone with it",
    looks: "fine",
    given: hubAndSpokes({ ...gateway, addressPrefix: "0.0.0.0/0" }, overGateway),
    policy,
    want: "fail",
    says: ["`dev` gets in through the gateway of `hub`"],
  },
  {
    when: "a route for half of all addresses leads to the gateway of the hub, and Azure's own for private ranges is longer",
    looks: "wrong",
    given: hubAndSpokes({ ...gateway, addressPrefix: "0.0.0.0/1" }, overGateway),
    policy,
    want: "pass",
  },
  {
    when: "the appliance is a firewall of the policy",
    looks: "wrong",
    given: hubAndSpokes(appliance),
    policy: declared,
    want: "pass",
  },
  {
    when: "the peering of the network does not allow forwarded traffic",
    looks: "wrong",
    given: hubAndSpokes(appliance, { prod: { allowForwardedTraffic: false } }),
    policy,
    want: "pass",
  },
  {
    when: "the appliance stands in another network than the hub",
    looks: "wrong",
    given: hubAndSpokes({ ...appliance, nextHopIpAddress: "10.7.0.4" }),
    policy,
    want: "pass",
  },
  {
    when: "the route to the appliance is for other addresses",
    looks: "wrong",
    given: hubAndSpokes({ ...appliance, addressPrefix: "10.9.0.0/16" }),
    policy,
    want: "pass",
  },
  {
    when: "both use the hub's gateway, and a route leads to it, though forwarded traffic is not allowed",
    looks: "fine",
    given: hubAndSpokes(gateway, overGateway),
    policy,
    want: "fail",
    says: ["`dev` gets in through the gateway of `hub`", "/useRemoteGateways", "/properties/routes/0"],
  },
  {
    when: "both use the hub's gateway, and no route leads to it",
    looks: "wrong",
    given: hubAndSpokes({ nextHopType: "None" }, overGateway),
    policy,
    want: "pass",
  },
  {
    when: "the hub does not let the network use its gateway",
    looks: "wrong",
    given: hubAndSpokes(gateway, { ...overGateway, toProd: {} }),
    policy,
    want: "pass",
  },
  {
    when: "both use a gateway that stands in the hub, and no route of the owner leads there",
    looks: "fine",
    given: gatewayHub("GatewaySubnet", overGateway),
    policy,
    want: "undetermined",
    says: ["/subnets/GatewaySubnet` is not known", "/useRemoteGateways"],
  },
  {
    when: "both use a gateway of the hub that leads to one site and learns nothing",
    looks: "wrong",
    given: [
      gatewayHub("GatewaySubnet", overGateway, {}, `${gatewayId()}/ipConfigurations/default`),
      [aGateway({ inside: idOfNetwork("hub") }), aSite(), aVpnConnection(), noOtherVpnConnection],
    ],
    policy,
    want: "pass",
  },
  {
    when: "both use a gateway that stands in the hub, and their tables take no routes of gateways",
    looks: "wrong",
    given: gatewayHub("GatewaySubnet", overGateway, { disableBgpRoutePropagation: true }),
    policy,
    want: "pass",
  },
  {
    when: "only the other uses the gateway of the hub",
    looks: "wrong",
    given: gatewayHub("GatewaySubnet", { dev: user, toDev: transit }),
    policy,
    want: "pass",
  },
  {
    when: "a route server stands in the hub, which the other uses, and appliances may forward its packets",
    looks: "fine",
    given: gatewayHub("RouteServerSubnet", { dev: user, toDev: transit }),
    policy,
    want: "undetermined",
    says: ["what the route server of", "announces is not known"],
  },
  {
    when: "a route server stands in the hub, and the network lets no forwarded packets in",
    looks: "wrong",
    given: gatewayHub("RouteServerSubnet", { prod: { allowForwardedTraffic: false }, dev: user, toDev: transit }),
    policy,
    want: "pass",
  },
  {
    when: "both are connected with a virtual hub, whose network is Azure's own",
    looks: "fine",
    given: [network("prod", virtualHub("hub-1")), network("dev", virtualHub("hub-1")), noGateways],
    policy,
    want: "undetermined",
    says: ["HV_hub-1"],
  },
  {
    when: "only the other is connected with a virtual hub",
    looks: "wrong",
    given: [
      network("prod", { hub: {} }),
      network("hub", { prod: {} }),
      network("dev", virtualHub("hub-1")),
      noGateways,
    ],
    policy,
    want: "pass",
  },
  {
    when: "the hub was refused, in which both use the gateway",
    given: [
      refused(idOfNetwork("hub")),
      network("prod", { hub: user }),
      network("dev", { hub: user }, tableId),
      table(gateway),
      noGateways,
    ],
    policy,
    want: "undetermined",
    says: [`403 reading ${idOfNetwork("hub")}`],
  },
  {
    when: "the other spoke was refused, and the hub is peered with it",
    given: [
      network("hub", { prod: {}, dev: {} }),
      network("prod", { hub: {} }),
      refused(idOfNetwork("dev")),
      noGateways,
    ],
    policy,
    want: "undetermined",
    says: [`403 reading ${idOfNetwork("dev")}`],
  },
  {
    when: "the table of the other spoke was refused",
    given: [
      network("hub", { prod: {}, dev: {} }),
      network("prod", { hub: {} }),
      network("dev", { hub: {} }, tableId),
      refused(tableId),
      noGateways,
    ],
    policy,
    want: "undetermined",
    says: [`403 reading ${tableId}`],
  },
  {
    when: "the peerings cannot be understood",
    given: { ...network("prod"), properties: { virtualNetworkPeerings: "many" } },
    policy,
    want: "undetermined",
  },
]);
