import pMap from "p-map";
import { auditSubscription } from "../../lib/audit-run.ts";
import { exampleRecording } from "../../lib/compose.ts";
import { liveReaders } from "../../lib/compose-live.ts";
import type { ChangeMessage } from "../../lib/model/message.ts";
import type { App } from "../../lib/pipeline/app.ts";
import { rules } from "../../lib/rules/index.ts";
import { tableChangeIndex } from "../../lib/state/table-change-index.ts";
import { tableReadingLog } from "../../lib/state/table-reading-log.ts";
import { tableStore } from "../../lib/state/table-store.ts";
import { serviceTagsOfRecording } from "../support/arm-simulator/recorded-world.ts";
import { simulateArm } from "../support/arm-simulator/server.ts";
import { answerAsked } from "../support/estate.ts";
import { memoryTable } from "../support/memory-table.ts";
import { countingTable } from "./counting-table.ts";
import { type Shape, worldOfEstate } from "./estate-world.ts";
import { policy } from "./policy.ts";

/** A simulated Azure with a generated estate, and Cordon with what a scheduled audit of all of it has left behind. */
export async function auditedAzure(size: number, shape: Shape) {
  const world = worldOfEstate(size, shape);
  const azure = await simulateArm(world, { serviceTags: serviceTagsOfRecording(exampleRecording) });
  const ids = world.subscriptions;
  const { table, take } = countingTable(memoryTable());
  const asked: ChangeMessage[] = [];
  const readers = await liveReaders({
    cloud: "public",
    loopback: azure.address,
    scope: { kind: "subscriptions", ids },
  });
  let told = 0;
  const invocation = { log() {}, signal: new AbortController().signal };
  const app: App = {
    ...readers,
    readerFor: (id, reading) => readers.readerFor(id, reading, invocation),
    expectations: { policy, rules },
    store: tableStore(table),
    index: tableChangeIndex(table),
    readingLog: tableReadingLog(table),
    changes: { put: async (message) => void asked.push(message) },
    sinks: [
      {
        name: "count",
        async send() {
          told += 1;
        },
      },
    ],
    now: () => new Date(),
    log() {},
  };
  const auditOne = async (subscriptionId: string) => {
    await auditSubscription(app, { runId: "first", subscriptionId, isLastDelivery: false });
  };
  await pMap(ids, auditOne, { concurrency: 4 });
  await answerAsked(app, asked);
  const takeTold = () => {
    const taken = told;
    told = 0;
    return taken;
  };
  return { app, azure, asked, takeTableWork: take, takeTold };
}
