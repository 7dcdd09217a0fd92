import { createWriteStream } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { finished } from "node:stream/promises";
import type { Command } from "commander";
import { audit } from "../audit.ts";
import { CordonError } from "../model/cordon-error.ts";
import { rules } from "../rules/index.ts";
import { composeFrom } from "./load.ts";
import { say } from "./messages.ts";
import { addLiveOptions, type LiveSourceOptions, liveOptionsOf } from "./options.ts";
import { progressOn } from "./progress.ts";

interface Options extends LiveSourceOptions {
  readonly out: string;
  readonly policy?: string;
}

export function addRecord(program: Command): void {
  const command = program
    .command("record")
    .summary("write down what Azure answers, to audit it later or elsewhere")
    .description("Reads subscriptions as an audit would, and writes every answer of Azure to a file, one a line.");
  addLiveOptions(command)
    .option("--policy <file>", "what the owner expects, which decides what an audit asks for")
    .requiredOption("--out <folder>", "where the recording goes")
    .action(runRecord);
}

const fileName = "answers.ndjson";

/** An audit is what is recorded, so that the recording answers all that an audit asks. */
async function runRecord(options: Options): Promise<void> {
  const live = liveOptionsOf(options);
  if (live === undefined)
    throw new CordonError("ERR_NO_SCOPE", "nothing to record: give --subscription or --management-group");
  await mkdir(options.out, { recursive: true });
  const path = join(options.out, fileName);
  const file = createWriteStream(path);
  let count = 0;
  const onAnswer = (answer: object) => {
    count += 1;
    file.write(`${JSON.stringify(answer)}\n`);
  };
  const { reader, expectations } = await composeFrom(options, rules, { ...live, onAnswer });
  const progress = progressOn(process.stderr);
  const { gaps } = await audit(reader, expectations, progress.report).finally(progress.end);
  file.end();
  await finished(file).catch((cause: Error) => {
    throw new CordonError("ERR_OUTPUT_UNWRITABLE", `cannot write \`${path}\`: ${cause.message}`, cause);
  });
  for (const gap of gaps) say(`warning: ${gap}`);
  say(`recorded ${count} answers in \`${path}\`: npx cordon audit --recording ${options.out}`);
}
