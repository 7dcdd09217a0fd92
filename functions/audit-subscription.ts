import { app } from "@azure/functions";
import { composeApp } from "../lib/compose-app.ts";
import { isLastDelivery } from "../lib/last-delivery.ts";
import { connection } from "./queues.ts";

app.storageQueue("audit-subscription", {
  queueName: "audits",
  connection,
  handler: async (message, context) => {
    const { parseAudit } = await import("../lib/events/messages.ts");
    const { auditSubscription } = await import("../lib/audit-run.ts");
    const request = { ...parseAudit(message), isLastDelivery: isLastDelivery(context.triggerMetadata) };
    await auditSubscription(await composeApp(context), request);
  },
});
