import { serviceOfType } from "../catalog/index.ts";
import { endpointsOf } from "../catalog/service-endpoints.ts";
import { type Evidence, notThere } from "../model/evidence.ts";
import type { FirewallSettings, ServiceFact, SubnetFact, VirtualNetworkRule } from "../model/fact.ts";
import { allOf, certainly, not, perhaps, type Truth } from "../model/must-may.ts";
import type { ResourceId } from "../model/resource-id.ts";
import { evidenceOf, isSetTo, type Setting } from "../model/setting.ts";
import type { Found, Snapshot } from "../model/snapshot.ts";
import type { JudgedList } from "./access-lists.ts";
import { type EndpointPath, endpointPath } from "./endpoint-path.ts";
import { whyUnread } from "./unread.ts";

/** One network rule joined with the subnet that it names. */
export interface SubnetDoor {
  /** Undefined where the rule names nothing that can be understood. */
  readonly subnet: ResourceId | undefined;
  readonly rule: Evidence;
  readonly exists: Truth;
  /** The subnet has a service endpoint for this service, without which the rule never matches. */
  readonly hasEndpoint: Truth;
  /** The firewall lets network rules count at all. */
  readonly isOn: Truth;
  /** The rule is not on the way to another state. */
  readonly isSettled: Truth;
  /** The rule's own state is Failed or NetworkSourceDeleted. */
  readonly isBroken: Truth;
  /** The way over the service endpoint; undefined where the subnet was not read. */
  readonly path: EndpointPath | undefined;
  /** Clients of the subnet get in by this rule: security groups and routes let them, too. */
  readonly admits: Truth;
}

export interface SubnetDoors {
  readonly doors: readonly SubnetDoor[];
  /** Why there may be more network rules than these. */
  readonly because: readonly string[];
  /** Rules for addresses are none for clients who come over a service endpoint: `admits` is all there is to say. */
  readonly areAddressesApart: boolean;
  /** Whether the firewall lets clients of a subnet in who come over a service endpoint, named by a rule or not. */
  admits(subnet: ResourceId): Truth;
}

/** The network rules of a service, each with whether it counts at all. */
export interface NetworkRules {
  readonly rules: readonly { readonly rule: VirtualNetworkRule; readonly isOn: Truth }[];
  /** Why there may be more of them. */
  readonly because: readonly string[];
}

export function subnetDoorsOf(
  service: ServiceFact,
  { rules, because }: NetworkRules,
  snapshot: Snapshot,
  others: Truth | SubnetDoors["admits"],
): SubnetDoors {
  const doors = rules.map(({ rule, isOn }) => subnetDoor(service, rule, isOn, snapshot));
  const isOfLists = typeof others === "function"; // which say of each rule whether it is for them
  return { doors, because, areAddressesApart: isOfLists, admits: isOfLists ? others : () => others };
}

/** `gate` says whether the service's own firewall lets public callers try at all. */
export function networkRulesOf(
  service: ServiceFact,
  settings: FirewallSettings,
  snapshot: Snapshot,
  gate: Truth,
): NetworkRules {
  const { rules, because } = readRules(service, settings, snapshot);
  const isOn = allOf([gate, isSetTo(settings.holder, settings.areVirtualNetworkRulesOn, true)]);
  return { rules: rules.map((rule) => ({ rule, isOn })), because };
}

const stateless: Setting<undefined> = { kind: "known", value: undefined, pointer: "", raw: undefined };

/** A rule counts where no other one in its list decides before it. */
export function networkRulesIn(lists: readonly JudgedList[], gate: Truth): NetworkRules {
  const all = lists.flatMap((list) =>
    list.subnetRules.map(({ at, subnet }) => {
      const admits =
        subnet === undefined
          ? perhaps([`\`${at.pointer}\` of \`${at.resource.text}\` names no subnet`], [at])
          : list.admitsSubnet(subnet);
      return { rule: { at, subnet, state: stateless }, isOn: allOf([gate, admits]) };
    }),
  );
  const byPlace = new Map(all.map((one) => [one.rule.at.pointer, one]));
  return { rules: [...byPlace.values()], because: [...new Set(lists.flatMap(({ unread }) => unread))] };
}

function readRules(service: ServiceFact, { virtualNetworkRules }: FirewallSettings, snapshot: Snapshot) {
  const source = serviceOfType(service.id.type)?.virtualNetworkRules;
  if (source?.in !== "child") {
    if (virtualNetworkRules.kind === "unknown") return { rules: [], because: [virtualNetworkRules.because] };
    return { rules: virtualNetworkRules.value, because: [] };
  }
  const { facts, completeness } = snapshot.list(service.id, `${service.id.type}/${source.type}`);
  const rules = facts.flatMap((fact) => (fact.kind === "virtualNetworkRule" ? [fact.rule] : []));
  if (completeness.kind === "complete") return { rules, because: [] };
  return { rules, because: [whyUnread(completeness, "the list of network rules")] };
}

function subnetDoor(
  service: ServiceFact,
  { at: rule, subnet, state }: VirtualNetworkRule,
  gate: Truth,
  snapshot: Snapshot,
): SubnetDoor {
  const found = subnet === undefined ? undefined : snapshot.get(subnet);
  const isProven = state.kind === "known" && state.value === "working" && found?.kind === "unreadable";
  const exists = isProven
    ? certainly(true, [rule, ...evidenceOf(rule.resource, state)])
    : existence(subnet, found, rule);
  const hasEndpoint = endpointTruth(service, subnet, found, rule);
  const isBroken = isSetTo(rule.resource, state, "broken");
  const settled = isSettled(rule.resource, state);
  const own = allOf([gate, exists, hasEndpoint, not(isBroken), settled]);
  const path =
    own.may && found?.kind === "fact" && found.fact.kind === "subnet"
      ? endpointPath(service, found.fact, snapshot)
      : undefined;
  const admits = path === undefined ? own : allOf([own, getsThere(path)]);
  return { subnet, rule, exists, hasEndpoint, isOn: gate, isBroken, isSettled: settled, path, admits };
}

/** At least from one address. */
function getsThere({ isCertain, may, because, denials }: EndpointPath): Truth {
  if (isCertain) return certainly(true);
  return may.isEmpty ? certainly(false, denials) : perhaps(because, denials);
}

function isSettled(resource: ResourceId, state: VirtualNetworkRule["state"]): Truth {
  const isChanging = isSetTo(resource, state, "changing");
  return isChanging.must ? perhaps(["the network rule is still being set up or taken down"]) : not(isChanging);
}

function existence(subnet: ResourceId | undefined, found: Found | undefined, rule: Evidence): Truth {
  switch (found?.kind) {
    case undefined:
      return perhaps(
        [`\`${rule.pointer}\` of \`${rule.resource.text}\` names no subnet that can be understood`],
        [rule],
      );
    case "fact":
      return certainly(true, [rule]);
    case "absent":
      return certainly(false, subnet === undefined ? [rule] : [rule, notThere(subnet)]);
    case "unreadable":
      return perhaps([found.because], [rule]);
    case "notRead":
      return perhaps([`\`${String(rule.value)}\` was not read yet`], [rule]);
  }
}

function endpointTruth(
  service: ServiceFact,
  subnet: ResourceId | undefined,
  found: Found | undefined,
  rule: Evidence,
): Truth {
  if (found?.kind === "absent") return certainly(false, [rule]);
  if (found?.kind !== "fact" || found.fact.kind !== "subnet") {
    const { because, evidence } = existence(subnet, found, rule);
    return perhaps(because, evidence);
  }
  return hasServiceEndpoint(service, found.fact);
}

function hasServiceEndpoint(service: ServiceFact, subnet: SubnetFact): Truth {
  const endpoints = subnet.serviceEndpoints;
  if (endpoints.kind === "unknown") return perhaps([endpoints.because], evidenceOf(subnet.id, endpoints));
  const wanted = endpointsOf(service.id.type);
  const matching = endpoints.value.filter((one) => one.service !== undefined && wanted.includes(one.service));
  const at = matching.map(({ pointer, raw }) => ({ resource: subnet.id, pointer, value: raw }));
  if (matching.some((endpoint) => endpoint.isReady)) return certainly(true, at);
  const evidence = evidenceOf(subnet.id, endpoints);
  if (endpoints.value.some((endpoint) => endpoint.service === undefined)) {
    return perhaps([`an entry of \`${endpoints.pointer}\` of \`${subnet.id.text}\` cannot be understood`], evidence);
  }
  if (matching.length === 0) return certainly(false, evidence);
  return perhaps([`the service endpoint of \`${subnet.id.text}\` is not in the state Succeeded`], at);
}
