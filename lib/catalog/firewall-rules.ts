import type { IpRuleSource } from "./service.ts";

/** Rules of databases, which are child resources: a range each, of which one stands for every workload in Azure. */
export const firewallRules: IpRuleSource = {
  in: "child",
  type: "firewallRules",
  value: { first: "/properties/startIpAddress", last: "/properties/endIpAddress" },
  family: "ipv4",
  special: { entry: "0.0.0.0-0.0.0.0", standsFor: "azure" },
};
