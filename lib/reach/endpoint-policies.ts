import { fixedNameSubnet } from "../catalog/delegations.ts";
import type { SubnetFact } from "../model/fact.ts";
import { allOf, anyOf, certainly, not, onEvidence, perhaps, type Truth } from "../model/must-may.ts";
import { fold } from "../model/resource-id.ts";
import { evidenceOf } from "../model/setting.ts";
import type { Snapshot } from "../model/snapshot.ts";
import { placedIn } from "./placed-services.ts";
import { isLinked, isListed } from "./subnet-usage.ts";

const managedInstances = fold("Microsoft.Sql/managedInstances");

const assumption = "nothing is in the subnet that supports no service endpoint policies, such as a Batch pool";

/**
 * Whether service endpoint policies can be attached to the subnet. Of all managed services only SQL managed instances
 * support them: not application gateways, VPN gateways, firewalls, API Management, App Service, nor what else goes into
 * a subnet that is delegated to it
 * (https://learn.microsoft.com/azure/virtual-network/virtual-network-service-endpoint-policies-overview#limitations).
 */
export function takesEndpointPolicies(subnet: SubnetFact, snapshot: Snapshot): Truth {
  const { id, delegations } = subnet;
  if (fixedNameSubnet(id.name) !== undefined) return certainly(false);
  const evidence = evidenceOf(id, delegations);
  if (delegations.kind === "unknown") return perhaps([delegations.because], evidence);
  if (delegations.value.length === 0) {
    return onEvidence(
      not(holdsManagedService(subnet, snapshot)),
      evidence.map((one) => ({ ...one, assumptions: [assumption] })),
    );
  }
  return allOf(
    delegations.value.map(({ serviceName, pointer, raw }) => {
      const at = [{ resource: id, pointer, value: raw }];
      if (serviceName !== undefined) return certainly(serviceName === managedInstances, at);
      return perhaps([`a delegation of \`${id.text}\` cannot be understood`], at);
    }),
  );
}

/** Without a delegation, and so no SQL managed instance. */
function holdsManagedService(subnet: SubnetFact, snapshot: Snapshot): Truth {
  const isPlaced = placedIn(subnet, snapshot).length > 0;
  return anyOf([
    certainly(isPlaced),
    isListed(subnet, subnet.applicationGatewayIPConfigurations),
    isLinked(subnet, subnet.serviceAssociationLinks),
    isLinked(subnet, subnet.resourceNavigationLinks),
  ]);
}
