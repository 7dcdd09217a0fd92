import { setTimeout as sleep } from "node:timers/promises";
import type { Body } from "../support/arm-simulator/world.ts";
import { sayGoal } from "./goal.ts";
import { startHostedApp, type Told } from "./hosted-app.ts";

// Run by run.ts in a process of its own: events that come into a real queue, until findings stand in another. `node test/bench/event-latency.ts`
const size = 3_000;
const app = await startHostedApp(size);
const { world, log } = app.azure;

/** Services whose default action decides whether they have a finding. */
const services = ["microsoft.storage/storageaccounts", "microsoft.keyvault/vaults"]
  .flatMap((type) => world.ofType(type, new Set(world.subscriptions)))
  .filter(({ properties }) => Object(properties).publicNetworkAccess === "Enabled");
let written = 0;

/** Those that were not written for the longest time. */
function next(count: number): readonly string[] {
  const step = 101; // no divisor of their number, so that each comes once in a round
  if (services.length % step === 0) throw new RangeError("services would come twice in a round");
  return Array.from({ length: count }, () => {
    const id = services[(written * step) % services.length]?.id ?? "";
    written += 1;
    return id;
  });
}

/** Opens the door of a service, or shuts it where it is open: a finding comes or goes. */
function turn(id: string): Body {
  const body = world.get(id);
  if (body === undefined) throw new RangeError(`there is no ${id}`);
  const { networkAcls, ...others } = Object(body.properties);
  const defaultAction = networkAcls.defaultAction === "Deny" ? "Allow" : "Deny";
  world.put({ ...body, properties: { ...others, networkAcls: { ...networkAcls, defaultAction } } });
  return body;
}

/** https://learn.microsoft.com/azure/event-grid/event-schema-subscriptions */
function eventOf({ id, type }: Body): object {
  return {
    specversion: "1.0",
    id: crypto.randomUUID(),
    source: id.split("/").slice(0, 3).join("/"),
    subject: id,
    type: "Microsoft.Resources.ResourceWriteSuccess",
    time: new Date().toISOString(),
    data: { resourceUri: id, operationName: `${type}/write`, status: "Succeeded" },
  };
}

interface Outcome {
  /** Seconds from the first event of a resource to the last of its findings, in ascending order. */
  readonly delays: readonly number[];
  /** From the first event to the last finding. */
  readonly seconds: number;
  readonly findings: number;
  /** How often one of the resources was read, as evidence for others included. */
  readonly readings: number;
}

/** Writes resources in their order, so many in a second, and tells of each; throws where one of them brings no finding. */
async function play(ids: readonly string[], perSecond: number): Promise<Outcome> {
  const keys = new Set(ids.map((id) => id.toLowerCase()));
  app.takeFindings();
  log.length = 0;
  const start = performance.now();
  const sentAt = new Map<string, number>();
  const sending: Promise<void>[] = [];
  for (const [event, id] of ids.entries()) {
    const due = start + (event * 1000) / perSecond;
    if (due > performance.now()) await sleep(due - performance.now());
    const body = turn(id);
    if (!sentAt.has(id.toLowerCase())) sentAt.set(id.toLowerCase(), performance.now());
    sending.push(app.put(eventOf(body)));
  }
  await Promise.all(sending);
  const told = await findingsOf(keys);
  const lastAt = new Map(told.map(({ subject, at }) => [subject, at]));
  const delays = [...sentAt].map(([key, at]) => ((lastAt.get(key) ?? Number.POSITIVE_INFINITY) - at) / 1000);
  const readings = log.filter((line) => keys.has(line.slice("GET ".length))).length;
  const seconds = (Math.max(...lastAt.values()) - start) / 1000;
  return { delays: delays.sort((a, b) => a - b), seconds, findings: told.length, readings };
}

const patience = 60_000;

/** Of all that have one, when nothing is left to be done. */
async function findingsOf(keys: ReadonlySet<string>): Promise<readonly Told[]> {
  const all: Told[] = [];
  let lastAt = performance.now();
  for (;;) {
    // INVARIANT: asked first, so that what the last message told of is taken
    const isDone = (await app.eventsLeft()) === 0;
    await sleep(50);
    const told = app.takeFindings().filter(({ subject }) => keys.has(subject));
    if (told.length > 0) lastAt = performance.now();
    all.push(...told);
    const missing = keys.size - new Set(all.map(({ subject }) => subject)).size;
    if (missing === 0 && isDone) return all;
    if (performance.now() - lastAt > patience) throw new Error(`${missing} of ${keys.size} have no finding`);
  }
}

function at(share: number, sorted: readonly number[]): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

say(`Events through the local host: real queues, one instance, ${size.toLocaleString("en")} resources 30 ms away`);
await play(next(20), 5);
const steady = await play(next(300), 10);
say(`  10 a second: from an event to its finding ${at(0.5, steady.delays).toFixed(2)} s half of the time`);
sayGoal("from an event to its finding, 95 times in 100", at(0.95, steady.delays), "s", { atMost: 2 });
const burst = await play(next(300), 1_000);
say(`  300 at once: ${(burst.delays.length / burst.seconds).toFixed(1)} a second`);
const [one = ""] = next(1);
const again = await play(Array(51).fill(one), 51);
say(`  one resource 51 times in a second: read ${again.readings} times, ${again.findings} changes of findings`);
const many = await play(next(500), 500 / 60);
say(`  500 resources in a minute: read ${many.readings} times, ${many.findings} changes of findings`);
say(`    the last ${(many.seconds - 60).toFixed(1)} s after the last event`);
if (again.readings > 4) throw new Error(`one resource was read ${again.readings} times for a storm`);
if (app.complaints.length > 0) throw new Error(`the host complains: ${app.complaints.slice(0, 3).join("; ")}`);
await app.stop();
