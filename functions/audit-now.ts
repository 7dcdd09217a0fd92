import { app } from "@azure/functions";
import { composeApp } from "../lib/compose-app.ts";
import { audits, changes } from "./queues.ts";

/** By hand: a subscription, or a resource. */
app.http("audit-now", {
  methods: ["POST"],
  authLevel: "function",
  extraOutputs: [audits, changes],
  handler: async (request, context) => {
    const { auditNow } = await import("../lib/audit-now.ts");
    const asked = auditNow(await composeApp(context), await request.text(), context.invocationId);
    if (asked.audit !== undefined) context.extraOutputs.set(audits, asked.audit);
    if (asked.change !== undefined) context.extraOutputs.set(changes, asked.change);
    return { status: asked.status, jsonBody: asked.answer };
  },
});
