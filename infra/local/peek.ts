import { QueueClient } from "@azure/storage-queue";
import { Command, InvalidArgumentError } from "commander";
import { CordonError } from "../../lib/model/cordon-error.ts";
import { failWith } from "./failure.ts";
import { eventLine, peekedAtMost, peekSummary } from "./peek-summary.ts";
import { portOf } from "./port-option.ts";
import { isMissing } from "./queue-listener.ts";
import { decode } from "./queue-message.ts";
import { readRun } from "./run-file.ts";

// Shows what is in a queue, and takes nothing out of it: `npm run -s peek [QUEUE] [-- --full] [-- --port 7071]`.
const program = new Command("npm run -s peek")
  .argument("[queue]", "audits, changes, deliveries, findings, or one of them with -poison", queueName, "findings")
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

const shown = full ? (text: string) => text : eventLine;

try {
  const queue = new QueueClient(readRun(port).storage, name, { retryOptions: { maxTries: 1 } });
  const { approximateMessagesCount = 0 } = await queue.getProperties();
  const { peekedMessageItems } = await queue.peekMessages({ numberOfMessages: peekedAtMost });
  for (const { messageText } of peekedMessageItems) {
    process.stdout.write(`${shown(decode(messageText, "base64") ?? messageText)}\n`);
  }
  process.stderr.write(`${peekSummary(name, approximateMessagesCount, peekedMessageItems.length)}\n`);
} catch (error) {
  failWith(wordsFor(error));
}

function wordsFor(error: unknown): unknown {
  if (isMissing(error)) return new CordonError("ERR_QUEUE_MISSING", `there is no queue \`${name}\` yet`, error);
  const isGone = error instanceof Error && "code" in error && error.code === "ECONNREFUSED";
  const gone = `nothing to look at: the \`npm start\` that ran on port ${port} is not there any more`;
  return isGone ? new CordonError("ERR_NOT_RUNNING", gone, error) : error;
}

/** https://learn.microsoft.com/rest/api/storageservices/naming-queues-and-metadata#queue-names */
function queueName(text: string): string {
  const isName = /^[a-z\d](-?[a-z\d])+$/.test(text) && text.length >= 3 && text.length <= 63;
  if (!isName) throw new InvalidArgumentError("Names of queues have lower-case letters, digits and hyphens.");
  return text;
}
