import { expect, test } from "vitest";
import { readTypes } from "../../lib/catalog/api-versions.ts";
import { requiredActions } from "../../lib/catalog/required-actions.ts";
import { resourceGraphTables } from "../../lib/catalog/resource-graph.ts";
import { isGranted } from "../../lib/readers/permissions.ts";

test("the rights cover every type that is read, by id or through Resource Graph", () => {
  const granted = [{ actions: [...requiredActions.keys()] }];
  const types = [...readTypes, ...[...resourceGraphTables.values()].flat()];
  expect(types.filter((type) => !isGranted(`${type}/read`, granted))).toEqual([]);
});

test("none of the rights changes anything", () => {
  const reading = /\/read$|\/effectiveRouteTable\/action$|\/listNetworkManagerEffectiveSecurityAdminRules\/action$/;
  expect([...requiredActions.keys()].filter((action) => !reading.test(action))).toEqual([]);
});

test.each([
  { action: "Microsoft.Network/virtualNetworks/read", actions: ["*/read"], notActions: [], is: true },
  { action: "Microsoft.Network/virtualNetworks/read", actions: ["*"], notActions: [], is: true },
  { action: "microsoft.network/virtualnetworks/read", actions: ["Microsoft.Network/*/READ"], notActions: [], is: true },
  {
    action: "Microsoft.Network/virtualNetworks/read",
    actions: ["Microsoft.Network/virtualNetworks/subnets/read"],
    notActions: [],
    is: false,
  },
  {
    action: "Microsoft.Network/virtualNetworks/read",
    actions: ["*/read"],
    notActions: ["Microsoft.Network/*"],
    is: false,
  },
  { action: "Microsoft.Network/virtualNetworks/read", actions: [], notActions: [], is: false },
  {
    action: "Microsoft.Network/virtualNetworks/read",
    actions: ["Microsoft-Network/virtualNetworks/read"],
    notActions: [],
    is: false,
  },
])("$action by $actions without $notActions", ({ action, actions, notActions, is }) => {
  expect(isGranted(action, [{ actions, notActions }])).toBe(is);
});

test("what one assignment excludes another may grant", () => {
  const excluded = { actions: ["*/read"], notActions: ["Microsoft.Sql/*"] };
  expect(isGranted("Microsoft.Sql/servers/read", [excluded, { actions: ["Microsoft.Sql/servers/read"] }])).toBe(true);
});

test("an action of many wildcards takes no time", () => {
  const actions = [`${"*".repeat(40)}q`, `${"*e".repeat(40)}*q`];
  const start = performance.now();
  expect(isGranted("Microsoft.Network/networkInterfaces/effectiveRouteTable/action", [{ actions }])).toBe(false);
  expect(performance.now() - start).toBeLessThan(1000);
});
