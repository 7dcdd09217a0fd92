import fc from "fast-check";
import { aFirewall, aRouteTable, idOf, networkId, type Properties, subnetId } from "./bodies.ts";
import { randomWorld } from "./random-world.ts";
import { at, type Body, find, listAt, same, textAt, type World } from "./world.ts";

export const firewallId = idOf("azureFirewalls", "afw");
const policyId = idOf("firewallPolicies", "afwp");
const baseId = idOf("firewallPolicies", "base");
const groupId = idOf("ipGroups", "ipg");

const sources = ["*", "10.0.0.0/8", "10.0.0.0/25", "10.1.0.0/16", "10.0.0.4", "10.0.0.0-10.0.0.20", "100.64.0.0/10"];
const anySources = fc.oneof(
  {
    weight: 5,
    arbitrary: fc
      .uniqueArray(fc.constantFrom(...sources), { minLength: 1, maxLength: 2 })
      .map((sourceAddresses) => ({ sourceAddresses })),
  },
  { weight: 1, arbitrary: fc.constant({ sourceAddresses: [], sourceIpGroups: [groupId] }) },
);

const destinations = [
  ...["*", "*", "10.0.0.0/8", "52.239.0.0/16", "40.112.0.0/12", "51.12.0.0/16", "51.12.0.0-51.12.0.127", "20.0.0.0/8"],
  ...["Storage", "Storage.WestEurope", "Sql", "AzureKeyVault.WestEurope", "AppService", "AzureCloud", "AzureMonitor"],
];
const anyNetworkRule = fc
  .record({
    from: anySources,
    destinationAddresses: fc.uniqueArray(fc.constantFrom(...destinations), { maxLength: 2 }),
    destinationFqdns: fc.oneof(
      { weight: 5, arbitrary: fc.constant([]) },
      {
        weight: 1,
        arbitrary: fc.constantFrom(["kv.vault.azure.net"], ["st2.blob.core.windows.net"], ["www.contoso.com"]),
      },
    ),
    protocols: fc.constantFrom(["TCP"], ["TCP"], ["Any"], ["UDP"], ["TCP", "UDP"]),
    destinationPorts: fc.constantFrom(["443"], ["*"], ["1433"], ["80", "443"], ["400-1500"]),
  })
  .filter((rule) => rule.destinationAddresses.length + rule.destinationFqdns.length > 0)
  .map(({ from, ...rule }) => ({ ...rule, ...from }));

const hosts = [
  ...["*", "*", "kv.vault.azure.net", "*.vault.azure.net", "st.blob.core.windows.net", "*.core.windows.net"],
  ...["sql.database.windows.net", "*database.windows.net", "app.azurewebsites.net", "*.azurewebsites.net"],
  ...["other.vault.azure.net", "www.contoso.com"],
];
const anyApplicationRule = fc
  .record({
    from: anySources,
    targetFqdns: fc.uniqueArray(fc.constantFrom(...hosts), { minLength: 1, maxLength: 3 }),
    fqdnTags: fc.oneof(
      { weight: 6, arbitrary: fc.constant([]) },
      { weight: 1, arbitrary: fc.constant(["AzureBackup"]) },
    ),
    protocols: fc.constantFrom(
      ...[
        [["Https", 443]],
        [["Http", 80]],
        [["Mssql", 1433]],
        [
          ["Https", 443],
          ["Mssql", 1433],
        ],
        [["Https", 1433]],
      ].map((some) => some.map(([protocolType, port]) => ({ protocolType, port }))),
    ),
  })
  .map(({ from, ...rule }) => ({ ...rule, ...from }));

interface Collection {
  readonly kind: "network" | "application";
  readonly action: string;
  readonly rules: readonly Properties[];
}

const anyCollection: fc.Arbitrary<Collection> = fc.oneof(
  collectionOf("network", anyNetworkRule),
  collectionOf("application", anyApplicationRule),
);

function collectionOf(kind: Collection["kind"], rule: fc.Arbitrary<Properties>): fc.Arbitrary<Collection> {
  const rules = fc.array(rule, { minLength: 1, maxLength: 2 });
  return fc.record({ kind: fc.constant(kind), action: fc.constantFrom("Allow", "Allow", "Allow", "Deny"), rules });
}

/** Behind all others, as many owners have it. */
const openCollection: Collection = {
  kind: "network",
  action: "Allow",
  rules: [{ sourceAddresses: ["*"], destinationAddresses: ["*"], destinationPorts: ["*"], protocols: ["Any"] }],
};

const openToNames: Collection = {
  kind: "application",
  action: "Allow",
  rules: [
    {
      sourceAddresses: ["*"],
      targetFqdns: ["*.net"],
      protocols: [
        { protocolType: "Https", port: 443 },
        { protocolType: "Mssql", port: 1433 },
      ],
    },
  ],
};

const anyFirewall = fc.record({
  form: fc.constantFrom("classic", "policy", "inheriting"),
  collections: fc
    .tuple(fc.array(anyCollection, { maxLength: 4 }), fc.constantFrom([], [openCollection]))
    .map(([some, last]) => [...some, ...last]),
  inherited: fc.array(anyCollection, { maxLength: 2 }),
  threats: fc.constantFrom("Alert", "Alert", "Off", "Deny"),
  spared: fc.constantFrom([], ["10.0.0.0/8"], ["10.0.0.0/8", "51.12.0.0/16"]),
  untranslated: fc.constantFrom(
    [],
    [],
    [],
    ["255.255.255.255/32"],
    ["255.255.255.255/32"],
    ["0.0.0.0/0"],
    ["10.0.0.0/8", "51.12.0.0/16"],
  ),
  addresses: fc.uniqueArray(fc.constantFrom("203.0.113.7", "203.0.113.99", "20.50.0.9", "198.51.100.2"), {
    maxLength: 2,
  }),
  natGateway: fc.constantFrom(undefined, undefined, undefined, "nat-0"),
  table: fc.constantFrom<readonly (readonly [string, string])[]>(
    [],
    [],
    [["0.0.0.0/0", "Internet"]],
    [["0.0.0.0/0", "VirtualAppliance"]],
    [["10.1.0.0/16", "None"]],
  ),
  /** The tables of subnets take the place of the routes of private endpoints. */
  isReplaced: fc.boolean(),
  provisioningState: fc.constantFrom("Succeeded", "Succeeded", "Succeeded", "Succeeded", "Succeeded", "Failed"),
  isForwarded: fc.constantFrom(true, true, false),
  /** On the firewall's subnet, which vaults and storage accounts name. */
  endpoints: fc.constantFrom<readonly string[]>([], [], ["Microsoft.KeyVault", "Microsoft.Storage", "Microsoft.Sql"]),
  isNamed: fc.boolean(),
  isForEndpoints: fc.constantFrom(true, false, false),
  others: fc.constantFrom<readonly (readonly [string, string])[]>(
    [],
    [],
    [["AzureKeyVault", "Internet"]],
    [["52.239.0.0/16", "None"]],
    [["10.0.0.0/8", "VirtualAppliance"]],
    [["10.1.0.0/16", "VirtualAppliance"]],
    [
      ["10.0.0.0/25", "VirtualAppliance"],
      ["10.1.0.0/17", "VirtualAppliance"],
    ],
  ),
});

type Drawn = typeof anyFirewall extends fc.Arbitrary<infer T> ? T : never;

/** The network `a` has an Azure Firewall, to which the subnets without a table of their own send what goes to the internet. */
export function firewallWorld(): fc.Arbitrary<World> {
  return fc.tuple(randomWorld(), anyFirewall).map(([world, given]) => {
    const drawn = given.isForEndpoints ? forEndpoints(given) : given;
    const hub = world.resources.find(({ id }) => same(id, networkId("a")));
    const [range = ""] = listAt(hub, "properties.addressSpace.addressPrefixes").map(String);
    const start = range.split(".").slice(0, 2).join(".");
    const address = `${start}.3.68`;
    const resources = world.resources.map((one) => {
      const body = admittingFirewall(named(one, world), drawn);
      return same(body.type, "Microsoft.Network/virtualNetworks")
        ? behindFirewall(body, `${start}.3.64/26`, drawn)
        : body;
    });
    return {
      ...world,
      resources: [
        ...resources,
        ...aFirewall({
          privateAddress: address,
          publicAddresses: drawn.addresses.length === 0 ? ["192.0.2.9"] : drawn.addresses,
          properties: { provisioningState: drawn.provisioningState, ...ownSettings(drawn) },
        }),
        ...policies(drawn),
        aRouteTable(
          [
            ["0.0.0.0/0", "VirtualAppliance", address],
            ...drawn.others.map(([to, type]) => [to, type, address] as const),
          ],
          "to-afw",
        ),
        aRouteTable(drawn.table, "of-afw"),
        {
          id: groupId,
          name: "ipg",
          type: "Microsoft.Network/ipGroups",
          properties: { ipAddresses: ["10.1.0.0/17", "10.0.0.4"] },
        },
      ],
    };
  });
}

const names: Readonly<Record<string, string>> = {
  blob: "st.blob.core.windows.net",
  sqlServer: "sql.database.windows.net",
  vault: "kv.vault.azure.net",
  sites: "app.azurewebsites.net",
};

/** A private endpoint with the name that leads to it. */
function named(body: Body, world: World): Body {
  if (!same(body.type, "Microsoft.Network/privateEndpoints")) return body;
  const lists = ["privateLinkServiceConnections", "manualPrivateLinkServiceConnections"];
  const [connection] = lists.flatMap((list) => listAt(body, `properties.${list}`));
  const [group = ""] = listAt(connection, "properties.groupIds").map(String);
  const [nic] = listAt(body, "properties.networkInterfaces").map((one) => find(world, textAt(one, "id")));
  const ipAddresses = listAt(nic, "properties.ipConfigurations").map((one) =>
    textAt(one, "properties.privateIPAddress"),
  );
  return withProperties(body, { customDnsConfigs: [{ fqdn: names[group], ipAddresses }] });
}

/** As the documents want it for private endpoints: translated, by routes as long as the ranges of networks. */
function forEndpoints(drawn: Drawn): Drawn {
  const others = ["10.0.0.0/16", "10.1.0.0/16", "10.2.0.0/17"].map((prefix) => [prefix, "VirtualAppliance"] as const);
  const collections = [...drawn.collections.slice(0, 1), drawn.isForwarded ? openCollection : openToNames];
  const untranslated = ["255.255.255.255/32"] as const;
  return { ...drawn, collections, untranslated, others, isReplaced: true, isForwarded: true, threats: "Alert" };
}

/** A service whose firewall admits the firewall's subnet besides others. */
function admittingFirewall(body: Body, { isNamed }: Drawn): Body {
  const acls = at(body, "properties.networkAcls");
  if (acls === undefined || !isNamed) return body;
  const rules = listAt(body, "properties.networkAcls.virtualNetworkRules");
  const own = { id: subnetId("a", "AzureFirewallSubnet"), action: "Allow", state: "Succeeded" };
  return withProperties(body, { networkAcls: { ...Object(acls), virtualNetworkRules: [...rules, own] } });
}

function behindFirewall(
  network: Body,
  prefix: string,
  { isForwarded, isReplaced, table, natGateway, endpoints }: Drawn,
): Body {
  const virtualNetworkPeerings = listAt(network, "properties.virtualNetworkPeerings").map((peering) =>
    withProperties(Object(peering), { allowForwardedTraffic: isForwarded }),
  );
  const own = listAt(network, "properties.subnets").map((subnet) => {
    const isOther = textAt(subnet, "properties.routeTable.id") !== "";
    return withProperties(Object(subnet), {
      ...(isOther ? {} : { routeTable: { id: idOf("routeTables", "to-afw") } }),
      ...(isReplaced ? { privateEndpointNetworkPolicies: "RouteTableEnabled" } : {}),
    });
  });
  const properties = {
    addressPrefix: prefix,
    delegations: [],
    serviceEndpoints: endpoints.map((service) => ({ service, provisioningState: "Succeeded", locations: ["*"] })),
    ...(table.length === 0 ? {} : { routeTable: { id: idOf("routeTables", "of-afw") } }),
    ...(natGateway === undefined ? {} : { natGateway: { id: idOf("natGateways", natGateway) } }),
  };
  const standing = { id: subnetId("a", "AzureFirewallSubnet"), name: "AzureFirewallSubnet", properties };
  const isHub = same(network.id, networkId("a"));
  return withProperties(network, { virtualNetworkPeerings, subnets: isHub ? [...own, standing] : own });
}

function ownSettings({ form, collections, threats, spared, untranslated }: Drawn): Properties {
  if (form !== "classic") return { firewallPolicy: { id: policyId } };
  const ofKind = (kind: Collection["kind"]) =>
    collections.flatMap((one, index) => {
      const properties = { priority: 100 + index, action: { type: one.action }, rules: one.rules };
      return one.kind === kind ? [{ name: `c-${index}`, properties }] : [];
    });
  return {
    threatIntelMode: threats,
    networkRuleCollections: ofKind("network"),
    applicationRuleCollections: ofKind("application"),
    natRuleCollections: [],
    additionalProperties: {
      ...(untranslated.length === 0 ? {} : { "Network.SNAT.PrivateRanges": untranslated.join(", ") }),
      ...(spared.length === 0 ? {} : { "ThreatIntel.Whitelist.IpAddresses": spared.join(", ") }),
    },
  };
}

function policies({ form, collections, inherited, threats, spared, untranslated }: Drawn): readonly Body[] {
  if (form === "classic") return [];
  const common = { sku: { tier: "Standard" }, threatIntelMode: "Alert", childPolicies: [], firewalls: [] };
  const snat = untranslated.length === 0 ? {} : { snat: { privateRanges: untranslated } };
  const base = form === "inheriting" ? { basePolicy: { id: baseId } } : {};
  const threatIntelWhitelist = { ipAddresses: spared, fqdns: [] };
  const own = {
    ...common,
    threatIntelMode: threats,
    threatIntelWhitelist,
    ...snat,
    ...base,
    firewalls: [{ id: firewallId }],
  };
  return [
    ...policy(policyId, own, [collections.slice(0, 2), collections.slice(2)]),
    ...(form === "inheriting" ? policy(baseId, common, [inherited]) : []),
  ];
}

/** The groups that come later in the list come first in turn. */
function policy(id: string, properties: Properties, groups: readonly (readonly Collection[])[]): readonly Body[] {
  const bodies = groups.map((collections, at): Body => {
    const type = "Microsoft.Network/firewallPolicies/ruleCollectionGroups";
    const ruleCollections = collections.map(({ kind, action, rules }, index) => ({
      name: `c-${index}`,
      priority: 200 - index,
      action: { type: action },
      rules: rules.map((rule) => ofPolicy(kind, rule)),
    }));
    return {
      id: `${id}/ruleCollectionGroups/g${at}`,
      name: `g${at}`,
      type,
      properties: { priority: 900 - at, ruleCollections },
    };
  });
  const ids = bodies.map((body) => ({ id: body.id }));
  const type = "Microsoft.Network/firewallPolicies";
  return [
    { id, name: id.slice(id.lastIndexOf("/") + 1), type, properties: { ...properties, ruleCollectionGroups: ids } },
    ...bodies,
  ];
}

function ofPolicy(kind: Collection["kind"], { protocols, ...rule }: Properties): Properties {
  return kind === "network"
    ? { ruleType: "NetworkRule", ...rule, ipProtocols: protocols }
    : { ruleType: "ApplicationRule", ...rule, protocols };
}

function withProperties(body: Body, properties: object): Body {
  return { ...body, properties: { ...Object(at(body, "properties")), ...properties } };
}
