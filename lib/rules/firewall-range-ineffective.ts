import { allOf, anyOf, perhaps } from "../model/must-may.ts";
import { failWhere } from "../model/verdict.ts";
import { neverMatches } from "../reach/ineffective-rules.ts";
import type { Rule } from "./rule.ts";
import { listed } from "./wording.ts";

export const firewallRangeIneffective: Rule = {
  id: "NI105",
  name: "firewall-range-ineffective",
  severity: "low",
  title: "Firewall rules that can never match",
  why: "The firewall sees the public address of a caller, so a rule for private addresses (10.0.0.0/8 and the like) admits nobody. Whoever wrote it believes that someone gets in, or that the door is narrower than it is.",
  remedy:
    "Delete the rules. Give callers from private networks a private endpoint, or a service endpoint and a network rule.",
  link: "https://learn.microsoft.com/azure/storage/common/storage-network-security",
  controls: { mcsb: ["NS-2"], cis: {}, azurePolicy: [] },

  on: "service",

  check({ boundary }) {
    const { rules, unmatched, because } = boundary.ipRules;
    const ineffective = rules.map((rule) => ({ rule, truth: neverMatches(rule, unmatched) }));
    const unread = because.map((reason) => perhaps([reason]));
    const ranges = () => ineffective.filter(({ truth }) => truth.must).flatMap(({ rule }) => rule.may.toPrefixes());
    return failWhere(
      allOf([anyOf([...ineffective.map(({ truth }) => truth), ...unread]), boundary.publicAccess]),
      () => `no caller that the rules match has an address in ${listed(ranges())}`,
    );
  },
};
