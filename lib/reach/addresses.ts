import type { Evidence } from "../model/evidence.ts";
import { reasonsOfAll } from "../model/must-may.ts";
import { IpSet } from "../net/ip-set.ts";

/** One setting that admits addresses: a firewall rule, or the default. */
export interface Admission {
  readonly must: IpSet;
  readonly may: IpSet;
  readonly because: readonly string[];
  readonly evidence: readonly Evidence[];
}

/** What several settings admit together. */
export interface Addresses {
  readonly must: IpSet;
  readonly may: IpSet;
  readonly because: readonly string[];
  readonly evidence: AddressEvidence;
}

export interface AddressEvidence {
  /** The settings that admit something of `set`. */
  within(set: IpSet): readonly Evidence[];
}

export function addressesOf(admissions: readonly Admission[]): Addresses {
  const must = IpSet.union(admissions.map((admission) => admission.must));
  const may = IpSet.union(admissions.map((admission) => admission.may));
  const open = admissions.filter((admission) => !admission.may.isSubsetOf(must));
  return {
    must,
    may,
    because: reasonsOfAll(open),
    evidence: {
      within: (set) => [...new Set(admissions.filter((one) => one.may.overlaps(set)).flatMap((one) => one.evidence))],
    },
  };
}
