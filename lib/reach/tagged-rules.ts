import { isBroadTag, isKeptByAzure, requiredTags } from "../catalog/regional-tags.ts";
import type { AzureFirewallFact, FirewallPolicyFact, NetworkRule } from "../model/azure-firewall-fact.ts";
import type { Evidence } from "../model/evidence.ts";
import type { PortTerm, SecurityGroupFact, SecurityRule, SubnetFact } from "../model/fact.ts";
import { fold } from "../model/resource-id.ts";
import type { Snapshot } from "../model/snapshot.ts";
import { IpSet } from "../net/ip-set.ts";
import { ofKind, rulesInForce } from "./firewall-policies.ts";
import { placedIn } from "./placed-services.ts";
import { tenantsOf } from "./subnet-tenants.ts";

/** A rule that allows what a service tag holds. */
export interface TaggedRule {
  readonly at: Evidence;
  readonly name: string;
  /** As the rule spells it. */
  readonly tag: string;
  readonly direction: "inbound" | "outbound";
  readonly ports: PortTerm;
}

export interface TaggedRules {
  readonly rules: readonly TaggedRule[];
  /** Why there may be others. */
  readonly because: readonly string[];
}

const none: TaggedRules = { rules: [], because: [] };

/** Those of a network security group: by the destinations of outbound rules and the sources of inbound ones. */
export function taggedRulesOfGroup(group: SecurityGroupFact, snapshot: Snapshot): TaggedRules {
  if (!group.tagNames.some(isBroadTag)) return none;
  const required = tagsRequiredIn(group, snapshot);
  const lists = (["outbound", "inbound"] as const).map((direction): TaggedRules => {
    const { [direction]: list } = group;
    if (list.kind === "unknown") return { rules: [], because: [list.because] };
    const side = direction === "outbound" ? "destinations" : "sources";
    const relevant = list.value.filter((rule) => rule.access === "deny" || rule[side].tags.length > 0);
    const rules = taggedIn(relevant.map(filterOf), side, direction);
    return { rules: rules.filter(({ name, tag }) => !isKeptByAzure(name) && !required.has(fold(tag))), because: [] };
  });
  return { rules: lists.flatMap(({ rules }) => rules), because: lists.flatMap(({ because }) => because) };
}

/** Those of a firewall, or of a policy without what it inherits; tags can be destinations only. */
export function taggedRulesOfFirewall(
  firewall: AzureFirewallFact | FirewallPolicyFact,
  snapshot: Snapshot,
): TaggedRules {
  const { inherited, own, because } = rulesInForce(firewall, snapshot);
  const all = ofKind("network", [...inherited, ...own]).map(filterOfNetworkRule);
  const ownRules = new Set(own.map(({ at }) => at));
  return { rules: taggedIn(all, "destinations", "outbound").filter(({ at }) => ownRules.has(at)), because };
}

/** Folded names of tags that a service in one of the group's subnets needs as they are. */
export function tagsRequiredIn(group: SecurityGroupFact, snapshot: Snapshot): ReadonlySet<string> {
  const subnets = snapshot.naming(group.id).filter((fact): fact is SubnetFact => fact.kind === "subnet");
  const tenants = new Set(
    subnets.flatMap((subnet) => [
      fold(subnet.id.name),
      ...tenantsOf(subnet, snapshot).flatMap(({ serviceNames }) => serviceNames),
      ...placedIn(subnet, snapshot).map(({ id }) => id.type),
    ]),
  );
  return new Set(requiredTags.flatMap(({ subnet, tags }) => (tenants.has(subnet) ? tags : [])));
}

/** What a rule of either kind says, as far as it is looked at here. */
interface Filter {
  readonly at: Evidence;
  readonly name: string;
  readonly access: "allow" | "deny";
  readonly protocols: readonly string[];
  readonly sources: Side;
  readonly destinations: Side;
  readonly ports: PortTerm;
}

interface Side {
  readonly must: IpSet;
  readonly may: IpSet;
  readonly tags: readonly string[];
  /** Keys of application security groups, or of IP groups. */
  readonly groups: readonly string[];
}

const noGroups: readonly never[] = [];

function filterOf({
  at,
  name,
  access,
  protocol,
  sources,
  destinations,
  destinationPorts: ports,
}: SecurityRule): Filter {
  const sideOf = ({ must, may, tags, applicationSecurityGroups }: SecurityRule["sources"]): Side => ({
    must,
    may,
    tags,
    groups: applicationSecurityGroups.length === 0 ? noGroups : applicationSecurityGroups.map(({ key }) => key),
  });
  return {
    at,
    name,
    access,
    protocols: [protocol],
    sources: sideOf(sources),
    destinations: sideOf(destinations),
    ports,
  };
}

function filterOfNetworkRule(rule: NetworkRule): Filter {
  const sideOf = ({ ipGroups, ...side }: NetworkRule["sources"]): Side => ({
    ...side,
    groups: ipGroups.map(({ key }) => key),
  });
  const { at, name, access, protocols, sources, destinations, destinationPorts: ports } = rule;
  return { at, name, access, protocols, sources: sideOf(sources), destinations: sideOf(destinations), ports };
}

/** Without what a rule before denies altogether. */
function taggedIn(
  filters: readonly Filter[],
  side: "sources" | "destinations",
  direction: TaggedRule["direction"],
): readonly TaggedRule[] {
  const denials: Filter[] = [];
  const tagged: TaggedRule[] = [];
  for (const filter of filters) {
    if (filter.access === "deny") {
      denials.push(filter);
      continue;
    }
    const { at, name, ports } = filter;
    const tags = filter[side].tags.filter((tag) => !denials.some((denial) => hides(denial, filter, side, tag)));
    tagged.push(...tags.map((tag) => ({ at, name, tag, direction, ports })));
  }
  return tagged;
}

/** `Internet` holds the addresses of all other tags, Azure's own included. */
function hides(denial: Filter, filter: Filter, side: "sources" | "destinations", tag: string): boolean {
  if (!filter.ports.may.isSubsetOf(denial.ports.must)) return false; // as nearly always
  const other = side === "sources" ? "destinations" : "sources";
  return isForProtocolsOf(denial, filter) && isForTag(denial[side], tag) && isWithin(filter[other], denial[other]);
}

function isForProtocolsOf(denial: Filter, { protocols }: Filter): boolean {
  return denial.protocols.includes("any") || protocols.every((one) => denial.protocols.includes(one));
}

function isForTag(denied: Side, tag: string): boolean {
  return isEverybody(denied) || denied.tags.some((one) => [fold(tag), "internet"].includes(fold(one)));
}

function isEverybody({ must }: Side): boolean {
  return IpSet.ipv4.isSubsetOf(must);
}

function isWithin(part: Side, whole: Side): boolean {
  if (isEverybody(whole)) return true;
  const tags = whole.tags.map(fold);
  return (
    part.may.isSubsetOf(whole.must) &&
    part.tags.every((tag) => tags.includes(fold(tag))) &&
    part.groups.every((group) => whole.groups.includes(group))
  );
}
