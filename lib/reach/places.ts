import type { Evidence } from "../model/evidence.ts";
import type { IpConfiguration, NetworkInterfaceFact, SubnetFact } from "../model/fact.ts";
import { ResourceId } from "../model/resource-id.ts";
import { evidenceOf } from "../model/setting.ts";
import type { Snapshot } from "../model/snapshot.ts";
import { IpSet } from "../net/ip-set.ts";
import { privateSpace } from "./spaces.ts";
import { unreadBecause, untoldAround } from "./unread.ts";

/** Network interfaces in a subnet that the same groups stand before, or whatever is in the subnet where none was read. */
export interface Place {
  readonly subnet: SubnetFact;
  readonly groups: readonly ResourceId[];
  readonly interfaces: readonly NetworkInterfaceFact[];
  /** Why it is not known which groups those are. */
  readonly because: readonly string[];
  /** What tells it apart from the rest of the subnet; none where the place is the whole of it. */
  readonly evidence: readonly Evidence[];
}

/** The interfaces in a subnet by their security groups, those of private endpoints left out: nobody comes to them from the internet. */
export function placesIn(subnet: SubnetFact, snapshot: Snapshot): readonly Place[] {
  const { networkSecurityGroup: group } = subnet;
  const groups = group.kind === "known" && group.value !== undefined ? [group.value] : [];
  const because = group.kind === "unknown" ? [group.because] : [];
  const interfaces = interfacesIn(subnet, snapshot);
  const isPlain = (nic: NetworkInterfaceFact) =>
    nic.networkSecurityGroup.kind === "known" && nic.networkSecurityGroup.value === undefined;
  const plain = interfaces.filter(isPlain);
  const special = interfaces.filter((nic) => !isPlain(nic));
  const shared = { subnet, groups, because, evidence: [] };
  if (special.length === 0) return [{ ...shared, interfaces: plain }];
  const own = special.map((nic): Place => {
    const { networkSecurityGroup: its } = nic;
    return {
      subnet,
      groups: its.kind === "known" && its.value !== undefined ? [...groups, its.value] : groups,
      interfaces: [nic],
      because: its.kind === "unknown" ? [...because, its.because] : because,
      evidence: evidenceOf(nic.id, its),
    };
  });
  const evidence = plain.flatMap((nic) => evidenceOf(nic.id, nic.networkSecurityGroup)).slice(0, 1);
  if (plain.length > 0) return [{ ...shared, interfaces: plain, evidence }, ...own];
  const unseen = unseenIn(subnet, snapshot);
  if (unseen === undefined) return own;
  return [...own, { ...shared, interfaces: [], because: [...because, unseen] }];
}

/** Those that were read, without the interfaces of private endpoints. */
export function interfacesIn({ id }: SubnetFact, snapshot: Snapshot): readonly NetworkInterfaceFact[] {
  return snapshot.naming(id, "networkInterface").filter((nic) => nic.privateEndpoint === undefined);
}

/** Where the body of an interface says that it is in a subnet. */
export function referencesTo(subnet: ResourceId, { id: resource, ipConfigurations: list }: NetworkInterfaceFact) {
  if (list.kind === "unknown") return evidenceOf(resource, list);
  return list.value.flatMap(({ subnet: named }, index): Evidence[] => {
    const pointer = `${list.pointer}/${index}/properties/subnet/id`;
    return named?.key === subnet.key ? [{ resource, pointer, value: named.text }] : [];
  });
}

/** Why there may be interfaces in the subnet besides those that were read. */
export function unseenIn({ ipConfigurations: list }: SubnetFact, snapshot: Snapshot): string | undefined {
  if (list.kind === "unknown") return list.because;
  for (const text of list.value) {
    const nic = ResourceId.parse(text)?.parent;
    if (nic === undefined || !nic.type.endsWith("/networkinterfaces")) continue;
    const found = snapshot.get(nic);
    const because = unreadBecause(found, `\`${nic.text}\``);
    if (because !== undefined) return because;
    if (found.kind !== "fact" || found.fact.kind !== "networkInterface") continue;
    const { ipConfigurations } = found.fact;
    if (ipConfigurations.kind === "unknown") return ipConfigurations.because;
  }
  return undefined;
}

/** Why there may be interfaces in the subnet of which Azure did not tell; undefined also where nobody recorded them. */
export function untoldInterfaces({ id: { parent: network } }: SubnetFact, snapshot: Snapshot): string | undefined {
  return network === undefined ? undefined : untoldAround(network, "Microsoft.Network/networkInterfaces", snapshot);
}

/** Those of the interfaces, or all of the subnet where there is none, or one of them is not known. */
export function addressesIn(subnet: SubnetFact, interfaces: readonly NetworkInterfaceFact[]): IpSet {
  if (interfaces.length === 0) return spaceIn(subnet);
  const addresses = interfaces.flatMap(({ ipConfigurations: list }) => {
    if (list.kind === "unknown") return [undefined];
    return list.value.filter((one) => one.subnet?.key === subnet.id.key).map(({ address }) => address);
  });
  return unionOr(addresses, subnet);
}

/** The same of some of their IP configurations in the subnet. */
export function addressesOf(subnet: SubnetFact, configurations: readonly IpConfiguration[]): IpSet {
  return unionOr(
    configurations.map(({ address }) => address),
    subnet,
  );
}

function unionOr(addresses: readonly (IpSet | undefined)[], subnet: SubnetFact): IpSet {
  const known = addresses.filter((address) => address !== undefined);
  return known.length === addresses.length ? IpSet.union(known) : spaceIn(subnet);
}

/** All addresses that something in the subnet may have. */
export function spaceIn({ addressPrefixes }: SubnetFact): IpSet {
  return addressPrefixes.kind === "known" ? IpSet.union(addressPrefixes.value) : privateSpace;
}
