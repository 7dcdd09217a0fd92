import { describe, expect, test } from "vitest";
import { IpSet } from "../../lib/net/ip-set.ts";
import { knownAddresses } from "../../lib/net/known-addresses.ts";
import { networkViewOf } from "../../lib/reach/network-view.ts";
import { nextHopsOf } from "../../lib/reach/next-hops.ts";
import { type RouteRow, routeTableOf } from "../../lib/reach/route-table-view.ts";
import { routesOf } from "../../lib/reach/routes.ts";
import { aNetwork, aRouteTable, idOf, type NetworkParts, networkId, subnetId } from "../oracle/bodies.ts";
import { absent, type Body, type Given, refused } from "../support/builders.ts";
import {
  aGateway,
  aSite,
  aVpnConnection,
  gatewayId,
  gatewaySubnet,
  noOtherVpnConnection,
  siteId,
} from "../support/gateways.ts";
import { subnetIn } from "../support/reach.ts";
import { snapshotOf } from "../support/world.ts";

const hub = (parts: NetworkParts = {}) => aNetwork({ name: "hub", subnets: [{}, gatewaySubnet()], ...parts });
const vpn = (properties = {}) => aGateway({ inside: networkId("hub"), properties });
const known: Given = [hub(), vpn(), aSite(), noOtherVpnConnection];

/** Of what gateways lead to, in the subnet of a network. */
function rowsIn(given: Given, network = "hub"): readonly RouteRow[] {
  const snapshot = snapshotOf([given, ended]);
  return routeTableOf(subnetIn(snapshot, subnetId(network)), snapshot).rows;
}

const ended = { kind: "end", because: "is not in the recording" } as const;

/** "Active 10.70.0.0/16", in the place of a prefix that is not known a star. */
function gatewayRows(given: Given, network = "hub"): readonly string[] {
  return rowsIn(given, network)
    .filter(({ source }) => source === "VirtualNetworkGateway")
    .map(({ state, prefixes }) => [state, ...(prefixes.length === 0 ? ["*"] : prefixes.map(textOf))].join(" "));
}

function textOf(prefix: RouteRow["prefixes"][number]): string {
  return prefix.toPrefixes().join();
}

const natRule = (name: string, internal: readonly string[], external: readonly string[]) => ({
  id: `${gatewayId()}/natRules/${name}`,
  name,
  properties: {
    type: "Static",
    mode: "IngressSnat",
    internalMappings: internal.map((addressSpace) => ({ addressSpace })),
    externalMappings: external.map((addressSpace) => ({ addressSpace })),
  },
});
const translated = aVpnConnection({ ingressNatRules: [{ id: `${gatewayId()}/natRules/r1` }] });

const oneWay: readonly Given[] = [
  aGateway({ name: "vgw-b", inside: networkId("b") }),
  aVpnConnection({ connectionType: "Vnet2Vnet", virtualNetworkGateway2: { id: gatewayId("vgw-b") } }),
];
const wayBack = (properties = {}) =>
  aVpnConnection(
    {
      connectionType: "Vnet2Vnet",
      virtualNetworkGateway1: { id: gatewayId("vgw-b") },
      virtualNetworkGateway2: { id: gatewayId() },
      ...properties,
    },
    "cn-back",
  );
const other: readonly Given[] = [...oneWay, wayBack()];
const otherNetwork = (parts: NetworkParts = {}) =>
  aNetwork({
    name: "b",
    ranges: ["10.8.0.0/16", "10.9.0.0/16"],
    subnets: [gatewaySubnet("10.8.255.0/27", "vgw-b")],
    ...parts,
  });

interface Row {
  readonly when: string;
  readonly given: Given;
  readonly want: readonly string[];
}

const rows: readonly Row[] = [
  { when: "no gateway stands there", given: aNetwork({ name: "hub" }), want: [] },
  { when: "the gateway has no connection", given: known, want: [] },
  { when: "the list of connections was not read", given: [hub(), vpn(), aSite()], want: ["Unknown *"] },
  { when: "the gateway was not read", given: [hub(), noOtherVpnConnection], want: ["Unknown *"] },
  {
    when: "the subnet does not list the gateway yet",
    given: [hub({ subnets: [{}, { name: "GatewaySubnet", prefixes: ["10.0.255.0/27"] }] }), known, aVpnConnection()],
    want: ["Active 10.70.0.0/16"],
  },
  {
    when: "a site has its prefixes from its owner",
    given: [hub(), vpn(), aSite(["10.70.0.0/16", "192.0.2.64/26"]), noOtherVpnConnection, aVpnConnection()],
    want: ["Active 10.70.0.0/16", "Active 192.0.2.64/26"],
  },
  {
    when: "a connection is known and others may be there",
    given: [hub(), vpn(), aSite(), aVpnConnection()],
    want: ["Active 10.70.0.0/16", "Unknown *"],
  },
  {
    when: "one of two connections runs BGP",
    given: [known, aSite(["10.71.0.0/16"], "faro"), aVpnConnection(), withBgp("faro")],
    want: ["Active 10.71.0.0/16", "Active 10.70.0.0/16", "Unknown *"],
  },
  {
    when: "whether the connection runs BGP cannot be understood",
    given: [known, aVpnConnection({ enableBgp: "perhaps" })],
    want: ["Active 10.70.0.0/16", "Unknown *"],
  },
  {
    when: "the connection is that of a circuit",
    given: [known, aVpnConnection({ connectionType: "ExpressRoute", localNetworkGateway2: undefined })],
    want: ["Unknown *"],
  },
  {
    when: "the gateway is one for circuits and has none",
    given: [hub(), vpn({ gatewayType: "ExpressRoute" }), noOtherVpnConnection],
    want: [],
  },
  {
    when: "a gateway for circuits stands beside that for VPN",
    given: [
      [hub({ subnets: [{}, gatewaySubnet("10.0.255.0/27", "vgw", "ergw")] }), vpn(), aSite(), noOtherVpnConnection],
      aGateway({ name: "ergw", inside: networkId("hub"), properties: { gatewayType: "ExpressRoute" } }),
      aVpnConnection(),
      aVpnConnection(
        {
          connectionType: "ExpressRoute",
          virtualNetworkGateway1: { id: gatewayId("ergw") },
          localNetworkGateway2: null,
        },
        "cn-circuit",
      ),
    ],
    want: ["Active 10.70.0.0/16", "Unknown *"],
  },
  {
    when: "of which kind the gateway is is not known",
    given: [known, vpn({ gatewayType: "LocalGateway" })],
    want: ["Unknown *"],
  },
  {
    when: "the connection is of a kind that nobody knows",
    given: [known, aVpnConnection({ connectionType: "VPNClient" })],
    want: ["Unknown *"],
  },
  {
    when: "it is not known of which gateway a connection is",
    given: [known, aVpnConnection({ virtualNetworkGateway1: undefined })],
    want: ["Unknown *"],
  },
  {
    when: "the connection is that of the other end",
    given: [
      [hub(), vpn(), noOtherVpnConnection, otherNetwork(), aGateway({ name: "vgw-b", inside: networkId("b") })],
      aVpnConnection({
        connectionType: "Vnet2Vnet",
        virtualNetworkGateway1: { id: gatewayId("vgw-b") },
        virtualNetworkGateway2: { id: gatewayId() },
      }),
    ],
    want: [],
  },
  {
    when: "the site was refused",
    given: [hub(), vpn(), noOtherVpnConnection, refused(siteId()), aVpnConnection()],
    want: ["Unknown *"],
  },
  {
    when: "the site is gone",
    given: [hub(), vpn(), noOtherVpnConnection, absent(siteId()), aVpnConnection()],
    want: ["Unknown *"],
  },
  {
    when: "a prefix of the site cannot be understood",
    given: [known, aSite(["10.70.0.0/16", "the rest"]), aVpnConnection()],
    want: ["Unknown *"],
  },
  { when: "the site has no prefix", given: [known, aSite([]), aVpnConnection()], want: [] },
  {
    when: "the connection leads to a network",
    given: [known, otherNetwork(), other],
    want: ["Active 10.8.0.0/16", "Active 10.9.0.0/16"],
  },
  {
    when: "the connection leads to a network of which no connection leads back",
    given: [known, otherNetwork(), oneWay],
    want: ["Unknown 10.8.0.0/16", "Unknown 10.9.0.0/16"],
  },
  {
    when: "that of the other network leads to a third one",
    given: [known, otherNetwork(), oneWay, wayBack({ virtualNetworkGateway2: { id: gatewayId("vgw-c") } })],
    want: ["Unknown 10.8.0.0/16", "Unknown 10.9.0.0/16"],
  },
  {
    when: "the tunnel was down when Azure was asked",
    given: [known, otherNetwork(), oneWay, wayBack({ connectionStatus: "NotConnected" })],
    want: ["Active 10.8.0.0/16", "Active 10.9.0.0/16"],
  },
  {
    when: "the other network lends its gateway to a third one",
    given: [known, otherNetwork({ peerings: [{ with: "c", ranges: ["10.12.0.0/16"], gateway: "lends" }] }), other],
    want: ["Active 10.8.0.0/16", "Active 10.9.0.0/16", "Unknown 10.12.0.0/16"],
  },
  {
    when: "the other network has a peer that does not use its gateway",
    given: [known, otherNetwork({ peerings: [{ with: "c", ranges: ["10.12.0.0/16"] }] }), other],
    want: ["Active 10.8.0.0/16", "Active 10.9.0.0/16"],
  },
  { when: "the other network was not read", given: [known, other], want: ["Unknown *"] },
  {
    when: "clients have pools of their own",
    given: [
      known,
      vpn({
        vpnClientConfiguration: {
          vpnClientAddressPool: { addressPrefixes: ["172.20.0.0/24"] },
          vngClientConnectionConfigurations: [
            { properties: { vpnClientAddressPool: { addressPrefixes: ["172.20.1.0/24"] } } },
          ],
        },
      }),
    ],
    want: ["Active 172.20.0.0/24", "Active 172.20.1.0/24"],
  },
  {
    when: "a NAT rule translates the site's prefix",
    given: [known, vpn({ natRules: [natRule("r1", ["10.70.0.0/16"], ["100.70.0.0/16"])] }), translated],
    want: ["Active 100.70.0.0/16"],
  },
  {
    when: "a NAT rule translates one of two prefixes",
    given: [
      known,
      aSite(["10.70.0.0/16", "10.71.0.0/16"]),
      vpn({ natRules: [natRule("r1", ["10.70.0.0/16"], ["100.70.0.0/16"])] }),
      translated,
    ],
    want: ["Active 100.70.0.0/16", "Active 10.71.0.0/16"],
  },
  {
    when: "a NAT rule translates a part of the prefix",
    given: [known, vpn({ natRules: [natRule("r1", ["10.70.1.0/24"], ["100.70.1.0/24"])] }), translated],
    want: ["Unknown *"],
  },
  { when: "the gateway does not have the NAT rule", given: [known, translated], want: ["Unknown *"] },
  {
    when: "a NAT rule stands at the gateway that the connection does not name",
    given: [known, vpn({ natRules: [natRule("r1", ["10.70.0.0/16"], ["100.70.0.0/16"])] }), aVpnConnection()],
    want: ["Active 10.70.0.0/16"],
  },
  {
    when: "the gateway has a default site",
    given: [known, vpn({ gatewayDefaultSite: { id: siteId() } }), aVpnConnection()],
    want: ["Active 10.70.0.0/16", "Active 0.0.0.0/0"],
  },
  {
    when: "no connection leads to the default site",
    given: [known, vpn({ gatewayDefaultSite: { id: siteId("faro") } }), aVpnConnection()],
    want: ["Active 10.70.0.0/16", "Unknown 0.0.0.0/0"],
  },
];

function withBgp(site: string): Body {
  return aVpnConnection({ localNetworkGateway2: { id: siteId(site) }, enableBgp: true }, `cn-${site}`);
}

describe("the routes of gateways", () => {
  test.each(rows)("$want where $when", ({ given, want }) => {
    expect(gatewayRows(given)).toEqual(want);
  });

  const table = (disableBgpRoutePropagation: unknown): Body => ({
    id: idOf("routeTables", "rt"),
    name: "rt",
    type: "Microsoft.Network/routeTables",
    properties: { routes: [], disableBgpRoutePropagation },
  });
  const tabled = hub({ subnets: [{ routeTable: "rt" }, gatewaySubnet()] });

  test.each([
    { propagation: "keeps them out", disable: true, want: [] },
    { propagation: "lets them in", disable: false, want: ["Active 10.70.0.0/16"] },
    { propagation: "does what cannot be understood with them", disable: "some", want: ["Unknown 10.70.0.0/16"] },
  ])("$want where the subnet's table $propagation", ({ disable, want }) => {
    expect(gatewayRows([known, tabled, table(disable), aVpnConnection()])).toEqual(want);
  });

  const spoke = (peering: object) =>
    aNetwork({
      ranges: ["10.1.0.0/16"],
      subnets: [{ prefixes: ["10.1.0.0/24"] }],
      peerings: [{ with: "hub", ranges: ["10.0.0.0/16"], ...peering }],
    });

  test.each([
    { how: "uses the hub's gateway", peering: { gateway: "uses" }, want: ["Active 10.70.0.0/16"] },
    { how: "does not use it", peering: {}, want: [] },
    { how: "cannot use it yet", peering: { gateway: "uses", state: "Initiated" }, want: [] },
    { how: "may use it", peering: { gateway: "uses", state: "Nearly" }, want: ["Unknown 10.70.0.0/16"] },
  ])("$want in a spoke that $how", ({ peering, want }) => {
    expect(gatewayRows([known, aVpnConnection(), spoke(peering)], "a")).toEqual(want);
  });

  test("to a default site are certain in the gateway's own network, and in its spokes not documented", () => {
    const forced = [known, vpn({ gatewayDefaultSite: { id: siteId() } }), aVpnConnection()];
    expect(gatewayRows(forced)).toEqual(["Active 10.70.0.0/16", "Active 0.0.0.0/0"]);
    const inSpoke = gatewayRows([forced, spoke({ gateway: "uses" })], "a");
    expect(inSpoke).toEqual(["Active 10.70.0.0/16", "Unknown 0.0.0.0/0"]);
  });

  test("to clients rest on the pool that says so", () => {
    const pool = (prefix: string) => ({ vpnClientAddressPool: { addressPrefixes: [prefix] } });
    const properties = pool("172.20.1.0/24");
    const vpnClientConfiguration = { vngClientConnectionConfigurations: [{ properties }] };
    const snapshot = snapshotOf([known, vpn({ vpnClientConfiguration }), ended]);
    const routes = routesOf(subnetIn(snapshot, subnetId("hub")), snapshot);
    expect(routes.filter(({ source }) => source === "VirtualNetworkGateway").map(({ at }) => at)).toMatchObject([
      {
        pointer:
          "/properties/vpnClientConfiguration/vngClientConnectionConfigurations/0/properties/vpnClientAddressPool/addressPrefixes",
        value: ["172.20.1.0/24"],
      },
    ]);
  });

  test("to a default site come after every longer prefix, whether or not they are certain", () => {
    const forced = [known, vpn({ gatewayDefaultSite: { id: siteId() } }), aVpnConnection()];
    const network = aNetwork({
      ranges: ["10.1.0.0/16"],
      subnets: [{ prefixes: ["10.1.0.0/24"], routeTable: "rt" }],
      peerings: [{ with: "hub", ranges: ["10.0.0.0/16"], gateway: "uses" }],
    });
    const snapshot = snapshotOf([forced, network, aRouteTable([["10.9.0.0/16", "None"]]), ended]);
    const routes = routesOf(subnetIn(snapshot, subnetId("a")), snapshot);
    expect(nextHopsOf(routes, knownAddresses("10.9.0.4"))).toMatchObject([
      { isCertain: true, routes: [{ source: "User", nextHopType: "None" }] },
    ]);
  });

  test("of the hub are not known in its spokes where a route server stands beside the gateway", () => {
    const server = {
      name: "RouteServerSubnet",
      prefixes: ["10.0.254.0/27"],
      properties: { ipConfigurations: [{ id: `${networkId("hub")}/x/y` }] },
    };
    const both = hub({ subnets: [{}, gatewaySubnet(), server] });
    const given = [known, both, aVpnConnection(), spoke({ gateway: "uses" })];
    expect(gatewayRows(given, "a")).toEqual(["Active 10.70.0.0/16", "Unknown *"]);
  });

  test("within the range of a peer leave open which comes first, and beside it change nothing", () => {
    const peered = hub({ peerings: [{ with: "c", ranges: ["10.70.0.0/15"] }] });
    const rows = rowsIn([known, peered, aVpnConnection()]);
    const shown = rows.flatMap(({ state, prefixes, nextHopType }) =>
      prefixes.map((prefix) => `${state} ${textOf(prefix)} ${nextHopType}`),
    );
    expect(shown).toContain("Unknown 10.70.0.0/16 VirtualNetworkGateway");
    expect(shown).toContain("Active 10.70.0.0/15 VNetPeering");
    expect(shown).toContain("Active 0.0.0.0/0 Internet");
  });

  test("say by which connection, and where their prefixes stand", () => {
    const [row] = rowsIn([known, aVpnConnection()]).filter(({ source }) => source === "VirtualNetworkGateway");
    expect(row?.name).toBe("cn-porto");
  });
});

describe("`VirtualNetwork`", () => {
  const term = {
    must: IpSet.empty,
    may: IpSet.empty,
    tags: ["VirtualNetwork"],
    applicationSecurityGroups: [],
    isClear: true,
    because: undefined,
  };
  const host = "168.63.129.16";

  /** What it certainly holds, and what it may hold besides; a star where that is anything. */
  function meaningIn(given: Given, network = "hub") {
    const snapshot = snapshotOf([given, ended]);
    const { readings } = networkViewOf(subnetIn(snapshot, subnetId(network)), snapshot);
    const meanings = readings.map((reading) => reading.meaningOf(term).may);
    const must = meanings.reduce((all, one) => all.intersect(one));
    const more = IpSet.union(meanings).minus(must);
    return { must: must.toPrefixes(), may: more.countIpv4 > 2 ** 31 ? ["*"] : more.toPrefixes() };
  }

  const spoke = (name: string, range: string, gateway?: "uses") =>
    aNetwork({
      name,
      ranges: [range],
      subnets: [{ prefixes: [range] }],
      peerings: [{ with: "hub", ranges: ["10.0.0.0/16"], ...(gateway === undefined ? {} : { gateway }) }],
    });

  test.each([
    {
      when: "holds the site behind the gateway",
      given: [known, aVpnConnection()],
      must: ["10.0.0.0/16", "10.70.0.0/16", host],
      may: [],
    },
    { when: "holds nothing more where there is no connection", given: known, must: ["10.0.0.0/16", host], may: [] },
    {
      when: "may hold anything with BGP",
      given: [known, withBgp("porto")],
      must: ["10.0.0.0/16", "10.70.0.0/16", host],
      may: ["*"],
    },
    {
      when: "may hold point-to-site clients",
      given: [known, vpn({ vpnClientConfiguration: { vpnClientAddressPool: { addressPrefixes: ["172.20.0.0/24"] } } })],
      must: ["10.0.0.0/16", host],
      may: ["172.20.0.0/24"],
    },
    {
      when: "holds the site where a spoke uses the gateway",
      given: [known, aVpnConnection(), spoke("a", "10.1.0.0/24", "uses")],
      network: "a",
      must: ["10.0.0.0/16", "10.1.0.0/24", "10.70.0.0/16", host],
      may: [],
    },
    {
      when: "does not hold the site where a spoke goes without the gateway",
      given: [known, aVpnConnection(), spoke("a", "10.1.0.0/24")],
      network: "a",
      must: ["10.0.0.0/16", "10.1.0.0/24", host],
      may: [],
    },
  ])("$when", ({ given, network, must, may }) => {
    expect(meaningIn(given, network)).toEqual({ must, may });
  });
});
