import type { ServiceFact, SubnetFact } from "../model/fact.ts";
import type { Snapshot } from "../model/snapshot.ts";
import { IpSet } from "../net/ip-set.ts";
import type { Boundary } from "./boundary.ts";
import type { Egress } from "./egress.ts";
import { eachOf, endpointPath } from "./endpoint-path.ts";
import { assumedNames, firewallSteps, routeStep } from "./firewall-steps.ts";
import type { InternetPath } from "./internet-ways.ts";
import type { Admittance } from "./public-callers.ts";
import { throughAll } from "./security-rules.ts";
import type { Through } from "./through-firewall.ts";
import { canonical, type Step, tellingSet, type Witness, witness } from "./witness.ts";
import { addressStep, azureStep, filterStep, portStep, publicGateStep } from "./witness-steps.ts";
import { unseenSenders } from "./witnesses.ts";

/** Callers in a subnet, at the public endpoint, with the public addresses that they have on the internet. */
export function internetWitness(
  service: ServiceFact,
  boundary: Boundary,
  from: SubnetFact,
  { path, route, egress, admittance, through: via }: InternetPath,
  asked: IpSet,
  snapshot: Snapshot,
): Witness {
  const space = path.space.intersect(egress.callers);
  const own = space.intersect(asked);
  const { ports, filter, passing } = portThatPasses(service, from, own, via, snapshot);
  const set = tellingSet({ must: own.intersect(passing.must), may: own.intersect(passing.may) }, own);
  const source = canonical(set, path.space);
  const destinations = path.destinations.intersect(egress.callers.overlaps(IpSet.ipv4) ? IpSet.ipv4 : IpSet.ipv6);
  const steps = [
    filterStep("leaves the subnet", filter, source, space),
    ...(via === undefined
      ? [routeStep(from, route, "goes", space)]
      : [
          ...firewallSteps(via, route.routes, via.passage.on(own, ports), source, space),
          routeStep(via.hop.subnet, via.onward, "goes on", space),
        ]),
    egressStep(egress, space),
    ...admittanceSteps(service, boundary, egress, admittance),
    ...portStep(service.ports, ports, space),
  ];
  return witness({
    flow: {
      source: source.lowest ?? "",
      destination: path.isListed ? destinations.lowest : undefined,
      protocol: "TCP",
      port: ports.lowest ?? 443,
    },
    set,
    steps,
    because: [
      ...(ports.isSubsetOf(service.ports.must) ? [] : service.ports.because),
      ...passing.because,
      ...(via === undefined ? route.because : [...via.hop.isConnected.because, ...via.onward.because]),
      ...egress.isOut.because,
      ...admittance.isAdmitted.because,
    ],
    assumptions: [
      ...boundary.assumptions,
      ...egress.evidence.flatMap(({ assumptions = [] }) => assumptions),
      ...(egress.by === undefined ? unseenBalancers : []),
      ...(via === undefined ? [] : assumedNames(via)),
      ...unseenSenders(from, snapshot),
    ],
  });
}

/** Of the service's ports one is enough: one by which callers get out, if there is any. */
export function portThatPasses(
  service: ServiceFact,
  from: SubnetFact,
  callers: IpSet,
  via: Through | undefined,
  snapshot: Snapshot,
) {
  const inOrder = [...eachOf(service.ports.must), ...eachOf(service.ports.may.minus(service.ports.must))];
  const [first, ...others] = inOrder.map((ports) => {
    const filter = endpointPath(service, from, snapshot, ports).filter();
    const passing = via === undefined ? filter : throughAll([filter, via.passage.on(callers, ports)], callers);
    return { ports, filter, passing };
  });
  if (first === undefined) throw new RangeError("a service without a port");
  const all = [first, ...others];
  return (
    all.find(({ passing }) => passing.must.overlaps(callers)) ??
    all.find(({ passing }) => passing.may.overlaps(callers)) ??
    first
  );
}

/** Interfaces do not show pools that list their addresses: https://learn.microsoft.com/azure/load-balancer/backend-pool-management */
const unseenBalancers = ["no load balancer sends for it, of those whose pools list addresses"];

function egressStep(egress: Egress, incoming: IpSet): Step {
  const { isOut, may, evidence } = egress;
  const outcome = isOut.must ? "passes" : isOut.may ? "unknown" : "stops";
  return { says: egressText(egress), evidence, outcome, incoming, passing: may };
}

function egressText({ isOut, must, may, by }: Egress): string {
  if (!isOut.may) {
    return "nothing gives it a public address: no NAT gateway, no public address of its own, no default outbound access";
  }
  if (by === undefined && !isOut.must) return "whether it gets out, and with which public address, is not known";
  if (by === undefined) return "gets out by default outbound access, with an address of Azure's choice";
  if (must.isEmpty) return `gets a public address from \`${by.name}\`; which one is not known`;
  return `gets ${oneOf(must, may)} from \`${by.name}\``;
}

function oneOf(must: IpSet, may: IpSet): string {
  const list = textOf(must);
  if (!must.equals(may)) return `one of ${list} and others that are not known`;
  return must.at(1) === undefined ? `the address ${list}` : `one of the addresses ${list}`;
}

function textOf(addresses: IpSet): string {
  return addresses.toPrefixes().join(", ");
}

function admittanceSteps(
  service: ServiceFact,
  boundary: Boundary,
  { must, may }: Egress,
  { isAdmitted, by, front }: Admittance,
): readonly Step[] {
  const gate = publicGateStep(service, boundary, may, front);
  if (by === "region") {
    const says = "no rule for addresses matches callers in the region of the service, who come with private ones";
    return [gate, { says, evidence: isAdmitted.evidence, outcome: "stops", incoming: may, passing: IpSet.empty }];
  }
  if (by === "azure") return [gate, withDoubt(azureStep(boundary, may), isAdmitted.must)];
  const { addresses } = front;
  const admitted = [addresses.must, addresses.may].map((set) => must.intersect(set)).find((set) => !set.isEmpty);
  const told = addressStep(boundary, front, admitted === undefined ? may : canonical(admitted), may);
  const refused = must.minus(addresses.may);
  const isPart = admitted !== undefined && !refused.isEmpty;
  const step = isPart
    ? { ...told, says: `${told.says} ${canonical(admitted).lowest}, but not ${textOf(refused)}` }
    : told;
  return [gate, withDoubt(step, isAdmitted.must)];
}

/** A rule that is certain may still not be for these callers. */
function withDoubt(step: Step, isCertain: boolean): Step {
  return step.outcome === "passes" && !isCertain ? { ...step, outcome: "unknown" } : step;
}
