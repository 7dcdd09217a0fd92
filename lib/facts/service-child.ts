import type { Service } from "../catalog/service.ts";
import type { FirewallFact, IpRuleFact, OtherFact, VirtualNetworkRuleFact } from "../model/fact.ts";
import { fold, type ResourceId } from "../model/resource-id.ts";
import type { ArmResource } from "./arm-resource.ts";
import { firewall } from "./firewall.ts";
import { ipRule } from "./ip-rule.ts";
import { virtualNetworkRule } from "./virtual-network-rule.ts";

/** Projects a firewall, or a firewall or network rule, that is a child resource of its service. */
export function serviceChild(
  resource: ArmResource,
  parent: Service,
): FirewallFact | IpRuleFact | VirtualNetworkRuleFact | OtherFact {
  const { id, body } = resource;
  if (isFirewall(id, parent)) return firewall(resource, parent);
  const isHere = (source: { readonly in: string; readonly type?: string }) =>
    source.in === "child" && source.type !== undefined && id.type === fold(`${parent.type}/${source.type}`);
  const ipSource = parent.ipRules.find(isHere);
  if (ipSource !== undefined) return { kind: "ipRule", id, names: [], rule: ipRule(id, body, "", ipSource) };
  if (!isHere(parent.virtualNetworkRules)) return { kind: "other", id, names: [] };
  const rule = virtualNetworkRule(id, body, "", parent.virtualNetworkRules);
  return { kind: "virtualNetworkRule", id, names: rule.subnet === undefined ? [] : [rule.subnet], rule };
}

function isFirewall(id: ResourceId, { firewallChild, type }: Service): boolean {
  if (firewallChild === undefined) return false;
  return id.type === fold(`${type}/${firewallChild.type}`) && fold(id.name) === fold(firewallChild.name);
}
