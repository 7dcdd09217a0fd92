import { onEvidence } from "../model/must-may.ts";
import { failWhere, pass, undetermined } from "../model/verdict.ts";
import type { Rule } from "./rule.ts";
import { listed } from "./wording.ts";

const assumption = "no zone in a subscription that was not read is linked to the network";

export const privateDnsZoneMissing: Rule = {
  id: "NI304",
  name: "private-dns-zone-missing",
  severity: "medium",
  title: "Private endpoint without a private DNS zone",
  why: "Without the zone the name of the service still leads to its public address: clients go round the private endpoint, or fail where the public door is shut.",
  remedy:
    "Add a zone group to the private endpoint that names the private DNS zone of the service, and link the zone to the networks of its clients.",
  link: "https://learn.microsoft.com/azure/private-link/private-endpoint-dns",
  controls: { mcsb: ["NS-10"], cis: {}, azurePolicy: [] },

  on: "privateEndpoint",

  check({ dns }) {
    if (dns.because.length > 0) return undetermined(dns.because);
    return dns.chains.map(({ group, isMissing, networks, assumptions }) => {
      if (!isMissing.may) return { part: group.part, verdict: pass };
      const names = networks.map(({ network }) => network.name);
      const message = () =>
        `no zone group of the endpoint names an existing \`${group.zoneName}\`, and none is linked to ${listed(names)}`;
      const evidence = [{ ...group.evidence, assumptions: [assumption, ...assumptions] }, ...isMissing.evidence];
      return { part: group.part, verdict: failWhere(onEvidence(isMissing, evidence), message) };
    });
  },
};
