import type {
  ApplicationRule,
  AzureFirewallFact,
  FirewallPolicyFact,
  FirewallRule,
  NetworkRule,
  StopMode,
} from "../model/azure-firewall-fact.ts";
import type { Evidence } from "../model/evidence.ts";
import type { AddressTerm } from "../model/fact.ts";
import { allOf, certainly, perhaps, type Truth } from "../model/must-may.ts";
import { evidenceOf, type Setting } from "../model/setting.ts";
import { factIn, type Snapshot } from "../model/snapshot.ts";
import { IpSet } from "../net/ip-set.ts";
import { type Addressed, anything, exactly } from "./addressed.ts";
import { azureDns } from "./dns-servers.ts";
import { basesOf, ofKind, rulesInForce } from "./firewall-policies.ts";
import { addressTermOf } from "./firewall-rules.ts";
import { whyNone } from "./unread.ts";

/** A rule, with what its groups hold. */
export interface RuleInForce {
  readonly rule: NetworkRule | ApplicationRule;
  readonly sources: AddressTerm;
  /** Undefined where hosts are meant. */
  readonly destinations: AddressTerm | undefined;
}

/** What a firewall does with packets, by its own settings or by those of its policy. */
export interface InForce {
  /** Network rules, and the application rules after them, in the order in which they are processed. */
  readonly rules: readonly RuleInForce[];
  /** Why there may be others; then nothing can be said of what passes. */
  readonly because: readonly string[];
  /** Why it may stop what its rules let pass, but for some destinations. */
  readonly mayStop: readonly { readonly because: string; readonly spared: IpSet }[];
  /** Destinations to which network rules let packets on with the addresses that they came with. */
  readonly untranslated: Addressed;
  /** Azure's own DNS tells the firewall the addresses of names. */
  readonly asksAzure: Truth;
  /** Names of hosts count in network rules. */
  readonly hasDnsProxy: Truth;
  /** Where all of this is said. */
  readonly evidence: readonly Evidence[];
}

/**
 * Network rules come before application rules, those of base policies before the others of their kind:
 * https://learn.microsoft.com/azure/firewall/rule-processing
 */
export function inForceOn(firewall: AzureFirewallFact, snapshot: Snapshot): InForce {
  return snapshot.once(`in force on ${firewall.id.key}`, () => {
    snapshot.get(firewall.id); // what is remembered rests on the firewall, too
    const asSet = workOut(firewall, snapshot);
    return { ...asSet, because: [...asSet.because, ...whyUnapplied(firewall)] };
  });
}

/**
 * Where an update failed "your Azure Firewall is still operational, but the applied configuration may be in an inconsistent state, where
 * some instances have the previous configuration where others have the updated rule set"; one that goes on takes minutes.
 * https://learn.microsoft.com/azure/firewall/firewall-faq#what-does-provisioning-state--failed-mean
 * https://learn.microsoft.com/azure/firewall/firewall-known-issues
 */
function whyUnapplied({ id, state }: AzureFirewallFact): readonly string[] {
  if (state.kind === "unknown") return [state.because];
  if (state.value === "applied") return [];
  const why = state.value === "failed" ? "whose last update failed" : "which is being updated";
  return [`some instances of \`${id.name}\`, ${why}, may still have the rules that it had before`];
}

function workOut(firewall: AzureFirewallFact, snapshot: Snapshot): InForce {
  const { id, firewallPolicy: policy, rules, threatIntelligence, untranslated } = firewall;
  if (policy.kind === "unknown") return { ...nothingKnown([policy.because]), evidence: evidenceOf(id, policy) };
  if (policy.value !== undefined) {
    const evidence = [{ resource: id, pointer: `${policy.pointer}/id`, value: policy.value.text }];
    const found = snapshot.get(policy.value);
    const fact = factIn(found, "firewallPolicy");
    if (fact === undefined) return { ...nothingKnown([whyNone(found, policy.value)]), evidence };
    return { ...byPolicy(fact, snapshot), evidence };
  }
  const known = rules.kind === "known" ? rules.value : [];
  return {
    rules: inTurn([known], snapshot),
    because: rules.kind === "unknown" ? [rules.because] : [],
    mayStop: whyStops(firewall.id.name, "threat intelligence", [threatIntelligence], firewall.spared),
    untranslated: untranslated.kind === "known" ? exactly(untranslated.value) : anything(untranslated.because),
    asksAzure: asksAzure([firewall]),
    hasDnsProxy: hasDnsProxy([firewall]),
    evidence: ["network", "application"].map((kind) => {
      return { resource: id, pointer: `/properties/${kind}RuleCollections`, value: undefined };
    }),
  };
}

function nothingKnown(because: readonly string[]): Omit<InForce, "evidence"> {
  const open = perhaps(because);
  return {
    rules: [],
    because,
    mayStop: [],
    untranslated: anything(because[0] ?? ""),
    asksAzure: open,
    hasDnsProxy: open,
  };
}

function byPolicy(policy: FirewallPolicyFact, snapshot: Snapshot): Omit<InForce, "evidence"> {
  const { inherited, own, because } = rulesInForce(policy, snapshot);
  const all = [...basesOf(policy, snapshot).policies, policy];
  const { name } = policy.id;
  return {
    rules: inTurn([inherited, own], snapshot),
    because,
    mayStop: [
      ...whyStops(
        name,
        "threat intelligence",
        all.map((one) => one.threatIntelligence),
        policy.spared,
      ),
      ...whyStops(
        name,
        "intrusion detection",
        all.map((one) => one.intrusionDetection),
      ),
    ],
    untranslated: untranslatedBy(policy, all),
    asksAzure: asksAzure(all),
    hasDnsProxy: hasDnsProxy(all),
  };
}

function inTurn(lists: readonly (readonly FirewallRule[])[], snapshot: Snapshot): readonly RuleInForce[] {
  const rules = [
    ...lists.flatMap((list) => ofKind("network", list)),
    ...lists.flatMap((list) => ofKind("application", list)),
  ];
  return rules.map((rule) => ({
    rule,
    sources: addressTermOf(rule.sources, snapshot),
    destinations: rule.kind === "network" ? addressTermOf(rule.destinations, snapshot) : undefined,
  }));
}

/**
 * What it stops is in lists and signatures that nobody publishes; a policy can only be stricter than its base:
 * "You can define allowlists so threat intelligence won't filter traffic to any of the listed FQDNs, IP addresses, ranges, or subnets."
 * https://learn.microsoft.com/azure/firewall/threat-intel, https://learn.microsoft.com/azure/firewall/premium-features#idps
 */
function whyStops(
  name: string,
  what: string,
  modes: readonly Setting<StopMode>[],
  sparing?: Setting<IpSet>,
): InForce["mayStop"] {
  const spared = sparing?.kind === "known" ? sparing.value : IpSet.empty;
  const unknown = modes.flatMap((mode) => (mode.kind === "unknown" ? [{ because: mode.because, spared }] : []));
  if (modes.some((mode) => mode.kind === "known" && mode.value === "deny")) {
    return [{ because: `what the ${what} of \`${name}\`, which is in the mode Deny, stops is not known`, spared }];
  }
  return unknown;
}

/**
 * "By default, Azure Firewall uses Azure DNS": https://learn.microsoft.com/azure/firewall/dns-settings. It can be named by its address as
 * well: https://learn.microsoft.com/azure/virtual-network/what-is-ip-address-168-63-129-16. Where other servers look names up is not known.
 */
function asksAzure(all: readonly Pick<AzureFirewallFact | FirewallPolicyFact, "id" | "dnsServers">[]): Truth {
  return allOf(
    all.map(({ id, dnsServers: servers }) => {
      const evidence = evidenceOf(id, servers);
      if (servers.kind === "unknown") return perhaps([servers.because], evidence);
      if (servers.value.every((server) => server === azureDns)) return certainly(true, evidence);
      return perhaps([`where the DNS servers of \`${id.name}\` look names up is not known`], evidence);
    }),
  );
}

/**
 * "You must enable DNS Proxy to use FQDNs in your network rules": https://learn.microsoft.com/azure/firewall/fqdn-filtering-network-rules.
 * What the names match without it, and whether it is inherited, is not documented.
 */
function hasDnsProxy(all: readonly Pick<AzureFirewallFact | FirewallPolicyFact, "id" | "dnsProxy">[]): Truth {
  const own = all.at(-1);
  if (own === undefined) return certainly(false);
  const { id, dnsProxy: proxy } = own;
  const evidence = evidenceOf(id, proxy);
  if (proxy.kind === "unknown") return perhaps([proxy.because], evidence);
  if (proxy.value) return certainly(true, evidence);
  return perhaps(
    [`what names match in network rules of \`${id.name}\`, whose DNS proxy is off, is not documented`],
    evidence,
  );
}

/** Whether a policy inherits the ranges of its base is not documented: https://learn.microsoft.com/azure/firewall/snat-private-range */
function untranslatedBy({ id, untranslated }: FirewallPolicyFact, all: readonly FirewallPolicyFact[]): Addressed {
  if (untranslated.kind === "unknown") return anything(untranslated.because);
  const doubt = all.flatMap(({ learnsUntranslated: learns, id: own, untranslated: its }) => {
    if (learns.kind === "unknown") return [learns.because];
    if (learns.value) return [`which addresses firewalls with \`${own.name}\` learn not to translate is not known`];
    const isOther =
      own.key !== id.key && (its.kind === "unknown" || its.raw !== undefined) && untranslated.raw === undefined;
    return isOther ? [`whether \`${id.name}\` inherits what \`${own.name}\` does not translate is not documented`] : [];
  });
  return doubt.length === 0 ? exactly(untranslated.value) : { ...anything(doubt[0] ?? ""), must: untranslated.value };
}
