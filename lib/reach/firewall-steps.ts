import type { SubnetFact } from "../model/fact.ts";
import { evidenceOf } from "../model/setting.ts";
import { IpSet } from "../net/ip-set.ts";
import type { InternetRoute } from "./internet-route.ts";
import type { EffectiveRoute } from "./routes.ts";
import type { Decision } from "./security-rules.ts";
import type { Through } from "./through-firewall.ts";
import { outcomeFor, type Step } from "./witness.ts";
import { decidingPart } from "./witness-steps.ts";

/** Where the routes of a subnet lead. */
export function routeStep(
  { id, routeTable }: Pick<SubnetFact, "id" | "routeTable">,
  { outcome, routes }: InternetRoute,
  goes: "goes" | "goes on",
  incoming: IpSet,
): Step {
  const types = [...new Set(routes.map(({ nextHopType }) => nextHopType))].sort();
  const hops = types.length === 0 ? "nowhere" : `to the next hop ${types.join(" or ")}`;
  const at = [...new Set(routes.flatMap((route) => route.at ?? []))];
  return {
    says: `${outcome === "unknown" ? goes.replace("goes", "may go") : goes} ${hops}`,
    evidence: at.length > 0 ? at : evidenceOf(id, routeTable),
    outcome,
    incoming,
    passing: outcome === "stops" ? IpSet.empty : incoming,
  };
}

/** To an Azure Firewall, and past its rules. */
export function firewallSteps(
  { hop: { firewall, isConnected }, inForce }: Pick<Through, "hop" | "inForce">,
  routes: readonly EffectiveRoute[],
  decision: Decision,
  source: IpSet,
  incoming: IpSet,
): readonly Step[] {
  const name = `the firewall \`${firewall.id.name}\``;
  const at = [...new Set(routes.flatMap((route) => route.at ?? []))];
  return [
    {
      says: isConnected.must ? `goes to ${name}` : `may get to ${name}, and the replies back`,
      evidence: [...at, ...evidenceOf(firewall.id, firewall.privateAddresses), ...isConnected.evidence],
      outcome: isConnected.must ? "passes" : isConnected.may ? "unknown" : "stops",
      incoming,
      passing: isConnected.may ? incoming : IpSet.empty,
    },
    rulesStep(name, decision, source, incoming, inForce.evidence),
  ];
}

function rulesStep(name: string, decision: Decision, source: IpSet, incoming: IpSet, rules: Step["evidence"]): Step {
  const outcome = outcomeFor(source, decision);
  const rule = decidingPart(decision.parts, source, outcome)?.rule;
  const told = rule === undefined ? `no rule lets it pass ${name}` : `\`${rule.name}\` denies it at ${name}`;
  const says = {
    passes: `\`${rule?.name}\` lets it pass ${name}`,
    stops: told,
    unknown:
      rule === undefined
        ? `whether ${name} lets it pass is not known`
        : `\`${rule.name}\` may decide whether it passes ${name}`,
  }[outcome];
  const evidence = rule === undefined ? rules : [rule.at];
  return { says, evidence, outcome, incoming, passing: incoming.intersect(decision.may) };
}

/** Rules for names of hosts say nothing of the addresses behind them. */
export function assumedNames({ inForce, hop: { firewall } }: Pick<Through, "hop" | "inForce">): readonly string[] {
  const isNamed = inForce.rules.some(({ rule }) => rule.hosts.length > 0);
  return isNamed ? [`no host that a rule of \`${firewall.id.name}\` names is the service under another name`] : [];
}
