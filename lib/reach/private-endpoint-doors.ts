import type { ServiceFact } from "../model/fact.ts";
import { anyOf, perhaps, type Truth } from "../model/must-may.ts";
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
}

export interface PrivateEndpointDoors {
  readonly doors: readonly PrivateEndpointDoor[];
  /** At least one of the connections is approved. */
  readonly isAnyApproved: Truth;
  /** Why there may be more connections than these. */
  readonly because: readonly string[];
}

export function privateEndpointDoorsOf(service: ServiceFact, snapshot: Snapshot): PrivateEndpointDoors {
  const connections = connectionsOf(service, snapshot);
  if (connections.kind === "unknown") {
    const because = [connections.because];
    return { doors: [], isAnyApproved: perhaps(because), because };
  }
  const doors = connections.value.map(({ holder, name, privateEndpoint, status }) => {
    return { holder, name, privateEndpoint, status, isApproved: isSetTo(holder, status, "approved") };
  });
  return { doors, isAnyApproved: anyOf(doors.map((door) => door.isApproved)), because: [] };
}
