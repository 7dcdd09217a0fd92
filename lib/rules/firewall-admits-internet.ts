import { failWhere, notApplicable } from "../model/verdict.ts";
import { isNearlyInternet, shareOfInternet } from "../reach/internet.ts";
import type { Rule } from "./rule.ts";

export const firewallAdmitsInternet: Rule = {
  id: "NI102",
  name: "firewall-admits-internet",
  severity: "high",
  title: "Firewall rules together admit nearly the whole internet",
  why: 'No rule alone says "everybody", but their union does, or nearly so: 0.0.0.0/1 and 128.0.0.0/1 are the internet. Checks that look for 0.0.0.0/0 do not see it.',
  remedy: "Replace the wide ranges by the addresses that really need the service.",
  link: "https://learn.microsoft.com/azure/storage/common/storage-network-security",
  controls: {
    mcsb: ["NS-2"],
    cis: { "3.0": ["4.7"], "4.0": ["10.3.2.3"], "5.0": ["9.3.2.3"], "6.0": ["9.3.2.3"] },
    azurePolicy: [
      "34c877ad-507e-4c82-993e-3452a6e0ad3c",
      "55615ac9-af46-4a59-874e-391cc3dfb490",
      "5cc7aeef-357e-433d-9627-05354b40f8e2",
      "037eea7a-bd0a-46c5-9a66-03aea78705d3",
      "d0793b48-0edc-4296-a390-4c75d1bdfd71",
    ],
  },

  on: "service",
  shows: "anybody",

  check({ boundary }, policy) {
    const { everybody, ruleAddresses } = boundary.main;
    if (everybody.must) return notApplicable;
    const nearly = isNearlyInternet(ruleAddresses, policy.nearlyInternet);
    const percent = () => Math.floor(shareOfInternet(ruleAddresses.must) * 100);
    return failWhere(nearly, () => `the firewall rules together admit ${percent()} % of the public addresses`);
  },
};
