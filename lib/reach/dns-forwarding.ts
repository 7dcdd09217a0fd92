import type { ForwardingLinkFact, ForwardingRuleFact } from "../model/fact.ts";
import { allOf, anyOf, certainly, onEvidence, perhaps, type Truth } from "../model/must-may.ts";
import { distinctIds, type ResourceId } from "../model/resource-id.ts";
import { evidenceOf, isSetTo } from "../model/setting.ts";
import type { Completeness, Snapshot } from "../model/snapshot.ts";
import { unreadBecause, whyUnread } from "./unread.ts";

const rulesets = "microsoft.network/dnsforwardingrulesets";
const links = "Microsoft.Network/dnsForwardingRulesets/virtualNetworkLinks";
const rules = "Microsoft.Network/dnsForwardingRulesets/forwardingRules";

export interface Forwarding {
  /** A ruleset that is linked to the network sends queries for one of the names to other DNS servers than Azure's. */
  readonly isForwarded: Truth;
  /** What was taken for granted. */
  readonly assumptions: readonly string[];
}

/**
 * "The spoke vnet doesn't need to be linked to the private DNS zone": a rule may lead to a resolver in a network that is
 * (https://learn.microsoft.com/azure/dns/private-resolver-endpoints-rulesets#ruleset-links). `names` are folded.
 */
export function forwardingOf(network: ResourceId, names: readonly string[], snapshot: Snapshot): Forwarding {
  const { facts, completeness } = snapshot.ofType(rulesets);
  const linked = snapshot.naming(network, "forwardingLink").flatMap(({ id }) => id.parent ?? []);
  const known = distinctIds([...facts.map(({ id }) => id), ...linked]);
  const truths = known.map((id) => allOf([isLinkedTo(network, id, snapshot), takesAny(id, names, snapshot)]));
  if (completeness.kind === "complete") return { isForwarded: anyOf(truths), assumptions: [] };
  const isUsuallyMissing = completeness.kind === "unreadable" && completeness.why === "notRecorded";
  if (isUsuallyMissing) {
    const assumption = `no other DNS forwarding ruleset is linked to \`${network.name}\` than those that were read`;
    return { isForwarded: anyOf(truths), assumptions: [assumption] };
  }
  const unread = perhaps([whyUnread(completeness, "the list of all DNS forwarding rulesets")]);
  return { isForwarded: anyOf([...truths, unread]), assumptions: [] };
}

function isLinkedTo(network: ResourceId, ruleset: ResourceId, snapshot: Snapshot): Truth {
  const { facts, completeness } = snapshot.list(ruleset, links);
  const seen = facts.flatMap((fact) => (fact.kind === "forwardingLink" ? [leadsTo(fact, network)] : []));
  return anyOf([...seen, ...unreadPart(completeness, `the list of links of \`${ruleset.text}\``)]);
}

function leadsTo(link: ForwardingLinkFact, network: ResourceId): Truth {
  const at = { resource: link.id, pointer: "/properties/virtualNetwork/id", value: link.network?.text };
  if (link.network !== undefined) return certainly(link.network.key === network.key, [at]);
  return perhaps([`\`${link.id.text}\` names no network that is understood`], [at]);
}

function takesAny(ruleset: ResourceId, names: readonly string[], snapshot: Snapshot): Truth {
  const { facts, completeness } = snapshot.list(ruleset, rules);
  const taken = facts.flatMap((fact) => (fact.kind === "forwardingRule" ? [takes(fact, names)] : []));
  return anyOf([...taken, ...unreadPart(completeness, `the list of rules of \`${ruleset.text}\``)]);
}

function unreadPart(completeness: Completeness, what: string): readonly Truth[] {
  const unread = unreadBecause(completeness, what);
  return unread === undefined ? [] : [perhaps([unread])];
}

/** The rule for every name leaves those alone that Azure keeps for itself: the page above, under rule processing. */
function takes({ id, domain, state }: ForwardingRuleFact, names: readonly string[]): Truth {
  const evidence = evidenceOf(id, domain);
  if (domain.kind === "unknown") return allOf([perhaps([domain.because], evidence), isSetTo(id, state, "enabled")]);
  const isMeant = domain.value !== "" && names.some((name) => isWithin(name, domain.value));
  return isMeant ? onEvidence(isSetTo(id, state, "enabled"), evidence) : certainly(false);
}

function isWithin(name: string, domain: string): boolean {
  return name === domain || name.endsWith(`.${domain}`);
}
