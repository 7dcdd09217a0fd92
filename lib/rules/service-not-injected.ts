import { placementOfType } from "../catalog/placements.ts";
import { not } from "../model/must-may.ts";
import type { Policy } from "../model/policy.ts";
import { failWhere, notApplicable } from "../model/verdict.ts";
import { isInjected } from "../reach/injection.ts";
import type { Rule, Subjects } from "./rule.ts";

export const serviceNotInjected: Rule = {
  id: "NI406",
  name: "service-not-injected",
  severity: "medium",
  title: "Service outside of a virtual network that should be in one",
  why: "The policy wants services of this type in a subnet: injected into a virtual network, or integrated with one. Outside, the service reaches nothing that only the network reaches, its traffic passes by the network's security groups, routes and firewall, and whatever it calls has to be open to public addresses.",
  remedy:
    "Give the service a subnet of its own, delegated where it has to be (for many types only while they are created), or take the type out of injectedTypes.",
  link: "https://learn.microsoft.com/azure/virtual-network/virtual-network-for-azure-services",
  controls: {
    mcsb: ["NS-2"],
    cis: { "4.0": ["3.1.1"], "5.0": ["2.1.1"], "6.0": ["2.1.1"] },
    azurePolicy: [
      "b0ab5b05-1c98-40f7-bb9e-dc568e41b501",
      "ef619a2c-cc4d-4d03-b2ba-8c94a834d85b",
      "24b7a1c6-44fe-40cc-a2e6-242d2ef70e98",
      "72d04c29-f87d-4575-9731-419ff16a2757",
      "9c25c9e4-ee12-4882-afd2-11fb9d87893f",
      "8b346db6-85af-419b-8557-92cee2c0f9bb",
      "8af8f826-edcb-4178-b35f-851ea6fea615",
    ],
  },

  on: ["service", "placed"],

  check(subject: Subjects["service"] | Subjects["placed"], policy: Policy) {
    const fact = "placed" in subject ? subject.placed : subject.service;
    if (!policy.injectedTypes.has(fact.id.type)) return notApplicable;
    const { part } = placementOfType(fact.id.type) ?? {};
    const what = part === undefined ? "it" : `its ${part}`;
    return failWhere(not(isInjected(fact, subject.snapshot)), `${what} is in no virtual network`);
  },
};
