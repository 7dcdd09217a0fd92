import { fixedNameSubnet } from "../catalog/delegations.ts";
import type { Evidence } from "../model/evidence.ts";
import type { IpConfiguration, NetworkInterfaceFact, SubnetFact } from "../model/fact.ts";
import { allOf, anyOf, certainly, onEvidence, perhaps, type Truth } from "../model/must-may.ts";
import type { ResourceId } from "../model/resource-id.ts";
import { evidenceOf } from "../model/setting.ts";
import { factAt, type Snapshot } from "../model/snapshot.ts";
import { IpSet } from "../net/ip-set.ts";
import { holdsServices } from "./exposure.ts";
import { hasDefaultAccess, whyBehind } from "./internet-outlet.ts";
import { carries, natGatewayOf, sourcesOf, withoutAddress } from "./nat-gateway.ts";
import { ownedAddresses } from "./owned-addresses.ts";
import { interfacesIn, spaceIn, unseenIn, untoldInterfaces } from "./places.ts";
import { type Family, publicSpace } from "./spaces.ts";

/** With which public addresses packets from some addresses in a subnet get out by the next hop Internet. */
export interface Egress {
  /** The addresses in the subnet, of one family. */
  readonly callers: IpSet;
  readonly isOut: Truth;
  /** Some packets go out with each of `must`, and none with one outside of `may`; nothing where none gets out. */
  readonly must: IpSet;
  readonly may: IpSet;
  /** Why the two differ. */
  readonly because: readonly string[];
  /** The NAT gateway or public IP address that they have them from; undefined where that is neither, or not known. */
  readonly by: ResourceId | undefined;
  readonly evidence: readonly Evidence[];
}

/**
 * A NAT gateway comes before the public addresses of interfaces, these before load balancers, and those before default
 * outbound access: https://learn.microsoft.com/azure/nat-gateway/nat-overview#traffic-routes. With several addresses a NAT
 * gateway takes any of them: https://learn.microsoft.com/azure/nat-gateway/nat-gateway-snat
 */
export function egressesOf(
  subnet: SubnetFact,
  family: Family,
  isOwnersRoute: boolean,
  snapshot: Snapshot,
): readonly Egress[] {
  const callers = spaceIn(subnet).intersect(IpSet[family]);
  if (callers.isEmpty) return [];
  const gateway = gatewayEgress(subnet, callers, family, snapshot);
  if (gateway !== undefined) return [gateway];
  const own = ownEgresses(subnet, family, snapshot);
  const others = callers.minus(IpSet.union(own.egresses.map((egress) => egress.callers)));
  if (others.isEmpty) return own.egresses;
  return [...own.egresses, otherEgress(subnet, others, family, isOwnersRoute, own.because, snapshot)];
}

/** Undefined where no NAT gateway of the subnet carries the family. */
export function gatewayEgress(
  subnet: SubnetFact,
  callers: IpSet,
  family: Family,
  snapshot: Snapshot,
): Egress | undefined {
  const { id, isUsed } = natGatewayOf(subnet, snapshot);
  if (id === undefined) return isUsed.may ? anyAddress(callers, family, isUsed) : undefined;
  return overGateway(id, isUsed, callers, family, snapshot);
}

function publicOf(family: Family): IpSet {
  return publicSpace.intersect(IpSet[family]);
}

function anyAddress(callers: IpSet, family: Family, isOut: Truth): Egress {
  const { because, evidence } = isOut;
  const reasons = because.length > 0 ? because : ["with which public address the subnet gets out is not known"];
  return { callers, isOut, must: IpSet.empty, may: publicOf(family), because: reasons, by: undefined, evidence };
}

function overGateway(
  id: ResourceId,
  isUsed: Truth,
  callers: IpSet,
  family: Family,
  snapshot: Snapshot,
): Egress | undefined {
  const carried = carries(id, family, snapshot);
  if (!carried.may) return undefined;
  const gateway = factAt(id, "natGateway", snapshot);
  const isCarried = onEvidence(allOf([isUsed, carried]), isUsed.evidence);
  if (gateway === undefined) return anyAddress(callers, family, isCarried);
  const ids = sourcesOf(gateway, family).flatMap((list) => (list.kind === "known" ? list.value : []));
  return withOneOf(ids, { by: id, isOut: isCarried, callers, family }, snapshot);
}

/** With any of these public addresses, which something sends packets out with. */
export function withOneOf(
  ids: readonly ResourceId[],
  { by, isOut: isSent, callers, family }: Pick<Egress, "callers" | "isOut"> & { by: ResourceId; family: Family },
  snapshot: Snapshot,
): Egress {
  const looks = ids.map((one) => ownedAddresses(one, snapshot));
  const known = looks.filter((look) => typeof look !== "string");
  const addresses = IpSet.union(known.map((look) => look.addresses)).intersect(IpSet[family]);
  const evidence = [...isSent.evidence, ...known.flatMap(({ at }) => at)];
  const areAllGone = ids.length > 0 && known.length === ids.length && addresses.isEmpty;
  const isOut = areAllGone ? perhaps([withoutAddress(by)], evidence) : onEvidence(isSent, evidence);
  const because = [...new Set([...isOut.because, ...looks.filter((look) => typeof look === "string")])];
  const must = isOut.must ? addresses : IpSet.empty;
  return { callers, isOut, must, may: because.length === 0 ? addresses : publicOf(family), because, by, evidence };
}

/** Of the interfaces with a public address or behind a load balancer; `because` says why there may be more of them. */
function ownEgresses(subnet: SubnetFact, family: Family, snapshot: Snapshot) {
  const looks = interfacesIn(subnet, snapshot).flatMap((nic): readonly (Egress | string)[] => {
    const { ipConfigurations: list } = nic;
    if (list.kind === "unknown") return [list.because];
    return list.value.flatMap((one, index) => {
      if (one.subnet?.key !== subnet.id.key) return [];
      return ownEgress(nic, one, `${list.pointer}/${index}/properties`, family, snapshot) ?? [];
    });
  });
  return {
    egresses: looks.filter((look) => typeof look !== "string"),
    because: looks.filter((look) => typeof look === "string"),
  };
}

/** Undefined where the interface has none of its own. */
function ownEgress(
  { id: nic }: NetworkInterfaceFact,
  { address, publicIPAddress, backendPools: [pool] }: IpConfiguration,
  place: string,
  family: Family,
  snapshot: Snapshot,
): Egress | string | undefined {
  const outlet = publicIPAddress ?? pool;
  if (outlet === undefined) return undefined;
  if (address === undefined) return `which address of the subnet \`${nic.text}\` has is not known`;
  const callers = address.intersect(IpSet[family]);
  if (callers.isEmpty) return undefined;
  const at = (property: string, value: unknown) => [{ resource: nic, pointer: `${place}/${property}`, value }];
  if (publicIPAddress === undefined) {
    const evidence = at("loadBalancerBackendAddressPools/0/id", outlet.text);
    return anyAddress(callers, family, perhaps([whyBehind(outlet)], evidence));
  }
  const evidence = at("publicIPAddress/id", publicIPAddress.text);
  const owned = ownedAddresses(publicIPAddress, snapshot);
  const addresses = typeof owned === "string" ? IpSet.empty : owned.addresses.intersect(IpSet[family]);
  if (typeof owned === "string" || addresses.isEmpty) {
    const because = typeof owned === "string" ? owned : `\`${publicIPAddress.text}\` has no address of the family`;
    return { ...anyAddress(callers, family, perhaps([because], evidence)), by: publicIPAddress };
  }
  const isOut = certainly(true, [...evidence, ...owned.at]);
  const { evidence: all } = isOut;
  return { callers, isOut, must: addresses, may: addresses, because: [], by: publicIPAddress, evidence: all };
}

/** Of whatever else is in the subnet, or may be; `hidden` are interfaces with addresses that are not known. */
function otherEgress(
  subnet: SubnetFact,
  callers: IpSet,
  family: Family,
  isOwnersRoute: boolean,
  hidden: readonly string[],
  snapshot: Snapshot,
): Egress {
  const byDefault = family === "ipv4" ? hasDefaultAccess(subnet, isOwnersRoute) : certainly(false);
  const untold = [unseenIn(subnet, snapshot), untoldInterfaces(subnet, snapshot)].filter((one) => one !== undefined);
  const unseen = [...hidden, ...untold, ...othersIn(subnet, snapshot)];
  const isOut = anyOf([byDefault, ...unseen.map((because) => perhaps([because]))]);
  if (!isOut.may) {
    const evidence = [...evidenceOf(subnet.id, subnet.natGateway), ...isOut.evidence];
    return { ...anyAddress(callers, family, isOut), may: IpSet.empty, because: [], evidence };
  }
  if (unseen.length > 0) return { ...anyAddress(callers, family, isOut), because: unseen };
  const because = ["which address default outbound access gives the subnet is Azure's choice"];
  return { ...anyAddress(callers, family, isOut), may: addressesOfAzure(snapshot), because };
}

function othersIn(subnet: SubnetFact, snapshot: Snapshot): readonly string[] {
  if (fixedNameSubnet(subnet.id.name) === undefined && !holdsServices(subnet, snapshot)) return [];
  return [`which way out the services in \`${subnet.id.text}\` have is not known`];
}

/**
 * Microsoft's own, of which those of default outbound access are:
 * https://learn.microsoft.com/azure/virtual-network/ip-services/default-outbound-access
 */
function addressesOfAzure({ serviceTags }: Snapshot): IpSet {
  return (serviceTags.addressesOf("AzureCloud") ?? publicSpace).intersect(publicOf("ipv4"));
}
