import type { IpRule, ServiceFact } from "../model/fact.ts";
import { evidenceOf } from "../model/setting.ts";
import type { Snapshot } from "../model/snapshot.ts";
import { IpSet } from "../net/ip-set.ts";
import type { Admission } from "./addresses.ts";
import { ownedAddresses } from "./owned-addresses.ts";
import { publicSpace } from "./spaces.ts";

/**
 * The addresses that a service sends from, which its firewall lets in besides its rules as soon as it has one:
 * https://learn.microsoft.com/azure/aks/api-server-authorized-ip-ranges
 */
export function ownAdmissions(
  { id, ownAddresses: own }: ServiceFact,
  rules: readonly IpRule[],
  snapshot: Snapshot,
): readonly Admission[] {
  if (rules.length === 0) return [];
  const evidence = evidenceOf(id, own);
  if (own.kind === "unknown") return [{ must: IpSet.empty, may: anyone, because: [own.because], evidence }];
  const { ids, because } = own.value;
  return ids.map((one): Admission => {
    const owned = ownedAddresses(one, snapshot);
    if (typeof owned === "string") return { must: IpSet.empty, may: anyone, because: [owned], evidence };
    const { addresses, at } = owned;
    const isCertain = because === undefined;
    return {
      must: isCertain ? addresses : IpSet.empty,
      may: addresses,
      because: isCertain ? [] : [because],
      evidence: [...evidence, ...at],
    };
  });
}

const anyone = publicSpace.intersect(IpSet.ipv4);
