import { certainly, perhaps, type Truth } from "../model/must-may.ts";
import type { IpSet } from "../net/ip-set.ts";
import { globalIpv6, publicIpv4 } from "../net/special-ranges.ts";
import type { Addresses } from "./addresses.ts";
import type { Front } from "./fronts.ts";

/** The rules together admit at least this share of the public addresses of IPv4 or of IPv6. */
export function isNearlyInternet({ must, may, because, evidence }: Addresses, share: number): Truth {
  if (mostOfInternet(may) < share) return certainly(false);
  if (shareOfInternet(must) >= share) return certainly(true, evidence.within(must));
  return shareOfInternet(may) >= share ? perhaps(because, evidence.within(may)) : certainly(false);
}

/** The internet gets in: everybody by the default or one rule, or nearly everybody by all rules together. */
export function isOpenToInternet(
  { everybody, ruleAddresses }: Pick<Front, "everybody" | "ruleAddresses">,
  nearlyInternet: number,
): Truth {
  if (everybody.must) return everybody;
  const nearly = isNearlyInternet(ruleAddresses, nearlyInternet);
  return nearly.must || !everybody.may ? nearly : everybody;
}

/** The larger of the two families' shares of their public addresses, from 0 to 1. */
export function shareOfInternet(addresses: IpSet): number {
  return Math.max(mostOfInternet(addresses.intersect(publicIpv4)), mostOfInternet(addresses.intersect(globalIpv6)));
}

/** The share if all of the addresses were public: quick to tell, and rarely enough. */
function mostOfInternet(addresses: IpSet): number {
  return Math.max(addresses.countIpv4 / countOfPublicIpv4, Number(addresses.countIpv6) / countOfGlobalIpv6);
}

const countOfPublicIpv4 = publicIpv4.countIpv4;
const countOfGlobalIpv6 = Number(globalIpv6.countIpv6);
