import type { SecurityAdminRule, SecurityRule, SubnetFact } from "../model/fact.ts";
import { fold, type ResourceId } from "../model/resource-id.ts";
import type { Snapshot } from "../model/snapshot.ts";
import { IpSet } from "../net/ip-set.ts";
import { answer, type Decision, type Filter, type Joining, throughAll } from "./security-rules.ts";
import { everyone, everyPort } from "./security-terms.ts";

/** Where a snapshot keeps the security admin rules that are in force in a network. */
function adminRulesId(network: ResourceId): ResourceId {
  return network.child("effectiveSecurityAdminRules", "current");
}

/** What a network manager has its say with, before the filters of the security groups. */
export interface Manager {
  readonly filters: readonly Filter[];
  /** What passes, given what passes its own filters, which come first, and those of the groups. */
  readonly join: Joining;
}

/**
 * Undefined where no network manager has a say in a subnet, and where nobody recorded whether one does. Deny and AlwaysAllow
 * are final, Allow goes on to the security groups.
 * https://learn.microsoft.com/azure/virtual-network-manager/concept-security-admins
 */
export function managerOf(
  subnet: SubnetFact,
  direction: SecurityRule["direction"],
  snapshot: Snapshot,
): Manager | undefined {
  const network = subnet.id.parent;
  if (network === undefined || exempt.has(fold(subnet.id.name))) return undefined;
  const filters = snapshot.once(`security admin rules ${direction} ${network.key}`, () =>
    filtersIn(network, direction, snapshot),
  );
  if (filters === undefined) return undefined;
  if ("because" in filters) return unknownManager(filters.because);
  return { filters, join: hasGateway(subnet) ? perhaps : managed };
}

/** The same in all subnets of a network: what is not denied, and what is always allowed; or why that is not known. */
function filtersIn(
  network: ResourceId,
  direction: SecurityRule["direction"],
  snapshot: Snapshot,
): readonly Filter[] | { readonly because: string } | undefined {
  const id = adminRulesId(network);
  const found = snapshot.get(id);
  if (found.kind === "unreadable" && found.why !== "notRecorded") return { because: found.because };
  if (found.kind !== "fact" || found.fact.kind !== "securityAdminRules") return undefined;
  const rules = found.fact[direction];
  if (rules.kind === "unknown") return { because: rules.because };
  if (rules.value.length === 0) return undefined;
  const end = { at: { resource: id, pointer: "/value", value: undefined }, direction };
  const notDenied = asFilter(rules.value, ({ access }) => access !== "deny", { ...end, access: "allow" });
  const always = asFilter(rules.value, ({ access }) => access === "alwaysAllow", { ...end, access: "deny" });
  return [notDenied, always];
}

/** Subnets of services to whose own the rules do not apply: the page above, under nonapplication at subnet level. */
const exempt: ReadonlySet<string> = new Set(
  [
    "AzureBastionSubnet",
    "AzureFirewallSubnet",
    "AzureFirewallManagementSubnet",
    "GatewaySubnet",
    "RouteServerSubnet",
  ].map(fold),
);

/** An application gateway is exempt unless its network is isolated, which its subnet does not tell. */
function hasGateway({ applicationGatewayIPConfigurations: list }: SubnetFact): boolean {
  return list.kind === "known" && list.value.length > 0;
}

/** It may let in what the groups refuse, and refuse what they let in. */
function unknownManager(because: string): Manager {
  const join: Joining = (_, asked) => ({ must: IpSet.empty, may: asked, because: [because], parts: [] });
  return { filters: [], join };
}

function asFilter(
  rules: readonly SecurityAdminRule[],
  passes: (rule: SecurityAdminRule) => boolean,
  end: Pick<SecurityRule, "at" | "direction" | "access">,
): Filter {
  const all = rules.map((one): SecurityRule => ({ ...one.rule, access: passes(one) ? "allow" : "deny" }));
  return [...all, { ...end, ...everything, name: "no rule", priority: Number.MAX_SAFE_INTEGER }];
}

const everything = {
  protocol: "any",
  sources: everyone,
  sourcePorts: everyPort,
  destinations: everyone,
  destinationPorts: everyPort,
} as const;

const managed: Joining = ([notDenied, always, ...groups], asked) => {
  const others = throughAll(groups, asked);
  if (notDenied === undefined || always === undefined) return others;
  const must = always.must.union(notDenied.must.intersect(others.must));
  const may = always.may.union(notDenied.may.intersect(others.may));
  return answer(
    must,
    may,
    [notDenied, always, others].flatMap(({ because }) => because),
    [
      ...always.parts.filter(({ access }) => access === "allow"),
      ...notDenied.parts.filter(({ access }) => access === "deny"),
      ...others.parts,
    ],
  );
};

/** With the rules of the manager, or without. */
const perhaps: Joining = (decisions, asked) => {
  const [withRules, without] = [managed(decisions, asked), throughAll(decisions.slice(2), asked)];
  const must = withRules.must.intersect(without.must);
  const parts: Decision["parts"] = withRules.parts;
  const because = [
    ...withRules.because,
    ...without.because,
    "whether they apply to an application gateway is not known",
  ];
  return answer(must, withRules.may.union(without.may), because, parts);
};
