import { ResourceId } from "../../lib/model/resource-id.ts";
import type { Way } from "../../lib/reach/service-reach.ts";
import { reachesPrivateEndpoint, reachesPublicDoor } from "../oracle/packet-oracle.ts";
import type { Answer, World } from "../oracle/world.ts";

/** What the packet oracle says of the flow of a witness; `anyOfTag` is where the service is when the flow does not say. */
export function replay(world: World, service: string, way: Way, anyOfTag: string): Answer {
  const { kind, from, by, witness } = way;
  const { source = "", port = 0, destination } = witness?.flow ?? {};
  if (kind === "privateEndpoint" && from instanceof ResourceId && by !== undefined) {
    return reachesPrivateEndpoint(world, from.text, source, by.text, port).allowed;
  }
  const to = destination ?? anyOfTag;
  if (kind !== "subnet")
    return reachesPublicDoor(world, { kind: "internet", address: source }, service, to, port).allowed;
  const subnetId = from instanceof ResourceId ? from.text : String(from);
  return reachesPublicDoor(world, { kind: "subnet", subnetId, address: source }, service, to, port).allowed;
}
