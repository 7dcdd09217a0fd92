import { failWhere } from "../model/verdict.ts";
import { familiesOf } from "../reach/fronts.ts";
import { admittedWords } from "./admitted-words.ts";
import { publicAccessPolicies } from "./public-access-policies.ts";
import type { Rule } from "./rule.ts";

export const publicNetworkAccessEnabled: Rule = {
  id: "NI101",
  name: "public-network-access-enabled",
  severity: "high",
  title: "The internet can reach the service",
  why: "Public access is on and nothing narrows it: the default action admits everybody, one rule is the whole address space, or the firewall has no rule, which turns it off on some services. Anyone who gets hold of a key, a token or a password can use it from anywhere.",
  remedy:
    "Set the default action to Deny, or delete the rule that spans every address, or make a first rule where the firewall is off without one; list only the subnets and addresses that need the service. Where private endpoints serve everyone, and where the service has no firewall, set publicNetworkAccess to Disabled.",
  link: "https://learn.microsoft.com/security/benchmark/azure/mcsb-network-security",
  controls: {
    mcsb: ["NS-2"],
    cis: {
      "3.0": ["4.6", "4.7", "5.1.7", "5.4.1"],
      "4.0": ["9.3.7", "10.3.2.2", "10.3.2.3"],
      "5.0": ["8.3.7", "9.3.2.2", "9.3.2.3"],
      "6.0": ["8.3.7", "9.3.2.2", "9.3.2.3"],
    },
    azurePolicy: [
      "040732e8-d947-40b8-95d6-854c95024bf8",
      "0e246bcf-5f6f-4f87-bc6f-775d4712c7ea",
      "34c877ad-507e-4c82-993e-3452a6e0ad3c",
      "55615ac9-af46-4a59-874e-391cc3dfb490",
      "5cc7aeef-357e-433d-9627-05354b40f8e2",
      "862e97cf-49fc-4a5c-9de4-40d4e2e7c8eb",
      "037eea7a-bd0a-46c5-9a66-03aea78705d3",
      "d0793b48-0edc-4296-a390-4c75d1bdfd71",
      "56fd377d-098c-4f02-8406-81eb055902b8",
      ...publicAccessPolicies,
    ],
  },

  on: "service",
  shows: "anybody",

  check({ service, boundary }) {
    const { everybody, addresses } = boundary.main;
    const { unmatched } = boundary.ipRules;
    return failWhere(everybody, () => {
      const { must, may } = addresses;
      const all = { must: must.union(unmatched.addresses), may: may.union(unmatched.addresses) };
      const words = admittedWords(all, familiesOf(service));
      if (boundary.fronts[0].guard === "nothing" && boundary.publicAccess.must)
        return `${words}, as the service has no firewall`;
      if (boundary.isOpenForWantOfRules.must) return `${words}, as the firewall has no rule`;
      const isLess = !unmatched.addresses.isSubsetOf(must);
      return isLess ? `${words}, but for those of Azure in the region of the service` : words;
    });
  },
};
