import type { PrivateEndpointFact } from "../model/fact.ts";
import { ResourceId } from "../model/resource-id.ts";
import type { ArmResource } from "./arm-resource.ts";
import { valueAt } from "./settings.ts";

const connectionLists = [
  "/properties/privateLinkServiceConnections",
  "/properties/manualPrivateLinkServiceConnections",
];

/** Projects a private endpoint: the subnet it stands in and the services it leads to. */
export function privateEndpoint({ id, body }: ArmResource): PrivateEndpointFact {
  const subnet = ResourceId.parse(valueAt(body, "/properties/subnet/id"));
  const connections = connectionLists.map((pointer) => valueAt(body, pointer)).filter((list) => Array.isArray(list));
  const targets = connections
    .flat()
    .map((connection) => ResourceId.parse(valueAt(connection, "/properties/privateLinkServiceId")))
    .filter((target) => target !== undefined);
  return { kind: "privateEndpoint", id, subnet, targets, names: subnet === undefined ? targets : [subnet, ...targets] };
}
