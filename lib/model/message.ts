import type { OutgoingEvent } from "./finding-event.ts";

/** On the queue `audits`: one subscription to audit. */
export interface AuditMessage {
  readonly v: 1;
  readonly runId: string;
  readonly subscriptionId: string;
}

/** On the queue `changes`, beside Azure's own events: what to audit again. */
export interface ChangeMessage {
  readonly v: 1;
  readonly kind: "audit";
  /** ARM ids of subscriptions, resource groups or resources. */
  readonly ids: readonly string[];
  readonly reason: string;
}

/** On the queue `deliveries`: an event on its way to the webhook. */
export interface Delivery {
  readonly v: 1;
  readonly event: OutgoingEvent;
  /** How often it was tried before. */
  readonly attempt: number;
}
