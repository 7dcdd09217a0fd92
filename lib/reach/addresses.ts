import type { Evidence } from "../model/evidence.ts";
import { perhaps, reasonsOfAll, type Truth } from "../model/must-may.ts";
import { IpSet } from "../net/ip-set.ts";

/** One setting that admits addresses: a firewall rule, or the default. */
export interface Admission {
  readonly must: IpSet;
  readonly may: IpSet;
  readonly because: readonly string[];
  readonly evidence: readonly Evidence[];
  /** The addresses that may be admitted, and may not, are few. */
  readonly isFew?: boolean;
  /** It lets every tenant's workloads in Azure in. */
  readonly azure?: Truth;
}

/** A setting that may admit anybody. */
export function anybody(because: string, evidence: readonly Evidence[] = []): Admission {
  return { must: IpSet.empty, may: IpSet.all, because: [because], evidence, azure: perhaps([because], evidence) };
}

/** What several settings admit together. */
export interface Addresses {
  readonly must: IpSet;
  readonly may: IpSet;
  readonly because: readonly string[];
  readonly evidence: AddressEvidence;
}

export interface AddressEvidence {
  /**
   * The settings that admit something of `set`, those that admit most of it first: of a set that is admitted for certain,
   * only those that certainly do.
   */
  within(set: IpSet): readonly Evidence[];
}

export function addressesOf(admissions: readonly Admission[]): Addresses {
  const must = IpSet.union(admissions.map((admission) => admission.must));
  const unsure = admissions.filter((admission) => admission.may !== admission.must);
  const may = IpSet.union([must, ...unsure.map((admission) => admission.may)]);
  const open = unsure.filter((admission) => !admission.may.isSubsetOf(must));
  return {
    must,
    may,
    because: reasonsOfAll(open),
    evidence: {
      within: (set) => {
        const admitted = set.isSubsetOf(must) ? "must" : "may";
        return admissions
          .filter((one) => one[admitted].overlaps(set))
          .map((one) => ({ one, part: one[admitted].intersect(set) }))
          .sort((a, b) => compareSizes(b.part, a.part))
          .flatMap(({ one }) => one.evidence);
      },
    },
  };
}

/** An IPv4 address counts before any number of IPv6 addresses. */
function compareSizes(a: IpSet, b: IpSet): number {
  return a.countIpv4 - b.countIpv4 || Number(a.countIpv6 - b.countIpv6);
}
