import { delegatedServices } from "../catalog/delegations.ts";
import { type PlacedRequirement, type Placement, placements } from "../catalog/placements.ts";
import type { SubnetFact, SubnetLink } from "../model/fact.ts";
import { anyOf, perhaps, type Truth } from "../model/must-may.ts";
import { fold } from "../model/resource-id.ts";
import type { Setting } from "../model/setting.ts";
import type { Snapshot } from "../model/snapshot.ts";
import { notApplicable, undetermined, type Verdict } from "../model/verdict.ts";
import { needsOfServices } from "./delegation-needs.ts";
import { unreadBecause } from "./unread.ts";

/** A service that left its trace in the body of a subnet, and that may be in it although nobody saw it. */
export interface UnseenService {
  /** What people call one of them. */
  readonly name: string;
  /** Folded delegations; one of them will do. */
  readonly accepted: readonly string[];
  readonly requirements: readonly PlacedRequirement[];
  /** Never certain: see `perhaps`. */
  readonly isThere: Truth;
}

interface Trace {
  readonly pointer: string;
  readonly raw: unknown;
  /** Folded; undefined where it may be of any service. */
  readonly type: string | undefined;
}

const containerGroups = fold("Microsoft.ContainerInstance/containerGroups");

/**
 * The services that a link or a network profile in the subnet is of, as far as not all services of that kind were read, and
 * none that was is there. A subnet without a trace is taken for empty: the platform makes a link for each service that
 * puts itself into a subnet, and such a service cannot do without (https://github.com/MicrosoftDocs/azure-docs/issues/48902).
 */
export function unseenServicesIn(subnet: SubnetFact, snapshot: Snapshot): readonly UnseenService[] {
  const traces = tracesIn(subnet);
  if (traces.length === 0) return [];
  const seen = new Set(needsOfServices(subnet, snapshot).flatMap(({ serviceNames }) => serviceNames.map(fold)));
  const byNoun = new Map<string, UnseenService>();
  for (const { pointer, raw, type } of traces) {
    const at = { resource: subnet.id, pointer, value: raw };
    for (const placement of placements.filter((one) => mayBeOf(one, type))) {
      const accepted = placement.delegations.map(fold);
      if (byNoun.has(placement.noun) || accepted.some((name) => seen.has(name))) continue;
      const list = snapshot.everywhere(fold(placement.type));
      const because = unreadBecause(list, `the list of all \`${placement.type}\``);
      if (because === undefined) continue;
      const { noun: name, requirements = [] } = placement;
      byNoun.set(name, { name, accepted, requirements, isThere: perhaps([because], [at]) });
    }
  }
  return [...byNoun.values()];
}

/** What can be said of a fault that one of them would be. */
export function undeterminedBy(unseen: readonly UnseenService[]): Verdict {
  const { may, because, evidence } = anyOf(unseen.map(({ isThere }) => isThere));
  return may ? undetermined(because, evidence) : notApplicable;
}

function tracesIn({ serviceAssociationLinks, resourceNavigationLinks, ipConfigurationProfiles }: SubnetFact) {
  const links = [serviceAssociationLinks, resourceNavigationLinks].flatMap(tracesOfLinks);
  return [...links, ...tracesOfProfiles(ipConfigurationProfiles)];
}

function tracesOfLinks(list: Setting<readonly SubnetLink[]>): readonly Trace[] {
  if (list.kind === "unknown") return [];
  return list.value.map(({ pointer, raw, linkedType }) => ({ pointer, raw, type: linkedType }));
}

/** Network profiles are for container groups: https://learn.microsoft.com/azure/container-instances/container-instances-virtual-network-concepts */
function tracesOfProfiles(list: Setting<readonly string[]>): readonly Trace[] {
  if (list.kind === "unknown") return [];
  return list.value.map((raw, index) => ({ pointer: `${list.pointer}/${index}/id`, raw, type: containerGroups }));
}

/** The type of a link is that of the delegation, or of what goes into subnets that have it. */
function mayBeOf({ type, delegations }: Placement, linked: string | undefined): boolean {
  if (delegations.length === 0) return false;
  if (linked === undefined || linked === fold(type)) return true;
  const names = delegations.map(fold);
  const linkedServices = delegatedServices.filter(
    ({ serviceName, consumers }) => fold(serviceName) === linked || consumers.some((one) => fold(one) === linked),
  );
  return linkedServices.some(({ serviceName }) => names.includes(fold(serviceName)));
}
