import { describe, expect, it } from "vitest";
import { aGateway, aSite, aVpnConnection, gatewaySubnet } from "../support/gateways.ts";
import { formatAddress, parseAddress, parsePrefix } from "./addresses.ts";
import {
  aFirewall,
  aGroup,
  aNetwork,
  anApp,
  anInterface,
  aPrivateEndpoint,
  aPublicAddress,
  aRouteTable,
  aSqlServer,
  aStorageAccount,
  aVault,
  classicRules,
  idOf,
  networkId,
  type Properties,
  sqlId,
  subnetId,
} from "./bodies.ts";
import {
  type Body,
  type Direction,
  filtersAllow,
  nextHop,
  nsgDecision,
  type Packet,
  reachesPrivateEndpoint,
  reachesPublicDoor,
  type World,
} from "./packet-oracle.ts";

const tags: Readonly<Record<string, readonly string[]>> = {
  Storage: ["52.239.0.0/16", "20.60.0.0/16", "2603:1030::/32"],
  "Storage.WestEurope": ["52.239.0.0/16", "2603:1030::/32"],
  Sql: ["40.112.0.0/16", "40.113.0.0/16"],
  "Sql.WestEurope": ["40.112.0.0/16"],
  AzureKeyVault: ["51.12.0.0/24"],
  "AzureKeyVault.WestEurope": ["51.12.0.0/24"],
  AppService: ["104.45.0.0/16", "104.46.0.0/16"],
  "AppService.WestEurope": ["104.45.0.0/16"],
  AzureCloud: ["20.0.0.0/8", "40.112.0.0/12", "51.12.0.0/16", "52.239.0.0/16"],
  "AzureCloud.westeurope": ["20.50.0.0/16"],
};

function world(...resources: readonly (Body | readonly Body[])[]): World {
  return {
    resources: resources.flat(),
    serviceTags: Object.entries(tags).map(([name, addressPrefixes]) => ({ name, properties: { addressPrefixes } })),
  };
}

function without(tag: string, given: World): World {
  return { ...given, serviceTags: given.serviceTags.filter(({ name }) => name !== tag) };
}

const nsg = idOf("networkSecurityGroups", "nsg");

interface Flow {
  readonly why: string;
  readonly got: unknown;
  readonly want: unknown;
}

function flow(why: string, got: unknown, want: unknown): Flow {
  return { why, got, want };
}

function check(flows: readonly Flow[]): void {
  it.each(flows)("$why", ({ got, want }) => expect(got).toEqual(want));
}

/** TCP from 203.0.113.7:50000 to 10.0.0.4:443 unless it says otherwise. */
function packet(parts: Partial<Packet> = {}): Packet {
  const usual = { protocol: "Tcp", source: "203.0.113.7", sourcePort: 50_000, destination: "10.0.0.4" } as const;
  return { ...usual, destinationPort: 443, ...parts };
}

const outwards = { source: "10.0.0.4", destination: "203.0.113.7" };

/** What the rules decide in a group on the subnet 10.0.0.0/24 of the network 10.0.0.0/16 + fd00::/48, peered with b. */
function decided(
  rules: readonly Properties[],
  parts: Partial<Packet> = {},
  direction: Direction = "Inbound",
  ...more: Body[]
) {
  const peerings = [{ with: "b", ranges: ["10.1.0.0/16"] }];
  const subnets = [{ nsg: "nsg", prefixes: ["10.0.0.0/24", "fd00:0:0:1::/64"], routeTable: "rt" }];
  const network = aNetwork({ ranges: ["10.0.0.0/16", "fd00::/48"], subnets, peerings });
  const { access, rule } = nsgDecision(world(network, aGroup(rules), ...more), nsg, direction, packet(parts));
  return `${access} by ${rule}`;
}

describe("the rules of a group", () => {
  check([
    flow("nothing from the internet without a rule", decided([]), "Deny by DenyAllInBound"),
    flow("the network itself by default", decided([], { source: "10.0.9.9" }), "Allow by AllowVnetInBound"),
    flow("a peer by default", decided([], { source: "10.1.0.4" }), "Allow by AllowVnetInBound"),
    flow("not a peer of the peer", decided([], { source: "10.2.0.4" }), "Deny by DenyAllInBound"),
    flow(
      "the host, which is in VirtualNetwork too",
      decided([], { source: "168.63.129.16" }),
      "Allow by AllowVnetInBound",
    ),
    flow(
      "health probes where VirtualNetwork is denied",
      decided([{ access: "Deny", sourceAddressPrefix: "10.0.0.0/8" }], {
        source: "168.63.129.16",
        destination: "203.0.113.9",
      }),
      "Allow by AllowAzureLoadBalancerInBound",
    ),
    flow(
      "AzureLoadBalancer is no client",
      decided([{ sourceAddressPrefix: "AzureLoadBalancer" }]),
      "Deny by DenyAllInBound",
    ),
    flow("out to the internet by default", decided([], outwards, "Outbound"), "Allow by AllowInternetOutBound"),
    flow(
      "not out to a private address that is in no network",
      decided([], { ...outwards, destination: "10.9.0.1" }, "Outbound"),
      "Deny by DenyAllOutBound",
    ),
    flow(
      "the lower number first, wherever it stands in the list",
      decided([{ priority: 200 }, { priority: 100, access: "Deny" }]),
      "Deny by rule-1",
    ),
    flow("a Deny above an Allow", decided([{ access: "Deny", sourceAddressPrefix: "Internet" }, {}]), "Deny by rule-0"),
    flow(
      "a rule of the other direction does not count",
      decided([{ direction: "Outbound" }]),
      "Deny by DenyAllInBound",
    ),
    flow(
      "enumerations in any case",
      decided([{ access: "deny", direction: "INBOUND", protocol: "TCP" }]),
      "Deny by rule-0",
    ),
    flow("another protocol", decided([{ protocol: "Udp" }]), "Deny by DenyAllInBound"),
    flow("a protocol that no packet of ours has", decided([{ protocol: "Esp" }]), "Deny by DenyAllInBound"),
    flow("a protocol that nobody knows", decided([{ protocol: "Sctp" }]), "unknown by rule-0"),
    flow("a port in a range's first place", decided([{ destinationPortRange: "443-445" }]), "Allow by rule-0"),
    flow("a port in a range's last place", decided([{ destinationPortRange: "22-443" }]), "Allow by rule-0"),
    flow("a port beside the range", decided([{ destinationPortRange: "444-445" }]), "Deny by DenyAllInBound"),
    flow("a port in the plural field", decided([{ destinationPortRanges: ["22", "400-500"] }]), "Allow by rule-0"),
    flow("source ports count", decided([{ sourcePortRange: "1-1023" }]), "Deny by DenyAllInBound"),
    flow("ICMP where all ports are meant", decided([{ protocol: "Icmp" }], { protocol: "Icmp" }), "Allow by rule-0"),
    flow(
      "ICMP and a rule for one port: written nowhere",
      decided([{ destinationPortRange: "443" }], { protocol: "Icmp" }),
      "unknown by rule-0",
    ),
    flow("a bare address", decided([{ sourceAddressPrefix: "203.0.113.7" }]), "Allow by rule-0"),
    flow("the first address of a prefix", decided([{ sourceAddressPrefix: "203.0.113.7/32" }]), "Allow by rule-0"),
    flow(
      "the address behind a prefix",
      decided([{ sourceAddressPrefix: "203.0.113.0/25" }], { source: "203.0.113.128" }),
      "Deny by DenyAllInBound",
    ),
    flow(
      "a prefix in the plural field",
      decided([{ sourceAddressPrefixes: ["192.0.2.0/24", "203.0.113.0/24"] }]),
      "Allow by rule-0",
    ),
    flow(
      "the internet in two halves",
      decided([{ sourceAddressPrefixes: ["0.0.0.0/1", "128.0.0.0/1"] }]),
      "Allow by rule-0",
    ),
    flow("Any is *", decided([{ sourceAddressPrefix: "Any" }]), "Allow by rule-0"),
    flow("Internet in any case", decided([{ sourceAddressPrefix: "INTERNET" }]), "Allow by rule-0"),
    flow(
      "Internet holds Azure's own",
      decided([{ sourceAddressPrefix: "Internet" }], { source: "52.239.1.1" }),
      "Allow by rule-0",
    ),
    flow(
      "Internet holds no private address",
      decided([{ sourceAddressPrefix: "Internet" }], { source: "10.9.0.1" }),
      "Deny by DenyAllInBound",
    ),
    flow(
      "a tag from the list",
      decided([{ sourceAddressPrefix: "storage.westeurope" }], { source: "52.239.1.1" }),
      "Allow by rule-0",
    ),
    flow(
      "a regional tag is narrower",
      decided([{ sourceAddressPrefix: "Storage.WestEurope" }], { source: "20.60.0.1" }),
      "Deny by DenyAllInBound",
    ),
    flow(
      "a tag that is not listed may hold it",
      decided([{ sourceAddressPrefix: "AzureMonitor" }]),
      "unknown by rule-0",
    ),
    flow(
      "a doubtful Allow changes nothing above a certain one",
      decided([{ sourceAddressPrefix: "AzureMonitor" }, {}]),
      "Allow by rule-1",
    ),
    flow(
      "both fields at once: written nowhere",
      decided([{ sourceAddressPrefix: "192.0.2.1", sourceAddressPrefixes: ["203.0.113.0/24"] }]),
      "unknown by rule-0",
    ),
    flow(
      "IPv6 within the network",
      decided([], { source: "fd00::9", destination: "fd00:0:0:1::4" }),
      "Allow by AllowVnetInBound",
    ),
    flow("an IPv6 prefix holds no IPv4 address", decided([{ sourceAddressPrefix: "::/0" }]), "Deny by DenyAllInBound"),
    flow(
      "an IPv6 prefix",
      decided([{ sourceAddressPrefix: "2001:db8::/32" }], { source: "2001:DB8:0:0::1", destination: "fd00:0:0:1::4" }),
      "Allow by rule-0",
    ),
    flow(
      "0.0.0.0/0 for IPv6: it represents all addresses, some pages say",
      decided([{ sourceAddressPrefix: "0.0.0.0/0" }], { source: "2001:db8::1", destination: "fd00:0:0:1::4" }),
      "unknown by rule-0",
    ),
    flow(
      "IPv6 to the internet by default",
      decided([], { source: "fd00:0:0:1::4", destination: "2603:1030::1" }, "Outbound"),
      "Allow by AllowInternetOutBound",
    ),
    flow(
      "a user route's prefix is in VirtualNetwork",
      decided([], { source: "10.99.0.1" }, "Inbound", aRouteTable([["10.99.0.0/16", "VirtualAppliance"]])),
      "Allow by AllowVnetInBound",
    ),
    flow(
      "a default route may be in VirtualNetwork",
      decided([], {}, "Inbound", aRouteTable([["0.0.0.0/0", "VirtualAppliance"]])),
      "unknown by DenyAllInBound",
    ),
    flow(
      "a default route in two halves is in VirtualNetwork",
      decided([], {}, "Inbound", aRouteTable([["128.0.0.0/1", "VirtualAppliance"]])),
      "Allow by AllowVnetInBound",
    ),
    flow(
      "a public prefix of a user route may still be Internet",
      decided(
        [{ access: "Deny", sourceAddressPrefix: "Internet" }],
        {},
        "Inbound",
        aRouteTable([["128.0.0.0/1", "None"]]),
      ),
      "unknown by rule-0",
    ),
    flow(
      "out by a default route: VirtualNetwork or Internet, both are allowed",
      decided([], outwards, "Outbound", aRouteTable([["0.0.0.0/0", "VirtualAppliance"]])),
      "Allow by AllowInternetOutBound",
    ),
    flow(
      "a member of an application security group",
      decided(
        [{ destinationApplicationSecurityGroups: [{ id: idOf("applicationSecurityGroups", "web") }] }],
        {},
        "Inbound",
        anInterface({ addresses: ["10.0.0.4"], groups: ["web"] }),
      ),
      "Allow by rule-0",
    ),
    flow(
      "not a member",
      decided(
        [{ destinationApplicationSecurityGroups: [{ id: idOf("applicationSecurityGroups", "web") }] }],
        {},
        "Inbound",
        anInterface({ addresses: ["10.0.0.5"], groups: ["web"] }),
      ),
      "Deny by DenyAllInBound",
    ),
  ]);
});

function peered(access: boolean, state = "Connected"): World {
  const peerings = [{ with: "b", ranges: ["10.1.0.0/16"], access, state }];
  const back = [{ with: "a", ranges: ["10.0.0.0/16"], state }];
  const b = aNetwork({ name: "b", ranges: ["10.1.0.0/16"], subnets: [{ prefixes: ["10.1.0.0/24"] }], peerings: back });
  return world(aNetwork({ subnets: [{ nsg: "nsg" }], peerings }), b, aGroup());
}

function fromPeer(given: World) {
  return nsgDecision(given, nsg, "Inbound", packet({ source: "10.1.0.4" })).access;
}

describe("VirtualNetwork and peerings", () => {
  check([
    flow("a connected peer", fromPeer(peered(true)), "Allow"),
    flow("a peer that may not be accessed", fromPeer(peered(false)), "Deny"),
    flow("a peering that only this side has made", fromPeer(peered(true, "Initiated")), "Deny"),
    flow("a peering that the other side has deleted", fromPeer(peered(true, "Disconnected")), "Deny"),
    flow(
      "a group that is attached to nothing knows no network",
      nsgDecision(world(aNetwork(), aGroup()), nsg, "Inbound", packet({ source: "10.0.0.9" })),
      { access: "Deny", rule: "DenyAllInBound" },
    ),
    flow(
      "a group on subnets of two networks means the one of the near address",
      nsgDecision(
        world(
          aNetwork({ subnets: [{ nsg: "nsg" }] }),
          aNetwork({ name: "b", ranges: ["10.1.0.0/16"], subnets: [{ prefixes: ["10.1.0.0/24"], nsg: "nsg" }] }),
          aGroup(),
        ),
        nsg,
        "Inbound",
        packet({ source: "10.1.0.9", destination: "10.1.0.4" }),
      ).access,
      "Allow",
    ),
  ]);
});

const nic = idOf("networkInterfaces", "nic");

function filtered(
  direction: Direction,
  onSubnet: boolean,
  onNic: boolean,
  parts: Partial<Packet> = {},
  sku = "Standard",
) {
  const given = world(
    aNetwork({ subnets: [{ nsg: onSubnet ? "subnet" : undefined }] }),
    anInterface({ addresses: ["10.0.0.4"], nsg: onNic ? "nic" : undefined, publicAddress: "pip" }),
    sku === "" ? [] : aPublicAddress("pip", sku),
    aGroup([{ name: "web", destinationPortRange: "443" }], "subnet"),
    aGroup(
      [
        { name: "out", direction: "Outbound", access: "Deny", destinationPortRange: "25" },
        { name: "web", direction: "Outbound", destinationPortRange: "443" },
      ],
      "nic",
    ),
  );
  const { allowed, why } = filtersAllow(given, nic, direction, packet(parts));
  return `${allowed}: ${why}`;
}

describe("the groups of subnet and interface", () => {
  check([
    flow("only the subnet's", filtered("Inbound", true, false), "true: web"),
    flow("the interface's denies what the subnet's allows", filtered("Inbound", true, true), "false: DenyAllInBound"),
    flow(
      "the subnet's is asked first inbound",
      filtered("Inbound", true, true, { source: "10.0.0.9" }),
      "true: web, AllowVnetInBound",
    ),
    flow(
      "the interface's is asked first outbound",
      filtered("Outbound", true, true, { ...outwards, destinationPort: 25 }),
      "false: out",
    ),
    flow("both allow outbound", filtered("Outbound", true, true, outwards), "true: web, AllowInternetOutBound"),
    flow(
      "none, from the same network",
      filtered("Inbound", false, false, { source: "10.0.0.9" }),
      "true: no group is attached",
    ),
    flow("none, outbound", filtered("Outbound", false, false, outwards), "true: no group is attached"),
    flow(
      "none, and a Standard public address refuses",
      filtered("Inbound", false, false),
      "false: public address Standard",
    ),
    flow(
      "none, and a Basic public address is open",
      filtered("Inbound", false, false, {}, "Basic"),
      "true: public address Basic",
    ),
    flow(
      "none, and the public address is not known",
      filtered("Inbound", false, false, {}, ""),
      "unknown: public address ",
    ),
    flow(
      "of a subnet only its own group is asked",
      filtersAllow(world(aNetwork({ subnets: [{ nsg: "nsg" }] }), aGroup([{}])), subnetId(), "Inbound", packet())
        .allowed,
      true,
    ),
    flow(
      "a group that is not there",
      filtersAllow(world(aNetwork({ subnets: [{ nsg: "gone" }] })), subnetId(), "Inbound", packet()).allowed,
      "unknown",
    ),
  ]);
});

interface RouteParts {
  readonly routes?: readonly (readonly [string, string])[];
  readonly endpoints?: readonly (string | Properties)[];
  readonly ranges?: readonly string[];
  readonly peer?: { readonly state?: string; readonly access?: boolean };
}

function routed({ routes = [], endpoints = [], ranges = ["10.0.0.0/16", "fd00::/48"], peer = {} }: RouteParts): World {
  const peerings = [{ with: "b", ranges: ["10.1.0.0/16"], ...peer }];
  return world(aNetwork({ ranges, subnets: [{ routeTable: "rt", endpoints }], peerings }), aRouteTable(routes));
}

function hop(parts: RouteParts, destination: string): string {
  const { type, prefix, source, address } = nextHop(routed(parts), subnetId(), destination);
  return [type, prefix, source, ...(address === undefined ? [] : [address])].join(" ");
}

/** Network `a` uses the VPN gateway of its peer `b`, or has one itself; behind it is a site. */
function behindGateway(parts: {
  readonly at?: "a" | "b";
  readonly uses?: boolean;
  readonly keepsOut?: boolean;
}): World {
  const { at: host = "a", uses = false, keepsOut = false } = parts;
  const standing = gatewaySubnet(host === "a" ? "10.0.255.0/27" : "10.1.255.0/27");
  const gateway = uses ? { gateway: "uses" as const } : {};
  const subnets = [{ routeTable: "rt", nsg: "nsg" }, ...(host === "a" ? [standing] : [])];
  const table = aRouteTable([]);
  return world(
    aNetwork({ subnets, peerings: [{ with: "b", ranges: ["10.1.0.0/16"], ...gateway }] }),
    aNetwork({ name: "b", ranges: ["10.1.0.0/16"], subnets: host === "b" ? [standing] : [] }),
    { ...table, properties: { ...Object(table.properties), disableBgpRoutePropagation: keepsOut } },
    [aGateway({ inside: networkId(host) }), aSite(["10.70.0.0/16", "10.1.5.0/24"]), aVpnConnection(), aGroup()],
  );
}

function hopBehind(parts: Parameters<typeof behindGateway>[0], destination = "10.70.0.9"): string {
  const { type, prefix, source } = nextHop(behindGateway(parts), subnetId(), destination);
  return [type, prefix, source].join(" ");
}

describe("VPN gateways", () => {
  const fromSite = (parts: Parameters<typeof behindGateway>[0]) =>
    nsgDecision(behindGateway(parts), nsg, "Inbound", packet({ source: "10.70.0.9" })).access;
  const learned = "VirtualNetworkGateway 10.70.0.0/16 VirtualNetworkGateway";
  check([
    flow("the site behind the network's own", hopBehind({}), learned),
    flow("behind that of a peer, which the network uses", hopBehind({ at: "b", uses: true }), learned),
    flow("or does not use", hopBehind({ at: "b" }), "None 10.0.0.0/8 Default"),
    flow("a table that takes no routes of gateways", hopBehind({ keepsOut: true }), "None 10.0.0.0/8 Default"),
    flow(
      "a site within the range of a peer: which comes first is not said",
      hopBehind({}, "10.1.5.9"),
      "unknown 10.1.5.0/24 VirtualNetworkGateway",
    ),
    flow("its site is in VirtualNetwork", fromSite({}), "Allow"),
    flow("also where the network uses that of a peer", fromSite({ at: "b", uses: true }), "Allow"),
    flow("and not where it does not", fromSite({ at: "b" }), "Deny"),
  ]);
});

const storage = ["Microsoft.Storage"];

describe("routes", () => {
  check([
    flow("the network's own range", hop({}, "10.0.5.5"), "VnetLocal 10.0.0.0/16 Default"),
    flow("the network's own IPv6 range", hop({}, "fd00::5"), "VnetLocal fd00::/48 Default"),
    flow("a peer's range", hop({}, "10.1.0.5"), "VNetPeering 10.1.0.0/16 VnetPeering"),
    flow(
      "a peering that one side has made",
      hop({ peer: { state: "Initiated" } }, "10.1.0.5"),
      "None 10.0.0.0/8 Default",
    ),
    flow("a peering that is broken", hop({ peer: { state: "Disconnected" } }, "10.1.0.5"), "None 10.0.0.0/8 Default"),
    flow(
      "a peer that may not be accessed: pages disagree",
      hop({ peer: { access: false } }, "10.1.0.5"),
      "unknown 10.0.0.0/8 Default",
    ),
    flow("the internet", hop({}, "203.0.113.7"), "Internet 0.0.0.0/0 Default"),
    flow("the internet by IPv6", hop({}, "2603:1030::1"), "Internet ::/0 Default"),
    flow("private addresses elsewhere are dropped", hop({}, "172.31.255.255"), "None 172.16.0.0/12 Default"),
    flow("beside a reserved prefix", hop({}, "172.32.0.0"), "Internet 0.0.0.0/0 Default"),
    flow("shared addresses are dropped", hop({}, "100.127.255.255"), "None 100.64.0.0/10 Default"),
    flow(
      "not where the network has them",
      hop({ ranges: ["100.64.0.0/10"] }, "100.100.0.1"),
      "VnetLocal 100.64.0.0/10 Default",
    ),
    flow(
      "a range around a reserved prefix takes its route away",
      hop({ ranges: ["8.0.0.0/6"] }, "10.9.0.1"),
      "VnetLocal 8.0.0.0/6 Default",
    ),
    flow("a range inside a reserved prefix does not", hop({}, "10.9.0.1"), "None 10.0.0.0/8 Default"),
    flow("a longer user route", hop({ routes: [["10.0.5.0/24", "None"]] }, "10.0.5.5"), "None 10.0.5.0/24 User"),
    flow(
      "a user route as long as the system's",
      hop({ routes: [["10.0.0.0/16", "VirtualAppliance"]] }, "10.0.5.5"),
      "VirtualAppliance 10.0.0.0/16 User 10.0.0.7",
    ),
    flow(
      "a shorter user route loses",
      hop({ routes: [["10.0.0.0/8", "VirtualAppliance"]] }, "10.0.5.5"),
      "VnetLocal 10.0.0.0/16 Default",
    ),
    flow(
      "a default route by a user",
      hop({ routes: [["0.0.0.0/0", "VirtualNetworkGateway"]] }, "203.0.113.7"),
      "VirtualNetworkGateway 0.0.0.0/0 User",
    ),
    flow(
      "it takes private addresses elsewhere as well, as Azure's own routes for them are gone",
      hop({ routes: [["0.0.0.0/0", "VirtualNetworkGateway"]] }, "192.168.1.1"),
      "VirtualNetworkGateway 0.0.0.0/0 User",
    ),
    flow(
      "half of a default route leaves them",
      hop({ routes: [["128.0.0.0/1", "VirtualNetworkGateway"]] }, "192.168.1.1"),
      "None 192.168.0.0/16 Default",
    ),
    flow("an IPv6 route by a user", hop({ routes: [["::/0", "None"]] }, "2603:1030::1"), "None ::/0 User"),
    flow(
      "a service endpoint",
      hop({ endpoints: storage }, "52.239.1.1"),
      "VirtualNetworkServiceEndpoint 52.239.0.0/16 ServiceEndpoint",
    ),
    flow(
      "a service endpoint is for its region",
      hop({ endpoints: storage }, "20.60.1.1"),
      "Internet 0.0.0.0/0 Default",
    ),
    flow(
      "a service endpoint for all regions",
      hop({ endpoints: [{ service: "Microsoft.Storage.Global", locations: ["*"] }] }, "20.60.1.1"),
      "VirtualNetworkServiceEndpoint 20.60.0.0/16 ServiceEndpoint",
    ),
    flow(
      "another service's endpoint",
      hop({ endpoints: ["Microsoft.Sql"] }, "52.239.1.1"),
      "Internet 0.0.0.0/0 Default",
    ),
    flow(
      "a default route never takes the endpoint's prefixes",
      hop({ endpoints: storage, routes: [["0.0.0.0/0", "VirtualAppliance"]] }, "52.239.1.1"),
      "VirtualNetworkServiceEndpoint 52.239.0.0/16 ServiceEndpoint",
    ),
    flow(
      "half a default route neither",
      hop({ endpoints: storage, routes: [["0.0.0.0/1", "VirtualAppliance"]] }, "52.239.1.1"),
      "VirtualNetworkServiceEndpoint 52.239.0.0/16 ServiceEndpoint",
    ),
    flow(
      "a longer user route against an endpoint's: pages disagree",
      hop({ endpoints: storage, routes: [["52.239.1.0/24", "VirtualAppliance"]] }, "52.239.1.1"),
      "unknown 52.239.1.0/24 User",
    ),
    flow(
      "a user route by the endpoint's tag: pages disagree",
      hop({ endpoints: storage, routes: [["Storage.WestEurope", "VirtualAppliance"]] }, "52.239.1.1"),
      "unknown 52.239.0.0/16 User",
    ),
    flow("a user route by tag", hop({ routes: [["Sql", "None"]] }, "40.113.0.1"), "None 40.113.0.0/16 User"),
    flow(
      "an explicit route before one by tag",
      hop(
        {
          routes: [
            ["Sql", "None"],
            ["40.113.0.0/16", "Internet"],
          ],
        },
        "40.113.0.1",
      ),
      "Internet 40.113.0.0/16 User",
    ),
    flow(
      "a regional tag before the whole",
      hop(
        {
          routes: [
            ["Sql", "None"],
            ["Sql.WestEurope", "Internet"],
          ],
        },
        "40.112.0.1",
      ),
      "Internet 40.112.0.0/16 User",
    ),
    flow(
      "a route by a tag that is not listed",
      hop({ routes: [["AzureMonitor", "None"]] }, "203.0.113.7"),
      "unknown 0.0.0.0/0 Default",
    ),
    flow(
      "which holds no private address",
      hop({ routes: [["AzureMonitor", "None"]] }, "10.0.5.5"),
      "VnetLocal 10.0.0.0/16 Default",
    ),
    flow(
      "an endpoint that is still being made",
      hop(
        { endpoints: [{ service: "Microsoft.Storage", locations: ["westeurope"], provisioningState: "Updating" }] },
        "52.239.1.1",
      ),
      "unknown 0.0.0.0/0 Default",
    ),
    flow("endpoints and IPv6: written nowhere", hop({ endpoints: storage }, "2603:1030::1"), "unknown ::/0 Default"),
    flow(
      "a next hop type that is new",
      hop({ routes: [["10.9.0.0/16", "VirtualApplianceEcmp"]] }, "10.9.0.1"),
      "VirtualApplianceEcmp 10.9.0.0/16 User",
    ),
  ]);
});

interface EndpointWorld {
  readonly status?: string;
  readonly isManual?: boolean;
  readonly policies?: string;
  readonly inbound?: readonly Properties[];
  readonly outbound?: readonly Properties[];
  readonly routes?: readonly (readonly [string, string])[];
  /** How network b, where the caller is then, is peered with the endpoint's network a. */
  readonly peer?: { readonly state?: string; readonly access?: boolean; readonly backAccess?: boolean };
}

/** From 10.0.0.4 (or 10.1.0.4 in a peer) to the endpoint 10.0.1.4 at port 443. */
function toEndpoint(parts: EndpointWorld, sourcePort?: number) {
  const { status = "Approved", isManual = false, policies, inbound = [], outbound = [], routes = [], peer } = parts;
  const properties = policies === undefined ? {} : { privateEndpointNetworkPolicies: policies };
  const caller = { nsg: "out", routeTable: "rt" };
  const back = peer && [{ ...peer, with: "b", ranges: ["10.1.0.0/16"], access: peer.backAccess ?? true }];
  const there = peer && [{ with: "a", ranges: ["10.0.0.0/16"], ...peer }];
  const given = world(
    aNetwork({
      subnets: [caller, { name: "s1", prefixes: ["10.0.1.0/24"], nsg: "in", properties }],
      peerings: back ?? [],
    }),
    aNetwork({
      name: "b",
      ranges: ["10.1.0.0/16"],
      subnets: [{ ...caller, prefixes: ["10.1.0.0/24"] }],
      peerings: there ?? [],
    }),
    aGroup(outbound, "out"),
    aGroup(inbound, "in"),
    aRouteTable(routes),
    aPrivateEndpoint({ status, isManual }),
  );
  const [from, address] = peer ? [subnetId("b"), "10.1.0.4"] : [subnetId(), "10.0.0.4"];
  return reachesPrivateEndpoint(given, from, address, idOf("privateEndpoints", "pe"), 443, sourcePort);
}

const denied = [{ access: "Deny" }];
const everything = { allowed: true, why: "connection state, outbound filter, route, inbound filter" };

describe("private endpoints", () => {
  check([
    flow("from the same network", toEndpoint({}), everything),
    flow("Pending carries nothing", toEndpoint({ status: "Pending" }), { allowed: false, why: "connection state" }),
    flow("nor does Rejected", toEndpoint({ status: "Rejected" }).allowed, false),
    flow("nor Disconnected", toEndpoint({ status: "Disconnected" }).allowed, false),
    flow("a manual connection that was approved", toEndpoint({ isManual: true }).allowed, true),
    flow(
      "the group on the endpoint's subnet counts for nothing by default",
      toEndpoint({ inbound: denied }).allowed,
      true,
    ),
    flow("nor with policies off", toEndpoint({ inbound: denied, policies: "Disabled" }).allowed, true),
    flow("nor with policies for routes", toEndpoint({ inbound: denied, policies: "RouteTableEnabled" }).allowed, true),
    flow("with policies for groups it does", toEndpoint({ inbound: denied, policies: "NetworkSecurityGroupEnabled" }), {
      allowed: false,
      why: "inbound filter",
    }),
    flow("with all policies too", toEndpoint({ inbound: denied, policies: "enabled" }).allowed, false),
    flow("a policy that is new", toEndpoint({ inbound: denied, policies: "SomethingElse" }).allowed, "unknown"),
    flow(
      "source ports are not looked at",
      toEndpoint({ inbound: [{ access: "Deny", sourcePortRange: "22" }], policies: "Enabled" }).allowed,
      false,
    ),
    flow(
      "but they are where the caller leaves",
      toEndpoint({ outbound: [{ access: "Deny", direction: "Outbound", sourcePortRange: "22" }] }).allowed,
      true,
    ),
    flow(
      "and from that port it does not leave",
      toEndpoint({ outbound: [{ access: "Deny", direction: "Outbound", sourcePortRange: "22" }] }, 22).allowed,
      false,
    ),
    flow(
      "the caller's own group counts with policies off",
      toEndpoint({ outbound: [{ access: "Deny", direction: "Outbound", destinationAddressPrefix: "10.0.1.4" }] }),
      { allowed: false, why: "outbound filter" },
    ),
    flow("from a peer", toEndpoint({ peer: {} }), everything),
    flow("not from a network that is not peered", toEndpoint({ peer: { state: "Disconnected" } }), {
      allowed: false,
      why: "outbound filter, route",
    }),
    flow(
      "nor where one side only made the peering",
      toEndpoint({ peer: { state: "Initiated" }, outbound: [{ direction: "Outbound" }] }),
      { allowed: false, why: "route" },
    ),
    flow(
      "a peer that may not be accessed, but a rule allows it: pages disagree",
      toEndpoint({ peer: { access: false }, outbound: [{ direction: "Outbound" }] }),
      { allowed: "unknown", why: "route" },
    ),
    flow("a peer that may not be accessed is not in VirtualNetwork", toEndpoint({ peer: { access: false } }), {
      allowed: false,
      why: "outbound filter",
    }),
    flow("the other side's flag is for the other way", toEndpoint({ peer: { backAccess: false } }).allowed, true),
    flow(
      "a default route does not take the endpoint's /32",
      toEndpoint({ routes: [["0.0.0.0/0", "None"]], policies: "Enabled" }).allowed,
      true,
    ),
    flow(
      "nor does a route shorter than the network's range",
      toEndpoint({ routes: [["10.0.0.0/15", "None"]], policies: "Enabled" }).allowed,
      true,
    ),
    flow(
      "a route as long as the range takes it",
      toEndpoint({ routes: [["10.0.0.0/16", "None"]], policies: "RouteTableEnabled" }),
      {
        allowed: false,
        why: "route",
      },
    ),
    flow(
      "from a peer too",
      toEndpoint({ peer: {}, routes: [["10.0.1.0/24", "None"]], policies: "Enabled" }).allowed,
      false,
    ),
    flow(
      "not with policies for groups only",
      toEndpoint({ routes: [["10.0.1.0/24", "None"]], policies: "NetworkSecurityGroupEnabled" }).allowed,
      true,
    ),
    flow(
      "a user's own /32 without the policy: left open",
      toEndpoint({ routes: [["10.0.1.4/32", "None"]] }).allowed,
      "unknown",
    ),
    flow(
      "an appliance may hand it on",
      toEndpoint({ routes: [["10.0.1.0/24", "VirtualAppliance"]], policies: "Enabled" }).allowed,
      "unknown",
    ),
    flow(
      "a user route within the network",
      toEndpoint({ routes: [["10.0.1.0/24", "VnetLocal"]], policies: "Enabled" }).allowed,
      true,
    ),
    flow(
      "a source that is not in the subnet",
      reachesPrivateEndpoint(
        world(aNetwork({ subnets: [{}, { name: "s1", prefixes: ["10.0.1.0/24"] }] }), aPrivateEndpoint()),
        subnetId(),
        "10.0.1.9",
        idOf("privateEndpoints", "pe"),
        443,
      ).allowed,
      false,
    ),
  ]);
});

const internet = (address = "203.0.113.7") => ({ kind: "internet", address }) as const;

function fromInternet(service: Body | readonly Body[], address?: string) {
  const id = [service].flat()[0]?.id ?? "";
  return reachesPublicDoor(world(service), internet(address), id, "52.239.1.1", 443).allowed;
}

const rule = (value: string) => ({ ipRules: [{ value, action: "Allow" }] });
const publishesIpv6 = { dualStackEndpointPreference: { publishIpv6Endpoint: true } };

/** A perimeter around an account, that lists 203.0.113.0/29 as inbound and everybody as outbound. */
function held(accessMode: string, publicNetworkAccess: string, acls?: Properties): readonly Body[] {
  const account = aStorageAccount(acls, { publicNetworkAccess });
  const perimeter = `${account.id.split("/Microsoft.Storage/")[0]}/Microsoft.Network/networkSecurityPerimeters/nsp`;
  const profile = `${perimeter}/profiles/default`;
  const association = { accessMode, privateLinkResource: { id: account.id }, profile: { id: profile } };
  return [
    account,
    { id: `${perimeter}/resourceAssociations/account`, properties: association },
    {
      id: `${profile}/accessRules/in`,
      properties: { direction: "Inbound", addressPrefixes: ["203.0.113.0/29"] },
    },
    { id: `${profile}/accessRules/out`, properties: { direction: "Outbound", addressPrefixes: ["0.0.0.0/0"] } },
  ];
}

describe("the public door of a service in a perimeter", () => {
  const open = { defaultAction: "Allow" };
  check([
    flow("enforced, it lists the address", fromInternet(held("Enforced", "Disabled")), true),
    flow("enforced, it decides alone", fromInternet(held("Enforced", "Enabled", open), "9.9.9.9"), false),
    flow("learning, it adds to the firewall", fromInternet(held("Learning", "Enabled", {})), true),
    flow("learning, the firewall counts", fromInternet(held("Learning", "Enabled", open), "9.9.9.9"), true),
    flow("learning, and neither admits it", fromInternet(held("Learning", "Enabled", {}), "9.9.9.9"), false),
    flow("learning, public access is off", fromInternet(held("Learning", "Disabled", open), "9.9.9.9"), false),
    flow("learning, relied upon", fromInternet(held("Learning", "SecuredByPerimeter", open), "9.9.9.9"), false),
    flow("auditing", fromInternet(held("Audit", "Enabled", open)), "unknown"),
  ]);
});

describe("the public door from the internet", () => {
  check([
    flow("storage without network rules is open", fromInternet(aStorageAccount(undefined)), true),
    flow("storage that denies", fromInternet(aStorageAccount({})), false),
    flow("storage that allows in lower case", fromInternet(aStorageAccount({ defaultAction: "allow" })), true),
    flow(
      "Disabled is closed whatever the default action",
      fromInternet(aStorageAccount({ defaultAction: "Allow" }, { publicNetworkAccess: "Disabled" })),
      false,
    ),
    flow(
      "a perimeter that is to decide and is not there",
      fromInternet(aStorageAccount({ defaultAction: "Allow" }, { publicNetworkAccess: "SecuredByPerimeter" })),
      "unknown",
    ),
    flow(
      "nobody out there has a private address",
      fromInternet(aStorageAccount(rule("10.0.0.0/8")), "10.0.0.9"),
      false,
    ),
    flow("nor one of IPv6", fromInternet(aStorageAccount({ defaultAction: "Allow" }, publishesIpv6), "fd00::9"), false),
    flow("an address rule", fromInternet(aStorageAccount(rule("203.0.113.7"))), true),
    flow("the last address of a prefix", fromInternet(aStorageAccount(rule("203.0.113.0/29"))), true),
    flow("the address behind it", fromInternet(aStorageAccount(rule("203.0.113.0/29")), "203.0.113.8"), false),
    flow(
      "address rules are blind to Azure in the account's region",
      fromInternet(aStorageAccount(rule("20.50.0.0/16")), "20.50.0.9"),
      false,
    ),
    flow("not to Azure elsewhere", fromInternet(aStorageAccount(rule("20.60.0.0/16")), "20.60.0.9"), true),
    flow(
      "an open account has no IPv6 endpoint by default",
      fromInternet(aStorageAccount(undefined), "2001:db8::1"),
      false,
    ),
    flow("unless it publishes one", fromInternet(aStorageAccount(undefined, publishesIpv6), "2001:db8::1"), true),
    flow(
      "IPv6 rules without an endpoint",
      fromInternet(aStorageAccount({ ipv6Rules: [{ value: "2001:db8::/32" }] }), "2001:db8::1"),
      false,
    ),
    flow(
      "IPv6 rules with one",
      fromInternet(aStorageAccount({ ipv6Rules: [{ value: "2001:db8::/32" }] }, publishesIpv6), "2001:db8::1"),
      true,
    ),
    flow("a vault without network rules is open", fromInternet(aVault(undefined)), true),
    flow(
      "a vault's values come in lower case",
      fromInternet(aVault({ defaultAction: "deny" }, { publicNetworkAccess: "enabled" })),
      false,
    ),
    flow(
      "a vault that is disabled",
      fromInternet(aVault(rule("203.0.113.7"), { publicNetworkAccess: "disabled" })),
      false,
    ),
    flow("a vault's prefix", fromInternet(aVault(rule("203.0.113.0/24"))), true),
    flow("a server without rules admits nobody", fromInternet(aSqlServer({})), false),
    flow("a server's range", fromInternet(aSqlServer({ ranges: [["203.0.113.1", "203.0.113.7"]] })), true),
    flow("behind the range", fromInternet(aSqlServer({ ranges: [["203.0.113.1", "203.0.113.6"]] })), false),
    flow(
      "a server that is disabled",
      fromInternet(
        aSqlServer({ ranges: [["0.0.0.0", "255.255.255.255"]], properties: { publicNetworkAccess: "Disabled" } }),
      ),
      false,
    ),
    flow(
      "0.0.0.0 is every address in Azure",
      fromInternet(aSqlServer({ ranges: [["0.0.0.0", "0.0.0.0"]] }), "20.1.2.3"),
      true,
    ),
    flow("and no other", fromInternet(aSqlServer({ ranges: [["0.0.0.0", "0.0.0.0"]] })), false),
    flow("and not its own number", fromInternet(aSqlServer({ ranges: [["0.0.0.0", "0.0.0.0"]] }), "0.0.0.0"), false),
    flow(
      "unknown where Azure's addresses are not listed",
      reachesPublicDoor(
        without("AzureCloud", world(aSqlServer({ ranges: [["0.0.0.0", "0.0.0.0"]] }))),
        internet(),
        sqlId,
        "40.112.0.1",
        1433,
      ).allowed,
      "unknown",
    ),
    flow(
      "a server's IPv6 range",
      fromInternet(aSqlServer({ ranges: [["2001:db8::", "2001:db8::ffff"]] }), "2001:db8::1"),
      true,
    ),
  ]);
});

const allow = (ipAddress: string, priority = 100, more: Properties = {}) => ({
  ipAddress,
  priority,
  action: "Allow",
  ...more,
});
const deny = (ipAddress: string, priority = 100) => allow(ipAddress, priority, { action: "Deny" });
const nobody = { scmIpSecurityRestrictionsDefaultAction: "Deny" };

/** An app whose SCM site lets nobody in. */
function aMainSite(rules: readonly Properties[], more: Properties = {}): readonly Body[] {
  return anApp({ ipSecurityRestrictions: rules, ...nobody, ...more });
}

function connected(status: string, publicNetworkAccess?: string): readonly Body[] {
  const connection = { properties: { privateLinkServiceConnectionState: { status } } };
  return anApp({}, { privateEndpointConnections: [connection], publicNetworkAccess });
}

describe("the public doors of an app from the internet", () => {
  const office = "203.0.113.0/29";
  const whole = "0.0.0.0/0";
  const vault = allow("AzureKeyVault", 100, { tag: "ServiceTag" });
  check([
    flow("an app that nobody touched is open", fromInternet(anApp({})), true),
    flow("also to IPv6", fromInternet(anApp({}), "2001:db8::1"), true),
    flow("it is off", fromInternet(anApp({}, { publicNetworkAccess: "Disabled" })), false),
    flow("a private endpoint turns it off", fromInternet(connected("Approved")), false),
    flow("not where it was turned on", fromInternet(connected("Approved", "Enabled")), true),
    flow("one that waits for approval may", fromInternet(connected("Pending")), "unknown"),
    flow("an address rule", fromInternet(aMainSite([allow(office)])), true),
    flow("and with it nobody else", fromInternet(aMainSite([allow(office)]), "203.0.113.8"), false),
    flow(
      "unless the default says so",
      fromInternet(aMainSite([allow(office)], { ipSecurityRestrictionsDefaultAction: "Allow" }), "203.0.113.8"),
      true,
    ),
    flow("a rule that denies shuts everybody out", fromInternet(aMainSite([deny("9.9.9.9/32")])), false),
    flow("denied first", fromInternet(aMainSite([allow(whole, 200), deny(office, 100)])), false),
    flow("allowed first", fromInternet(aMainSite([deny(whole, 200), allow(office, 100)])), true),
    flow("of one priority, as they stand", fromInternet(aMainSite([deny(office), allow(whole)])), false),
    flow(
      "the row that Azure shows last is no rule",
      fromInternet(aMainSite([allow("Any", 2_147_483_647, { action: "Deny" })])),
      true,
    ),
    flow("the second of several ranges", fromInternet(aMainSite([allow(`198.51.100.0/24,${office}`)])), true),
    flow("an address of a tag", fromInternet(aMainSite([vault]), "51.12.0.9"), true),
    flow("an address beside the tag", fromInternet(aMainSite([vault]), "51.12.1.9"), false),
    flow(
      "a tag that is not listed",
      fromInternet(aMainSite([allow("AzureDevOps", 100, { tag: "ServiceTag" })])),
      "unknown",
    ),
    flow(
      "a header that anybody may send",
      fromInternet(aMainSite([allow(office, 100, { headers: { "x-forwarded-host": ["erp"] } })])),
      "unknown",
    ),
    flow(
      "whose source is another",
      fromInternet(aMainSite([allow("9.9.9.9/32", 100, { headers: { "x-forwarded-host": ["erp"] } })])),
      false,
    ),
    flow("every subnet is no address", fromInternet(aMainSite([allow("AnyVnets")])), false),
    flow(
      "the SCM site alone lets in",
      fromInternet(anApp({ ipSecurityRestrictionsDefaultAction: "Deny", scmIpSecurityRestrictions: [allow(office)] })),
      true,
    ),
    flow(
      "the SCM site uses the main site's list, not its own",
      fromInternet(
        aMainSite([deny(office)], {
          ...nobody,
          scmIpSecurityRestrictionsUseMain: true,
          scmIpSecurityRestrictions: [allow(whole)],
        }),
      ),
      false,
    ),
  ]);
});

describe("the public doors of an app from a subnet", () => {
  const named = { vnetSubnetResourceId: subnetId(), priority: 100, action: "Allow" };
  const endpoints = ["Microsoft.Web"];
  const to = "104.45.1.1";
  const approved = {
    privateEndpointConnections: [{ properties: { privateLinkServiceConnectionState: { status: "Approved" } } }],
  };
  const ofPrivate = anApp(
    { ipSecurityRestrictions: [named], ...nobody },
    { publicNetworkAccess: "Enabled", ...approved },
  );
  check([
    flow("rule and endpoint", fromSubnet({ service: aMainSite([named]), endpoints, to }), true),
    flow(
      "without the endpoint it comes with some public address",
      fromSubnet({ service: aMainSite([named]), endpoints: [], to }),
      "unknown",
    ),
    flow(
      "addresses of the subnet are no addresses here",
      fromSubnet({ service: aMainSite([allow("10.0.0.0/16")]), endpoints, to }),
      false,
    ),
    flow("every subnet", fromSubnet({ service: aMainSite([allow("AnyVnets")]), endpoints, to }), true),
    flow("every address", fromSubnet({ service: aMainSite([allow("0.0.0.0/0")]), endpoints, to }), "unknown"),
    flow(
      "the subnet is denied first",
      fromSubnet({ service: aMainSite([allow("AnyVnets", 200), { ...named, action: "Deny" }]), endpoints, to }),
      false,
    ),
    flow("an open app needs no rule", fromSubnet({ service: anApp({}), endpoints, to }), true),
    flow("an app with a private endpoint refuses it", fromSubnet({ service: ofPrivate, endpoints, to }), false),
  ]);
});

interface DoorWorld {
  readonly service?: Body | readonly Body[];
  readonly endpoints?: readonly (string | Properties)[];
  readonly routes?: readonly (readonly [string, string])[];
  readonly outbound?: readonly Properties[];
  readonly subnet?: Properties;
  readonly location?: string;
  readonly to?: string;
}

/** From 10.0.0.4 to the service at port 443, over a storage endpoint unless it says otherwise. */
function fromSubnet(parts: DoorWorld = {}) {
  const {
    service = admitting(),
    endpoints = storage,
    routes = [],
    outbound = [],
    subnet = {},
    location = "westeurope",
  } = parts;
  const subnets = [{ nsg: "out", routeTable: "rt", endpoints, properties: subnet }];
  const given = world(aNetwork({ subnets, location }), aGroup(outbound, "out"), aRouteTable(routes), service);
  const id = [service].flat()[0]?.id ?? "";
  const from = { kind: "subnet", subnetId: subnetId(), address: "10.0.0.4" } as const;
  return reachesPublicDoor(given, from, id, parts.to ?? "52.239.1.1", 443).allowed;
}

function admitting(state: string | undefined = "Succeeded", subnet = subnetId(), properties: Properties = {}) {
  return aStorageAccount({ virtualNetworkRules: [{ id: subnet, action: "Allow", state }] }, properties);
}

const noWayOut = [{ direction: "Outbound", access: "Deny", destinationAddressPrefix: "Internet" }];
const sql = { endpoints: ["Microsoft.Sql"], to: "40.112.0.1" };
const all = ["0.0.0.0/1", "128.0.0.0/1"].map((value) => ({ value, action: "Allow" }));

describe("the public door from a subnet", () => {
  check([
    flow("rule and endpoint", fromSubnet(), true),
    flow("a rule without the endpoint", fromSubnet({ endpoints: [] }), false),
    flow("the endpoint without a rule", fromSubnet({ service: aStorageAccount({}) }), false),
    flow("the endpoint of another service", fromSubnet({ endpoints: ["Microsoft.KeyVault"] }), false),
    flow("a rule for another subnet", fromSubnet({ service: admitting("Succeeded", subnetId("a", "s9")) }), false),
    flow(
      "a rule for the subnet in other case",
      fromSubnet({ service: admitting("Succeeded", subnetId().toUpperCase()) }),
      true,
    ),
    flow("a rule whose subnet was deleted once", fromSubnet({ service: admitting("NetworkSourceDeleted") }), false),
    flow("a rule that failed", fromSubnet({ service: admitting("Failed") }), "unknown"),
    flow(
      "Disabled cuts off subnets too",
      fromSubnet({ service: admitting("Succeeded", subnetId(), { publicNetworkAccess: "Disabled" }) }),
      false,
    ),
    flow(
      "address rules never match over the endpoint",
      fromSubnet({ service: aStorageAccount({ ipRules: all }) }),
      false,
    ),
    flow("an open account needs no rule", fromSubnet({ service: aStorageAccount({ defaultAction: "Allow" }) }), true),
    flow("the subnet's group denies the way out", fromSubnet({ outbound: noWayOut }), false),
    flow(
      "the service's tag lets it out again",
      fromSubnet({
        outbound: [{ direction: "Outbound", destinationAddressPrefix: "Storage.WestEurope" }, ...noWayOut],
      }),
      true,
    ),
    flow("a default route does not stop the endpoint", fromSubnet({ routes: [["0.0.0.0/0", "None"]] }), true),
    flow("a longer route may", fromSubnet({ routes: [["52.239.1.0/24", "None"]] }), "unknown"),
    flow(
      "but it cannot let in",
      fromSubnet({ routes: [["52.239.1.0/24", "None"]], service: aStorageAccount({}) }),
      false,
    ),
    flow(
      "a longer route that drops stops what has no endpoint",
      fromSubnet({ endpoints: [], routes: [["52.239.1.0/24", "None"]], service: aStorageAccount(undefined) }),
      false,
    ),
    flow("a private subnet may use its endpoint", fromSubnet({ subnet: { defaultOutboundAccess: false } }), true),
    flow(
      "a private subnet may have no other way out",
      fromSubnet({ endpoints: [], subnet: { defaultOutboundAccess: false }, service: aStorageAccount(undefined) }),
      "unknown",
    ),
    flow("an account in another region: the endpoint is not for it", fromSubnet({ to: "20.60.1.1" }), false),
    flow(
      "without endpoint, address rules are blind in the region",
      fromSubnet({ endpoints: [], service: aStorageAccount({ ipRules: all }) }),
      false,
    ),
    flow(
      "from another region the public address is not known",
      fromSubnet({ endpoints: [], location: "northeurope", service: aStorageAccount(rule("203.0.113.0/24")) }),
      "unknown",
    ),
    flow(
      "unless all are admitted",
      fromSubnet({ endpoints: [], location: "northeurope", service: aStorageAccount({ ipRules: all }) }),
      true,
    ),
    flow(
      "an appliance may bring it in elsewhere",
      fromSubnet({ endpoints: [], routes: [["0.0.0.0/0", "VirtualAppliance"]] }),
      "unknown",
    ),
    flow(
      "not where nobody gets in",
      fromSubnet({ endpoints: [], routes: [["0.0.0.0/0", "VirtualAppliance"]], service: aStorageAccount({}) }),
      false,
    ),
    flow(
      "a vault over its endpoint",
      fromSubnet({
        service: aVault({ virtualNetworkRules: [{ id: subnetId() }] }),
        endpoints: ["Microsoft.KeyVault"],
        to: "51.12.0.9",
      }),
      true,
    ),
    flow(
      "a vault from a subnet without it",
      fromSubnet({ service: aVault(rule("203.0.113.0/24")), endpoints: [], to: "51.12.0.9" }),
      "unknown",
    ),
    flow(
      "a server over its endpoint",
      fromSubnet({ ...sql, service: aSqlServer({ subnets: [[subnetId(), "Ready"]] }) }),
      true,
    ),
    flow(
      "a server's rule that is in progress",
      fromSubnet({ ...sql, service: aSqlServer({ subnets: [[subnetId(), "InProgress"]] }) }),
      "unknown",
    ),
    flow(
      "a server's rule that ignores the missing endpoint",
      fromSubnet({ ...sql, endpoints: [], service: aSqlServer({ subnets: [[subnetId(), "Ready"]] }) }),
      false,
    ),
    flow(
      "the rule for Azure over an endpoint: left open",
      fromSubnet({ ...sql, service: aSqlServer({ ranges: [["0.0.0.0", "0.0.0.0"]] }) }),
      "unknown",
    ),
    flow(
      "a server in another region than the network's: its rules are for one region",
      fromSubnet({
        ...sql,
        endpoints: [{ service: "Microsoft.Sql", locations: ["*"] }],
        location: "northeurope",
        service: aSqlServer({ subnets: [[subnetId(), "Ready"]] }),
      }),
      "unknown",
    ),
    flow(
      "an address that another service's endpoint leads to",
      fromSubnet({ endpoints: ["Microsoft.KeyVault"], to: "51.12.0.9" }),
      "unknown",
    ),
    flow(
      "a server that admits all addresses",
      fromSubnet({ ...sql, endpoints: [], service: aSqlServer({ ranges: [["0.0.0.0", "255.255.255.255"]] }) }),
      true,
    ),
  ]);
});

const allOut = { protocols: ["TCP"], sourceAddresses: ["*"], destinationAddresses: ["*"], destinationPorts: ["443"] };

function hostRule(host: string): Properties {
  return { sourceAddresses: ["*"], targetFqdns: [host], protocols: [{ protocolType: "Https", port: 443 }] };
}

type Rules = readonly (readonly [priority: string, action: string, rule: Properties])[];

interface ThroughParts {
  readonly network?: Rules;
  readonly application?: Rules;
  readonly addresses?: readonly string[];
  readonly admitted?: string;
  readonly untranslated?: string;
  readonly threats?: string;
  readonly state?: string;
  readonly location?: string;
  /** On the firewall's subnet. */
  readonly endpoints?: readonly string[];
  readonly isNamed?: boolean;
}

/** From a subnet beside the firewall, to an account in another region that admits the firewall's address. */
function throughFirewall(parts: ThroughParts = {}): unknown {
  const { network = [["100", "Allow", allOut]], application = [], addresses = ["20.50.1.4"] } = parts;
  const { admitted = "20.50.1.4", untranslated, threats = "Alert", location = "northeurope" } = parts;
  const { endpoints = [], isNamed = false, state = "Succeeded" } = parts;
  const virtualNetworkRules = isNamed ? [{ id: subnetId("a", "AzureFirewallSubnet"), state: "Succeeded" }] : [];
  const collections = (rules: Rules) =>
    classicRules(...rules.map(([priority, action, rule]) => [Number(priority), action, rule] as const));
  const subnets = [{ routeTable: "rt" }, { name: "AzureFirewallSubnet", prefixes: ["10.0.9.64/26"], endpoints }];
  const properties = {
    threatIntelMode: threats,
    provisioningState: state,
    networkRuleCollections: collections(network),
    applicationRuleCollections: collections(application),
    additionalProperties: untranslated === undefined ? {} : { "Network.SNAT.PrivateRanges": untranslated },
  };
  const service = aStorageAccount({ ipRules: [{ value: admitted }], virtualNetworkRules }, {}, location);
  const given = world(
    aNetwork({ subnets }),
    aRouteTable([["0.0.0.0/0", "VirtualAppliance", "10.0.9.68"]]),
    aFirewall({ privateAddress: "10.0.9.68", publicAddresses: addresses, properties }),
    service,
  );
  const from = { kind: "subnet", subnetId: subnetId(), address: "10.0.0.4" } as const;
  return reachesPublicDoor(given, from, service.id, "52.239.1.1", 443).allowed;
}

/** To an account in the firewall's region that names its subnet. */
function named(parts: ThroughParts, endpoints: readonly string[] = ["Microsoft.Storage"]): ThroughParts {
  return { location: "westeurope", isNamed: true, endpoints, ...parts };
}

describe("the public door through an Azure Firewall", () => {
  check([
    flow("a network rule lets the subnet out", throughFirewall(), true),
    flow("without rules everything is denied", throughFirewall({ network: [] }), false),
    flow("the firewall's address is the one that counts", throughFirewall({ admitted: "10.0.0.4" }), false),
    flow(
      "it may have several, any of which is taken",
      throughFirewall({ addresses: ["192.0.2.9", "20.50.1.4"] }),
      true,
    ),
    flow(
      "a network rule that denies comes before an application rule that allows",
      throughFirewall({ network: [["900", "Deny", allOut]], application: [["100", "Allow", hostRule("*")]] }),
      false,
    ),
    flow(
      "the lower number comes first",
      throughFirewall({
        network: [
          ["300", "Allow", allOut],
          ["200", "Deny", allOut],
        ],
      }),
      false,
    ),
    flow(
      "an application rule names the account",
      throughFirewall({ network: [], application: [["100", "Allow", hostRule("st.blob.core.windows.net")]] }),
      true,
    ),
    flow(
      "an application rule names another one",
      throughFirewall({ network: [], application: [["100", "Allow", hostRule("st2.blob.core.windows.net")]] }),
      false,
    ),
    flow(
      "a network rule with a name lets out to the addresses that the name has",
      throughFirewall({
        network: [
          ["100", "Allow", { ...allOut, destinationAddresses: [], destinationFqdns: ["st.blob.core.windows.net"] }],
        ],
      }),
      "unknown",
    ),
    flow("what is not translated gets nowhere", throughFirewall({ untranslated: "0.0.0.0/0" }), false),
    flow("a failed update leaves some instances with what they had", throughFirewall({ state: "Failed" }), "unknown"),
    flow("threat intelligence may stop it", throughFirewall({ threats: "Deny" }), "unknown"),
    flow(
      "an account in the firewall's region sees no public address",
      throughFirewall({ location: "westeurope" }),
      false,
    ),
    flow("a rule for the firewall's subnet needs the service endpoint there", throughFirewall(named({}, [])), false),
    flow("with it callers come with the identity of that subnet", throughFirewall(named({})), true),
    flow("past the rules of the firewall, too", throughFirewall(named({ network: [] })), false),
    flow("over it no rule for public addresses matches", throughFirewall(named({ isNamed: false })), false),
    flow(
      "what is not translated may come with another subnet's identity",
      throughFirewall(named({ untranslated: "0.0.0.0/0" })),
      "unknown",
    ),
  ]);
});

describe("addresses", () => {
  check([
    flow("no leading zeros", parseAddress("10.0.0.04"), undefined),
    flow("no short forms", parseAddress("10.1"), undefined),
    flow("no number above 255", parseAddress("10.0.0.256"), undefined),
    flow("no prefix beyond the family", parsePrefix("10.0.0.0/33"), undefined),
    flow("no second gap", parseAddress("1::2::3"), undefined),
    flow("no gap of nothing", parseAddress("1:2:3:4::5:6:7:8"), undefined),
    flow("no ninth group", parseAddress("1:2:3:4:5:6:7:8:9"), undefined),
    flow("no name", parseAddress("vault"), undefined),
    ...["0.0.0.0", "255.255.255.255", "::", "::1", "1::", "fd00:0:0:1::4", "1:2:3:4:5:6:7:8", "1:0:3::8"].map((text) =>
      flow(`${text} there and back`, formatAddress(parseAddress(text) ?? { family: 4, value: 0n }), text),
    ),
  ]);
});
