import type { NatRule } from "../model/azure-firewall-fact.ts";
import type { Evidence } from "../model/evidence.ts";
import type { SecurityRule } from "../model/fact.ts";
import type { Snapshot } from "../model/snapshot.ts";
import { IpSet } from "../net/ip-set.ts";
import { PortSet } from "../net/port-set.ts";
import { cellsOf } from "./cells.ts";
import { plainView, securityRuleOf } from "./firewall-rules.ts";
import { publicSpace } from "./network-view.ts";
import { anyOfThem, type Decision, decide } from "./security-rules.ts";

/** Who gets from the internet to a port of something behind a firewall. */
export interface Published {
  readonly port: number;
  readonly must: IpSet;
  readonly may: IpSet;
  readonly because: readonly string[];
  /** The rules that lead them there. */
  readonly evidence: readonly Evidence[];
}

export interface NatQuestion {
  /** NAT rules that may be processed before the others. */
  readonly before: readonly NatRule[];
  readonly rules: readonly NatRule[];
  /** The public IPv4 addresses that packets for the firewall may go to. */
  readonly destinations: IpSet;
  /** Of what is behind the firewall. */
  readonly ports: readonly number[];
}

/**
 * What NAT rules let in over TCP: they are processed before all others, in the order of their priorities, and what one
 * matches passes without being shown to network rules.
 * https://learn.microsoft.com/azure/firewall/rule-processing#dnat-rules-and-network-rules
 */
export function publishedBy(asked: NatQuestion, snapshot: Snapshot): readonly Published[] {
  const lead =
    ({ translatedPorts }: NatRule) =>
    (port: number) =>
      translatedPorts === undefined || translatedPorts.overlaps(PortSet.ofEach(port));
  const ports = asked.ports.filter((port) => asked.rules.some((rule) => lead(rule)(port)));
  return ports.map((port) => publishedOn(port, asked, snapshot));
}

const callers = publicSpace.intersect(IpSet.ipv4);

function publishedOn(port: number, { before, rules, destinations }: NatQuestion, snapshot: Snapshot): Published {
  const asked = [
    ...before.flatMap((rule) => perhapsElsewhere(rule, snapshot)),
    ...rules.flatMap((rule) => leadingTo(port, rule, snapshot)),
  ];
  const places = cellsOf(
    destinations,
    asked.flatMap((rule) => [rule.destinations.must, rule.destinations.may]),
  );
  const entries = cellsOf(
    PortSet.all,
    asked.flatMap((rule) => [rule.destinationPorts.must, rule.destinationPorts.may]),
  );
  const decisions = places.flatMap((place) =>
    entries.map((entry): Decision => {
      return decide([asked], plainView, {
        direction: "inbound",
        protocol: "tcp",
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
  const evidence = parts.filter(({ access }) => access === "allow").map(({ rule }) => rule.at);
  return { port, must, may, because, evidence: [...new Set(evidence)] };
}

/** Led to the port it is let in there, led elsewhere it is not; where the port is not known it may be. */
function leadingTo(port: number, rule: NatRule, snapshot: Snapshot): readonly SecurityRule[] {
  const { at, translatedPorts } = rule;
  const asked = securityRuleOf(rule, "tcp", snapshot);
  if (asked === undefined) return [];
  if (translatedPorts === undefined) {
    return [unsure(asked, `\`${at.pointer}\` of \`${at.resource.text}\` does not say to which port it leads`)];
  }
  return [{ ...asked, access: translatedPorts.overlaps(PortSet.ofEach(port)) ? "allow" : "deny" }];
}

/** The documents disagree on whether a policy inherits NAT rules: one page processes them, the other leaves them out. */
function perhapsElsewhere(rule: NatRule, snapshot: Snapshot): readonly SecurityRule[] {
  const asked = securityRuleOf(rule, "tcp", snapshot);
  return asked === undefined ? [] : [{ ...unsure(asked, natInheritance), access: "deny" }];
}

/** https://learn.microsoft.com/azure/firewall-manager/policy-overview#hierarchical-policies says no, rule-processing yes. */
export const natInheritance = "the documents disagree on whether NAT rules are inherited from a base policy";

function unsure(rule: SecurityRule, because: string): SecurityRule {
  return { ...rule, sources: { ...rule.sources, must: IpSet.empty, because } };
}
