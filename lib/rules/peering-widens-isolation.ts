import { anyOf } from "../model/must-may.ts";
import { failWhere, notApplicable } from "../model/verdict.ts";
import { meetingsOf } from "../reach/network-meetings.ts";
import type { Rule } from "./rule.ts";
import { listed } from "./wording.ts";

export const peeringWidensIsolation: Rule = {
  id: "NI608",
  name: "peering-widens-isolation",
  severity: "medium",
  title: "A peering lets in a network that is to be kept apart",
  why: "The default rules of every security group let peered networks in as if they were one's own. Peerings are not transitive, but an appliance or a VPN gateway in a hub makes them so, where routes lead to it and the peerings allow forwarded traffic or the use of the gateway; a gateway, a route server or a virtual hub announces such routes by itself, and which is not known. Ways through more than one hub, also of one virtual WAN, are not looked for, nor are the groups that a network manager connects without peerings. The policy says which networks must not meet; a firewall that it names may stand between them, where routes of every subnet lead there what the peering would carry, or drop it.",
  remedy:
    "Remove the peering, or the routes that lead through the hub; otherwise lead the traffic through a firewall that the policy names.",
  link: "https://learn.microsoft.com/azure/virtual-network/virtual-network-peering-overview",
  controls: { mcsb: ["NS-1"], cis: {}, azurePolicy: [] },

  on: "network",

  check({ network, snapshot }, policy) {
    if (!policy.hasKeptApart(network.id)) return notApplicable;
    const isAsked = (other: typeof network.id) => policy.areKeptApart(network.id, other);
    const meetings = meetingsOf(network, isAsked, policy.firewalls, snapshot);
    return failWhere(anyOf(meetings.map(({ isOpen }) => isOpen)), () => {
      const open = meetings.filter(({ isOpen }) => isOpen.must);
      return listed(open.map((one) => `\`${one.network?.name}\` gets in ${one.way}`));
    });
  },
};
