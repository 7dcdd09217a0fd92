import { allOf, anyOf, certainly, not, perhaps } from "../model/must-may.ts";
import { failWhere } from "../model/verdict.ts";
import { counted } from "../model/wording.ts";
import type { Rule } from "./rule.ts";

export const firewallRulesInert: Rule = {
  id: "NI107",
  name: "firewall-rules-inert",
  severity: "low",
  title: "Firewall rules without effect",
  why: "While public access is off, or a perimeter stands before the firewall, IP rules do nothing. Whoever reads them believes otherwise, and the day public access is switched on they open the door again. Some services take Deny without any rule for no firewall at all, and let everybody in.",
  remedy:
    "Delete the rules that have no effect. Where Deny has no rule beside it, list the subnets and addresses that need the service, or set publicNetworkAccess to Disabled.",
  link: "https://learn.microsoft.com/azure/storage/common/storage-network-security",
  controls: { mcsb: ["NS-2"], cis: {}, azurePolicy: [] },

  on: "service",

  check({ boundary }) {
    const { evidence, because } = boundary.ipRules;
    const hasRules = anyOf([certainly(evidence.length > 0, evidence), ...because.map((reason) => perhaps([reason]))]);
    const message = () =>
      `public callers do not get as far as the firewall: ${counted(evidence.length, "IP rule")} without effect`;
    const isInert = allOf([not(boundary.publicAccess), hasRules]);
    if (isInert.must || !boundary.unenforcedDeny.may) return failWhere(isInert, message);
    return failWhere(
      boundary.unenforcedDeny,
      "Deny without any rule is not enforced by this service: everybody gets in",
    );
  },
};
