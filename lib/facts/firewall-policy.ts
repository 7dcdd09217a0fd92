import type { FirewallPolicyFact, IpGroupFact, RuleCollectionGroupFact } from "../model/azure-firewall-fact.ts";
import { IpSet } from "../net/ip-set.ts";
import { parseAddresses } from "../net/parse-addresses.ts";
import type { ArmResource } from "./arm-resource.ts";
import {
  alerting,
  proxyValues,
  rangesKept,
  rangesSpared,
  sparedRange,
  stopModes,
  threatIntelMode,
  untranslatedRange,
  withoutProxy,
} from "./azure-firewall-settings.ts";
import { factMaker } from "./fact-maker.ts";
import { referenceAt, referencesAt } from "./references.ts";
import { rulesOfCollections } from "./rule-collection.ts";
import { allOfList, enumeration, listOf, meaningOf, textAt, unknownValue, valueAt } from "./settings.ts";

const basePolicy = "/properties/basePolicy";
const firewalls = "/properties/firewalls";
const childPolicies = "/properties/childPolicies";
const groups = "/properties/ruleCollectionGroups";

const snat = "/properties/snat";
const spared = "/properties/threatIntelWhitelist/ipAddresses";
const intrusionDetection = "/properties/intrusionDetection";
const overrides = `${intrusionDetection}/configuration/signatureOverrides`;
const dnsServers = "/properties/dnsSettings/servers";
const dnsProxy = "/properties/dnsSettings/enableProxy";
const keeps = [
  ...[basePolicy, firewalls, childPolicies, groups, threatIntelMode],
  ...[snat, spared, dnsServers, dnsProxy, `${intrusionDetection}/mode`, `${overrides}/*/mode`],
];

/** "Off" is the mode of whatever has none: https://learn.microsoft.com/azure/firewall/premium-features#idps */
const undetected = { value: "Off", link: "https://learn.microsoft.com/azure/firewall/premium-features" } as const;

/** Projects a firewall policy; its rules are in its `ruleCollectionGroups`. */
export const firewallPolicy = factMaker("firewallPolicy", keeps, {
  basePolicy: (resource) => referenceAt(resource, basePolicy),
  firewalls: (resource) => referencesAt(resource, firewalls),
  childPolicies: (resource) => referencesAt(resource, childPolicies),
  ruleCollectionGroups: (resource) => referencesAt(resource, groups),
  threatIntelligence: (resource) => enumeration(resource, threatIntelMode, stopModes, alerting),
  spared: (resource) => rangesSpared(listOf(resource, spared, sparedRange)),
  intrusionDetection: intrusionDetectionOf,
  dnsServers: (resource) => listOf(resource, dnsServers, (text) => text),
  dnsProxy: (resource) => enumeration(resource, dnsProxy, proxyValues, withoutProxy),
  untranslated: (resource) => rangesKept(resource, listOf(resource, `${snat}/privateRanges`, untranslatedRange)),
  learnsUntranslated: (resource) => {
    const values = { enabled: "yes", disabled: "no" } as const;
    const setting = enumeration(resource, `${snat}/autoLearnPrivateRanges`, values, notLearning);
    return setting.kind === "unknown" ? setting : { ...setting, value: setting.value === "yes" };
  },
  names(resource) {
    const base = referenceAt(resource, basePolicy);
    return base.kind === "known" && base.value !== undefined ? [base.value] : [];
  },
});

const notLearning = {
  value: "Disabled",
  link: "https://learn.microsoft.com/azure/firewall/snat-private-range",
} as const;

/** A signature can have a mode of its own. */
function intrusionDetectionOf(resource: ArmResource): FirewallPolicyFact["intrusionDetection"] {
  const mode = enumeration(resource, `${intrusionDetection}/mode`, stopModes, undetected);
  const own = listOf(resource, overrides, (one) => meaningOf(textAt(one, "/mode"), stopModes));
  if (mode.kind === "unknown" || mode.value === "deny") return mode;
  return own.kind === "known" && own.value.includes("deny") ? { ...own, value: "deny" } : mode;
}

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
