import { readFile } from "node:fs/promises";
import { type Command, Option } from "commander";
import * as z from "zod/mini";
import { CordonError } from "../model/cordon-error.ts";
import { fileReason } from "../model/file-reason.ts";
import { type Severity, severities } from "../model/policy.ts";
import { counted } from "../model/wording.ts";
import { compareReports } from "../reports/comparison.ts";
import { comparisonText } from "../reports/comparison-text.ts";
import { toJson } from "../reports/json.ts";
import { type Report, reportSchema } from "../reports/schema.ts";
import { outcomeOfComparison } from "./exit-code.ts";
import { say } from "./messages.ts";
import { writeResult } from "./output.ts";
import { paperFor } from "./paper.ts";

const formats = ["text", "json"] as const;

interface Options {
  readonly format: (typeof formats)[number];
  readonly failOn: Severity;
  readonly strict?: true;
  readonly out?: string;
}

export function addCompare(program: Command): void {
  program
    .command("compare")
    .summary("say what is different between two reports: whether a change did harm")
    .description("Says which findings opened or went between two reports, and whom services let in now.")
    .argument("<before>", "what `cordon audit --format json --out FILE` wrote")
    .argument("<after>", "the same, later")
    .addOption(new Option("--format <format>", "what to write").choices(formats).default("text"))
    .addOption(new Option("--fail-on <severity>", "the mildest severity that fails").choices(severities).default("low"))
    .option("--strict", "what could not be known or read fails too")
    .option("--out <file>", "write the result to a file")
    .addHelpText("after", exitCodes)
    .action(runCompare);
}

const exitCodes = `
Exit codes:
  0  nothing got worse, and nobody gets in who did not before
  1  findings at or above --fail-on opened or got worse, or a service that was there before
     lets in others than it did, whether or not a rule objects; with --strict also
     undetermined findings, and services that may
  2  could not compare: wrong arguments, no report, or the later audit is no answer: it had
     nothing to audit, or nothing got worse where its input is broken or was cut off; with
     --strict any input that it could not read

What new services let in counts where a rule objects.`;

async function runCompare(before: string, after: string, options: Options): Promise<void> {
  const { failOn, strict, format, out } = options;
  const [old, now] = [await readReport(before), await readReport(after)];
  const comparison = compareReports(old, now);
  const { unreadable } = comparison;
  if (unreadable > 0) {
    say(`warning: the later audit could not read ${counted(unreadable, "input")}: what is not found may be there`);
  }
  const paper = paperFor(out === undefined ? process.stdout : undefined, process.env);
  await writeResult(format === "json" ? toJson(comparison) : comparisonText(comparison, paper), out);
  const { code, error } = outcomeOfComparison(comparison, now, { failOn, isStrict: strict === true });
  if (error !== undefined) say(`error: ${error}`);
  process.exitCode = code;
}

async function readReport(file: string): Promise<Report> {
  const text = await readFile(file, "utf8").catch((cause: unknown) => {
    const reason = fileReason(cause, "there is no such file");
    throw new CordonError("ERR_REPORT_UNREADABLE", `cannot read report \`${file}\`: ${reason}`, cause);
  });
  const parsed = z.safeParse(reportSchema, jsonIn(text));
  if (parsed.success) return parsed.data as Report;
  const message = `\`${file}\` is no report: it must be what \`cordon audit --format json\` writes`;
  throw new CordonError("ERR_REPORT_UNREADABLE", message, parsed.error);
}

/** Undefined where the text is none. */
function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
