import { app } from "@azure/functions";
import { composeApp } from "../lib/compose-app.ts";
import { isLastDelivery } from "../lib/last-delivery.ts";
import { connection } from "./queues.ts";

app.storageQueue("audit-change", {
  queueName: "changes",
  connection,
  handler: async (message, context) => {
    const { droppedText, parseChange } = await import("../lib/events/change.ts");
    const { auditResources } = await import("../lib/audit-run.ts");
    const change = parseChange(message);
    const { resources, subscriptions, reason } = change;
    const dropped = droppedText(change);
    if (dropped !== undefined) context.log(dropped);
    const ids = [...resources.map(({ id }) => id.text), ...subscriptions.map((id) => `/subscriptions/${id}`)];
    if (ids.length === 0) return context.log(`nothing can have changed: ${reason}`);
    const request = { ids, reason, isLastDelivery: isLastDelivery(context.triggerMetadata) };
    await auditResources(await composeApp(context), request);
  },
});
