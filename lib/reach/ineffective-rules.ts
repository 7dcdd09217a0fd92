import type { IpRule } from "../model/fact.ts";
import { certainly, perhaps, type Truth } from "../model/must-may.ts";
import { IpSet } from "../net/ip-set.ts";
import { unroutable } from "../net/special-ranges.ts";

/** A rule for addresses that no caller of a public endpoint has, or that it does not match; then it makes no difference what else it says. */
export function neverMatches({ at, must, may, because, isAzure, isInDoubt }: IpRule, unmatched = IpSet.empty): Truth {
  const never = unroutable.union(unmatched);
  const isCertain = !may.isEmpty && may.isSubsetOf(never) && isAzure !== "unknown";
  if (isCertain || because === undefined || isAzure === true || isInDoubt) return certainly(isCertain, [at]);
  const canBe = must.isSubsetOf(never) && may.overlaps(never);
  return canBe ? perhaps([because], [at]) : certainly(false, [at]);
}

/** A rule that admits at least one of the addresses. */
export function admitsSome({ at, must, may, because }: IpRule, addresses: IpSet): Truth {
  if (because === undefined || must.overlaps(addresses) || !may.overlaps(addresses)) {
    return certainly(must.overlaps(addresses), [at]);
  }
  return perhaps([because], [at]);
}
