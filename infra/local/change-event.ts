import { randomUUID } from "node:crypto";

/** What became of a resource. */
export interface ResourceChange {
  readonly id: string;
  /** Absent where the resource is gone; its id then says enough. */
  readonly type?: string;
  readonly kind: "written" | "deleted";
}

/** As Azure Resource Manager sends it: https://learn.microsoft.com/azure/event-grid/event-schema-subscriptions */
export function changeEvent({ id, type = "Microsoft.Resources/resources", kind }: ResourceChange, at: Date): object {
  const [, subscription = ""] = /^\/subscriptions\/([^/]+)/i.exec(id) ?? [];
  const isWritten = kind === "written";
  return {
    id: randomUUID(),
    topic: `/subscriptions/${subscription}`,
    subject: id,
    eventType: isWritten ? "Microsoft.Resources.ResourceWriteSuccess" : "Microsoft.Resources.ResourceDeleteSuccess",
    eventTime: at.toISOString(),
    data: {
      resourceUri: id,
      operationName: `${type}/${isWritten ? "write" : "delete"}`,
      status: "Succeeded",
      subscriptionId: subscription,
    },
    dataVersion: "2",
    metadataVersion: "1",
  };
}

/** Where Event Grid sends its events. */
export function webhookOf(address: string, functionName: string, key: string): string {
  return `${address}/runtime/webhooks/eventgrid?functionName=${functionName}&code=${key}`;
}

export async function sendEvents(webhook: string, events: readonly object[]): Promise<void> {
  const headers = { "content-type": "application/json", "aeg-event-type": "Notification" };
  const response = await fetch(webhook, { method: "POST", headers, body: JSON.stringify(events) });
  if (!response.ok) throw new Error(`the app answered ${response.status} to a change event`);
}

/** The same as one line for a shell. */
export function curlLine(webhook: string, event: object): string {
  const parts = [
    "curl -sS -X POST",
    quoted(webhook),
    "-H 'aeg-event-type: Notification' -H 'content-type: application/json' -d",
    quoted(JSON.stringify([event])),
  ];
  return parts.join(" ");
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
