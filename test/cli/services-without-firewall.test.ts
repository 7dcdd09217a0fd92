import { expect, test } from "vitest";
import { cordon, folderWith } from "./cordon.ts";
import { auditedIn, listOf, provider } from "./recorded-services.ts";

const approved = [{ name: "c1", properties: { privateLinkServiceConnectionState: { status: "Approved" } } }];

async function recording(): Promise<string> {
  return folderWith({
    "stores.json": listOf("Microsoft.AppConfiguration/configurationStores", {
      "appcs-automatic": {},
      "appcs-private": { privateEndpointConnections: approved },
      "appcs-open": { publicNetworkAccess: "Enabled", privateEndpointConnections: approved },
    }),
    "clusters.json": listOf("Microsoft.Cache/redisEnterprise", { "amr-old": { sku: { name: "Enterprise_E10" } } }),
  });
}

test("a recording of services that have no firewall is audited", async () => {
  const { code, found, states } = await auditedIn(await recording(), /./);
  expect(found).toEqual([
    "NI101 fail amr-old",
    "NI101 fail appcs-automatic",
    "NI101 fail appcs-open",
    "NI303 fail appcs-open",
  ]);
  expect(states).toEqual(
    ["amr-old", "appcs-automatic", "appcs-open", "appcs-private"].map((name) => `${name} audited`),
  );
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
  expect(stdout).toContain(
    `${provider}/Microsoft.AppConfiguration/configurationStores/appcs-open?api-version=2024-06-01`,
  );
  expect(stdout).toContain(`'{"properties":{"publicNetworkAccess":"Disabled"}}'`);
});

test("a fix says where Azure takes no switch", async () => {
  const { stdout } = await cordon(["fix", "NI101:amr-old", "--recording", await recording()]);
  expect(stdout).toContain("in the tier Enterprise_E10, which has no switch for public access");
});
