import { serviceOfType } from "../catalog/index.ts";
import type { ServiceFact, ServicePorts } from "../model/fact.ts";
import type { Truth } from "../model/must-may.ts";
import type { ResourceId } from "../model/resource-id.ts";
import { evidenceOf } from "../model/setting.ts";
import { IpSet } from "../net/ip-set.ts";
import type { PortSet } from "../net/port-set.ts";
import { unroutable } from "../net/special-ranges.ts";
import type { Boundary } from "./boundary.ts";
import type { EndpointPath } from "./endpoint-path.ts";
import type { Front } from "./fronts.ts";
import type { Delivery } from "./private-delivery.ts";
import type { Comers } from "./private-path.ts";
import type { EffectiveRoute } from "./routes.ts";
import type { DecidedPart, Decision } from "./security-rules.ts";
import type { SubnetDoor } from "./subnet-doors.ts";
import { outcomeFor, type Step } from "./witness.ts";

/** Whether the service's own firewall is asked at all. */
export function gateStep(service: ServiceFact, { publicAccess, fronts }: Boundary, incoming: IpSet): Step {
  const { must, may, evidence } = publicAccess;
  const hasFirewall = fronts[0].guard !== "nothing";
  const says = must
    ? `public access is on, ${hasFirewall ? "so the service's own firewall decides" : "and the service has no firewall"}`
    : may
      ? `whether ${hasFirewall ? "the service's own firewall decides" : "public access is on"} is not known`
      : isOff(service)
        ? "public access is off"
        : "public access is off, or a perimeter takes the place of the firewall";
  return {
    says,
    evidence: evidence.length > 0 ? evidence : evidenceOf(service.id, service.publicNetworkAccess),
    outcome: must ? "passes" : may ? "unknown" : "stops",
    incoming,
    passing: may ? incoming : IpSet.empty,
  };
}

function isOff({ publicNetworkAccess: access }: ServiceFact): boolean {
  return access.kind === "known" && access.value === "off";
}

/** What stands before a public caller: the service's own firewall, or a perimeter in its place. */
export function publicGateStep(service: ServiceFact, boundary: Boundary, incoming: IpSet, front?: Front): Step {
  const alone = perimeterInPlace(boundary);
  if (alone === undefined) {
    const step = gateStep(service, boundary, incoming);
    if (step.outcome !== "stops" || !mayOutliveSwitch(service, front)) return step;
    const says = `public access is off; whether that shuts the ${front?.name} is not documented`;
    return { ...step, says, outcome: "unknown", passing: incoming };
  }
  const says =
    alone.kind === "enforced"
      ? "a network security perimeter takes the place of the firewall, so its rules decide"
      : "public access is not on, so the rules of the network security perimeter decide alone";
  const evidence = [...new Set([...boundary.publicAccess.evidence, ...alone.evidence])];
  return { says, evidence, outcome: "passes", incoming, passing: incoming };
}

function mayOutliveSwitch({ id }: ServiceFact, front: Front | undefined): boolean {
  const part = serviceOfType(id.type)?.parts?.find(({ before }) => before === front?.name);
  return part?.mayOutliveSwitch !== undefined;
}

/** The perimeter whose rules are the only ones that let a public caller in. */
function perimeterInPlace({ perimeter, publicAccess }: Boundary) {
  if (perimeter.kind === "enforced") return perimeter;
  return perimeter.kind === "learning" && !publicAccess.may ? perimeter : undefined;
}

/** What the firewall, or the perimeter in its place, says of the addresses themselves. */
export function addressStep(boundary: Boundary, front: Front, source: IpSet, incoming: IpSet): Step {
  const { publicAccess } = boundary;
  const { addresses } = front;
  const outcome = source.isSubsetOf(unroutable) ? "stops" : outcomeFor(source, addresses);
  const admitting = addresses.evidence.within(source).filter((one) => !publicAccess.evidence.includes(one));
  const alone = perimeterInPlace(boundary);
  const judge = alone === undefined ? guardOf(front) : "perimeter";
  const refusing = alone?.evidence ?? front.refusing(source);
  const why = outcome === "stops" ? whyNobody(boundary, source) : undefined;
  if (why !== undefined) {
    const evidence = [...admitting, ...boundary.ipRules.unmatched.evidence.within(source)].slice(0, 3);
    return { says: why, evidence, outcome, incoming, passing: IpSet.empty };
  }
  const isOwn = alone === undefined && !source.overlaps(front.chosenAddresses.may);
  const besideRules = isOwn ? " without a rule, as one that the service sends from" : "";
  return {
    says:
      outcome === "stops"
        ? `nothing in the ${judge} admits the address`
        : boundary.isOpenForWantOfRules.must && !front.ruleAddresses.must.overlaps(source)
          ? "the firewall has no rule, and admits everybody then"
          : `the ${judge} ${admits[outcome]} the address${besideRules}`,
    evidence: outcome === "stops" ? refusing : admitting.slice(0, 3),
    outcome,
    incoming,
    passing: incoming.intersect(addresses.may),
  };
}

const admits = { passes: "admits", unknown: "may admit" } as const;

function guardOf({ name, guard }: Front): string {
  if (guard === "nothing") return "service itself";
  if (name === undefined) return "firewall";
  return guard === "list" ? `access list of the ${name}` : `firewall of the ${name}`;
}

/** Why it does: nobody has such an address, the service does not answer it, or its rule never matches. */
function whyNobody({ families, ipRules, addresses }: Boundary, source: IpSet): string | undefined {
  if (source.isSubsetOf(unroutable)) return "on the internet nobody has such an address";
  if (!source.overlaps(families.may)) return "the service has no address of that family";
  if (source.overlaps(ipRules.unmatched.addresses) && !source.overlaps(addresses.may)) {
    return "no rule matches the address, which is one of Azure in the region of the service";
  }
  return undefined;
}

/** The rule that stands for every workload in Azure. */
export function azureStep({ azureAddresses, publicAccess }: Boundary, incoming: IpSet): Step {
  return strangersStep("every workload in Azure", azureAddresses, publicAccess, incoming);
}

/** The rule for whoever comes over a service endpoint. */
export function everySubnetStep({ everySubnet, publicAccess }: Boundary, incoming: IpSet): Step {
  return strangersStep("every subnet with a service endpoint", everySubnet, publicAccess, incoming);
}

/** What the gate rests on is told there. */
function strangersStep(who: string, { must, evidence }: Truth, gate: Truth, incoming: IpSet): Step {
  return {
    says: `a rule ${must ? "admits" : "may admit"} ${who}, of whatever tenant`,
    evidence: evidence.filter((one) => !gate.evidence.includes(one)),
    outcome: must ? "passes" : "unknown",
    incoming,
    passing: incoming,
  };
}

/** Whether an address is one of Azure's, without the list of its service tags. */
export function unlistedStep(incoming: IpSet): Step {
  const says = "whether the address is in Azure is not known without the service tag `AzureCloud`";
  return { says, evidence: [], outcome: "unknown", incoming, passing: incoming };
}

/** Whether the service lets somebody in who comes over a service endpoint, and whom no network rule names. */
export function openStep({ everybody }: Boundary, { must, may, evidence }: Truth, incoming: IpSet): Step {
  if (!may) {
    const says = "nothing admits the subnet, whose address is a private one over the service endpoint";
    return { says, evidence, outcome: "stops", incoming, passing: IpSet.empty };
  }
  const whom = everybody.may ? "everybody" : "the subnet without a network rule for it";
  const says = `the service ${must ? "admits" : "may admit"} ${whom}`;
  return { says, evidence, outcome: must ? "passes" : "unknown", incoming, passing: incoming };
}

/** Whether the service answers on the port, where that is not known. */
export function portStep({ must, because }: ServicePorts, port: PortSet, incoming: IpSet): readonly Step[] {
  if (port.isSubsetOf(must)) return [];
  const says = `whether the service answers on the port is not known: ${because.join("; ")}`;
  return [{ says, evidence: [], outcome: "unknown", incoming, passing: incoming }];
}

/** Callers behind a gateway. */
export function comesInStep({ gateway, evidence, ...comers }: Comers, source: IpSet, incoming: IpSet): Step {
  const outcome = outcomeFor(source, comers);
  const says = `the caller ${outcome === "passes" ? "is" : "may be"} behind the gateway \`${gateway.name}\``;
  return { says, evidence, outcome, incoming, passing: incoming };
}

/** Whether replies find their way back over the gateway; told only where that is not certain. */
export function answerStep({ must, because, evidence }: Truth, incoming: IpSet): readonly Step[] {
  if (must) return [];
  return [{ says: because[0] ?? "not known", evidence, outcome: "unknown", incoming, passing: incoming }];
}

/** What a security group makes of the flow; `what` is what the flow does there. */
export function filterStep(what: string, decision: Decision, source: IpSet, incoming: IpSet): Step {
  const { may, parts, because } = decision;
  const outcome = outcomeFor(source, decision);
  const passing = incoming.intersect(may);
  if (parts.length === 0) {
    const says =
      outcome === "passes" ? `${what}: no security group is attached` : `${what}: ${because[0] ?? "not known"}`;
    return { says, evidence: [], outcome, incoming, passing };
  }
  const rule = decidingPart(parts, source, outcome)?.rule;
  const name =
    rule === undefined ? "a rule" : `\`${rule.name}\` (priority ${rule.priority}) of \`${rule.at.resource.name}\``;
  return {
    says: `${what}: ${name} ${verbs[outcome]} it`,
    evidence: rule === undefined ? [] : [rule.at],
    outcome,
    incoming,
    passing,
  };
}

const verbs = { passes: "allows", stops: "denies", unknown: "may decide about" } as const;

/** The part of a decision that says most of what becomes of a source. */
export function decidingPart(
  parts: readonly DecidedPart[],
  source: IpSet,
  outcome: Step["outcome"],
): DecidedPart | undefined {
  const about = parts.filter(({ addresses }) => source.overlaps(addresses));
  if (outcome === "unknown") return about.find(({ isCertain }) => !isCertain) ?? about[0];
  const access = outcome === "passes" ? "allow" : "deny";
  return about.find((part) => part.isCertain && part.access === access) ?? about.find((part) => part.access === access);
}

/** Where the subnet's routes lead on the way to the public endpoint. */
export function routeStep(path: EndpointPath, incoming: IpSet): Step {
  const { isRouted: isOver, endpoints } = path;
  const hops = path.hops();
  const over = hops
    .flatMap(({ routes }) => routes)
    .find(({ endpoint }) => endpoint !== undefined && endpoints.includes(endpoint));
  const others = hops.flatMap(({ routes }) => routes).filter(({ endpoint }) => endpoint === undefined);
  const route = over ?? hops[0]?.routes[0];
  const says = {
    passes: "goes over the service endpoint",
    unknown: "may go over the service endpoint",
    stops: `does not go over a service endpoint, but to ${nextHopsIn(others)}`,
  }[isOver];
  const deciding = isOver === "stops" ? others : route === undefined ? [] : [route];
  const evidence = [...new Set(deciding.flatMap(({ at }) => at ?? []))];
  return { says, evidence, outcome: isOver, incoming, passing: isOver === "stops" ? IpSet.empty : incoming };
}

/** Whether the subnet's service endpoint policies let the flow on; none where there are none. */
export function policyStep({ policies }: EndpointPath, incoming: IpSet): readonly Step[] {
  const { must, may, because, evidence } = policies;
  if (must && evidence.length === 0) return [];
  const says = must
    ? "a service endpoint policy of the subnet lists the service"
    : may
      ? `whether the service endpoint policies of the subnet list the service is not known: ${because.join("; ")}`
      : "no service endpoint policy of the subnet lists the service";
  const outcome = must ? "passes" : may ? "unknown" : "stops";
  return [{ says, evidence, outcome, incoming, passing: may ? incoming : IpSet.empty }];
}

/** The service has one address, and which one of the routes is for it may not be known. */
function nextHopsIn(routes: readonly EffectiveRoute[]): string {
  const types = [...new Set(routes.map(({ nextHopType }) => nextHopType))].sort();
  if (types.length <= 1) return `the next hop ${types[0] ?? "is not known"}`;
  return `one of the next hops ${types.join(", ")}, by its address`;
}

/** The rule of the service that admits the subnet, and what is wrong with it. */
export function ruleStep({ exists, isBroken, isSettled, hasEndpoint, isOn, rule }: SubnetDoor, incoming: IpSet): Step {
  const faults = [
    ...(isOn.may ? [] : ["does not count, since the firewall does not ask about subnets"]),
    ...(exists.may ? [] : ["is for a subnet that is gone"]),
    ...(isBroken.must ? ["is broken"] : []),
    ...(hasEndpoint.may ? [] : ["is for a subnet without the service endpoint"]),
  ];
  const isSure = isSettled.must && isOn.must && exists.must && !isBroken.may && hasEndpoint.must;
  const outcome = faults.length > 0 ? "stops" : isSure ? "passes" : "unknown";
  const says = faults.length > 0 ? `the network rule ${faults.join(", and ")}` : "a network rule admits the subnet";
  return { says, evidence: [rule], outcome, incoming, passing: outcome === "stops" ? IpSet.empty : incoming };
}

/** Whether packets are brought to the private endpoint. */
export function deliveryStep(route: Delivery, from: ResourceId, incoming: IpSet): Step {
  const via = route.hops[0]?.routes[0];
  const nextHop = route.isDirect ? "InterfaceEndpoint" : via?.nextHopType;
  const by = nextHop === undefined ? "" : `, next hop ${nextHop}`;
  const outcome = route.must ? "passes" : route.may ? "unknown" : "stops";
  const says = {
    passes: `the endpoint is reached from \`${from.name}\`, in the same network or one that is peered with it${by}`,
    unknown: `whether packets of \`${from.name}\` get to the endpoint is not known${by}`,
    stops: `no route leads from \`${from.name}\` to the endpoint${by}`,
  }[outcome];
  const evidence = via?.at === undefined ? [] : [via.at];
  return { says, evidence, outcome, incoming, passing: route.may ? incoming : IpSet.empty };
}
