import type { PrivateEndpointFact, ServiceFact } from "../model/fact.ts";
import { allOf, anyOf, certainly, not, perhaps, type Truth } from "../model/must-may.ts";
import { fold, type ResourceId } from "../model/resource-id.ts";
import type { Snapshot } from "../model/snapshot.ts";
import { namesOf } from "./dns-chain.ts";
import { forwardingOf } from "./dns-forwarding.ts";
import { isAnsweredBefore, isLinked, zonesLinkedTo } from "./dns-links.ts";
import { type RecordedZone, recordsOf } from "./dns-records.ts";
import { zonesInGroupsOf } from "./dns-zone-groups.ts";
import { type HostName, hostNamesOf } from "./host-names.ts";
import { type LinkedGroup, linkedGroupsOf } from "./private-link-groups.ts";

/** The zone of a name that answers for an endpoint in a network, as long as Azure's own DNS is asked there. */
export function zoneAnswering(
  network: ResourceId,
  endpoint: PrivateEndpointFact,
  name: string,
  snapshot: Snapshot,
): RecordedZone | undefined {
  const { zones } = zonesInGroupsOf(endpoint, fold(name), snapshot);
  const kept = zones.find(({ zone, exists }) => exists.must && isLinked(zone, network, snapshot).must);
  if (kept !== undefined) return { ...kept, title: name };
  const linked = zonesLinkedTo(network, fold(name), snapshot).zones.find((one) => one.isLinked.must);
  return linked === undefined ? undefined : { zone: linked.zone, recordNames: [], title: name };
}

/**
 * Whether whoever asks Azure's own DNS in a network for a name of an endpoint finds it there: certain where that is so under each of its
 * names, and not so where it is under none.
 */
export function isFoundIn(network: ResourceId, endpoint: PrivateEndpointFact, snapshot: Snapshot): Truth {
  const { groups, because } = linkedGroupsOf(endpoint, snapshot);
  if (groups.length === 0) return perhaps([`which names lead to \`${endpoint.id.name}\` is not known`, ...because]);
  const found = groups.map((group) => isGroupFound(network, endpoint, group, snapshot));
  const isOpen = because.map((reason) => perhaps([reason]));
  const isNone = not(anyOf([...found, ...isOpen]));
  if (isNone.must) return not(isNone);
  const isEach = allOf([...found, ...isOpen]);
  return isEach.may
    ? isEach
    : perhaps([`\`${network.name}\` finds \`${endpoint.id.name}\` under some of its names, and not under others`]);
}

function isGroupFound(
  network: ResourceId,
  endpoint: PrivateEndpointFact,
  group: LinkedGroup,
  snapshot: Snapshot,
): Truth {
  const { zoneName, otherZones, isElsewhere } = group;
  const names = namesOf(endpoint, group, snapshot);
  const isBefore = isAnsweredBefore(fold(zoneName), network, () => names, snapshot);
  const { isForwarded, assumptions } = forwardingOf(network, names, snapshot);
  const isOther = anyOf([isElsewhere, isBefore, isForwarded]);
  const zone = zoneAnswering(network, endpoint, zoneName, snapshot);
  const doubt = perhaps([`that \`${network.name}\` finds \`${endpoint.id.name}\` in \`${zoneName}\` is not certain`]);
  if (zone === undefined) {
    const mayHaveZone = (name: string) => mayFindZone(network, endpoint, name, snapshot);
    const isOpen = isOther.may || assumptions.length > 0 || [zoneName, ...otherZones].some(mayHaveZone);
    return isOpen ? doubt : certainly(false);
  }
  const isWrong = anyOf(recordsOf(endpoint, group, zone, snapshot).map((record) => record.isWrong));
  return isOther.may || isWrong.may ? allOf([doubt, not(isOther)]) : certainly(true);
}

/** Without a zone that it is linked to, a network finds what everybody finds: the public endpoint. */
function mayFindZone(network: ResourceId, endpoint: PrivateEndpointFact, name: string, snapshot: Snapshot): boolean {
  const kept = zonesInGroupsOf(endpoint, fold(name), snapshot);
  const linked = zonesLinkedTo(network, fold(name), snapshot);
  const mayBeKept = kept.zones.some(({ zone, exists }) => exists.may && isLinked(zone, network, snapshot).may);
  return mayBeKept || linked.because.length > 0 || linked.zones.some((one) => one.isLinked.may);
}

/** The names of a service that are those of an endpoint; all of them where it is not known which. */
export function hostNamesAt(
  endpoint: PrivateEndpointFact,
  service: ServiceFact,
  snapshot: Snapshot,
): readonly HostName[] {
  const { groups, because } = linkedGroupsOf(endpoint, snapshot);
  const own = groups.filter((group) => group.service.key === service.id.key && group.ownZone === undefined);
  return own.length === 0 || because.length > 0
    ? hostNamesOf(service)
    : hostNamesOf(service, [...new Set(own.map(({ zoneName }) => zoneName))]);
}
