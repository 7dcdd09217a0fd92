import { expect, test } from "vitest";
import { cordon, folderWith } from "./cordon.ts";
import { auditedIn, listOf, provider, rulesOf } from "./recorded-services.ts";

const workspaces = "Microsoft.Synapse/workspaces";
const clusters = "Microsoft.Kusto/clusters";
const batches = "Microsoft.Batch/batchAccounts";
const automations = "Microsoft.Automation/automationAccounts";
const vaults = "Microsoft.RecoveryServices/vaults";

const subnetId = `${provider}/Microsoft.Network/virtualNetworks/vnet/subnets/snet-adx`;

async function recording(): Promise<string> {
  const open = { defaultAction: "Allow", ipRules: [] };
  const shut = { defaultAction: "Deny", ipRules: [] };
  return folderWith({
    "workspaces.json": listOf(workspaces, { "syn-open": {}, "syn-unread": {} }),
    "rules.json": rulesOf(workspaces, "syn-open", {
      allowAll: { startIpAddress: "0.0.0.0", endIpAddress: "255.255.255.255" },
    }),
    "clusters.json": listOf(clusters, {
      "adx-open": { allowedIpRangeList: [] },
      "adx-inside": { virtualNetworkConfiguration: { subnetId, state: "Enabled" } },
    }),
    "batches.json": listOf(batches, {
      baopen: { networkProfile: { accountAccess: shut, nodeManagementAccess: open } },
      bashut: { networkProfile: { accountAccess: shut, nodeManagementAccess: shut } },
    }),
    "automations.json": listOf(automations, {
      "aa-open": { publicNetworkAccess: true },
      "aa-shut": { publicNetworkAccess: false },
    }),
    "vaults.json": listOf(vaults, { "rsv-open": { publicNetworkAccess: "Enabled" } }),
  });
}

test("a recording of workspaces, clusters, accounts and vaults is audited", async () => {
  const { code, found, states } = await auditedIn(await recording(), /^NI10/);
  expect(found).toEqual([
    "NI101 fail aa-open",
    "NI101 fail adx-open",
    "NI101 fail baopen",
    "NI101 fail rsv-open",
    "NI101 fail syn-open",
    "NI101 undetermined syn-unread",
    "NI102 undetermined syn-unread",
    "NI103 undetermined syn-unread",
    "NI105 undetermined syn-unread",
  ]);
  expect(states).toEqual([
    "aa-open audited",
    "aa-shut audited",
    "adx-inside placed",
    "adx-open audited",
    "baopen audited",
    "bashut audited",
    "rsv-open audited",
    "syn-open audited",
    "syn-unread audited",
  ]);
  expect(code).toBe(1);
});

test.each([
  { service: "syn-open", says: ["gets in", "9.9.9.9 → syn-open, TCP 443", "allowAll"] },
  { service: "adx-open", says: ["gets in", "the firewall has no rule, and admits everybody then"] },
  { service: "aa-open", says: ["gets in", "public access is on, and the service has no firewall"] },
  { service: "aa-shut", says: ["blocked", "/properties/publicNetworkAccess = false"] },
  { service: "baopen", says: ["the firewall of the node management endpoint", "nodeManagementAccess"] },
  { service: "bashut", says: ["blocked", "nothing in the firewall of the account endpoint admits the address"] },
])("who reaches $service is told", async ({ service, says }) => {
  const { stdout } = await cordon(["reach", service, "--from", "9.9.9.9", "--recording", await recording()]);
  for (const one of says) expect(stdout).toContain(one);
});

test("a fix says which vaults Azure does not shut", async () => {
  const { stdout } = await cordon(["fix", "NI101:rsv-open", "--recording", await recording()]);
  expect(stdout).toContain("Cross Region Restore");
});
