import type { FixRecord } from "./closing-record.ts";
import type { ReachRecord } from "./reach-record.ts";
import type { FlowRecord } from "./witness-record.ts";

/** What is told of a finding besides. */
export interface Explanation {
  /** Who can reach the service. */
  readonly reach?: ReachRecord;
  /** Somebody who certainly gets in. */
  readonly witness?: FlowRecord;
  /** What closes it. */
  readonly fix?: FixRecord;
}
