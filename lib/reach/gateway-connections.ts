import type { Evidence } from "../model/evidence.ts";
import type { GatewayConnectionFact, NetworkFact, NetworkGatewayFact, Peering } from "../model/fact.ts";
import type { ResourceId } from "../model/resource-id.ts";
import type { Setting } from "../model/setting.ts";
import { factIn, type Snapshot } from "../model/snapshot.ts";
import type { IpSet } from "../net/ip-set.ts";
import { whyNone } from "./unread.ts";

/** Prefixes that a gateway leads to. */
export interface Learned {
  readonly gateway: ResourceId;
  readonly from: "site" | "network" | "clients" | "defaultSite";
  /** One by one. */
  readonly prefixes: readonly IpSet[];
  /** Of the connection; undefined where it takes none. */
  readonly name: string | undefined;
  readonly at: Evidence;
  /** Why it may not lead there; undefined where it certainly does. */
  readonly because: string | undefined;
}

export interface BehindGateway {
  readonly learned: readonly Learned[];
  /** Why it may lead anywhere else. */
  readonly because: readonly string[];
}

export const nothing: BehindGateway = { learned: [], because: [] };

export function unknown(because: string): BehindGateway {
  return { learned: [], because: [because] };
}

export function together(parts: readonly BehindGateway[]): BehindGateway {
  return {
    learned: parts.flatMap(({ learned }) => learned),
    because: [...new Set(parts.flatMap(({ because }) => because))],
  };
}

/** Without BGP what the settings say is all there is: https://learn.microsoft.com/azure/vpn-gateway/vpn-gateway-vpn-faq */
export function behindConnection(
  connection: GatewayConnectionFact,
  gateway: NetworkGatewayFact,
  snapshot: Snapshot,
): BehindGateway {
  const { connectionType: type, enableBgp } = connection;
  if (type.kind === "unknown") return unknown(type.because);
  const announced = `what the gateway \`${gateway.id.name}\` learns from the connection \`${connection.id.name}\` over BGP is not known`;
  switch (type.value) {
    case "expressRoute":
      return unknown(announced);
    case "ipsec":
      return together([behindSite(connection, gateway, snapshot), ...bgp(enableBgp, announced)]);
    case "vnet2vnet":
      return together([behindNetwork(connection, gateway, snapshot), ...bgp(enableBgp, announced)]);
  }
}

function bgp(isOn: Setting<boolean>, announced: string): readonly BehindGateway[] {
  if (isOn.kind === "unknown") return [unknown(isOn.because)];
  return isOn.value ? [unknown(announced)] : [];
}

/** The prefixes that the owner has given the site. */
function behindSite(
  { id, localNetworkGateway2: end, ingressNatRules }: GatewayConnectionFact,
  gateway: NetworkGatewayFact,
  snapshot: Snapshot,
): BehindGateway {
  const site = endOf(id, end);
  if ("because" in site) return site;
  const found = snapshot.get(site.end);
  const fact = factIn(found, "localNetworkGateway");
  if (fact === undefined) return unknown(whyNone(found, site.end));
  const { addressPrefixes: prefixes } = fact;
  if (prefixes.kind === "unknown") return unknown(prefixes.because);
  if (ingressNatRules.kind === "unknown") return unknown(ingressNatRules.because);
  const translated = prefixes.value.map((prefix) => translate(prefix, ingressNatRules.value, gateway.natRules));
  const known = translated.filter((prefix) => prefix !== undefined);
  const all = { gateway: gateway.id, from: "site", name: id.name, prefixes: known, because: undefined } as const;
  const at = { resource: site.end, pointer: prefixes.pointer, value: prefixes.raw };
  const open = `what the NAT rules of the connection \`${id.name}\` make of its site's addresses is not known`;
  return {
    learned: known.length === 0 ? [] : [{ ...all, at }],
    because: known.length === translated.length ? [] : [open],
  };
}

/**
 * "The effective address space for the connection will change with the rule", and what has no rule "won't be translated";
 * a rule is for one prefix, as a whole: https://learn.microsoft.com/azure/vpn-gateway/nat-overview
 */
function translate(
  prefix: IpSet,
  named: readonly ResourceId[],
  natRules: NetworkGatewayFact["natRules"],
): IpSet | undefined {
  if (named.length === 0) return prefix;
  if (natRules.kind === "unknown") return undefined;
  const rules = named.map(({ key }) => natRules.value.find(({ id }) => id?.key === key));
  if (rules.some((rule) => rule?.internalMappings === undefined)) return undefined;
  const own = rules.filter((rule) => rule?.internalMappings?.some((mapping) => mapping.overlaps(prefix)));
  const [rule] = own;
  if (rule === undefined) return prefix;
  const { internalMappings: [before, ...others] = [], externalMappings: after } = rule;
  const isWhole = own.length === 1 && others.length === 0 && before?.equals(prefix) === true;
  return isWhole && after?.length === 1 ? after[0] : undefined;
}

/**
 * "If you update the address space for one VNet, the other VNet automatically routes to the updated address space", without the
 * other's point-to-site clients. Each gateway gets a connection to the other, whose `connectionStatus` is that of the moment:
 * https://learn.microsoft.com/azure/vpn-gateway/vpn-gateway-howto-vnet-vnet-resource-manager-portal
 */
function behindNetwork(
  { id, virtualNetworkGateway2: end }: GatewayConnectionFact,
  gateway: NetworkGatewayFact,
  snapshot: Snapshot,
): BehindGateway {
  const other = endOf(id, end);
  if ("because" in other) return other;
  const found = snapshot.get(other.end);
  const fact = factIn(found, "networkGateway");
  if (fact === undefined) return unknown(whyNone(found, other.end));
  const networks = fact.subnets.flatMap(({ parent }) => parent ?? []);
  if (networks.length === 0) return unknown(`in which network \`${other.end.text}\` stands is not known`);
  const because = hasWayBack(other.end, gateway.id, snapshot)
    ? undefined
    : `whether the connection \`${id.name}\` leads anywhere without one of \`${other.end.name}\` that leads back is not documented`;
  const learned = { gateway: gateway.id, from: "network", name: id.name, because } as const;
  return together(networks.map((network) => spaceBehind(network, learned, snapshot)));
}

function hasWayBack(from: ResourceId, to: ResourceId, snapshot: Snapshot): boolean {
  return snapshot.naming(from, "gatewayConnection").some((connection) => {
    const { connectionType: type, virtualNetworkGateway1: own, virtualNetworkGateway2: end } = connection;
    if (type.kind === "unknown" || type.value !== "vnet2vnet" || own?.key !== from.key) return false;
    return end.kind === "known" && end.value?.key === to.key;
  });
}

function spaceBehind(
  network: ResourceId,
  learned: Omit<Learned, "prefixes" | "at">,
  snapshot: Snapshot,
): BehindGateway {
  const found = snapshot.get(network);
  const fact = factIn(found, "network");
  if (fact === undefined) return unknown(whyNone(found, network));
  const { addressSpace: space } = fact;
  if (space.kind === "unknown") return unknown(space.because);
  const at = { resource: network, pointer: space.pointer, value: space.raw };
  return together([
    { learned: [{ ...learned, prefixes: space.value, at }], because: [] },
    ...spokesBehind(fact, learned),
  ]);
}

/** Networks that use the other gateway over their peerings: that such connections lead to them as well is not documented. */
function spokesBehind(
  { id, peerings }: NetworkFact,
  learned: Omit<Learned, "prefixes" | "at">,
): readonly BehindGateway[] {
  if (peerings.kind === "unknown") return [unknown(peerings.because)];
  return peerings.value.filter(mayTransit).map(({ at, name, remoteAddressSpace: space }): BehindGateway => {
    const because = `whether the connection \`${learned.name}\` leads to the network behind the peering \`${name}\` of \`${id.name}\` is not documented`;
    if (space.kind === "unknown") return unknown(space.because);
    if (space.value.length === 0) return unknown(because);
    return { learned: [{ ...learned, prefixes: space.value, at, because }], because: [] };
  });
}

function mayTransit({ allowGatewayTransit: transit, state }: Peering): boolean {
  if (state.kind === "known" && state.value !== "connected") return false;
  return transit.kind === "unknown" || transit.value;
}

function endOf(
  connection: ResourceId,
  end: Setting<ResourceId | undefined>,
): BehindGateway | { readonly end: ResourceId } {
  if (end.kind === "unknown") return unknown(end.because);
  if (end.value !== undefined) return { end: end.value };
  return unknown(`\`${connection.text}\` has no \`${end.pointer}\``);
}
