import type { PrivateEndpointFact } from "../model/fact.ts";
import { allOf, anyOf, certainly, perhaps, type Truth } from "../model/must-may.ts";
import { fold, type ResourceId } from "../model/resource-id.ts";
import type { Snapshot } from "../model/snapshot.ts";
import type { IpSet } from "../net/ip-set.ts";
import { addressesOf } from "./endpoint-addresses.ts";
import type { LinkedGroup } from "./private-link-groups.ts";
import { unreadBecause } from "./unread.ts";

/** Whether one of these addresses is that of another approved private endpoint for the same group of the service. */
export function leadsToAnother(
  addresses: IpSet,
  own: PrivateEndpointFact,
  group: LinkedGroup,
  snapshot: Snapshot,
): Truth {
  const found = snapshot.get(group.service);
  const service = found.kind === "fact" && found.fact.kind === "service" ? found.fact : undefined;
  const connections = service?.privateEndpointConnections;
  if (connections?.kind === "known") {
    const others = connections.value.filter(({ privateEndpoint }) => privateEndpoint?.key !== own.id.key);
    return anyOf(
      others.map(({ privateEndpoint, status, name }) => {
        const isApproved = status.kind === "known" ? certainly(status.value === "approved") : perhaps([status.because]);
        if (!isApproved.may) return isApproved;
        const unnamed = `the connection \`${name}\` of \`${group.service.text}\` names no private endpoint`;
        const answers =
          privateEndpoint === undefined ? perhaps([unnamed]) : answersAt(privateEndpoint, addresses, group, snapshot);
        return allOf([isApproved, answers]);
      }),
    );
  }
  const unread = connections?.because ?? unreadBecause(found, `\`${group.service.text}\``);
  return perhaps(unread === undefined ? [`\`${group.service.text}\` does not exist`] : [unread]);
}

function answersAt(id: ResourceId, addresses: IpSet, group: LinkedGroup, snapshot: Snapshot): Truth {
  const found = snapshot.get(id);
  const unread = unreadBecause(found, `\`${id.text}\``);
  if (unread !== undefined) return perhaps([unread]);
  if (found.kind !== "fact" || found.fact.kind !== "privateEndpoint") return certainly(false);
  const isServing = serves(found.fact, group);
  if (!isServing.may) return isServing;
  const other = addressesOf(found.fact, group.groupId, snapshot);
  if (other.addresses === undefined) return perhaps(other.because, other.evidence);
  return allOf([isServing, certainly(other.addresses.overlaps(addresses), other.evidence)]);
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
