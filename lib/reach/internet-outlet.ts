import type { Evidence } from "../model/evidence.ts";
import type { IpConfiguration, NetworkInterfaceFact, SubnetFact } from "../model/fact.ts";
import { allOf, anyOf, certainly, not, onEvidence, perhaps, type Truth } from "../model/must-may.ts";
import type { ResourceId } from "../model/resource-id.ts";
import { evidenceOf } from "../model/setting.ts";
import { factAt, type Snapshot } from "../model/snapshot.ts";
import type { IpSet } from "../net/ip-set.ts";
import { goesOverNatGateway } from "./nat-gateway.ts";
import { unseenIn, untoldInterfaces } from "./places.ts";
import type { Family } from "./spaces.ts";

/**
 * Whether something in a subnet gets out by the next hop Internet. Without a NAT gateway, default outbound access is enough for
 * IPv4; "IPv6 connectivity to the Internet is only established when you explicitly request it".
 * https://learn.microsoft.com/azure/virtual-network/ip-services/default-outbound-access
 * https://learn.microsoft.com/azure/virtual-network/ip-services/ipv6-overview
 */
export function outletOf(subnet: SubnetFact, family: Family, isOwnersRoute: boolean, snapshot: Snapshot): Truth {
  const overGateway = goesOverNatGateway(subnet, family, snapshot);
  if (overGateway.must) return overGateway;
  const byDefault = family === "ipv4" ? [hasDefaultAccess(subnet, isOwnersRoute)] : [];
  const others = anyOf([...byDefault, ...interfaceOutlets(subnet, family, snapshot)]);
  return anyOf([overGateway, allOf([others, not(overGateway)])]);
}

/** Of a subnet without a NAT gateway. Where ARM does not say whether there is any, its owner's routes to the internet are taken to be there for a reason. */
export function hasDefaultAccess(subnet: SubnetFact, isOwnersRoute: boolean): Truth {
  const { id, defaultOutboundAccess: setting } = subnet;
  const evidence = evidenceOf(id, setting);
  if (setting.kind === "unknown") return perhaps([setting.because], evidence);
  if (setting.value !== undefined) return onEvidence(unlessDelegated(setting.value, subnet), evidence);
  const because = `\`${id.text}\` does not say whether it has default outbound access`;
  if (!isOwnersRoute) return perhaps([because], evidence);
  const assumptions = ["the subnet is not a private one, from which nothing gets out by the next hop Internet"];
  return certainly(
    true,
    evidence.map((one) => ({ ...one, assumptions })),
  );
}

/** In delegated subnets the setting does nothing: https://learn.microsoft.com/azure/virtual-network/ip-services/default-outbound-access#limitations */
function unlessDelegated(value: boolean, { id, delegations }: SubnetFact): Truth {
  if (delegations.kind === "unknown") return perhaps([delegations.because]);
  if (delegations.value.length === 0) return certainly(value);
  return perhaps([`which way out the service has that \`${id.text}\` is delegated to is not known`]);
}

/** Public addresses of the interfaces in a subnet, outbound rules of their load balancers, and what may be at others. */
function interfaceOutlets(subnet: SubnetFact, family: Family, snapshot: Snapshot): readonly Truth[] {
  const interfaces = snapshot.naming(subnet.id, "networkInterface");
  const unseen = unseenIn(subnet, snapshot) ?? untoldInterfaces(subnet, snapshot);
  return [
    ...interfaces.flatMap((nic) => outletsOf(nic, subnet, family, snapshot)),
    ...(unseen === undefined ? [] : [perhaps([unseen], evidenceOf(subnet.id, subnet.ipConfigurations))]),
  ];
}

function outletsOf(nic: NetworkInterfaceFact, { id }: SubnetFact, family: Family, snapshot: Snapshot) {
  const { ipConfigurations: list } = nic;
  if (list.kind === "unknown") return [perhaps([list.because], evidenceOf(nic.id, list))];
  return list.value.flatMap((one, index): readonly Truth[] => {
    if (one.subnet?.key !== id.key) return [];
    const at = (property: string, value: unknown): Evidence => {
      return { resource: nic.id, pointer: `${list.pointer}/${index}/properties/${property}`, value };
    };
    const [pool] = one.backendPools;
    return [
      ...(one.publicIPAddress === undefined ? [] : [hasPublic(one, one.publicIPAddress, family, at, snapshot)]),
      ...(pool === undefined || isOther(one.address, family)
        ? []
        : [perhaps([whyBehind(pool)], [at("loadBalancerBackendAddressPools/0/id", pool.text)])]),
    ];
  });
}

/**
 * A public load balancer lets the machines behind it out; load balancers are not read, nor are pools that list addresses
 * in the place of interfaces: https://learn.microsoft.com/azure/load-balancer/outbound-rules
 */
export function whyBehind(pool: ResourceId): string {
  return `whether the load balancer lets those in \`${pool.text}\` out is not known`;
}

/** A public address has the family of the private one beside it. */
function hasPublic(
  { address }: IpConfiguration,
  id: ResourceId,
  family: Family,
  at: (property: string, value: unknown) => Evidence,
  snapshot: Snapshot,
): Truth {
  const evidence = [at("publicIPAddress/id", id.text)];
  const known = address ?? factAt(id, "publicIpAddress", snapshot)?.address;
  if (known === undefined) return perhaps([`whether \`${id.text}\` is an IPv4 address is not known`], evidence);
  return certainly(!isOther(known, family), evidence);
}

function isOther(address: IpSet | undefined, family: Family): boolean {
  if (address === undefined) return false;
  return family === "ipv4" ? address.countIpv4 === 0 : address.countIpv6 === 0n;
}
