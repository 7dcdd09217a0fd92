import { fold } from "../model/resource-id.ts";
import type { FindingEntry } from "./schema.ts";

/** Findings that a reader should take as one. */
export interface Fault {
  readonly kind: (typeof kinds)[number];
  readonly findings: readonly [FindingEntry, ...FindingEntry[]];
}

const kinds = ["failed", "undetermined", "waived"] as const;

/**
 * Groups the findings of one resource: failed ones by their cause, undetermined ones by their reasons; waived ones come
 * last. Keeps the order otherwise.
 */
export function faultsOf(findings: readonly FindingEntry[]): readonly Fault[] {
  const groups = [...Map.groupBy(findings, (finding) => `${kindOf(finding)} ${groupOf(finding)}`).values()];
  const faults = groups.flatMap(([first, ...others]): Fault[] =>
    first === undefined ? [] : [{ kind: kindOf(first), findings: [first, ...others] }],
  );
  return faults.sort((a, b) => kinds.indexOf(a.kind) - kinds.indexOf(b.kind));
}

function kindOf({ waived, status }: FindingEntry): Fault["kind"] {
  if (waived !== undefined) return "waived";
  return status === "fail" ? "failed" : "undetermined";
}

function groupOf({ id, waived, status, cause, because = [] }: FindingEntry): string {
  if (waived !== undefined) return id;
  if (status === "undetermined") return JSON.stringify([...because].sort());
  return cause === undefined ? id : JSON.stringify([fold(cause.resource), cause.pointer]);
}
