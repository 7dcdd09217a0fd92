import { serviceOfType } from "../catalog/index.ts";
import type { IpRuleSource } from "../catalog/service.ts";
import { familyOf } from "../facts/ip-rule.ts";
import type { FirewallSettings, IpRule, ServiceFact } from "../model/fact.ts";
import type { Snapshot } from "../model/snapshot.ts";
import { IpSet } from "../net/ip-set.ts";
import type { Admission } from "./addresses.ts";
import { ownAdmissions } from "./own-addresses.ts";
import { admittedThroughSubnets } from "./subnet-filters.ts";
import { evidenceOfTags } from "./tag-evidence.ts";
import { isTagOfAzure, taggedAddresses } from "./tagged-addresses.ts";
import { whyUnread } from "./unread.ts";

/** The IP rules of a service, wherever they are kept, whether or not they have any effect. */
export interface Firewall {
  readonly rules: readonly IpRule[];
  /** Whom it lets in by itself besides, of the addresses that the service sends from. */
  readonly own: readonly Admission[];
  /** Whom the security groups of its subnets let in, where they are the firewall. */
  readonly groups: readonly Admission[];
  /** One for each list of rules that could not be read to its end. */
  readonly unread: readonly Admission[];
  /** Set where an unread list could hold the rule that stands for Azure. */
  readonly azureUnreadBecause: readonly string[];
  readonly assumptions: readonly string[];
}

export function firewallOf(
  service: ServiceFact,
  settings: Pick<FirewallSettings, "ipRules">,
  snapshot: Snapshot,
): Firewall {
  const firewall = withoutOwn(service, settings, snapshot);
  return { ...firewall, own: ownAdmissions(service, firewall.rules, snapshot) };
}

function withoutOwn(service: ServiceFact, settings: Pick<FirewallSettings, "ipRules">, snapshot: Snapshot): Firewall {
  const source = serviceOfType(service.id.type);
  const inChildren = (source?.ipRules ?? []).filter((rules) => rules.in === "child");
  const groups = admittedThroughSubnets(service, snapshot);
  if (groups.length > 0) return { ...bodyRules(service, settings, snapshot), groups };
  if (inChildren.length === 0) return bodyRules(service, settings, snapshot);
  const children = inChildren.map((rules) => childRules(service, rules, snapshot));
  return combine([bodyRules(service, settings, snapshot), ...children]);
}

function bodyRules({ id }: ServiceFact, { ipRules }: Pick<FirewallSettings, "ipRules">, snapshot: Snapshot): Firewall {
  if (ipRules.kind === "known") return { ...nothing, rules: ipRules.value.map((rule) => lookedUp(rule, snapshot)) };
  const sources = serviceOfType(id.type)?.ipRules ?? [];
  const mayHoldAzure = sources.some((source) => source.in === "body" && knowsAzure(source));
  return unreadable(IpSet.all, ipRules.because, mayHoldAzure);
}

/** A rule that is the name of a service tag, with what the list of tags says of it. */
function lookedUp(rule: IpRule, snapshot: Snapshot): IpRule {
  const { at, tag } = rule;
  if (tag === undefined) return rule;
  const { must, may, because, isFew } = taggedAddresses(tag, snapshot);
  return {
    at,
    tag,
    must,
    may,
    because: because[0],
    isAzure: isTagOfAzure(tag),
    ...(isFew ? { isFew } : {}),
    tags: evidenceOfTags(at.resource, [tag], snapshot),
  };
}

function childRules(service: ServiceFact, source: IpRuleSource & { in: "child" }, snapshot: Snapshot): Firewall {
  const { facts, completeness } = snapshot.list(service.id, `${service.id.type}/${source.type}`);
  const rules = facts.flatMap((fact) => (fact.kind === "ipRule" ? [fact.rule] : []));
  const seen: Firewall = { ...nothing, rules };
  if (completeness.kind === "complete") return seen;
  const child = serviceOfType(service.id.type)?.children.find((one) => one.type === source.type);
  const isUsuallyMissing = completeness.kind === "unreadable" && completeness.why === "notRecorded";
  if (child?.whenNotRead !== undefined && isUsuallyMissing) return { ...seen, assumptions: [child.whenNotRead] };
  const because = whyUnread(completeness, `the list of \`${source.type}\``);
  return combine([seen, unreadable(familyOf(source), because, knowsAzure(source))]);
}

function knowsAzure({ special }: IpRuleSource): boolean {
  return special !== undefined && special.standsFor !== "nobody";
}

const nothing: Firewall = { rules: [], own: [], groups: [], unread: [], azureUnreadBecause: [], assumptions: [] };

function unreadable(may: IpSet, because: string, mayHoldAzure: boolean): Firewall {
  const admission = { must: IpSet.empty, may, because: [because], evidence: [] };
  return { ...nothing, unread: [admission], azureUnreadBecause: mayHoldAzure ? [because] : [] };
}

function combine(parts: readonly Firewall[]): Firewall {
  return {
    rules: parts.flatMap((part) => part.rules),
    own: parts.flatMap((part) => part.own),
    groups: parts.flatMap((part) => part.groups),
    unread: parts.flatMap((part) => part.unread),
    azureUnreadBecause: parts.flatMap((part) => part.azureUnreadBecause),
    assumptions: parts.flatMap((part) => part.assumptions),
  };
}
