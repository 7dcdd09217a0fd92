import type { ServiceFact, SubnetFact } from "../model/fact.ts";
import { allOf } from "../model/must-may.ts";
import type { Snapshot } from "../model/snapshot.ts";
import { IpSet } from "../net/ip-set.ts";
import type { Boundary } from "./boundary.ts";
import type { OwnEndpoint } from "./firewall-endpoint.ts";
import { assumedNames, firewallSteps } from "./firewall-steps.ts";
import type { InternetPath } from "./internet-ways.ts";
import { portThatPasses } from "./internet-witness.ts";
import type { Way } from "./service-reach.ts";
import type { SubnetDoor } from "./subnet-doors.ts";
import type { Through } from "./through-firewall.ts";
import { canonical, type Reached, type Step, tellingSet, type Witness, witness } from "./witness.ts";
import {
  filterStep,
  gateStep,
  openStep,
  policyStep,
  portStep,
  publicGateStep,
  routeStep,
  ruleStep,
} from "./witness-steps.ts";
import { unseenSenders } from "./witnesses.ts";

/** A way through an Azure Firewall whose own subnet has a service endpoint that leads on. */
export interface OverOwnEndpoint extends Pick<InternetPath, "path" | "route"> {
  readonly via: Through;
  readonly own: OwnEndpoint;
  /** Those of the subnet who are asked about, and whom the filters on the way and the firewall's rules let pass. */
  readonly callers: IpSet;
  readonly passing: Reached & { readonly because: readonly string[] };
}

/** From a subnet, with the identity of the firewall's; also where it is blocked. */
export function wayOverOwnEndpoint(
  service: ServiceFact,
  boundary: Boundary,
  from: SubnetFact,
  given: OverOwnEndpoint,
  snapshot: Snapshot,
): Way {
  const { via, own, callers, passing } = given;
  const isIn = allOf([via.hop.isConnected, own.isAdmitted]);
  const must = isIn.must ? callers.intersect(passing.must) : IpSet.empty;
  const may = isIn.may ? callers.intersect(passing.may) : IpSet.empty;
  const because = must.equals(may) ? [] : [...new Set([...passing.because, ...isIn.because])];
  const by = via.hop.firewall.id;
  const story = witnessOf(service, boundary, from, given, snapshot);
  return { kind: "subnet", from: from.id, by, must, may, because, witness: story };
}

function witnessOf(
  service: ServiceFact,
  boundary: Boundary,
  from: SubnetFact,
  { path, route, via, own, callers }: OverOwnEndpoint,
  snapshot: Snapshot,
): Witness {
  const space = path.space.intersect(IpSet.ipv4);
  const { ports, filter, passing } = portThatPasses(service, from, callers, via, snapshot);
  const set = tellingSet({ must: callers.intersect(passing.must), may: callers.intersect(passing.may) }, callers);
  const source = canonical(set, space);
  return witness({
    flow: {
      source: source.lowest ?? "",
      destination: path.isListed ? path.destinations.intersect(IpSet.ipv4).lowest : undefined,
      protocol: "TCP",
      port: ports.lowest ?? 443,
    },
    set,
    steps: [
      filterStep("leaves the subnet", filter, source, space),
      ...firewallSteps(via, route.routes, via.passage.on(callers, ports), source, space),
      { ...routeStep(own.path, space), says: `goes on over the service endpoint of \`${via.hop.subnet.id.name}\`` },
      ...policyStep(own.path, space),
      ...portStep(service.ports, ports, space),
      ...arrivalSteps(service, boundary, own, space),
    ],
    because: [
      ...(ports.isSubsetOf(service.ports.must) ? [] : service.ports.because),
      ...passing.because,
      ...via.hop.isConnected.because,
      ...own.isAdmitted.because,
    ],
    assumptions: [...boundary.assumptions, ...assumedNames(via), ...unseenSenders(from, snapshot)],
  });
}

function arrivalSteps(
  service: ServiceFact,
  boundary: Boundary,
  { door, isAdmitted }: OwnEndpoint,
  space: IpSet,
): readonly Step[] {
  const isNamed = door !== undefined && (door.admits.may || !isAdmitted.may);
  if (isNamed) return [...exitSteps(door, space), gateStep(service, boundary, space), ruleStep(door, space)];
  return [publicGateStep(service, boundary, space), openStep(boundary, isAdmitted, space)];
}

/** Whether anything gets out of the subnet that a rule names; nothing is told where that is certain. */
function exitSteps({ path }: SubnetDoor, space: IpSet): readonly Step[] {
  if (path === undefined || path.isCertain) return [];
  const isOut = !path.may.isEmpty;
  const says = isOut
    ? "whether it is let out of the firewall's own subnet is not known"
    : "nothing is let out of the firewall's own subnet";
  const outcome = isOut ? "unknown" : "stops";
  return [{ says, evidence: path.denials, outcome, incoming: space, passing: isOut ? space : IpSet.empty }];
}
