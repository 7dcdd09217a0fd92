import type { PrivateEndpointConnection, PrivateEndpointFact } from "../model/fact.ts";
import { allOf, anyOf, certainly, perhaps, type Truth } from "../model/must-may.ts";
import { fold } from "../model/resource-id.ts";
import { factIn, type Snapshot } from "../model/snapshot.ts";
import { IpSet } from "../net/ip-set.ts";
import { type Admission, addressesOf } from "./addresses.ts";
import { addressesOf as endpointAddressesOf } from "./endpoint-addresses.ts";
import { connectionsOf } from "./private-endpoint-connections.ts";
import type { LinkedGroup } from "./private-link-groups.ts";
import { unreadBecause } from "./unread.ts";

/** Whether each of these addresses is that of another approved private endpoint for the same group of the service. */
export function leadToOthers(
  addresses: IpSet,
  own: PrivateEndpointFact,
  group: LinkedGroup,
  snapshot: Snapshot,
): Truth {
  const found = snapshot.get(group.service);
  const service = factIn(found, "service");
  const connections = service === undefined ? undefined : connectionsOf(service, snapshot);
  if (connections?.kind !== "known") {
    const unread = connections?.because ?? unreadBecause(found, `\`${group.service.text}\``);
    return perhaps([unread ?? `\`${group.service.text}\` does not exist`]);
  }
  const others = connections.value.filter(({ privateEndpoint }) => privateEndpoint?.key !== own.id.key);
  const { must, may, because, evidence } = addressesOf(others.map((other) => answering(other, group, snapshot)));
  if (addresses.isSubsetOf(must)) return certainly(true, evidence.within(addresses));
  return addresses.isSubsetOf(may) ? perhaps(because, evidence.within(addresses)) : certainly(false);
}

/** The addresses at which the endpoint of a connection answers for the group. */
function answering(
  { privateEndpoint, status, name }: PrivateEndpointConnection,
  group: LinkedGroup,
  snapshot: Snapshot,
) {
  const isApproved = status.kind === "known" ? certainly(status.value === "approved") : perhaps([status.because]);
  if (!isApproved.may) return nowhere;
  if (privateEndpoint === undefined) {
    return anywhere([`the connection \`${name}\` of \`${group.service.text}\` names no private endpoint`]);
  }
  const found = snapshot.get(privateEndpoint);
  const unread = unreadBecause(found, `\`${privateEndpoint.text}\``);
  if (unread !== undefined) return anywhere([unread]);
  if (found.kind !== "fact" || found.fact.kind !== "privateEndpoint") return nowhere;
  const answers = allOf([isApproved, serves(found.fact, group)]);
  if (!answers.may) return nowhere;
  const { addresses, because, evidence } = endpointAddressesOf(found.fact, group.groupId, snapshot);
  if (addresses === undefined) return anywhere(because);
  return { must: answers.must ? addresses : IpSet.empty, may: addresses, because: answers.because, evidence };
}

const nowhere: Admission = { must: IpSet.empty, may: IpSet.empty, because: [], evidence: [] };

function anywhere(because: readonly string[]): Admission {
  return { must: IpSet.empty, may: IpSet.all, because, evidence: [] };
}

function serves({ id, connections }: PrivateEndpointFact, { service, groupId }: LinkedGroup): Truth {
  if (connections.kind === "unknown") return perhaps([connections.because]);
  return anyOf(
    connections.value.map(({ target, raw, pointer, groupIds }) => {
      if (raw === undefined) return perhaps([`\`${pointer}\` of \`${id.text}\` does not say what it leads to`]);
      if (target?.key !== service.key) return certainly(false);
      if (groupIds.kind === "unknown") return perhaps([groupIds.because]);
      return certainly(groupIds.value.some((one) => fold(one) === fold(groupId)));
    }),
  );
}
