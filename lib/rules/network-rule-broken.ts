import { anyOf, not, perhaps } from "../model/must-may.ts";
import { failWhere } from "../model/verdict.ts";
import type { Rule } from "./rule.ts";
import { listed } from "./wording.ts";

export const networkRuleBroken: Rule = {
  id: "NI203",
  name: "network-rule-broken",
  severity: "high",
  title: "Network rule for a subnet that is gone",
  why: "The subnet of the rule was deleted or made anew, or the rule failed: it admits nobody, and a new subnet of the same name does not get its access back.",
  remedy: "Delete the rule, and make it again for the subnet that needs access.",
  link: "https://learn.microsoft.com/azure/storage/common/storage-network-security-virtual-networks",
  controls: { mcsb: ["NS-2"], cis: {}, azurePolicy: [] },

  on: "service",

  check({ boundary }) {
    const { doors, because } = boundary.subnets;
    const broken = doors.map(({ subnet, rule, exists, isBroken }) => ({
      name: subnet?.name ?? String(rule.value),
      truth: anyOf([not(exists), isBroken]),
    }));
    const names = () => broken.filter(({ truth }) => truth.must).map(({ name }) => name);
    const unread = because.map((reason) => perhaps([reason]));
    return failWhere(
      anyOf([...broken.map(({ truth }) => truth), ...unread]),
      () => `the network rule for ${listed(names())} is broken or its subnet is gone`,
    );
  },
};
