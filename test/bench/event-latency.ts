import { setTimeout as sleep } from "node:timers/promises";
import type { Body } from "../support/arm-simulator/world.ts";
import { sayGoal } from "./goal.ts";
import { startHostedApp, type Told } from "./hosted-app.ts";

// Run by change-audits.ts in a process of its own: events that come in through real queues, `node test/bench/event-latency.ts`.
const size = 3_000;
const app = await startHostedApp(size);
const { world } = app.azure;

/** Services whose default action decides whether they have a finding, each with the number of times it was written. */
const services = ["microsoft.storage/storageaccounts", "microsoft.keyvault/vaults"]
  .flatMap((type) => world.ofType(type, new Set(world.subscriptions)))
  .filter(({ properties }) => Object(properties).publicNetworkAccess === "Enabled");
let written = 0;

/** The next service opens its door, or shuts it where it is open: a finding comes or goes. */
function writeNext(): Body {
  const { id } = services[(written * 101) % services.length] as Body;
  written += 1;
  return write(id);
}

function write(id: string): Body {
  const { properties, ...rest } = world.get(id) as Body;
  const { networkAcls, ...others } = Object(properties);
  const defaultAction = networkAcls.defaultAction === "Deny" ? "Allow" : "Deny";
  const body = { ...rest, properties: { ...others, networkAcls: { ...networkAcls, defaultAction } } };
  world.put(body);
  return body;
}

/** https://learn.microsoft.com/azure/event-grid/event-schema-subscriptions */
async function tell({ id, type }: Body): Promise<void> {
  await app.put({
    specversion: "1.0",
    id: crypto.randomUUID(),
    source: id.split("/").slice(0, 3).join("/"),
    subject: id,
    type: "Microsoft.Resources.ResourceWriteSuccess",
    time: new Date().toISOString(),
    data: { resourceUri: id, operationName: `${type}/write`, status: "Succeeded" },
  });
}

interface Outcome {
  /** Seconds from each event to the last finding that it brought about, where it brought one. */
  readonly delays: readonly number[];
  /** Until the last finding. */
  readonly seconds: number;
  readonly events: number;
  readonly findings: number;
}

async function run(events: number, perSecond: number): Promise<Outcome> {
  const start = performance.now();
  const sentAt = new Map<string, number>();
  const sending: Promise<void>[] = [];
  for (let event = 0; event < events; event += 1) {
    const due = start + (event * 1000) / perSecond;
    if (due > performance.now()) await sleep(due - performance.now());
    const body = writeNext();
    sentAt.set(body.id.toLowerCase(), performance.now());
    sending.push(tell(body));
  }
  await Promise.all(sending);
  const told = await settled(sentAt.size);
  const lastAt = new Map(told.map(({ subject, at }) => [subject, at]));
  const delays = [...sentAt].flatMap(([id, at]) => {
    const last = lastAt.get(id);
    return last === undefined ? [] : [(last - at) / 1000];
  });
  const seconds = (Math.max(...told.map(({ at }) => at)) - start) / 1000;
  return { delays: delays.sort((a, b) => a - b), seconds, events: sentAt.size, findings: told.length };
}

/** All findings, when each of so many subjects has one, or none has come for long. */
async function settled(subjects: number): Promise<readonly Told[]> {
  const all: Told[] = [];
  let quietSince = performance.now();
  while (performance.now() - quietSince < 20_000) {
    const told = app.takeFindings();
    if (told.length > 0) quietSince = performance.now();
    all.push(...told);
    if (new Set(all.map(({ subject }) => subject)).size >= subjects && performance.now() - quietSince > 2_000) break;
    await sleep(50);
  }
  return all;
}

function at(share: number, sorted: readonly number[]): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

await run(20, 5);
const steady = await run(200, 10);
console.log(
  JSON.stringify({
    p50: at(0.5, steady.delays),
    p95: at(0.95, steady.delays),
    max: at(1, steady.delays),
    ...steady,
    delays: steady.delays.length,
  }),
);
const burst = await run(200, 1000);
console.log("sustained", burst.events / burst.seconds, burst.delays.length, burst.findings);
console.log(app.complaints.slice(0, 5), app.complaints.length);
void sayGoal;
await app.stop();
