import fc from "fast-check";
import { formatAddress, parsePrefix } from "./addresses.ts";
import {
  aConnection,
  aGroup,
  aNatGateway,
  aNetwork,
  anApp,
  anApplicationGroup,
  anEndpointPolicy,
  anInterface,
  aPrivateEndpoint,
  aPublicAddress,
  appId,
  aRouteTable,
  aSqlServer,
  aStorageAccount,
  aVault,
  aZone,
  group,
  idOf,
  type PeeringParts,
  type Properties,
  sqlId,
  storageId,
  subnetId,
  vaultId,
} from "./bodies.ts";
import type { Body, ServiceTag, World } from "./world.ts";

export { atomsIn, atomsOf } from "./atoms.ts";

/** Prefixes of networks and subnets here, ones around and beside them, and public ones: few, so that they meet often. */
const prefixes = [
  ...["10.0.0.0/25", "10.0.0.128/25", "10.0.0.0/16", "10.1.0.0/25", "10.1.0.0/16", "10.0.0.0/15", "10.0.0.0/8"],
  ...["10.0.0.4", "10.0.0.4/31", "10.0.0.10/32", "10.1.0.4", "172.16.0.0/12", "192.168.0.0/16"],
  ...["0.0.0.0/0", "0.0.0.0/1", "128.0.0.0/1", "203.0.113.0/24", "203.0.113.7", "52.239.0.0/16", "52.239.1.0/24"],
  ...["40.112.0.0/16", "::/0", "fd00::/16", "fd00:0:0:1::/64", "fd00:0:0:1::4", "2001:db8::/32", "2603:1030::/32"],
];

const publicRanges = ["203.0.113.0/24", "203.0.113.7", "20.50.0.0/16", "0.0.0.0/1", "128.0.0.0/1", "198.51.100.0/30"];
const publicRanges6 = ["2001:db8::/32", "2001:db8::7"];
const sqlRanges: readonly (readonly [first: string, last: string])[] = [
  ["203.0.113.0", "203.0.113.9"],
  ["203.0.113.7", "203.0.113.7"],
  ["0.0.0.0", "0.0.0.0"],
  ["0.0.0.0", "255.255.255.255"],
  ["10.0.0.0", "10.0.0.255"],
  ["2001:db8::", "2001:db8::ff"],
];

/** What a rule of an app is for; Azure shows a name that is in no list as it does any other. */
const appSources: readonly Properties[] = [
  ...publicRanges.map((ipAddress) => ({ ipAddress, tag: "Default" })),
  ...publicRanges6.map((ipAddress) => ({ ipAddress })),
  ...["0.0.0.0/0", "203.0.113.7/32,198.51.100.0/30", "10.0.0.0/8", "AnyVnets"].map((ipAddress) => ({ ipAddress })),
  ...["AzureCloud.westeurope", "Storage", "AzureFrontDoor.Backend"].map((ipAddress) => ({
    ipAddress,
    tag: "ServiceTag",
  })),
];

const allTags: readonly ServiceTag[] = Object.entries({
  Storage: ["52.239.0.0/16", "20.60.0.0/16", "2603:1030::/33"],
  "Storage.WestEurope": ["52.239.0.0/17", "2603:1030::/33"],
  Sql: ["40.112.0.0/16", "40.113.0.0/16"],
  "Sql.WestEurope": ["40.112.0.0/17"],
  AzureKeyVault: ["51.12.0.0/24"],
  "AzureKeyVault.WestEurope": ["51.12.0.0/25"],
  AppService: ["51.12.4.0/22"],
  "AppService.WestEurope": ["51.12.4.0/23"],
  AzureCloud: ["20.0.0.0/8", "40.112.0.0/12", "51.12.0.0/16", "52.239.0.0/16", "2603:1030::/32"],
  "AzureCloud.westeurope": ["20.50.0.0/17", "52.239.0.0/17"],
}).map(([name, addressPrefixes]) => ({ name, properties: { addressPrefixes } }));

const services = {
  storage: { id: storageId, groupId: "blob", zone: "privatelink.blob.core.windows.net" },
  sql: { id: sqlId, groupId: "sqlServer", zone: "privatelink.database.windows.net" },
  vault: { id: vaultId, groupId: "vault", zone: "privatelink.vaultcore.azure.net" },
  app: { id: appId, groupId: "sites", zone: "privatelink.azurewebsites.net" },
};

type ServiceKind = keyof typeof services;

/** An address of each service's public endpoint: within its regional tag. */
export const serviceAddresses: ReadonlyMap<string, string> = new Map([
  [storageId, "52.239.1.1"],
  [sqlId, "40.112.0.1"],
  [vaultId, "51.12.0.1"],
  [appId, "51.12.4.1"],
]);

type Drawn<A> = A extends fc.Arbitrary<infer T> ? T : never;

const names = ["a", "b", "c", "d"];

function often<T>(usual: T, ...others: readonly T[]): fc.Arbitrary<T> {
  return fc.oneof(
    { weight: 3, arbitrary: fc.constant(usual) },
    { weight: 2, arbitrary: fc.constantFrom(usual, ...others) },
  );
}

/** An index, to be taken modulo the length of the list that it chooses from. */
const anyIndex = fc.nat({ max: 11 });
const maybeIndex = fc.option(anyIndex, { nil: undefined, freq: 2 });

/** The name of one of the things in the list, or none. */
function chosen(name: string, list: readonly unknown[], index: number | undefined): string | undefined {
  return index === undefined || list.length === 0 ? undefined : `${name}-${index % list.length}`;
}

function taken<T>(list: readonly T[], index: number): T {
  const one = list[index % list.length];
  if (one === undefined) throw new RangeError("nothing to take from");
  return one;
}

/** Ranges of the network with this number, in a few forms that never overlap another network's. */
function rangesOf(network: number, form: number): readonly string[] {
  const forms = [
    [`10.${network}.0.0/16`],
    [`10.${network}.0.0/16`, `fd00:0:${network}::/48`],
    [`10.${network}.0.0/17`, `192.168.${network}.0/24`],
    [`10.${network}.0.0/22`, `2001:db8:${network}::/48`],
    [`100.${64 + 16 * network}.0.0/12`],
  ];
  return forms[form % forms.length] ?? [];
}

/** Halves of a /24 one after the other; IPv6, where the network has it and the subnet wants it, one /64 each. */
function subnetPrefixes(ranges: readonly string[], subnet: number, isDual: boolean): readonly string[] {
  const [first = "", second = ""] = ranges;
  const start = first.split(".").slice(0, 2).join(".");
  const half = `${start}.${Math.floor(subnet / 2)}.${128 * (subnet % 2)}/25`;
  return isDual && second.endsWith("::/48") ? [half, second.replace("::/48", `:${subnet + 1}::/64`)] : [half];
}

/** The address at a distance from the first one of the prefix. */
function hostIn(prefix: string, distance: number): string {
  const { family, first } = parsePrefix(prefix) ?? { family: 4, first: 0n };
  return formatAddress({ family, value: first + BigInt(distance) });
}

const anyPorts = fc.oneof(
  { weight: 4, arbitrary: fc.constant({ Range: "*" }) },
  {
    weight: 3,
    arbitrary: fc.constantFrom({ Range: "443" }, { Range: "400-500" }, { Range: "0-65535" }, { Range: "1433" }),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom({ Ranges: ["22", "443"] }, { Ranges: ["0-442", "1433-1434"] }, { Ranges: ["443-443"] }),
  },
);

/** AzureMonitor is in no list of tags here. */
const tagNames = [
  "VirtualNetwork",
  "Internet",
  "AzureLoadBalancer",
  "Storage.WestEurope",
  "Sql",
  "AzureCloud",
  "AzureMonitor",
];

const anySide = fc.oneof(
  { weight: 4, arbitrary: fc.constant({ Prefix: "*" }) },
  { weight: 4, arbitrary: fc.record({ Prefix: fc.constantFrom(...prefixes) }) },
  { weight: 4, arbitrary: fc.record({ Prefix: fc.constantFrom(...tagNames) }) },
  {
    weight: 2,
    arbitrary: fc.record({ Prefixes: fc.uniqueArray(fc.constantFrom(...prefixes), { minLength: 1, maxLength: 3 }) }),
  },
  { weight: 1, arbitrary: fc.record({ members: fc.nat({ max: 1 }) }) },
);

interface Side {
  readonly Prefix?: string;
  readonly Prefixes?: readonly string[];
  readonly members?: number;
}

function sideFields(side: string, { Prefix, Prefixes, members }: Side): Properties {
  if (Prefix !== undefined) return { [`${side}AddressPrefix`]: Prefix };
  if (Prefixes !== undefined) return { [`${side}AddressPrefixes`]: Prefixes };
  const id = idOf("applicationSecurityGroups", `asg-${names[members ?? 0]}`);
  return { [`${side}ApplicationSecurityGroups`]: [{ id }] };
}

function portFields(side: string, ports: Properties): Properties {
  return Object.fromEntries(Object.entries(ports).map(([field, value]) => [`${side}Port${field}`, value]));
}

const anyRule = fc
  .record({
    direction: fc.constantFrom("Inbound", "Outbound"),
    access: fc.constantFrom("Allow", "Deny"),
    priority: fc.integer({ min: 100, max: 115 }),
    protocol: often("*", "Tcp", "Udp", "Icmp", "Esp"),
    source: anySide,
    sourcePorts: fc.oneof({ weight: 5, arbitrary: fc.constant({ Range: "*" }) }, { weight: 1, arbitrary: anyPorts }),
    destination: anySide,
    destinationPorts: anyPorts,
  })
  .map(({ source, sourcePorts, destination, destinationPorts, ...rule }) => ({
    ...rule,
    ...sideFields("source", source),
    ...portFields("source", sourcePorts),
    ...sideFields("destination", destination),
    ...portFields("destination", destinationPorts),
  }));

/** No two rules of one direction have the same priority: ARM refuses that. */
const anyGroup = fc.uniqueArray(anyRule, {
  maxLength: 8,
  selector: ({ direction, priority }) => `${direction} ${priority}`,
});

const hopTypes = ["VirtualAppliance", "None", "Internet", "VnetLocal", "VirtualNetworkGateway"];
const routePrefixes = [
  ...prefixes.filter((prefix) => prefix.includes("/")),
  "Storage.WestEurope",
  "Sql",
  "AzureMonitor",
];
const anyRoute = fc.tuple(fc.constantFrom(...routePrefixes), fc.constantFrom(...hopTypes));
const anyRouteTable = fc.uniqueArray(anyRoute, { maxLength: 6, selector: ([prefix]) => prefix });

const anyEndpoint = fc.record({
  service: fc.constantFrom("Microsoft.Storage", "Microsoft.Sql", "Microsoft.KeyVault", "Microsoft.Web"),
  provisioningState: fc.oneof(
    { weight: 8, arbitrary: fc.constant("Succeeded") },
    { weight: 1, arbitrary: fc.constantFrom("Updating", "Failed") },
  ),
  reach: often<keyof typeof regions>("region", "pair", "everywhere", "elsewhere"),
});

const regions = {
  region: ["westeurope"],
  pair: ["westeurope", "northeurope"],
  elsewhere: ["northeurope"],
  everywhere: ["*"],
};

/** Storage's endpoint for all regions has a name of its own, and the two cannot be on one subnet. */
function endpointBody({ service, provisioningState, reach }: Drawn<typeof anyEndpoint>): Properties {
  const isGlobal = service === "Microsoft.Storage" && reach === "everywhere";
  return { service: isGlobal ? "Microsoft.Storage.Global" : service, provisioningState, locations: regions[reach] };
}

const anySubnet = fc.record({
  isDual: fc.boolean(),
  nsg: maybeIndex,
  routeTable: maybeIndex,
  natGateway: maybeIndex,
  endpoints: fc.uniqueArray(anyEndpoint, { maxLength: 2, selector: ({ service }) => service }),
  policies: fc.constantFrom(undefined, "Disabled", "Enabled", "NetworkSecurityGroupEnabled", "RouteTableEnabled"),
  outbound: often<boolean | undefined>(undefined, true, false),
});

/** By name, what each lists. */
const endpointPolicies = {
  account: [`${storageId}2`, storageId],
  group: [group],
  others: [`${storageId}2`, `${group}2`, "/services/Azure/Batch"],
} as const;

type PolicyName = keyof typeof endpointPolicies;

/** By the policies for private endpoints, which packets to a public endpoint never meet. */
function endpointPoliciesOf(policies: string | undefined): readonly PolicyName[] {
  if (policies === undefined) return [];
  if (policies === "Disabled") return ["account"];
  if (policies === "Enabled") return ["group"];
  return policies === "RouteTableEnabled" ? ["others", "account"] : ["others"];
}

const anyRegion = often<"westeurope" | "northeurope">("westeurope", "northeurope");

const anyNetwork = fc.record({
  form: fc.nat({ max: 4 }),
  subnets: fc.array(anySubnet, { minLength: 1, maxLength: 4 }),
  location: anyRegion,
  natGateway: fc.option(anyIndex, { nil: undefined, freq: 1 }),
});

/**
 * What NAT gateways and interfaces send from, in either region, where all that sends from it is: some of what services admit, and
 * some of what they do not.
 */
const publicSources = [
  { westeurope: "203.0.113.7", northeurope: "203.0.113.99" },
  { westeurope: "20.50.0.9", northeurope: "198.51.100.2" },
  { westeurope: "192.0.2.9", northeurope: "20.150.0.9" },
] as const;
const sourcesOfGateways = [
  ...publicSources,
  { westeurope: "192.0.2.16/30", northeurope: "198.51.100.0/31" },
  { westeurope: "2001:db8::7", northeurope: "2001:db9::/127" },
] as const;
const anyNatGateway = fc.uniqueArray(fc.constantFrom(...sourcesOfGateways), { maxLength: 3 });

/** Of the NAT gateways one after the other. */
const regionsOfGateways = ["westeurope", "northeurope"] as const;

/** How two networks are peered, seen from both sides; a lone side is never Connected. */
const anyPeering = fc.record({
  state: fc.constantFrom("none", "both", "both", "both", "one-sided", "deleted"),
  access: often(true, false),
  backAccess: often(true, false),
});

const anyInterface = fc.record({
  subnet: anyIndex,
  nsg: maybeIndex,
  isMember: fc.boolean(),
  sku: fc.constantFrom(undefined, "Standard", "Basic"),
  source: fc.constantFrom(undefined, ...publicSources),
});

const anyAccess = often<string | undefined>("Enabled", undefined, "Disabled", "SecuredByPerimeter");
const anyState = often<keyof typeof sqlStates>("Succeeded", "NetworkSourceDeleted", "Failed", "Provisioning");

/** Rules for subnets of the world, and now and then for one that does not exist. */
const subnetRules = fc.array(fc.record({ subnet: anyIndex, isGhost: often(false, true), state: anyState }), {
  maxLength: 4,
});

const anyService = fc.record({
  access: anyAccess,
  action: often<string | undefined>("Deny", "Allow", undefined),
  ranges: fc.uniqueArray(fc.constantFrom(...publicRanges), { maxLength: 3 }),
  ranges6: fc.uniqueArray(fc.constantFrom(...publicRanges6), { maxLength: 1 }),
  hasIpv6: fc.boolean(),
  sqlRanges: fc.uniqueArray(fc.constantFrom(...sqlRanges), { maxLength: 3, selector: String }),
  subnets: subnetRules,
  location: often("westeurope", "northeurope"),
});

const anyAppRule = fc.record({
  source: fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom(...appSources) },
    { weight: 2, arbitrary: fc.record({ subnet: anyIndex, isGhost: often(false, true) }) },
  ),
  action: often("Allow", "Deny"),
  priority: fc.constantFrom(100, 100, 200, 300),
  headers: often<Properties | undefined>(undefined, { "x-azure-fdid": ["11111111-0000-4000-8000-000000000001"] }),
});

const anyList = fc.record({
  rules: fc.array(anyAppRule, { maxLength: 4 }),
  others: fc.constantFrom(undefined, "Allow", "Deny", "Deny"),
});

const anyApp = fc.record({
  access: fc.constantFrom(undefined, "Enabled", "Enabled", "Disabled"),
  main: anyList,
  scm: anyList,
  usesMain: fc.constantFrom(undefined, false, false, true),
  location: often("westeurope", "northeurope"),
});

const anyPrivateEndpoint = fc.record({
  subnet: anyIndex,
  service: fc.constantFrom<ServiceKind[]>("storage", "sql", "vault", "app"),
  status: often("Approved", "Pending", "Rejected", "Disconnected"),
  isManual: fc.boolean(),
  isDual: fc.boolean(),
  links: fc.option(fc.subarray(names), { nil: undefined }),
});

const anyParts = fc.record({
  networks: fc.array(anyNetwork, { minLength: 1, maxLength: 4 }),
  peerings: fc.array(anyPeering, { minLength: 6, maxLength: 6 }),
  groups: fc.array(anyGroup, { maxLength: 3 }),
  routeTables: fc.array(anyRouteTable, { maxLength: 2 }),
  natGateways: fc.array(anyNatGateway, { maxLength: 2 }),
  interfaces: fc.array(anyInterface, { maxLength: 3 }),
  services: fc.tuple(fc.option(anyService), fc.option(anyService), fc.option(anyService)),
  app: fc.option(anyApp),
  endpoints: fc.array(anyPrivateEndpoint, { maxLength: 3 }),
  tags: fc.oneof(
    { weight: 4, arbitrary: fc.constant([...allTags]) },
    { weight: 1, arbitrary: fc.subarray([...allTags]) },
  ),
  isFolded: fc.boolean(),
});

type Parts = Drawn<typeof anyParts>;

/** An app alone, behind lists of whatever kind, and the subnets that its rules may name. */
export function randomApp(): fc.Arbitrary<World> {
  const anyStatus = fc.option(fc.constantFrom("Approved", "Approved", "Pending"), { freq: 3 });
  const tags = fc.subarray([...allTags]);
  return fc.record({ app: anyApp, status: anyStatus, tags }).map(({ app, status, tags: serviceTags }) => {
    const subnets = ["s0", "s1"].map((name) => ({ id: subnetId("a", name), network: 0, prefixes: [] }));
    const common = {
      ...(app.access === undefined ? {} : { publicNetworkAccess: app.access }),
      privateEndpointConnections: status === null ? [] : [aConnection(appId, "pe-0", status)],
    };
    return { resources: appBodies(app, common, subnets), serviceTags };
  });
}

/** A world of networks and services in ARM's shapes. Ids that bodies refer to are in lower case in half of the worlds. */
export function randomWorld(): fc.Arbitrary<World> {
  return anyParts.map((parts) => {
    const subnets = parts.networks.flatMap(subnetsOf);
    const { interfaces, groups, routeTables, natGateways, endpoints, tags } = parts;
    const resources: readonly Body[] = [
      ...parts.networks.map((network, at) => networkBody(parts, network, at)),
      ...parts.networks.map((_, at) => anApplicationGroup(`asg-${names[at]}`)),
      ...groups.map((rules, at) => aGroup(rules, `nsg-${at}`)),
      ...routeTables.map((routes, at) => aRouteTable(routes, `rt-${at}`)),
      ...Object.entries(endpointPolicies).map(([name, listed]) => anEndpointPolicy(name, listed)),
      ...natGateways.flatMap((sources, at) => natGatewayBodies(sources, at)),
      ...interfaces.flatMap((one, at) => interfaceBodies(parts, one, at, taken(subnets, one.subnet))),
      ...serviceBodies(parts, subnets),
      ...endpoints.flatMap((one, at) => endpointBodies(parts, one, at, taken(subnets, one.subnet))),
    ];
    return { resources: parts.isFolded ? resources.map(withFoldedReferences) : resources, serviceTags: tags };
  });
}

interface Subnet {
  readonly id: string;
  readonly network: number;
  readonly prefixes: readonly string[];
}

function subnetsOf({ form, subnets }: Drawn<typeof anyNetwork>, network: number): readonly Subnet[] {
  return subnets.map(({ isDual }, at) => {
    const prefixes = subnetPrefixes(rangesOf(network, form), at, isDual);
    return { id: subnetId(names[network], `s${at}`), network, prefixes };
  });
}

function networkBody(parts: Parts, network: Drawn<typeof anyNetwork>, at: number): Body {
  const places = subnetsOf(network, at);
  return aNetwork({
    name: names[at] ?? "",
    ranges: rangesOf(at, network.form),
    location: network.location,
    natGateway: gatewayIn(network, network.natGateway, parts),
    peerings: peeringsOf(parts, at),
    subnets: network.subnets.map(({ nsg, routeTable, natGateway, endpoints, policies, outbound }, index) => ({
      name: `s${index}`,
      prefixes: places[index]?.prefixes ?? [],
      nsg: chosen("nsg", parts.groups, nsg),
      routeTable: chosen("rt", parts.routeTables, routeTable),
      natGateway: gatewayIn(network, natGateway, parts),
      endpoints: endpoints.map(endpointBody),
      properties: {
        ...(policies === undefined ? {} : { privateEndpointNetworkPolicies: policies }),
        ...(outbound === undefined ? {} : { defaultOutboundAccess: outbound }),
        serviceEndpointPolicies: endpointPoliciesOf(policies).map((name) => ({
          id: idOf("serviceEndpointPolicies", name),
        })),
      },
    })),
  });
}

function natGatewayBodies(drawn: Drawn<typeof anyNatGateway>, at: number): readonly Body[] {
  const region = taken(regionsOfGateways, at);
  const sources = drawn.map((source) => source[region]);
  return aNatGateway(sources, `nat-${at}`, region);
}

/** One in the region of the network, where the index leads to such a one. */
function gatewayIn({ location }: Drawn<typeof anyNetwork>, index: number | undefined, { natGateways }: Parts) {
  const name = chosen("nat", natGateways, index);
  return regionsOfGateways.some((region, at) => name === `nat-${at}` && region === location) ? name : undefined;
}

function interfaceBodies(parts: Parts, drawn: Drawn<typeof anyInterface>, at: number, subnet: Subnet): readonly Body[] {
  const { nsg, isMember, sku, source } = drawn;
  const nic = anInterface({
    name: `nic-${at}`,
    addresses: subnet.prefixes.map((prefix) => hostIn(prefix, 4 + at)),
    subnet: subnet.id,
    nsg: chosen("nsg", parts.groups, nsg),
    groups: isMember ? [`asg-${names[subnet.network]}`] : [],
    publicAddress: sku && `pip-${at}`,
  });
  const location = parts.networks[subnet.network]?.location ?? "westeurope";
  return sku === undefined ? [nic] : [nic, aPublicAddress(`pip-${at}`, sku, source?.[location], location)];
}

function endpointBodies(
  { networks, endpoints }: Parts,
  { service, status, isManual, isDual, links }: Drawn<typeof anyPrivateEndpoint>,
  at: number,
  subnet: Subnet,
): readonly Body[] {
  const addresses = subnet.prefixes.slice(0, isDual ? 2 : 1).map((prefix) => hostIn(prefix, 10 + at));
  const { id, groupId, zone } = services[service];
  const given = { name: `pe-${at}`, service: id, groupId, status, isManual, subnet: subnet.id, addresses };
  const linked = links?.filter((name) => names.indexOf(name) < networks.length);
  const isFirst = endpoints.findIndex((one) => one.service === service) === at;
  const record = id.slice(id.lastIndexOf("/") + 1);
  return [...aPrivateEndpoint(given), ...(linked && isFirst ? aZone(zone, record, addresses.slice(0, 1), linked) : [])];
}

/** The peering of two networks has one number, whichever side asks. */
function peeringsOf({ networks, peerings }: Parts, at: number): readonly PeeringParts[] {
  return networks.flatMap(({ form }, other) => {
    const [low, high] = [Math.min(at, other), Math.max(at, other)];
    const peering = peerings[(high * (high - 1)) / 2 + low];
    const isFirst = at === low;
    if (at === other || peering === undefined || peering.state === "none") return [];
    if (peering.state !== "both" && !isFirst) return [];
    const state = { both: "Connected", "one-sided": "Initiated", deleted: "Disconnected" }[peering.state];
    const access = isFirst ? peering.access : peering.backAccess;
    return [{ with: names[other] ?? "", ranges: rangesOf(other, form), state, access }];
  });
}

type Rules = Drawn<typeof anyService>;

function serviceBodies(
  { services: [storage, sql, vault], app, endpoints }: Parts,
  subnets: readonly Subnet[],
): readonly Body[] {
  const rulesOf = ({ subnets: rules }: Rules) =>
    rules.map(({ subnet, isGhost, state }) => ({
      id: isGhost ? subnetId("a", "gone") : taken(subnets, subnet).id,
      state,
    }));
  const commonOf = ({ access }: Pick<Rules, "access">, kind: ServiceKind) => ({
    ...(access === undefined ? {} : { publicNetworkAccess: access }),
    privateEndpointConnections: endpoints.flatMap(({ service, status }, at) =>
      service === kind && status !== "Disconnected" ? [aConnection(services[kind].id, `pe-${at}`, status)] : [],
    ),
  });
  return [
    ...(storage === null ? [] : [storageBody(storage, commonOf(storage, "storage"), rulesOf(storage))]),
    ...(sql === null ? [] : sqlBodies(sql, commonOf(sql, "sql"), rulesOf(sql))),
    ...(vault === null ? [] : [vaultBody(vault, commonOf(vault, "vault"), rulesOf(vault))]),
    ...(app === null ? [] : appBodies(app, commonOf(app, "app"), subnets)),
  ];
}

/** Azure adds a row for the others to what it shows. */
function appBodies(drawn: Drawn<typeof anyApp>, common: Properties, subnets: readonly Subnet[]): readonly Body[] {
  const { main, scm, usesMain, location } = drawn;
  const listOf = (name: string, { rules, others }: Drawn<typeof anyList>) => {
    const shown = others ?? (rules.length === 0 ? "Allow" : "Deny");
    return {
      [name]: [
        ...rules.map((rule, at) => appRule(rule, `rule-${at}`, subnets)),
        { ipAddress: "Any", action: shown, priority: 2147483647, name: `${shown} all` },
      ],
      ...(others === undefined ? {} : { [`${name}DefaultAction`]: others }),
    };
  };
  const config = {
    ...listOf("ipSecurityRestrictions", main),
    ...listOf("scmIpSecurityRestrictions", scm),
    ...(usesMain === undefined ? {} : { scmIpSecurityRestrictionsUseMain: usesMain }),
  };
  return anApp(config, common, location);
}

function appRule(rule: Drawn<typeof anyAppRule>, name: string, subnets: readonly Subnet[]): Properties {
  const { source, action, priority, headers } = rule;
  const common = { action, priority, name, ...(headers === undefined ? {} : { headers }) };
  if ("ipAddress" in source) return { ...source, ...common };
  const { subnet, isGhost } = source as { readonly subnet: number; readonly isGhost: boolean };
  const vnetSubnetResourceId = isGhost ? subnetId("a", "gone") : taken(subnets, subnet).id;
  return { vnetSubnetResourceId, tag: "Default", ...common };
}

interface SubnetRule {
  readonly id: string;
  readonly state: keyof typeof sqlStates;
}

function storageBody(drawn: Rules, common: Properties, subnetRules: readonly SubnetRule[]): Body {
  const { action, ranges, ranges6, hasIpv6, location } = drawn;
  const rule = (value: string) => ({ value, action: "Allow" });
  const acls = {
    defaultAction: action,
    ipRules: ranges.map(rule),
    ipv6Rules: ranges6.map(rule),
    virtualNetworkRules: subnetRules.map((one) => ({ ...one, action: "Allow" })),
  };
  const dualStack = hasIpv6 ? { dualStackEndpointPreference: { publishIpv6Endpoint: true } } : {};
  return aStorageAccount(action === undefined ? undefined : acls, { ...common, ...dualStack }, location);
}

/** Its values come in lower case. */
function vaultBody({ action, ranges, access }: Rules, common: Properties, subnetRules: readonly SubnetRule[]): Body {
  const acls = {
    defaultAction: action?.toLowerCase(),
    ipRules: ranges.map((value) => ({ value })),
    virtualNetworkRules: subnetRules.map(({ id }) => ({ id, ignoreMissingVnetServiceEndpoint: true })),
  };
  const publicNetworkAccess = access?.toLowerCase();
  const properties = { ...common, ...(publicNetworkAccess === undefined ? {} : { publicNetworkAccess }) };
  return aVault(action === undefined ? undefined : acls, properties);
}

const sqlStates = {
  Succeeded: "Ready",
  Failed: "Failed",
  Provisioning: "InProgress",
  NetworkSourceDeleted: "Deleting",
};

function sqlBodies(drawn: Rules, properties: Properties, subnetRules: readonly SubnetRule[]): readonly Body[] {
  const { sqlRanges: ranges, location } = drawn;
  return aSqlServer({
    ranges,
    subnets: subnetRules.map(({ id, state }) => [id, sqlStates[state]]),
    properties,
    location,
  });
}

/** Ids that the properties hold in lower case, as some services return them; the ids of what is embedded stay. */
function withFoldedReferences(body: Body): Body {
  const fold = (value: unknown, isOwn: boolean): unknown => {
    if (Array.isArray(value)) return value.map((one) => fold(one, false));
    if (typeof value === "string") return !isOwn && value.startsWith("/subscriptions/") ? value.toLowerCase() : value;
    if (typeof value !== "object" || value === null) return value;
    const isEmbedded = "properties" in value;
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, fold(one, isEmbedded && key === "id")]));
  };
  return { ...body, properties: fold(body.properties, false) };
}
