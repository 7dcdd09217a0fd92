import { spawn, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { CordonError } from "../../lib/model/cordon-error.ts";
import { bundle } from "../build.ts";
import { startAzurite } from "./azurite.ts";
import { failWith } from "./failure.ts";
import { readSettings } from "./settings.ts";

// The same on Azure Functions Core Tools, for those who have them: `npm run start:func [-- <options of func start>]`.
const root = fileURLToPath(new URL("../..", import.meta.url));
const link = "https://learn.microsoft.com/azure/azure-functions/functions-run-local";

try {
  if (spawnSync("func", ["--version"]).error !== undefined) {
    const message = `Azure Functions Core Tools are not installed: \`func\` is not in the path. They are no package of npm alone (${link}). \`npm start\` runs the same app without them`;
    throw new CordonError("ERR_FUNC_MISSING", message);
  }
  await bundle({ entry: "functions/index.ts", outfile: "dist/index.cjs" });
  const settings = readSettings(root, process.env);
  const azurite = settings.AzureWebJobsStorage === "UseDevelopmentStorage=true" ? await startAzurite() : undefined;
  const env = {
    ...process.env,
    // Without local.settings.json, which is never in the repository, the settings of the sample.
    ...(existsSync(`${root}/local.settings.json`) ? {} : settings),
    ...(azurite === undefined ? {} : { AzureWebJobsStorage: azurite.connectionString }),
  };
  const func = spawn("func", ["start", ...process.argv.slice(2)], { cwd: root, env, stdio: "inherit" });
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => func.kill(signal));
  func.once("exit", async (code) => {
    await azurite?.stop();
    process.exit(code ?? 1);
  });
} catch (error) {
  failWith(error);
}
