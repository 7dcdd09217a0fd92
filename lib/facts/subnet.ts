import type { Delegation, ServiceEndpoint, SubnetFact } from "../model/fact.ts";
import { fold, ResourceId } from "../model/resource-id.ts";
import type { Setting } from "../model/setting.ts";
import type { ArmResource } from "./arm-resource.ts";
import { listOf, textAt, unknownValue, valueAt } from "./settings.ts";

/** Projects a subnet; the pointers start at the subnet's own body, also where it came inside its network's. */
export function subnet(resource: ArmResource): SubnetFact {
  const networkSecurityGroup = referenceAt(resource, "/properties/networkSecurityGroup");
  return {
    kind: "subnet",
    id: resource.id,
    networkSecurityGroup,
    serviceEndpoints: listOf(resource, "/properties/serviceEndpoints", serviceEndpoint),
    delegations: listOf(resource, "/properties/delegations", delegation),
    names: networkSecurityGroup.kind === "known" && networkSecurityGroup.value ? [networkSecurityGroup.value] : [],
  };
}

/** A sub-resource `{ id }` that may be absent. */
function referenceAt(resource: ArmResource, pointer: string): Setting<ResourceId | undefined> {
  const raw = valueAt(resource.body, pointer);
  if (resource.thinBecause !== undefined) return { kind: "unknown", because: resource.thinBecause, pointer, raw };
  const value = ResourceId.parse(valueAt(raw, "/id"));
  if (raw === undefined || value !== undefined) return { kind: "known", value, pointer, raw };
  return { kind: "unknown", because: unknownValue(resource.id, pointer, raw), pointer, raw };
}

function serviceEndpoint(raw: unknown, pointer: string): ServiceEndpoint {
  const service = textAt(raw, "/service");
  const state = fold(textAt(raw, "/provisioningState") ?? "Succeeded");
  return {
    pointer,
    raw,
    service: service === undefined ? undefined : fold(service),
    isReady: state === "succeeded" || state === "updating",
  };
}

function delegation(raw: unknown, pointer: string): Delegation {
  return { pointer, serviceName: fold(textAt(raw, "/properties/serviceName") ?? "") };
}
