import { describe, expect, test } from "vitest";
import {
  aNetwork,
  aNetworkInterface,
  aRouteTable,
  type Body,
  group,
  networkId,
  routeTableId,
  type SubnetParts,
  subnetId,
  subscription,
} from "../support/builders.ts";
import { anInterface, aPrivateEndpoint } from "../support/private-endpoints.ts";
import { cordon, folderWith } from "./cordon.ts";

const otherId = `${group}/providers/Microsoft.Network/virtualNetworks/hub`;
const hasTable: SubnetParts = { properties: { routeTable: { id: routeTableId } } };
const tags = {
  changeNumber: 1,
  cloud: "Public",
  values: [
    { name: "Storage", properties: { addressPrefixes: ["20.60.0.0/24", "20.60.2.0/24", "20.61.0.0/24"] } },
    { name: "Storage.westeurope", properties: { addressPrefixes: ["20.60.0.0/24", "20.60.2.0/24", "2603:1020::/48"] } },
    { name: "AzureKeyVault", properties: { addressPrefixes: ["20.70.0.0/28"] } },
  ],
};

interface Row {
  readonly source: string;
  readonly state: string;
  readonly addressPrefixes: readonly string[];
  readonly serviceTag?: string;
  readonly nextHopType: string;
  readonly nextHopIpAddress?: string;
  readonly name?: string;
  readonly because?: string;
  readonly isAdded: boolean;
}

/** All private endpoints of the subscription, and the tags. */
async function worldOf(bodies: readonly Body[], endpoints: readonly Body[] = []): Promise<string> {
  const url = `${subscription}/providers/Microsoft.Network/privateEndpoints?api-version=2025-05-01`;
  const list = { url, status: 200, body: { value: endpoints } };
  return await folderWith({ "a.json": bodies, "b.json": list, "tags.json.txt": tags });
}

async function run(folder: string, ...args: readonly string[]) {
  return await cordon(["routes", "snet-app", "--recording", folder, ...args], folder);
}

async function entry(folder: string, ...args: readonly string[]) {
  const { stdout, stderr } = await run(folder, "--format", "json", ...args);
  expect(stderr).not.toContain("error:");
  const parsed: { subnet: string; routes: readonly Row[]; notes: readonly string[]; newEndpoints: readonly object[] } =
    JSON.parse(stdout);
  return parsed;
}

/** `Default Active 10.0.0.0/16 VnetLocal` */
function lines(rows: readonly Row[]): readonly string[] {
  return rows.map(({ source, state, addressPrefixes, nextHopType, nextHopIpAddress, isAdded }) =>
    [isAdded ? "+" : [], source, state, ...addressPrefixes, nextHopType, nextHopIpAddress ?? []].flat().join(" "),
  );
}

const reserved = [
  "Default Active 10.0.0.0/8 None",
  "Default Active 172.16.0.0/12 None",
  "Default Active 192.168.0.0/16 None",
  "Default Active 100.64.0.0/10 None",
];
const defaults = ["Default Active 10.0.0.0/16 VnetLocal", ...reserved, "Default Active 0.0.0.0/0 Internet"];

describe("the rows", () => {
  test("of a subnet with nothing of its own are Azure's defaults", async () => {
    const { subnet, routes, notes } = await entry(await worldOf([aNetwork()]));
    expect(subnet).toBe(subnetId);
    expect(lines(routes)).toEqual(defaults);
    expect(notes).toEqual([]);
  });

  test.each([
    {
      when: "has IPv6",
      properties: { addressPrefix: null, addressPrefixes: ["10.0.0.0/24", "fd00::/64"] },
      want: true,
    },
    { when: "has no IPv6", properties: {}, want: false },
    { when: "does not say what it has", properties: { addressPrefix: "a few" }, want: true },
  ])("of IPv6 are there where the subnet $when", async ({ properties, want }) => {
    const { routes } = await entry(await worldOf([aNetwork([{ properties }])]));
    expect(lines(routes).includes("Default Active ::/0 Internet")).toBe(want);
  });

  test("of the user for IPv6 are there in any case", async () => {
    const table = aRouteTable([{ addressPrefix: "::/0", nextHopType: "None" }]);
    const { routes } = await entry(await worldOf([aNetwork([hasTable]), table]));
    expect(lines(routes)).toEqual(["User Active ::/0 None", ...defaults]);
  });

  /** Those of a subnet whose network is peered with another. */
  async function peeredRoutes(prefixes: readonly string[], more: object = {}) {
    const peering = {
      name: "to-hub",
      properties: {
        peeringState: "Connected",
        allowVirtualNetworkAccess: true,
        remoteVirtualNetwork: { id: otherId },
        remoteAddressSpace: { addressPrefixes: prefixes },
        ...more,
      },
    };
    const network = aNetwork([{ properties: { addressPrefixes: ["10.0.0.0/24", "fd00::/64"] } }]);
    const properties = { ...Object(network.properties), virtualNetworkPeerings: [peering] };
    const { routes } = await entry(await worldOf([{ ...network, properties }]));
    return routes.filter(({ nextHopType }) => nextHopType === "VNetPeering");
  }

  test("of a peering are the ranges of the other network, with its name", async () => {
    const peered = await peeredRoutes(["10.1.0.0/16", "10.2.0.0/16"]);
    expect(lines(peered)).toEqual(["Default Active 10.1.0.0/16 VNetPeering", "Default Active 10.2.0.0/16 VNetPeering"]);
    expect(peered[0]?.name).toBe("to-hub");
  });

  test("of a peering for IPv6 alone are those of IPv6", async () => {
    const only = { enableOnlyIPv6Peering: true };
    const active = ["Default Active fd00:1::/48 VNetPeering"];
    expect(lines(await peeredRoutes(["10.1.0.0/16", "fd00:1::/48"], only))).toEqual(active);
    expect(lines(await peeredRoutes(["10.1.0.0/16"], only))).toEqual([]);
  });

  test("of the user make those of Azure with the same prefix invalid, and a default route those for reserved ranges", async () => {
    const table = aRouteTable([
      { addressPrefix: "0.0.0.0/0", nextHopType: "VirtualAppliance", nextHopIpAddress: "10.1.0.4" },
      { addressPrefix: "10.0.0.0/24", nextHopType: "None" },
    ]);
    const { routes } = await entry(await worldOf([aNetwork([hasTable]), table]));
    expect(lines(routes)).toEqual([
      "User Active 0.0.0.0/0 VirtualAppliance 10.1.0.4",
      "User Active 10.0.0.0/24 None",
      "Default Active 10.0.0.0/16 VnetLocal",
      "Default Invalid 0.0.0.0/0 Internet",
    ]);
    expect(routes[0]?.name).toBe("route-0");
  });

  test("of a service tag give way to an explicit prefix, prefix by prefix", async () => {
    const table = aRouteTable([
      { addressPrefix: "Storage", nextHopType: "Internet" },
      { addressPrefix: "20.60.2.0/24", nextHopType: "None" },
    ]);
    const { routes } = await entry(await worldOf([aNetwork([hasTable]), table]), "--service-tags", "tags.json.txt");
    expect(lines(routes.slice(0, 3))).toEqual([
      "User Active 20.60.0.0/24 20.61.0.0/24 Internet",
      "User Invalid 20.60.2.0/24 Internet",
      "User Active 20.60.2.0/24 None",
    ]);
  });

  test("of a tag that is in no list are unknown, with the reason", async () => {
    const table = aRouteTable([{ addressPrefix: "Storage", nextHopType: "Internet" }]);
    const { routes } = await entry(await worldOf([aNetwork([hasTable]), table]));
    expect(routes[0]).toMatchObject({ state: "Unknown", addressPrefixes: [], serviceTag: "Storage" });
    expect(routes[0]?.because).toContain("`Storage`");
    expect(lines(routes.slice(1))).toEqual(defaults);
  });

  test("are all unknown where the route table was not read", async () => {
    const { routes } = await entry(await worldOf([aNetwork([hasTable])]));
    expect(new Set(routes.map(({ state }) => state))).toEqual(new Set(["Unknown"]));
    for (const { because } of routes) expect(because).toContain("is not in the recording");
  });

  test("of a gateway are unknown, and what it may announce leaves the network's own range alone", async () => {
    const { routes } = await entry(
      await worldOf([
        aNetwork([{}, { name: "GatewaySubnet", properties: { ipConfigurations: [{ id: `${group}/x` }] } }]),
      ]),
    );
    expect(lines(routes).slice(0, 2)).toEqual([
      "Default Active 10.0.0.0/16 VnetLocal",
      "VirtualNetworkGateway Unknown VirtualNetworkGateway",
    ]);
    expect(lines(routes)).toContain("Default Unknown 0.0.0.0/0 Internet");
  });

  test("of service endpoints are those of their tag; what comes first beside the same user's route is open", async () => {
    const endpoint = { service: "Microsoft.Storage", locations: ["westeurope"], provisioningState: "Succeeded" };
    const table = aRouteTable([
      { addressPrefix: "20.60.2.0/24", nextHopType: "None" },
      { addressPrefix: "20.60.0.128/25", nextHopType: "None" },
    ]);
    const network = aNetwork([{ ...hasTable, serviceEndpoints: [endpoint] }]);
    const { routes } = await entry(await worldOf([network, table]), "--service-tags", "tags.json.txt");
    expect(lines(routes.slice(0, 5))).toEqual([
      "User Unknown 20.60.2.0/24 None",
      "User Unknown 20.60.0.128/25 None",
      "Default Active 20.60.0.0/24 VirtualNetworkServiceEndpoint",
      "Default Unknown 20.60.2.0/24 VirtualNetworkServiceEndpoint",
      "Default Unknown 2603:1020::/48 VirtualNetworkServiceEndpoint",
    ]);
  });
});

describe("private endpoints", () => {
  const route = (addressPrefix: string) => aRouteTable([{ addressPrefix, nextHopType: "None" }]);
  const networkWith = (policies: string) =>
    aNetwork([{ properties: { routeTable: { id: routeTableId }, privateEndpointNetworkPolicies: policies } }]);

  test.each([
    { when: "no user's route is for it", policies: "Enabled", prefix: "10.9.0.0/16", state: "Active" },
    {
      when: "the user's route is as long as the network's range",
      policies: "Enabled",
      prefix: "10.0.0.0/16",
      state: "Invalid",
    },
    { when: "the user's route is shorter", policies: "Enabled", prefix: "10.0.0.0/8", state: "Active" },
    {
      when: "the policy for route tables is on",
      policies: "RouteTableEnabled",
      prefix: "10.0.0.0/24",
      state: "Invalid",
    },
    {
      when: "only that for security groups is on",
      policies: "NetworkSecurityGroupEnabled",
      prefix: "10.0.0.0/24",
      state: "Active",
    },
    { when: "the policies are off", policies: "Disabled", prefix: "10.0.0.0/24", state: "Active" },
    {
      when: "they are off and the user's route is for just it",
      policies: "Disabled",
      prefix: "10.0.0.4/32",
      state: "Unknown",
    },
  ])("have a route of one address: $state where $when", async ({ policies, prefix, state }) => {
    const endpoint = aPrivateEndpoint();
    const folder = await worldOf([networkWith(policies), route(prefix), endpoint, anInterface()], [endpoint]);
    const { routes } = await entry(folder);
    const rows = routes.filter(({ nextHopType }) => nextHopType === "InterfaceEndpoint");
    expect(rows).toMatchObject([{ source: "Default", state, addressPrefixes: ["10.0.0.4/32"], name: "pe-blob" }]);
  });

  test("whose route may be replaced by a table that was not read are unknown", async () => {
    const endpoint = aPrivateEndpoint();
    const { routes } = await entry(await worldOf([networkWith("Enabled"), endpoint, anInterface()], [endpoint]));
    expect(routes.at(-1)).toMatchObject({ nextHopType: "InterfaceEndpoint", state: "Unknown" });
  });

  test.each([
    { status: "Pending", says: "not approved is not documented" },
    { status: "Rejected", says: "not approved is not documented" },
    { status: "Disconnected", says: "not approved is not documented" },
    { status: "Maybe", says: "Maybe" },
  ])("whose connection is $status have a route that is not known", async ({ status, says }) => {
    const endpoint = aPrivateEndpoint({ status, isManual: true });
    const folder = await worldOf([networkWith("Enabled"), route("10.0.0.0/16"), endpoint, anInterface()], [endpoint]);
    const { routes } = await entry(folder);
    const rows = routes.filter(({ nextHopType }) => nextHopType === "InterfaceEndpoint");
    const because = expect.stringContaining(says);
    expect(rows).toMatchObject([{ state: "Unknown", addressPrefixes: ["10.0.0.4/32"], name: "pe-blob", because }]);
  });

  test("of a network that is not peered have none", async () => {
    const far = aPrivateEndpoint({ subnet: `${otherId}/subnets/snet-pe` });
    const hub = {
      ...aNetwork(),
      id: otherId,
      name: "hub",
      properties: {
        addressSpace: { addressPrefixes: ["10.1.0.0/16"] },
        subnets: [{ id: `${otherId}/subnets/snet-pe`, name: "snet-pe", properties: { addressPrefix: "10.1.0.0/24" } }],
      },
    };
    const { routes } = await entry(await worldOf([aNetwork(), hub, far, anInterface()], [far]));
    expect(lines(routes)).toEqual(defaults);
  });

  test("may be more than were read, which is said", async () => {
    const folder = await folderWith({ "a.json": aNetwork() });
    expect((await entry(folder)).notes).toEqual([expect.stringContaining("privateendpoints")]);
    expect((await run(folder)).stdout).toContain("There may be more routes: ");
  });
});

describe("`--with-endpoint`", () => {
  const firewall = aRouteTable([
    { addressPrefix: "0.0.0.0/0", nextHopType: "VirtualAppliance", nextHopIpAddress: "10.1.0.4" },
  ]);
  const tagged = ["--service-tags", "tags.json.txt"];

  test("adds the rows that Azure would add in the network's region, and says what goes another way", async () => {
    const folder = await worldOf([aNetwork()]);
    const { routes, newEndpoints } = await entry(folder, ...tagged, "--with-endpoint", "microsoft.storage");
    expect(lines(routes).slice(-2)).toEqual([
      "+ Default Active 20.60.0.0/24 20.60.2.0/24 VirtualNetworkServiceEndpoint",
      "+ Default Unknown 2603:1020::/48 VirtualNetworkServiceEndpoint",
    ]);
    const now = { nextHopType: "Internet", isNowCertain: true };
    expect(newEndpoints).toEqual([
      {
        service: "Microsoft.Storage",
        detours: [
          { ...now, addressPrefixes: ["20.60.0.0/24", "20.60.2.0/24"], isCertain: true },
          { ...now, addressPrefixes: ["2603:1020::/48"], isCertain: false },
        ],
        note: expect.stringContaining("paired region"),
      },
    ]);
  });

  test("says what would pass by a firewall, and calls it one where the policy does", async () => {
    const folder = await worldOf([aNetwork([hasTable]), firewall]);
    const args = [...tagged, "--with-endpoint", "Microsoft.Keyvault", "--with-endpoint", "Microsoft.Storage.Global"];
    const { stdout } = await run(folder, ...args);
    const text = stdout.replaceAll(/\s+/g, " ");
    const gone = "that now goes to VirtualAppliance 10.1.0.4 would go over the service endpoint";
    expect(text).toContain(`With Microsoft.KeyVault: 1 range (20.70.0.0/28) ${gone}`);
    expect(text).toContain("With Microsoft.Storage.Global: 3 ranges (20.60.0.0/24, 20.60.2.0/24, 20.61.0.0/24) that");
    expect(stdout).toMatch(/^\+ {2}Default +Active +3 prefixes of Storage +VirtualNetworkServiceEndpoint/m);
    const policy = await folderWith({ "p.json": { firewalls: ["10.1.0.4"] } });
    const { stdout: named } = await run(folder, ...args, "--policy", `${policy}/p.json`);
    expect(named.replaceAll(/\s+/g, " ")).toContain("now goes to the firewall 10.1.0.4 would go");
  });

  test("without a list of tags says that it does not know", async () => {
    const { stdout } = await run(await worldOf([aNetwork()]), "--with-endpoint", "Microsoft.Sql");
    expect(stdout).toMatch(/^\+ {2}Default +Unknown \[1\] +not known +VirtualNetworkServiceEndpoint/m);
    expect(stdout.replaceAll("\n", " ")).toContain("is not known, no list of service tags has its addresses");
  });

  test("adds nothing that is there already", async () => {
    const network = aNetwork([{ serviceEndpoints: ["Microsoft.KeyVault"] }]);
    const { routes, newEndpoints } = await entry(
      await worldOf([network]),
      ...tagged,
      "--with-endpoint",
      "Microsoft.KeyVault",
    );
    expect(routes.filter(({ isAdded }) => isAdded)).toEqual([]);
    expect(newEndpoints).toMatchObject([{ detours: [], note: "the subnet has it already" }]);
  });

  test.each([
    {
      names: ["Microsoft.Storge"],
      says: "`Microsoft.Storge` is no service endpoint, did you mean `Microsoft.Storage`?",
    },
    { names: ["Microsoft.Nothing"], says: "is no service endpoint (known: Microsoft.Storage, " },
    { names: ["Microsoft.Storage", "Microsoft.Storage.Global"], says: "no subnet can have both" },
  ])("refuses $names", async ({ names, says }) => {
    const args = names.flatMap((name) => ["--with-endpoint", name]);
    const { code, stdout, stderr } = await run(await worldOf([aNetwork()]), ...args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toContain(says);
  });

  test("refuses what the subnet's own endpoint excludes, and a network without a region", async () => {
    const own = await worldOf([aNetwork([{ serviceEndpoints: ["Microsoft.Storage"] }])]);
    const excluded = await run(own, "--with-endpoint", "Microsoft.Storage.Global");
    expect(excluded.stderr).toContain("cannot have `Microsoft.Storage.Global` beside `Microsoft.Storage`");
    const { location: _, ...nowhere } = aNetwork();
    const unknown = await run(await worldOf([{ ...nowhere, id: networkId }]), "--with-endpoint", "Microsoft.Sql");
    expect(unknown.stderr).toContain("the region of ");
    expect([excluded.code, unknown.code]).toEqual([2, 2]);
  });
});

describe("the subnet", () => {
  test.each(["snet-lab", "SNET-LAB", "vnet-engineering/snet-lab"])("is found as %s", async (text) => {
    const { code, stdout } = await cordon(["routes", text]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^snet-lab {2}subnet of vnet-engineering in rg-engineering\n/);
  });

  test("is found by its id, whatever the case", async () => {
    const { code, stdout } = await cordon(["routes", "snet-lab", "--format", "json"]);
    const { subnet } = JSON.parse(stdout);
    expect(await cordon(["routes", subnet.toUpperCase().replace("/SUBSCRIPTIONS/", "/subscriptions/")])).toMatchObject({
      code,
      stdout: expect.stringContaining("snet-lab"),
    });
  });

  test.each([
    { text: "snet-lap", says: /no subnet `snet-lap` among the \d+ that were read, did you mean `snet-lab`\?/ },
    { text: "snet-private-endpoints", says: /could be `.*engineering.*`, `.*erp-prod.*`/ },
    { text: "/x", says: /no subnet `\/x`/ },
    { text: `${networkId}/subnets/none`, says: /no subnet `.*none` among the \d+ that were read/ },
    { text: "\u001b[31mred", says: /no subnet `red`/ },
  ])("is an error where it is $text", async ({ text, says }) => {
    const { code, stdout, stderr } = await cordon(["routes", text]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toMatch(says);
    expect(stderr.replaceAll("\n", "")).not.toMatch(/\p{Cc}/u);
  });
});

describe("text", () => {
  test("of the bundled recording has the columns of the portal", async () => {
    const { stdout } = await cordon(["routes", "vnet-erp-prod/snet-app"]);
    expect(stdout).toMatch(
      /^Source +State +Address Prefixes +Next Hop Type +Next Hop IP Address +Name\nUser +Active +0\.0\.0\.0\/0 +None +- +drop-internet\n/m,
    );
    expect(stdout).toMatch(/^Default +Invalid +0\.0\.0\.0\/0 +Internet +- +-$/m);
    expect(stdout).toMatch(/^Default +Active +10\.20\.2\.9\/32 +InterfaceEndpoint +- +pe-sql-contoso-erp-prod$/m);
    expect(stdout).toMatch(
      /^Default +Unknown \[6\] +10\.20\.2\.10\/32 +InterfaceEndpoint +- +pe-sql-contoso-erp-test$/m,
    );
    expect(stdout).toMatch(/^\[1\] the addresses of the service tag `Storage\.westeurope` are not known$/m);
  });

  test("counts the prefixes of a tag, and writes them out with `--all`", async () => {
    const table = aRouteTable([{ addressPrefix: "Storage", nextHopType: "None" }]);
    const folder = await worldOf([aNetwork([hasTable]), table]);
    const short = await run(folder, "--service-tags", "tags.json.txt");
    expect(short.stdout).toContain("3 prefixes of Storage ");
    const long = await run(folder, "--service-tags", "tags.json.txt", "--all");
    expect(long.stdout).not.toContain("prefixes of");
    for (const prefix of ["20.60.0.0/24", "20.60.2.0/24", "20.61.0.0/24"]) expect(long.stdout).toContain(prefix);
  });

  test.each([[], ["--format", "json"]])("cannot be steered by names (%s %s)", async (...args) => {
    const evil = "\u001b[2Jx\u202e\u009b31m\nUser Active";
    const table = aRouteTable([{ addressPrefix: evil, nextHopType: evil, nextHopIpAddress: evil }]);
    const properties = { routes: Object(table.properties).routes.map((one: object) => ({ ...one, name: evil })) };
    const { code, stdout } = await run(await worldOf([aNetwork([hasTable]), { ...table, properties }]), ...args);
    expect(code).toBe(0);
    expect(stdout.replaceAll("\n", "")).not.toMatch(/[\p{Cc}\p{Bidi_Control}]/u);
    expect(stdout).not.toMatch(/^User Active/m);
  });
});

describe("routes to the internet", () => {
  const halves = aRouteTable([
    { addressPrefix: "0.0.0.0/1", nextHopType: "Internet" },
    { addressPrefix: "128.0.0.0/1", nextHopType: "Internet" },
  ]);
  const withRoutes = (properties: object, parts: SubnetParts = {}) =>
    aNetwork([{ ...parts, properties: { ...hasTable.properties, ...properties } }]);
  const natId = `${group}/providers/Microsoft.Network/natGateways/nat`;
  const closed =
    "nothing in the subnet gets out to the internet over IPv4 by the next hop Internet: it has no NAT gateway, public " +
    "address or load balancer, and default outbound access is off";

  test.each<{ when: string; network: Body; others?: readonly Body[]; want: readonly unknown[] }>([
    {
      when: "lead nobody there, from a private subnet",
      network: withRoutes({ defaultOutboundAccess: false }),
      want: [closed],
    },
    { when: "lead there by default", network: withRoutes({ defaultOutboundAccess: true }), want: [] },
    {
      when: "are their owner's, who will have had a reason, where ARM does not say",
      network: withRoutes({ defaultOutboundAccess: undefined }),
      want: [],
    },
    {
      when: "lead nobody there over IPv6, for which there is no default",
      network: withRoutes({ defaultOutboundAccess: true, addressPrefixes: ["10.1.0.0/24", "fd00:1::/64"] }),
      want: [
        "nothing in the subnet gets out to the internet over IPv6 by the next hop Internet: it has no NAT gateway, " +
          "public address or load balancer",
      ],
    },
    {
      when: "lead there by a NAT gateway",
      network: withRoutes({ defaultOutboundAccess: false, natGateway: { id: natId } }),
      others: [
        {
          id: natId,
          type: "Microsoft.Network/natGateways",
          properties: { publicIpAddresses: [{ id: `${group}/providers/Microsoft.Network/publicIPAddresses/pip` }] },
        },
      ],
      want: [],
    },
    {
      when: "may lead there by a NAT gateway that nobody recorded",
      network: withRoutes({ defaultOutboundAccess: false, natGateway: { id: natId } }),
      want: [expect.stringContaining(`is not known: \`${natId}\` is not in the recording`)],
    },
    {
      when: "lead there from an interface with a public address",
      network: withRoutes({ defaultOutboundAccess: false }),
      others: [aNetworkInterface({ publicIPAddress: `${group}/providers/Microsoft.Network/publicIPAddresses/pip` })],
      want: [],
    },
    {
      when: "are the service's own matter in a delegated subnet",
      network: withRoutes({ defaultOutboundAccess: false }, { delegations: ["Microsoft.Web/serverFarms"] }),
      want: [
        expect.stringMatching(
          /^whether anything in the subnet gets out .* is not known: which way out the service has/,
        ),
      ],
    },
  ])("$when", async ({ network, others = [], want }) => {
    const folder = await worldOf([network, halves, ...others]);
    const { stdout } = await run(folder, "--format", "json");
    expect(JSON.parse(stdout).closedWaysOut).toEqual(want);
  });

  test("are not asked about where there are none", async () => {
    const table = aRouteTable([{ addressPrefix: "0.0.0.0/0", nextHopType: "None" }]);
    const folder = await worldOf([withRoutes({ defaultOutboundAccess: false }), table]);
    const { stdout } = await run(folder, "--format", "json");
    expect(JSON.parse(stdout).closedWaysOut).toEqual([]);
  });

  test("say in the text that they lead nobody there", async () => {
    const { stdout } = await run(await worldOf([withRoutes({ defaultOutboundAccess: false }), halves]));
    expect(stdout.replaceAll(/\s+/g, " ")).toContain(`N${closed.slice(1)}`);
  });
});
