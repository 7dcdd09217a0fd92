import { anyOf } from "../model/must-may.ts";
import { failWhere, notApplicable } from "../model/verdict.ts";
import { IpSet } from "../net/ip-set.ts";
import { PortSet } from "../net/port-set.ts";
import { isOfFirewall } from "../reach/firewall-bypass.ts";
import { shareOfInternet } from "../reach/internet.ts";
import { type Exit, exitsOf } from "../reach/internet-outbound.ts";
import type { Rule } from "./rule.ts";
import { listed, portsInWords } from "./wording.ts";

export const nsgAllowsInternetOutbound: Rule = {
  id: "NI603",
  name: "nsg-allows-internet-outbound",
  severity: "medium",
  title: "Nothing stops traffic from an isolated subnet to the internet",
  why: "Unless a rule says otherwise, a network security group lets everything out to the internet, and with it data and the calls of malware. The policy says that the subnet is isolated, and neither its security groups nor its routes stop TCP and UDP packets to the internet. Rules that allow a service tag lead to that service, not to the internet; where the tag is too broad, NI604 says so. A private subnet without a NAT gateway, public address or load balancer has no way there, whatever its routes say.",
  remedy:
    "Deny outbound traffic to the service tag Internet, before every rule that allows some of it, and reach what is needed over private endpoints; or lead the subnet's default route to a firewall that the policy names.",
  link: "https://learn.microsoft.com/azure/virtual-network/network-security-groups-overview",
  controls: { mcsb: ["NS-1"], cis: {}, azurePolicy: [] },

  on: "subnet",

  check({ subnet, snapshot }, policy) {
    if (!policy.isIsolated(subnet.id) || isOfFirewall(subnet, policy.firewalls)) return notApplicable;
    const exits = exitsOf(subnet, policy.firewalls, snapshot);
    return failWhere(anyOf(exits.map(({ isOpen }) => isOpen)), () => {
      const open = exits.filter(({ isOpen }) => isOpen.must);
      const byPlace = Map.groupBy(open.map(withAll(open)), ({ to }) => placeOf(to));
      return `packets get out ${listed([...byPlace].map(([place, some]) => `to ${place} on ${portsOf(some)}`))}`;
    });
  },
};

/** The same exit to wherever the others on its ports lead: routes tell one destination from another, readers do not. */
function withAll(exits: readonly Exit[]): (exit: Exit) => Exit {
  const keyOf = ({ protocol, ports }: Exit) => `${protocol} ${ports}`;
  const byPorts = Map.groupBy(exits, keyOf);
  const all = new Map([...byPorts].map(([key, some]) => [key, IpSet.union(some.map(({ to }) => to))]));
  return (exit) => ({ ...exit, to: all.get(keyOf(exit)) ?? exit.to });
}

function placeOf(to: IpSet): string {
  const share = shareOfInternet(to);
  if (share >= 0.99) return "the internet";
  return share >= 0.5 ? "most of the internet" : listed(to.toPrefixes());
}

function portsOf(exits: readonly Exit[]): string {
  const of = (protocol: Exit["protocol"]) =>
    PortSet.union(exits.filter((one) => one.protocol === protocol).map(({ ports }) => ports));
  return portsInWords(of("tcp"), of("udp"));
}
