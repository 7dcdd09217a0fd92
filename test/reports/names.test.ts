import { expect, test } from "vitest";
import { nameOf, nameWithin } from "../../lib/reports/names.ts";

const group = "/subscriptions/00000000-0000-4000-8000-000000000001/resourceGroups/rg/providers/Microsoft.Network";
const network = `${group}/virtualNetworks/vnet`;

test.each([
  [network, "vnet"],
  [`${network}/subnets/default`, "default"],
  [`${network}/effectiveSecurityAdminRules/current`, "vnet/effectiveSecurityAdminRules"],
  [`${group}/networkInterfaces/nic/effectiveRouteTable/default`, "nic/effectiveRouteTable"],
  ["site:plant", "plant"],
])("people call %s %s", (id, name) => {
  expect(nameOf(id)).toBe(name);
});

test("an answer of Azure about a network is named by the network while its subnet is talked of", () => {
  const name = nameWithin(`${network}/effectiveSecurityAdminRules/current`, `${network}/subnets/default`);
  expect(name).toBe("vnet/effectiveSecurityAdminRules");
});
