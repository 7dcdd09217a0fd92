import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { auditSnapshot } from "../../../lib/audit.ts";
import type { ServiceFact } from "../../../lib/model/fact.ts";
import type { Policy } from "../../../lib/model/policy.ts";
import { ResourceId } from "../../../lib/model/resource-id.ts";
import type { Snapshot } from "../../../lib/model/snapshot.ts";
import type { IpSet } from "../../../lib/net/ip-set.ts";
import { shareOfInternet } from "../../../lib/reach/internet.ts";
import { serviceReach, type Way } from "../../../lib/reach/service-reach.ts";
import { recorded } from "../../../lib/readers/recorded.ts";
import { reportOf } from "../../../lib/reports/report.ts";
import { rules } from "../../../lib/rules/index.ts";
import type { Body } from "../../support/arm-simulator/world.ts";
import { recordingOf } from "./recording.ts";

/** What Cordon says of a recording of these resources. */
export async function auditOf(bodies: readonly Body[], policy: Policy) {
  const folder = mkdtempSync(join(tmpdir(), "cordon-self-"));
  try {
    const file = join(folder, "recording.ndjson");
    writeFileSync(file, recordingOf(bodies));
    const audited = await auditSnapshot(recorded([file]), { policy, rules, today: "2026-11-20" });
    const { snapshot } = audited;
    const ways = snapshot.ofKind("service").flatMap((service) => waysInto(service, policy, snapshot));
    return { report: reportOf(audited, rules), ways: ways.sort() };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** `NI305 fail pe-blob`, in order, but for what the policy waives; what is undetermined is a finding, too. */
export function findingsIn({ report }: Awaited<ReturnType<typeof auditOf>>): readonly string[] {
  const open = report.findings.filter(({ waived }) => waived === undefined);
  return open.map(({ rule, status, resource }) => `${rule} ${status} ${lastOf(resource)}`).sort();
}

/** `vaults: pe-vault from snet-app`: every way in, with who may come in by it. */
function waysInto(service: ServiceFact, policy: Policy, snapshot: Snapshot): readonly string[] {
  const { ways, because, boundary } = serviceReach(service, policy, snapshot);
  const type = service.id.type.split("/").at(-1);
  const exceptions = boundary.exceptions
    .filter(({ isInForce }) => isInForce.may)
    .map(({ name }) => `exception ${name}`);
  return [...ways.map(wordsOf), ...exceptions, ...because].map((way) => `${type}: ${way}`);
}

function wordsOf({ kind, by, from, part, may }: Way): string {
  const where = by === undefined ? kind : lastOf(by.text);
  const who = from instanceof ResourceId ? lastOf(from.text) : callers(may);
  return `${where}${part === undefined ? "" : `, ${part},`} from ${who}`;
}

function callers(addresses: IpSet): string {
  return shareOfInternet(addresses) === 1 ? "everybody" : addresses.toPrefixes().join(", ");
}

function lastOf(id: string): string {
  return id.slice(id.lastIndexOf("/") + 1);
}
