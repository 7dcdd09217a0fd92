import { app } from "@azure/functions";
import { auditSubscription } from "../lib/audit-pipeline.ts";
import { composeApp } from "../lib/compose-app.ts";
import { parseAudit } from "../lib/events/messages.ts";
import { connection } from "./queues.ts";

app.storageQueue("audit-subscription", {
  queueName: "audits",
  connection,
  handler: async (message, context) => auditSubscription(await composeApp(), parseAudit(message)),
});
