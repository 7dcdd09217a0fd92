import type { Evidence } from "../model/evidence.ts";
import type { SubnetFact } from "../model/fact.ts";
import type { Snapshot } from "../model/snapshot.ts";
import { IpSet } from "../net/ip-set.ts";
import { PortSet } from "../net/port-set.ts";
import { outOf, tagsNamedOutOf } from "./security-groups.ts";
import type { Decision } from "./security-rules.ts";
import type { Whereabouts } from "./whereabouts.ts";

/** Clients take theirs from the upper half: https://learn.microsoft.com/azure/virtual-network/network-security-groups-overview */
export const clientPorts = PortSet.of(49_152, 65_535);

/** Whom the security rules of a subnet let out to a service. */
export interface EndpointFilter extends Pick<Decision, "must" | "may" | "because"> {
  /** Rules that keep somebody out for certain. */
  readonly denials: readonly Evidence[];
}

/** The same for all services whose tags no rule names. */
interface SharedFilter {
  readonly filter: EndpointFilter;
  /** Tags that rules name. */
  readonly named: readonly string[];
}

/**
 * Of `sources`, which are all addresses of the subnet of one family. Remembered for all services that no rule tells from
 * another, without the rules that decided: those hold on to the security groups.
 */
export function endpointFilter(
  whereabouts: Whereabouts,
  sources: IpSet,
  port: PortSet,
  subnet: SubnetFact,
  snapshot: Snapshot,
): EndpointFilter {
  const { listed } = whereabouts;
  const name = `out to services ${subnet.id.key} ${port} ${sources.overlaps(IpSet.ipv4)} ${listed}`;
  const shared = snapshot.once(name, (): SharedFilter => {
    snapshot.get(subnet.id); // what is remembered rests on the subnet, too
    return {
      filter: rememberable(decide(whereabouts, none, sources, port, subnet, snapshot), sources),
      named: listed === undefined ? tagsNamedOutOf(subnet, snapshot) : none,
    };
  });
  if (shared.named.length === 0) return shared.filter;
  const named = namedOf(whereabouts, shared.named);
  if (named.length === 0) return shared.filter;
  return snapshot.once(`${name} ${named.join()}`, () =>
    rememberable(decide(whereabouts, named, sources, port, subnet, snapshot), sources),
  );
}

/** The same, with what decided. */
export function endpointDecision(
  whereabouts: Whereabouts,
  sources: IpSet,
  port: PortSet,
  subnet: SubnetFact,
  snapshot: Snapshot,
): Decision {
  const named = whereabouts.listed === undefined ? namedOf(whereabouts, tagsNamedOutOf(subnet, snapshot)) : none;
  return decide(whereabouts, named, sources, port, subnet, snapshot);
}

/** Which of the service's tags rules name that may decide: the others make no difference. */
function namedOf({ tags }: Whereabouts, named: readonly string[]): readonly string[] {
  return tags.filter((tag) => named.includes(tag));
}

function decide(
  { addresses, listed }: Whereabouts,
  named: readonly string[],
  sources: IpSet,
  port: PortSet,
  subnet: SubnetFact,
  snapshot: Snapshot,
): Decision {
  const question = {
    direction: "outbound",
    protocol: "tcp",
    sources,
    destinations: addresses.intersect(sources.overlaps(IpSet.ipv4) ? IpSet.ipv4 : IpSet.ipv6),
    destinationPorts: port,
    sourcePorts: clientPorts,
    of: "sources",
    other: "each",
  } as const;
  const tagged = listed === undefined ? { destinationTags: new Set(named) } : {};
  return outOf(subnet, { ...question, ...tagged }, snapshot);
}

/** Thousands are remembered, most of which let everybody out or nobody. */
function rememberable({ must, may, because, parts }: Decision, sources: IpSet): EndpointFilter {
  const certain = must.equals(sources) ? sources : must;
  const denials = parts.filter(({ access, isCertain }) => access === "deny" && isCertain).map(({ rule }) => rule.at);
  return {
    must: certain,
    may: may.equals(certain) ? certain : may,
    because: because.length === 0 ? none : because,
    denials: denials.length === 0 ? none : denials,
  };
}

const none: readonly never[] = [];
