import { createHash } from "node:crypto";
import { CordonError } from "../../lib/model/cordon-error.ts";
import { recorded } from "../../lib/readers/recorded.ts";
import type { ResourceChange } from "./change-event.ts";

/** What a recording holds of each resource, by folded id. */
export type RecordedState = ReadonlyMap<string, RecordedResource>;

interface RecordedResource {
  readonly id: string;
  readonly type: string;
  /** Of everything that the recording says of the resource. */
  readonly digest: string;
}

/** Throws where a document cannot be read, such as one that is only half written yet. */
export async function recordedState(folder: string): Promise<RecordedState> {
  const state = new Map<string, RecordedResource>();
  for await (const portion of recorded([folder]).readAll()) {
    for (const reading of portion) {
      if (reading.kind === "problem")
        throw new CordonError("ERR_RECORDING_BROKEN", `${reading.where}: ${reading.message}`);
      if (reading.kind !== "resource" || !isResource(reading.body)) continue;
      const { id, type } = reading.body;
      const before = state.get(id.toLowerCase())?.digest ?? "";
      const digest = createHash("sha256").update(before).update(JSON.stringify(reading.body)).digest("hex");
      state.set(id.toLowerCase(), { id, type, digest });
    }
  }
  return state;
}

export function changesBetween(before: RecordedState, after: RecordedState): readonly ResourceChange[] {
  const written = [...after].filter(([key, { digest }]) => before.get(key)?.digest !== digest);
  const deleted = [...before].filter(([key]) => !after.has(key));
  return [
    ...written.map(([, { id, type }]) => ({ id, type, kind: "written" }) as const),
    ...deleted.map(([, { id, type }]) => ({ id, type, kind: "deleted" }) as const),
  ];
}

function isResource(body: unknown): body is { readonly id: string; readonly type: string } {
  if (typeof body !== "object" || body === null || !("id" in body) || !("type" in body)) return false;
  return typeof body.id === "string" && typeof body.type === "string";
}
