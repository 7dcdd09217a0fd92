import type { PrivateEndpointConnection } from "../model/fact.ts";
import { ResourceId } from "../model/resource-id.ts";
import type { Setting } from "../model/setting.ts";
import { joinPointers, meaningOf, settled, textAt, unknownValue, valueAt } from "./settings.ts";

const statuses = {
  approved: "approved",
  pending: "pending",
  rejected: "rejected",
  disconnected: "disconnected",
} as const;

const notDenied = settled(false);

/**
 * Judges one connection of a service; only an approved one carries traffic. `holder` has it in its body, or is it. Static web apps
 * put each into an envelope: https://learn.microsoft.com/azure/templates/microsoft.web/staticsites
 */
export function privateEndpointConnection(
  holder: ResourceId,
  connection: unknown,
  pointer: string,
  isDenied: (name: string) => Setting<boolean> = () => notDenied,
): PrivateEndpointConnection {
  const envelope = valueAt(connection, "/properties/properties");
  if (envelope !== undefined) {
    return privateEndpointConnection(holder, valueAt(connection, "/properties"), `${pointer}/properties`, isDenied);
  }
  const privateEndpoint = ResourceId.parse(valueAt(connection, "/properties/privateEndpoint/id"));
  const name = textAt(connection, "/name") ?? nameAt(connection) ?? privateEndpoint?.text ?? pointer.slice(1);
  const status = connectionStatus(holder, connection, pointer);
  return { holder, pointer, name, status, privateEndpoint, isDenied: isDenied(name) };
}

function nameAt(connection: unknown): string | undefined {
  return ResourceId.parse(valueAt(connection, "/id"))?.name;
}

/** The state of a connection, as the service has it or as the private endpoint does. */
export function connectionStatus(
  resource: ResourceId,
  connection: unknown,
  pointer: string,
): PrivateEndpointConnection["status"] {
  const at = "/properties/privateLinkServiceConnectionState/status";
  const place = joinPointers(pointer, at);
  const raw = valueAt(connection, at);
  const value = meaningOf(raw, statuses);
  if (value !== undefined) return { kind: "known", value, pointer: place, raw };
  return { kind: "unknown", because: unknownValue(resource, place, raw), pointer: place, raw };
}
