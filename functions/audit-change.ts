import { app } from "@azure/functions";
import { composeApp } from "../lib/compose-app.ts";
import { isLastDelivery, isRepeated } from "../lib/last-delivery.ts";
import { connection } from "./queues.ts";

app.storageQueue("audit-change", {
  queueName: "changes",
  connection,
  handler: async (message, context) => {
    const { droppedText, parseChange } = await import("../lib/events/change.ts");
    const { auditChanges } = await import("../lib/audit-run.ts");
    const change = parseChange(message);
    const dropped = droppedText(change);
    if (dropped !== undefined) context.log(dropped);
    if (change.resources.length === 0 && change.subjects.length === 0) return;
    await auditChanges(await composeApp(context), {
      ...change,
      isRepeated: isRepeated(context.triggerMetadata),
      isLastDelivery: isLastDelivery(context.triggerMetadata),
    });
  },
});
