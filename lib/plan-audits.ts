import { subscriptionsToAudit } from "./audit-run.ts";
import type { FunctionApp } from "./compose-app.ts";
import type { AuditMessage } from "./model/message.ts";

/** One message for each subscription to audit; those that left the scope are asked about once more. */
export async function planAudits(app: Pick<FunctionApp, "store" | "scope">, runId: string): Promise<AuditMessage[]> {
  const subscriptions = await subscriptionsToAudit(app, app.scope);
  return subscriptions.map((subscriptionId) => ({ v: 1, runId, subscriptionId }));
}
