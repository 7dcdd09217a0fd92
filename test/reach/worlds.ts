import fc from "fast-check";
import { Glob } from "../../lib/model/glob.ts";
import { readSet } from "../net/read-set.ts";
import {
  aConnection,
  aKeyVault,
  aNetwork,
  anEndpointPolicy,
  aPerimeter,
  aPerimeterConfiguration,
  aSecurityGroup,
  aSqlServer,
  aStorageAccount,
  type Given,
  group,
  networkId,
  notAssociated,
  sqlId,
  storageId,
  vaultId,
} from "../support/builders.ts";
import { policyWith } from "../support/world.ts";

/** A service and all that surrounds it, every bit of it known. */
export interface World {
  readonly kind: "storage" | "sql" | "vault";
  readonly publicNetworkAccess: "Enabled" | "Disabled" | "SecuredByPerimeter" | undefined;
  readonly defaultAction: "Allow" | "Deny" | undefined;
  readonly ipv4: readonly Range[];
  readonly ipv6: readonly Range[];
  readonly publishesIpv6: boolean | undefined;
  readonly bypass: "None" | "AzureServices" | "AzureServices, Logging" | undefined;
  readonly hasInstance: boolean;
  readonly networkRules: readonly WorldNetworkRule[];
  readonly subnets: readonly [WorldSubnet, WorldSubnet];
  readonly connections: readonly ("Approved" | "Pending" | "Rejected" | "Disconnected")[];
  readonly perimeter: WorldPerimeter | undefined;
}

interface WorldNetworkRule {
  readonly subnet: 0 | 1;
  readonly state: "working" | "changing" | "broken" | undefined;
}

interface WorldSubnet {
  readonly exists: boolean;
  readonly serviceEndpoints: readonly string[];
  readonly hasNsg: boolean;
  readonly delegation: string | undefined;
}

interface WorldPerimeter {
  /** The perimeter was read, or the service was asked what it knows of one in another subscription. */
  readonly toldBy: "perimeter" | "service";
  readonly accessMode: "Enforced" | "Learning" | "Audit";
  readonly rules: readonly {
    readonly direction: "Inbound" | "Outbound";
    readonly ranges: readonly Range[];
    readonly serviceTags: readonly string[];
  }[];
}

/** A range, and which of the probes are in it, counted by hand. */
interface Range {
  readonly first: string;
  readonly last: string;
  readonly prefix: string;
  readonly holds: readonly string[];
}

/** Addresses such that every range below is told apart from every other by one of them. */
const probes4 = ["0.0.0.0", "9.9.9.9", "150.10.0.1", "209.85.1.1", "203.0.113.3"];
const office = ["198.51.100.10", "198.51.100.11", "198.51.100.99"];
const probes6 = ["2001:db8:20::1", "2600::1", "fe80::1"];
export const probes = [...probes4, ...office, ...probes6];
/** On the internet nobody has them, so that no service tag stands for them. */
const nobodys: ReadonlySet<string> = new Set(["0.0.0.0", "fe80::1"]);

const zero: Range = { first: "0.0.0.0", last: "0.0.0.0", prefix: "0.0.0.0", holds: ["0.0.0.0"] };
const ranges4: readonly Range[] = [
  zero,
  { first: "0.0.0.0", last: "255.255.255.255", prefix: "0.0.0.0/0", holds: [...probes4, ...office] },
  { first: "0.0.0.0", last: "127.255.255.255", prefix: "0.0.0.0/1", holds: ["0.0.0.0", "9.9.9.9"] },
  {
    first: "128.0.0.0",
    last: "255.255.255.255",
    prefix: "128.0.0.0/1",
    holds: ["150.10.0.1", "209.85.1.1", "203.0.113.3", ...office],
  },
  { first: "128.0.0.0", last: "191.255.255.255", prefix: "128.0.0.0/2", holds: ["150.10.0.1"] },
  { first: "203.0.113.0", last: "203.0.113.15", prefix: "203.0.113.0/28", holds: ["203.0.113.3"] },
  { first: "198.51.100.0", last: "198.51.100.255", prefix: "198.51.100.0/24", holds: office },
  { first: "198.51.100.10", last: "198.51.100.10", prefix: "198.51.100.10", holds: ["198.51.100.10"] },
  { first: "198.51.100.11", last: "198.51.100.11", prefix: "198.51.100.11", holds: ["198.51.100.11"] },
];
const ranges6: readonly Range[] = [
  { first: "::", last: "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", prefix: "::/0", holds: probes6 },
  {
    first: "2000::",
    last: "3fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
    prefix: "2000::/3",
    holds: ["2001:db8:20::1", "2600::1"],
  },
  {
    first: "2001:db8:20::",
    last: "2001:db8:20:0:ffff:ffff:ffff:ffff",
    prefix: "2001:db8:20::/64",
    holds: ["2001:db8:20::1"],
  },
];

/** Expects something of every kind, so that every rule has something to say. */
export const policy = policyWith({
  privateTypes: ["Microsoft.Storage/storageAccounts", "Microsoft.Sql/servers", "Microsoft.KeyVault/vaults"],
  injectedTypes: ["Microsoft.Web/sites"],
  approvedAddresses: readSet("203.0.113.0/28"),
  approvedExceptions: [{ resource: new Glob("*"), exception: "AzureServices" }],
  sites: [
    {
      name: "plant",
      natAddresses: readSet("198.51.100.10", "198.51.100.11"),
      connection: "microsoftPeering",
      needs: [{ kind: "id", glob: new Glob("*") }],
    },
  ],
});

const anyOfThese = <T>(values: readonly T[], maxLength: number) =>
  fc.uniqueArray(fc.constantFrom(...values), { maxLength, size: "max" });

const anySubnet: fc.Arbitrary<WorldSubnet> = fc.record({
  exists: fc.boolean(),
  serviceEndpoints: anyOfThese(
    ["Microsoft.Storage", "microsoft.storage.global", "Microsoft.Sql", "Microsoft.KeyVault"],
    2,
  ),
  hasNsg: fc.boolean(),
  delegation: fc.constantFrom(
    undefined,
    "Microsoft.Web/serverFarms",
    "Microsoft.HardwareSecurityModules/dedicatedHSMs",
    "Contoso.Things/machines",
  ),
});

const anyPerimeter: fc.Arbitrary<WorldPerimeter> = fc.record({
  toldBy: fc.constantFrom("perimeter", "service"),
  accessMode: fc.constantFrom("Enforced", "Enforced", "Learning", "Audit"),
  rules: fc.array(
    fc.record({
      direction: fc.constantFrom("Inbound", "Outbound"),
      ranges: anyOfThese([...ranges4, ...ranges6], 2),
      serviceTags: anyOfThese(["AzureCloud"], 1),
    }),
    { maxLength: 2 },
  ),
});

export const anyWorld: fc.Arbitrary<World> = fc.record({
  kind: fc.constantFrom("storage", "sql", "vault"),
  publicNetworkAccess: fc.constantFrom("Enabled", "Enabled", "Disabled", "SecuredByPerimeter", undefined),
  defaultAction: fc.constantFrom("Allow", "Deny", "Deny", "Deny", undefined),
  ipv4: anyOfThese(ranges4, 3),
  ipv6: anyOfThese(ranges6, 2),
  publishesIpv6: fc.constantFrom(true, false, undefined),
  bypass: fc.constantFrom("None", "AzureServices", "AzureServices, Logging", undefined),
  hasInstance: fc.boolean(),
  networkRules: fc.array(
    fc.record({
      subnet: fc.constantFrom(0, 1),
      state: fc.constantFrom("working", "working", "changing", "broken", undefined),
    }),
    { maxLength: 2 },
  ),
  subnets: fc.tuple(anySubnet, anySubnet),
  connections: fc.array(fc.constantFrom("Approved", "Pending", "Rejected", "Disconnected"), { maxLength: 2 }),
  perimeter: fc.oneof(fc.constant(undefined), anyPerimeter),
});

export const idOfService = { storage: storageId, sql: sqlId, vault: vaultId };

/** The world as ARM tells it. */
export function given(world: World): Given {
  const { kind, perimeter } = world;
  return [
    serviceOf[kind](world),
    aNetwork(
      world.subnets.flatMap(({ exists, serviceEndpoints, hasNsg, delegation }, index) =>
        exists
          ? {
              name: `snet-${index}`,
              serviceEndpoints,
              delegations: delegation === undefined ? [] : [delegation],
              ...(hasNsg ? {} : { nsg: undefined }),
            }
          : [],
      ),
    ),
    aSecurityGroup(),
    anEndpointPolicy(),
    perimeter === undefined ? notAssociated(idOfService[kind]) : perimeterOf(perimeter, idOfService[kind]),
  ];
}

function perimeterOf({ toldBy, accessMode, rules }: WorldPerimeter, service: string): Given {
  const accessRules = rules.map(({ direction, ranges, serviceTags }) => ({
    direction,
    addressPrefixes: ranges.map(({ prefix }) => prefix),
    serviceTags,
  }));
  const parts = { service, accessMode, accessRules };
  return toldBy === "perimeter" ? aPerimeter(parts) : aPerimeterConfiguration(parts);
}

export function subnetId(index: number): string {
  return `${networkId}/subnets/snet-${index}`;
}

const serviceOf: Readonly<Record<World["kind"], (world: World) => Given>> = {
  storage: (world) =>
    aStorageAccount({
      publicNetworkAccess: world.publicNetworkAccess,
      privateEndpointConnections: connectionsOf(world),
      dualStackEndpointPreference: { publishIpv6Endpoint: world.publishesIpv6 },
      networkAcls: {
        defaultAction: world.defaultAction,
        bypass: world.bypass,
        ipRules: world.ipv4.map(({ prefix }) => ({ value: prefix, action: "Allow" })),
        ipv6Rules: world.ipv6.map(({ prefix }) => ({ value: prefix, action: "Allow" })),
        virtualNetworkRules: world.networkRules.map((rule) => ({
          id: subnetId(rule.subnet),
          state: stateOf(rule, world, {
            working: "Succeeded",
            changing: "Provisioning",
            broken: "NetworkSourceDeleted",
          }),
        })),
        resourceAccessRules: world.hasInstance
          ? [{ tenantId: "tenant", resourceId: `${group}/providers/Microsoft.Synapse/workspaces/syn` }]
          : [],
      },
    }),
  sql: (world) =>
    aSqlServer({
      properties: {
        publicNetworkAccess: world.publicNetworkAccess,
        privateEndpointConnections: connectionsOf(world),
      },
      firewallRules: world.ipv4.map(({ first, last }) => [first, last]),
      ipv6FirewallRules: world.ipv6.map(({ first, last }) => [first, last]),
      virtualNetworkRules: world.networkRules.map((rule) => ({
        subnet: subnetId(rule.subnet),
        state: stateOf(rule, world, { working: "Ready", changing: "Initializing", broken: "Failed" }),
      })),
    }),
  vault: (world) =>
    aKeyVault({
      publicNetworkAccess: world.publicNetworkAccess?.toLowerCase(),
      privateEndpointConnections: connectionsOf(world),
      networkAcls: {
        defaultAction: world.defaultAction?.toLowerCase(),
        bypass: world.bypass?.toLowerCase().replace(", logging", ""),
        ipRules: world.ipv4.map(({ prefix }) => ({ value: prefix })),
        virtualNetworkRules: world.networkRules.map((rule) => ({ id: subnetId(rule.subnet).toLowerCase() })),
      },
    }),
};

function connectionsOf({ connections }: World) {
  return connections.map((status, index) => aConnection(status, `pe-${index}`));
}

/** Azure does not report a rule as working whose subnet is gone. */
function stateOf(
  { subnet, state }: WorldNetworkRule,
  world: World,
  words: Record<"working" | "changing" | "broken", string>,
) {
  if (state === undefined) return null;
  return words[state === "working" && !world.subnets[subnet].exists ? "broken" : state];
}

/** The naive model: does a packet from this address get in? Undefined where the documents do not say. */
export function admits(world: World, probe: string): boolean | undefined {
  const { kind, publicNetworkAccess, perimeter } = world;
  const publishesIpv6 = kind === "sql" || (kind === "storage" && world.publishesIpv6 === true);
  if (probe.includes(":") && !publishesIpv6) return false;
  const added = (perimeter?.rules ?? []).filter(({ direction }) => direction === "Inbound");
  const isListed = added.some(({ ranges }) => ranges.some(({ holds }) => holds.includes(probe)));
  const isTagged = !nobodys.has(probe) && added.some(({ serviceTags }) => serviceTags.length > 0);
  if (perimeter?.accessMode === "Enforced") return isListed || (isTagged ? undefined : false);
  const isOn = publicNetworkAccess === "Enabled" || publicNetworkAccess === undefined;
  const rules = [
    ...world.ipv4.filter((range) => kind !== "sql" || range !== zero),
    ...(kind === "vault" ? [] : world.ipv6),
  ];
  const isAllowed = kind !== "sql" && world.defaultAction !== "Deny";
  const gets = isAllowed || rules.some(({ holds }) => holds.includes(probe));
  if (isOn && gets) return true;
  if (perimeter === undefined) return false;
  if (perimeter.accessMode === "Learning") return isListed || (isTagged ? undefined : false);
  // What audit mode does is not documented.
  const isOpen = isListed || isTagged || (publicNetworkAccess === "SecuredByPerimeter" && gets);
  return isOpen ? undefined : false;
}

/** The naive model: do clients of this subnet get in over a service endpoint? */
export function admitsSubnet(world: World, subnet: 0 | 1): boolean | undefined {
  const { kind, publicNetworkAccess, perimeter, networkRules } = world;
  const { exists, serviceEndpoints } = world.subnets[subnet];
  const wanted = { storage: "microsoft.storage", sql: "microsoft.sql", vault: "microsoft.keyvault" }[kind];
  const hasEndpoint = serviceEndpoints.some((service) => service.toLowerCase().startsWith(wanted));
  const rules = networkRules
    .filter((rule) => rule.subnet === subnet)
    .map(({ state }) => (kind === "vault" ? undefined : state));
  if (!exists || !hasEndpoint || perimeter?.accessMode === "Enforced" || publicNetworkAccess === "Disabled")
    return false;
  const works = rules.some((state) => state === "working" || state === undefined);
  if (!works && !rules.includes("changing")) return false;
  if (publicNetworkAccess === "SecuredByPerimeter") return perimeter?.accessMode === "Audit" ? undefined : false;
  return works ? true : undefined;
}
