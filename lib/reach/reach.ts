import { type Door, doors } from "../model/door.ts";
import { anyOf, certainly, perhaps, reasonsOfAll, type Truth } from "../model/must-may.ts";
import type { Policy } from "../model/policy.ts";
import type { ResourceId } from "../model/resource-id.ts";
import { IpSet } from "../net/ip-set.ts";
import { unroutable, withoutUnroutable } from "../net/special-ranges.ts";
import type { Boundary } from "./boundary.ts";
import type { Front } from "./fronts.ts";
import { isOpenToInternet } from "./internet.ts";

/** Who can reach a service, as far as its boundary says. */
export interface Reach {
  /** The widest door that stands open. */
  readonly widest: Door | "unknown";
  readonly atLeast: Door;
  readonly atMost: Door;
  /** Why `atLeast` and `atMost` differ. */
  readonly because: readonly string[];
  /** Where the widest door leads to some parts of the service only: which ones, "SCM site". */
  readonly parts: readonly string[];
  /** The addresses that are certainly admitted, private ranges and the like aside: no caller has them. */
  readonly addresses: IpSet;
  /** The service answers over IPv6 as well, or may. */
  readonly hasIpv6: boolean;
  /** The subnets that certainly get in over a service endpoint. */
  readonly subnets: readonly ResourceId[];
  readonly privateEndpoints: readonly ResourceId[];
  /** Callers that get in whatever their address: "AzureServices", a resource id. */
  readonly exceptions: readonly string[];
  readonly assumptions: readonly string[];
}

export function reachOf(boundary: Boundary, { nearlyInternet }: Policy): Reach {
  const { addresses, families, subnets, privateEndpoints, exceptions, assumptions } = boundary;
  const { widest, atLeast, atMost, because } = widestDoor(openDoors(boundary, nearlyInternet));
  const certain = exceptions.filter(({ isInForce }) => isInForce.must);
  return {
    widest,
    atLeast,
    atMost,
    because: orNone(because),
    parts: partsBehind(widest, boundary, nearlyInternet),
    addresses: withoutUnroutable(addresses.must),
    hasIpv6: families.may.overlaps(IpSet.ipv6),
    subnets: orNone(subnets.doors.flatMap(({ subnet, admits }) => (admits.must ? (subnet ?? []) : []))),
    privateEndpoints: orNone(
      privateEndpoints.doors.flatMap((door) => (door.isOpen.must ? (door.privateEndpoint ?? []) : [])),
    ),
    exceptions: orNone(certain.flatMap(({ name }) => name ?? [])),
    assumptions: orNone(assumptions),
  };
}

/** Of the lists of all services, which are kept, most are empty: those are one. */
function orNone<T>(list: readonly T[]): readonly T[] {
  return list.length === 0 ? none : list;
}

const none: readonly never[] = [];

/** Who can reach each part of a service, by the part's name; the whole of it, where it has none. */
export function reachByPart(boundary: Boundary, policy: Policy): ReadonlyMap<string | undefined, Reach> {
  const reachAt = (front: Front) => reachOf({ ...boundary, ...front, fronts: [front] }, policy);
  return new Map(boundary.fronts.map((front) => [front.name, reachAt(front)]));
}

function widestDoor(open: Readonly<Record<Door, Truth>>) {
  const atLeast = doors.find((door) => open[door].must) ?? "nobody";
  const atMost = doors.find((door) => open[door].may) ?? "nobody";
  const wider = doors.slice(doors.indexOf(atMost), doors.indexOf(atLeast)).map((door) => open[door]);
  return { widest: atLeast === atMost ? atLeast : "unknown", atLeast, atMost, because: reasonsOfAll(wider) } as const;
}

/** None where it leads to all of them, or where that is not known. */
function partsBehind(door: Reach["widest"], { fronts }: Boundary, nearlyInternet: number): readonly string[] {
  if (door !== "internet" && door !== "azure") return none;
  const leads = fronts.map((front) => (door === "internet" ? isOpenToInternet(front, nearlyInternet) : front.azure));
  if (leads.some(({ must, may }) => must !== may) || leads.every(({ must }) => must)) return none;
  return fronts.flatMap(({ name }, index) => (leads[index]?.must === true ? (name ?? []) : []));
}

function openDoors(boundary: Boundary, nearlyInternet: number): Readonly<Record<Door, Truth>> {
  const { subnets, privateEndpoints } = boundary;
  return {
    internet: isOpenToInternet(boundary, nearlyInternet),
    azure: boundary.azure,
    addresses: listedAddresses(boundary),
    subnets: anyOf([
      ...subnets.doors.map((door) => door.admits),
      ...(boundary.publicAccess.may ? subnets.because.map((because) => perhaps([because])) : []),
    ]),
    private: anyOf([privateEndpoints.isAnyOpen, boundary.entranceInNetwork]),
    nobody: certainly(true),
  };
}

/** Addresses that no packet on the internet can come from admit nobody. */
function listedAddresses({ addresses }: Boundary): Truth {
  if (!addresses.must.minus(unroutable).isEmpty) return certainly(true);
  return addresses.may.minus(unroutable).isEmpty ? certainly(false) : perhaps(addresses.because);
}
