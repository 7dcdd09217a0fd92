import { QueueClient } from "@azure/storage-queue";
import { Command } from "commander";
import { CordonError } from "../../lib/model/cordon-error.ts";
import { failWith } from "./failure.ts";
import { peekedAtMost, peekSummary } from "./peek-summary.ts";
import { portOf } from "./port-option.ts";
import { isMissing } from "./queue-listener.ts";
import { decode } from "./queue-message.ts";
import { readRun } from "./run-file.ts";

// Shows what is in a queue, and takes nothing out of it: `npm run -s peek [QUEUE] [-- --full] [-- --port 7071]`.
const program = new Command("npm run -s peek")
  .argument("[queue]", "audits, changes, deliveries, findings, or one of them with -poison", "findings")
  .option("--full", "messages as they are, not a line for each", false)
  .option("--port <number>", "of `npm start`", portOf, 7071)
  .parse();
const { full, port } = program.opts<{ full: boolean; port: number }>();
const [name = ""] = program.processedArgs as string[];

// whoever reads may have seen enough: `| head`
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") failWith(error);
  process.exit();
});

try {
  const queue = new QueueClient(readRun(port).storage, name);
  const { approximateMessagesCount = 0 } = await queue.getProperties();
  const { peekedMessageItems } = await queue.peekMessages({ numberOfMessages: peekedAtMost });
  for (const { messageText } of peekedMessageItems) {
    process.stdout.write(`${lineOf(decode(messageText, "base64") ?? messageText)}\n`);
  }
  process.stderr.write(`${peekSummary(name, approximateMessagesCount, peekedMessageItems.length)}\n`);
} catch (error) {
  failWith(isMissing(error) ? new CordonError("ERR_QUEUE_MISSING", `there is no queue \`${name}\` yet`, error) : error);
}

/** An event in one line; what is none, as it is. */
function lineOf(text: string): string {
  if (full) return text;
  try {
    const { type, subject, data } = JSON.parse(text) as { type: string; subject: string; data: { rule?: string } };
    return [type, data.rule, subject].filter((part) => part !== undefined).join("  ");
  } catch {
    return text;
  }
}
