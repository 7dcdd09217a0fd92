import type { ServiceFact } from "../model/fact.ts";
import type { Site } from "../model/policy.ts";
import { evidenceOf } from "../model/setting.ts";
import { fail, pass, undetermined, type Verdict } from "../model/verdict.ts";
import type { Boundary } from "../reach/boundary.ts";
import type { Rule } from "./rule.ts";
import { listed } from "./wording.ts";

export const natAddressMissing: Rule = {
  id: "NI501",
  name: "nat-address-missing",
  severity: "high",
  title: "A site's NAT address is not admitted",
  why: "Traffic from on-premises comes out of the NAT addresses of the site. When one of them is not admitted (one of a pair is the classic), a share of the connections fails, and only after a failover all of them.",
  remedy:
    "Admit the missing NAT addresses where it is decided: in the firewall of the service while public access is on, in an inbound access rule of the perimeter where one stands before it. Where public access is off on purpose, let the site come over a private endpoint.",
  link: "https://learn.microsoft.com/azure/expressroute/expressroute-nat",
  controls: { mcsb: ["NS-9"], cis: {}, azurePolicy: [] },

  on: "service",

  check({ service, boundary }, policy) {
    const sites = policy.publicSitesThatNeed(service);
    return sites.map((site) => ({ part: `site:${site.name}`, verdict: verdictFor(site, service, boundary) }));
  },
};

/** The name of a service without IPv6 leads to IPv4 addresses only, and whoever has both comes over IPv4. */
function verdictFor({ name, natAddresses }: Site, service: ServiceFact, boundary: Boundary): Verdict {
  const { publicAccess, fronts, families } = boundary;
  const [{ chosenAddresses: addresses }] = fronts;
  const callers = natAddresses.intersect(families.may);
  const evidence = [...publicAccess.evidence, ...addresses.evidence.within(natAddresses)];
  if (callers.isEmpty) {
    const message = `${listed(natAddresses.toPrefixes())} of site ${name} cannot call: the service has no IPv6 endpoint`;
    return fail(message, [...evidenceOf(service.id, service.publishesIpv6), ...evidence]);
  }
  if (callers.isSubsetOf(addresses.must)) return pass;
  const missing = callers.intersect(families.must).minus(addresses.may);
  if (missing.isEmpty) return undetermined([...new Set([...addresses.because, ...families.because])], evidence);
  return fail(refusal(`${listed(missing.toPrefixes())} of site ${name}`, service, boundary), evidence);
}

/** Says what keeps the addresses out: IP rules may list them and have no say. */
function refusal(missing: string, { publicNetworkAccess }: ServiceFact, { publicAccess, perimeter }: Boundary): string {
  if (publicAccess.may) return `the firewall does not admit ${missing}`;
  if (perimeter.kind !== "none") return `the network security perimeter does not admit ${missing}`;
  const isSecured = publicNetworkAccess.kind === "known" && publicNetworkAccess.value === "perimeter";
  const because = isSecured ? "the service is secured by a perimeter, and in none" : "public access is off";
  return `nothing admits ${missing}: ${because}`;
}
