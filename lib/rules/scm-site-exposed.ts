import { arePartsApart } from "../catalog/index.ts";
import { anyOf } from "../model/must-may.ts";
import { failWhere, notApplicable } from "../model/verdict.ts";
import { isOpenToInternet } from "../reach/internet.ts";
import type { Rule } from "./rule.ts";

export const scmSiteExposed: Rule = {
  id: "NI108",
  name: "scm-site-exposed",
  severity: "medium",
  title: "The SCM site of an app is open to the internet",
  why: "Beside its main site every app has an SCM site (Kudu), which deploys code and opens a console on the app's files and settings. It has access restrictions of its own: closing the main site leaves it open, and whoever gets hold of deployment credentials can use it from anywhere.",
  remedy:
    "Set scmIpSecurityRestrictionsUseMain to true where the main site is closed, or scmIpSecurityRestrictionsDefaultAction to Deny with rules for those who deploy. Where private endpoints serve everyone, set publicNetworkAccess to Disabled.",
  link: "https://learn.microsoft.com/azure/app-service/overview-access-restrictions",
  controls: { mcsb: ["NS-2"], cis: {}, azurePolicy: [] },

  on: "service",
  shows: "scmSite",

  check({ service, boundary }, policy) {
    const [, scm] = boundary.fronts;
    if (scm === undefined || !arePartsApart(service.id.type)) return notApplicable;
    const isOpen = anyOf([isOpenToInternet(scm, policy.nearlyInternet), scm.azure]);
    return failWhere(isOpen, "the access restrictions of the SCM site let the internet in, or every tenant in Azure");
  },
};
