import { allOf, not, onEvidence } from "../model/must-may.ts";
import { evidenceOf } from "../model/setting.ts";
import { failWhere, notApplicable } from "../model/verdict.ts";
import { connectionsOf } from "../reach/private-endpoint-connections.ts";
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

  check({ service, boundary, snapshot }, policy) {
    if (!policy.privateTypes.has(service.id.type)) return notApplicable;
    const { privateEndpoints, entranceInNetwork } = boundary;
    if (entranceInNetwork.must) return notApplicable; // its clients reach it in a network without one
    const isMissing = allOf([not(privateEndpoints.isAnyApproved), not(entranceInNetwork)]);
    const settings = [connectionsOf(service, snapshot), service.endpointHolders];
    const evidence = [...isMissing.evidence, ...settings.flatMap((one) => evidenceOf(service.id, one))];
    return failWhere(onEvidence(isMissing, evidence), "no private endpoint connection is approved");
  },
};
