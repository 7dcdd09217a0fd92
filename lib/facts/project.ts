import { apiVersionOf } from "../catalog/api-versions.ts";
import { isInEnvironment } from "../catalog/environments.ts";
import { catalog, retiredServices } from "../catalog/index.ts";
import { type Placement, placementOfType, placements } from "../catalog/placements.ts";
import type { ChildSource, Service } from "../catalog/service.ts";
import type {
  AccessRule,
  Fact,
  ForwardingLinkFact,
  PlacedFact,
  VirtualNetworkLinkFact,
  VirtualNetworkRule,
} from "../model/fact.ts";
import { fold, ResourceId } from "../model/resource-id.ts";
import type { Projected } from "../model/snapshot-builder.ts";
import { type ArmResource, isFlattened, receive } from "./arm-resource.ts";
import { azureFirewall } from "./azure-firewall.ts";
import { circuit, circuitPeering } from "./circuit.ts";
import { forwardingLink, forwardingRule } from "./dns-forwarding.ts";
import { effectiveRoutes } from "./effective-routes.ts";
import { endpointPolicy } from "./endpoint-policy.ts";
import { firewallPolicy, ipGroup, ruleCollectionGroup } from "./firewall-policy.ts";
import { gatewayConnection } from "./gateway-connection.ts";
import { localNetworkGateway } from "./local-network-gateway.ts";
import { natGateway } from "./nat-gateway.ts";
import { network } from "./network.ts";
import { networkGateway } from "./network-gateway.ts";
import { networkInterface } from "./network-interface.ts";
import { perimeterAccessRule, perimeterAssociation, perimeterConfiguration } from "./perimeter.ts";
import { placedMaker } from "./placed.ts";
import { dnsRecordSet, privateDnsZone, virtualNetworkLink } from "./private-dns-zone.ts";
import { privateDnsZoneGroup } from "./private-dns-zone-group.ts";
import { privateEndpoint } from "./private-endpoint.ts";
import { publicIpAddress } from "./public-ip-address.ts";
import { publicIpPrefix } from "./public-ip-prefix.ts";
import { routeTable } from "./route-table.ts";
import { securityAdminRules } from "./security-admin-rules.ts";
import { securityGroup } from "./security-group.ts";
import { serviceMaker } from "./service.ts";
import { other, serviceChildMaker } from "./service-child.ts";
import { subnet } from "./subnet.ts";

/** What one body gave, and what in it could not be understood. */
export interface Projection {
  readonly projected?: Projected;
  readonly problems: readonly string[];
}

interface FactsOfBody extends Omit<Projected, "isFull"> {
  /** False where the body lacks what rules need to see, although it has properties. */
  readonly isFull?: boolean;
  readonly problems: readonly string[];
}

type Projector = (resource: ArmResource) => FactsOfBody;

/** Turns a body as ARM returned it into facts; the body is not needed afterwards. */
export function project(body: unknown): Projection {
  const received = receive(body);
  if (received.kind === "problem") return { problems: [received.message] };
  const { resource } = received;
  const { problems, isFull = true, ...facts } = (projectors.get(resource.id.type) ?? single(other))(resource);
  const projected = { ...facts, isFull: isFull && resource.thinBecause === undefined };
  return { projected, problems: [...problems, ...flattening(resource)] };
}

/** Says what to record instead of the output of `az storage account list` and its like. */
function flattening({ id, body }: ArmResource): readonly string[] {
  const apiVersion = apiVersionOf(id.type);
  if (apiVersion === undefined || !isFlattened(body)) return [];
  const url = `https://management.azure.com${listOf(id)}?api-version=${apiVersion}`;
  return [
    `\`${id.text}\` is flattened command-line output (\`az storage account list\` and its like give settings other ` +
      `names and leave some out): record \`az rest --method get --url "${url}"\` instead`,
  ];
}

/** The path of the list that holds a resource: of its subscription, or of its parent. */
function listOf(id: ResourceId): string {
  const [, , subscription, , , , namespace, type, ...children] = id.text.split("/");
  if (children.length < 2) return `/subscriptions/${subscription}/providers/${namespace}/${type}`;
  return id.text.slice(0, id.text.lastIndexOf("/"));
}

function single(makeFact: (resource: ArmResource) => Fact): Projector {
  return (resource) => ({ fact: makeFact(resource), children: [], embeds: [], problems: [] });
}

/** An association of which it is not known what it associates could be that of any service. */
function association(resource: ArmResource): FactsOfBody {
  const fact = perimeterAssociation(resource);
  return { fact, isFull: fact.service !== undefined, children: [], embeds: [], problems: [] };
}

/** A connection of which it is not known which gateway it is of could be that of any. */
function connection(resource: ArmResource): FactsOfBody {
  const fact = gatewayConnection(resource);
  return { fact, isFull: fact.virtualNetworkGateway1 !== undefined, children: [], embeds: [], problems: [] };
}

/** A link of which it is not known what it links could be that of any network. */
function link(makeFact: (resource: ArmResource) => VirtualNetworkLinkFact | ForwardingLinkFact): Projector {
  return (resource) => {
    const fact = makeFact(resource);
    return { fact, isFull: fact.network !== undefined, children: [], embeds: [], problems: [] };
  };
}

function inSubnets(placement: Placement): Projector {
  const placed = placedMaker(placement);
  return (resource) => {
    const fact = placed(resource);
    return { fact, isFull: isPlaceUnderstood(fact), children: [], embeds: [], problems: [] };
  };
}

/** A service of which it is not known what subnet it names could be in any. */
function isPlaceUnderstood({ subnets }: Pick<PlacedFact, "subnets">): boolean {
  return subnets.kind === "known" && subnets.value.every(({ subnet }) => subnet !== undefined);
}

/** Of a service that stands in an environment no more than its place is known, where it has one. */
function ofService(source: Service): Projector {
  const audited = withNetworkRules(serviceMaker(source));
  if (source.environments === undefined) return audited;
  const placement = placementOfType(fold(source.type));
  const held = placement === undefined ? single(other) : inSubnets(placement);
  return (resource) => (isInEnvironment(resource.id.type, resource.body) ? held(resource) : audited(resource));
}

/** A network rule of which it is not known what it names could admit any subnet. */
function withNetworkRules(makeFact: (resource: ArmResource) => Fact): Projector {
  return (resource) => {
    const fact = makeFact(resource);
    const isPlaced = fact.kind !== "service" || isPlaceUnderstood(fact);
    return { fact, isFull: isPlaced && areNetworkRulesUnderstood(fact), children: [], embeds: [], problems: [] };
  };
}

/** Where no other child of the type matters, having read that one is as good as having read them all. */
function ofChild(child: ChildSource, source: Service): Projector {
  const projector = withNetworkRules(serviceChildMaker(child, source));
  const { name } = child;
  if (name === undefined) return projector;
  return (resource) => ({ ...projector(resource), isAllOfType: fold(resource.id.name) === fold(name) });
}

function areNetworkRulesUnderstood(fact: Fact): boolean {
  if (fact.kind === "virtualNetworkRule") return isUnderstood(fact.rule);
  const settings = fact.kind === "firewall" ? fact.settings : fact.kind === "service" ? fact.firewall : undefined;
  if (settings === undefined) return true;
  const { virtualNetworkRules: rules, accessLists: lists } = settings;
  return (
    rules.kind === "known" &&
    rules.value.every(isUnderstood) &&
    lists.every((list) => list.rules.kind === "known" && list.rules.value.every(isListedRuleUnderstood))
  );
}

function isUnderstood({ subnet, at }: VirtualNetworkRule): boolean {
  return subnet !== undefined || ResourceId.parse(at.value) !== undefined;
}

function isListedRuleUnderstood({ access, isNetworkRule, subnet }: AccessRule): boolean {
  return !isNetworkRule || access === "deny" || subnet !== undefined;
}

/** Folded type → how its bodies become facts. Other types are known to exist, and no more. */
const projectors = new Map<string, Projector>([
  ["microsoft.network/virtualnetworks", network],
  ["microsoft.network/virtualnetworks/subnets", single(subnet)],
  ["microsoft.network/routetables", single(routeTable)],
  ["microsoft.network/serviceendpointpolicies", single(endpointPolicy)],
  ["microsoft.network/networksecuritygroups", single(securityGroup)],
  ["microsoft.network/virtualnetworks/effectivesecurityadminrules", single(securityAdminRules)],
  ["microsoft.network/publicipaddresses", single(publicIpAddress)],
  ["microsoft.network/publicipprefixes", single(publicIpPrefix)],
  ["microsoft.network/natgateways", single(natGateway)],
  ["microsoft.network/virtualnetworkgateways", single(networkGateway)],
  ["microsoft.network/connections", connection],
  ["microsoft.network/localnetworkgateways", single(localNetworkGateway)],
  ["microsoft.network/privateendpoints", single(privateEndpoint)],
  ["microsoft.network/privateendpoints/privatednszonegroups", single(privateDnsZoneGroup)],
  ["microsoft.network/privatednszones", single(privateDnsZone)],
  ["microsoft.network/privatednszones/virtualnetworklinks", link(virtualNetworkLink)],
  ["microsoft.network/privatednszones/a", single(dnsRecordSet)],
  ["microsoft.network/privatednszones/aaaa", single(dnsRecordSet)],
  ["microsoft.network/dnsforwardingrulesets/virtualnetworklinks", link(forwardingLink)],
  ["microsoft.network/dnsforwardingrulesets/forwardingrules", single(forwardingRule)],
  ["microsoft.network/networkinterfaces", single(networkInterface)],
  ["microsoft.network/networkinterfaces/effectiveroutetable", single(effectiveRoutes)],
  ["microsoft.network/expressroutecircuits", circuit],
  ["microsoft.network/expressroutecircuits/peerings", single(circuitPeering)],
  ["microsoft.network/azurefirewalls", single(azureFirewall)],
  ["microsoft.network/firewallpolicies", single(firewallPolicy)],
  ["microsoft.network/firewallpolicies/rulecollectiongroups", single(ruleCollectionGroup)],
  ["microsoft.network/ipgroups", single(ipGroup)],
  ["microsoft.network/networksecurityperimeters/resourceassociations", association],
  ["microsoft.network/networksecurityperimeters/profiles/accessrules", single(perimeterAccessRule)],
  ...placements.map((placement): [string, Projector] => [fold(placement.type), inSubnets(placement)]),
  ...retiredServices.map(({ type }): [string, Projector] => [
    fold(type),
    single(({ id }) => ({ kind: "retired", id, names: [] })),
  ]),
  ...catalog.flatMap((source): [string, Projector][] => [
    [fold(source.type), ofService(source)],
    [fold(`${source.type}/networkSecurityPerimeterConfigurations`), single(perimeterConfiguration)],
    ...source.children.map((child): [string, Projector] => [
      fold(`${source.type}/${child.type}`),
      ofChild(child, source),
    ]),
  ]),
]);
