import { allOf, anyOf, certainly, perhaps, type Truth } from "../model/must-may.ts";
import { failWhere, notApplicable } from "../model/verdict.ts";
import { IpSet } from "../net/ip-set.ts";
import type { Addresses } from "../reach/addresses.ts";
import { advertisedOf } from "../reach/circuits.ts";
import { unionOf } from "../reach/fronts.ts";
import { isOpenToInternet } from "../reach/internet.ts";
import type { Rule } from "./rule.ts";
import { listed } from "./wording.ts";

export const natRangeTooWide: Rule = {
  id: "NI503",
  name: "nat-range-too-wide",
  severity: "medium",
  title: "Firewall admits a whole advertised prefix for a few NAT addresses",
  why: "A circuit advertises a whole prefix; the site's traffic to Azure has a few NAT addresses of it. Admitting the prefix lets in everything else behind it: other networks, other companies at the same provider.",
  remedy: "Replace the range by the NAT addresses of the site.",
  link: "https://learn.microsoft.com/azure/expressroute/expressroute-nat",
  controls: { mcsb: ["NS-2", "NS-9"], cis: {}, azurePolicy: [] },

  on: "service",
  shows: "addresses",

  check({ service, boundary, snapshot }, policy) {
    const needing = policy.publicSitesThatNeed(service);
    const sites = needing.filter(({ connection }) => connection === "microsoftPeering");
    const fronts = boundary.fronts.filter((front) => !isOpenToInternet(front, policy.nearlyInternet).must);
    if (sites.length === 0 || fronts.length === 0) return notApplicable;
    const ruleAddresses = unionOf(fronts.map((front) => front.ruleAddresses));
    const { may } = ruleAddresses;
    if (!sites.some(({ natAddresses }) => natAddresses.overlaps(may))) return notApplicable;
    const declared = IpSet.union(needing.map(({ natAddresses }) => natAddresses));
    const isWider = (range: IpSet) => !range.isSubsetOf(declared);
    const wideRanges = may.prefixes().filter(isWider);
    const isConcerned = sites.some(({ natAddresses }) => wideRanges.some((range) => range.overlaps(natAddresses)));
    if (!isConcerned) return notApplicable;
    const { prefixes, because } = advertisedOf(snapshot);
    return sites.map(({ name, natAddresses }) => {
      const part = `site:${name}`;
      const isAround = (range: IpSet) => range.overlaps(natAddresses);
      if (!wideRanges.some(isAround)) return { part, verdict: notApplicable };
      const wide = prefixes
        .filter(({ addresses }) => isAround(addresses) && isWider(addresses))
        .map(({ addresses, isAdvertised }) => ({
          addresses,
          truth: allOf([admitsAll(addresses, ruleAddresses), isAdvertised]),
        }));
      const unread = because.map((reason) => perhaps([reason]));
      const admitted = () => IpSet.union(wide.filter(({ truth }) => truth.must).map(({ addresses }) => addresses));
      const message = () =>
        `admits the whole of ${listed(admitted().toPrefixes())}, of which site ${name} declares no more than ` +
        listed(admitted().intersect(natAddresses).toPrefixes());
      return { part, verdict: failWhere(anyOf([...wide.map(({ truth }) => truth), ...unread]), message) };
    });
  },
};

function admitsAll(prefix: IpSet, { must, may, because, evidence }: Addresses): Truth {
  if (prefix.isSubsetOf(must)) return certainly(true, evidence.within(prefix));
  return prefix.isSubsetOf(may) ? perhaps(because, evidence.within(prefix)) : certainly(false);
}
