import { doors } from "../model/door.ts";
import { fold } from "../model/resource-id.ts";
import { IpSet } from "../net/ip-set.ts";
import { parseAddresses } from "../net/parse-addresses.ts";
import { publicIpv4 } from "../net/special-ranges.ts";
import type { ReachEntry } from "./schema.ts";

/** Who certainly gets in that did not certainly get in before. */
export interface Gained {
  readonly addresses: readonly string[];
  readonly subnets: readonly string[];
  readonly privateEndpoints: readonly string[];
  readonly exceptions: readonly string[];
}

/** Whether others get in than did before; unknown where they may. */
export type Wider = "yes" | "no" | "unknown";

export interface Widening {
  readonly wider: Wider;
  readonly gained: Gained;
}

export function wideningOf(before: ReachEntry, after: ReachEntry): Widening {
  const gained = gainedBetween(before, after);
  const isCertain =
    Object.values(gained).some((list) => list.length > 0) ||
    isWiderDoor(after.atLeast, before.atLeast) ||
    isAtMoreParts(before, after);
  const wider = isCertain ? "yes" : isWiderDoor(after.atMost, before.atMost) ? "unknown" : "no";
  return { wider, gained };
}

/** Where everybody got in, subnets, private endpoints and exceptions are nobody new. */
function gainedBetween(before: ReachEntry, after: ReachEntry): Gained {
  const known = addressesOf(before);
  const isOpenToAll = before.parts === undefined && publicIpv4.isSubsetOf(known);
  const lacking = (list: readonly string[], other: readonly string[]) =>
    isOpenToAll ? [] : without(list, new Set(other.map(fold)));
  return {
    addresses: addressesOf(after).minus(known).toPrefixes(),
    subnets: lacking(after.subnets, before.subnets),
    privateEndpoints: lacking(after.privateEndpoints, before.privateEndpoints),
    exceptions: lacking(after.exceptions, before.exceptions),
  };
}

function addressesOf({ addresses }: ReachEntry): IpSet {
  return IpSet.union(addresses.flatMap((prefix) => parseAddresses(prefix) ?? []));
}

function without(list: readonly string[], known: ReadonlySet<string>): readonly string[] {
  return list.filter((one) => !known.has(fold(one)));
}

function isWiderDoor(door: ReachEntry["atMost"], other: ReachEntry["atMost"]): boolean {
  return doors.indexOf(door) < doors.indexOf(other);
}

/** The widest door is the same, and leads to parts of the service where it led to others only. */
function isAtMoreParts(before: ReachEntry, after: ReachEntry): boolean {
  if (before.parts === undefined || before.widest !== after.widest) return false;
  return after.parts === undefined || without(after.parts, new Set(before.parts.map(fold))).length > 0;
}
