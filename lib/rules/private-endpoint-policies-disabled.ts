import type { SubnetFact } from "../model/fact.ts";
import { allOf, certainly, perhaps, type Truth } from "../model/must-may.ts";
import { evidenceOf } from "../model/setting.ts";
import type { Snapshot } from "../model/snapshot.ts";
import { failWhere, pass } from "../model/verdict.ts";
import type { Rule } from "./rule.ts";

/**
 * Security groups are what counts: with `RouteTableEnabled` alone they have no effect, and routes only lead the traffic of
 * those subnets past a firewall that have such routes. Whether a security group is attached at all, NI601 asks.
 */
export const privateEndpointPoliciesDisabled: Rule = {
  id: "NI307",
  name: "private-endpoint-policies-disabled",
  severity: "low",
  title: "Private endpoints that no security group applies to",
  why: "Unless the subnet's network policies for private endpoints are enabled, no network security group applies to the private endpoints in it, attached or not: whatever reaches the network reaches the services behind them.",
  remedy:
    "Set privateEndpointNetworkPolicies of the subnet to Enabled or NetworkSecurityGroupEnabled, with a network security group that admits the clients.",
  link: "https://learn.microsoft.com/azure/private-link/disable-private-endpoint-network-policy",
  controls: { mcsb: ["NS-1"], cis: {}, azurePolicy: [] },

  on: "subnet",

  check({ subnet, snapshot }) {
    const { id, privateEndpointNetworkPolicies: policies } = subnet;
    const evidence = evidenceOf(id, policies);
    const isKnown = policies.kind === "known";
    if (isKnown && (policies.value === "enabled" || policies.value === "securityGroup")) return pass;
    const isWithout = isKnown ? certainly(true, evidence) : perhaps([policies.because], evidence);
    const isRouted = isKnown && policies.value === "routeTable";
    const what = isRouted ? "network security groups do not apply" : "neither network security groups nor routes apply";
    return failWhere(allOf([isWithout, holdsPrivateEndpoint(subnet, snapshot)]), `${what} to its private endpoints`);
  },
};

function holdsPrivateEndpoint({ id, privateEndpoints: list }: SubnetFact, snapshot: Snapshot): Truth {
  const seen = snapshot.namers(id, "privateEndpoint"); // they name a subnet only where they are in it
  const named = seen.map((one) => ({ resource: one.id, pointer: "/properties/subnet/id", value: id.text }));
  if (named.length > 0) return certainly(true, named);
  if (list.kind === "unknown") return perhaps([list.because], evidenceOf(id, list));
  const listed = list.value.map((value, index) => ({ resource: id, pointer: `${list.pointer}/${index}/id`, value }));
  return certainly(listed.length > 0, listed);
}
