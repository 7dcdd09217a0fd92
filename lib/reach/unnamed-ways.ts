import { endpointsOf } from "../catalog/service-endpoints.ts";
import type { ServiceFact, SubnetFact } from "../model/fact.ts";
import type { Snapshot } from "../model/snapshot.ts";
import { IpSet } from "../net/ip-set.ts";
import type { Boundary } from "./boundary.ts";
import { endpointPath } from "./endpoint-path.ts";
import { ownEndpoint } from "./firewall-endpoint.ts";
import { admittedOverEndpoint } from "./over-endpoint.ts";
import type { Way } from "./service-reach.ts";
import { publicSpace } from "./spaces.ts";
import { openDoor } from "./subnet-ways.ts";
import { subnetsBehind, subnetsBehindFirewalls } from "./subnets-behind.ts";

/**
 * From subnets that come in though no network rule names them: over a service endpoint, their own or that of an Azure Firewall's subnet,
 * and with public addresses of their own that a part lists. Where everybody gets in, that says it, and where everybody may, these are the ones of which more is known.
 */
export function unnamedWays(service: ServiceFact, boundary: Boundary, snapshot: Snapshot): readonly Way[] {
  return [
    ...overEndpoints(service, boundary, snapshot),
    ...behindAddresses(service, boundary, snapshot),
    ...behindFirewalls(service, boundary, snapshot),
  ];
}

function overEndpoints(service: ServiceFact, boundary: Boundary, snapshot: Snapshot): readonly Way[] {
  const { everybody, subnets } = boundary;
  if (everybody.must) return [];
  const named = new Set(subnets.doors.map(({ subnet }) => subnet?.key)); // of these the rules tell
  const mayComeIn = (subnet: SubnetFact) => {
    const { must, may } = admittedOverEndpoint(boundary, subnet);
    return everybody.may ? must : may;
  };
  return subnetsWithEndpoint(service, snapshot)
    .filter((from) => !named.has(from.id.key) && mayComeIn(from))
    .filter((from) => endpointPath(service, from, snapshot).isRouted !== "stops")
    .flatMap((from) => openDoor(service, boundary, from, snapshot, IpSet.all, []))
    .filter(({ kind, by, may }) => kind === "subnet" && by === undefined && !may.isEmpty);
}

/** Over a service endpoint of the subnet that an Azure Firewall stands in. */
function behindFirewalls(service: ServiceFact, boundary: Boundary, snapshot: Snapshot): readonly Way[] {
  const { everybody } = boundary;
  if (everybody.must) return [];
  return subnetsBehindFirewalls(snapshot)
    .filter(({ subnet }) => {
      const isAdmitted = ownEndpoint(service, boundary, subnet, snapshot)?.isAdmitted;
      return everybody.may ? isAdmitted?.must : isAdmitted?.may;
    })
    .flatMap(({ from }) => from)
    .flatMap((from) => openDoor(service, boundary, from, snapshot, IpSet.all, []))
    .filter(({ kind, by, may }) => kind === "subnet" && by !== undefined && !may.isEmpty);
}

/** Those that may have a service endpoint for it. */
function subnetsWithEndpoint({ id }: ServiceFact, snapshot: Snapshot): readonly SubnetFact[] {
  const byEndpoint = snapshot.once("subnets by their service endpoints", () => {
    const all = snapshot.ofKind("subnet").flatMap((subnet) => endpointsIn(subnet).map((name) => ({ name, subnet })));
    return Map.groupBy(all, ({ name }) => name);
  });
  const found = [undefined, ...endpointsOf(id.type)].flatMap((name) => byEndpoint.get(name) ?? []);
  return [...new Set(found.map(({ subnet }) => subnet))];
}

/** Undefined among them for one that is not known. */
function endpointsIn({ serviceEndpoints: list }: SubnetFact): readonly (string | undefined)[] {
  return list.kind === "unknown" ? [undefined] : [...new Set(list.value.map(({ service }) => service))];
}

function behindAddresses(service: ServiceFact, boundary: Boundary, snapshot: Snapshot): readonly Way[] {
  const listed = boundary.fronts.map(({ everybody, addresses }) => {
    if (everybody.must) return IpSet.empty;
    return everybody.may ? addresses.must : addresses.may;
  });
  const all = IpSet.union([...listed, inAzure(boundary, snapshot)]);
  return subnetsBehind(all, snapshot)
    .flatMap((from) => openDoor(service, boundary, from, snapshot, IpSet.all, []))
    .filter(({ kind, as, may }) => kind === "internet" && as !== undefined && !may.isEmpty);
}

/** Those of all workloads in Azure, where a rule is for them. */
function inAzure({ azureAddresses, everybody }: Boundary, { serviceTags }: Snapshot): IpSet {
  if (!azureAddresses.may || everybody.may) return IpSet.empty;
  return (serviceTags.addressesOf("AzureCloud") ?? publicSpace).intersect(IpSet.ipv4);
}
