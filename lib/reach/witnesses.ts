import { serviceOfType } from "../catalog/index.ts";
import type { PrivateEndpointFact, ServiceFact, SubnetFact } from "../model/fact.ts";
import { anyOf, type Truth } from "../model/must-may.ts";
import { fold } from "../model/resource-id.ts";
import { evidenceOf } from "../model/setting.ts";
import { factAt, type Snapshot } from "../model/snapshot.ts";
import { IpSet } from "../net/ip-set.ts";
import type { PortSet } from "../net/port-set.ts";
import { unroutable } from "../net/special-ranges.ts";
import type { Boundary } from "./boundary.ts";
import { namesOf } from "./dns-chain.ts";
import { isAnsweredBefore } from "./dns-links.ts";
import { recordsOf } from "./dns-records.ts";
import { asksDnsServersElsewhere } from "./dns-servers.ts";
import type { EndpointCallers } from "./endpoint-callers.ts";
import { zoneAnswering } from "./endpoint-lookup.ts";
import { eachOf, endpointPath, usualPortOf } from "./endpoint-path.ts";
import { assumedNames, firewallSteps } from "./firewall-steps.ts";
import type { Front } from "./fronts.ts";
import { spaceIn, unseenIn } from "./places.ts";
import { linkedGroupsOf } from "./private-link-groups.ts";
import type { EndpointPlace, PrivateFlow, PrivatePath } from "./private-path.ts";
import type { SubnetDoor } from "./subnet-doors.ts";
import { canonical, type Step, tellingSet, type Witness, witness } from "./witness.ts";
import {
  addressStep,
  answerStep,
  azureStep,
  comesInStep,
  deliveryStep,
  everySubnetStep,
  filterStep,
  gateStep,
  openStep,
  policyStep,
  portStep,
  publicGateStep,
  routeStep,
  ruleStep,
  unlistedStep,
} from "./witness-steps.ts";

/** Callers on the internet, at the public endpoint: about those of `asked` of whom the most can be said. */
export function publicWitness(service: ServiceFact, boundary: Boundary, front: Front, asked: IpSet): Witness {
  const { must, may, because } = front.addresses;
  const there = asked.minus(unroutable);
  const set = tellingSet({ must: there.intersect(must), may: there.intersect(may) }, asked);
  const source = canonical(set);
  return witness({
    flow: {
      source: source.lowest ?? "",
      destination: undefined,
      protocol: "TCP",
      port: serviceOfType(service.id.type)?.publicPorts?.lowest ?? usualPortOf(service),
    },
    set,
    steps: [publicGateStep(service, boundary, asked, front), addressStep(boundary, front, source, asked)],
    because,
    assumptions: boundary.assumptions,
  });
}

/** Workloads in Azure, by the rule that stands for all of them; `asked` are addresses there. */
export function azureWitness(service: ServiceFact, boundary: Boundary, asked: IpSet): Witness {
  return strangersWitness(service, boundary, asked, canonical(asked), [azureStep(boundary, asked)]);
}

/** The same without the list of Azure's addresses; `source` may be one of them. */
export function unlistedWitness(service: ServiceFact, boundary: Boundary, asked: IpSet, source?: IpSet): Witness {
  const step = azureStep(boundary, asked);
  return strangersWitness(
    service,
    boundary,
    asked,
    source,
    source === undefined ? [step] : [unlistedStep(asked), step],
  );
}

/** Callers over a service endpoint, from a subnet of whatever tenant; their addresses are private ones. */
export function everySubnetWitness(service: ServiceFact, boundary: Boundary): Witness {
  return strangersWitness(service, boundary, IpSet.all, undefined, [everySubnetStep(boundary, IpSet.all)]);
}

/** `steps` are those after public access. */
function strangersWitness(
  service: ServiceFact,
  boundary: Boundary,
  asked: IpSet,
  source: IpSet | undefined,
  steps: readonly Step[],
): Witness {
  const port = usualPortOf(service);
  const open = steps.filter(({ outcome }) => outcome === "unknown");
  return witness({
    flow: { source: source?.lowest, destination: undefined, protocol: "TCP", port },
    set: source === undefined ? IpSet.empty : asked,
    steps: [gateStep(service, boundary, asked), ...steps],
    because: [...boundary.publicAccess.because, ...open.map(({ says }) => says)],
    assumptions: [
      ...boundary.assumptions,
      ...boundary.publicAccess.evidence.flatMap(({ assumptions = [] }) => assumptions),
    ],
  });
}

/** Callers in a subnet that a network rule names, over the service endpoint; undefined where the subnet was not read. */
export function subnetWitness(
  service: ServiceFact,
  boundary: Boundary,
  door: SubnetDoor,
  snapshot: Snapshot,
  asked: IpSet = IpSet.all,
): Witness | undefined {
  const subnet = factAt(door.subnet, "subnet", snapshot);
  if (subnet === undefined) return undefined;
  const ends = (space: IpSet) => [gateStep(service, boundary, space), ruleStep(door, space)];
  return overEndpoint(service, boundary, subnet, ends, door.admits.because, snapshot, asked);
}

/** Callers in a subnet, over the service endpoint of a service that admits whom no network rule names, or may. */
export function openWitness(
  service: ServiceFact,
  boundary: Boundary,
  from: SubnetFact,
  admits: Truth,
  snapshot: Snapshot,
  asked: IpSet,
): Witness {
  const ends = (space: IpSet) => [publicGateStep(service, boundary, space), openStep(boundary, admits, space)];
  return overEndpoint(service, boundary, from, ends, admits.because, snapshot, asked);
}

function overEndpoint(
  service: ServiceFact,
  boundary: Boundary,
  subnet: SubnetFact,
  ends: (space: IpSet) => readonly Step[],
  because: readonly string[],
  snapshot: Snapshot,
  asked: IpSet,
): Witness {
  const all = [IpSet.ipv4, IpSet.ipv6].flatMap((family) =>
    eachOf(service.ports.may).map((ports) => ({
      ports,
      path: endpointPath(service, subnet, snapshot, ports, family),
    })),
  );
  const best =
    all.find(({ path }) => path.must.overlaps(asked)) ??
    all.find(({ path }) => path.may.overlaps(asked)) ??
    all.find(({ path }) => path.space.overlaps(asked));
  if (best === undefined) return betweenFamilies(service, undefined, service.ports.must, asked);
  const { path, ports } = best;
  const { space, destinations } = path;
  const set = tellingSet({ must: path.must.intersect(asked), may: path.may.intersect(asked) }, space.intersect(asked));
  const source = canonical(set, space);
  return witness({
    flow: {
      source: source.lowest ?? "",
      destination: path.isListed ? destinations.lowest : undefined,
      protocol: "TCP",
      port: ports.lowest ?? 443,
    },
    set,
    steps: [
      filterStep("leaves the subnet", path.filter(), source, space),
      routeStep(path, space),
      ...policyStep(path, space),
      ...portStep(service.ports, ports, space),
      ...ends(space),
    ],
    because: [...path.because, ...because],
    assumptions: [...boundary.assumptions, ...unseenSenders(subnet, snapshot)],
  });
}

/** Callers in a subnet, at a private endpoint. */
export function privateWitness(
  callers: EndpointCallers,
  place: EndpointPlace,
  path: PrivatePath,
  snapshot: Snapshot,
  asked = IpSet.all,
): Witness {
  const { best, because, from, comers, isAnswered } = path;
  if (best === undefined || !best.space.overlaps(asked)) {
    return betweenFamilies(place.endpoint, place.addresses, place.ports.must, path.space.intersect(asked));
  }
  const { space, outbound, port, destination } = best;
  const set = tellingSet({ must: best.must.intersect(asked), may: best.may.intersect(asked) }, space.intersect(asked));
  const others = set.minus(place.addresses); // nobody calls from the endpoint's own addresses
  const source = canonical(others.isEmpty ? set : others, space);
  return witness({
    flow: {
      source: source.lowest ?? "",
      destination: destination.lowest,
      protocol: "TCP",
      port: port.lowest ?? 443,
    },
    set,
    steps: [
      ...(comers === undefined ? [] : [comesInStep(comers, source, space)]),
      filterStep("leaves the subnet", outbound, source, space),
      ...arrivalSteps(best, place, from, source),
      ...portStep(place.ports, port, space),
      approvalStep(callers, space),
      ...(isAnswered === undefined ? [] : answerStep(isAnswered, space)),
    ],
    because: [...because, ...callers.isApproved.because],
    assumptions:
      comers === undefined
        ? [
            ...byAddress(place, from, snapshot),
            ...(best.through === undefined ? [] : assumedNames(best.through)),
            ...unseenSenders(from, snapshot),
            ...(best.route.may ? [] : unseenGroup(from, place)),
          ]
        : [
            `the gateway \`${comers.gateway.name}\` is connected, and callers behind it use the address of the endpoint`,
          ],
  });
}

/** To the endpoint's subnet, directly or through an Azure Firewall, and into it. */
function arrivalSteps(flow: PrivateFlow, place: EndpointPlace, from: SubnetFact, source: IpSet): readonly Step[] {
  const { space, inbound, route, through, may } = flow;
  const isFiltered = inbound.parts.length > 0 || inbound.because.length > 0;
  if (through === undefined) {
    const enters = isFiltered
      ? filterStep("enters the endpoint's subnet", inbound, source, space)
      : unfiltered(place, space);
    return [deliveryStep(route, from.id, space), enters];
  }
  const { hop, decision, onward } = through;
  const routes = route.hops.flatMap((one) => one.routes);
  const senders = spaceIn(hop.subnet).intersect(IpSet.ipv4);
  const sender = canonical(tellingSet(inbound, senders), senders);
  const told = isFiltered
    ? filterStep("enters the endpoint's subnet", inbound, sender, senders)
    : unfiltered(place, space);
  const isShut = inbound.may.isEmpty && !may.overlaps(source);
  const outcome = senders.isSubsetOf(inbound.must) ? "passes" : isShut ? "stops" : "unknown";
  return [
    ...firewallSteps(through, routes, decision, source, space),
    deliveryStep(onward, hop.subnet.id, space),
    { ...told, outcome, incoming: space, passing: outcome === "stops" ? IpSet.empty : space },
  ];
}

/**
 * Networks that a network manager connects in a mesh have no peering, and their bodies say nothing of it: "connected group".
 * https://learn.microsoft.com/azure/virtual-network-manager/concept-connectivity-configuration#connected-group
 */
function unseenGroup({ id }: SubnetFact, { subnet }: EndpointPlace): readonly string[] {
  const [own, other] = [id.parent, subnet.id.parent];
  if (own === undefined || other === undefined || own.key === other.key) return [];
  return [`no network manager connects \`${own.name}\` and \`${other.name}\` as a group, which has no peering`];
}

/** Nothing goes from one family of addresses to the other. */
export function betweenFamilies(
  { id }: ServiceFact | PrivateEndpointFact,
  addresses: IpSet | undefined,
  ports: PortSet,
  set: IpSet,
): Witness {
  const flow = {
    source: canonical(set).lowest ?? "",
    destination: addresses?.lowest,
    protocol: "TCP",
    port: ports.lowest ?? 443,
  } as const;
  const says = `\`${id.name}\` has no address of the family that the caller has`;
  const stop: Step = { says, evidence: [], outcome: "stops", incoming: set, passing: IpSet.empty };
  return witness({ flow, set, steps: [stop], because: [], assumptions: [] });
}

/** Azure lists interfaces in the subnet that were not read. */
export function unseenSenders(subnet: SubnetFact, snapshot: Snapshot): readonly string[] {
  const unseen = unseenIn(subnet, snapshot);
  if (unseen === undefined) return [];
  return [`no security group of an interface in \`${subnet.id.name}\` says otherwise (${unseen})`];
}

/** Without the zone, or its record, the name of the service leads past the endpoint. */
function byAddress({ endpoint }: EndpointPlace, from: SubnetFact, snapshot: Snapshot): readonly string[] {
  const network = from.id.parent;
  if (network === undefined) return [];
  const reasons = linkedGroupsOf(endpoint, snapshot).groups.flatMap((group) => {
    const { zoneName, isElsewhere } = group;
    if (isElsewhere.may) return isElsewhere.because;
    const isBefore = isAnsweredBefore(fold(zoneName), network, () => namesOf(endpoint, group, snapshot), snapshot);
    if (isBefore.may) return isBefore.because;
    const isAsked = !asksDnsServersElsewhere(network, snapshot).may;
    const zone = isAsked ? zoneAnswering(network, endpoint, zoneName, snapshot) : undefined;
    if (zone === undefined) return [`that \`${network.name}\` finds its name in \`${zoneName}\` is not certain`];
    const isWrong = anyOf(recordsOf(endpoint, group, zone, snapshot).map((record) => record.isWrong));
    return isWrong.may ? [`that each of its names in \`${zoneName}\` leads there is not certain`] : [];
  });
  return [...new Set(reasons)].map((reason) => `clients use the address of the endpoint: ${reason}`);
}

function unfiltered({ subnet }: EndpointPlace, space: IpSet): Step {
  const { privateEndpointNetworkPolicies: policies, networkSecurityGroup: group } = subnet;
  const hasGroup = group.kind === "known" && group.value !== undefined;
  return {
    says: hasGroup
      ? "the security group of the endpoint's subnet does not apply to it"
      : "no security group is attached to the endpoint's subnet",
    evidence: hasGroup ? evidenceOf(subnet.id, policies) : evidenceOf(subnet.id, group),
    outcome: "passes",
    incoming: space,
    passing: space,
  };
}

function approvalStep({ isApproved, isRefused = false }: EndpointCallers, incoming: IpSet): Step {
  const { must, may, evidence } = isApproved;
  return {
    says: must
      ? "the connection of the endpoint is approved"
      : may
        ? "whether the connection is approved is not known"
        : isRefused
          ? "the connection of the endpoint is approved, and the service lets no request in over it"
          : "the connection of the endpoint is not approved",
    evidence,
    outcome: must ? "passes" : may ? "unknown" : "stops",
    incoming,
    passing: may ? incoming : IpSet.empty,
  };
}
