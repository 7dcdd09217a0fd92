import { expect, test } from "vitest";
import { subscription } from "../support/builders.ts";
import { cordon, folderWith } from "./cordon.ts";
import { answer, auditedIn, listOf, provider } from "./recorded-services.ts";

const registries = "Microsoft.ContainerRegistry/registries";
const accounts = "Microsoft.CognitiveServices/accounts";
const searches = "Microsoft.Search/searchServices";
const hsms = "Microsoft.KeyVault/managedHSMs";

const premium = { name: "Premium", tier: "Premium" };
const subnet = `${provider}/Microsoft.Network/virtualNetworks/vnet/subnets/snet-agents`;
const agents = [{ scenario: "agent", subnetArmId: subnet }];
const closed = { publicNetworkAccess: "Enabled", networkRuleBypassOptions: "None" };

async function recording(): Promise<string> {
  return folderWith({
    "registries.json": listOf(registries, {
      crbasic: { sku: { name: "Basic", tier: "Basic" }, publicNetworkAccess: "Enabled" },
      crpremium: { sku: premium, ...closed, networkRuleSet: { defaultAction: "Deny", ipRules: [] } },
    }),
    "accounts.json": listOf(accounts, {
      "ai-open": { sku: { name: "S0" }, networkAcls: { defaultAction: "Allow" } },
      "ai-agents": { sku: { name: "S0" }, publicNetworkAccess: "Disabled", networkInjections: agents },
    }),
    "searches.json": listOf(searches, { "srch-open": { sku: { name: "standard" }, networkRuleSet: { ipRules: [] } } }),
    "hsms.json": listOf(hsms, {
      "hsm-closed": { sku: { family: "B", name: "Standard_B1" }, publicNetworkAccess: "Disabled" },
    }),
  });
}

test("a recording of registries, accounts, search services and HSMs is audited, and agents keep their place", async () => {
  const { code, found, states } = await auditedIn(await recording(), /^NI(1|20)/);
  expect(found).toEqual([
    "NI101 fail ai-open",
    "NI101 fail crbasic",
    "NI101 fail srch-open",
    "NI106 fail hsm-closed",
    "NI202 undetermined crpremium",
    "NI203 undetermined crpremium",
    "NI205 undetermined crpremium",
  ]);
  expect(states).toEqual(
    ["ai-agents", "ai-open", "crbasic", "crpremium", "hsm-closed", "srch-open"].map((name) => `${name} audited`),
  );
  expect(code).toBe(1);
});

test("who reaches one is told by the setting that lets them in, or keeps them out", async () => {
  const folder = await recording();
  const open = await cordon(["reach", "srch-open", "--from", "9.9.9.9", "--recording", folder]);
  expect(open.stdout).toContain("9.9.9.9 → srch-open, TCP 443");
  const shut = await cordon(["reach", "hsm-closed", "--from", "9.9.9.9", "--recording", folder]);
  expect(shut.stdout).toContain('/properties/publicNetworkAccess = "Disabled"');
});

test("a registry that was read without its properties is unsure for that reason alone", async () => {
  const thin = { id: `${provider}/${registries}/crthin`, name: "crthin", type: registries };
  const folder = await folderWith({
    "thin.json": answer(`${subscription}/providers/${registries}`, { value: [thin] }),
  });
  const { stdout } = await cordon(["audit", "--recording", folder, "--format", "json"]);
  const { findings } = JSON.parse(stdout);
  const ofRegistry = findings.filter(({ resource }: { resource: string }) => resource === thin.id);
  const reasons = ofRegistry.map(({ because }: { because: readonly string[] }) => because);
  expect(reasons).not.toEqual([]);
  for (const because of reasons) expect(because).toEqual([`\`${thin.id}\` was read without its properties`]);
});

test("that a firewall has no rule is told as what lets a caller in", async () => {
  const { stdout } = await cordon(["reach", "srch-open", "--from", "9.9.9.9", "--recording", await recording()]);
  expect(stdout).toContain("✓ the firewall has no rule, and admits everybody then");
});

test("a fix says that a registry's tier has no firewall", async () => {
  const { stdout } = await cordon(["fix", "NI101:crbasic", "--recording", await recording()]);
  expect(stdout).toContain("is in the tier Basic, which has no firewall: move it to one that has first");
});
