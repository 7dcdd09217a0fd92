const R = "/work/changes/";
const { auditChanges, auditSubscription } = await import(R + "lib/audit-run.ts");
const { exampleRecording } = await import(R + "lib/compose.ts");
const { liveReaders } = await import(R + "lib/compose-live.ts");
const { rules } = await import(R + "lib/rules/index.ts");
const { azureTable } = await import(R + "lib/state/azure-table.ts");
const { tableChangeIndex } = await import(R + "lib/state/table-change-index.ts");
const { tableReadingLog } = await import(R + "lib/state/table-reading-log.ts");
const { tableStore } = await import(R + "lib/state/table-store.ts");
const { storageQueue } = await import(R + "lib/sinks/storage-queue.ts");
const { queueSink } = await import(R + "lib/sinks/queue-sink.ts");
const { startAzurite } = await import(R + "infra/local/azurite.ts");
const { serviceTagsOfRecording } = await import(R + "test/support/arm-simulator/recorded-world.ts");
const { simulateArm } = await import(R + "test/support/arm-simulator/server.ts");
const { answerAsked } = await import(R + "test/support/estate.ts");
const { worldOfEstate } = await import(R + "test/bench/estate-world.ts");
const { ResourceId } = await import(R + "lib/model/resource-id.ts");
const empty = { waivers: [], entries: [] };
const { readPolicy, policySchema } = {} as any;
const az = await startAzurite();
const loc = { kind: "connectionString", connectionString: az.connectionString };
const world = worldOfEstate(Number(process.argv[2] ?? 3000), "many subscriptions");
const azure = await simulateArm(world, { latencyMilliseconds: 30, serviceTags: serviceTagsOfRecording(exampleRecording) });
let lines: string[] = []; let t0 = 0;
const inner = azureTable(loc, "cordon");
const timed = async (what: string, f: () => Promise<any>) => { const s = performance.now(); try { return await f(); } finally { lines.push(`${(s - t0).toFixed(0).padStart(5)} +${(performance.now() - s).toFixed(0).padStart(3)} ${what}`); } };
const table = {
  get: (p: string, r: string) => timed(`get ${p.slice(0,14)} ${r.slice(0,30)}`, () => inner.get(p, r)),
  async *list(q: any) { const s = performance.now(); let n = 0; for await (const r of inner.list(q)) { n++; yield r; } lines.push(`${(s - t0).toFixed(0).padStart(5)} +${(performance.now() - s).toFixed(0).padStart(3)} list ${q.partition.slice(0,14)} ${(q.prefix ?? "").slice(0,30)} ${n}`); },
  write: (p: string, w: any) => timed(`write ${p.slice(0,14)} ${w.map((x:any)=>x.kind+":"+x.row.slice(0,20)).join(",")}`, () => inner.write(p, w)),
};
const ids = world.subscriptions;
const readers = await liveReaders({ cloud: "public", loopback: azure.address, scope: { kind: "subscriptions", ids },
  onAnswer: undefined });
const asked: any[] = [];
const q = storageQueue(loc, "findings");
const sink0 = queueSink(q);
const { readFileSync } = await import("node:fs");
const policy = (await import(R + "test/support/world.ts")).policyWith?.({}) ?? (await import(R+"test/bench/policy.ts")).policy;
const app: any = { ...readers, readerFor: (id: string, r: any) => readers.readerFor(id, r, { log() {}, signal: new AbortController().signal }),
  expectations: { policy, rules }, store: tableStore(table), index: tableChangeIndex(table), readingLog: tableReadingLog(table),
  changes: { put: async (m: any) => void asked.push(m) }, sinks: [{ name: "queue", send: (e: any) => timed("send", () => sink0.send(e)) }], now: () => new Date(), log() {} };
for (const id of ids) await auditSubscription(app, { runId: "first", subscriptionId: id, isLastDelivery: false });
await answerAsked(app, asked);
const services = ["microsoft.storage/storageaccounts", "microsoft.keyvault/vaults"].flatMap((t) => world.ofType(t, new Set(ids))).filter((b: any) => b.properties.publicNetworkAccess === "Enabled");
function turn(b: any) { const body = world.get(b.id); const { networkAcls, ...o } = body.properties; world.put({ ...body, properties: { ...o, networkAcls: { ...networkAcls, defaultAction: networkAcls.defaultAction === "Deny" ? "Allow" : "Deny" } } }); }
const one = async (b: any) => { turn(b); await auditChanges(app, { resources: [{ id: ResourceId.parse(b.id), at: Date.now(), isDeleted: false }], subjects: [], subscriptions: [], isForced: false, isRepeated: false, isLastDelivery: false, reason: "x" }); };
for (let i = 0; i < 40; i++) await one(services[(i * 101) % services.length]);
for (let i = 40; i < 42; i++) { lines = []; azure.log.length = 0; const c = process.cpuUsage(); t0 = performance.now(); await one(services[(i * 101) % services.length]); const u = process.cpuUsage(c);
 console.log(`--- ${services[(i*101)%services.length].id}\n total ${(performance.now() - t0).toFixed(0)} ms cpu ${((u.user + u.system) / 1000).toFixed(0)} arm ${azure.log.length}: ${azure.log.map((l: string) => l.slice(-60)).join("\n   ")}`); console.log(lines.sort().join("\n")); }
process.env.TRACE=""; const s = performance.now(); const c = process.cpuUsage();
await Promise.all([0, 1].map(async (k) => { for (let i = k; i < 100; i += 2) await one(services[((i + 50) * 101) % services.length]); }));
const u = process.cpuUsage(c);
console.log(`two at a time: ${(100000 / (performance.now() - s)).toFixed(1)}/s, own cpu (with simulator) per event ${((u.user + u.system) / 1000 / 100).toFixed(0)} ms`);
await azure.close(); await az.stop(); process.exit(0);
