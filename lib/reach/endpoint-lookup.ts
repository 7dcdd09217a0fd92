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

/** Whether whoever asks Azure's own DNS in a network for the names of an endpoint finds it there under each of them. */
export function isFoundIn(network: ResourceId, endpoint: PrivateEndpointFact, snapshot: Snapshot): Truth {
  const { groups, because } = linkedGroupsOf(endpoint, snapshot);
  if (groups.length === 0) return perhaps([`which names lead to \`${endpoint.id.name}\` is not known`, ...because]);
  return allOf([
    ...groups.map((group) => isGroupFound(network, endpoint, group, snapshot)),
    ...because.map((reason) => perhaps([reason])),
  ]);
}

function isGroupFound(
  network: ResourceId,
  endpoint: PrivateEndpointFact,
  group: LinkedGroup,
  snapshot: Snapshot,
): Truth {
  const { zoneName, isElsewhere } = group;
  const names = namesOf(endpoint, group, snapshot);
  const isBefore = isAnsweredBefore(fold(zoneName), network, () => names, snapshot);
  const { isForwarded } = forwardingOf(network, names, snapshot);
  const isOther = anyOf([isElsewhere, isBefore, isForwarded]);
  const zone = zoneAnswering(network, endpoint, zoneName, snapshot);
  const doubt = perhaps([`that \`${network.name}\` finds \`${endpoint.id.name}\` in \`${zoneName}\` is not certain`]);
  if (zone === undefined) return doubt;
  const isWrong = anyOf(recordsOf(endpoint, group, zone, snapshot).map((record) => record.isWrong));
  return isOther.may || isWrong.may ? allOf([doubt, not(isOther)]) : certainly(true);
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
