import { expect, test } from "vitest";
import { subscription } from "../support/builders.ts";
import { cordon, folderWith } from "./cordon.ts";

const servers = "Microsoft.DBforPostgreSQL/flexibleServers";
const at = "2026-11-20T09:30:00Z";
const idOf = (name: string) => `${subscription}/resourceGroups/rg-erp/providers/${servers}/${name}`;

function answer(path: string, value: readonly object[]) {
  return { at, method: "GET", url: `${path}?api-version=2025-08-01`, status: 200, body: { value } };
}

function aServer(name: string, network: object) {
  const properties = { version: "17", network, privateEndpointConnections: [] };
  return { id: idOf(name), name, type: servers, location: "West Europe", properties };
}

function aRule(server: string, name: string, startIpAddress: string, endIpAddress: string) {
  const id = `${idOf(server)}/firewallRules/${name}`;
  return { id, name, type: `${servers}/firewallRules`, properties: { startIpAddress, endIpAddress } };
}

const open = { publicNetworkAccess: "Enabled" };
const subnet = `${subscription}/resourceGroups/rg-erp/providers/Microsoft.Network/virtualNetworks/vnet/subnets/snet-psql`;

async function recording(): Promise<string> {
  return folderWith({
    "servers.json": answer(`${subscription}/providers/${servers}`, [
      aServer("psql-open", open),
      aServer("psql-azure", open),
      aServer("psql-unread", open),
      aServer("psql-inside", { publicNetworkAccess: "Disabled", delegatedSubnetResourceId: subnet }),
    ]),
    "open.json": answer(`${idOf("psql-open")}/firewallRules`, [
      aRule("psql-open", "AllowAll", "0.0.0.0", "255.255.255.255"),
    ]),
    "azure.json": answer(`${idOf("psql-azure")}/firewallRules`, [
      aRule("psql-azure", "AllowAllAzureServicesAndResourcesWithinAzureIps", "0.0.0.0", "0.0.0.0"),
    ]),
  });
}

test("a recording of flexible servers is audited: open ones, one whose rules nobody read, one in a subnet", async () => {
  const { code, stdout } = await cordon(["audit", "--recording", await recording(), "--format", "json"]);
  const { findings, services } = JSON.parse(stdout);
  const found = findings
    .filter(({ rule }: { rule: string }) => /^NI10/.test(rule))
    .map(({ rule, status, resource }: Record<string, string>) => `${rule} ${status} ${resource?.split("/").at(-1)}`);
  expect(found.sort()).toEqual([
    "NI101 fail psql-open",
    "NI101 undetermined psql-unread",
    "NI102 undetermined psql-unread",
    "NI103 fail psql-azure",
    "NI103 undetermined psql-unread",
    "NI105 undetermined psql-unread",
  ]);
  const states = services.map(({ id, state }: Record<string, string>) => `${id?.split("/").at(-1)} ${state}`);
  expect(states.sort()).toEqual([
    "psql-azure audited",
    "psql-inside placed",
    "psql-open audited",
    "psql-unread audited",
  ]);
  expect(code).toBe(1);
});

test("who reaches one is told by the rule that lets them in", async () => {
  const args = ["reach", "psql-open", "--from", "9.9.9.9", "--recording", await recording()];
  const { stdout } = await cordon(args);
  expect(stdout).toContain("9.9.9.9 → psql-open, TCP 5432");
  expect(stdout).toContain("AllowAll");
});

test("a fix names the command line of the server's kind", async () => {
  const args = ["fix", "NI101:psql-open", "--recording", await recording()];
  const { stdout } = await cordon(args);
  expect(stdout).toContain("az postgres flexible-server firewall-rule delete --server-name psql-open --name AllowAll");
});
