import type { IpGroupFact, RuleCollectionGroupFact } from "../model/azure-firewall-fact.ts";
import { IpSet } from "../net/ip-set.ts";
import { parseAddresses } from "../net/parse-addresses.ts";
import type { ArmResource } from "./arm-resource.ts";
import { factMaker } from "./fact-maker.ts";
import { referenceAt, referencesAt } from "./references.ts";
import { rulesOfCollections } from "./rule-collection.ts";
import { allOfList, listOf, unknownValue, valueAt } from "./settings.ts";

const basePolicy = "/properties/basePolicy";
const firewalls = "/properties/firewalls";
const childPolicies = "/properties/childPolicies";
const groups = "/properties/ruleCollectionGroups";

/** Projects a firewall policy; its rules are in its `ruleCollectionGroups`. */
export const firewallPolicy = factMaker("firewallPolicy", [basePolicy, firewalls, childPolicies, groups], {
  basePolicy: (resource) => referenceAt(resource, basePolicy),
  firewalls: (resource) => referencesAt(resource, firewalls),
  childPolicies: (resource) => referencesAt(resource, childPolicies),
  ruleCollectionGroups: (resource) => referencesAt(resource, groups),
  names(resource) {
    const base = referenceAt(resource, basePolicy);
    return base.kind === "known" && base.value !== undefined ? [base.value] : [];
  },
});

const collections = "/properties/ruleCollections";

/** Projects a child of a firewall policy that holds rule collections. */
export const ruleCollectionGroup = factMaker(
  "ruleCollectionGroup",
  ["/properties/priority", collections],
  {
    priority: priorityOf,
    rules: (resource) => rulesOfCollections(resource, { pointer: collections, inside: "" }),
    names: () => [],
  },
  collections,
);

function priorityOf(resource: ArmResource): RuleCollectionGroupFact["priority"] {
  const pointer = "/properties/priority";
  const raw = valueAt(resource.body, pointer);
  if (typeof raw === "number") return { kind: "known", value: raw, pointer, raw };
  return { kind: "unknown", because: resource.thinBecause ?? unknownValue(resource.id, pointer, raw), pointer, raw };
}

const ipAddresses = "/properties/ipAddresses";

/** Projects an IP group; a rule whose group is empty is skipped: https://learn.microsoft.com/azure/firewall/ip-groups */
export const ipGroup = factMaker("ipGroup", [ipAddresses], {
  addresses: addressesOf,
  names: () => [],
});

function addressesOf(resource: ArmResource): IpGroupFact["addresses"] {
  const list = listOf(resource, ipAddresses, (text) => (typeof text === "string" ? parseAddresses(text) : undefined));
  return list.kind === "unknown" ? list : allOfList(resource, list, IpSet.union);
}
