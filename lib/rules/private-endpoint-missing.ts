import { not, onEvidence } from "../model/must-may.ts";
import { evidenceOf } from "../model/setting.ts";
import { failWhere, notApplicable } from "../model/verdict.ts";
import { controlsOfPrivateEndpoints } from "./private-endpoint-controls.ts";
import type { Rule } from "./rule.ts";

export const privateEndpointMissing: Rule = {
  id: "NI301",
  name: "private-endpoint-missing",
  severity: "medium",
  title: "Service without a private endpoint that should have one",
  why: "The policy wants services of this type to be reached over private endpoints only. Without an approved one every client depends on the public endpoint, and the public door cannot be shut.",
  remedy: "Create a private endpoint for the service and approve its connection, or take the type out of privateTypes.",
  link: "https://learn.microsoft.com/azure/private-link/private-endpoint-overview",
  controls: controlsOfPrivateEndpoints,

  on: "service",
  shows: "anybody",

  check({ service, boundary }, policy) {
    if (!policy.privateTypes.has(service.id.type)) return notApplicable;
    const isMissing = not(boundary.privateEndpoints.isAnyApproved);
    const evidence = [...isMissing.evidence, ...evidenceOf(service.id, service.privateEndpointConnections)];
    return failWhere(onEvidence(isMissing, evidence), "no private endpoint connection is approved");
  },
};
