import { reasonsOfAll } from "../model/must-may.ts";
import { IpSet } from "../net/ip-set.ts";

/** Addresses that are certainly meant, and those that may be. */
export interface Addressed {
  readonly must: IpSet;
  readonly may: IpSet;
  readonly because: readonly string[];
}

const nothing: readonly never[] = [];

export function exactly(addresses: IpSet): Addressed {
  return { must: addresses, may: addresses, because: nothing };
}

export function anything(because: string): Addressed {
  return { must: IpSet.empty, may: IpSet.all, because: [because] };
}

export function addressedByAny(parts: readonly Addressed[]): Addressed {
  const must = IpSet.union(parts.map((part) => part.must));
  const may = IpSet.union(parts.map((part) => part.may));
  return { must, may, because: reasonsOfAll(parts) };
}
