import { readFile } from "node:fs/promises";
import { type Command, Option } from "commander";
import * as z from "zod/mini";
import { CordonError } from "../model/cordon-error.ts";
import { fileReason } from "../model/file-reason.ts";
import { type Severity, severities } from "../model/policy.ts";
import { counted } from "../model/wording.ts";
import { compareReports } from "../reports/comparison.ts";
import { comparisonText } from "../reports/comparison-text.ts";
import { type Report, reportSchema } from "../reports/schema.ts";
import { say } from "./messages.ts";
import { paperFor } from "./paper.ts";

interface Options {
  readonly failOn: Severity;
  readonly strict?: true;
}

export function addCompare(program: Command): void {
  program
    .command("compare")
    .summary("say what is different between two reports: whether a change did harm")
    .description("Says which findings opened or went between two reports, and whom services let in now.")
    .argument("<before>", "what `cordon audit --format json --out FILE` wrote")
    .argument("<after>", "the same, later")
    .addOption(new Option("--fail-on <severity>", "the mildest severity that fails").choices(severities).default("low"))
    .option("--strict", "what could not be known or read fails too")
    .addHelpText("after", exitCodes)
    .action(runCompare);
}

const exitCodes = `
Exit codes:
  0  nothing got worse
  1  findings at or above --fail-on opened or got worse; with --strict also undetermined ones
  2  could not compare: wrong arguments, no report; with --strict also where the later audit
     could not read something`;

async function runCompare(before: string, after: string, { failOn, strict }: Options): Promise<void> {
  const [old, now] = [await readReport(before), await readReport(after)];
  const comparison = compareReports(old, now);
  process.stdout.write(comparisonText(comparison, paperFor(process.stdout, process.env)));
  const unreadable = now.problems.length + now.gaps.length;
  if (unreadable > 0) {
    say(`warning: the later audit could not read ${counted(unreadable, "input")}: what is not found may be there`);
  }
  const isHarm = [...comparison.opened, ...comparison.worse].some(({ status, severity }) => {
    return status === "fail" ? severities.indexOf(severity) <= severities.indexOf(failOn) : strict === true;
  });
  process.exitCode = strict === true && unreadable > 0 ? 2 : isHarm ? 1 : 0;
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
