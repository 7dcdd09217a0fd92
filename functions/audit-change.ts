import { app } from "@azure/functions";
import { composeApp } from "../lib/compose-app.ts";
import { isLastDelivery } from "../lib/last-delivery.ts";
import { connection } from "./queues.ts";

app.storageQueue("audit-change", {
  queueName: "changes",
  connection,
  handler: async (message, context) => {
    const { parseChange } = await import("../lib/events/change.ts");
    const { auditResources } = await import("../lib/audit-run.ts");
    const { ids, reason } = parseChange(message);
    if (ids.length === 0) return context.log(`nothing can have changed: ${reason}`);
    const request = {
      ids: ids.map(({ text }) => text),
      reason,
      isLastDelivery: isLastDelivery(context.triggerMetadata),
    };
    await auditResources(await composeApp(context), request);
  },
});
