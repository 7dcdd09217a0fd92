import type { ServiceFact } from "../model/fact.ts";
import { allOf, anyOf, not, perhaps, type Truth } from "../model/must-may.ts";
import type { ResourceId } from "../model/resource-id.ts";
import { isSetTo, type Setting } from "../model/setting.ts";
import type { Snapshot } from "../model/snapshot.ts";
import { connectionsOf } from "./private-endpoint-connections.ts";

export interface PrivateEndpointDoor {
  /** The resource in whose body its status stands. */
  readonly holder: ResourceId;
  /** The name of the connection. */
  readonly name: string;
  readonly privateEndpoint: ResourceId | undefined;
  readonly status: Setting<"approved" | "pending" | "rejected" | "disconnected">;
  /** Only an approved connection carries traffic. */
  readonly isApproved: Truth;
  /** Somebody gets in by it: the service has approved it, and denies not all that comes over it. */
  readonly isOpen: Truth;
}

export interface PrivateEndpointDoors {
  readonly doors: readonly PrivateEndpointDoor[];
  /** At least one of the connections is approved. */
  readonly isAnyApproved: Truth;
  readonly isAnyOpen: Truth;
  /** Why there may be more connections than these. */
  readonly because: readonly string[];
}

export function privateEndpointDoorsOf(service: ServiceFact, snapshot: Snapshot): PrivateEndpointDoors {
  const connections = connectionsOf(service, snapshot);
  if (connections.kind === "unknown") {
    const because = [connections.because];
    return { doors: [], isAnyApproved: perhaps(because), isAnyOpen: perhaps(because), because };
  }
  const doors = connections.value.map(({ holder, name, privateEndpoint, status, isDenied }) => {
    const isApproved = isSetTo(holder, status, "approved");
    const isOpen = allOf([isApproved, not(isSetTo(service.id, isDenied, true))]);
    return { holder, name, privateEndpoint, status, isApproved, isOpen };
  });
  const [isAnyApproved, isAnyOpen] = [
    anyOf(doors.map((door) => door.isApproved)),
    anyOf(doors.map((door) => door.isOpen)),
  ];
  return { doors, isAnyApproved, isAnyOpen, because: [] };
}
