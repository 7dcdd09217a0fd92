import type { FirewallRule } from "../model/azure-firewall-fact.ts";
import type { Evidence } from "../model/evidence.ts";
import type { SecurityRule } from "../model/fact.ts";
import { certainly, perhaps, type Truth } from "../model/must-may.ts";
import type { Snapshot } from "../model/snapshot.ts";
import { IpSet } from "../net/ip-set.ts";
import { knownAddresses } from "../net/known-addresses.ts";
import { PortSet } from "../net/port-set.ts";
import { cellsOf } from "./cells.ts";
import { ofKind } from "./firewall-policies.ts";
import { plainView, securityRuleOf } from "./firewall-rules.ts";
import { shareOfInternet } from "./internet.ts";
import { decide, type Question } from "./security-rules.ts";
import { type Family, publicSpace } from "./spaces.ts";

/** Over one protocol, the ports on which a firewall lets nearly everybody behind it reach nearly the whole internet. */
export interface FirewallOpening {
  readonly protocol: "tcp" | "udp";
  readonly must: PortSet;
  readonly may: PortSet;
  readonly because: readonly string[];
  /** The rules that let them pass. */
  readonly evidence: readonly Evidence[];
}

/**
 * Where the packets that a firewall routes come from: from the internet nobody comes in but over NAT rules
 * (https://learn.microsoft.com/azure/firewall/rule-processing#inbound-connectivity).
 */
const insiders = {
  ipv4: knownAddresses("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"),
  ipv6: knownAddresses("fc00::/7", "2000::/3"),
} as const;

/** More than half of the addresses that packets come from, or of the ports. */
const most = 0.5;

/**
 * Network rules come before application rules, whatever the priorities, and the first rule that matches decides. An
 * application rule for every host lets HTTP, HTTPS or MSSQL out on the ports that it names.
 * https://learn.microsoft.com/azure/firewall/rule-processing#outbound-connectivity
 */
export function openingsTo(
  share: number,
  rules: readonly FirewallRule[],
  families: readonly Family[],
  snapshot: Snapshot,
): readonly FirewallOpening[] {
  const inOrder = [...ofKind("network", rules), ...ofKind("application", rules)];
  return (["tcp", "udp"] as const).map((protocol) => {
    const asked = inOrder.flatMap((rule) => securityRuleOf(rule, protocol, snapshot) ?? []);
    return openingOf(protocol, share, families, asked);
  });
}

/** Whether it lets pass on most ports what comes from nearly everybody and goes to nearly the whole internet. */
export function isForAny({ must, may, because, evidence }: FirewallOpening): Truth {
  if (isMost(must)) return certainly(true, evidence);
  return isMost(may) ? perhaps(because, evidence) : certainly(false);
}

function isMost({ count }: PortSet): boolean {
  return count > PortSet.all.count * most;
}

function openingOf(
  protocol: "tcp" | "udp",
  share: number,
  families: readonly Family[],
  rules: readonly SecurityRule[],
): FirewallOpening {
  if (!mayOpen(rules, share)) return closed(protocol);
  const cells = cellsOf(
    PortSet.all,
    rules.flatMap(({ destinationPorts: { must, may } }) => [must, may]),
  );
  const looks = families.flatMap((family) => cells.map((ports) => lookAt({ protocol, ports, family }, share, rules)));
  const open = looks.filter(({ may }) => !may.isEmpty);
  return {
    protocol,
    must: PortSet.union(open.map(({ must }) => must)),
    may: PortSet.union(open.map(({ may }) => may)),
    because: [...new Set(open.flatMap(({ because }) => because))],
    evidence: [...new Set(open.flatMap(({ evidence }) => evidence))],
  };
}

/** Quick to tell, and nearly always no. */
function mayOpen(rules: readonly SecurityRule[], share: number): boolean {
  const allowed = rules.filter(({ access }) => access === "allow").map(({ destinations }) => destinations.may);
  return shareOfInternet(IpSet.union(allowed)) >= share;
}

/** No rule that comes after it matters. */
function decidesAll(rule: SecurityRule, { protocol, ports, family }: Cell, internet: IpSet): boolean {
  return (
    rule.protocol === protocol &&
    ports.isSubsetOf(rule.destinationPorts.must) &&
    insiders[family].isSubsetOf(rule.sources.must) &&
    internet.isSubsetOf(rule.destinations.must)
  );
}

function closed(protocol: "tcp" | "udp"): FirewallOpening {
  return { protocol, must: PortSet.empty, may: PortSet.empty, because: [], evidence: [] };
}

interface Cell {
  readonly protocol: "tcp" | "udp";
  /** Ports that no rule tells apart. */
  readonly ports: PortSet;
  readonly family: Family;
}

/** The ports of the cell, or none of them: by the share of destinations to which most sources get. */
function lookAt({ protocol, ports, family }: Cell, share: number, all: readonly SecurityRule[]): FirewallOpening {
  const internet = publicSpace.intersect(IpSet[family]);
  const concerned = all.filter(({ destinationPorts }) => destinationPorts.may.overlaps(ports));
  const last = concerned.findIndex((rule) => decidesAll(rule, { protocol, ports, family }, internet));
  const rules = last < 0 ? concerned : concerned.slice(0, last + 1);
  if (!mayOpen(rules, share)) return closed(protocol);
  const destinations = cellsOf(
    internet,
    rules.flatMap(({ destinations: { must, may } }) => [must, may]),
  );
  const looks = destinations.map((cell) => {
    const question: Question = {
      direction: "outbound",
      protocol,
      sources: insiders[family],
      destinations: cell,
      destinationPorts: ports,
      sourcePorts: undefined,
      of: "sources",
      other: "each",
    };
    const decision = decide([rules], plainView, question);
    const isOpen = (sources: IpSet) => shareOf(sources, insiders[family]) > most;
    return { cell, decision, must: isOpen(decision.must), may: isOpen(decision.may) };
  });
  const isWide = (cells: readonly { readonly cell: IpSet }[]) =>
    shareOfInternet(IpSet.union(cells.map(({ cell }) => cell))) >= share;
  const may = looks.filter((look) => look.may);
  if (!isWide(may)) return closed(protocol);
  const must = looks.filter((look) => look.must);
  const isCertain = isWide(must);
  const widest = (isCertain ? must : may).sort((a, b) => shareOfInternet(b.cell) - shareOfInternet(a.cell));
  const enough = widest.findIndex((_, index) => isWide(widest.slice(0, index + 1)));
  const parts = widest.slice(0, enough + 1).flatMap(({ decision }) => decision.parts);
  return {
    protocol,
    must: isCertain ? ports : PortSet.empty,
    may: ports,
    because: isCertain ? [] : may.flatMap(({ decision }) => decision.because),
    evidence: parts.filter(({ access }) => access === "allow").map(({ rule }) => rule.at),
  };
}

function shareOf(part: IpSet, whole: IpSet): number {
  return Math.max(part.countIpv4 / whole.countIpv4 || 0, Number(part.countIpv6) / Number(whole.countIpv6) || 0);
}
