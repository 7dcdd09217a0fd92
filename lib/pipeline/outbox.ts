import pMap from "p-map";
import type { Unsent } from "../state/store.ts";
import type { App } from "./app.ts";

type Outbox = Pick<App, "store" | "sinks">;

/** Sends what somebody committed and did not see sent. */
export async function flush(ledger: string, outbox: Outbox): Promise<void> {
  const unsent = await outbox.store.unsent(ledger);
  if (unsent.length > 0) await deliver(ledger, unsent, outbox);
}

/** Sends each event to every sink, and only then clears its mark; what was sent before a failure is cleared as well. */
export async function deliver(ledger: string, unsent: readonly Unsent[], { store, sinks }: Outbox): Promise<void> {
  const sent: Unsent[] = [];
  const failures: unknown[] = [];
  const send = async (one: Unsent) => {
    if (failures.length > 0) return;
    try {
      for (const sink of sinks) await sink.send(one.event);
      sent.push(one);
    } catch (error) {
      failures.push(error);
    }
  };
  await pMap(unsent, send, { concurrency: 16 });
  if (sent.length > 0) await store.clear(ledger, sent);
  if (failures.length > 0) throw failures[0];
}
