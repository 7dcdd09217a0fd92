import type { AddressTerm, NetworkFact, Route, SubnetFact } from "../model/fact.ts";
import { reasonsOfAll } from "../model/must-may.ts";
import type { ResourceId } from "../model/resource-id.ts";
import { factIn, type Snapshot } from "../model/snapshot.ts";
import { IpSet } from "../net/ip-set.ts";
import { type Addressed, addressedByAny, anything, exactly } from "./addressed.ts";
import { groupMembers } from "./application-security-groups.ts";
import { type BehindGateway, type Learned, together } from "./gateway-connections.ts";
import { behindGatewaysIn, behindUsedGateways } from "./gateways.ts";
import { peersOf, spaceOf } from "./peers.ts";
import { PublishedTags, type Unlisted } from "./published-tags.ts";
import { routesOfTable } from "./route-table.ts";
import { host, nobodys, privateSpace, publicSpace } from "./spaces.ts";
import { unreadBecause } from "./unread.ts";

/** What the words of security rules mean where a subnet is. */
export interface NetworkView {
  /** One for each way in which what is not known, or not documented, may be; what is so in all of them is certain. */
  readonly readings: readonly Reading[];
  /** Why there are several. */
  readonly because: readonly string[];
}

export interface Reading {
  /** What one side of a rule stands for. */
  meaningOf(term: AddressTerm): Addressed;
}

/** The same for all subnets of a network that have the same routes. */
export function networkViewOf(subnet: SubnetFact, snapshot: Snapshot, unlisted: Unlisted = "unknown"): NetworkView {
  const network = subnet.id.parent;
  const { routeTable } = subnet;
  if (routeTable.kind === "unknown") return viewOf(network, subnet, snapshot, unlisted);
  const name = `view ${network?.key} ${routeTable.value?.key} ${unlisted}`;
  return snapshot.once(name, () => viewOf(network, subnet, snapshot, unlisted));
}

function viewOf(
  network: ResourceId | undefined,
  subnet: SubnetFact,
  snapshot: Snapshot,
  unlisted: Unlisted,
): NetworkView {
  const own = ownSpace(network, snapshot);
  const routed = routedPrefixes(subnet, snapshot);
  const isPlain = routed.explicit.isEmpty && routed.others.may.isEmpty && routed.defaults.isEmpty;
  const questions = isPlain ? openQuestions.slice(0, 1) : openQuestions;
  // An address that may be in the network is in it or is not: either way, one and the same rule may let it pass.
  const spaces = own.must.equals(own.may) ? [own] : [exactly(own.must), exactly(own.may)];
  return {
    readings: spaces.flatMap((space) =>
      questions.map((question) => readingOf(question, space, routed, snapshot, unlisted)),
    ),
    because: [...own.because, ...(isPlain ? [] : [notDocumented])],
  };
}

/**
 * The same for callers that come over the internet, wherever the subnet is: they are in `Internet`, and not in
 * `VirtualNetwork`. Whatever else a gateway announces or a user's default route puts there, replies go that way as well, so
 * that nobody gets in directly from the internet:
 * https://learn.microsoft.com/azure/virtual-network/virtual-networks-udr-overview#default-route
 */
export function internetView(subnetSpace: IpSet, snapshot: Snapshot, unlisted: Unlisted = "unknown"): NetworkView {
  if (subnetSpace.overlaps(publicSpace)) return viewFromInternet(subnetSpace, snapshot, unlisted);
  return snapshot.once(`view from the internet ${unlisted}`, () => viewFromInternet(IpSet.empty, snapshot, unlisted));
}

function viewFromInternet(ownSpace: IpSet, snapshot: Snapshot, unlisted: Unlisted): NetworkView {
  const inside = IpSet.all.minus(publicSpace).union(ownSpace);
  const whole = new NetworkReading(exactly(inside), exactly(publicSpace.minus(ownSpace)), snapshot, unlisted);
  const isInside = ({ tags, applicationSecurityGroups }: AddressTerm) =>
    tags.length === 0 && applicationSecurityGroups.length > 0;
  const insideOf = ({ must, may, because }: Addressed) => ({
    must: must.intersect(inside),
    may: may.intersect(inside),
    because,
  });
  const reading: Reading = {
    meaningOf: (term) => (isInside(term) ? insideOf(whole.meaningOf(term)) : whole.meaningOf(term)),
  };
  return { readings: [reading], because: [] };
}

const notDocumented = "the documents leave open what `VirtualNetwork` and `Internet` hold where there are user routes";

interface OpenQuestion {
  readonly includesDefaultRoutes: boolean;
  readonly internetExcludesUserRoutes: boolean;
}

/**
 * VirtualNetwork holds the "address prefixes used on user-defined routes" and "might also contain default routes";
 * whether Internet goes without those is not said:
 * https://learn.microsoft.com/azure/virtual-network/service-tags-overview#available-service-tags
 */
const openQuestions: readonly OpenQuestion[] = [
  { includesDefaultRoutes: false, internetExcludesUserRoutes: false },
  { includesDefaultRoutes: false, internetExcludesUserRoutes: true },
  { includesDefaultRoutes: true, internetExcludesUserRoutes: false },
  { includesDefaultRoutes: true, internetExcludesUserRoutes: true },
];

/** The network's own ranges, those of the peers that it lets in, what its gateways lead to, and the host. */
function ownSpace(network: ResourceId | undefined, snapshot: Snapshot): Addressed {
  if (network === undefined) return anything("a subnet outside of any network");
  const found = snapshot.get(network);
  const unread = unreadBecause(found, `\`${network.text}\``);
  if (unread !== undefined) return { ...anything(unread), must: host };
  const parts = [exactly(host), spaceOf(network, snapshot), ...spaceBehind(behindGatewaysIn(network, snapshot))];
  const fact = factIn(found, "network");
  return addressedByAny(fact === undefined ? parts : [...parts, ...peerSpaces(fact, snapshot)]);
}

function peerSpaces(network: NetworkFact, snapshot: Snapshot): readonly Addressed[] {
  const { peers, because } = peersOf(network, snapshot);
  const used = behindUsedGateways(network, snapshot);
  const spaces = peers.flatMap(({ ranges, isConnected, isAccessible, peering }): readonly Addressed[] => {
    if (!isConnected.may || !isAccessible.may) return [];
    const behind = spaceBehind(together(used.filter((one) => one.peering.at.pointer === peering.at.pointer)));
    if (isConnected.must && isAccessible.must) return [ranges, ...behind];
    const reasons = reasonsOfAll([isConnected, isAccessible]);
    return [ranges, ...behind].map((one) => ({
      must: IpSet.empty,
      may: one.may,
      because: [...one.because, ...reasons],
    }));
  });
  return [...spaces, ...because.map(anything)];
}

/**
 * "All connected on-premises address spaces", and "virtual networks connected to a virtual network gateway":
 * https://learn.microsoft.com/azure/virtual-network/service-tags-overview#available-service-tags
 */
function spaceBehind({ learned, because }: BehindGateway): readonly Addressed[] {
  return [...learned.map(spaceLearned), ...because.map(anything)];
}

function spaceLearned({ prefixes, from, because }: Learned): Addressed {
  const may = IpSet.union(prefixes);
  const doubt = because ?? notTold.get(from);
  return doubt === undefined ? exactly(may) : { must: IpSet.empty, may, because: [doubt] };
}

const notTold: ReadonlyMap<Learned["from"], string> = new Map([
  ["clients", "whether `VirtualNetwork` holds the addresses of point-to-site clients is not documented"],
  ["defaultSite", "whether `VirtualNetwork` holds what goes to a gateway's default site is not documented"],
]);

interface Routed {
  /** Prefixes of user routes that are longer than a default route's. */
  readonly explicit: IpSet;
  /** What user routes for service tags hold, and those that cannot be understood. */
  readonly others: Addressed;
  /** Of the families that have a default route by the user. */
  readonly defaults: IpSet;
}

function routedPrefixes(subnet: SubnetFact, snapshot: Snapshot): Routed {
  const table = routesOfTable(subnet, snapshot);
  const destinations = table.routes.flatMap(({ destination }) => destination ?? []);
  const isDefault = (set: IpSet) => set.equals(IpSet.ipv4) || set.equals(IpSet.ipv6);
  const tagged = table.routes
    .filter(({ destination }) => destination === undefined)
    .map((route) => ofTag(route, snapshot));
  return {
    explicit: IpSet.union(destinations.filter((set) => !isDefault(set))),
    others: addressedByAny([...tagged, ...table.because.map(anything)]),
    defaults: IpSet.union(destinations.filter(isDefault)),
  };
}

function ofTag({ addressPrefix = "", pointer }: Route, snapshot: Snapshot): Addressed {
  const addresses = snapshot.serviceTags.addressesOf(addressPrefix);
  if (addresses !== undefined) return exactly(addresses);
  const because = `the addresses of \`${addressPrefix}\` in the route \`${pointer}\` are not known`;
  return { must: IpSet.empty, may: IpSet.all.minus(privateSpace), because: [because] };
}

function readingOf(
  question: OpenQuestion,
  own: Addressed,
  routed: Routed,
  snapshot: Snapshot,
  unlisted: Unlisted,
): Reading {
  const defaults = question.includesDefaultRoutes ? routed.defaults : IpSet.empty;
  const routes = addressedByAny([exactly(routed.explicit), exactly(defaults), routed.others]);
  const excluded = question.internetExcludesUserRoutes ? routes : exactly(IpSet.empty);
  const outside = IpSet.all.minus(privateSpace);
  const internet = {
    must: outside.minus(nobodys).minus(own.may).minus(excluded.may),
    may: outside.minus(own.must).minus(excluded.must),
    because: [...own.because, ...excluded.because],
  };
  return new NetworkReading(addressedByAny([own, routes]), internet, snapshot, unlisted);
}

/** Thousands are remembered, most of which are asked about few tags. */
class NetworkReading implements Reading {
  readonly #virtualNetwork: Addressed;
  readonly #internet: Addressed;
  readonly #published: PublishedTags;
  readonly #snapshot: Snapshot;
  #known: Map<AddressTerm, Addressed> | undefined;

  constructor(virtualNetwork: Addressed, internet: Addressed, snapshot: Snapshot, unlisted: Unlisted) {
    this.#virtualNetwork = virtualNetwork;
    this.#internet = internet;
    this.#published = PublishedTags.of(snapshot.serviceTags, unlisted);
    this.#snapshot = snapshot;
  }

  meaningOf(term: AddressTerm): Addressed {
    const [tag] = term.tags;
    if (tag === undefined && isPlain(term)) return stated(term);
    if (tag !== undefined && isNoMoreThanOneTag(term)) return this.#ofTag(tag);
    if (term.applicationSecurityGroups.length > 0) return this.#workOut(term); // members change, and whoever asks depends on it
    const found = this.#known?.get(term) ?? this.#workOut(term);
    this.#known ??= new Map();
    this.#known.set(term, found);
    return found;
  }

  #workOut(term: AddressTerm): Addressed {
    const ofGroups = term.applicationSecurityGroups.map((group) => groupMembers(group, this.#snapshot));
    const all = addressedByAny([stated(term), ...term.tags.map((tag) => this.#ofTag(tag)), ...ofGroups]);
    return term.isClear ? all : { ...all, must: IpSet.empty };
  }

  /** These three are in no list of service tags. */
  #ofTag(tag: string): Addressed {
    switch (tag.toLowerCase()) {
      case "virtualnetwork":
        return this.#virtualNetwork;
      case "internet":
        return this.#internet;
      case "azureloadbalancer":
        return loadBalancer;
      default:
        return this.#published.meaningOf(tag);
    }
  }
}

const loadBalancer = exactly(host);

/** Nearly every rule that names tags. */
function isNoMoreThanOneTag({ tags, may, isClear, applicationSecurityGroups: groups }: AddressTerm): boolean {
  return isClear && tags.length === 1 && may.isEmpty && groups.length === 0;
}

function isPlain({ tags, applicationSecurityGroups: groups }: AddressTerm): boolean {
  return tags.length === 0 && groups.length === 0;
}

/** What it says of addresses: quicker to say than to remember. */
function stated({ must, may, because }: AddressTerm): Addressed {
  return { must, may, because: because === undefined ? none : [because] };
}

const none: readonly never[] = [];
