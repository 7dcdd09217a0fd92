import type { IpConfiguration, NetworkInterfaceFact, SubnetFact } from "../model/fact.ts";
import { IpSet } from "../net/ip-set.ts";
import { PortSet } from "../net/port-set.ts";
import { shareOfInternet } from "../reach/internet.ts";
import type { Opening } from "../reach/internet-inbound.ts";
import type { Place } from "../reach/places.ts";
import { notablePorts } from "./notable-ports.ts";
import { listed } from "./wording.ts";

/** Where the internet as a whole gets in, else which few do. */
export function entryBy(openings: readonly Opening[], nearlyInternet: number): string {
  const wide = openings.filter(({ must }) => shareOfInternet(must) >= nearlyInternet);
  if (wide.length > 0 || openings.length === 0) return `the internet gets in on ${portsIn(wide)}`;
  const callers = IpSet.union(openings.map(({ must }) => must));
  const tags = new Set(openings.flatMap(({ tag }) => (tag === undefined ? [] : `the callers of \`${tag}\``)));
  return `${listed([...callers.toPrefixes(), ...tags])} of the internet can get in on ${portsIn(openings)}`;
}

/** Those for administration and databases by their names; all where there is none. */
function portsIn(openings: readonly Opening[]): string {
  if (openings.length === 0) return "every port, as no network security group stands before it";
  const of = (protocol: Opening["protocol"]) =>
    PortSet.union(openings.filter((one) => one.protocol === protocol).map(({ ports }) => ports));
  const [tcp, udp] = [of("tcp"), of("udp")];
  const named = notablePorts.filter(([port]) => tcp.overlaps(PortSet.ofEach(port)));
  const names = named.map(([port, name]) => `${port} (${name})`);
  if (tcp.equals(PortSet.all)) return `every ${udp.equals(PortSet.all) ? "" : "TCP "}port, ${listed(names)} among them`;
  const isAll = udp.isEmpty && tcp.isSubsetOf(PortSet.ofEach(...named.map(([port]) => port)));
  if (named.length > 0) return listed(isAll ? names : [...names, "other ports"]);
  const all = (name: string, ports: PortSet) => (ports.isEmpty ? [] : [`${name} ${listed(ports.toRanges())}`]);
  return [...all("TCP", tcp), ...all("UDP", udp)].join(", ");
}

/** What is there to be reached. */
export function whereTo(
  receivers: readonly string[],
  places: readonly Place[],
  reached: readonly IpConfiguration[] | undefined,
  isUnanswered: boolean,
): string {
  if (receivers.length === 0) {
    return `${addressIn(places, reached)}${isUnanswered ? ", whose replies the default route leads elsewhere" : ""}`;
  }
  const gateways = receivers.length === 1 ? "the application gateway" : "the application gateways";
  return `the subnet is that of ${gateways} ${listed(receivers)}`;
}

/** `reached` is undefined where others than the interfaces that were read may be let in to. */
function addressIn(places: readonly Place[], reached: readonly IpConfiguration[] | undefined): string {
  const all = places.flatMap((place) => place.interfaces.flatMap((nic) => configurationsIn(place.subnet, nic)));
  if ((reached ?? all).some(hasPublicAddress)) return "an interface in it has a public address";
  if (reached !== undefined && reached.length > 0) return "an interface in it is behind a load balancer";
  return all.some(hasPublicAddress)
    ? "no interface that it gets in to has a public address"
    : "no interface that was read has a public address";
}

function configurationsIn({ id }: SubnetFact, { ipConfigurations: list }: NetworkInterfaceFact) {
  return list.kind === "known" ? list.value.filter(({ subnet }) => subnet?.key === id.key) : [];
}

function hasPublicAddress({ publicIPAddress }: IpConfiguration): boolean {
  return publicIPAddress !== undefined;
}
