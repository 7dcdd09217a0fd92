import type { ServiceFact, SubnetFact } from "../model/fact.ts";
import { ResourceId } from "../model/resource-id.ts";
import { factAt, type Snapshot } from "../model/snapshot.ts";
import { IpSet } from "../net/ip-set.ts";
import type { Boundary } from "./boundary.ts";
import { endpointPath } from "./endpoint-path.ts";
import { isAdmittedAhead } from "./firewall-endpoint.ts";
import { elsewhere, internetWays } from "./internet-ways.ts";
import { admittedOverEndpoint } from "./over-endpoint.ts";
import type { Way } from "./service-reach.ts";
import type { SubnetDoor } from "./subnet-doors.ts";
import { openWitness, subnetWitness } from "./witnesses.ts";

/** Several rules can name one subnet, of which one that lets it in is enough. */
export function doorWays(
  service: ServiceFact,
  boundary: Boundary,
  doors: readonly SubnetDoor[],
  snapshot: Snapshot,
  asked?: IpSet,
): readonly Way[] {
  const bySubnet = Map.groupBy(doors, ({ subnet }) => subnet?.key ?? {});
  return [...bySubnet.values()].flatMap((some) => {
    const ways = some.map((door) => subnetWay(service, boundary, door, snapshot, asked));
    const best = ways.find(({ must }) => !must.isEmpty) ?? ways.find(({ may }) => !may.isEmpty) ?? ways[0];
    return best === undefined ? [] : [best];
  });
}

/** Whom a network rule does not let in for certain, the service may let in over the same service endpoint as it does everybody. */
export function orAsEverybody(way: Way, service: ServiceFact, boundary: Boundary, snapshot: Snapshot): readonly Way[] {
  const from = way.from instanceof ResourceId ? factAt(way.from, "subnet", snapshot) : undefined;
  if (from === undefined || (!way.may.isEmpty && way.must.equals(way.may))) return [way];
  const open = openDoor(service, boundary, from, snapshot, IpSet.all, [way]).filter(isOverEndpoint);
  return isOutdone(way, open) ? open : [way];
}

/** Another says as much of the same callers over the same service endpoint. */
export function isOutdone({ must, may }: Way, others: readonly Way[]): boolean {
  return others.some((other) => isOverEndpoint(other) && must.isSubsetOf(other.must) && may.isSubsetOf(other.may));
}

function isOverEndpoint({ kind, by, may }: Way): boolean {
  return kind === "subnet" && by === undefined && !may.isEmpty;
}

export function subnetWay(
  service: ServiceFact,
  boundary: Boundary,
  door: SubnetDoor,
  snapshot: Snapshot,
  asked = IpSet.all,
): Way {
  const { admits, path, subnet, rule } = door;
  const witness = subnetWitness(service, boundary, door, snapshot, asked);
  const may = admits.may ? (path?.may ?? IpSet.all).intersect(asked) : IpSet.empty;
  const must = admits.must ? (path?.must ?? IpSet.empty).intersect(asked) : IpSet.empty;
  const because = must.equals(may) ? [] : [...new Set([...admits.because, ...(path?.because ?? [])])];
  const way: Way = { kind: "subnet", from: subnet ?? String(rule.value), must, may, because };
  return witness === undefined ? way : { ...way, witness };
}

/** No rule for addresses lets anybody in, and some would, were it not for the region of whom they name. */
function isForOwnRegion({ addresses, publicAccess, ipRules: { rules, unmatched } }: Boundary): boolean {
  if (!addresses.may.isEmpty || !publicAccess.may) return false;
  return rules.some(({ may }) => may.overlaps(unmatched.addresses));
}

const unknownRoute = "whether its packets go over the service endpoint is not known";

/**
 * From a subnet that no network rule lets in: where everybody gets in, so does this subnet, over its endpoint if it has one; where
 * some addresses do, it may. Over the endpoint it comes with a private address, for which rules for public ones are none:
 * https://learn.microsoft.com/azure/virtual-network/virtual-network-service-endpoints-overview#considerations
 */
export function openDoor(
  service: ServiceFact,
  boundary: Boundary,
  from: SubnetFact,
  snapshot: Snapshot,
  asked: IpSet,
  told: readonly Way[],
): readonly Way[] {
  const { addresses, azure } = boundary;
  const isAdmitted = admittedOverEndpoint(boundary, from);
  const isNobodyNamed = addresses.may.isEmpty && !azure.may && !isAdmitted.may;
  const isNobodyAdmitted = isNobodyNamed && !isAdmittedAhead(service, boundary, from, snapshot);
  if (isNobodyAdmitted && !isForOwnRegion(boundary)) return [];
  const path = endpointPath(service, from, snapshot);
  const all = path.space.intersect(path.filter().may).intersect(asked);
  const [must, may] = [path.must.intersect(asked), path.may.intersect(asked)];
  const overInternet = (callers: IpSet) => internetWays(service, boundary, from, path, callers, snapshot);
  if (path.isRouted === "stops") return overInternet(asked).filter((way) => !isNobodyAdmitted || way.may.isEmpty);
  if (isNobodyAdmitted) return [];
  if (all.isEmpty && told.length > 0) return []; // what lets nobody out was told
  if (all.isEmpty) return overInternet(asked);
  if (path.isRouted === "unknown")
    return [elsewhere(from, all, path.because.length > 0 ? path.because : [unknownRoute])];
  const others = path.policies.may ? all.minus(may) : IpSet.empty; // whom a policy refuses does not go another way
  const rest = others.isEmpty ? [] : overInternet(others);
  const admitted = { must: isAdmitted.must ? must : IpSet.empty, may: isAdmitted.may ? may : IpSet.empty };
  const because = admitted.must.equals(admitted.may) ? [] : [...new Set([...isAdmitted.because, ...path.because])];
  const isNamed = boundary.subnets.doors.some(({ subnet }) => subnet?.key === from.id.key);
  const way: Way = { kind: "subnet", from: from.id, ...(isNamed ? {} : { isUnnamed: true }), ...admitted, because };
  if (told.length > 0 && (!isAdmitted.may || isOutdone(way, told))) return rest;
  return [{ ...way, witness: openWitness(service, boundary, from, isAdmitted, snapshot, asked) }, ...rest];
}
