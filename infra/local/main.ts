import { Command } from "commander";
import { failWith } from "./failure.ts";
import { startHost } from "./host.ts";
import { portOf } from "./port-option.ts";
import { printedLog } from "./printed-log.ts";
import { untilStopped } from "./until-stopped.ts";

// Runs a built function app: `node infra/local/main.ts [FOLDER] [--port 7071]`.
const program = new Command("local-host")
  .description("Runs a built function app on this machine. It is not the Functions runtime.")
  .argument("[folder]", "the app: package.json, host.json, local.settings.json", ".")
  .option("--port <number>", "where it listens; 0 is a port that is free", portOf, 7071)
  .option("--verbose", "debugging lines, too", false);

const { port, verbose } = program.parse().opts<{ port: number; verbose: boolean }>();
const [appFolder = "."] = program.processedArgs as string[];

try {
  const host = await startHost({ appFolder, port, log: printedLog(process.stderr, verbose), onLost: failWith });
  untilStopped(host);
  process.stdout.write(`${JSON.stringify({ address: host.address, storage: host.storage, keys: host.keys })}\n`);
} catch (error) {
  failWith(error);
}
