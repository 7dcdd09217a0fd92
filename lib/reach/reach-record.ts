import { textsOf } from "../model/finding-record.ts";
import type { ReachRecord } from "../model/reach-record.ts";
import type { Reach } from "./reach.ts";

export function reachRecordOf(reach: Reach): ReachRecord {
  const { widest, atLeast, atMost, because, parts, addresses, hasIpv6 } = reach;
  const { subnets, privateEndpoints, exceptions, assumptions } = reach;
  return {
    widest,
    atLeast,
    atMost,
    ...(because.length === 0 ? {} : { because: [...because] }),
    ...(parts.length === 0 ? {} : { parts: [...parts] }),
    addresses: addresses.toPrefixes(),
    ...(hasIpv6 ? { hasIpv6 } : {}),
    subnets: textsOf(subnets),
    privateEndpoints: textsOf(privateEndpoints),
    exceptions: [...new Set(exceptions)].sort(),
    ...(assumptions.length === 0 ? {} : { assumptions: [...assumptions] }),
  };
}
