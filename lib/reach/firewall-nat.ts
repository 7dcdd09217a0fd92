import type { NatRule } from "../model/azure-firewall-fact.ts";
import type { Evidence } from "../model/evidence.ts";
import type { SecurityRule } from "../model/fact.ts";
import type { Snapshot } from "../model/snapshot.ts";
import { IpSet } from "../net/ip-set.ts";
import { PortSet } from "../net/port-set.ts";
import { cellsOf } from "./cells.ts";
import { plainView, securityRuleOf } from "./firewall-rules.ts";
import { anyOfThem, type Decision, decide } from "./security-rules.ts";
import { publicSpace } from "./spaces.ts";

/** Who gets from the internet to something behind a firewall. */
export interface Published {
  readonly must: IpSet;
  readonly may: IpSet;
  readonly because: readonly string[];
  /** Where the rules stand that lead them there, and those of them that are the firewall's own. */
  readonly evidence: readonly Evidence[];
  readonly by: readonly NatRule[];
}

export interface NatQuestion {
  /** NAT rules that may be processed before the others. */
  readonly before: readonly NatRule[];
  readonly rules: readonly NatRule[];
  /** The public IPv4 addresses that packets for the firewall may go to. */
  readonly destinations: IpSet;
}

/** Whether a rule leads to what is asked about, or why that is not known. */
export type Leads = (rule: NatRule) => boolean | string;

/**
 * What NAT rules let in: they are processed before all others, in the order of their priorities, and what one matches passes
 * without being shown to network rules.
 * https://learn.microsoft.com/azure/firewall/rule-processing#dnat-rules-and-network-rules
 */
export function publishedBy(
  protocol: "tcp" | "udp",
  leads: Leads,
  { before, rules, destinations }: NatQuestion,
  snapshot: Snapshot,
): Published {
  const ports = PortSet.union(rules.filter((rule) => leads(rule) !== false).map(portsOf)); // nobody gets in on others
  const isAmong = (rule: NatRule) => portsOf(rule).overlaps(ports);
  const asked = [
    ...before.filter(isAmong).flatMap((rule) => perhapsElsewhere(rule, protocol, snapshot)),
    ...rules.filter(isAmong).flatMap((rule) => leading(rule, protocol, leads(rule), snapshot)),
  ];
  const places = cellsOf(
    destinations,
    asked.flatMap((rule) => [rule.destinations.must, rule.destinations.may]),
  );
  const entries = cellsOf(
    ports,
    asked.flatMap((rule) => [rule.destinationPorts.must, rule.destinationPorts.may]),
  );
  const decisions = places.flatMap((place) =>
    entries.map((entry): Decision => {
      return decide([asked], plainView, {
        direction: "inbound",
        protocol,
        sources: callers,
        destinations: place,
        destinationPorts: entry,
        sourcePorts: undefined,
        of: "sources",
        other: "any",
      });
    }),
  );
  const { must, may, because, parts } = anyOfThem(decisions);
  const allowing = new Set(parts.filter(({ access }) => access === "allow").map(({ rule }) => rule.at));
  return { must, may, because, evidence: [...allowing], by: rules.filter(({ at }) => allowing.has(at)) };
}

function portsOf({ destinationPorts }: NatRule): PortSet {
  return destinationPorts.may;
}

/** Where the port is not known it may be any. */
export function leadsToPort(port: number): Leads {
  return ({ at, translatedPorts }) => {
    if (translatedPorts !== undefined) return translatedPorts.overlaps(PortSet.ofEach(port));
    return `\`${at.pointer}\` of \`${at.resource.text}\` does not say to which port it leads`;
  };
}

const callers = publicSpace.intersect(IpSet.ipv4);

/** Led to what is asked about it is let in there, led elsewhere it is not. */
function leading(rule: NatRule, protocol: "tcp" | "udp", leads: boolean | string, snapshot: Snapshot) {
  const asked = securityRuleOf(rule, protocol, snapshot);
  if (asked === undefined) return [];
  if (typeof leads === "string") return [unsure(asked, leads)];
  return [{ ...asked, access: leads ? ("allow" as const) : ("deny" as const) }];
}

/** The documents disagree on whether a policy inherits NAT rules: one page processes them, the other leaves them out. */
function perhapsElsewhere(rule: NatRule, protocol: "tcp" | "udp", snapshot: Snapshot): readonly SecurityRule[] {
  const asked = securityRuleOf(rule, protocol, snapshot);
  return asked === undefined ? [] : [{ ...unsure(asked, natInheritance), access: "deny" }];
}

/** https://learn.microsoft.com/azure/firewall-manager/policy-overview#hierarchical-policies says no, rule-processing yes. */
export const natInheritance = "the documents disagree on whether NAT rules are inherited from a base policy";

function unsure(rule: SecurityRule, because: string): SecurityRule {
  return { ...rule, sources: { ...rule.sources, must: IpSet.empty, because } };
}
