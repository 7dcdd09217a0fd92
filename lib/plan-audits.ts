import { subscriptionsToAudit } from "./audit-run.ts";
import type { FunctionApp } from "./compose-app.ts";
import type { AuditMessage } from "./model/message.ts";

/**
 * One message for each subscription to audit; those that left the scope are asked about once more. An alert looks in the log for
 * those that are asked for and never audited: infra/alerts.bicep.
 */
export async function planAudits(
  app: Pick<FunctionApp, "store" | "scope" | "log">,
  runId: string,
): Promise<AuditMessage[]> {
  const subscriptions = await subscriptionsToAudit(app, app.scope);
  for (const one of subscriptions) app.log(`asking for an audit of subscription \`${one}\``);
  return subscriptions.map((subscriptionId) => ({ v: 1, runId, subscriptionId }));
}
