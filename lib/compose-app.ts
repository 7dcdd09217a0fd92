import type { InvokedReaderFor } from "./compose-live.ts";
import { CordonError } from "./model/cordon-error.ts";
import type { App } from "./pipeline/app.ts";
import type { Settings } from "./settings/settings.ts";
import type { StorageSettings } from "./settings/storage.ts";
import type { DeliveryDesk } from "./sinks/deliver.ts";
import type { Queue } from "./sinks/storage-queue.ts";
import { readingMinutesAtMost } from "./time-budget.ts";

/** What audits and reports work with. */
export interface FunctionApp extends App {
  /** How many messages were given up, by queue. */
  readonly poisonCounts: () => Promise<Readonly<Record<string, number>>>;
}

/** Of an invocation of a function. */
export interface Log {
  log(text: string): void;
}

/** Once in a process, when first needed; wrong settings throw every time. Which subscriptions there are may change. */
const settings = once(async () => {
  const { readSettings } = await import("./settings/settings.ts");
  return readSettings(process.env, process.cwd());
});
const parts = once(async () => composeParts(await settings()), 10 * 60_000);

/** Throws a CordonError that names every wrong setting of this process. */
export async function checkSettings(): Promise<void> {
  await settings();
}

export async function composeApp(log: Log): Promise<FunctionApp> {
  const { readerFor, ...others } = await parts();
  const say = (message: string) => log.log(message);
  const invocation = { log: say, signal: AbortSignal.timeout(readingMinutesAtMost * 60_000) };
  return { ...others, readerFor: (id, reading) => readerFor(id, reading, invocation), now, log: say };
}

/** What reports work with; Azure need not be there. */
export async function composeReport(): Promise<Pick<FunctionApp, "store" | "poisonCounts" | "now">> {
  return { ...(await composeState(await settings())), now };
}

const now = () => new Date();

/** What it takes to deliver to the webhook; throws a CordonError where none is set. */
export async function composeDelivery(): Promise<Omit<DeliveryDesk, "log">> {
  const { webhook, storage } = await settings();
  if (webhook === undefined) {
    throw new CordonError("ERR_WEBHOOK_MISSING", "cannot deliver: `CORDON_WEBHOOK_URL` and its secret are not set");
  }
  const queue = await queuesIn(storage);
  return { webhook, deliveries: queue("deliveries"), poison: queue("deliveries-poison") };
}

/** What all invocations share. */
type Parts = Omit<FunctionApp, keyof Log | "now" | "readerFor"> & { readonly readerFor: InvokedReaderFor };

/** Nothing is connected yet. */
export async function composeParts(settings: Settings): Promise<Parts> {
  const { policy, storage, reportUrl } = settings;
  const [{ rules }, queue] = await Promise.all([import("./rules/index.ts"), queuesIn(storage)]);
  return {
    ...(await readersOf(settings)),
    ...(await composeState(settings)),
    expectations: { policy, rules },
    changes: queue("changes"),
    sinks: await sinksOf(settings, queue),
    ...(reportUrl === undefined ? {} : { reportUrl }),
  };
}

async function composeState({
  storage,
}: Settings): Promise<Pick<FunctionApp, "store" | "index" | "readingLog" | "poisonCounts">> {
  const [{ azureTable }, { tableStore }, { tableChangeIndex }, { tableReadingLog }, queue] = await Promise.all([
    import("./state/azure-table.ts"),
    import("./state/table-store.ts"),
    import("./state/table-change-index.ts"),
    import("./state/table-reading-log.ts"),
    queuesIn(storage),
  ]);
  const table = azureTable(locationOf(storage, "tableEndpoint"), "cordon");
  return {
    store: tableStore(table),
    index: tableChangeIndex(table),
    readingLog: tableReadingLog(table),
    poisonCounts: async () => {
      const queues = ["audits-poison", "changes-poison", "deliveries-poison"].map(queue);
      return Object.fromEntries(await Promise.all(queues.map(async (one) => [one.name, await one.count()] as const)));
    },
  };
}

type Readers = Pick<Parts, "scope" | "readerFor" | "homeOfSites">;

async function readersOf({ reader, scope }: Settings): Promise<Readers> {
  if (reader.kind === "live") {
    const { liveReaders } = await import("./compose-live.ts");
    return liveReaders({ ...reader, scope });
  }
  return recordedReaders(reader, scope);
}

/** A recording is read as a whole: what it holds of other subscriptions is evidence. */
async function recordedReaders(reader: { readonly recording: string }, scope: Settings["scope"]): Promise<Readers> {
  const { recorded } = await import("./readers/recorded.ts");
  const ids = scope.kind === "subscriptions" ? scope.ids : [];
  const source = recorded([reader.recording]);
  return {
    scope: ids,
    readerFor: (subscriptionId: string) => (ids.includes(subscriptionId) ? source : undefined),
    homeOfSites: ids[0],
  };
}

async function sinksOf({ sinks }: Settings, queue: (name: string) => Queue) {
  const { queueSink } = await import("./sinks/queue-sink.ts");
  const { webhookSink } = await import("./sinks/webhook-sink.ts");
  const made = { queue: () => queueSink(queue("findings")), webhook: () => webhookSink(queue("deliveries")) };
  return sinks.map((name) => made[name]());
}

async function queuesIn(storage: StorageSettings): Promise<(name: string) => Queue> {
  const { storageQueue } = await import("./sinks/storage-queue.ts");
  return (name) => storageQueue(locationOf(storage, "queueEndpoint"), name);
}

function locationOf(storage: StorageSettings, service: "queueEndpoint" | "tableEndpoint") {
  if (storage.kind === "connectionString") return storage;
  const { kind, clientId, [service]: endpoint } = storage;
  return { kind, endpoint, ...(clientId === undefined ? {} : { clientId }) };
}

/** A failure is not kept, nor what is older than it may be: the next call tries again. */
function once<T>(make: () => Promise<T>, atMostMilliseconds = Number.POSITIVE_INFINITY): () => Promise<T> {
  let made: Promise<T> | undefined;
  let madeAt = 0;
  return () => {
    if (performance.now() - madeAt > atMostMilliseconds) made = undefined;
    if (made === undefined) madeAt = performance.now();
    made ??= make().catch((error: unknown) => {
      made = undefined;
      throw error;
    });
    return made;
  };
}
