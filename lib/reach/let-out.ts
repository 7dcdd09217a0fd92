import type { SubnetFact } from "../model/fact.ts";
import { certainly, perhaps, type Truth } from "../model/must-may.ts";
import { evidenceOf } from "../model/setting.ts";
import type { Snapshot } from "../model/snapshot.ts";
import { IpSet } from "../net/ip-set.ts";
import { PortSet } from "../net/port-set.ts";
import { shareOfInternet } from "./internet.ts";
import { networkViewOf } from "./network-view.ts";
import { addressesIn, type Place, placesIn } from "./places.ts";
import type { Unlisted } from "./published-tags.ts";
import { rulesOfGroup, throughFilters } from "./security-groups.ts";
import type { Decision, Filter, Question } from "./security-rules.ts";
import { shareOfAllTags } from "./unlisted-tags.ts";

/** Packets that somebody in a place may want to send. */
export type Packets = Pick<Question, "protocol" | "destinations" | "destinationPorts" | "withoutServices">;

/** The filters of the groups before a place. */
export function groupFiltersOf({ groups }: Place, snapshot: Snapshot): readonly Filter[] {
  return groups.map((group) => rulesOfGroup(group, "outbound", snapshot));
}

/**
 * To which of the destinations a network manager's rules and the groups before a place let packets out. Rules for service
 * tags that are in no list keep them from fewer than all of these tags hold together.
 */
export function letOutOf(place: Place, packets: Packets, snapshot: Snapshot): Decision {
  const { subnet, interfaces } = place;
  const question: Question = {
    ...packets,
    direction: "outbound",
    sources: addressesIn(subnet, interfaces),
    sourcePorts: PortSet.all,
    of: "destinations",
    other: "any",
  };
  const filters = groupFiltersOf(place, snapshot);
  const ask = (unlisted?: Unlisted) =>
    throughFilters(filters, subnet, networkViewOf(subnet, snapshot, unlisted), question, snapshot);
  const decision = ask();
  if (!decision.must.isEmpty || shareOfInternet(decision.may) <= shareOfAllTags) return decision;
  const { must, parts } = ask("nobody");
  return shareOfInternet(must) <= shareOfAllTags ? decision : { ...decision, must, parts };
}

/** Some or all of the destinations that somebody in a subnet is let out to, over TCP or UDP. */
export interface LetOut {
  readonly to: IpSet;
  readonly isAny: Truth;
  readonly isEach: Truth;
}

/** `to` holds those that it is certain of. */
export function letOutOfSubnet(subnet: SubnetFact, destinations: IpSet, snapshot: Snapshot): LetOut {
  const looks = placesIn(subnet, snapshot).flatMap((place) =>
    (["tcp", "udp"] as const).map((protocol) => {
      const { must, may, because } = letOutOf(
        place,
        { protocol, destinations, destinationPorts: PortSet.all },
        snapshot,
      );
      const isKnown = place.because.length === 0;
      return { must: isKnown ? must : IpSet.empty, may, because: isKnown ? because : place.because, place };
    }),
  );
  const to = IpSet.union(looks.map(({ must }) => must));
  const may = IpSet.union(looks.map((look) => look.may));
  const because = [...new Set(looks.flatMap((look) => look.because))];
  const truth = (holds: boolean, isPossible: boolean): Truth => {
    const own = looks.filter((look) => !(holds ? look.must : look.may).isEmpty).flatMap(({ place }) => place.evidence);
    if (holds || !isPossible) return certainly(holds, [...new Set(own)]);
    return perhaps(because, [...evidenceOf(subnet.id, subnet.networkSecurityGroup), ...new Set(own)]);
  };
  return {
    to,
    isAny: truth(!to.isEmpty, !may.isEmpty),
    isEach: truth(destinations.isSubsetOf(to), destinations.isSubsetOf(may)),
  };
}
