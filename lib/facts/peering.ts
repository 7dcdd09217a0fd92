import type { Peering } from "../model/fact.ts";
import { ResourceId } from "../model/resource-id.ts";
import type { Setting } from "../model/setting.ts";
import type { IpSet } from "../net/ip-set.ts";
import { prefixesAt } from "./prefixes.ts";
import { meaningOf, textAt, unknownValue, valueAt } from "./settings.ts";

const states = { connected: "connected", initiated: "initiated", disconnected: "disconnected" } as const;

/** Judges one side of a peering, an element of its network's `virtualNetworkPeerings`. */
export function peering(owner: ResourceId, raw: unknown, pointer: string): Peering {
  const network = ResourceId.parse(valueAt(raw, "/properties/remoteVirtualNetwork/id"));
  const flag = (name: string) => flagOf(owner, raw, pointer, name);
  return {
    at: { resource: owner, pointer, value: raw },
    name: textAt(raw, "/name") ?? pointer.slice(pointer.lastIndexOf("/") + 1),
    network: network?.type === "microsoft.network/virtualnetworks" ? network : undefined,
    state: stateOf(owner, raw, pointer),
    allowVirtualNetworkAccess: flag("allowVirtualNetworkAccess"),
    allowForwardedTraffic: flag("allowForwardedTraffic"),
    allowGatewayTransit: flag("allowGatewayTransit"),
    useRemoteGateways: flag("useRemoteGateways"),
    subnetNames: subnetNamesOf(owner, raw, pointer),
    isIpv6Only: flagOf(owner, raw, pointer, "enableOnlyIPv6Peering", false),
    remoteAddressSpace: remoteAddressSpace(owner, raw, pointer),
  };
}

function stateOf(owner: ResourceId, raw: unknown, pointer: string): Peering["state"] {
  const place = `${pointer}/properties/peeringState`;
  const text = valueAt(raw, "/properties/peeringState");
  const value = meaningOf(text, states);
  if (value !== undefined) return { kind: "known", value, pointer: place, raw: text };
  return { kind: "unknown", because: unknownValue(owner, place, text), pointer: place, raw: text };
}

/** ARM always returns most of them; absent, their meaning is not documented. */
function flagOf(
  owner: ResourceId,
  raw: unknown,
  pointer: string,
  name: string,
  whenAbsent?: boolean,
): Setting<boolean> {
  const place = `${pointer}/properties/${name}`;
  const value = valueAt(raw, `/properties/${name}`) ?? whenAbsent;
  if (typeof value === "boolean") return { kind: "known", value, pointer: place, raw: value };
  return { kind: "unknown", because: unknownValue(owner, place, value), pointer: place, raw: value };
}

/** https://learn.microsoft.com/azure/virtual-network/how-to-configure-subnet-peering */
function subnetNamesOf(owner: ResourceId, raw: unknown, pointer: string): Peering["subnetNames"] {
  const place = `${pointer}/properties/peerCompleteVnets`;
  const isComplete = valueAt(raw, "/properties/peerCompleteVnets") ?? true;
  if (isComplete === true) return { kind: "known", value: undefined, pointer: place, raw: isComplete };
  const because = unknownValue(owner, place, isComplete);
  if (isComplete !== false) return { kind: "unknown", because, pointer: place, raw: isComplete };
  const namesIn = (list: string) => [valueAt(raw, `/properties/${list}`) ?? []].flat().map(String);
  const value = { own: namesIn("localSubnetNames"), others: namesIn("remoteSubnetNames") };
  return { kind: "known", value, pointer: place, raw: isComplete };
}

/** The ranges to which Azure routes; newer answers have those that the other network has by now beside them. */
function remoteAddressSpace(owner: ResourceId, raw: unknown, pointer: string): Setting<readonly IpSet[]> {
  return prefixesAt(owner, raw, pointer, "/properties/remoteAddressSpace/addressPrefixes");
}
