import { app } from "@azure/functions";
import { composeApp } from "../lib/compose-app.ts";
import { planAudits } from "../lib/plan-audits.ts";
import { audits } from "./queues.ts";

/** On schedule: one message for each subscription. */
app.timer("plan-audits", {
  schedule: "%AUDIT_SCHEDULE%",
  return: audits,
  handler: async (_, { invocationId }) => planAudits(await composeApp(), invocationId),
});
