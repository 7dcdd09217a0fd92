import fc from "fast-check";
import { audit } from "../../lib/audit.ts";
import { auditChanges, auditSubscription } from "../../lib/audit-run.ts";
import { exampleRecording } from "../../lib/compose.ts";
import { parseChange } from "../../lib/events/change.ts";
import { project } from "../../lib/facts/project.ts";
import type { Finding } from "../../lib/model/finding.ts";
import { digestOf } from "../../lib/model/finding-digest.ts";
import type { AuditCounts } from "../../lib/model/finding-event.ts";
import type { FindingRecord } from "../../lib/model/finding-record.ts";
import type { LedgerEntry } from "../../lib/model/ledger.ts";
import { fold, type ResourceId } from "../../lib/model/resource-id.ts";
import { substanceOf as textOfFact } from "../../lib/model/same-fact.ts";
import type { App } from "../../lib/pipeline/app.ts";
import { rules } from "../../lib/rules/index.ts";
import type { Rule } from "../../lib/rules/rule.ts";
import { hashOf } from "../../lib/state/hash.ts";
import { sitesLedger } from "../../lib/state/store.ts";
import { tableChangeIndex } from "../../lib/state/table-change-index.ts";
import { tableReadingLog } from "../../lib/state/table-reading-log.ts";
import { tableStore } from "../../lib/state/table-store.ts";
import { worldOfRecording } from "./arm-simulator/recorded-world.ts";
import { type Body, idOf, perimeterId } from "./builders.ts";
import { ChangingAzure, isRead, type Step, type Told } from "./changing-azure.ts";
import { anyEdit, type Edit, EditedEstate } from "./edit-script.ts";
import { Killed, killable } from "./killing.ts";
import { anyStart, demanding, type Start } from "./material.ts";
import { memoryTable } from "./memory-table.ts";
import { type ReceivedEvents, receivedEvents } from "./receiver-of-events.ts";

export const one = "00000000-0000-4000-8000-000000000001";
export const two = "00000000-0000-4000-8000-000000000002";
const noStep: Step = async (effect) => await effect();

const kinds: readonly Edit["kind"][] = ["put", "remove", "recase", "reorder", "drop", "tell child", "forget child"];

/** Edits that change what is there. */
export const anyChange: fc.Arbitrary<Edit> = anyEdit.filter(({ kind }) => kinds.includes(kind));

const profile: Body = { id: `${perimeterId}/profiles/default`, properties: {} };
const perimeter: Body = { id: perimeterId, properties: {} };

/** All that events tell of, and that can be read in full. */
export const anyAzure: fc.Arbitrary<() => ChangingAzure> = anyStart.map((start) => {
  const make = () => azureOf(start);
  return Object.assign(make, { [fc.toStringMethod]: start[fc.toStringMethod] });
});

function azureOf({ material, first }: Start): ChangingAzure {
  const isMeant = ({ id, properties }: Body) => isRead(id) && properties !== undefined;
  const bodies = [...material.bodies.filter(isMeant), profile];
  const estate = new EditedEstate({ ...material, bodies, lists: [], refusals: [], tags: [] }, []);
  const at = first.resources.map((body): Body => ({ ...body })).filter(isMeant);
  for (const body of [perimeter, profile, ...at]) estate.put(body);
  return new ChangingAzure(estate, material.tags.slice(0, 1));
}

/** What tests put there, and nothing else. */
export function anAzure(...bodies: readonly Body[]): ChangingAzure {
  const azure = new ChangingAzure(new EditedEstate({ bodies: [], lists: [], refusals: [], tags: [] }, []), []);
  azure.put(...bodies);
  return azure;
}

/** The bundled recording, in which what is there may change. */
export function recordedAzure(): ChangingAzure {
  const bodies = worldOfRecording(exampleRecording).all.filter(({ id }) => isRead(id));
  const estate = new EditedEstate({ bodies, lists: [], refusals: [], tags: [] }, []);
  for (const body of bodies) estate.put(body);
  return new ChangingAzure(estate, []);
}

/** A cordon that audits it, its state in a table, and what it tells. */
export class Watch {
  readonly azure: ChangingAzure;
  readonly received: ReceivedEvents = receivedEvents();
  /** What has happened, for whoever has to find out why. */
  readonly story: string[] = [];
  readonly #table = memoryTable();
  readonly #put: (message: object) => void;
  #seconds = 0;
  #runs = 0;

  readonly rules: readonly Rule[];
  readonly scope: readonly string[];

  /** `put` gets what audits leave to messages of their own. */
  constructor(
    azure: ChangingAzure,
    put: (message: object) => void,
    only: readonly Rule[] = rules,
    scope: readonly string[] = [one, two],
  ) {
    this.scope = scope;
    this.rules = only;
    this.azure = azure;
    this.#put = put;
  }

  now(): Date {
    this.#seconds += 1;
    return new Date(Date.UTC(2026, 10, 22, 9, 0, 0, this.#seconds * 500));
  }

  app(step: Step): App {
    const table = killable(this.#table, step);
    return {
      readerFor: (id, { purpose }) => this.azure.reader([id], this.scope, purpose, step),
      expectations: { policy: demanding, rules: this.rules },
      homeOfSites: this.scope[0],
      scope: this.scope,
      store: tableStore(table),
      index: tableChangeIndex(table),
      readingLog: tableReadingLog(table),
      changes: { put: (message) => step(async () => this.#put(message)) },
      sinks: [{ name: "test", send: (event) => step(async () => this.received.take(event)) }],
      now: () => this.now(),
      log: (message) => void this.story.push(message),
    };
  }

  async auditAll(step = noStep): Promise<void> {
    for (const subscriptionId of this.scope) await this.audit(subscriptionId, step);
  }

  async audit(subscriptionId: string, step = noStep, runId = this.newRun()): Promise<void> {
    await auditSubscription(this.app(step), { runId, subscriptionId, isLastDelivery: false });
  }

  newRun(): string {
    this.#runs += 1;
    return `run-${this.#runs}`;
  }

  async handle(message: object, isRepeated: boolean, step = noStep): Promise<void> {
    const change = parseChange(JSON.parse(JSON.stringify(message)));
    await auditChanges(this.app(step), { ...change, isRepeated, isLastDelivery: false });
  }

  /** Of all ledgers what is open, by id. */
  async open(): Promise<ReadonlyMap<string, LedgerEntry>> {
    const { store } = this.app(noStep);
    const open = new Map<string, LedgerEntry>();
    for (const ledger of [...this.scope, sitesLedger]) {
      for (const { line } of (await store.read(ledger)).lines) {
        const entry = line.state === "open" ? (await store.find(ledger, line.id))?.entry : undefined;
        if (entry !== undefined) open.set(line.id, entry);
      }
    }
    return open;
  }

  /** Of the subjects with these ids, the ticket of the audit that had the last word. */
  async tickets(ids: readonly string[]): Promise<ReadonlyMap<string, number>> {
    const { store } = this.app(noStep);
    const ledgers = await Promise.all([...this.scope, sitesLedger].map((ledger) => store.read(ledger)));
    const marks = new Map(ledgers.flatMap((ledger) => [...ledger.marks]));
    return new Map(ids.map((id) => [id, marks.get(hashOf(fold(id)))?.ticket ?? 0]));
  }

  async counts(subscriptionId: string, runId: string): Promise<AuditCounts | undefined> {
    return (await this.app(noStep).store.completedRun(subscriptionId, runId))?.counts;
  }
}

/** What one look at everything finds, without a past and without an index. */
async function foundIn({ azure, scope, rules: only }: Watch): Promise<readonly Finding[]> {
  const reader = azure.reader(scope, scope, "scheduled", noStep);
  const { evaluations } = await audit(reader, { policy: demanding, rules: only, today: "2026-11-22" });
  return evaluations.flatMap(({ findings }) => findings);
}

/** Where ledgers say something else than an audit without a past, in substance. */
export async function differencesIn(watch: Watch): Promise<readonly object[]> {
  const found = new Map((await foundIn(watch)).map((finding) => [finding.id, finding]));
  const open = await watch.open();
  const differing = [...new Set([...found.keys(), ...open.keys()])].filter((id) => {
    const finding = found.get(id);
    return open.get(id)?.digest !== (finding === undefined ? undefined : hashOf(digestOf(finding)));
  });
  return differing.map((id) => ({ is: substanceOf(found.get(id)), said: substanceOf(open.get(id)?.finding), id }));
}

/** Enough to see what differs. */
function substanceOf(finding: Finding | FindingRecord | undefined): object | undefined {
  if (finding === undefined) return undefined;
  const { status, because, evidence, services } = finding;
  return {
    ...{ status, because, services: services.map(textOf) },
    evidence: evidence.map((one) => `${textOf(one.resource)}${one.pointer} ${JSON.stringify(one.value)}`),
  };
}

function textOf(resource: string | ResourceId): string {
  return typeof resource === "string" ? resource : resource.text;
}

/** The resources of a subscription of which rules see another body. */
export function differingIn(
  subscriptionId: string,
  before: ReadonlyMap<string, Body>,
  after: ReadonlyMap<string, Body>,
): readonly string[] {
  const keys = [...new Set([...before.keys(), ...after.keys()])];
  const own = keys.filter((key) => idOf(key).subscription === subscriptionId);
  return own.filter((key) => seenIn(before.get(key)) !== seenIn(after.get(key)));
}

/** All facts that a body gives. */
function seenIn(body: Body | undefined): string {
  const { projected } = body === undefined ? {} : project(body);
  if (projected === undefined) return "";
  const { children, embeds, ...own } = projected;
  const all = [own, ...children].map(({ fact, isFull }) => `${isFull} ${textOfFact(fact)}`);
  return JSON.stringify([embeds, all.sort()]);
}

export function eventOf({ id, kind }: Told, at: Date): object {
  return {
    specversion: "1.0",
    id: `${kind} ${id}`,
    type: `Microsoft.Resources.Resource${kind}Success`,
    time: at.toISOString(),
    data: { resourceUri: id },
  };
}

/** How one batch of edits is told: `copies` by the number of the event, 0 where it is lost. */
export interface Batch {
  readonly edits: readonly (Edit | "undo")[];
  readonly copies: readonly number[];
  /** How much longer than others its events are on their way. */
  readonly delay: number;
}

export interface Stream {
  readonly batches: readonly Batch[];
  /** Which step is killed, and whether after its effect. */
  readonly kills: readonly { readonly at: number; readonly isAfter: boolean }[];
  /** Before which batches whole audits begin, and of which subscription. */
  readonly audits: readonly { readonly before: number; readonly of: string }[];
}

const handlersAtMost = 3;

/**
 * Edits and what is told of them, handled side by side, until nothing is on its way any more. `mixed` adds to each message that asks
 * for subjects some of all subscriptions, so that they are evaluated together.
 */
export async function play(
  make: () => ChangingAzure,
  { batches, kills, audits }: Stream,
  scheduler: fc.Scheduler,
  mixed: "mixed" | "as they are" = "as they are",
): Promise<Watch> {
  const failures: unknown[] = [];
  let [steps, handlers, onTheirWay] = [0, 0, 0];
  const pause = () => scheduler.schedule(Promise.resolve());
  const step: Step = async (effect) => {
    await pause();
    steps += 1;
    const kill = kills.find(({ at }) => at === steps);
    if (kill === undefined) return await effect();
    if (kill.isAfter) await effect();
    throw new Killed(`killed at step ${steps}`);
  };
  const watch = new Watch(make(), (message) => {
    const asked = mixed === "mixed" ? amongOthers(message, watch.azure) : message;
    post((isRepeated) => watch.handle(asked, isRepeated, step), 0);
  });
  const post = (handle: (isRepeated: boolean) => Promise<void>, delay: number) => {
    onTheirWay += 1;
    insist(handle, delay)
      .catch((error: unknown) => failures.push(error))
      .finally(() => {
        onTheirWay -= 1;
      });
  };
  const insist = async (handle: (isRepeated: boolean) => Promise<void>, delay: number) => {
    for (let count = 0; count < delay; count += 1) await pause();
    for (let delivery = 1; ; delivery += 1) {
      do await pause();
      while (handlers >= handlersAtMost);
      handlers += 1;
      try {
        return await handle(delivery > 1);
      } catch (error) {
        if (delivery === 20 || !comesBack(error)) throw error;
      } finally {
        handlers -= 1;
      }
    }
  };
  await watch.auditAll();
  const life = async () => {
    for (const [at, { edits, copies, delay }] of batches.entries()) {
      for (const { of } of audits.filter(({ before }) => before === at)) {
        const runId = watch.newRun();
        post(() => watch.audit(of, step, runId), 0);
      }
      await pause();
      for (const told of edits.flatMap((edit) => watch.azure.do(edit))) {
        const event = eventOf(told, watch.now());
        watch.story.push(`${told.kind} ${told.id}`);
        for (let copy = 0; copy < (copies[at % copies.length] ?? 1); copy += 1) {
          post((isRepeated) => watch.handle(event, isRepeated, step), delay + copy * 20);
        }
      }
    }
    while (onTheirWay > 0 && failures.length === 0) {
      await pause();
      await new Promise(setImmediate); // who is refused again and again waits for a while
    }
  };
  await scheduler.waitFor(life());
  for (const failure of failures) throw failure;
  return watch;
}

/** The message, where it asks for subjects, with some of each subscription besides. */
function amongOthers(message: object, { bodies }: ChangingAzure): object {
  if (!("subjects" in message) || !Array.isArray(message.subjects)) return message;
  const bySubscription = Map.groupBy(bodies.values(), ({ id }) => idOf(id).subscription);
  const others = [...bySubscription.values()].flatMap((some) => some.slice(0, 6).map(({ id }) => id));
  return { ...message, subjects: [...new Set([...message.subjects, ...others])] };
}

function comesBack(error: unknown): boolean {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  return error instanceof Killed || code === "ERR_AUDIT_OUTRUN" || code === "ERR_STATE_BUSY";
}

const anyCopies = fc.array(fc.constantFrom(1, 1, 1, 2), { minLength: 1, maxLength: 4 });

function anyBatch(copies: Batch["copies"] | undefined): fc.Arbitrary<Batch> {
  return fc.record({
    edits: fc.array(fc.oneof(anyChange, anyChange, fc.constant("undo" as const)), { minLength: 1, maxLength: 3 }),
    copies: copies === undefined ? anyCopies : fc.constant(copies),
    delay: fc.constantFrom(0, 0, 0, 30, 200),
  });
}

export const anyStream: fc.Arbitrary<Stream> = fc.record({
  batches: fc.array(anyBatch(undefined), { minLength: 1, maxLength: 5 }),
  kills: fc.array(fc.record({ at: fc.integer({ min: 1, max: 1500 }), isAfter: fc.boolean() }), { maxLength: 3 }),
  audits: fc.array(fc.record({ before: fc.nat({ max: 4 }), of: fc.constantFrom(one, two) }), { maxLength: 2 }),
});
