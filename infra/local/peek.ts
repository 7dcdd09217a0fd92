import { readFileSync } from "node:fs";
import { QueueClient } from "@azure/storage-queue";
import { CordonError } from "../../lib/model/cordon-error.ts";
import { failWith } from "./failure.ts";
import { isMissing } from "./queue-listener.ts";
import { decode } from "./queue-message.ts";
import { runFile } from "./run-file.ts";

// Shows what is in a queue and takes nothing out of it: `npm run -s peek findings [-- --full]`.
const [name = "findings", ...options] = process.argv.slice(2);
const isFull = options.includes("--full");

try {
  const queue = new QueueClient(storageOf(runFile), name);
  const { approximateMessagesCount = 0 } = await queue.getProperties();
  const { peekedMessageItems } = await queue.peekMessages({ numberOfMessages: 32 });
  for (const { messageText } of peekedMessageItems)
    process.stdout.write(`${lineOf(decode(messageText, "base64") ?? messageText)}\n`);
  const shown =
    peekedMessageItems.length < approximateMessagesCount
      ? `, of which these are the first ${peekedMessageItems.length}`
      : "";
  process.stderr.write(`${approximateMessagesCount} messages in ${name}${shown}\n`);
} catch (error) {
  failWith(
    isMissing(error) ? new CordonError("ERR_QUEUE_MISSING", `there is no queue \`${name}\` (yet)`, error) : error,
  );
}

function storageOf(file: string): string {
  try {
    const { storage } = JSON.parse(readFileSync(file, "utf8")) as { readonly storage: string };
    return storage;
  } catch (error) {
    throw new CordonError("ERR_NOT_RUNNING", "nothing to look at: `npm start` is not running", error);
  }
}

/** An event in one line; what is none, as it is. */
function lineOf(text: string): string {
  if (isFull) return text;
  try {
    const { type, subject, data } = JSON.parse(text) as { type: string; subject: string; data: { rule?: string } };
    return [type, data.rule, subject].filter((part) => part !== undefined).join("  ");
  } catch {
    return text;
  }
}
