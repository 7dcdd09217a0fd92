import { createHash } from "node:crypto";
import { recorded } from "../../lib/readers/recorded.ts";
import type { ResourceChange } from "./change-event.ts";

export interface RecordedState {
  /** What the recording holds of each resource, by folded id. */
  readonly resources: ReadonlyMap<string, RecordedResource>;
  /** What in it cannot be read, such as a document that is only half written yet. */
  readonly problems: ReadonlySet<string>;
}

interface RecordedResource {
  readonly id: string;
  readonly type: string;
  /** Of everything that the recording says of the resource. */
  readonly digest: string;
}

export async function recordedState(folder: string): Promise<RecordedState> {
  const resources = new Map<string, RecordedResource>();
  const problems = new Set<string>();
  for await (const portion of recorded([folder]).readAll()) {
    for (const reading of portion) {
      if (reading.kind === "problem") problems.add(`${reading.where}: ${reading.message}`);
      if (reading.kind !== "resource" || !isResource(reading.body)) continue;
      const { id, type } = reading.body;
      const before = resources.get(id.toLowerCase())?.digest ?? "";
      const digest = createHash("sha256").update(before).update(JSON.stringify(reading.body)).digest("hex");
      resources.set(id.toLowerCase(), { id, type, digest });
    }
  }
  return { resources, problems };
}

export function changesBetween(before: RecordedState, after: RecordedState): readonly ResourceChange[] {
  const written = [...after.resources].filter(([key, { digest }]) => before.resources.get(key)?.digest !== digest);
  const deleted = [...before.resources].filter(([key]) => !after.resources.has(key));
  return [
    ...written.map(([, { id, type }]) => ({ id, type, kind: "written" }) as const),
    ...deleted.map(([, { id, type }]) => ({ id, type, kind: "deleted" }) as const),
  ];
}

function isResource(body: unknown): body is { readonly id: string; readonly type: string } {
  if (typeof body !== "object" || body === null || !("id" in body) || !("type" in body)) return false;
  return typeof body.id === "string" && typeof body.type === "string";
}
