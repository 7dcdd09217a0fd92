import { allOf, anyOf } from "../model/must-may.ts";
import { failWhere } from "../model/verdict.ts";
import { isOpenToInternet } from "../reach/internet.ts";
import { publicAccessPolicies } from "./public-access-policies.ts";
import type { Rule } from "./rule.ts";

export const privateEndpointPublicOpen: Rule = {
  id: "NI303",
  name: "private-endpoint-public-open",
  severity: "high",
  title: "Private endpoint in use, public door still open",
  why: "The private endpoint was meant to replace the public one, but the public one is still open to the internet or to every tenant in Azure: the isolation exists on paper only.",
  remedy:
    "Set publicNetworkAccess to Disabled, or the default action to Deny with only the addresses that still need it.",
  link: "https://learn.microsoft.com/azure/private-link/private-endpoint-overview",
  controls: {
    mcsb: ["NS-2"],
    cis: {
      "3.0": ["4.6", "5.1.7"],
      "4.0": ["9.3.7", "10.3.2.2"],
      "5.0": ["8.3.7", "9.3.2.2"],
      "6.0": ["8.3.7", "9.3.2.2"],
    },
    azurePolicy: publicAccessPolicies,
  },

  on: "service",
  shows: "anybody",

  check({ boundary }, policy) {
    const isOpen = anyOf([isOpenToInternet(boundary, policy.nearlyInternet), boundary.azure]);
    return failWhere(
      allOf([isOpen, boundary.privateEndpoints.isAnyApproved]),
      "an approved private endpoint serves it, and the public door is open",
    );
  },
};
