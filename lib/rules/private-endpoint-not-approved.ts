import { evidenceOf } from "../model/setting.ts";
import { fail, pass, undetermined } from "../model/verdict.ts";
import { ownDoorsOf } from "../reach/private-endpoint-doors.ts";
import { controlsOfPrivateEndpoints } from "./private-endpoint-controls.ts";
import type { Rule } from "./rule.ts";

export const privateEndpointNotApproved: Rule = {
  id: "NI302",
  name: "private-endpoint-not-approved",
  severity: "medium",
  title: "Private endpoint connection not approved",
  why: "Only an approved connection carries traffic. A pending one is a request nobody answered, a rejected or disconnected one is a leftover; in each case clients go round or fail.",
  remedy: "Approve the connection if it is wanted; otherwise delete it together with its private endpoint.",
  link: "https://learn.microsoft.com/azure/private-link/manage-private-endpoint",
  controls: controlsOfPrivateEndpoints,

  on: "service",

  check({ service, snapshot }) {
    const { doors, because } = ownDoorsOf(service, snapshot);
    if (because.length > 0) return undetermined(because);
    return doors.map(({ holder, name, status, isApproved }) => {
      if (isApproved.must) return { part: name, verdict: pass };
      if (status.kind === "unknown")
        return { part: name, verdict: undetermined(isApproved.because, isApproved.evidence) };
      const message = `the connection \`${name}\` is ${status.value}`;
      return { part: name, verdict: fail(message, evidenceOf(holder, status)) };
    });
  },
};
