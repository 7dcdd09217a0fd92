import { describe, expect, test } from "vitest";
import {
  aConnection,
  aKeyVault,
  aNetwork,
  aNetworkRule,
  aPerimeter,
  aSecurityGroup,
  aSecurityRule,
  aSqlServer,
  aStorageAccount,
  type Given,
  ipRules,
  noPerimeter,
  notAssociated,
} from "../support/builders.ts";
import { aNamespace, eventHubsId, serviceBusId } from "../support/more-services.ts";
import { auditOf } from "../support/world.ts";

/** The rules that fail on a world, and those that are undetermined. */
async function outcomeOf(given: Given) {
  const { evaluations, problems } = await auditOf(given);
  expect(problems).toEqual([]);
  const findings = evaluations.flatMap((evaluation) => evaluation.findings);
  const withStatus = (status: string) =>
    findings
      .filter((finding) => finding.status === status)
      .map(({ rule }) => rule)
      .sort();
  return { fail: withStatus("fail"), undetermined: withStatus("undetermined") };
}

const none: readonly string[] = [];
const secured = { publicNetworkAccess: "SecuredByPerimeter" };

/** Answers that other tools are known to get wrong; each test is named after the case. */
describe("known wrong answers", () => {
  test("firewall 0.0.0.0/1 + 128.0.0.0/1", async () => {
    const account = aStorageAccount({ networkAcls: { ipRules: ipRules("0.0.0.0/1", "128.0.0.0/1") } });
    expect(await outcomeOf(account)).toEqual({ fail: ["NI102"], undetermined: none });
  });

  test("public access Disabled, default action Allow", async () => {
    const account = aStorageAccount({ publicNetworkAccess: "Disabled", networkAcls: { defaultAction: "Allow" } });
    expect(await outcomeOf(account)).toEqual({ fail: none, undetermined: none });
    const vault = aKeyVault({ publicNetworkAccess: "disabled", networkAcls: { defaultAction: "allow" } });
    expect(await outcomeOf(vault)).toEqual({ fail: none, undetermined: none });
  });

  describe("public access SecuredByPerimeter", () => {
    test("with an enforced association nobody else gets in", async () => {
      const account = aStorageAccount({ ...secured, networkAcls: { defaultAction: "Allow" } });
      expect(await outcomeOf([account, aPerimeter()])).toEqual({ fail: none, undetermined: none });
    });

    test("with an enforced association whose rules admit everybody it is open", async () => {
      const perimeter = aPerimeter({ accessRules: [{ addressPrefixes: ["0.0.0.0/0"] }] });
      expect(await outcomeOf([aStorageAccount(secured), perimeter])).toEqual({ fail: ["NI101"], undetermined: none });
    });

    test("with an association in learning mode its rules decide alone", async () => {
      const account = aStorageAccount({ ...secured, networkAcls: { defaultAction: "Allow" } });
      const learning = aPerimeter({ accessMode: "Learning" });
      expect(await outcomeOf([account, learning])).toEqual({ fail: ["NI701"], undetermined: none });
    });

    test("with an association in audit mode nothing is proven", async () => {
      const account = aStorageAccount({ ...secured, networkAcls: { defaultAction: "Allow" } });
      const { fail, undetermined } = await outcomeOf([account, aPerimeter({ accessMode: "Audit" })]);
      expect(fail).toEqual(["NI701"]);
      expect(undetermined).toContain("NI101");
    });

    test("without an association nobody gets in, trusted services neither", async () => {
      const account = aStorageAccount({ ...secured, networkAcls: { defaultAction: "Allow", bypass: "AzureServices" } });
      expect(await outcomeOf([account, notAssociated()])).toEqual({ fail: ["NI702"], undetermined: none });
    });

    test("with an association that nobody could read nothing is proven", async () => {
      const { fail, undetermined } = await outcomeOf(aStorageAccount(secured));
      expect(fail).toEqual(none);
      expect(undetermined).toEqual(expect.arrayContaining(["NI101", "NI102"]));
    });
  });

  test.each(["Rejected", "Disconnected"])("private endpoint connection %s", async (status) => {
    const account = aStorageAccount({
      networkAcls: { defaultAction: "Allow" },
      privateEndpointConnections: [aConnection(status)],
    });
    expect(await outcomeOf(account)).toEqual({ fail: ["NI101", "NI302"], undetermined: none });
    const approved = aStorageAccount({
      networkAcls: { defaultAction: "Allow" },
      privateEndpointConnections: [aConnection("Approved")],
    });
    expect(await outcomeOf(approved)).toEqual({ fail: ["NI101", "NI303"], undetermined: none });
  });

  test.each(["Failed", "NetworkSourceDeleted"])("network rule state %s", async (state) => {
    const account = aStorageAccount({ networkAcls: { virtualNetworkRules: [aNetworkRule(undefined, state)] } });
    const network = aNetwork([{ serviceEndpoints: ["Microsoft.Storage"] }]);
    expect(await outcomeOf([network, aSecurityGroup(), account])).toEqual({ fail: ["NI203"], undetermined: none });
  });

  test("a subnet without any NSG", async () => {
    const network = aNetwork([{ name: "snet-with" }, { name: "snet-without", nsg: undefined }]);
    expect(await outcomeOf([network, aSecurityGroup()])).toEqual({ fail: ["NI601"], undetermined: none });
  });

  describe("NSG: source Internet, *, 0.0.0.0/0, Any; port *, 22, 20-30, plural fields", () => {
    const sources = ["Internet", "*", "0.0.0.0/0", "Any"].map((one) => ({ sourceAddressPrefix: one }));
    const plural = { sourceAddressPrefix: undefined, sourceAddressPrefixes: ["10.0.0.0/8", "0.0.0.0/0"] };
    const ports = ["*", "22", "20-30"].map((one) => ({ destinationPortRange: one }));
    const pluralPorts = { destinationPortRange: undefined, destinationPortRanges: ["443", "20-30"] };
    const all = [...sources, plural].flatMap((source) =>
      [...ports, pluralPorts].map((port) => ({ ...source, ...port })),
    );

    test.each(all)("%o", async (properties) => {
      const given = [aNetwork(), aSecurityGroup([aSecurityRule(properties)])];
      expect(await outcomeOf(given)).toEqual({ fail: ["NI602"], undetermined: none });
      const outbound = [aNetwork(), aSecurityGroup([aSecurityRule({ ...properties, direction: "Outbound" })])];
      expect(await outcomeOf(outbound)).toEqual({ fail: none, undetermined: none });
    });
  });

  test("NSG: Deny above the Allow", async () => {
    const allow = aSecurityRule({ destinationPortRange: "22", priority: 200 });
    const denyAt = (priority: number) =>
      aSecurityRule({ access: "Deny", protocol: "*", sourceAddressPrefix: "*", destinationPortRange: "*", priority });
    const above = [aNetwork(), aSecurityGroup([allow, denyAt(100)])];
    expect(await outcomeOf(above)).toEqual({ fail: ["NI605"], undetermined: none });
    const below = [aNetwork(), aSecurityGroup([denyAt(300), allow])];
    expect(await outcomeOf(below)).toEqual({ fail: ["NI602"], undetermined: none });
  });

  test("Key Vault with Deny and ranges that add up to nearly the internet", async () => {
    const ranges = ["1.0.0.0/8", "2.0.0.0/7", "4.0.0.0/6", "12.0.0.0/6", "16.0.0.0/4", "32.0.0.0/3", "64.0.0.0/3"];
    const vault = aKeyVault({ networkAcls: { ipRules: ranges.map((value) => ({ value })) } });
    expect(await outcomeOf(vault)).toEqual({ fail: ["NI102"], undetermined: none });
    const few = aKeyVault({ networkAcls: { ipRules: ranges.slice(0, 4).map((value) => ({ value })) } });
    expect(await outcomeOf(few)).toEqual({ fail: none, undetermined: none });
  });

  test.each([serviceBusId, eventHubsId])("Service Bus / Event Hubs: Deny with no rule: %s", async (id) => {
    const outcome = await outcomeOf([aNamespace(id, { ipRules: [] }), noPerimeter]);
    expect(outcome.fail).toEqual(["NI101", "NI107"]);
    expect((await outcomeOf([aNamespace(id), noPerimeter])).fail).toEqual(none);
  });

  test("SQL 0.0.0.0–0.0.0.0", async () => {
    const azure = aSqlServer({ firewallRules: [["0.0.0.0", "0.0.0.0"]] });
    expect(await outcomeOf(azure)).toEqual({ fail: ["NI103"], undetermined: none });
    const address = aSqlServer({ firewallRules: [["0.0.0.1", "0.0.0.1"]] });
    expect(await outcomeOf(address)).toEqual({ fail: ["NI105"], undetermined: none });
  });
});

/** What is one fault to its owner is one group in a report. */
describe("rules that fail on one cause share it", () => {
  const network = aNetwork([{ serviceEndpoints: ["Microsoft.Storage", "Microsoft.Sql"] }]);
  const privateEndpointConnections = [aConnection("Approved")];
  const virtualNetworkRules = [aNetworkRule()];

  async function causesOf(given: Given) {
    const { evaluations } = await auditOf(given);
    const findings = evaluations.flatMap((evaluation) => evaluation.findings);
    return Object.fromEntries(findings.map(({ rule, cause }) => [rule, `${cause?.resource.name} ${cause?.pointer}`]));
  }

  test("a default of Allow", async () => {
    const networkAcls = { defaultAction: "Allow", virtualNetworkRules };
    const at = "stdrawings /properties/networkAcls/defaultAction";
    expect(await causesOf([network, aStorageAccount({ privateEndpointConnections, networkAcls })])).toMatchObject({
      NI101: at,
      NI201: at,
      NI303: at,
    });
  });

  test("rules that are the internet together", async () => {
    const networkAcls = { ipRules: ipRules("0.0.0.0/1", "128.0.0.0/1"), virtualNetworkRules };
    const at = "stdrawings /properties/networkAcls/ipRules/0/value";
    expect(await causesOf([network, aStorageAccount({ privateEndpointConnections, networkAcls })])).toMatchObject({
      NI102: at,
      NI201: at,
      NI303: at,
    });
  });

  test("one rule of many that is everybody", async () => {
    const server = aSqlServer({
      properties: { privateEndpointConnections },
      firewallRules: [
        ["203.0.113.7", "203.0.113.7"],
        ["0.0.0.0", "255.255.255.255"],
      ],
    });
    const at = "rule-1 /properties";
    expect(await causesOf([network, server])).toMatchObject({ NI101: at, NI303: at });
  });

  test("a rule for Azure", async () => {
    const server = aSqlServer({
      properties: { privateEndpointConnections },
      firewallRules: [
        ["203.0.113.7", "203.0.113.7"],
        ["0.0.0.0", "0.0.0.0"],
      ],
    });
    const at = "rule-1 /properties";
    expect(await causesOf([network, server])).toMatchObject({ NI103: at, NI303: at });
  });
});
