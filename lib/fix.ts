import type { Bodies } from "./fix/edit.ts";
import type { AuditedEstate } from "./fix/estate.ts";
import { type Fix, smallestFix, usualEffort } from "./fix/smallest-fix.ts";
import type { Finding } from "./model/finding.ts";
import type { JsonObject } from "./model/json-object.ts";
import type { ResourceId } from "./model/resource-id.ts";
import { readBodies } from "./readers/read-bodies.ts";
import type { Reader } from "./readers/reader.ts";

export interface FoundFix {
  readonly fix: Fix;
  /** The bodies that it starts from. */
  readonly bodies: Bodies;
}

/** Looks for a fix, reads the bodies that turn out to be missing, and looks again until none is. */
export async function fixOf(
  finding: Finding,
  estate: AuditedEstate,
  reader: Reader,
  effort = usualEffort,
): Promise<FoundFix> {
  const known = new Map<string, JsonObject | undefined>();
  for (;;) {
    const missing = new Map<string, ResourceId>();
    const bodies: Bodies = (id) => {
      if (!known.has(id.key)) missing.set(id.key, id);
      return known.get(id.key);
    };
    const fix = smallestFix(finding, estate, bodies, effort);
    if (missing.size === 0) return { fix, bodies };
    const read = await readBodies([...missing.values()], reader);
    for (const key of missing.keys()) known.set(key, read.get(key));
  }
}
