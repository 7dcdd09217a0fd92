import type { SubnetFact } from "../model/fact.ts";
import { allOf, anyOf, certainly, type Truth } from "../model/must-may.ts";
import type { Policy } from "../model/policy.ts";
import type { Snapshot } from "../model/snapshot.ts";
import { failWhere, notApplicable } from "../model/verdict.ts";
import type { IpSet } from "../net/ip-set.ts";
import { endpointBypasses } from "../reach/endpoint-bypass.ts";
import { internetBypasses, isOfFirewall, leadsToFirewall } from "../reach/firewall-bypass.ts";
import { shareOfInternet } from "../reach/internet.ts";
import type { Rule } from "./rule.ts";
import { listed } from "./wording.ts";

export const routeBypassesFirewall: Rule = {
  id: "NI606",
  name: "route-bypasses-firewall",
  severity: "high",
  title: "Routes lead past the firewall",
  why: "The firewall sees only what routes lead to it. The longest prefix wins, so one route for a few addresses is enough to send traffic to the internet, or to a private endpoint, past it, while the default route looks right. The policy says what is a firewall; asked are the subnets whose own routes lead most of the internet to one, and those that are isolated. Out of a private subnet that has no NAT gateway, public address or load balancer a route to the internet leads nobody, and is no finding; `cordon routes` says so. Nor do routes count for packets that the security groups or a network manager's rules refuse.",
  remedy: "Remove the routes that lead past the firewall, and send the default route of the subnet to it.",
  link: "https://learn.microsoft.com/azure/virtual-network/virtual-networks-udr-overview",
  controls: { mcsb: ["NS-3"], cis: {}, azurePolicy: ["fc5e4038-4584-4632-8c85-c0448d374b2c"] },

  on: "subnet",

  check({ subnet, snapshot }, policy) {
    if (policy.firewalls.isEmpty || isOfFirewall(subnet, policy.firewalls)) return notApplicable;
    const applies = isMeant(subnet, policy, snapshot);
    if (!applies.may) return notApplicable;
    const bypasses = [
      ...internetBypasses(subnet, policy.firewalls, snapshot),
      ...endpointBypasses(subnet, policy.firewalls, snapshot),
    ];
    return failWhere(allOf([anyOf(bypasses.map(({ isPast }) => isPast)), applies]), () => {
      const to = bypasses.filter(({ isPast }) => isPast.must).flatMap((one) => one.to);
      return `packets to ${listed([...new Set(to)])} go past the firewall`;
    });
  },
};

/** The policy says so, or the subnet's own table does. */
function isMeant(subnet: SubnetFact, policy: Policy, snapshot: Snapshot): Truth {
  if (policy.isIsolated(subnet.id)) return certainly(true);
  const isMost = (addresses: IpSet) => shareOfInternet(addresses) >= policy.nearlyInternet;
  return leadsToFirewall(subnet, policy.firewalls, isMost, snapshot);
}
