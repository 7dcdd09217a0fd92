import { randomBytes } from "node:crypto";
import { createWriteStream } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import type { Command } from "commander";
import { audit } from "../audit.ts";
import { CordonError } from "../model/cordon-error.ts";
import { counted } from "../model/wording.ts";
import type { AnswerCount } from "../readers/answer-count.ts";
import type { RecordedAnswer } from "../readers/recorded-answer.ts";
import { scrub } from "../readers/scrub.ts";
import { rules } from "../rules/index.ts";
import { composeFrom } from "./load.ts";
import { say } from "./messages.ts";
import { addLiveOptions, type LiveSourceOptions, liveOptionsOf } from "./options.ts";
import { unwritable } from "./output.ts";
import { progressOn } from "./progress.ts";

interface Options extends LiveSourceOptions {
  readonly out: string;
  readonly policy?: string;
  readonly scrub?: true;
}

export function addRecord(program: Command): void {
  const command = program
    .command("record")
    .summary("write down what Azure answers, to audit it later or elsewhere")
    .description(
      "Reads a subscription or a management group as an audit would, and writes every answer of Azure to a file, one a line.",
    );
  addLiveOptions(command)
    .option("--policy <file>", "what the owner expects, which decides what an audit asks for")
    .option("--scrub", "other names, ids and addresses in the place of yours, so that you can give the recording away")
    .requiredOption("--out <folder>", "where the recording goes")
    .action(runRecord);
}

const fileName = "answers.ndjson";

/** An audit is what is recorded, so that the recording answers all that an audit asks. */
async function runRecord(options: Options): Promise<void> {
  const live = liveOptionsOf(options);
  if (live === undefined)
    throw new CordonError("ERR_NO_SCOPE", "nothing to record: give --subscription or --management-group");
  await mkdir(options.out, { recursive: true }).catch((cause: unknown) => {
    throw unwritable(options.out, cause);
  });
  const path = join(options.out, fileName);
  const answers: RecordedAnswer[] = [];
  const onAnswer = (answer: RecordedAnswer) => answers.push(answer);
  const { reader, expectations } = await composeFrom(options, rules, { ...live, onAnswer });
  const progress = progressOn(process.stderr);
  const { gaps } = await audit(reader, expectations, progress.report).finally(progress.end);
  const written = options.scrub ? scrub(answers, randomBytes(32)) : answers;
  const count: AnswerCount = { answers: written.length };
  const lines = [count, ...written].values().map((line) => `${JSON.stringify(line)}\n`);
  await pipeline(lines, createWriteStream(path)).catch((cause: unknown) => {
    throw unwritable(path, cause);
  });
  for (const gap of gaps) say(`warning: ${gap}`);
  say(`recorded ${counted(written.length, "answer")} in \`${path}\`: npx cordon audit --recording ${options.out}`);
}
