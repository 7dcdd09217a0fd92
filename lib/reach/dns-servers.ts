import { certainly, perhaps, type Truth } from "../model/must-may.ts";
import type { ResourceId } from "../model/resource-id.ts";
import { evidenceOf } from "../model/setting.ts";
import type { Snapshot } from "../model/snapshot.ts";
import { unreadBecause } from "./unread.ts";

const azureDns = "168.63.129.16";

/**
 * Whether clients in the network ask other servers than Azure's: then the links of the network that those servers are
 * in decide what they find (https://learn.microsoft.com/azure/private-link/private-endpoint-dns-integration).
 */
export function asksOwnDnsServers(network: ResourceId, snapshot: Snapshot): Truth {
  const found = snapshot.get(network);
  const unread = unreadBecause(found, `\`${network.text}\``);
  if (unread !== undefined) return perhaps([unread]);
  if (found.kind !== "fact" || found.fact.kind !== "network") return certainly(false);
  const { id, dnsServers } = found.fact;
  const evidence = evidenceOf(id, dnsServers);
  if (dnsServers.kind === "unknown") return perhaps([dnsServers.because], evidence);
  return certainly(
    dnsServers.value.some((server) => server !== azureDns),
    evidence,
  );
}
