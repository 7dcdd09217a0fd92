import { onEvidence } from "../model/must-may.ts";
import { failWhere, pass, undetermined } from "../model/verdict.ts";
import type { Rule } from "./rule.ts";
import { listed } from "./wording.ts";

export const privateDnsZoneUnlinked: Rule = {
  id: "NI305",
  name: "private-dns-zone-unlinked",
  severity: "medium",
  title: "Private DNS zone not linked to a network that needs it",
  why: "A private DNS zone answers only in the networks that it is linked to. Everywhere else the name leads to the public address of the service, and past the private endpoint.",
  remedy:
    "Link the private DNS zone to the network; where clients ask DNS servers of your own, to the network of those servers.",
  link: "https://learn.microsoft.com/azure/private-link/private-endpoint-dns-integration",
  controls: { mcsb: ["NS-10"], cis: {}, azurePolicy: [] },

  on: "privateEndpoint",

  check({ dns }) {
    if (dns.because.length > 0) return undetermined(dns.because);
    return dns.chains.map(({ group, networks, isUnlinked, assumptions }) => {
      if (!isUnlinked.may) return { part: group.part, verdict: pass };
      const names = () => networks.filter((one) => one.isUnlinked.must).map(({ network }) => network.name);
      const evidence = [...isUnlinked.evidence, { ...group.evidence, assumptions }];
      const message = () => `\`${group.zoneName}\` is not linked to ${listed(names())}`;
      return { part: group.part, verdict: failWhere(onEvidence(isUnlinked, evidence), message) };
    });
  },
};
