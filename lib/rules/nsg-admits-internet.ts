import type { IpConfiguration, SubnetFact } from "../model/fact.ts";
import { allOf, anyOf, certainly, perhaps, type Truth } from "../model/must-may.ts";
import type { Snapshot } from "../model/snapshot.ts";
import { failWhere, pass } from "../model/verdict.ts";
import { PortSet } from "../net/port-set.ts";
import { leadsAway } from "../reach/default-route.ts";
import { type AddressedInterface, exposureOf, possibleExposure } from "../reach/exposure.ts";
import { shareOfInternet } from "../reach/internet.ts";
import { adminRulesOf, type Opening, openingsOf, unguardedAddresses } from "../reach/internet-inbound.ts";
import { natEntrancesOf } from "../reach/nat-entrances.ts";
import { gatewaysIn, portsNeededIn } from "../reach/own-subnets.ts";
import { addressesOf, type Place, placesIn, unseenIn } from "../reach/places.ts";
import { entryBy, whereTo } from "./entry-words.ts";
import { notablePorts } from "./notable-ports.ts";
import type { Rule } from "./rule.ts";
import { listed } from "./wording.ts";

export const nsgAdmitsInternet: Rule = {
  id: "NI602",
  name: "nsg-admits-internet",
  severity: "high",
  title: "The internet is let into the subnet",
  why: "The network security groups let callers from the internet in, deny rules and the groups of the interfaces considered. Whatever has a public address here, or gets one, is found by scanners within minutes, and ports for administration and databases are what they try first. Where no interface that it gets in to has one, nor is behind a load balancer, or replies to the internet take a route elsewhere, the severity is medium; it is low where the subnet is an application gateway's own, which stands there to be reached, while no port for administration or databases is open. A subnet of private endpoints alone is left alone, and so are the ports that Azure Bastion and application gateways need open. Into a subnet that the policy calls isolated nobody from the internet may come, not even a few.",
  remedy:
    "Allow only the addresses that need it, and none of the internet where the subnet is isolated; reach machines for administration through Azure Bastion or a VPN, and publish services through a gateway or firewall.",
  link: "https://learn.microsoft.com/azure/virtual-network/network-security-groups-overview",
  controls: {
    mcsb: ["NS-1"],
    cis: {
      "3.0": ["7.1", "7.2", "7.3", "7.4"],
      "4.0": ["8.1", "8.2", "8.3", "8.4"],
      "5.0": ["7.1", "7.2", "7.3", "7.4"],
      "6.0": ["7.1", "7.2", "7.3", "7.4"],
    },
    azurePolicy: ["9daedab3-fb2d-461e-b861-71790eead4f6", "22730e10-96f6-4aac-ad84-9383d35b5917"],
  },

  on: "subnet",

  check({ subnet, snapshot }, policy) {
    const isIsolated = policy.isIsolated(subnet.id);
    const share = isIsolated ? anybody : policy.nearlyInternet;
    const places = placesIn(subnet, snapshot);
    const looks = places.map((place) => {
      const openings = openingsOf(place, share, snapshot).filter((one) => !isNeeded(one, subnet));
      return { place, openings, truths: openings.map((one) => isOpen(one, place, share)) };
    });
    const truths = looks.map((look) =>
      look.place.groups.length > 0 ? anyOf(look.truths) : isBare(look.place, look.truths, snapshot),
    );
    const entrances = isIsolated ? natEntrancesOf(subnet, snapshot) : [];
    const isEntered = anyOf([...truths, ...entrances.map((entrance) => entrance.isOpen)]);
    const exposure = isIsolated || !isEntered.may ? possibleExposure : exposureOf(subnet, snapshot);
    if (exposure.kind === "none") return pass;
    const open = places.filter((_, index) => truths[index]?.may);
    const addressed = exposure.kind === "interfaces" ? exposure.addressed : undefined;
    const reached = addressed && open.flatMap((place) => reachedIn(place, addressed, share, snapshot));
    const openings = looks.flatMap((look, index) =>
      truths[index]?.must ? look.openings.filter((_, at) => look.truths[at]?.must) : [],
    );
    const receivers = receiversOf(openings, subnet).map((name) => `\`${name}\``);
    const isUnanswered = reached !== undefined && reached.length > 0 && isAnsweredElsewhere(openings, subnet, snapshot);
    const verdict = failWhere(isEntered, () => {
      const byGroups = truths.some(({ must }) => must);
      const ways = entrances.flatMap(({ way, isOpen }) => (isOpen.must ? [way] : []));
      return [
        ...(byGroups
          ? [entryBy(openings, policy.nearlyInternet), whereTo(receivers, places, reached, isUnanswered)]
          : []),
        ...(ways.length === 0
          ? []
          : [`${listed(ways)} ${ways.length === 1 ? "leads" : "lead"} callers from the internet in`]),
      ].join("; ");
    });
    if (verdict.kind !== "fail") return verdict;
    if (receivers.length > 0 && !isIsolated) return { ...verdict, severity: "low" };
    if (isUnanswered) return { ...verdict, severity: "medium" };
    if (reached === undefined || reached.length > 0) return verdict;
    return { ...verdict, severity: "medium", assumptions: [...verdict.assumptions, assumption] };
  },
};

const assumption = "no load balancer leads to an address in the subnet unless its interface says so";

/** The share that a single address is enough for. */
const anybody = Number.MIN_VALUE;

/** No group stands before it, so that the kind of a public address decides, once a network manager's rules have. */
function isBare(place: Place, openings: readonly Truth[], snapshot: Snapshot): Truth {
  if (place.because.length > 0) return perhaps(place.because);
  const addresses = unguardedAddresses(place, snapshot).map(({ isOpen, because, evidence }) =>
    isOpen === undefined ? perhaps(because, evidence) : certainly(isOpen, evidence),
  );
  const unseen = unseenIn(place.subnet, snapshot);
  const hasOpenAddress = anyOf([...addresses, ...(unseen === undefined ? [] : [perhaps([unseen])])]);
  const isManaged = adminRulesOf(place.subnet, snapshot) !== undefined;
  return isManaged ? allOf([hasOpenAddress, anyOf(openings)]) : hasOpenAddress;
}

function isOpen({ must, tag, because, evidence: rules }: Opening, place: Place, share: number): Truth {
  const evidence = [...rules, ...place.evidence];
  if (place.because.length > 0) return perhaps(place.because, evidence);
  return tag !== undefined || shareOfInternet(must) >= share ? certainly(true, evidence) : perhaps(because, evidence);
}

function isNeeded({ protocol, ports }: Opening, subnet: SubnetFact): boolean {
  return protocol === "tcp" && ports.isSubsetOf(portsNeededIn(subnet));
}

/** Application gateways whose subnet it is and who stand there to be reached, unless on a port that is hardly for that. */
function receiversOf(openings: readonly Opening[], subnet: SubnetFact): readonly string[] {
  const isNotable = ({ protocol, ports }: Opening) => protocol === "tcp" && ports.overlaps(allNotable);
  return openings.length === 0 || openings.some(isNotable) ? [] : gatewaysIn(subnet);
}

const allNotable = PortSet.ofEach(...notablePorts.map(([port]) => port));

/**
 * What in a place callers come to and are let in to, where somebody may be let in to the place at all. Groups see the
 * private address that a public one leads to:
 * https://learn.microsoft.com/azure/virtual-network/network-security-groups-overview#security-rules
 */
function reachedIn(
  place: Place,
  addressed: readonly AddressedInterface[],
  share: number,
  snapshot: Snapshot,
): readonly IpConfiguration[] {
  const keys = new Set(place.interfaces.map(({ id }) => id.key));
  const configurations = addressed.flatMap((one) => (keys.has(one.nic.id.key) ? one.configurations : []));
  if (configurations.length === 0 || place.groups.length === 0) return configurations;
  const openings = openingsOf(place, share, snapshot, addressesOf(place.subnet, configurations));
  return openings.some((opening) => !isNeeded(opening, place.subnet)) ? configurations : [];
}

/**
 * Replies take the default route, so that nobody comes in directly: "you're no longer able to directly access resources in the
 * subnet from the Internet". Those of IPv6 have routes of their own.
 * https://learn.microsoft.com/azure/virtual-network/virtual-networks-udr-overview#default-route
 */
function isAnsweredElsewhere(openings: readonly Opening[], subnet: SubnetFact, snapshot: Snapshot): boolean {
  const isIpv4 = openings.length > 0 && openings.every(({ must }) => must.countIpv6 === 0n);
  return isIpv4 && leadsAway(subnet, snapshot).must;
}
