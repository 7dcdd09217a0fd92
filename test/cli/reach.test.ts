import { describe, expect, test } from "vitest";
import type { ReachAnswer } from "../../lib/reports/reach-answer.ts";
import { answer, folderOf, ndjson } from "../readers/recording.ts";
import { anAllow, anApp, appId, lists } from "../support/apps.ts";
import {
  aNetwork,
  aNetworkInterface,
  anEndpointPolicy,
  aPerimeter,
  aRouteTable,
  aSecurityGroup,
  aSecurityRule,
  aStorageAccount,
  type Given,
  networkId,
  nsgId,
  perimeterId,
  routeTableId,
  sqlId,
  storageId,
  subnetId,
  subscription,
} from "../support/builders.ts";
import { aGateway, aSite, aVpnConnection, gatewayId, gatewaySubnet } from "../support/gateways.ts";
import { anInterface, aPrivateEndpoint, endpointId } from "../support/private-endpoints.ts";
import { readingsIn, worldOf } from "../support/recorded-world.ts";
import { replay } from "../support/replay.ts";
import { cordon } from "./cordon.ts";

/** What `cordon reach` answers; each witness in it is replayed. */
async function answerOf(...args: readonly string[]): Promise<ReachAnswer> {
  const { stdout, code } = await cordon(["reach", ...args, "--format", "json"]);
  expect(code).toBe(0);
  const answer: ReachAnswer = JSON.parse(stdout);
  const at = args.indexOf("--recording");
  const world = worldOf(await readingsIn(at === -1 ? "test/fixtures/contoso-erp" : String(args[at + 1])));
  for (const { outcome, witness, ...way } of answer.ways) {
    if (witness === undefined || outcome === "unknown") continue;
    const said = replay(world, answer.service, { ...way, flow: witness }, "20.60.0.9");
    expect(said, JSON.stringify(witness)).not.toBe(outcome !== "reaches");
  }
  return answer;
}

describe("cordon reach", () => {
  test("follows a flow of each way into a service of the bundled recording, step by step", async () => {
    const { stdout, code } = await cordon(["reach", "sql-contoso-erp-prod"]);
    expect(code).toBe(0);
    for (const phrase of [
      "gets in  callers on the internet: 198.51.100.10/31",
      "10.20.0.4 → sql-contoso-erp-prod, TCP 1433",
      "✓ leaves the subnet: `AllowSqlOutBound` (priority 200) of `nsg-erp` allows it",
      '✓ goes over the service endpoint\n               snet-app /properties/serviceEndpoints/1 =\n                 {"provisioningState":"Succeeded","service":"Microsoft.Sql"',
      "✓ a network rule admits the subnet",
      "by pe-sql-contoso-erp-prod, from",
      "✓ the connection of the endpoint is approved",
      "site plant-leipzig",
    ]) {
      expect(stdout).toContain(phrase);
    }
  });

  test.each([
    { from: "9.9.9.9", outcomes: ["internet blocked"], last: "nothing in the firewall admits the address" },
    { from: "198.51.100.10", outcomes: ["internet reaches"], last: "the firewall admits the address" },
    {
      from: "vnet-erp-prod/snet-app",
      outcomes: ["privateEndpoint reaches"],
      last: "the connection of the endpoint is approved",
    },
    { from: "10.20.0.9", outcomes: ["privateEndpoint reaches"], last: "the connection of the endpoint is approved" },
  ])("from $from: what lets the caller in, or what stops it", async ({ from, outcomes, last }) => {
    const { ways } = await answerOf("stcontosodrawings", "--from", from);
    const [way] = ways;
    expect([`${way?.kind} ${way?.outcome}`]).toEqual(outcomes);
    expect(way?.witness?.steps.at(-1)?.says).toBe(last);
    for (const { evidence, says } of way?.witness?.steps ?? []) expect(evidence.length, says).toBeGreaterThan(0);
  });

  test("the witness does not move when something else changes", async () => {
    const world = (name: string): Given => [
      aStorageAccount({ networkAcls: { virtualNetworkRules: [{ id: subnetId, state: "Succeeded" }] } }),
      aNetwork([{ serviceEndpoints: ["Microsoft.Storage"] }, { name, properties: { addressPrefix: "10.0.9.0/24" } }]),
      aSecurityGroup(),
    ];
    const witnessOf = async (given: Given) => {
      const folder = await folderOf({ "all.json": [given].flat(3) });
      return (await answerOf(storageId, "--recording", folder)).ways[0]?.witness;
    };
    const before = await witnessOf(world("snet-b"));
    expect(before?.source).toBe("10.0.0.4");
    expect(await witnessOf(world("snet-z"))).toEqual(before);
  });

  const default0 = {
    name: "default",
    addressPrefix: "0.0.0.0/0",
    nextHopType: "VirtualAppliance",
    nextHopIpAddress: "10.9.0.4",
  };
  const packages = { name: "packages", addressPrefix: "140.82.112.0/20", nextHopType: "Internet" };
  test.each([
    { routes: [default0], says: "the next hop VirtualAppliance" },
    { routes: [default0, packages], says: "one of the next hops Internet, VirtualAppliance, by its address" },
  ])("a subnet without the service endpoint goes to $says: no route for other addresses decides", async ({
    routes,
    says,
  }) => {
    const given: Given = [
      aStorageAccount({ networkAcls: { virtualNetworkRules: [{ id: subnetId, state: "Succeeded" }] } }),
      aNetwork([{ properties: { routeTable: { id: routeTableId } } }]),
      aRouteTable(routes),
      aSecurityGroup(),
    ];
    const folder = await folderOf({ "all.json": [given].flat(3) });
    const steps = (await answerOf(storageId, "--recording", folder)).ways[0]?.witness?.steps;
    const step = steps?.find(({ outcome }) => outcome === "stops");
    expect(step?.says).toBe(`does not go over a service endpoint, but to ${says}`);
    expect(step?.evidence).toHaveLength(routes.length);
  });

  test.each([
    { mode: "Enforced", publicNetworkAccess: "Enabled", says: "takes the place of the firewall" },
    { mode: "Learning", publicNetworkAccess: "SecuredByPerimeter", says: "decide alone" },
  ])("a perimeter ($mode) in the firewall's place is named as what decides", async ({ mode, says, ...access }) => {
    const given = [
      aStorageAccount({ ...access, networkAcls: { defaultAction: "Allow" } }),
      aPerimeter({ accessMode: mode, accessRules: [{ addressPrefixes: ["203.0.113.0/28"] }] }),
    ];
    const folder = await folderOf({ "all.json": given.flat(3) });
    const { ways, exceptions } = await answerOf(storageId, "--recording", folder);
    expect(exceptions).toEqual(["other members of its network security perimeter"]);
    const [gate, address] = ways[0]?.witness?.steps ?? [];
    expect(ways.map(({ kind, outcome }) => `${kind} ${outcome}`)).toEqual(["internet reaches"]);
    expect([gate?.says, address?.says]).toEqual([expect.stringContaining(says), "the perimeter admits the address"]);
    expect(address?.evidence[0]?.value).toContain("203.0.113.0/28");
  });

  const azureRule = {
    id: `${sqlId}/firewallRules/azure`,
    properties: { startIpAddress: "0.0.0.0", endIpAddress: "0.0.0.0" },
  };
  const answers = ndjson(
    {
      id: sqlId,
      type: "Microsoft.Sql/servers",
      location: "westeurope",
      properties: { publicNetworkAccess: "Enabled" },
    },
    answer(`${sqlId}/firewallRules`, { value: [azureRule] }),
    answer(`${sqlId}/ipv6FirewallRules`, { value: [] }),
    answer(`${sqlId}/virtualNetworkRules`, { value: [] }),
  );
  const tags = {
    "tags.json": {
      changeNumber: 1,
      cloud: "Public",
      values: [{ name: "AzureCloud", id: "AzureCloud", properties: { addressPrefixes: ["20.0.0.0/8"] } }],
    },
  };

  test.each([
    { from: undefined, files: tags, outcomes: ["azure reaches 20.0.0.0/8"] },
    { from: "20.1.2.3", files: tags, outcomes: ["azure reaches 20.1.2.3"] },
    { from: "9.9.9.9", files: tags, outcomes: ["internet blocked "] },
    { from: undefined, files: {}, outcomes: ["azure reaches "] },
    { from: "20.1.2.3", files: {}, outcomes: ["azure unknown "] },
  ])("the rule for all of Azure is a way of its own: $outcomes from $from", async ({ from, files, outcomes }) => {
    const folder = await folderOf({ ...files, "answers.ndjson": answers });
    const { ways } = await answerOf(sqlId, "--recording", folder, ...(from === undefined ? [] : ["--from", from]));
    expect(ways.map(({ kind, outcome, addresses }) => `${kind} ${outcome} ${addresses}`)).toEqual(outcomes);
  });

  test.each([
    { from: undefined, files: tags, source: "20.0.0.0", last: "passes" },
    { from: "20.1.2.3", files: tags, source: "20.1.2.3", last: "passes" },
    { from: undefined, files: {}, source: undefined, last: "passes" },
    { from: "20.1.2.3", files: {}, source: "20.1.2.3", last: "passes", unsure: "`AzureCloud`" },
  ])("the rule for all of Azure is followed step by step, for $source", async ({
    from,
    files,
    source,
    last,
    unsure,
  }) => {
    const folder = await folderOf({ ...files, "answers.ndjson": answers });
    const { ways } = await answerOf(sqlId, "--recording", folder, ...(from === undefined ? [] : ["--from", from]));
    const { witness } = ways[0] ?? {};
    expect(witness?.source).toBe(source);
    expect(witness?.steps[0]?.says).toContain("public access is on");
    expect(witness?.steps.find(({ outcome }) => outcome === "unknown")?.says ?? "").toContain(unsure ?? "");
    expect(witness?.steps.at(-1)).toMatchObject({
      says: "a rule admits every workload in Azure, of whatever tenant",
      outcome: last,
      evidence: [{ resource: azureRule.id }],
    });
  });

  test("a story whose callers have no address that is known names them", async () => {
    const folder = await folderOf({ "answers.ndjson": answers });
    const { stdout } = await cordon(["reach", sqlId, "--recording", folder]);
    expect(stdout).toContain("gets in  workloads in Azure, of every tenant\n");
    expect(stdout).toContain("a workload in Azure → sql-erp, TCP 1433\n");
    expect(stdout).toContain("✓ a rule admits every workload in Azure, of whatever tenant");
  });

  test("so is the rule for every subnet with a service endpoint", async () => {
    const given = [anApp(lists([anAllow("AnyVnets")], [], { ipSecurityRestrictionsDefaultAction: "Deny" }))];
    const folder = await folderOf({ "all.json": given.flat(3) });
    const { ways } = await answerOf(appId, "--recording", folder);
    const way = ways.find(({ kind }) => kind === "azure");
    expect(way?.outcome).toBe("reaches");
    expect(way?.witness?.steps.map(({ says, outcome }) => `${outcome}: ${says}`)).toEqual([
      expect.stringContaining("public access is on"),
      "passes: a rule admits every subnet with a service endpoint, of whatever tenant",
    ]);
  });

  const everywhere = { addressPrefixes: ["0.0.0.0/0"] };

  test.each<{ what: string; given: Given; want: string; gate: string }>([
    {
      what: "an account that allows by default",
      given: aStorageAccount({ networkAcls: { defaultAction: "Allow" } }),
      want: "subnet reaches",
      gate: "public access is on",
    },
    {
      what: "an account with a rule for every address, which service endpoints make useless",
      given: aStorageAccount({ networkAcls: { ipRules: [{ value: "0.0.0.0/0" }] } }),
      want: "subnet unknown",
      gate: "public access is on",
    },
    {
      what: "an account behind a perimeter, which does not support service endpoints",
      given: [aStorageAccount(), aPerimeter({ accessRules: [everywhere] })],
      want: "subnet unknown",
      gate: "takes the place of the firewall",
    },
    {
      what: "an account with a rule for a public address, which the subnet has not over its endpoint",
      given: aStorageAccount({ networkAcls: { ipRules: [{ value: "203.0.113.7" }] } }),
      want: "subnet blocked",
      gate: "public access is on",
    },
  ])("from a subnet with a service endpoint to $what: $want", async ({ given, want, gate }) => {
    const network = aNetwork([{ serviceEndpoints: ["Microsoft.Storage"] }]);
    const folder = await folderOf({ "all.json": [given, network, aSecurityGroup(), anEndpointPolicy()].flat(4) });
    const { ways } = await answerOf(storageId, "--recording", folder, "--from", subnetId);
    expect(ways.map(({ kind, outcome }) => `${kind} ${outcome}`)).toEqual([want]);
    expect(ways[0]?.witness?.steps.at(-2)?.says).toContain(gate);
    expect(ways[0]?.because.join()).toContain(want === "subnet unknown" ? "a rule for every address" : "");
  });

  const listed = aStorageAccount({ networkAcls: { virtualNetworkRules: [{ id: subnetId, state: "Succeeded" }] } });
  const twoSubnets = aNetwork([
    { serviceEndpoints: ["Microsoft.Storage"] },
    { name: "snet-b", properties: { addressPrefix: "10.0.9.0/24" } },
  ]);

  test("a range holds every subnet that it overlaps", async () => {
    const folder = await folderOf({ "all.json": [listed, twoSubnets, aSecurityGroup(), anEndpointPolicy()].flat(3) });
    const { ways } = await answerOf(storageId, "--recording", folder, "--from", "10.0.0.0/16");
    expect(ways.map(({ outcome, addresses }) => [outcome, addresses])).toEqual([["reaches", ["10.0.0.0/24"]]]);
    const { ways: few } = await answerOf(storageId, "--recording", folder, "--from", "10.0.0.8/30");
    expect(few.map(({ addresses }) => addresses)).toEqual([["10.0.0.8/30"]]);
  });

  const everything = { sourceAddressPrefix: "*", destinationPortRange: "*" };

  test("one port is enough to get out, whichever it is", async () => {
    const rule = { ...everything, access: "Deny", direction: "Outbound", destinationPortRange: "443" };
    const open = aStorageAccount({ networkAcls: { defaultAction: "Allow" } });
    const network = aNetwork([{ properties: { defaultOutboundAccess: true } }]);
    const folder = await folderOf({ "all.json": [open, network, aSecurityGroup([aSecurityRule(rule)])].flat(3) });
    const { ways } = await answerOf(storageId, "--recording", folder, "--from", subnetId);
    expect(ways.map(({ kind, outcome, addresses }) => [kind, outcome, addresses])).toEqual([
      ["internet", "reaches", ["10.0.0.0/24"]],
    ]);
  });

  test("whom a perimeter refuses is told by the perimeter, not by the firewall in its shadow", async () => {
    const account = aStorageAccount({ networkAcls: { defaultAction: "Allow" } });
    const rules = answer(`${perimeterId}/profiles/default/accessRules`, { value: [] });
    const folder = await folderOf({ "all.ndjson": ndjson(account, aPerimeter()[0], rules) });
    const { ways } = await answerOf(storageId, "--recording", folder, "--from", "9.9.9.9");
    const last = ways[0]?.witness?.steps.at(-1);
    expect(last?.says).toBe("nothing in the perimeter admits the address");
    expect(last?.evidence.map(({ pointer, value }) => [pointer, value])).toEqual([
      ["/properties/accessMode", "Enforced"],
    ]);
  });

  const connected = aStorageAccount({
    publicNetworkAccess: "Disabled",
    privateEndpointConnections: [
      {
        id: `${storageId}/privateEndpointConnections/pe-blob`,
        properties: {
          privateEndpoint: { id: endpointId() },
          privateLinkServiceConnectionState: { status: "Approved" },
        },
      },
    ],
  });

  test("nobody is said to call a private endpoint from the endpoint's own address", async () => {
    const bodies = [connected, aPrivateEndpoint(), anInterface(), aNetwork(), aSecurityGroup()];
    const folder = await folderOf({ "all.json": bodies });
    const { ways } = await answerOf(storageId, "--recording", folder, "--from", "10.0.0.0/24");
    expect(ways.map(({ kind, witness }) => [kind, witness?.source, witness?.destination])).toEqual([
      ["privateEndpoint", "10.0.0.5", "10.0.0.4"],
    ]);
  });

  test("callers behind a VPN gateway are a way of their own, with what says so", async () => {
    const connections = `${subscription}/providers/Microsoft.Network/connections?api-version=2025-09-01`;
    const folder = await folderOf({
      "all.json": [
        ...[connected, aPrivateEndpoint(), anInterface(), aNetwork([{}, { ...gatewaySubnet(), nsg: undefined }])],
        ...[aSecurityGroup(), aGateway({ inside: networkId }), aSite()],
      ],
      "connections.json": { url: connections, status: 200, body: { value: [aVpnConnection()] } },
    });
    const { stdout } = await cordon(["reach", storageId, "--recording", folder]);
    expect(stdout).toContain("gets in  by pe-blob, from behind vgw: 10.70.0.0/16");
    expect(stdout).toContain('porto /properties/localNetworkAddressSpace/addressPrefixes = ["10.70.0.0/16"]');
    const { ways, because } = await answerOf(storageId, "--recording", folder, "--from", "10.70.0.9");
    expect(ways.map(({ kind, outcome, from }) => [kind, outcome, from])).toEqual([
      ["internet", "blocked", undefined],
      ["privateEndpoint", "reaches", gatewayId()],
    ]);
    expect(because).toEqual([]);
  });

  const gateway = { name: "GatewaySubnet", properties: { ipConfigurations: [{ id: `${subnetId}/gateway` }] } };
  test.each([
    { when: "nothing leads there", account: connected, subnets: [{}], says: [] },
    {
      when: "the network has a gateway",
      account: connected,
      subnets: [{}, gateway],
      says: [expect.stringContaining("GatewaySubnet` is not known")],
    },
    {
      when: "the gateway is that of a service without private endpoints",
      account: aStorageAccount({ networkAcls: {} }),
      subnets: [{}, gateway],
      says: [],
    },
    {
      when: "a network rule names a subnet that was not read",
      account: aStorageAccount({
        networkAcls: { virtualNetworkRules: [{ id: subnetId.replace("vnet", "vnet-other"), state: "Succeeded" }] },
      }),
      subnets: [{}],
      says: [expect.stringContaining("is not in the recording")],
    },
  ])("a private address in no subnet is not blocked while a way may lead there: $when", async ({
    account,
    subnets,
    says,
  }) => {
    const bodies = [account, aPrivateEndpoint(), anInterface(), aNetwork(subnets), aSecurityGroup()];
    const folder = await folderOf({ "all.json": bodies.flat() });
    const { ways, because } = await answerOf(storageId, "--recording", folder, "--from", "192.168.10.5");
    expect(ways.map(({ kind, outcome }) => `${kind} ${outcome}`)).toEqual(["internet blocked"]);
    expect(because).toEqual(says);
  });

  test.each([
    { when: "nobody reaches an endpoint from outside", account: connected, subnets: [{}], want: "blocked" },
    { when: "a gateway may lead to an endpoint", account: connected, subnets: [{}, gateway], want: "unknown" },
    {
      when: "there is no endpoint",
      account: aStorageAccount({ networkAcls: {} }),
      subnets: [{}, gateway],
      want: "blocked",
    },
  ])("a site over a private connection comes to private endpoints alone: $when", async ({ account, subnets, want }) => {
    const sites = [{ name: "office", natAddresses: [], connection: "private", needs: [{ id: "*" }] }];
    const bodies = [account, aPrivateEndpoint(), anInterface(), aNetwork(subnets), aSecurityGroup()];
    const folder = await folderOf({ "all.json": bodies.flat(), "cordon.policy.json": { sites } });
    const { ways } = await answerOf(storageId, "--recording", folder);
    expect(ways.filter(({ kind }) => kind === "site").map(({ outcome }) => outcome)).toEqual([want]);
    const { stdout } = await cordon(["reach", storageId, "--recording", folder]);
    const told =
      want === "blocked" ? "blocked  site office: none of" : "unsure   site office, over its private connection";
    expect(stdout).toContain(told);
  });

  test("a machine is stopped by the group of its own interface", async () => {
    const group = aSecurityGroup(
      [aSecurityRule({ ...everything, access: "Deny", direction: "Outbound" })],
      `${nsgId}-own`,
    );
    const nic = aNetworkInterface({ privateIPAddress: "10.0.0.4" }, `${nsgId}-own`);
    const folder = await folderOf({
      "all.json": [listed, twoSubnets, aSecurityGroup(), group, nic, anEndpointPolicy()].flat(3),
    });
    const { ways } = await answerOf(storageId, "--recording", folder, "--from", "10.0.0.4");
    expect(ways.map(({ outcome, witness }) => [outcome, witness?.steps[0]?.says])).toEqual([
      ["blocked", "leaves the subnet: `rule` (priority 100) of `nsg-own` denies it"],
    ]);
    const { ways: all } = await answerOf(storageId, "--recording", folder);
    expect(all.map(({ outcome, witness }) => [outcome, witness?.source])).toEqual([["reaches", "10.0.0.5"]]);
  });

  test.each([
    { acls: {}, publicNetworkAccess: "Disabled", from: "9.9.9.9", says: "public access is off" },
    { acls: { defaultAction: "Allow" }, from: "2a01:4f8:1::5", says: "the service has no address of that family" },
    {
      acls: { ipRules: [{ value: "10.1.0.0/16" }] },
      from: "10.1.0.5",
      says: "on the internet nobody has such an address",
    },
  ])("$from is stopped, and the last step says why: $says", async ({ acls, from, says, ...access }) => {
    const folder = await folderOf({ "all.json": [aStorageAccount({ networkAcls: acls, ...access })].flat(3) });
    const { ways } = await answerOf(storageId, "--recording", folder, "--from", from);
    expect(ways.map(({ outcome, witness }) => [outcome, witness?.steps.at(-1)?.says])).toEqual([["blocked", says]]);
  });

  test("subnets that no rule names and that come in over their service endpoints are told together, with one example", async () => {
    const subnets = Array.from({ length: 8 }, (_, at) => ({
      name: `snet-${at}`,
      serviceEndpoints: at === 7 ? [] : ["Microsoft.Web"],
      properties: { addressPrefix: `10.0.${at}.0/24` },
    }));
    const toEverySubnet = { ipSecurityRestrictions: [anAllow("AnyVnets")], scmIpSecurityRestrictionsUseMain: true };
    const given: Given = [anApp(toEverySubnet), aNetwork(subnets), aSecurityGroup()];
    const folder = await folderOf({ "all.json": [given].flat(3) });
    const { ways } = await answerOf(appId, "--recording", folder);
    const [everybody, own, ...others] = ways;
    expect(everybody?.kind).toBe("azure");
    expect(own).toMatchObject({ kind: "subnet", outcome: "reaches", isUnnamed: true, maybe: [], because: [] });
    expect(own?.addresses).toEqual(["10.0.0.0/22", "10.0.4.0/23", "10.0.6.0/24"]);
    expect([own?.from, ...(own?.alike ?? [])].map((id) => id?.split("/").at(-1))).toEqual(
      subnets.slice(0, 7).map(({ name }) => name),
    );
    expect(own?.witness?.source).toBe("10.0.0.4");
    expect(others).toEqual([]);
    const { stdout } = await cordon(["reach", appId, "--recording", folder]);
    expect(stdout.replace(/\s+/g, " ")).toContain(
      "gets in 7 subnets: vnet/snet-0, vnet/snet-1, vnet/snet-2, vnet/snet-3 and 3 more, which no network rule names, over their service endpoints 10.0.0.4 → app-erp, TCP 443",
    );
    const one = await answerOf(appId, "--from", "snet-3", "--recording", folder);
    expect(one.ways).toMatchObject([
      { kind: "subnet", outcome: "reaches", isUnnamed: true, addresses: ["10.0.3.0/24"] },
    ]);
  });

  test.each([
    { args: ["nope"], says: "no service `nope` among the" },
    {
      args: ["aci-contoso-convert"],
      says: "who reaches `aci-contoso-convert` is not known: of services placed in subnets",
    },
    { args: ["stcontosodrawings", "--from", "snet-private-endpoints"], says: "could be" },
    ...["300.1.1.1", "10.0.0.0/33", "10.0.0", "2001:db8:::1"].map((text) => ({
      args: ["stcontosodrawings", "--from", text],
      says: `argument '${text}' is invalid: it is neither an address nor a subnet`,
    })),
    { args: ["stcontosodrawings", "--from", "no-such-subnet"], says: "no subnet `no-such-subnet`" },
    { args: [], says: "missing required argument 'service'\n(see `cordon reach --help`)" },
  ])("$args ends with an error that says what is wrong", async ({ args, says }) => {
    const { stderr, stdout, code } = await cordon(["reach", ...args]);
    expect(stderr).toContain(says);
    expect(stdout).toBe("");
    expect(code).toBe(2);
  });

  test("names are other people's text: nothing of them reaches the terminal as it is", async () => {
    const hostile = `${storageId.slice(0, -4)}\u001b[31m\u202e`;
    const folder = await folderOf({ "all.json": [{ ...aStorageAccount(), id: hostile }] });
    const { stdout } = await cordon(["reach", hostile, "--recording", folder]);
    expect(stdout).toContain("storage account in rg");
    for (const unsafe of ["\u001b", "\u202e"]) expect(stdout).not.toContain(unsafe);
  });
});
