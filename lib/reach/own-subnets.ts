import type { SubnetFact } from "../model/fact.ts";
import { fold, ResourceId } from "../model/resource-id.ts";
import { PortSet } from "../net/port-set.ts";

/**
 * The TCP ports on which callers must be let in to a service that has the subnet for itself: Azure Bastion, whose subnet has a
 * fixed name, https://learn.microsoft.com/azure/bastion/bastion-nsg and application gateways, whose ports for Azure's own
 * traffic answer nobody without a certificate of Azure:
 * https://learn.microsoft.com/azure/application-gateway/configuration-infrastructure#required-security-rules
 */
export function portsNeededIn(subnet: SubnetFact): PortSet {
  if (fold(subnet.id.name) === "azurebastionsubnet") return ofBastion;
  return gatewaysIn(subnet).length > 0 ? ofGateways : PortSet.empty;
}

const ofBastion = PortSet.ofEach(443);
const ofGateways = PortSet.of(65200, 65535);

/** Names of the application gateways that a subnet is for. */
export function gatewaysIn({ applicationGatewayIPConfigurations: list }: SubnetFact): readonly string[] {
  if (list.kind === "unknown") return [];
  return [...new Set(list.value.flatMap((text) => ResourceId.parse(text)?.parent?.name ?? []))];
}
