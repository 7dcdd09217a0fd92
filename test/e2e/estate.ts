import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Two subscriptions in the recording; the suite's own vaults stand in the first. */
export const subscriptions = ["e2e00000-0000-4000-8000-00000000000a", "e2e00000-0000-4000-8000-00000000000b"] as const;
const [first, second] = subscriptions;

/** What everybody finds: an open vault in the first subscription, none in the second. */
export function writeEstate(recording: string): { readonly subscriptions: readonly string[] } {
  mkdirSync(recording, { recursive: true });
  writeVault(recording, "kv-standing", "open");
  writeFileSync(join(recording, "second.json"), JSON.stringify(vault("kv-closed", "closed", second)));
  return { subscriptions };
}

export type Door = "open" | "closed" | "gone";

export function vaultId(name: string, subscription: string = first): string {
  return `/subscriptions/${subscription}/resourceGroups/rg-e2e/providers/Microsoft.KeyVault/vaults/${name}`;
}

/** A key vault as it is from now on. */
export function writeVault(recording: string, name: string, door: Door): void {
  const url = `${vaultId(name)}?api-version=2026-02-01`;
  const answer = { at: new Date().toISOString(), method: "GET", url };
  const gone = { status: 404, body: { error: { code: "ResourceNotFound", message: "it is not there" } } };
  const there = { status: 200, body: vault(name, door, first) };
  writeFileSync(fileOf(recording, name), JSON.stringify({ ...answer, ...(door === "gone" ? gone : there) }));
}

/** As if nobody had ever recorded it. */
export function forgetVault(recording: string, name: string): void {
  rmSync(fileOf(recording, name), { force: true });
}

function fileOf(recording: string, name: string): string {
  return join(recording, `${encodeURIComponent(name).slice(0, 60)}.json`);
}

function vault(name: string, door: Door, subscription: string): object {
  return {
    id: vaultId(name, subscription),
    name,
    type: "Microsoft.KeyVault/vaults",
    location: "westeurope",
    // Other people's text.
    tags: { owner: "<script>alert('owner')</script>" },
    properties: {
      sku: { family: "A", name: "standard" },
      tenantId: "00000000-0000-4000-8000-0000000000ff",
      publicNetworkAccess: door === "open" ? "Enabled" : "Disabled",
      networkAcls: {
        bypass: "None",
        defaultAction: door === "open" ? "Allow" : "Deny",
        ipRules: [],
        virtualNetworkRules: [],
      },
      privateEndpointConnections: [],
    },
  };
}
