import { expect, test } from "vitest";
import { subscription } from "../support/builders.ts";
import { cordon, folderWith } from "./cordon.ts";

const group = `${subscription}/resourceGroups/rg-erp/providers`;
const approved = [{ name: "c1", properties: { privateLinkServiceConnectionState: { status: "Approved" } } }];

function listOf(type: string, services: Readonly<Record<string, Readonly<Record<string, unknown>>>>) {
  const value = Object.entries(services).map(([name, { sku = "Standard", ...own }]) => {
    const properties = { privateEndpointConnections: [], ...own };
    return { id: `${group}/${type}/${name}`, name, type, location: "West Europe", sku: { name: sku }, properties };
  });
  const url = `${subscription}/providers/${type}?api-version=2025-01-01`;
  return { at: "2026-11-20T09:30:00Z", method: "GET", url, status: 200, body: { value } };
}

async function recording(): Promise<string> {
  return folderWith({
    "stores.json": listOf("Microsoft.AppConfiguration/configurationStores", {
      "appcs-automatic": {},
      "appcs-private": { privateEndpointConnections: approved },
      "appcs-open": { publicNetworkAccess: "Enabled", privateEndpointConnections: approved },
    }),
    "clusters.json": listOf("Microsoft.Cache/redisEnterprise", { "amr-old": { sku: "Enterprise_E10" } }),
  });
}

test("a recording of services that have no firewall is audited", async () => {
  const { code, stdout } = await cordon(["audit", "--recording", await recording(), "--format", "json"]);
  const { findings, services } = JSON.parse(stdout);
  const found = findings.map(
    ({ rule, status, resource }: Record<string, string>) => `${rule} ${status} ${resource?.split("/").at(-1)}`,
  );
  expect(found.sort()).toEqual([
    "NI101 fail amr-old",
    "NI101 fail appcs-automatic",
    "NI101 fail appcs-open",
    "NI303 fail appcs-open",
  ]);
  expect(services.map(({ state }: Record<string, string>) => state)).toEqual(Array(4).fill("audited"));
  expect(code).toBe(1);
});

test.each([
  {
    service: "appcs-open",
    says: ["gets in", "public access is on, and the service has no firewall", "the service itself admits the address"],
  },
  { service: "appcs-private", says: ["blocked", "public access is off"] },
])("who reaches $service is told without a word of a firewall that it does not have", async ({ service, says }) => {
  const { stdout } = await cordon(["reach", service, "--from", "9.9.9.9", "--recording", await recording()]);
  for (const one of says) expect(stdout).toContain(one);
  expect(stdout).not.toContain("the firewall");
});

test("a fix is a patch where versions of the command line have different options", async () => {
  const { stdout } = await cordon(["fix", "NI303:appcs-open", "--recording", await recording()]);
  expect(stdout).toContain(`${group}/Microsoft.AppConfiguration/configurationStores/appcs-open?api-version=2024-06-01`);
  expect(stdout).toContain(`'{"properties":{"publicNetworkAccess":"Disabled"}}'`);
});

test("a fix says where Azure takes no switch", async () => {
  const { stdout } = await cordon(["fix", "NI101:amr-old", "--recording", await recording()]);
  expect(stdout).toContain("in the tier Enterprise_E10, which has no switch for public access");
});
