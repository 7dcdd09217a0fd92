import { serviceOfType } from "../catalog/index.ts";
import type { ServiceFact } from "../model/fact.ts";
import type { Finding } from "../model/finding.ts";
import type { Policy } from "../model/policy.ts";
import type { ResourceId } from "../model/resource-id.ts";
import { IpSet } from "../net/ip-set.ts";
import { boundaryOf } from "../reach/boundary.ts";
import { type Reach, reachByPart } from "../reach/reach.ts";
import { type AuditedEstate, findingsOf } from "./estate.ts";

/** What else is different afterwards. */
export interface Consequences {
  readonly goes: readonly Finding[];
  readonly comes: readonly Finding[];
  /** As they are afterwards: what failed can no longer be told, or the other way round. */
  readonly turns: readonly Finding[];
  /** For each service that somebody reaches no longer, or that more reach than before. */
  readonly access: readonly AccessChange[];
}

export interface AccessChange {
  readonly service: ResourceId;
  /** "SCM site": where other addresses come or go at one part of the service than at another. */
  readonly part?: string;
  readonly from: Reach["widest"];
  readonly to: Reach["widest"];
  /** Those that lost access although the policy, or the service's own list, wants them to have it. */
  readonly wanted: readonly Caller[];
  /** Others that lost access. */
  readonly lost: readonly Caller[];
  readonly gained: readonly Caller[];
}

export type Caller =
  | {
      readonly kind: "addresses";
      readonly addresses: IpSet /** Why the policy wants them in. */;
      readonly because?: string;
    }
  | { readonly kind: "subnet" | "privateEndpoint"; readonly id: ResourceId }
  | { readonly kind: "exception"; readonly name: string };

export function consequencesOf(before: AuditedEstate, after: AuditedEstate): Consequences {
  const [old, now] = [byId(findingsOf(before)), byId(findingsOf(after))];
  return {
    goes: [...old.values()].filter(({ id }) => !now.has(id)).sort(byFindingId),
    comes: [...now.values()].filter(({ id }) => !old.has(id)).sort(byFindingId),
    turns: [...now.values()].filter(({ id, status }) => (old.get(id)?.status ?? status) !== status).sort(byFindingId),
    access: accessChanges(before, after),
  };
}

function byId(findings: readonly Finding[]): ReadonlyMap<string, Finding> {
  return new Map(findings.map((finding) => [finding.id, finding]));
}

function byFindingId(a: Finding, b: Finding): number {
  return a.id < b.id ? -1 : Number(a.id > b.id);
}

function accessChanges(before: AuditedEstate, after: AuditedEstate): readonly AccessChange[] {
  const evaluationsAfter = new Map(after.evaluations.map((one) => [one.subject.id.key, one]));
  const { policy } = before.expectations;
  const changes = before.evaluations.flatMap(({ subject, reach }): readonly AccessChange[] => {
    const now = evaluationsAfter.get(subject.id.key);
    if (reach === undefined || now?.reach === undefined || subject.kind !== "service") return [];
    const change = accessChange(subject, reach, now.reach, policy);
    const parts = now.subject.kind === "service" ? partChanges(subject, now.subject, before, after) : [];
    return parts.length === 0 ? [change] : [ofCallers(change, isNamed), ...parts];
  });
  return changes
    .filter(({ from, to, wanted, lost, gained }) => from !== to || wanted.length + lost.length + gained.length > 0)
    .sort((a, b) => (a.service.key < b.service.key ? -1 : 1));
}

function accessChange(service: ServiceFact, reach: Reach, now: Reach, policy: Policy): AccessChange {
  const lost = reach.addresses.minus(now.addresses);
  const gone = callersLeft(reach, now);
  // Whoever comes as anybody does not get in for the first time by an exception or a network rule.
  const come = reach.atLeast === "internet" ? [] : callersLeft(now, reach);
  return {
    service: service.id,
    from: reach.widest,
    to: now.widest,
    wanted: [
      ...policy
        .publicSitesThatNeed(service)
        .flatMap((site) => addressesIn(lost.intersect(site.natAddresses), `site ${site.name}`)),
      ...addressesIn(lost.intersect(policy.approvedAddresses ?? IpSet.empty), "approvedAddresses"),
      ...gone.filter((caller) => isWanted(caller, service.id, policy)),
    ],
    lost: [
      ...addressesIn(lost.minus(policy.wantedAt(service))),
      ...gone.filter((caller) => !isWanted(caller, service.id, policy)),
    ],
    gained: [...addressesIn(now.addresses.minus(reach.addresses)), ...come],
  };
}

/** The addresses that come and go at each part of a service; nothing where it is all one, or all its parts are alike. */
function partChanges(
  service: ServiceFact,
  now: ServiceFact,
  before: AuditedEstate,
  after: AuditedEstate,
): readonly AccessChange[] {
  if (serviceOfType(service.id.type)?.accessLists === undefined) return [];
  const { policy } = before.expectations;
  const reach = reachByPart(boundaryOf(service, before.snapshot), policy);
  const reachAfter = reachByPart(boundaryOf(now, after.snapshot), policy);
  if (areAlike(reach) && areAlike(reachAfter)) return [];
  return [...reach].flatMap(([part, one]) => {
    const other = reachAfter.get(part);
    if (part === undefined || other === undefined) return [];
    return [{ ...ofCallers(accessChange(service, one, other, policy), isAddressed), part }];
  });
}

function areAlike(parts: ReadonlyMap<unknown, Reach>): boolean {
  const [first, ...others] = [...parts.values()];
  return first === undefined || others.every(({ addresses }) => addresses.equals(first.addresses));
}

function ofCallers(change: AccessChange, isMeant: (caller: Caller) => boolean): AccessChange {
  const { wanted, lost, gained } = change;
  return {
    ...change,
    wanted: wanted.filter(isMeant),
    lost: lost.filter(isMeant),
    gained: gained.filter(isMeant),
  };
}

function isAddressed({ kind }: Caller): boolean {
  return kind === "addresses";
}

function isNamed(caller: Caller): boolean {
  return !isAddressed(caller);
}

function addressesIn(addresses: IpSet, because?: string): readonly Caller[] {
  if (addresses.isEmpty) return [];
  return [because === undefined ? { kind: "addresses", addresses } : { kind: "addresses", addresses, because }];
}

/** Who is in `reach` and not in `other`, addresses aside. */
function callersLeft(reach: Reach, other: Reach): readonly Caller[] {
  const without = (ids: readonly ResourceId[], others: readonly ResourceId[]) => {
    const keys = new Set(others.map(({ key }) => key));
    return ids.filter(({ key }) => !keys.has(key));
  };
  return [
    ...without(reach.subnets, other.subnets).map((id): Caller => ({ kind: "subnet", id })),
    ...without(reach.privateEndpoints, other.privateEndpoints).map((id): Caller => ({ kind: "privateEndpoint", id })),
    ...reach.exceptions
      .filter((name) => !other.exceptions.includes(name))
      .map((name): Caller => ({ kind: "exception", name })),
  ];
}

/** A subnet that the service's own network rules list, and an approved private endpoint, are there on purpose. */
function isWanted(caller: Caller, service: ResourceId, policy: Policy): boolean {
  return caller.kind === "exception" ? policy.approvesException(service, caller.name) : caller.kind !== "addresses";
}
