import { fixedNameSubnet } from "../catalog/delegations.ts";
import type { NatGatewayFact, SubnetFact } from "../model/fact.ts";
import { allOf, anyOf, certainly, perhaps, type Truth } from "../model/must-may.ts";
import type { ResourceId } from "../model/resource-id.ts";
import { evidenceOf } from "../model/setting.ts";
import { factIn, type Snapshot } from "../model/snapshot.ts";
import type { Family } from "./spaces.ts";
import { unreadBecause, untoldAround, whyNone } from "./unread.ts";

/** The NAT gateway over which a subnet gets out to the internet. */
export interface NatGatewayInUse {
  /** Undefined where there is none, or it is not known which. */
  readonly id: ResourceId | undefined;
  readonly isUsed: Truth;
}

/**
 * The subnet's own, or else that of its network for all of its subnets.
 * https://learn.microsoft.com/azure/nat-gateway/manage-nat-gateway-v2
 * https://learn.microsoft.com/rest/api/virtualnetwork/virtual-networks/get
 */
export function natGatewayOf(subnet: SubnetFact, snapshot: Snapshot): NatGatewayInUse {
  const { id, natGateway } = subnet;
  const evidence = evidenceOf(id, natGateway);
  if (natGateway.kind === "unknown") return { id: undefined, isUsed: perhaps([natGateway.because], evidence) };
  if (natGateway.value !== undefined) return { id: natGateway.value, isUsed: certainly(true, evidence) };
  const ofNetwork = id.parent === undefined ? none : defaultIn(id.parent, snapshot);
  if (ofNetwork.isUsed.may) return { ...ofNetwork, isUsed: allOf([ofNetwork.isUsed, takesDefault(subnet)]) };
  return id.parent === undefined ? none : namingIn(id.parent, snapshot);
}

const none: NatGatewayInUse = { id: undefined, isUsed: certainly(false) };

function defaultIn(network: ResourceId, snapshot: Snapshot): NatGatewayInUse {
  const found = snapshot.get(network);
  const unread = unreadBecause(found, `\`${network.text}\``);
  if (unread !== undefined) return { id: undefined, isUsed: perhaps([unread]) };
  const setting = factIn(found, "network")?.defaultPublicNatGateway;
  if (setting === undefined) return none;
  const evidence = evidenceOf(network, setting);
  if (setting.kind === "unknown") return { id: undefined, isUsed: perhaps([setting.because], evidence) };
  return { id: setting.value, isUsed: certainly(setting.value !== undefined, evidence) };
}

/**
 * One "attached at virtual network level" may name the network where the network does not name it; which subnets use it then no
 * page says: https://learn.microsoft.com/azure/nat-gateway/nat-sku
 */
function namingIn(network: ResourceId, snapshot: Snapshot): NatGatewayInUse {
  const [gateway] = snapshot.naming(network, "natGateway");
  if (gateway !== undefined) {
    const because = `which subnets of \`${network.name}\` use the NAT gateway \`${gateway.id.name}\`, which is for all of it, is not documented`;
    return { id: gateway.id, isUsed: perhaps([because], evidenceOf(gateway.id, gateway.network)) };
  }
  // those that nobody recorded are taken to be for subnets that name them; those that Azure did not tell of may be for any
  const because = untoldAround(network, "Microsoft.Network/natGateways", snapshot);
  return because === undefined ? none : { id: undefined, isUsed: perhaps([because]) };
}

/**
 * Gateways have none, and many services do not support the kind that a network can have:
 * https://learn.microsoft.com/azure/nat-gateway/nat-sku#known-limitations
 */
function takesDefault({ id, delegations }: SubnetFact): Truth {
  if (delegations.kind === "unknown") return perhaps([delegations.because], evidenceOf(id, delegations));
  if (delegations.value.length === 0 && fixedNameSubnet(id.name) === undefined) return certainly(true);
  return perhaps([`whether \`${id.text}\` uses the NAT gateway of its network is not documented`]);
}

/**
 * Whether what leaves a subnet for the internet goes over a NAT gateway, which comes before every other way out, default outbound
 * access included: https://learn.microsoft.com/azure/nat-gateway/nat-overview#traffic-routes
 */
export function goesOverNatGateway(subnet: SubnetFact, family: Family, snapshot: Snapshot): Truth {
  const { id, isUsed } = natGatewayOf(subnet, snapshot);
  if (id === undefined || !isUsed.may) return isUsed;
  return allOf([isUsed, carries(id, family, snapshot)]);
}

/**
 * Without an address it is "not operational" (https://learn.microsoft.com/azure/nat-gateway/faq), while default outbound access is
 * not used "unless those explicit methods are removed" (https://learn.microsoft.com/azure/nat-gateway/troubleshoot-nat): whether its
 * subnets get out another way no page says. IPv6 goes over one that has addresses for it, and else past it:
 * https://learn.microsoft.com/azure/nat-gateway/nat-sku
 */
export function carries(id: ResourceId, family: Family, snapshot: Snapshot): Truth {
  const found = snapshot.get(id);
  const gateway = factIn(found, "natGateway");
  if (gateway === undefined) return perhaps([whyNone(found, id)]);
  const hasAny = anyOf(
    sourcesOf(gateway, family).map((list) => {
      const evidence = evidenceOf(id, list);
      return list.kind === "unknown" ? perhaps([list.because], evidence) : certainly(list.value.length > 0, evidence);
    }),
  );
  return hasAny.may || family === "ipv6" ? hasAny : perhaps([withoutAddress(id)], hasAny.evidence);
}

export function withoutAddress({ text }: ResourceId): string {
  return `\`${text}\` has no public address: whether its subnets get out another way is not documented`;
}

/** What it names to send packets from. */
export function sourcesOf(gateway: NatGatewayFact, family: Family) {
  return family === "ipv4"
    ? [gateway.publicIpAddresses, gateway.publicIpPrefixes]
    : [gateway.publicIpAddressesV6, gateway.publicIpPrefixesV6];
}
