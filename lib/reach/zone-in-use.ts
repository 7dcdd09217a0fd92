import type { PrivateEndpointFact } from "../model/fact.ts";
import { anyOf, certainly, perhaps, type Truth } from "../model/must-may.ts";
import { fold } from "../model/resource-id.ts";
import type { Snapshot } from "../model/snapshot.ts";
import { zonesLinkedTo } from "./dns-links.ts";
import { zonesInGroupsOf } from "./dns-zone-groups.ts";

export interface ZoneInUse {
  readonly zoneName: string;
  /** The other one may hold the names. */
  readonly isElsewhere: Truth;
}

/** Of two zones, of which `former` is asked first, the one that holds the names of an endpoint: `present`, unless only the other is in use. */
export function zoneInUse(
  endpoint: PrivateEndpointFact,
  former: string,
  present: string,
  snapshot: Snapshot,
): ZoneInUse {
  const isFormer = isInUse(endpoint, former, snapshot);
  if (!isFormer.may) return { zoneName: present, isElsewhere: certainly(false) };
  if (isFormer.must && !isInUse(endpoint, present, snapshot).may) {
    return { zoneName: former, isElsewhere: certainly(false) };
  }
  const because = `\`${former}\` may hold the names of \`${endpoint.id.text}\`, and is asked before \`${present}\``;
  return { zoneName: present, isElsewhere: perhaps([because, ...isFormer.because]) };
}

/** A zone group of the endpoint names one, or the network of the endpoint is linked to one. */
function isInUse(endpoint: PrivateEndpointFact, zoneName: string, snapshot: Snapshot): Truth {
  const grouped = zonesInGroupsOf(endpoint, fold(zoneName), snapshot);
  const network = endpoint.subnet?.parent;
  const linked = network === undefined ? undefined : zonesLinkedTo(network, fold(zoneName), snapshot);
  return anyOf([
    ...grouped.zones.map(({ exists }) => exists),
    ...(linked?.zones ?? []).map(({ isLinked }) => isLinked),
    ...[...grouped.because, ...(linked?.because ?? [])].map((because) => perhaps([because])),
  ]);
}
