import { serviceOfType } from "../catalog/index.ts";
import type { PrivateEndpointFact, ServiceFact, SubnetFact } from "../model/fact.ts";
import type { Truth } from "../model/must-may.ts";
import { factAt, type Snapshot } from "../model/snapshot.ts";
import { IpSet } from "../net/ip-set.ts";
import type { PortSet } from "../net/port-set.ts";
import { unroutable } from "../net/special-ranges.ts";
import type { Boundary } from "./boundary.ts";
import { eachOf, endpointPath, usualPortOf } from "./endpoint-path.ts";
import type { Front } from "./fronts.ts";
import { unseenIn } from "./places.ts";
import type { SubnetDoor } from "./subnet-doors.ts";
import { canonical, type Step, tellingSet, type Witness, witness } from "./witness.ts";
import {
  addressStep,
  azureStep,
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
  const { because } = door.admits;
  const stepsFor = (space: IpSet) => [gateStep(service, boundary, space), ruleStep(door, space)];
  return overEndpoint(service, boundary, subnet, { stepsFor, because }, snapshot, asked);
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
  const { because } = admits;
  const stepsFor = (space: IpSet) => [publicGateStep(service, boundary, space), openStep(boundary, admits, space)];
  return overEndpoint(service, boundary, from, { stepsFor, because }, snapshot, asked);
}

/** What decides at the service itself. */
interface Arrival {
  stepsFor(space: IpSet): readonly Step[];
  readonly because: readonly string[];
}

function overEndpoint(
  service: ServiceFact,
  boundary: Boundary,
  subnet: SubnetFact,
  arrival: Arrival,
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
      ...arrival.stepsFor(space),
    ],
    because: [...path.because, ...arrival.because],
    assumptions: [...boundary.assumptions, ...unseenSenders(subnet, snapshot)],
  });
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
