import type { PrivateEndpointConnection } from "../model/fact.ts";
import { ResourceId } from "../model/resource-id.ts";
import { meaningOf, textAt, unknownValue, valueAt } from "./settings.ts";

const statuses = {
  approved: "approved",
  pending: "pending",
  rejected: "rejected",
  disconnected: "disconnected",
} as const;

/** Judges one connection of a service; only an approved one carries traffic. */
export function privateEndpointConnection(
  service: ResourceId,
  connection: unknown,
  pointer: string,
): PrivateEndpointConnection {
  const privateEndpoint = ResourceId.parse(valueAt(connection, "/properties/privateEndpoint/id"));
  const id = ResourceId.parse(valueAt(connection, "/id"));
  const name = id?.name ?? textAt(connection, "/name") ?? privateEndpoint?.name ?? pointer.slice(1);
  const place = `${pointer}/properties/privateLinkServiceConnectionState/status`;
  const raw = valueAt(connection, "/properties/privateLinkServiceConnectionState/status");
  const value = meaningOf(raw, statuses);
  const status =
    value === undefined
      ? ({ kind: "unknown", because: unknownValue(service, place, raw), pointer: place, raw } as const)
      : ({ kind: "known", value, pointer: place, raw } as const);
  return { pointer, name, status, privateEndpoint };
}
