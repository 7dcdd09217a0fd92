import { findPolicyFile } from "../../lib/compose.ts";
import { CordonError } from "../../lib/model/cordon-error.ts";
import { ResourceId } from "../../lib/model/resource-id.ts";
import { recorded } from "../../lib/readers/recorded.ts";
import type { Chosen, Settings } from "./settings.ts";

export interface RecordingSettings {
  readonly settings: Settings;
  /** In lower case. */
  readonly subscriptions: readonly string[];
  /** Undefined where the default policy applies. */
  readonly policyFile: string | undefined;
  /** A line for each setting that somebody has chosen and that the recording would have settled. */
  readonly notes: readonly string[];
}

/**
 * What a recording settles where nobody has chosen otherwise: the subscriptions that it holds resources of, and the
 * policy that `cordon audit` takes for it. Throws where a chosen scope is not in the recording.
 */
export async function settingsOfRecording(
  recording: string,
  folder: string,
  choice: (name: string) => Chosen | undefined,
): Promise<RecordingSettings> {
  const scope = await scopeOf(recording, choice);
  const policy = choice("CORDON_POLICY");
  const policyFile = policy?.value ?? (await findPolicyFile(folder, [recording]));
  return {
    ...scope,
    settings: { ...scope.settings, CORDON_POLICY: policyFile ?? "" },
    policyFile,
    notes: [...scope.notes, ...(policy === undefined ? [] : [noteOf("CORDON_POLICY", policy)])],
  };
}

type RecordedScope = Omit<RecordingSettings, "policyFile">;

async function scopeOf(recording: string, choice: (name: string) => Chosen | undefined): Promise<RecordedScope> {
  const group = choice("CORDON_MANAGEMENT_GROUP");
  const chosen = choice("CORDON_SUBSCRIPTIONS");
  if (group !== undefined) {
    const message = `\`CORDON_MANAGEMENT_GROUP\` (${group.from}) cannot be looked up in a recording: leave it out, or name subscriptions in \`CORDON_SUBSCRIPTIONS\``;
    throw new CordonError("ERR_NOT_IN_RECORDING", message);
  }
  const held = await subscriptionsIn(recording);
  if (chosen === undefined) {
    if (held.length === 0) throw new CordonError("ERR_RECORDING_EMPTY", `\`${recording}\` holds no resource of Azure`);
    return { settings: { CORDON_SUBSCRIPTIONS: held.join(",") }, subscriptions: held, notes: [] };
  }
  const subscriptions = chosen.value.split(/[\s,;]+/).filter((id) => id !== "");
  const strange = subscriptions.filter((id) => !held.includes(id.toLowerCase()));
  if (strange.length > 0) {
    const named = strange.map((id) => `\`${id}\``).join(", ");
    const known = held.map((id) => `\`${id}\``).join(", ") || "no subscription";
    const message = `\`CORDON_SUBSCRIPTIONS\` (${chosen.from}) names ${named}, of which \`${recording}\` holds no resource; it holds those of ${known}`;
    throw new CordonError("ERR_NOT_IN_RECORDING", message);
  }
  const notes = [noteOf("CORDON_SUBSCRIPTIONS", chosen)];
  return { settings: {}, subscriptions: subscriptions.map((id) => id.toLowerCase()), notes };
}

function noteOf(name: string, { value, from }: Chosen): string {
  return `${name} is that of ${from}: ${value}`;
}

/** In lower case and in order; what cannot be read is told by the audit. */
async function subscriptionsIn(recording: string): Promise<readonly string[]> {
  const found = new Set<string>();
  for await (const portion of recorded([recording]).readAll()) {
    for (const reading of portion) {
      if (reading.kind !== "resource") continue;
      const id = ResourceId.parse(Object(reading.body).id);
      if (id !== undefined) found.add(id.subscription);
    }
  }
  return [...found].sort();
}
