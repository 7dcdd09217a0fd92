import { copyFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { policyFileName, readPolicyFile } from "../lib/config.ts";
import { bundle } from "./build.ts";

const root = resolve(import.meta.dirname, "..");

/**
 * Makes the folder that is deployed: the bundle, host.json and the policy, and nothing to install. Throws a CordonError
 * where the policy is not one, before the app would refuse to start on it.
 */
export async function packageApp(folder: string, policy = join(root, "infra", policyFileName)): Promise<void> {
  await readPolicyFile(policy);
  rmSync(folder, { recursive: true, force: true });
  await bundle({ entry: "functions/index.ts", outfile: join(folder, "index.cjs") });
  copyFileSync(join(root, "host.json"), join(folder, "host.json"));
  copyFileSync(policy, join(folder, policyFileName));
  writeFileSync(join(folder, "package.json"), `${JSON.stringify({ name: "cordon", main: "index.cjs" })}\n`);
}

if (import.meta.main) await packageApp(join(root, "dist"));
