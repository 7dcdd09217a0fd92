import type { NetworkInterfaceFact, PrivateEndpointFact } from "../model/fact.ts";
import type { ResourceId } from "../model/resource-id.ts";
import type { Snapshot } from "../model/snapshot.ts";
import { IpSet } from "../net/ip-set.ts";
import { type Addressed, addressedByAny, anything, exactly } from "./addressed.ts";
import { unreadBecause, whyUnread } from "./unread.ts";

const interfaces = "microsoft.network/networkinterfaces";
const endpoints = "microsoft.network/privateendpoints";

/**
 * The addresses of the members of an application security group: interfaces, and private endpoints.
 * https://learn.microsoft.com/azure/virtual-network/application-security-groups
 */
export function groupMembers(group: ResourceId, snapshot: Snapshot): Addressed {
  return snapshot.once(`members ${group.key}`, () => membersOf(group, snapshot));
}

function membersOf(group: ResourceId, snapshot: Snapshot): Addressed {
  const members = snapshot
    .naming(group, "networkInterface", "privateEndpoint")
    .map((fact) => addressesOf(fact, group, snapshot));
  const unseen = [interfaces, endpoints].flatMap((type) => {
    const because = unreadBecause(snapshot.everywhere(type), `the list of all \`${type}\``);
    return because === undefined ? [] : [anything(because)];
  });
  return addressedByAny([...members, ...unseen]);
}

function addressesOf(
  fact: NetworkInterfaceFact | PrivateEndpointFact,
  group: ResourceId,
  snapshot: Snapshot,
): Addressed {
  if (fact.kind === "networkInterface")
    return ofInterface(fact, (groups) => groups.some(({ key }) => key === group.key));
  const { networkInterfaces } = fact;
  if (networkInterfaces.kind === "unknown") return anything(networkInterfaces.because);
  const all = networkInterfaces.value.map((nic): Addressed => {
    const found = snapshot.get(nic);
    if (found.kind === "absent") return exactly(IpSet.empty);
    if (found.kind !== "fact") return anything(whyUnread(found, `\`${nic.text}\``));
    return found.fact.kind === "networkInterface" ? ofInterface(found.fact, () => true) : exactly(IpSet.empty);
  });
  return addressedByAny(all);
}

function ofInterface(
  { ipConfigurations, id }: NetworkInterfaceFact,
  isMember: (groups: readonly ResourceId[]) => boolean,
): Addressed {
  if (ipConfigurations.kind === "unknown") return anything(ipConfigurations.because);
  const members = ipConfigurations.value.filter((one) => isMember(one.applicationSecurityGroups));
  if (members.some(({ address }) => address === undefined))
    return anything(`an address of \`${id.text}\` is not known`);
  return exactly(IpSet.union(members.flatMap(({ address }) => address ?? [])));
}
