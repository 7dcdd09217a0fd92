import { ResourceId } from "../../lib/model/resource-id.ts";
import type { Way } from "../../lib/reach/service-reach.ts";
import { reachesPrivateEndpoint, reachesPublicDoor } from "../oracle/packet-oracle.ts";
import { type Answer, find, listAt, textAt, type World } from "../oracle/world.ts";

/** What of a way the oracle is asked about: as the engine has it, or as `cordon reach` writes it. */
export interface Told {
  readonly kind: Way["kind"];
  readonly from?: ResourceId | string | undefined;
  readonly by?: ResourceId | string;
  readonly part?: string;
  readonly flow: {
    readonly source?: string | undefined;
    readonly destination?: string | undefined;
    readonly port: number;
  };
}

/** What the packet oracle says of the flow of a witness; `anyOfTag` is where the service is when the flow does not say. */
export function replay(world: World, service: string, told: Told, anyOfTag: string): Answer {
  const { kind, flow } = told;
  const { source, port, destination: to = isIpv6(flow.source) ? anyIpv6 : anyOfTag } = flow;
  if (source === undefined) return "unknown"; // somebody in Azure, from wherever that is
  const [from = "", by = ""] = [told.from, told.by].map((id) => (id instanceof ResourceId ? id.text : id));
  if (kind === "privateEndpoint") return reachesPrivateEndpoint(world, subnetOf(world, from), source, by, port).allowed;
  const caller =
    from !== ""
      ? ({ kind: "subnet", subnetId: from, address: source } as const)
      : ({ kind: "internet", address: source } as const);
  return reachesPublicDoor(world, caller, service, to, port, undefined, told.part).allowed;
}

/** Where callers behind a gateway come in: the subnet that it stands in. */
function subnetOf(world: World, from: string): string {
  const [configuration] = listAt(find(world, from), "properties.ipConfigurations");
  const subnet = textAt(configuration, "properties.subnet.id");
  return subnet === "" ? from : subnet;
}

/** Where a service is for callers over IPv6, when nothing says it: in no tag. */
const anyIpv6 = "2603:1030:ffff::1";

function isIpv6(source: string | undefined): boolean {
  return source?.includes(":") === true;
}
