import type { IpConfiguration, NetworkInterfaceFact, SubnetFact } from "../model/fact.ts";
import { ResourceId } from "../model/resource-id.ts";
import type { Setting } from "../model/setting.ts";
import type { Snapshot } from "../model/snapshot.ts";
import { placedIn } from "./placed-services.ts";

/** Who in a subnet has an address that callers from the internet can come to. */
export type Exposure =
  /** Nobody, as only private endpoints are in it. */
  | { readonly kind: "none" }
  /** No others than these: they have a public address, or are in a pool of a load balancer or behind one of its NAT rules. */
  | { readonly kind: "interfaces"; readonly addressed: readonly AddressedInterface[] }
  | { readonly kind: "possible" };

/** Callers come to these of an interface's addresses in a subnet, and to no other. */
export interface AddressedInterface {
  readonly nic: NetworkInterfaceFact;
  readonly configurations: readonly IpConfiguration[];
}

export const possibleExposure: Exposure = { kind: "possible" };

/** Certain only where all that the subnet's body lists was read. */
export function exposureOf(subnet: SubnetFact, snapshot: Snapshot): Exposure {
  const { ipConfigurations: list } = subnet;
  if (list.kind === "unknown" || holdsServices(subnet, snapshot)) return possibleExposure;
  const listed = list.value.map((text) => interfaceAt(text, subnet, snapshot));
  const naming = snapshot.naming(subnet.id, "networkInterface").map((nic) => exposureOfInterface(nic, subnet));
  const addressed = new Map<string, AddressedInterface>();
  for (const one of [...listed, ...naming]) {
    if (one.kind === "possible") return one;
    if (one.kind === "interfaces") for (const each of one.addressed) addressed.set(each.nic.id.key, each);
  }
  const isNone = listed.length > 0 && [...listed, ...naming].every(({ kind }) => kind === "none");
  return isNone ? { kind: "none" } : { kind: "interfaces", addressed: [...addressed.values()] };
}

/** They have entrances of their own. */
export function holdsServices(subnet: SubnetFact, snapshot: Snapshot): boolean {
  const traces: readonly Setting<readonly unknown[]>[] = [
    subnet.delegations,
    subnet.serviceAssociationLinks,
    subnet.resourceNavigationLinks,
    subnet.ipConfigurationProfiles,
    subnet.applicationGatewayIPConfigurations,
  ];
  if (traces.some((trace) => trace.kind === "unknown" || trace.value.length > 0)) return true;
  return placedIn(subnet, snapshot).length > 0;
}

const unaddressed: Exposure = { kind: "interfaces", addressed: [] };

/** The addresses that a load balancer has in a subnet are those of an internal one. */
function interfaceAt(configuration: string, subnet: SubnetFact, snapshot: Snapshot): Exposure {
  const owner = ResourceId.parse(configuration)?.parent;
  if (owner?.type === "microsoft.network/loadbalancers") return unaddressed;
  if (owner?.type !== "microsoft.network/networkinterfaces") return possibleExposure;
  const found = snapshot.get(owner);
  if (found.kind === "absent") return unaddressed;
  if (found.kind !== "fact" || found.fact.kind !== "networkInterface") return possibleExposure;
  return exposureOfInterface(found.fact, subnet);
}

function exposureOfInterface(nic: NetworkInterfaceFact, { id }: SubnetFact): Exposure {
  const { privateEndpoint, ipConfigurations: list } = nic;
  if (privateEndpoint !== undefined) return { kind: "none" };
  if (list.kind === "unknown") return possibleExposure;
  const configurations = list.value.filter(
    ({ subnet, publicIPAddress, backendPools, natRules }) =>
      subnet?.key === id.key && (publicIPAddress !== undefined || backendPools.length > 0 || natRules.length > 0),
  );
  return configurations.length === 0 ? unaddressed : { kind: "interfaces", addressed: [{ nic, configurations }] };
}
