import { ResourceId } from "../model/resource-id.ts";
import type { WitnessRecord } from "../model/witness-record.ts";
import type { Way } from "../reach/service-reach.ts";
import type { Witness } from "../reach/witness.ts";
import { witnessRecordOf } from "../reach/witness-record.ts";

/** What `cordon reach --format json` writes: stable, in the order of asking, without times. */
export interface ReachAnswer {
  readonly service: string;
  /** What was asked about; absent where it was everybody. */
  readonly from?: string;
  readonly ways: readonly WayEntry[];
  /** Callers that get in whatever their address. */
  readonly exceptions: readonly string[];
  /** Why there may be other ways. */
  readonly because: readonly string[];
}

export interface WayEntry {
  readonly kind: Way["kind"];
  readonly outcome: Witness["outcome"];
  /** The subnet, the gateway that callers are behind, or the site. */
  readonly from?: string;
  /** The private endpoint; from a subnet over the internet, the NAT gateway or public IP address. */
  readonly by?: string;
  /** The public addresses that a subnet has on the internet, where they are known. */
  readonly as?: readonly string[];
  /** The part of the service that is meant, where its parts differ: "SCM site". */
  readonly part?: string;
  /** Addresses that certainly get in, and others that may. */
  readonly addresses: readonly string[];
  readonly maybe: readonly string[];
  readonly because: readonly string[];
  readonly witness?: WitnessRecord;
}

export function reachAnswer(
  service: ResourceId,
  from: string | undefined,
  ways: readonly Way[],
  exceptions: readonly string[],
  because: readonly string[],
): ReachAnswer {
  return {
    service: service.text,
    ...(from === undefined ? {} : { from }),
    ways: ways.map(wayEntry),
    exceptions: [...exceptions],
    because: [...new Set(because)],
  };
}

function wayEntry({ kind, from, by, as, part, must, may, because, witness, outcome: told }: Way): WayEntry {
  const outcome = told ?? (must.isEmpty ? (may.isEmpty ? "blocked" : "unknown") : "reaches");
  return {
    kind,
    outcome,
    ...(from === undefined ? {} : { from: from instanceof ResourceId ? from.text : from }),
    ...(by === undefined ? {} : { by: by.text }),
    ...(as === undefined ? {} : { as: as.toPrefixes() }),
    ...(part === undefined ? {} : { part }),
    addresses: must.toPrefixes(),
    maybe: may.minus(must).toPrefixes(),
    because: [...because],
    ...(witness === undefined ? {} : { witness: witnessRecordOf(witness) }),
  };
}
