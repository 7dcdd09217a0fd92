import type { GatewayConnectionFact, NetworkFact, NetworkGatewayFact, Peering, SubnetFact } from "../model/fact.ts";
import { distinctIds, ResourceId } from "../model/resource-id.ts";
import type { Setting } from "../model/setting.ts";
import { factIn, type Snapshot } from "../model/snapshot.ts";
import { IpSet } from "../net/ip-set.ts";
import {
  type BehindGateway,
  behindConnection,
  type Learned,
  nothing,
  together,
  unknown,
} from "./gateway-connections.ts";
import { unreadBecause, whyNone, whyUnread } from "./unread.ts";

/**
 * All gateways of a network stand in it:
 * https://learn.microsoft.com/azure/vpn-gateway/vpn-gateway-about-vpn-gateway-settings#gwsub
 */
export function gatewaySubnetOf(network: ResourceId): ResourceId {
  return network.child("subnets", "GatewaySubnet");
}

/** What a network's own gateways lead to. */
export function behindGatewaysIn(network: ResourceId, snapshot: Snapshot): BehindGateway {
  const hub = virtualHubOf(network);
  if (hub !== undefined) return unknown(unreadHub(hub));
  return snapshot.once(`behind the gateways in ${network.key}`, () => {
    const { gateways, because } = gatewaysIn(network, snapshot);
    return together([{ learned: [], because }, ...gateways.map((gateway) => behindGateway(gateway, snapshot))]);
  });
}

const guid = "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}";
const ofHub = new RegExp(`^/subscriptions/[^/]+/resourceGroups/RG_.+_${guid}/.+/HV_(.+)_${guid}$`, "i");

/**
 * The virtual hub that a network is of: Azure makes it, and "a vHub Connection is a VnetPeering under the hood"
 * (https://github.com/MicrosoftDocs/azure-docs/issues/107338). Nobody but Azure can read it.
 */
function virtualHubOf({ text }: ResourceId): string | undefined {
  return ofHub.exec(text)?.[1];
}

/** Its routing intent may send everything to a firewall: https://learn.microsoft.com/azure/virtual-wan/how-to-routing-policies */
function unreadHub(hub: string): string {
  return `where the virtual hub \`${hub}\` leads what the networks that are connected to it send is not known: virtual hubs are not read`;
}

/** A gateway that a network uses over one of its peerings. */
export interface UsedGateway extends BehindGateway {
  readonly peering: Peering;
}

/**
 * "Routes to the gateway-connected virtual networks or on-premises networks propagate to the routing tables for the peered
 * virtual networks": https://learn.microsoft.com/azure/vpn-gateway/vpn-gateway-peering-gateway-transit
 */
export function behindUsedGateways({ peerings }: NetworkFact, snapshot: Snapshot): readonly UsedGateway[] {
  return (peerings.kind === "known" ? peerings.value : []).filter(mayBeUsed).map((peering): UsedGateway => {
    const { network, name, useRemoteGateways: use, state } = peering;
    if (network === undefined) return { peering, ...unknown(`what is behind the peering \`${name}\` is not known`) };
    const { learned, because } = behindGatewaysIn(network, snapshot);
    const [doubt] = [use, state].flatMap((one) => (one.kind === "unknown" ? [one.because] : []));
    const inherited = learned.map((one) => ({ ...one, because: one.because ?? doubt ?? whyNotInherited(one) }));
    return { peering, learned: inherited, because };
  });
}

function whyNotInherited({ from, gateway }: Learned): string | undefined {
  if (from !== "defaultSite") return undefined;
  return `whether the default site of \`${gateway.name}\` is that of networks that use the gateway as well is not documented`;
}

function mayBeUsed({ useRemoteGateways: use, state }: Peering): boolean {
  return (use.kind === "unknown" || use.value) && (state.kind === "unknown" || state.value === "connected");
}

interface Gateways {
  readonly gateways: readonly NetworkGatewayFact[];
  /** Why there may be others, or what one of them leads to is not known. */
  readonly because: readonly string[];
}

function gatewaysIn(network: ResourceId, snapshot: Snapshot): Gateways {
  const id = gatewaySubnetOf(network);
  const found = snapshot.get(id);
  if (found.kind === "absent") return { gateways: [], because: [] };
  if (found.kind !== "fact") return { gateways: [], because: [whyUnread(found, `\`${id.text}\``)] };
  const naming = snapshot.namers(id, "networkGateway").map((gateway) => gateway.id);
  const listed = found.fact.kind === "subnet" ? listedIn(found.fact) : [];
  const ids = distinctIds([...naming, ...listed.flatMap((one) => one ?? [])]);
  const all = ids.map((one) => gatewayOf(one, snapshot));
  const unclear = listed.includes(undefined) ? [`what stands in \`${id.text}\` is not known`] : [];
  return {
    gateways: all.filter((one) => typeof one !== "string"),
    because: [...unclear, ...all.filter((one) => typeof one === "string")],
  };
}

/** Undefined for what is no gateway's. */
function listedIn({ ipConfigurations }: SubnetFact): readonly (ResourceId | undefined)[] {
  if (ipConfigurations.kind === "unknown") return [undefined];
  return ipConfigurations.value.map((text) => {
    const gateway = ResourceId.parse(text)?.parent;
    return gateway?.type === "microsoft.network/virtualnetworkgateways" ? gateway : undefined;
  });
}

function gatewayOf(id: ResourceId, snapshot: Snapshot): NetworkGatewayFact | string {
  const found = snapshot.get(id);
  return factIn(found, "networkGateway") ?? whyNone(found, id);
}

function behindGateway(gateway: NetworkGatewayFact, snapshot: Snapshot): BehindGateway {
  const { id, gatewayType } = gateway;
  if (gatewayType.kind === "unknown") return unknown(gatewayType.because);
  const own = snapshot
    .naming(id, "gatewayConnection")
    .filter(({ virtualNetworkGateway1 }) => virtualNetworkGateway1?.key === id.key);
  const unread = unreadBecause(snapshot.everywhere("microsoft.network/connections"), "the list of all connections");
  return together([
    ...own.map((connection) => behindConnection(connection, gateway, snapshot)),
    clientsOf(gateway),
    defaultSiteOf(gateway, own),
    ...(unread === undefined ? [] : [unknown(`what the gateway \`${id.name}\` leads to is not known: ${unread}`)]),
  ]);
}

/** https://learn.microsoft.com/azure/vpn-gateway/vpn-gateway-about-point-to-site-routing */
function clientsOf({ id, clientAddressPools }: NetworkGatewayFact): BehindGateway {
  return together(clientAddressPools.map((pool) => clientsIn(pool, id)));
}

function clientsIn(pool: Setting<readonly IpSet[]>, gateway: ResourceId): BehindGateway {
  if (pool.kind === "unknown") return unknown(pool.because);
  if (pool.value.length === 0) return nothing;
  const at = { resource: gateway, pointer: pool.pointer, value: pool.raw };
  return learned({ gateway, from: "clients", prefixes: pool.value, name: undefined, at, because: undefined });
}

/** "All Internet-bound traffic" goes there: https://learn.microsoft.com/azure/vpn-gateway/site-to-site-tunneling */
function defaultSiteOf(
  { id, gatewayDefaultSite: site }: NetworkGatewayFact,
  connections: readonly GatewayConnectionFact[],
): BehindGateway {
  if (site.kind === "unknown") return unknown(site.because);
  const { value } = site;
  if (value === undefined) return nothing;
  const ends = connections.flatMap(({ localNetworkGateway2: end }) => (end.kind === "known" ? (end.value ?? []) : []));
  const isConnected = ends.some(({ key }) => key === value.key);
  const because = isConnected ? undefined : `no connection of \`${id.name}\` to its default site is known`;
  const at = { resource: id, pointer: site.pointer, value: site.raw };
  return learned({ gateway: id, from: "defaultSite", prefixes: [IpSet.ipv4], name: undefined, at, because });
}

function learned(one: Learned): BehindGateway {
  return { learned: [one], because: [] };
}
