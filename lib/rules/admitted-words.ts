import { IpSet } from "../net/ip-set.ts";
import { unroutable, withoutUnroutable } from "../net/special-ranges.ts";
import type { Addresses } from "../reach/addresses.ts";
import type { Families } from "../reach/fronts.ts";
import { listed } from "./wording.ts";

const shownExceptions = 3;

/** Who certainly gets in, of all callers that the endpoint can have: "every address but 9.9.9.9 is admitted". */
export function admittedWords({ must, may }: Pick<Addresses, "must" | "may">, families: Pick<Families, "may">): string {
  const missing = families.may.minus(unroutable).minus(must);
  if (missing.isEmpty) return "every address is admitted";
  const exceptions = missing.overlaps(may) ? [] : missing.toPrefixes();
  if (exceptions.length > 0 && exceptions.length <= shownExceptions) {
    return `every address but ${listed(exceptions)} is admitted`;
  }
  const admitted = [
    ...namesOf("every IPv4 address", must.intersect(IpSet.ipv4), missing.intersect(IpSet.ipv4)),
    ...namesOf("every IPv6 address", must.intersect(IpSet.ipv6), missing.intersect(IpSet.ipv6)),
  ];
  return `${listed(admitted)} ${admitted.length === 1 ? "is" : "are"} admitted`;
}

function namesOf(all: string, admitted: IpSet, missing: IpSet): readonly string[] {
  if (admitted.isEmpty) return [];
  return missing.isEmpty ? [all] : withoutUnroutable(admitted).toPrefixes();
}
