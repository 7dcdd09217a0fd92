import { allOf, anyOf, certainly, not, perhaps } from "../model/must-may.ts";
import { failWhere } from "../model/verdict.ts";
import type { Rule } from "./rule.ts";
import { listed } from "./wording.ts";

export const networkRuleWithoutEndpoint: Rule = {
  id: "NI202",
  name: "network-rule-without-endpoint",
  severity: "high",
  title: "Network rule for a subnet without the service endpoint",
  why: "The firewall admits a subnet, but without the service endpoint on the subnet its traffic comes from other addresses: the rule has no effect, and callers are refused or go round over the internet.",
  remedy: "Add the service endpoint to the subnet, or remove the rule.",
  link: "https://learn.microsoft.com/azure/virtual-network/virtual-network-service-endpoints-overview",
  controls: { mcsb: ["NS-2"], cis: {}, azurePolicy: ["77e8b146-0078-4fb2-b002-e112381199f0"] },

  on: "service",

  check({ boundary }) {
    const { doors, because } = boundary.subnets;
    const lacking = doors.map(({ subnet, rule, exists, hasEndpoint, isOn }) => {
      return { name: subnet?.name, truth: allOf([certainly(true, [rule]), exists, not(hasEndpoint), isOn]) };
    });
    const unread = because.map((reason) => allOf([perhaps([reason]), boundary.publicAccess]));
    const names = () => lacking.flatMap(({ name, truth }) => (name !== undefined && truth.must ? [name] : []));
    const message = () => `admits ${listed(names())} without a service endpoint for this service`;
    return failWhere(anyOf([...lacking.map(({ truth }) => truth), ...unread]), message);
  },
};
