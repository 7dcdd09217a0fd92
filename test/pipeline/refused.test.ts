import { expect, test } from "vitest";
import { auditSubscription } from "../../lib/audit-run.ts";
import { readPolicyFile } from "../../lib/config.ts";
import type { OutgoingEvent } from "../../lib/model/finding-event.ts";
import { ResourceId } from "../../lib/model/resource-id.ts";
import type { App } from "../../lib/pipeline/app.ts";
import type { Reading } from "../../lib/readers/reader.ts";
import { rules } from "../../lib/rules/index.ts";
import { memoryTable } from "../../lib/state/memory-table.ts";
import { tableStore } from "../../lib/state/table-store.ts";
import { ticking } from "../support/estate.ts";
import { readingsIn } from "../support/recorded-world.ts";

const hub = "c0c0c0c0-0000-4000-8000-000000000001";
const erp = "e4e4e4e4-0000-4000-8000-000000000002";

const refusedOf = (text: string) => ({ kind: "unreadable", why: "refused", because: `403 reading \`${text}\`` }) as const;
const idOfBody = (reading: Reading) => reading.kind === "resource" ? ResourceId.parse(Object(reading.body).id) : undefined;

function refuseType(readings: readonly Reading[], type: string): readonly Reading[] {
  return readings.flatMap((r): Reading[] => {
    if (r.kind === "list" && (r.type === type)) return [{ kind: "list", scope: r.scope, type: r.type, completeness: refusedOf(`${r.scope.text}/${type}`) }];
    const id = idOfBody(r);
    if (id?.type === type) return [{kind:"unreadable", id, unreadable: refusedOf(id.text)}];
    return [r];
  });
}
function refuseList(readings: readonly Reading[], scope: ResourceId, type: string): readonly Reading[] {
  return readings.flatMap((r): Reading[] => {
    if (r.kind === "list" && r.type === type && r.scope.key === scope.key) return [{ kind: "list", scope: r.scope, type: r.type, completeness: refusedOf(`${r.scope.text}/${type}`) }];
    const id = idOfBody(r);
    if (id?.type === type && id.isWithin(scope)) return [];
    return [r];
  });
}
function refuseOne(readings: readonly Reading[], one: ResourceId, lists: boolean): readonly Reading[] {
  return readings.flatMap((r): Reading[] => {
    if (lists && r.kind === "list" && r.type === one.type && one.isWithin(r.scope)) return [{ kind: "list", scope: r.scope, type: r.type, completeness: refusedOf(`${r.scope.text}/${one.type}`) }];
    const id = idOfBody(r);
    if (id?.key === one.key) return [{ kind: "unreadable", id, unreadable: refusedOf(id.text) }];
    return [r];
  });
}

test.each(["contoso-erp", "contoso-erp-closed"])("%s", async (name) => {
  const folder = `test/fixtures/${name}`;
  const readings = await readingsIn(folder);
  const policy = await readPolicyFile(`${folder}/cordon.policy.json`);
  let now = readings;
  const events: OutgoingEvent[] = [];
  const app: App = {
    readerFor: () => ({ async *readAll() { yield now; }, async *read() {} }),
    expectations: { policy, rules }, homeOfSites: hub, store: tableStore(memoryTable()),
    sinks: [{ name: "t", send: async (e) => void events.push(e) }], now: ticking(), log() {},
  };
  let runs = 0;
  const audit = async () => { runs++; events.length = 0; for (const subscriptionId of [hub, erp]) await auditSubscription(app, { runId: `r${runs}`, subscriptionId, isLastDelivery: false }); };
  await audit();
  const cases: [string, () => readonly Reading[]][] = [];
  const types = new Set(readings.flatMap((r) => r.kind === "list" ? [r.type] : idOfBody(r)?.type ?? []));
  for (const t of types) cases.push([`type ${t}`, () => refuseType(readings, t)]);
  const lists = new Map(readings.flatMap((r) => r.kind === "list" ? [[`${r.scope.key} ${r.type}`, r] as const] : []));
  for (const [k, r] of lists) cases.push([`list ${k}`, () => refuseList(readings, r.scope, r.type)]);
  const ids = new Map(readings.flatMap((r) => { const id = idOfBody(r); return id ? [[id.key, id] as const] : []; }));
  for (const [k, id] of ids) { cases.push([`one ${k}`, () => refuseOne(readings, id, true)]); cases.push([`only ${k}`, () => refuseOne(readings, id, false)]); }
  console.log(name, cases.length, types.size, lists.size, ids.size);
  const t0 = Date.now();
  const bad: string[] = [];
  let changed = 0;
  for (const [what, make] of cases) {
    now = make();
    await audit();
    for (const e of events) { if (e.type === "cordon.finding.resolved.v1") bad.push(`${what}: ${(e.data as any).rule} ${(e.data as any).status} ${e.subject.split("/").slice(-3).join("/")}`); if (e.type.includes("changed")) changed++; }
    now = readings;
    await audit();
  }
  console.log((Date.now() - t0) / cases.length, "ms each", changed);
  const { writeFileSync } = await import("node:fs");
  writeFileSync(`/tmp/rights/${name}.txt`, bad.join("\n"));
  expect(bad.length).toBe(0);
}, 3_600_000);
