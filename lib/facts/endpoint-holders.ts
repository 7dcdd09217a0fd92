import type { Service } from "../catalog/service.ts";
import type { EndpointHolder, ServiceFact } from "../model/fact.ts";
import { fold, ResourceId } from "../model/resource-id.ts";
import type { Setting } from "../model/setting.ts";
import type { ArmResource } from "./arm-resource.ts";
import { joinPointers, listOf, settled, valueAt } from "./settings.ts";

/** What holds private endpoints that lead to a service, besides its own. */
export function endpointHolders(
  resource: ArmResource,
  { endpointHolders: source }: Service,
): ServiceFact["endpointHolders"] {
  if (source === undefined) return settled([]);
  return listOf(resource, source.pointer, (entry, at): EndpointHolder => {
    const raw = valueAt(entry, source.id);
    return { id: holderIn(ResourceId.parse(raw), fold(source.type)), pointer: joinPointers(at, source.id), raw };
  });
}

/** Those that can be understood. */
export function holdersNamed(holders: Setting<readonly EndpointHolder[]>): readonly ResourceId[] {
  return holders.kind === "unknown" ? [] : holders.value.flatMap(({ id }) => id ?? []);
}

/** Azure names what ties the two together, which is in the holder, or the holder itself. */
function holderIn(named: ResourceId | undefined, type: string): ResourceId | undefined {
  return named === undefined || named.type === type ? named : holderIn(parentIn(named), type);
}

function parentIn({ type, parent }: ResourceId): ResourceId | undefined {
  return parent !== undefined && type.startsWith(`${parent.type}/`) ? parent : undefined;
}
