import { parseChange } from "../../lib/events/change.ts";
import { ResourceId } from "../../lib/model/resource-id.ts";
import { admit } from "../../lib/pipeline/quiet-window.ts";
import type { Table } from "../../lib/state/table.ts";
import { tableReadingLog } from "../../lib/state/table-reading-log.ts";
import { Killed, killable } from "./killing.ts";
import { memoryTable } from "./memory-table.ts";

/** A change of a resource; times are true ones, in milliseconds. */
export interface StormEvent {
  readonly resource: number;
  readonly at: number;
  /** When its messages come: one, or more where Event Grid repeats itself. */
  readonly comes: readonly number[];
}

export interface Weather {
  readonly events: readonly StormEvent[];
  /** How far Azure's clock is off. */
  readonly azureClock: number;
  /** How far the clock of each instance is off. */
  readonly clocks: readonly number[];
  /** What happens next, wherever anything may; 0 once they are used up. */
  readonly choices: readonly number[];
  /** How many steps are killed, each before or after its effect. */
  readonly kills: number;
}

export interface Started {
  readonly resource: number;
  /** By the clock of the instance. */
  readonly stamp: number;
  readonly mustRead: boolean;
}

export interface Aftermath {
  readonly started: readonly Started[];
  /** The true times at which readings that came to their end looked at their resource. */
  readonly completed: readonly { readonly resource: number; readonly at: number }[];
  /** How many messages were handled, those that were put back or came again included. */
  readonly handled: number;
  readonly putBack: number;
}

interface Message {
  readonly body: object;
  visibleAt: number;
  deliveries: number;
}

const handlersAtMost = 24;

/**
 * Plays messages through `admit` on instances that run side by side: their steps are mixed as the choices have it, each takes a
 * while, and a message whose handler was killed comes again.
 */
export async function play({ events, azureClock, clocks, choices, kills }: Weather): Promise<Aftermath> {
  const started: Started[] = [];
  const completed: { resource: number; at: number }[] = [];
  const messages = new Set<Message>(events.flatMap((event) => messagesOf(event, azureClock)));
  const memory = memoryTable();
  const parked: (() => void)[] = [];
  let [time, handled, putBack, killsLeft, handlers, next] = [0, 0, 0, kills, 0, 0];
  const choose = (count: number) => {
    next += 1;
    return (choices[next - 1] ?? 0) % count;
  };

  const step = async <T>(effect: () => Promise<T>): Promise<T> => {
    await new Promise<void>((resume) => parked.push(resume));
    if (killsLeft > 0 && choose(8) === 1) {
      killsLeft -= 1;
      if (choose(2) === 1) await effect();
      throw new Killed("killed");
    }
    return await effect();
  };
  // some answers get lost: then the SDK asks once more, and finds its own write in the way
  const table: Table = {
    ...memory,
    async write(partition, writes) {
      const written = await memory.write(partition, writes);
      return choose(16) === 1 ? await memory.write(partition, writes) : written;
    },
  };
  const changes = {
    put: (body: object, delaySeconds: number) =>
      step(async () => {
        putBack += 1;
        messages.add({ body: JSON.parse(JSON.stringify(body)), visibleAt: time + delaySeconds * 1000, deliveries: 0 });
      }),
  };

  const handle = async (message: Message) => {
    const offset = clocks[choose(clocks.length)] ?? 0;
    let stamp = 0;
    const now = () => {
      stamp = time + offset;
      return new Date(stamp);
    };
    const mustRead = message.deliveries > 1;
    const { resources, reason, ticket } = parseChange(message.body);
    for (const { id, at } of resources) {
      const wish = { id, at, mustRead, reason, ...(ticket !== undefined && { ticket }) };
      const log = tableReadingLog(killable(table, step));
      if ((await admit({ log, changes, now }, wish)) !== "read") continue;
      const resource = Number(id.name);
      started.push({ resource, stamp, mustRead });
      const lookedAt = await step(async () => time);
      await step(async () => completed.push({ resource, at: lookedAt }));
    }
    await step(async () => messages.delete(message));
  };
  const deliver = async (message: Message) => {
    [message.visibleAt, message.deliveries, handled] = [Number.POSITIVE_INFINITY, message.deliveries + 1, handled + 1];
    handlers += 1;
    try {
      await handle(message);
    } catch (error) {
      if (!(error instanceof Killed)) throw error;
      message.visibleAt = time + choose(20_000);
    } finally {
      handlers -= 1;
    }
  };

  const failures: unknown[] = [];
  while (messages.size > 0 && failures.length === 0) {
    if (handled > 100 * events.length + 1000) throw new Error("messages never come to an end");
    const visible = handlers < handlersAtMost ? [...messages].filter(({ visibleAt }) => visibleAt <= time) : [];
    if (parked.length + visible.length === 0) {
      time = Math.min(...[...messages].map(({ visibleAt }) => visibleAt));
      continue;
    }
    const chosen = choose(parked.length + visible.length);
    const message = visible[chosen - parked.length];
    if (message === undefined) parked.splice(chosen, 1)[0]?.();
    else deliver(message).catch((error: unknown) => failures.push(error));
    await new Promise(setImmediate); // until all wait for their next step
    time += choose(20) === 1 ? choose(6_000) : choose(60);
  }
  for (const failure of failures) throw failure;
  return { started, completed, handled, putBack };
}

const group = "/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/rg-storm";

export function stormId(resource: number): ResourceId {
  const id = ResourceId.parse(`${group}/providers/Microsoft.Storage/storageAccounts/${resource}`);
  if (id === undefined) throw new Error("no id");
  return id;
}

function messagesOf({ resource, at, comes }: StormEvent, azureClock: number): readonly Message[] {
  const body = {
    specversion: "1.0",
    id: `${resource} at ${at}`,
    type: "Microsoft.Resources.ResourceWriteSuccess",
    time: new Date(at + azureClock).toISOString(),
    data: { resourceUri: stormId(resource).text, operationName: "Microsoft.Storage/storageAccounts/write" },
  };
  return comes.map((visibleAt) => ({ body, visibleAt, deliveries: 0 }));
}
