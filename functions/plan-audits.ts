import { app } from "@azure/functions";
import { composeApp } from "../lib/compose-app.ts";
import { audits } from "./queues.ts";

/** On schedule: one message for each subscription. */
app.timer("plan-audits", {
  schedule: "%AUDIT_SCHEDULE%",
  return: audits,
  handler: async (_, context) => {
    const { planAudits } = await import("../lib/plan-audits.ts");
    return planAudits(await composeApp(context), context.invocationId);
  },
});
