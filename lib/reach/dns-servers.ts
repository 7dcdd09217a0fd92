import type { NetworkFact } from "../model/fact.ts";
import { certainly, perhaps, type Truth } from "../model/must-may.ts";
import type { ResourceId } from "../model/resource-id.ts";
import { evidenceOf } from "../model/setting.ts";
import type { Snapshot } from "../model/snapshot.ts";
import { IpSet } from "../net/ip-set.ts";
import { parseAddresses } from "../net/parse-addresses.ts";
import { unreadBecause } from "./unread.ts";

export const azureDns = "168.63.129.16";

/**
 * Whether clients in the network ask other servers than Azure's: then the links of the network that those servers are
 * in decide what they find (https://learn.microsoft.com/azure/private-link/private-endpoint-dns-integration).
 */
export function asksOwnDnsServers(id: ResourceId, snapshot: Snapshot): Truth {
  return asks(id, snapshot, ({ dnsServers }) => othersOf(dnsServers).length > 0);
}

/** Whether at least one of those servers has an address outside of the network, so that the network's own links say nothing of it. */
export function asksDnsServersElsewhere(id: ResourceId, snapshot: Snapshot): Truth {
  return asks(id, snapshot, ({ dnsServers, addressSpace }) => {
    const others = othersOf(dnsServers);
    if (others.length === 0) return false;
    if (addressSpace.kind === "unknown") return perhaps([addressSpace.because], evidenceOf(id, addressSpace));
    const space = IpSet.union(addressSpace.value);
    return others.some((server) => !isIn(space, server));
  });
}

function asks(
  id: ResourceId,
  snapshot: Snapshot,
  judge: (network: Pick<NetworkFact, "addressSpace"> & { readonly dnsServers: readonly unknown[] }) => boolean | Truth,
): Truth {
  const found = snapshot.get(id);
  const unread = unreadBecause(found, `\`${id.text}\``);
  if (unread !== undefined) return perhaps([unread]);
  if (found.kind !== "fact" || found.fact.kind !== "network") return certainly(false);
  const { dnsServers, addressSpace } = found.fact;
  const evidence = evidenceOf(found.fact.id, dnsServers);
  if (dnsServers.kind === "unknown") return perhaps([dnsServers.because], evidence);
  const answer = judge({ dnsServers: dnsServers.value, addressSpace });
  return typeof answer === "boolean" ? certainly(answer, evidence) : answer;
}

function othersOf(servers: readonly unknown[]): readonly unknown[] {
  return servers.filter((server) => server !== azureDns);
}

function isIn(space: IpSet, server: unknown): boolean {
  const address = typeof server === "string" ? parseAddresses(server) : undefined;
  return address?.isSubsetOf(space) ?? false;
}
