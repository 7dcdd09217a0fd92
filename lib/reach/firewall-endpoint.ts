import type { ServiceFact, SubnetFact } from "../model/fact.ts";
import { allOf, anyOf, type Truth } from "../model/must-may.ts";
import { factAt, type Snapshot } from "../model/snapshot.ts";
import { IpSet } from "../net/ip-set.ts";
import type { Boundary } from "./boundary.ts";
import { type EndpointPath, endpointPath } from "./endpoint-path.ts";
import { appliancesAhead } from "./firewall-hop.ts";
import { admittedOverEndpoint } from "./over-endpoint.ts";
import type { SubnetDoor } from "./subnet-doors.ts";

/** How packets of an Azure Firewall go over a service endpoint of the firewall's own subnet, with that subnet's identity. */
export interface OwnEndpoint {
  readonly path: EndpointPath;
  /** The network rule that names the firewall's subnet, of several the one of which the most can be said. */
  readonly door: SubnetDoor | undefined;
  /** The service lets the firewall's subnet in. */
  readonly isAdmitted: Truth;
}

/**
 * "You can choose to enable service endpoints in the Azure Firewall subnet and disable them on the connected spoke virtual networks. This
 * way you benefit from both features": undefined where no route leads there.
 * https://learn.microsoft.com/azure/firewall/firewall-faq#how-do-i-set-up-azure-firewall-with-my-service-endpoints
 */
export function ownEndpoint(
  service: ServiceFact,
  boundary: Boundary,
  subnet: SubnetFact,
  snapshot: Snapshot,
): OwnEndpoint | undefined {
  const path = endpointPath(service, subnet, snapshot, service.ports.may, IpSet.ipv4);
  if (path.isRouted === "stops") return undefined;
  const doors = boundary.subnets.doors.filter((door) => door.subnet?.key === subnet.id.key);
  const door = doors.find(({ admits }) => admits.must) ?? doors.find(({ admits }) => admits.may) ?? doors[0];
  const isOpen = allOf([path.policies, admittedOverEndpoint(boundary, subnet)]);
  return { path, door, isAdmitted: anyOf([...doors.map(({ admits }) => admits), isOpen]) };
}

/** The service lets in the subnet of something to which routes of the subnet lead, or may. */
export function isAdmittedAhead(
  service: ServiceFact,
  boundary: Boundary,
  from: SubnetFact,
  snapshot: Snapshot,
): boolean {
  return appliancesAhead(from, snapshot).some(({ address, firewall }) => {
    if (firewall === undefined) return mayStandInAdmitted(address, boundary, snapshot);
    return ownEndpoint(service, boundary, firewall.subnet, snapshot)?.isAdmitted.may;
  });
}

/**
 * An appliance of which nothing is known may send packets on from any subnet of the network that its machines are in: "The subnet a VM is
 * connected to can be changed […]. You can't change the virtual network."
 * https://learn.microsoft.com/azure/virtual-network/network-overview#network-interfaces
 */
function mayStandInAdmitted(address: IpSet | undefined, { subnets }: Boundary, snapshot: Snapshot): boolean {
  return subnets.doors.some(({ admits, subnet }) => {
    const space = factAt(subnet?.parent, "network", snapshot)?.addressSpace;
    const isElsewhere = space?.kind === "known" && address && !space.value.some((range) => range.overlaps(address));
    return admits.may && !isElsewhere;
  });
}
