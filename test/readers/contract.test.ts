import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";
import { arm } from "../../lib/readers/arm.ts";
import type { ArmConnection } from "../../lib/readers/arm-connection.ts";
import { network } from "../../lib/readers/network.ts";
import type { Reader } from "../../lib/readers/reader.ts";
import { recorded } from "../../lib/readers/recorded.ts";
import { resourceGraph } from "../../lib/readers/resource-graph.ts";
import { storage } from "../../lib/readers/storage.ts";
import type { Body } from "../support/arm-simulator/world.ts";
import { idOf } from "../support/builders.ts";
import { keepsTheContract, readingsOfAll, subscription } from "./contract.ts";

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

/** The one list that is everything to it. */
function listOfVaults(connection: ArmConnection): Reader {
  const parent = idOf(`/subscriptions/${subscription}`);
  const read = () => arm(connection).read({ kind: "list", parent, type: "Microsoft.KeyVault/vaults" });
  return { readAll: read, read };
}

keepsTheContract({
  name: "arm",
  make: listOfVaults,
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

const folder = mkdtempSync(join(tmpdir(), "cordon-contract-"));
afterAll(() => rmSync(folder, { recursive: true }));
let recordings = 0;

/** What another reader is answered, written down, and read from there. */
async function recordingOf(connection: ArmConnection, make: (connection: ArmConnection) => Reader): Promise<Reader> {
  const lines: string[] = [];
  await readingsOfAll(make({ ...connection, onAnswer: (answer) => lines.push(`${JSON.stringify(answer)}\n`) }));
  recordings += 1;
  const file = join(folder, `recording-${recordings}.ndjson`);
  writeFileSync(file, lines.join(""));
  return recorded([file]);
}

keepsTheContract({
  name: "recorded, of lists",
  make: (connection) => recordingOf(connection, listOfVaults),
  bodies: five("Microsoft.KeyVault/vaults"),
});

keepsTheContract({
  name: "recorded, of Resource Graph",
  make: (connection) => recordingOf(connection, (told) => resourceGraph(told, [subscription])),
  bodies: five("Microsoft.KeyVault/vaults"),
});
