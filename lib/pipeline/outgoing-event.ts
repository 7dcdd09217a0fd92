import type { Explanation } from "../model/explanation.ts";
import {
  type AuditCompletedEvent,
  type CompletedAudit,
  type FindingEvent,
  findingEventTypes,
  type Resolution,
} from "../model/finding-event.ts";
import type { FindingRecord } from "../model/finding-record.ts";
import { fitted } from "../model/fit-finding.ts";
import { sizeOf } from "../model/json-size.ts";
import { hashOf } from "../state/hash.ts";
import { sitesLedger } from "../state/store.ts";

/** Bytes of an event as JSON: it fits into a queue message, in base64 and with something around it. */
export const eventLimit = 40 * 1024;

/** What a finding's event is made from. */
export interface FindingNews {
  readonly kind: keyof typeof findingEventTypes;
  readonly finding: FindingRecord;
  readonly sequence: number;
  /** A subscription's id, or `sitesLedger`. */
  readonly ledger: string;
  readonly at: string;
  readonly resolution?: Resolution;
  readonly explanation?: Explanation | undefined;
  /** Where the report is, without a query; undefined where nobody said. */
  readonly reportUrl: string | undefined;
}

/** Equal news give equal bytes. */
export function findingEvent({ kind, finding, sequence, ledger, at, ...news }: FindingNews): FindingEvent {
  const { resolution, explanation, reportUrl } = news;
  const envelope = {
    specversion: "1.0",
    id: hashOf(`${finding.id}.${sequence}`),
    source: ledger === sitesLedger ? "/cordon/sites" : `/cordon/subscriptions/${ledger}`,
    type: findingEventTypes[kind],
    subject: finding.resource,
    time: at,
    datacontenttype: "application/json",
    dataschema: `${schemas}/finding-event.schema.json#/$defs/findingChange`,
  } as const;
  const circumstances = {
    findingId: finding.id,
    sequence,
    ...(ledger === sitesLedger ? {} : { subscriptionId: ledger }),
    ...(resolution === undefined ? {} : { resolution }),
    ...(reportUrl === undefined
      ? {}
      : { report: `${reportUrl}?finding=${encodeURIComponent(finding.id.toWellFormed())}` }),
  };
  const around = sizeOf({ ...envelope, data: circumstances });
  const told = fitted({ ...finding, ...explanation }, eventLimit - around);
  const { id: _, ...content } = told.finding;
  const { omitted } = told;
  return { ...envelope, data: { ...circumstances, ...content, ...(omitted === undefined ? {} : { omitted }) } };
}

export function auditCompletedEvent(completed: CompletedAudit): AuditCompletedEvent {
  const { runId, subscriptionId, completedAt } = completed;
  return {
    specversion: "1.0",
    id: hashOf(`${runId}.${subscriptionId}`),
    source: `/cordon/subscriptions/${subscriptionId}`,
    type: "cordon.audit.completed.v1",
    subject: `/subscriptions/${subscriptionId}`,
    time: completedAt,
    datacontenttype: "application/json",
    dataschema: `${schemas}/audit-event.schema.json#/$defs/completedAudit`,
    data: completed,
  };
}

const schemas = "https://raw.githubusercontent.com/cordon-audit/cordon/main";
