import { ResourceId } from "../model/resource-id.ts";
import type { WitnessRecord } from "../model/witness-record.ts";
import { IpSet } from "../net/ip-set.ts";
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
  /**
   * The private endpoint; from a subnet over the internet, the NAT gateway, Azure Firewall or public IP address; over a service
   * endpoint that is not the subnet's own, the Azure Firewall whose subnet has it.
   */
  readonly by?: string;
  /** The Azure Firewall on the way to the private endpoint. */
  readonly through?: string;
  /** The public addresses that a subnet has on the internet, where they are known. */
  readonly as?: readonly string[];
  /** The subnet comes over its service endpoint, and no network rule of the service names it. */
  readonly isUnnamed?: true;
  /** Others of which the same is told: `addresses`, `maybe` and `because` are of all of them, the witness is an example. */
  readonly alike?: readonly string[];
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
    ways: together(ways).map(entryOf),
    exceptions: [...exceptions],
    because: [...new Set(because)],
  };
}

type Group = readonly [Way, ...Way[]];

/** There can be very many subnets that no rule names: those of which the same can be said are told together. */
function together(ways: readonly Way[]): readonly Group[] {
  const groups = Map.groupBy(ways, (way) => (way.isUnnamed === true ? outcomeOf(way) : {}));
  return [...groups.values()].flatMap(([first, ...others]) => (first === undefined ? [] : [[first, ...others]]));
}

function entryOf([first, ...others]: Group): WayEntry {
  if (others.length === 0) return wayEntry(first);
  const all = [first, ...others];
  const must = IpSet.union(all.map((way) => way.must));
  const may = IpSet.union(all.map((way) => way.may));
  const because = [...new Set(all.flatMap((way) => way.because))];
  return { ...wayEntry({ ...first, must, may, because }), alike: others.flatMap(({ from }) => textOf(from) ?? []) };
}

function outcomeOf({ outcome, must, may }: Way): Witness["outcome"] {
  return outcome ?? (must.isEmpty ? (may.isEmpty ? "blocked" : "unknown") : "reaches");
}

function textOf(from: Way["from"]): string | undefined {
  return from instanceof ResourceId ? from.text : from;
}

function wayEntry(way: Way): WayEntry {
  const { kind, by, through, as, part, isUnnamed, must, may, because, witness } = way;
  const from = textOf(way.from);
  return {
    kind,
    outcome: outcomeOf(way),
    ...(from === undefined ? {} : { from }),
    ...(by === undefined ? {} : { by: by.text }),
    ...(through === undefined ? {} : { through: through.text }),
    ...(as === undefined ? {} : { as: as.toPrefixes() }),
    ...(isUnnamed === undefined ? {} : { isUnnamed }),
    ...(part === undefined ? {} : { part }),
    addresses: must.toPrefixes(),
    maybe: may.minus(must).toPrefixes(),
    because: [...because],
    ...(witness === undefined ? {} : { witness: witnessRecordOf(witness) }),
  };
}
