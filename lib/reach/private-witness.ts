import type { SubnetFact } from "../model/fact.ts";
import { anyOf } from "../model/must-may.ts";
import { fold } from "../model/resource-id.ts";
import { evidenceOf } from "../model/setting.ts";
import type { Snapshot } from "../model/snapshot.ts";
import { IpSet } from "../net/ip-set.ts";
import { namesOf } from "./dns-chain.ts";
import { isAnsweredBefore } from "./dns-links.ts";
import { recordsOf } from "./dns-records.ts";
import { asksDnsServersElsewhere } from "./dns-servers.ts";
import type { EndpointCallers } from "./endpoint-callers.ts";
import { zoneAnswering } from "./endpoint-lookup.ts";
import { assumedNames, firewallSteps } from "./firewall-steps.ts";
import { spaceIn } from "./places.ts";
import { linkedGroupsOf } from "./private-link-groups.ts";
import type { EndpointPlace, PrivateFlow, PrivatePath } from "./private-path.ts";
import { canonical, type Step, tellingSet, type Witness, witness } from "./witness.ts";
import { answerStep, comesInStep, deliveryStep, filterStep, portStep } from "./witness-steps.ts";
import { betweenFamilies, unseenSenders } from "./witnesses.ts";

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

/** Without the zone, or its record, the name of the service leads past the endpoint. */
function byAddress({ endpoint }: EndpointPlace, from: SubnetFact, snapshot: Snapshot): readonly string[] {
  const network = from.id.parent;
  if (network === undefined) return [];
  const reasons = linkedGroupsOf(endpoint, snapshot).groups.flatMap((group) => {
    const { zoneName, isElsewhere, ownZone } = group;
    if (isElsewhere.may) return isElsewhere.because;
    const isAway = network.key !== endpoint.subnet?.parent?.key;
    if (isAway && ownZone?.zone !== undefined && ownZone.isPublicToo) return [];
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
