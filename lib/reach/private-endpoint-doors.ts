import type { ServiceFact } from "../model/fact.ts";
import { certainly, perhaps, type Truth } from "../model/must-may.ts";
import type { ResourceId } from "../model/resource-id.ts";
import { evidenceOf, type Setting } from "../model/setting.ts";

export interface PrivateEndpointDoor {
  /** The name of the connection. */
  readonly name: string;
  readonly privateEndpoint: ResourceId | undefined;
  readonly status: Setting<"approved" | "pending" | "rejected" | "disconnected">;
  /** Only an approved connection carries traffic. */
  readonly isApproved: Truth;
}

export interface PrivateEndpointDoors {
  readonly doors: readonly PrivateEndpointDoor[];
  /** Why there may be more connections than these. */
  readonly because: readonly string[];
}

export function privateEndpointDoorsOf({ id, privateEndpointConnections }: ServiceFact): PrivateEndpointDoors {
  if (privateEndpointConnections.kind === "unknown")
    return { doors: [], because: [privateEndpointConnections.because] };
  const doors = privateEndpointConnections.value.map(({ name, privateEndpoint, status }) => {
    const evidence = evidenceOf(id, status);
    const isApproved =
      status.kind === "known" ? certainly(status.value === "approved", evidence) : perhaps([status.because], evidence);
    return { name, privateEndpoint, status, isApproved };
  });
  return { doors, because: [] };
}
