import type { FixRecord } from "./closing-record.ts";
import type { FindingRecord } from "./finding-record.ts";
import type { Severity } from "./policy.ts";
import type { ReachRecord } from "./reach-record.ts";
import type { FlowRecord } from "./witness-record.ts";

/** What Cordon sends: CloudEvents 1.0 in their JSON format. The same event is the same bytes under the same id. */
export type OutgoingEvent = FindingEvent | AuditCompletedEvent;

export interface FindingEvent extends Envelope {
  readonly type: FindingEventType;
  readonly data: FindingChange;
}

export interface AuditCompletedEvent extends Envelope {
  readonly type: "cordon.audit.completed.v1";
  readonly data: CompletedAudit;
}

export const findingEventTypes = {
  opened: "cordon.finding.opened.v1",
  changed: "cordon.finding.changed.v1",
  resolved: "cordon.finding.resolved.v1",
} as const;

export type FindingEventType = (typeof findingEventTypes)[keyof typeof findingEventTypes];

/** https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/spec.md#required-attributes */
interface Envelope {
  readonly specversion: "1.0";
  /** Lower-case hex SHA-256 of `<finding id>.<sequence>`; of `<run id>.<subscription id>` for completed audits. */
  readonly id: string;
  readonly source: string;
  /** The resource that the finding is about, as Azure spelled it; the subscription of a completed audit. */
  readonly subject: string;
  /** When it was decided, in UTC: 2026-11-20T09:30:00.000Z. */
  readonly time: string;
  readonly datacontenttype: "application/json";
  readonly dataschema: string;
}

export const resolutions = ["fixed", "deleted", "waived", "out of scope", "rule retired"] as const;

/** Why a finding is no longer open. */
export type Resolution = (typeof resolutions)[number];

/** What a finding's event says: the finding as it is now, or as it last was where it is resolved. */
export interface FindingChange extends Omit<FindingRecord, "id"> {
  readonly findingId: string;
  /** One more with each event of the finding: a receiver drops what is not above the last that it has seen. */
  readonly sequence: number;
  /** Absent for a site of the policy. */
  readonly subscriptionId?: string;
  /** Who can reach the service; of opened and changed findings about a service. */
  readonly reach?: ReachRecord;
  /** Somebody who certainly gets in; of failed findings that say that somebody gets into a service. */
  readonly witness?: FlowRecord;
  /** What closes it; of failed findings of audits after changes, where the change can be told from what was read. */
  readonly fix?: FixRecord;
  /** Of resolved findings. */
  readonly resolution?: Resolution;
  /** Where the whole finding can be read. */
  readonly report?: string;
  /** How much was left out because the event would be too large; absent where it is whole. */
  readonly omitted?: Omitted;
}

export interface Omitted {
  readonly evidence: number;
  readonly services: number;
  /** Whether `reach` was left out. */
  readonly reach: boolean;
  /** There where `witness` was left out. */
  readonly witness?: true;
  /** There where `fix` was left out. */
  readonly fix?: true;
  /** Whether texts were cut as well. */
  readonly texts: boolean;
}

export interface CompletedAudit {
  readonly runId: string;
  readonly subscriptionId: string;
  readonly startedAt: string;
  readonly completedAt: string;
  readonly counts: AuditCounts;
  /** The first of what could not be read or understood, a sentence each; `counts.gaps` says how many there are. */
  readonly gaps: readonly string[];
}

/** Of one subscription, after an audit. */
export interface AuditCounts {
  /** Resources that were read, those of other subscriptions that count as evidence included. */
  readonly resources: number;
  /** Services, subnets and whatever else rules were asked about. */
  readonly subjects: number;
  /** Open findings that failed, by severity. */
  readonly open: Readonly<Record<Severity, number>>;
  readonly undetermined: number;
  readonly waived: number;
  readonly gaps: number;
  /** Resources that it found changed without an event having told of it; absent for the first audit. */
  readonly untold?: number;
  /** Findings that this audit found changed. */
  readonly opened: number;
  readonly changed: number;
  readonly resolved: number;
}
