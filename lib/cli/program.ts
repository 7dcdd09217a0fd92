import { Command, CommanderError } from "commander";
import packageJson from "../../package.json" with { type: "json" };
import { addAudit } from "./audit.ts";
import { addCompare } from "./compare.ts";
import { addExplain } from "./explain.ts";
import { addFix } from "./fix.ts";
import { describeError, say } from "./messages.ts";
import { addReach } from "./reach.ts";
import { addRecord } from "./record.ts";
import { addRoutes } from "./routes.ts";

const program = new Command("cordon")
  .description(packageJson.description)
  .version(packageJson.version)
  .showHelpAfterError("(see `cordon --help`)")
  .configureOutput({ outputError: (text, write) => write(inHouseStyle(text)) })
  .exitOverride();
addAudit(program);
addReach(program);
addRoutes(program);
addFix(program);
addCompare(program);
addRecord(program);
addExplain(program);
for (const command of program.commands) command.showHelpAfterError(`(see \`cordon ${command.name()} --help\`)`);

process.on("uncaughtException", giveUp);
for (const stream of [process.stdout, process.stderr]) stream.on("error", onStreamError);

try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : 2;
  else giveUp(error);
}

/** The reason goes on after a colon. */
function inHouseStyle(text: string): string {
  return text.replace(/ is invalid\. (\w)/, (_, first: string) => ` is invalid: ${first.toLowerCase()}`);
}

function giveUp(error: unknown): void {
  say(`error: ${describeError(error)}`);
  process.exitCode = 2;
}

/** Whoever reads the output may stop reading, as `head` does. */
function onStreamError(error: NodeJS.ErrnoException): void {
  if (error.code !== "EPIPE") giveUp(error);
}
