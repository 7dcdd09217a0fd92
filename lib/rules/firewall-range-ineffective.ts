import { allOf, anyOf, onEvidence, perhaps } from "../model/must-may.ts";
import { fail, failWhere } from "../model/verdict.ts";
import type { IpSet } from "../net/ip-set.ts";
import { neverMatches } from "../reach/ineffective-rules.ts";
import type { Rule } from "./rule.ts";
import { listed } from "./wording.ts";

export const firewallRangeIneffective: Rule = {
  id: "NI105",
  name: "firewall-range-ineffective",
  severity: "low",
  title: "Firewall rules that can never match",
  why: "The firewall sees the public address of a caller, so a rule for private addresses (10.0.0.0/8 and the like) admits nobody. Nor does a storage account's rule for addresses of Azure in the account's own region: from there it sees private ones. Whoever wrote such a rule believes that someone gets in, or that the door is narrower than it is.",
  remedy:
    "Delete the rules, but never the last one of a firewall that is off without any: switch public access off there. Give callers from private networks, and from Azure in the same region, a private endpoint, or a service endpoint and a network rule.",
  link: "https://learn.microsoft.com/azure/storage/common/storage-network-security",
  controls: { mcsb: ["NS-2"], cis: {}, azurePolicy: [] },

  on: "service",

  check({ service, boundary }) {
    const { rules, unmatched, because } = boundary.ipRules;
    const isLocal = (addresses: IpSet) => addresses.overlaps(unmatched.addresses);
    const ineffective = rules.map((rule) => {
      const truth = neverMatches(rule, unmatched.addresses);
      return {
        rule,
        truth: isLocal(rule.may)
          ? onEvidence(truth, [...truth.evidence, ...unmatched.evidence.within(rule.may)])
          : truth,
      };
    });
    const unread = because.map((reason) => perhaps([reason]));
    const truth = allOf([anyOf([...ineffective.map((one) => one.truth), ...unread]), boundary.publicAccess]);
    if (!truth.must) return failWhere(truth, "");
    const useless = ineffective.filter((one) => one.truth.must).map(({ rule }) => rule.may);
    const local = useless.filter(isLocal);
    const others = useless.filter((addresses) => !isLocal(addresses));
    const message = [...noCallerIn(others), ...noCallerFrom(service.location, local)].join("; ");
    return fail(message, truth.evidence);
  },
};

function noCallerIn(addresses: readonly IpSet[]): readonly string[] {
  if (addresses.length === 0) return [];
  return [`no caller that the rules match has an address in ${rangesOf(addresses)}`];
}

/** https://learn.microsoft.com/azure/storage/common/storage-network-security-limitations */
function noCallerFrom(region: string | undefined, addresses: readonly IpSet[]): readonly string[] {
  if (addresses.length === 0) return [];
  return [`addresses of Azure in the account's own region (${region}) never match: ${rangesOf(addresses)}`];
}

function rangesOf(addresses: readonly IpSet[]): string {
  return listed(addresses.flatMap((one) => one.toPrefixes()));
}
