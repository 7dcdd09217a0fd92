import type { EndpointHolder, ServiceFact } from "../model/fact.ts";
import { allOf, anyOf, not, perhaps, type Truth } from "../model/must-may.ts";
import type { ResourceId } from "../model/resource-id.ts";
import { isSetTo, type Setting } from "../model/setting.ts";
import { factIn, type Snapshot } from "../model/snapshot.ts";
import { connectionsOf } from "./private-endpoint-connections.ts";
import { whyNone } from "./unread.ts";

export interface PrivateEndpointDoor {
  /** The resource in whose body its status stands. */
  readonly holder: ResourceId;
  /** What the endpoint leads to: the service, or what holds endpoints for it. */
  readonly leadsTo: ServiceFact;
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

type Doors = Pick<PrivateEndpointDoors, "doors" | "because">;

/** Those of the service, and those of what holds endpoints for it. */
export function privateEndpointDoorsOf(service: ServiceFact, snapshot: Snapshot): PrivateEndpointDoors {
  const all = [ownDoorsOf(service, snapshot), ...heldDoorsOf(service, snapshot)];
  const doors = all.flatMap((one) => one.doors);
  const because = all.flatMap((one) => one.because);
  const others = because.map((reason) => perhaps([reason]));
  return {
    doors,
    isAnyApproved: anyOf([...doors.map((door) => door.isApproved), ...others]),
    isAnyOpen: anyOf([...doors.map((door) => door.isOpen), ...others]),
    because,
  };
}

/** Those that were made for the service itself. */
export function ownDoorsOf(service: ServiceFact, snapshot: Snapshot): Doors {
  const connections = connectionsOf(service, snapshot);
  if (connections.kind === "unknown") return { doors: [], because: [connections.because] };
  const doors = connections.value.map(({ holder, name, privateEndpoint, status, isDenied }) => {
    const isApproved = isSetTo(holder, status, "approved");
    const isOpen = allOf([isApproved, not(isSetTo(service.id, isDenied, true))]);
    return { holder, leadsTo: service, name, privateEndpoint, status, isApproved, isOpen };
  });
  return { doors, because: [] };
}

function heldDoorsOf({ id, endpointHolders: holders }: ServiceFact, snapshot: Snapshot): readonly Doors[] {
  if (holders.kind === "unknown") return [{ doors: [], because: [holders.because] }];
  return holders.value.map((holder) => doorsAt(holder, id, snapshot));
}

function doorsAt({ id, pointer }: EndpointHolder, { text }: ResourceId, snapshot: Snapshot): Doors {
  if (id === undefined) {
    return { doors: [], because: [`what \`${pointer}\` of \`${text}\` names cannot be understood`] };
  }
  const found = snapshot.get(id);
  const holder = factIn(found, "service");
  if (holder !== undefined) return ownDoorsOf(holder, snapshot);
  return { doors: [], because: found.kind === "absent" ? [] : [whyNone(found, id)] };
}
