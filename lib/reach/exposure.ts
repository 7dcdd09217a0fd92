import type { NetworkInterfaceFact, SubnetFact } from "../model/fact.ts";
import { ResourceId } from "../model/resource-id.ts";
import type { Setting } from "../model/setting.ts";
import type { Snapshot } from "../model/snapshot.ts";

/**
 * Whether callers from the internet have an address in a subnet to call: not where only private endpoints are in it; none that
 * is known where no interface has a public address, nor is in a pool of a load balancer or behind one of its NAT rules.
 */
export type Exposure = "none" | "unaddressed" | "possible";

/** Certain only where all that the subnet's body lists was read. */
export function exposureOf(subnet: SubnetFact, snapshot: Snapshot): Exposure {
  const { ipConfigurations: list } = subnet;
  if (list.kind === "unknown" || holdsServices(subnet, snapshot)) return "possible";
  const listed = list.value.map((text) => interfaceAt(text, snapshot));
  const naming = snapshot.naming(subnet.id, "networkInterface");
  const all = [...listed, ...naming.map(exposureOfInterface)];
  if (all.includes("possible")) return "possible";
  return listed.length > 0 && all.every((one) => one === "none") ? "none" : "unaddressed";
}

/** They have entrances of their own. */
function holdsServices(subnet: SubnetFact, snapshot: Snapshot): boolean {
  const traces: readonly Setting<readonly unknown[]>[] = [
    subnet.delegations,
    subnet.serviceAssociationLinks,
    subnet.resourceNavigationLinks,
    subnet.ipConfigurationProfiles,
    subnet.applicationGatewayIPConfigurations,
  ];
  if (traces.some((trace) => trace.kind === "unknown" || trace.value.length > 0)) return true;
  return snapshot.namers(subnet.id, "placed").length > 0;
}

/** The addresses that a load balancer has in a subnet are those of an internal one. */
function interfaceAt(configuration: string, snapshot: Snapshot): Exposure {
  const owner = ResourceId.parse(configuration)?.parent;
  if (owner?.type === "microsoft.network/loadbalancers") return "unaddressed";
  if (owner?.type !== "microsoft.network/networkinterfaces") return "possible";
  const found = snapshot.get(owner);
  if (found.kind === "absent") return "unaddressed";
  return found.kind === "fact" && found.fact.kind === "networkInterface" ? exposureOfInterface(found.fact) : "possible";
}

function exposureOfInterface({ privateEndpoint, ipConfigurations: list }: NetworkInterfaceFact): Exposure {
  if (privateEndpoint !== undefined) return "none";
  if (list.kind === "unknown") return "possible";
  const isAddressed = list.value.some(
    ({ publicIPAddress, backendPools, natRules }) =>
      publicIPAddress !== undefined || backendPools.length > 0 || natRules.length > 0,
  );
  return isAddressed ? "possible" : "unaddressed";
}
