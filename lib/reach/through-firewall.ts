import type { ServiceFact, SubnetFact } from "../model/fact.ts";
import { allOf, certainly, perhaps, type Truth } from "../model/must-may.ts";
import { evidenceOf } from "../model/setting.ts";
import type { Snapshot } from "../model/snapshot.ts";
import { IpSet } from "../net/ip-set.ts";
import type { Boundary } from "./boundary.ts";
import { type Egress, gatewayEgress, withOneOf } from "./egress.ts";
import { hopsTo } from "./endpoint-route.ts";
import { type OwnEndpoint, ownEndpoint } from "./firewall-endpoint.ts";
import type { FirewallHop } from "./firewall-hop.ts";
import { type InForce, inForceOn } from "./firewall-in-force.ts";
import { type Passage, passageTo } from "./firewall-passage.ts";
import { type InternetRoute, internetRoute, leadsOut } from "./internet-route.ts";
import { type Admittance, admittanceOf } from "./public-callers.ts";
import { type Whereabouts, whereaboutsOf } from "./whereabouts.ts";

/** The part of a way over the internet that leads through an Azure Firewall. */
export interface Through {
  readonly hop: FirewallHop;
  readonly inForce: InForce;
  readonly passage: Passage;
  /** Where the routes of the firewall's own subnet lead from there. */
  readonly onward: InternetRoute;
  /** Where they certainly lead over a service endpoint. */
  readonly own: OwnEndpoint | undefined;
}

export function through(service: ServiceFact, boundary: Boundary, hop: FirewallHop, snapshot: Snapshot): Through {
  const inForce = inForceOn(hop.firewall, snapshot);
  const found = ownEndpoint(service, boundary, hop.subnet, snapshot);
  const own = found?.path.isRouted === "passes" ? found : undefined;
  const onward = onwardFrom(hop, whereaboutsOf(service, snapshot), snapshot);
  const passage = passageTo(service, boundary, inForce, !onward.mayLeadElsewhere, snapshot);
  return { hop, inForce, passage, onward, own };
}

/** The same for all callers, and for all services that may be at the same addresses. */
function onwardFrom({ subnet }: FirewallHop, whereabouts: Whereabouts, snapshot: Snapshot): InternetRoute {
  const { listed = "", endpoints } = whereabouts;
  return snapshot.once(`onward from ${subnet.id.key} to ${listed} ${endpoints.join()}`, () => {
    snapshot.get(subnet.id); // what is remembered rests on the subnet, too
    return internetRoute({ hops: () => hopsTo(whereabouts, IpSet.ipv4, subnet, snapshot), endpoints }, "ipv4");
  });
}

/**
 * Each connection has any one of its public addresses; with a NAT gateway on its subnet, one of that:
 * https://learn.microsoft.com/azure/firewall/deploy-multi-public-ip-powershell,
 * https://learn.microsoft.com/azure/firewall/integrate-with-nat-gateway
 */
export function egressOfFirewall({ firewall, subnet }: FirewallHop, callers: IpSet, snapshot: Snapshot): Egress {
  const overGateway = gatewayEgress(subnet, callers, "ipv4", snapshot);
  if (overGateway !== undefined) return overGateway;
  const { id, publicIPAddresses: list } = firewall;
  const evidence = evidenceOf(id, list);
  const ids = list.kind === "known" ? list.value : [];
  const isOut =
    list.kind === "unknown"
      ? perhaps([list.because], evidence)
      : ids.length === 0
        ? perhaps([`\`${id.name}\` has no public address`], evidence)
        : certainly(true, evidence);
  return withOneOf(ids, { by: id, isOut, callers, family: "ipv4" }, snapshot);
}

/**
 * The firewall makes the request anew; whether a service that does not know callers of its own region by their public addresses
 * takes it for that of the subnet is not documented.
 */
export function admittanceThrough(
  service: ServiceFact,
  boundary: Boundary,
  egress: Egress,
  { subnet }: FirewallHop,
  from: SubnetFact,
  snapshot: Snapshot,
): Admittance {
  const ofFirewall = admittanceOf(service, boundary, egress, subnet, snapshot);
  const own = admittanceOf(service, boundary, egress, from, snapshot);
  const [one, other] = [ofFirewall.isAdmitted, own.isAdmitted];
  if (one.must === other.must && one.may === other.may) return ofFirewall;
  const isAdmitted: Truth = perhaps([undocumentedRegion, ...one.because, ...other.because], one.evidence);
  return { ...(ofFirewall.by === "region" ? own : ofFirewall), isAdmitted };
}

const undocumentedRegion =
  "whether callers who come through a firewall of another region count as callers of the service's region is not documented";

/** Whether packets that the firewall lets pass get out, but for what decides about their addresses. */
export function isOutThrough({ hop, onward }: Through, egress: Egress): Truth {
  return allOf([hop.isConnected, leadsOut(onward), egress.isOut]);
}
