import { expect, test } from "vitest";
import { subscription } from "../support/builders.ts";
import { cordon, folderWith } from "./cordon.ts";

const at = "2026-11-20T09:30:00Z";
const provider = `${subscription}/resourceGroups/rg-erp/providers`;

function answer(type: string, apiVersion: string, value: readonly object[]) {
  const url = `${subscription}/providers/${type}?api-version=${apiVersion}`;
  return { at, method: "GET", url, status: 200, body: { value } };
}

function resource(type: string, name: string, sku: object, properties: object) {
  const all = { privateEndpointConnections: [], ...properties };
  return { id: `${provider}/${type}/${name}`, name, type, location: "West Europe", sku, properties: all };
}

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
    "registries.json": answer(registries, "2025-11-01", [
      resource(registries, "crbasic", { name: "Basic", tier: "Basic" }, { publicNetworkAccess: "Enabled" }),
      resource(registries, "crpremium", premium, { ...closed, networkRuleSet: { defaultAction: "Deny", ipRules: [] } }),
    ]),
    "accounts.json": answer(accounts, "2026-07-01", [
      resource(accounts, "ai-open", { name: "S0" }, { networkAcls: { defaultAction: "Allow" } }),
      resource(accounts, "ai-agents", { name: "S0" }, { publicNetworkAccess: "Disabled", networkInjections: agents }),
    ]),
    "searches.json": answer(searches, "2025-05-01", [
      resource(searches, "srch-open", { name: "standard" }, { networkRuleSet: { ipRules: [] } }),
    ]),
    "hsms.json": answer(hsms, "2026-02-01", [
      resource(hsms, "hsm-closed", { family: "B", name: "Standard_B1" }, { publicNetworkAccess: "Disabled" }),
    ]),
  });
}

test("a recording of registries, accounts, search services and HSMs is audited, and agents keep their place", async () => {
  const { code, stdout } = await cordon(["audit", "--recording", await recording(), "--format", "json"]);
  const { findings, services } = JSON.parse(stdout);
  const found = findings.map(
    ({ rule, status, resource }: Record<string, string>) => `${rule} ${status} ${resource?.split("/").at(-1)}`,
  );
  const ofServices = found.filter((line: string) => /^NI(1|20)/.test(line));
  expect(ofServices.sort()).toEqual([
    "NI101 fail ai-open",
    "NI101 fail crbasic",
    "NI101 fail srch-open",
    "NI106 fail hsm-closed",
    "NI202 undetermined crpremium",
    "NI203 undetermined crpremium",
    "NI205 undetermined crpremium",
  ]);
  const states = services.map(({ id, state }: Record<string, string>) => `${id?.split("/").at(-1)} ${state}`);
  expect(states.sort()).toEqual(
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
  const folder = await folderWith({ "thin.json": answer(registries, "2025-11-01", [thin]) });
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
