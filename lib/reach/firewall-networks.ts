import type { AzureFirewallFact } from "../model/azure-firewall-fact.ts";
import type { NetworkInterfaceFact, SubnetFact } from "../model/fact.ts";
import { certainly, type Truth } from "../model/must-may.ts";
import { distinctIds, ResourceId } from "../model/resource-id.ts";
import { factAt, factIn, type Snapshot } from "../model/snapshot.ts";
import type { IpSet } from "../net/ip-set.ts";
import { peersOf } from "./peers.ts";
import { interfacesIn } from "./places.ts";
import { unreadBecause } from "./unread.ts";

/** A firewall in the network of something, or in a network that is peered with that. */
export interface NearFirewall {
  readonly firewall: AzureFirewallFact;
  /** The subnet that it stands in. */
  readonly subnet: SubnetFact;
  readonly isConnected: Truth;
}

export interface NearFirewalls {
  readonly firewalls: readonly NearFirewall[];
  /** Why there may be more. */
  readonly because: readonly string[];
}

/** Azure Firewall stands in a subnet of this name: https://learn.microsoft.com/azure/firewall/firewall-faq */
const ownSubnet = "AzureFirewallSubnet";

export function firewallsNear(network: ResourceId, snapshot: Snapshot): NearFirewalls {
  return snapshot.once(`firewalls near ${network.key}`, () => {
    const { near, because } = networksNear(network, snapshot);
    const looks = near.map((one) => firewallsIn(one.id, one.isConnected, snapshot));
    return {
      firewalls: looks.flatMap(({ firewalls }) => firewalls),
      because: [...because, ...looks.flatMap((look) => look.because)],
    };
  });
}

interface NearNetwork {
  readonly id: ResourceId;
  readonly isConnected: Truth;
}

/** The network itself and those that it is peered with. */
function networksNear(network: ResourceId, snapshot: Snapshot) {
  const own: NearNetwork = { id: network, isConnected: certainly(true) };
  const found = snapshot.get(network);
  if (found.kind !== "fact" || found.fact.kind !== "network") {
    const unread = unreadBecause(found, `\`${network.text}\``);
    return { near: [own], because: unread === undefined ? [] : [unread] };
  }
  const { peers, because } = peersOf(found.fact, snapshot);
  const connected = peers.flatMap(({ network: id, isConnected }) =>
    id === undefined || !isConnected.may ? [] : [{ id, isConnected }],
  );
  return { near: [own, ...connected], because };
}

/** By what the firewalls say, and by what their subnet lists. */
function firewallsIn(network: ResourceId, isConnected: Truth, snapshot: Snapshot): NearFirewalls {
  const found = snapshot.get(network.child("subnets", ownSubnet));
  if (found.kind === "absent") return { firewalls: [], because: [] };
  const unread = unreadBecause(found, `\`${network.text}/subnets/${ownSubnet}\``);
  if (unread !== undefined) return { firewalls: [], because: [unread] };
  if (found.kind !== "fact" || found.fact.kind !== "subnet") return { firewalls: [], because: [] };
  const { fact: subnet } = found;
  const { ipConfigurations: list } = subnet;
  const listed = list.kind === "known" ? list.value.flatMap((text) => ResourceId.parse(text)?.parent ?? []) : [];
  const naming = snapshot.namers(subnet.id, "azureFirewall").map(({ id }) => id);
  const ids = distinctIds([...naming, ...listed]);
  const looks = ids.filter(({ type }) => type === "microsoft.network/azurefirewalls").map((id) => snapshot.get(id));
  return {
    firewalls: looks.flatMap((look) => {
      const firewall = factIn(look, "azureFirewall");
      return firewall === undefined ? [] : [{ firewall, subnet, isConnected }];
    }),
    because: [
      ...(list.kind === "unknown" ? [list.because] : []),
      ...looks.flatMap((look, index) => unreadBecause(look, `\`${ids[index]?.text}\``) ?? []),
    ],
  };
}

/** One stands in the network, or may. */
export function hasFirewall(network: ResourceId, snapshot: Snapshot): boolean {
  const { firewalls, because } = firewallsIn(network, certainly(true), snapshot);
  return firewalls.length > 0 || because.length > 0;
}

/** Where addresses are that are led to, as far as that is known. */
export interface Target {
  readonly subnet: SubnetFact;
  readonly interfaces: readonly NetworkInterfaceFact[];
}

/** The subnets that hold the addresses, in the networks of the firewalls and in their peers. */
export function targetsOf(firewalls: readonly ResourceId[], addresses: IpSet, snapshot: Snapshot): readonly Target[] {
  const subnets = firewalls.flatMap((id) => factAt(id, "azureFirewall", snapshot)?.subnets ?? []);
  const networks = subnets.flatMap(({ parent }) =>
    parent === undefined ? [] : networksNear(parent, snapshot).near.map((one) => one.id),
  );
  return distinctIds(networks)
    .flatMap((id) => snapshot.list(id, "Microsoft.Network/virtualNetworks/subnets").facts)
    .filter((fact): fact is SubnetFact => fact.kind === "subnet" && holds(fact, addresses))
    .map((subnet) => ({ subnet, interfaces: interfacesIn(subnet, snapshot).filter((nic) => isAt(nic, addresses)) }));
}

export function holds({ addressPrefixes: prefixes }: SubnetFact, addresses: IpSet): boolean {
  return prefixes.kind === "known" && prefixes.value.some((prefix) => prefix.overlaps(addresses));
}

function isAt({ ipConfigurations: list }: NetworkInterfaceFact, addresses: IpSet): boolean {
  return list.kind === "known" && list.value.some(({ address }) => address?.overlaps(addresses));
}
