import { allOf, anyOf, perhaps } from "../model/must-may.ts";
import { failWhere } from "../model/verdict.ts";
import { admitsSome, neverMatches } from "../reach/ineffective-rules.ts";
import type { Rule } from "./rule.ts";
import { listed } from "./wording.ts";

export const onPremisesPrivateOnly: Rule = {
  id: "NI505",
  name: "on-premises-private-only",
  severity: "medium",
  title: "IP rules for a site that comes over private peering or VPN",
  why: "Traffic over ExpressRoute private peering or a VPN reaches Azure with private addresses and never meets the public endpoint: IP rules for the site admit nobody from there, and leave a door open for whoever else has the addresses.",
  remedy: "Give the service a private endpoint that the site can reach and resolve, and delete the rules.",
  link: "https://learn.microsoft.com/azure/private-link/private-endpoint-overview",
  controls: { mcsb: ["NS-2", "NS-9"], cis: {}, azurePolicy: [] },

  on: "service",

  check({ service, boundary }, policy) {
    const { rules, because } = boundary.ipRules;
    const unread = because.map((reason) => perhaps([reason]));
    const sites = policy.sitesThatNeed(service).filter((site) => site.connection === "private");
    return sites.map((site) => {
      const meant = rules.map((rule) => ({
        rule,
        truth: anyOf([neverMatches(rule), admitsSome(rule, site.natAddresses)]),
      }));
      const isListed = anyOf([...meant.map(({ truth }) => truth), ...unread]);
      const ranges = () => meant.filter(({ truth }) => truth.must).flatMap(({ rule }) => rule.may.toPrefixes());
      const message = () => `${listed(ranges())} can never match the private traffic of site ${site.name}`;
      return { part: `site:${site.name}`, verdict: failWhere(allOf([isListed, boundary.publicAccess]), message) };
    });
  },
};
