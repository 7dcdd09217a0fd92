import { readSnapshot } from "../audit.ts";
import { type Composition, compose, exampleRecording } from "../compose.ts";
import type { LiveOptions } from "../compose-live.ts";
import type { Policy } from "../model/policy.ts";
import type { Snapshot } from "../model/snapshot.ts";
import type { MissingRights } from "../readers/permissions.ts";
import { rules } from "../rules/index.ts";
import type { Rule } from "../rules/rule.ts";
import { say } from "./messages.ts";
import { type LiveSourceOptions, liveOptionsOf, type SourceOptions } from "./options.ts";
import { progressOn } from "./progress.ts";
import { rightsWarning } from "./rights-warning.ts";
import { warningsOf } from "./warnings.ts";

/** Puts together what the options name, and says what was taken where they name nothing. */
export async function composeFrom(
  options: SourceOptions,
  asked: readonly Rule[] = rules,
  live?: LiveOptions,
): Promise<Composition> {
  const usual = live === undefined ? [exampleRecording] : [];
  const { recording: recordings = usual, policy: policyFile, serviceTags: serviceTagFile } = options;
  if (options.recording === undefined && live === undefined)
    say(`no \`--recording\` given: reading the example \`${exampleRecording}\``);
  const today = new Date().toISOString().slice(0, 10);
  const folder = process.cwd();
  const warned = live === undefined ? undefined : { ...live, onMissingRights: warnOfRights };
  const composition = await compose({
    recordings,
    live: warned,
    policyFile,
    serviceTagFile,
    rules: asked,
    today,
    folder,
  });
  const used = composition.policyFile;
  say(used === undefined ? "policy: none found, so the default applies" : `policy: ${used}`);
  return composition;
}

function warnOfRights(missing: MissingRights): void {
  for (const line of rightsWarning(missing)) say(`warning: ${line}`);
}

export interface Estate {
  readonly snapshot: Snapshot;
  readonly policy: Policy;
}

/**
 * For commands that ask one question: reads everything, and warns of what could not be read. The question is asked again where what
 * it needs from elsewhere was missing, with what was `found` at first.
 */
export async function askEstate<F, T>(
  options: SourceOptions & LiveSourceOptions,
  find: (estate: Estate) => F,
  question: (found: F, estate: Estate) => T,
): Promise<T> {
  const { reader, expectations } = await composeFrom(options, rules, liveOptionsOf(options));
  const progress = progressOn(process.stderr);
  const reading = await readSnapshot(reader, progress.report).finally(progress.end);
  const estate = { snapshot: reading.snapshot, policy: expectations.policy };
  try {
    const found = find(estate);
    return await reading.ask(() => question(found, estate));
  } finally {
    const { problems, gaps, conflicts } = reading.shortcomings();
    const warnings = warningsOf({ problems, gaps, conflicts: conflicts.map(({ text }) => text) });
    for (const warning of warnings) say(`warning: ${warning}`);
  }
}
