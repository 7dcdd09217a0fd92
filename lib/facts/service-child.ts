import type { ChildSource, IpRuleSource, Service, VirtualNetworkRuleSource } from "../catalog/service.ts";
import type { ConnectionFact, Fact, IpRuleFact, VirtualNetworkRuleFact } from "../model/fact.ts";
import { fold } from "../model/resource-id.ts";
import type { ArmResource } from "./arm-resource.ts";
import { factMaker } from "./fact-maker.ts";
import { firewallMaker } from "./firewall.ts";
import { ipRule } from "./ip-rule.ts";
import { privateEndpointConnection } from "./private-endpoint-connection.ts";
import { virtualNetworkRule } from "./virtual-network-rule.ts";

/** Makes the projector of a firewall, of the rules of one, or of connections that are child resources of their service. */
export function serviceChildMaker(child: ChildSource, parent: Service): (resource: ArmResource) => Fact {
  const { firewallChild, ipRules = [], virtualNetworkRules, privateEndpointConnections: connections } = parent;
  if (firewallChild?.type === child.type) {
    const firewall = firewallMaker(parent);
    return (resource) => (fold(resource.id.name) === fold(firewallChild.name) ? firewall(resource) : other(resource));
  }
  const ipSource = ipRules.find((source) => source.in === "child" && source.type === child.type);
  if (ipSource !== undefined) return ipRuleMaker(ipSource);
  if (typeof connections === "object" && connections.type === child.type) return connectionMaker();
  if (virtualNetworkRules?.in !== "child" || virtualNetworkRules.type !== child.type) return other;
  return virtualNetworkRuleMaker(virtualNetworkRules);
}

/** Of which no more is known than that it is there. */
export function other({ id }: ArmResource): Fact {
  return { kind: "other", id, names: [] };
}

function ipRuleMaker(source: IpRuleSource): (resource: ArmResource) => IpRuleFact {
  return factMaker("ipRule", ["/properties"], {
    rule: ({ id, body }) => ipRule(id, body, "", source),
    names: () => [],
  });
}

function virtualNetworkRuleMaker(source: VirtualNetworkRuleSource): (resource: ArmResource) => VirtualNetworkRuleFact {
  const ruleOf = ({ id, body }: ArmResource) => virtualNetworkRule(id, body, "", source);
  return factMaker("virtualNetworkRule", ["/properties"], {
    rule: ruleOf,
    names: (resource) => [ruleOf(resource).subnet].filter((named) => named !== undefined),
  });
}

function connectionMaker(): (resource: ArmResource) => ConnectionFact {
  const connectionOf = ({ id, body }: ArmResource) => privateEndpointConnection(id, body, "");
  return factMaker("connection", ["/properties", "/name", "/id"], {
    connection: connectionOf,
    names: (resource) => [connectionOf(resource).privateEndpoint].filter((named) => named !== undefined),
  });
}
