import { type Body, complete, type Given, group } from "./builders.ts";

const network = `${group}/providers/Microsoft.Network`;

export const firewallId = `${network}/azureFirewalls/afw`;
export const policyId = `${network}/firewallPolicies/afwp`;
export const basePolicyId = `${network}/firewallPolicies/afwp-base`;
export const ipGroupId = `${network}/ipGroups/ipg`;
export const firewallAddressId = `${network}/publicIPAddresses/pip-afw`;

type Values = Readonly<Record<string, unknown>>;

/** A firewall in a network, with one public address, 198.51.100.4, and no rules; `properties` replace what is there. */
export function aFirewall(properties: Values = {}, id = firewallId): Body {
  return {
    id,
    name: id.slice(id.lastIndexOf("/") + 1),
    type: "Microsoft.Network/azureFirewalls",
    location: "westeurope",
    properties: {
      sku: { name: "AZFW_VNet", tier: "Standard" },
      threatIntelMode: "Alert",
      ipConfigurations: [
        { name: "ipconfig1", properties: { privateIPAddress: "10.0.9.4", publicIPAddress: { id: firewallAddressId } } },
      ],
      networkRuleCollections: [],
      applicationRuleCollections: [],
      natRuleCollections: [],
      ...properties,
    },
  };
}

export function theFirewallAddress(ipAddress = "198.51.100.4"): Body {
  return {
    id: firewallAddressId,
    name: "pip-afw",
    type: "Microsoft.Network/publicIPAddresses",
    location: "westeurope",
    sku: { name: "Standard" },
    properties: { ipAddress },
  };
}

/** A rule collection as a classic firewall holds it. */
export function classicCollection(rules: readonly object[], { priority = 100, action = "Allow" } = {}): object {
  return { name: `collection-${priority}`, properties: { priority, action: { type: action }, rules } };
}

/** From everybody to everybody over TCP, on every port, unless said otherwise; as classic firewalls spell it. */
export function aNetworkRule(values: Values = {}): object {
  const rule = { protocols: ["TCP"], sourceAddresses: ["*"], destinationAddresses: ["*"], destinationPorts: ["*"] };
  return { name: "rule", ...rule, ...values };
}

/** Leads RDP from everybody at the firewall's address to 10.0.0.4, unless said otherwise. */
export function aNatRule(values: Values = {}): object {
  return {
    name: "nat",
    protocols: ["TCP"],
    sourceAddresses: ["*"],
    destinationAddresses: ["198.51.100.4"],
    destinationPorts: ["3389"],
    translatedAddress: "10.0.0.4",
    translatedPort: "3389",
    ...values,
  };
}

/** Lets everybody get to every host over HTTPS, unless said otherwise. */
export function anApplicationRule(values: Values = {}): object {
  const protocols = [{ protocolType: "Https", port: 443 }];
  return { name: "web", protocols, sourceAddresses: ["*"], targetFqdns: ["*"], ...values };
}

export interface CollectionParts {
  readonly kind?: "NetworkRule" | "ApplicationRule" | "NatRule";
  readonly priority?: number;
  readonly action?: string;
  readonly rules: readonly object[];
}

export interface GroupParts {
  readonly name?: string;
  readonly priority?: unknown;
  readonly collections: readonly CollectionParts[];
}

export interface PolicyParts {
  readonly id?: string;
  readonly groups?: readonly GroupParts[];
  readonly properties?: Values;
  /** Undefined where nobody read it. */
  readonly list?: "complete" | undefined;
}

/** A policy that `afw` uses, its rule collection groups and their list; the rules are spelled as classic ones. */
export function aPolicy(parts: PolicyParts = {}): Given {
  const { id = policyId, groups = [], properties = {} } = parts;
  const list = "list" in parts ? parts.list : "complete";
  const bodies = groups.map((one, index) =>
    aRuleCollectionGroup(one, `${id}/ruleCollectionGroups/${one.name ?? index}`),
  );
  const policy: Body = {
    id,
    name: id.slice(id.lastIndexOf("/") + 1),
    type: "Microsoft.Network/firewallPolicies",
    location: "westeurope",
    properties: {
      sku: { tier: "Standard" },
      threatIntelMode: "Alert",
      ruleCollectionGroups: bodies.map((body) => ({ id: body.id })),
      firewalls: [{ id: firewallId }],
      childPolicies: [],
      ...properties,
    },
  };
  const lists = list === undefined ? [] : [complete(id, "Microsoft.Network/firewallPolicies/ruleCollectionGroups")];
  return [policy, bodies, lists];
}

function aRuleCollectionGroup({ priority = 200, collections }: GroupParts, id: string): Body {
  return {
    id,
    name: id.slice(id.lastIndexOf("/") + 1),
    type: "Microsoft.Network/firewallPolicies/ruleCollectionGroups",
    properties: {
      priority,
      ruleCollections: collections.map(({ kind = "NetworkRule", priority: own = 100, action, rules }, index) => ({
        ruleCollectionType: `FirewallPolicy${kind === "NatRule" ? "Nat" : "Filter"}RuleCollection`,
        name: `collection-${index}`,
        priority: own,
        action: { type: action ?? (kind === "NatRule" ? "DNAT" : "Allow") },
        rules: rules.map((rule) => ofPolicy(kind, rule)),
      })),
    },
  };
}

/** In a policy protocols of network and NAT rules have another name, and each rule says what it is. */
function ofPolicy(ruleType: string, { protocols, ...rule }: object & { readonly protocols?: unknown }): object {
  return { ruleType, ...rule, [ruleType === "ApplicationRule" ? "protocols" : "ipProtocols"]: protocols };
}

export function anIpGroup(ipAddresses: readonly unknown[], id = ipGroupId): Body {
  return {
    id,
    name: id.slice(id.lastIndexOf("/") + 1),
    type: "Microsoft.Network/ipGroups",
    location: "westeurope",
    properties: { ipAddresses },
  };
}

/** A firewall that uses the policy, and its address. */
export const aFirewallWithPolicy: Given = [aFirewall({ firewallPolicy: { id: policyId } }), theFirewallAddress()];
