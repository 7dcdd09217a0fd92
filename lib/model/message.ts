import type { OutgoingEvent } from "./finding-event.ts";

/** On the queue `audits`: one subscription to audit. */
export interface AuditMessage {
  readonly v: 1;
  readonly runId: string;
  readonly subscriptionId: string;
}

/** On the queue `changes`, beside Azure's own events. */
export type ChangeMessage = AuditRequest | ReadRequest | EvaluateRequest;

/** What to audit again in any case. */
export interface AuditRequest {
  readonly v: 1;
  readonly kind: "audit";
  /** ARM ids of subscriptions, resource groups or resources. */
  readonly ids: readonly string[];
  readonly reason: string;
}

/** What to read again, and to audit again where it has changed; it stands for events. */
export interface ReadRequest {
  readonly v: 1;
  readonly kind: "read";
  readonly resources: readonly {
    /** ARM id; that of a subscription where it is not known what in it has changed. */
    readonly id: string;
    /** When it changed, as an ISO time by Azure's clock. */
    readonly at?: string;
    /** Whether it was deleted: if it is there, it was made anew. */
    readonly isDeleted?: boolean;
  }[];
  readonly reason: string;
  /** Of a trailing reading: what tells it from others of the same resource. */
  readonly ticket?: string;
}

/** What to evaluate again: something that it rests on has changed. */
export interface EvaluateRequest {
  readonly v: 1;
  readonly kind: "evaluate";
  /** ARM ids, or sites of the policy: `site:<name>`. */
  readonly subjects: readonly string[];
  readonly reason: string;
  /** Of what was put off: when that was first, as an ISO time. */
  readonly since?: string;
}

/** On the queue `deliveries`: an event on its way to the webhook. */
export interface Delivery {
  readonly v: 1;
  readonly event: OutgoingEvent;
  /** How often it was tried before. */
  readonly attempt: number;
}
