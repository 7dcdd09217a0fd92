import { type Command, InvalidArgumentError, Option } from "commander";
import { audit } from "../audit.ts";
import { Glob } from "../model/glob.ts";
import { type Severity, severities } from "../model/policy.ts";
import { toJson, toNdjson } from "../reports/json.ts";
import { reportOf } from "../reports/report.ts";
import type { Report } from "../reports/schema.ts";
import { toText } from "../reports/text.ts";
import { rules } from "../rules/index.ts";
import type { Rule } from "../rules/rule.ts";
import { outcomeOf } from "./exit-code.ts";
import { findRule, meantRules } from "./find-rule.ts";
import { composeFrom } from "./load.ts";
import { say } from "./messages.ts";
import {
  addLiveOptions,
  addSourceOptions,
  type LiveSourceOptions,
  liveOptionsOf,
  repeatable,
  type SourceOptions,
} from "./options.ts";
import { writeResult } from "./output.ts";
import { paperFor } from "./paper.ts";
import { progressOn } from "./progress.ts";
import { warningsOf } from "./warnings.ts";

const formats = ["text", "json", "ndjson"] as const;

interface Options extends SourceOptions, LiveSourceOptions {
  readonly format: (typeof formats)[number];
  readonly rule?: readonly Rule[];
  readonly service?: readonly Glob[];
  readonly failOn: Severity;
  readonly strict?: true;
  readonly out?: string;
}

export function addAudit(program: Command): void {
  const command = program
    .command("audit")
    .summary("say who can reach each service, and what should not be open")
    .description(
      "Says who can reach each Azure service of a recording or a subscription, and what should not be open.",
    );
  addLiveOptions(addSourceOptions(command))
    .addOption(new Option("--format <format>", "what to write").choices(formats).default("text"))
    .addOption(repeatable("--rule <id>", "ask only this rule", parseRule))
    .addOption(repeatable("--service <glob>", "only services whose id matches: */vaults/kv-*", parseGlob))
    .addOption(new Option("--fail-on <severity>", "the mildest severity that fails").choices(severities).default("low"))
    .option("--strict", "what could not be known or read fails too")
    .option("--out <file>", "write the result to a file")
    .addHelpText("after", `\nRepeat --rule and --service to give several.\n${exitCodes}`)
    .action(runAudit);
}

const exitCodes = `
Exit codes:
  0  nothing to object to
  1  findings at or above --fail-on; with --strict also undetermined ones
  2  could not audit: wrong arguments or policy, nothing to audit, or no finding where input
     is broken or was cut off (or, without a service, not understood); with --strict any
     unreadable input`;

async function runAudit(options: Options): Promise<void> {
  const { rule: asked = rules, service: services = [] } = options;
  const { reader, expectations } = await composeFrom(
    options,
    rules.filter((rule) => asked.includes(rule)),
    liveOptionsOf(options),
  );
  const progress = progressOn(process.stderr);
  const result = await audit(reader, expectations, progress.report).finally(progress.end);
  const report = reportOf(result, rules, { services, hasAllRules: options.rule === undefined });
  for (const warning of warningsOf(report)) say(`warning: ${warning}`);
  await writeResult(render(report, options), options.out);
  const { code, error } = outcomeOf(report, { failOn: options.failOn, isStrict: options.strict === true, services });
  if (error !== undefined) say(`error: ${error}`);
  process.exitCode = code;
}

function render(report: Report, { format, out }: Options): string {
  switch (format) {
    case "json":
      return toJson(report);
    case "ndjson":
      return toNdjson(report);
    case "text":
      return toText(report, paperFor(out === undefined ? process.stdout : undefined, process.env));
  }
}

function parseGlob(text: string): Glob {
  if (/^[/*]/.test(text)) return new Glob(text);
  throw new InvalidArgumentError(`it matches no resource id: start it with \`/\` or \`*\`, as in \`*/${text}\``);
}

function parseRule(text: string): Rule {
  const rule = findRule(text);
  if (rule === undefined) throw new InvalidArgumentError(`there is no such rule${meantRules(text)}`);
  return rule;
}
