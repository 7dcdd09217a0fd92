import { type Command, Option } from "commander";
import { auditSnapshot } from "../audit.ts";
import { auditedEstate, findingsOf } from "../fix/estate.ts";
import { fixOf } from "../fix.ts";
import { fixAnswer, undeterminedAnswer } from "../reports/fix-answer.ts";
import type { FixAnswer } from "../reports/fix-schema.ts";
import { fixText } from "../reports/fix-text.ts";
import { toJson } from "../reports/json.ts";
import { rules } from "../rules/index.ts";
import { findFinding } from "./find-finding.ts";
import { findRule } from "./find-rule.ts";
import { composeFrom } from "./load.ts";
import { say } from "./messages.ts";
import {
  addLiveOptions,
  addSourceOptions,
  type LiveSourceOptions,
  liveOptionsOf,
  type SourceOptions,
} from "./options.ts";
import { writeResult } from "./output.ts";
import { paperFor } from "./paper.ts";
import { progressOn } from "./progress.ts";
import { warningsOf } from "./warnings.ts";

const formats = ["text", "json"] as const;

interface Options extends SourceOptions, LiveSourceOptions {
  readonly format: (typeof formats)[number];
  readonly out?: string;
}

export function addFix(program: Command): void {
  const command = program
    .command("fix")
    .argument("<finding>", "its id, or its rule and the name of the resource: NI101:stcontosointerface")
    .summary("say what closes a finding, and what else that changes")
    .description(
      "Looks for the smallest change that closes a finding, tries it on a copy, and prints it. It changes nothing.",
    );
  addLiveOptions(addSourceOptions(command))
    .addOption(new Option("--format <format>", "what to write").choices(formats).default("text"))
    .option("--out <file>", "write the result to a file")
    .addHelpText("after", exitCodes)
    .action(runFix);
}

const exitCodes = `
Exit codes:
  0  there is a fix, or nothing to fix
  1  nothing that Cordon knows closes the finding, or it is not known whether anything is wrong
  2  could not look: wrong arguments or policy, unreadable recording, no such finding`;

async function runFix(text: string, options: Options): Promise<void> {
  const answer = await answerFor(text, options);
  const paper = paperFor(options.out === undefined ? process.stdout : undefined, process.env);
  await writeResult(options.format === "json" ? toJson(answer) : fixText(answer, paper), options.out);
  process.exitCode = answer.outcome === "fix" || answer.outcome === "passes" ? 0 : 1;
}

async function answerFor(text: string, options: Options): Promise<FixAnswer> {
  const { reader, expectations } = await composeFrom(options, rules, liveOptionsOf(options));
  const progress = progressOn(process.stderr);
  const { snapshot, problems, gaps, conflicts } = await auditSnapshot(reader, expectations, progress.report).finally(
    progress.end,
  );
  const warnings = warningsOf({ problems, gaps, conflicts: conflicts.map((id) => id.text) });
  for (const warning of warnings) say(`warning: ${warning}`);
  const estate = auditedEstate(snapshot, expectations);
  const subjects = estate.evaluations.map(({ subject }) => subject);
  const asked = findFinding(text, findingsOf(estate), subjects);
  if (asked.kind === "passes") {
    const { rule, subject } = asked;
    const because = `${rule.id} (${rule.title}) finds nothing wrong with \`${subject.id.text}\`: nothing to fix`;
    return { id: `${rule.id}:${subject.id.key}`, outcome: "passes", because: [because] };
  }
  const { finding } = asked;
  const rule = findRule(finding.rule);
  if (finding.status === "undetermined") return undeterminedAnswer(finding, rule);
  const { fix, bodies } = await fixOf(finding, estate, reader);
  return fixAnswer(finding, rule, fix, bodies);
}
