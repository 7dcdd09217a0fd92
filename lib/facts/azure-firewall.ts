import type { AzureFirewallFact } from "../model/azure-firewall-fact.ts";
import { ResourceId } from "../model/resource-id.ts";
import { IpSet } from "../net/ip-set.ts";
import { singleAddress } from "./addresses.ts";
import type { ArmResource } from "./arm-resource.ts";
import {
  alerting,
  applied,
  appliedStates,
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
import { referenceAt } from "./references.ts";
import { type CollectionList, rulesOfCollections } from "./rule-collection.ts";
import { allOfList, enumeration, listOf, textAt, textsOf, valueAt } from "./settings.ts";

const classicLists = {
  nat: { pointer: "/properties/natRuleCollections", inside: "/properties", kind: "nat" },
  network: { pointer: "/properties/networkRuleCollections", inside: "/properties", kind: "network" },
  application: { pointer: "/properties/applicationRuleCollections", inside: "/properties", kind: "application" },
} as const satisfies Record<string, CollectionList>;

const configurations = "/properties/ipConfigurations";
const additional = "/properties/additionalProperties";
const hubAddressList = "/properties/hubIPAddresses/publicIPs/addresses";

const provisioningState = "/properties/provisioningState";

const keeps = [
  provisioningState,
  "/location",
  "/properties/firewallPolicy/id",
  `${configurations}/*/properties/publicIPAddress/id`,
  `${configurations}/*/properties/subnet/id`,
  `${configurations}/*/properties/privateIPAddress`,
  threatIntelMode,
  additional,
  hubAddressList,
  ...Object.values(classicLists).map(({ pointer }) => pointer),
];

/** Projects an Azure Firewall, with the rules that a classic one has in its body. */
export const azureFirewall = factMaker("azureFirewall", keeps, {
  location: ({ body }) => textAt(body, "/location"),
  firewallPolicy: policyOf,
  rules: classicRules,
  publicIPAddresses,
  hubAddresses: hubAddressesOf,
  subnets: subnetsOf,
  privateAddresses: privateAddressesOf,
  threatIntelligence: (resource) => enumeration(resource, threatIntelMode, stopModes, alerting),
  spared: (resource) =>
    rangesSpared(textsOf(resource, `${additional}/ThreatIntel.Whitelist.IpAddresses`, ",", sparedRange)),
  untranslated: (resource) =>
    rangesKept(resource, textsOf(resource, `${additional}/Network.SNAT.PrivateRanges`, ",", untranslatedRange)),
  dnsServers: (resource) => textsOf(resource, `${additional}/Network.DNS.Servers`, ",", (text) => text),
  dnsProxy: (resource) => enumeration(resource, `${additional}/Network.DNS.EnableProxy`, proxyValues, withoutProxy),
  state: (resource) => enumeration(resource, provisioningState, appliedStates, applied),
  names(resource) {
    const policy = policyOf(resource);
    const addresses = publicIPAddresses(resource);
    return [
      ...(policy.kind === "known" && policy.value !== undefined ? [policy.value] : []),
      ...(addresses.kind === "known" ? addresses.value : []),
      ...subnetsOf(resource),
    ];
  },
});

function policyOf(resource: ArmResource): AzureFirewallFact["firewallPolicy"] {
  return referenceAt(resource, "/properties/firewallPolicy");
}

function classicRules(resource: ArmResource): AzureFirewallFact["rules"] {
  const lists = Object.values(classicLists).map((list) => rulesOfCollections(resource, list));
  const unknown = lists.find((list) => list.kind === "unknown");
  if (unknown !== undefined) return unknown;
  const value = lists.flatMap((list) => (list.kind === "known" ? list.value : []));
  return { kind: "known", value, pointer: "/properties", raw: undefined };
}

/** A configuration without a public address is one of several in the same subnet, or of a firewall that has none. */
function publicIPAddresses(resource: ArmResource): AzureFirewallFact["publicIPAddresses"] {
  const list = listOf(resource, configurations, (one) => {
    const raw = valueAt(one, "/properties/publicIPAddress/id");
    return raw === undefined ? [] : [ResourceId.parse(raw)];
  });
  if (list.kind === "unknown") return list;
  return allOfList(resource, { ...list, value: list.value.flat() }, (ids) => ids);
}

/** Only the first configuration has one; a firewall that was stopped has none. */
function privateAddressesOf(resource: ArmResource): AzureFirewallFact["privateAddresses"] {
  const list = listOf(resource, configurations, (one) => {
    const raw = valueAt(one, "/properties/privateIPAddress");
    return raw === undefined ? IpSet.empty : singleAddress(raw);
  });
  if (list.kind === "unknown") return list;
  const all = allOfList(resource, list, IpSet.union);
  const first = `${configurations}/0/properties/privateIPAddress`;
  const raw = valueAt(resource.body, first);
  return raw === undefined ? all : { ...all, pointer: first, raw };
}

/** Only the first configuration has one. */
function subnetsOf({ body }: ArmResource): readonly ResourceId[] {
  const list = valueAt(body, configurations);
  return (Array.isArray(list) ? list : []).flatMap(
    (one) => ResourceId.parse(valueAt(one, "/properties/subnet/id")) ?? [],
  );
}

function hubAddressesOf(resource: ArmResource): AzureFirewallFact["hubAddresses"] {
  const list = listOf(resource, hubAddressList, (one) => singleAddress(valueAt(one, "/address")));
  return list.kind === "unknown" ? list : allOfList(resource, list, IpSet.union);
}
