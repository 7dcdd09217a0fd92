import { arm } from "../../lib/readers/arm.ts";
import { network } from "../../lib/readers/network.ts";
import { resourceGraph } from "../../lib/readers/resource-graph.ts";
import { storage } from "../../lib/readers/storage.ts";
import type { Body } from "../support/arm-simulator/world.ts";
import { keepsTheContract, subscription } from "./contract.ts";

const group = `/subscriptions/${subscription}/resourceGroups/rg-contract/providers`;

/** With settings that no client model knows, which have to come through all the same. */
function five(type: string): readonly Body[] {
  return [1, 2, 3, 4, 5].map((item) => ({
    id: `${group}/${type}/thing-${item}`,
    name: `thing-${item}`,
    type,
    location: "westeurope",
    properties: { provisioningState: "Succeeded", settingOfTomorrow: { item }, publicNetworkAccess: "Disabled" },
  }));
}

keepsTheContract({
  name: "arm",
  make: (connection) => arm(connection, [subscription], ["Microsoft.KeyVault/vaults"]),
  bodies: five("Microsoft.KeyVault/vaults"),
});

keepsTheContract({
  name: "network",
  make: (connection) => network(connection, [subscription]),
  bodies: five("Microsoft.Network/routeTables"),
});

keepsTheContract({
  name: "storage",
  make: (connection) => storage(connection, [subscription]),
  bodies: five("Microsoft.Storage/storageAccounts"),
});

keepsTheContract({
  name: "resource-graph",
  make: (connection) => resourceGraph(connection, [subscription]),
  bodies: five("Microsoft.KeyVault/vaults"),
});
