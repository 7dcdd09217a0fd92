import { inParallel } from "../in-parallel.ts";
import type { Unsent } from "../state/store.ts";
import type { App } from "./app.ts";

type Outbox = Pick<App, "store" | "sinks">;

const sentAtOnce = 16;

/** Sends what somebody committed and did not see sent. */
export async function flush(ledger: string, outbox: Outbox): Promise<void> {
  const unsent = await outbox.store.unsent(ledger);
  if (unsent.length > 0) await deliver(ledger, unsent, outbox);
}

/** Sends each event to every sink, and only then clears its mark; what was sent before a failure is cleared as well. */
export async function deliver(ledger: string, unsent: readonly Unsent[], { store, sinks }: Outbox): Promise<void> {
  const sent: Unsent[] = [];
  try {
    await inParallel(unsent, sentAtOnce, async (one) => {
      for (const sink of sinks) await sink.send(one.event);
      sent.push(one);
    });
  } finally {
    if (sent.length > 0) await store.clear(ledger, sent);
  }
}
