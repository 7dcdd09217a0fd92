import type { ApplicationProtocol, ApplicationRule, FirewallRule, NetworkRule } from "../model/azure-firewall-fact.ts";
import type { AddressTerm, SecurityRule, ServiceFact } from "../model/fact.ts";
import { fold } from "../model/resource-id.ts";
import type { Snapshot } from "../model/snapshot.ts";
import { IpSet } from "../net/ip-set.ts";
import { PortSet } from "../net/port-set.ts";
import { exactly } from "./addressed.ts";
import type { Boundary } from "./boundary.ts";
import type { InForce } from "./firewall-in-force.ts";
import { addressTermOf, protocolOf } from "./firewall-rules.ts";
import { type HostName, hostNamesOf, isAkin, isForHost } from "./host-names.ts";
import type { NetworkView, Reading } from "./network-view.ts";
import { PublishedTags } from "./published-tags.ts";
import { anyOfThem, type Decision, decide } from "./security-rules.ts";
import { everyone, everyPort, termOf } from "./security-terms.ts";
import { publicSpace } from "./spaces.ts";
import { whereaboutsOf } from "./whereabouts.ts";

/** What a firewall lets pass to the public endpoint of a service. */
export interface Passage {
  /** Of some IPv4 addresses, over one port. */
  on(sources: IpSet, port: PortSet): Decision;
}

/**
 * The first network rule that matches decides, then the first application rule; what none matches is denied. The rules that
 * firewalls have of their own are for what Azure's platform needs: https://learn.microsoft.com/azure/firewall/rule-processing,
 * https://learn.microsoft.com/azure/firewall/infrastructure-fqdns
 */
export function passageTo(service: ServiceFact, boundary: Boundary, inForce: InForce, snapshot: Snapshot): Passage {
  const { addresses, tags, listed } = whereaboutsOf(service, snapshot);
  const hosts = hostNamesOf(service);
  const view = viewOf(listed, tags, snapshot);
  const endpoint = boundary.privateEndpoints.isAnyApproved.may ? service.id.name : undefined;
  return {
    on(sources, port) {
      if (inForce.because.length > 0) return notKnown(sources, inForce.because);
      const question = {
        direction: "outbound",
        protocol: "tcp",
        sources,
        destinations: addresses.intersect(IpSet.ipv4),
        destinationPorts: port,
        sourcePorts: undefined,
        of: "sources",
        other: "each",
        ...(listed === undefined ? { destinationTags: new Set(tags) } : {}),
      } as const;
      const decision = anyOfThem(
        hosts.map((host) => {
          const to: Destination = { host, hosts, port, service, endpoint, snapshot };
          return decide([inForce.rules.flatMap((rule) => securityRules(rule, to, inForce))], view, question);
        }),
      );
      if (inForce.mayStop.length === 0 || decision.may.isEmpty) return decision;
      return { ...decision, must: IpSet.empty, because: [...new Set([...inForce.mayStop, ...decision.because])] };
    },
  };
}

function notKnown(sources: IpSet, because: readonly string[]): Decision {
  return { must: IpSet.empty, may: sources, because, parts: [] };
}

function viewOf(listed: string | undefined, [tag]: readonly string[], snapshot: Snapshot): NetworkView {
  const published = PublishedTags.of(snapshot.serviceTags, "unknown");
  const reading: Reading = {
    meaningOf({ must, may, tags, because }) {
      const parts = [
        { must, may, because: because === undefined ? [] : [because] },
        ...tags.map((name) => (fold(name) === "internet" ? exactly(publicSpace) : published.meaningOf(name))),
      ];
      const [all, some] = [IpSet.union(parts.map((part) => part.must)), IpSet.union(parts.map((part) => part.may))];
      return { must: all, may: some, because: parts.flatMap((part) => part.because) };
    },
  };
  const where = tag === undefined ? "" : `, which is somewhere in \`${tag}\``;
  const because = `the rules are for some of the addresses that the service may have${where}, and not for others`;
  return {
    readings: [reading],
    because: [listed === undefined ? `${because}; no list of service tags has them` : because],
  };
}

interface Destination {
  /** The name that clients ask for, among those that the service has. */
  readonly host: HostName;
  readonly hosts: readonly HostName[];
  readonly port: PortSet;
  readonly service: ServiceFact;
  /** The service, where it has a private endpoint, or may. */
  readonly endpoint: string | undefined;
  readonly snapshot: Snapshot;
}

/**
 * As security rules; none where the rule has nothing to say of the destination. What it decides, and what then becomes of is not
 * known, is denied or allowed.
 */
function securityRules(rule: FirewallRule, to: Destination, inForce: InForce): readonly SecurityRule[] {
  if (rule.kind === "nat") return [];
  const protocol = protocolOf(rule, "tcp");
  const said = rule.kind === "network" ? byAddress(rule, to, inForce) : byName(rule, to);
  if (protocol === undefined || said === undefined) return [];
  const { at, name, destinationPorts } = rule;
  const { access, destinations, doubt } = said;
  const sources = addressTermOf(rule.sources, to.snapshot);
  const shared = { at, name, priority: 0, direction: "outbound", protocol, sourcePorts: everyPort } as const;
  const stated: SecurityRule = { ...shared, access, sources, destinations, destinationPorts };
  if (doubt === undefined) return [stated];
  return [{ ...stated, access: "deny", sources: { ...sources, must: IpSet.empty, because: doubt } }, stated];
}

interface Said extends Pick<SecurityRule, "access" | "destinations"> {
  /** Why it is not known what becomes of those that it lets pass. */
  readonly doubt?: string;
}

/**
 * Names stand for the addresses that the firewall finds for them, and services of a kind have addresses in common:
 * https://learn.microsoft.com/azure/firewall/fqdn-filtering-network-rules
 */
function byAddress(rule: NetworkRule, to: Destination, { untranslated }: InForce): Said {
  const akin = rule.hosts.find((host) => isAkin(host, to.hosts));
  const stated = addressTermOf(rule.destinations, to.snapshot);
  const destinations =
    akin === undefined
      ? stated
      : {
          ...stated,
          may: IpSet.all,
          because: `whether \`${akin}\` of the rule \`${rule.name}\` has an address of the service is not known`,
        };
  if (rule.access === "deny") return { access: "deny", destinations };
  const { addresses } = whereaboutsOf(to.service, to.snapshot);
  if (!untranslated.may.overlaps(addresses)) return { access: "allow", destinations };
  if (IpSet.ipv4.isSubsetOf(untranslated.must)) return { access: "deny", destinations };
  return { access: "allow", destinations, doubt: untranslated.because[0] ?? undocumentedSource };
}

const undocumentedSource =
  "what becomes of packets to public addresses that the firewall does not translate is not documented";

/**
 * "The firewall parses out the FQDN from the host or SNI header, resolves it, and then connects to that IP address", whatever
 * address the client meant: https://learn.microsoft.com/azure/firewall/dns-details
 */
function byName(rule: ApplicationRule, { host, port, endpoint }: Destination): Said | undefined {
  const { access } = rule;
  const isFor = isForHost(rule, host);
  if (isFor === false) return undefined;
  const doubt =
    isFor === "perhaps"
      ? `whether the rule \`${rule.name}\` is for a name of the service is not known`
      : !isSpokenOn(port, rule)
        ? `what the rule \`${rule.name}\`, which is for names of hosts, makes of TCP ${port} is not documented`
        : access === "allow" && endpoint !== undefined
          ? `the firewall looks up the name itself, and may find a private endpoint of \`${endpoint}\``
          : undefined;
  return { access, destinations: doubt === undefined ? everyone : somewhere(doubt) };
}

function somewhere(because: string): AddressTerm {
  return { ...termOf(IpSet.empty), may: IpSet.all, because };
}

const spoken: readonly (readonly [ApplicationProtocol, PortSet])[] = [
  ["http", PortSet.ofEach(80)],
  ["https", PortSet.ofEach(443)],
  ["mssql", PortSet.ofEach(1433)],
];

/** Services speak these on their usual ports. */
function isSpokenOn(port: PortSet, { portsOf }: ApplicationRule): boolean {
  return spoken.some(([name, usual]) => port.isSubsetOf(usual) && port.isSubsetOf(portsOf[name]));
}
