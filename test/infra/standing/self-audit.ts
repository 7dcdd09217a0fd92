import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { audit } from "../../../lib/audit.ts";
import type { Policy } from "../../../lib/model/policy.ts";
import { recorded } from "../../../lib/readers/recorded.ts";
import { reportOf } from "../../../lib/reports/report.ts";
import type { Report } from "../../../lib/reports/schema.ts";
import { rules } from "../../../lib/rules/index.ts";
import type { Body } from "../../support/arm-simulator/world.ts";
import { recordingOf } from "./recording.ts";

/** What Cordon says of these resources, from a recording of them. */
export async function auditOf(bodies: readonly Body[], policy: Policy): Promise<Report> {
  const folder = mkdtempSync(join(tmpdir(), "cordon-self-"));
  try {
    const file = join(folder, "recording.ndjson");
    writeFileSync(file, recordingOf(bodies));
    return reportOf(await audit(recorded([file]), { policy, rules, today: "2026-11-20" }), rules);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** `NI305 fail pe-blob`, in order. */
export function findingsIn({ findings }: Report): readonly string[] {
  return findings.map(({ rule, status, resource }) => `${rule} ${status} ${lastOf(resource)}`).sort();
}

function lastOf(id: string): string {
  return id.slice(id.lastIndexOf("/") + 1);
}
