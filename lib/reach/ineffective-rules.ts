import { certainly, perhaps, type Truth } from "../model/must-may.ts";
import type { IpSet } from "../net/ip-set.ts";
import { unroutable } from "../net/special-ranges.ts";
import type { PlacedRule } from "./firewall.ts";

/** A rule for addresses that no caller of a public endpoint has; then it makes no difference what else it says. */
export function neverMatches({ resource, rule }: PlacedRule): Truth {
  const { pointer, raw, must, may, because, isAzure } = rule;
  const evidence = [{ resource, pointer, value: raw }];
  const isCertain = !may.isEmpty && may.isSubsetOf(unroutable);
  if (isCertain || because === undefined || isAzure === true) return certainly(isCertain, evidence);
  const canBe = must.isSubsetOf(unroutable) && may.overlaps(unroutable);
  return canBe ? perhaps([because], evidence) : certainly(false, evidence);
}

/** A rule that admits at least one of the addresses. */
export function admitsSome({ resource, rule }: PlacedRule, addresses: IpSet): Truth {
  const { pointer, raw, must, may, because } = rule;
  const evidence = [{ resource, pointer, value: raw }];
  if (because === undefined || must.overlaps(addresses) || !may.overlaps(addresses)) {
    return certainly(must.overlaps(addresses), evidence);
  }
  return perhaps([because], evidence);
}
