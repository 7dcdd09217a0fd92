import type { Site } from "../model/policy.ts";
import { fail, pass, undetermined, type Verdict } from "../model/verdict.ts";
import type { Boundary } from "../reach/boundary.ts";
import type { Rule } from "./rule.ts";
import { listed } from "./wording.ts";

export const natAddressMissing: Rule = {
  id: "NI501",
  name: "nat-address-missing",
  severity: "high",
  title: "A site's NAT address is missing from the firewall",
  why: "Traffic from on-premises comes out of the NAT addresses of the site. When one of them is not admitted (one of a pair is the classic), a share of the connections fails, and only after a failover all of them.",
  remedy: "Add the missing NAT addresses to the firewall of the service.",
  link: "https://learn.microsoft.com/azure/expressroute/expressroute-nat",
  controls: { mcsb: ["NS-9"], cis: {}, azurePolicy: [] },

  on: "service",

  check({ service, boundary }, policy) {
    const sites = policy.sitesThatNeed(service).filter((site) => site.connection !== "private");
    return sites.map((site) => ({ part: `site:${site.name}`, verdict: verdictFor(site, boundary) }));
  },
};

function verdictFor({ name, natAddresses }: Site, { addresses, publicAccess }: Boundary): Verdict {
  const missing = natAddresses.minus(addresses.may);
  const evidence = [...publicAccess.evidence, ...addresses.evidence.within(natAddresses)];
  if (!missing.isEmpty) {
    return fail(`the firewall lacks ${listed(missing.toPrefixes())} of site ${name}`, evidence);
  }
  return natAddresses.isSubsetOf(addresses.must) ? pass : undetermined(addresses.because, evidence);
}
