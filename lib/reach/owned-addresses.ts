import type { Evidence } from "../model/evidence.ts";
import type { ResourceId } from "../model/resource-id.ts";
import type { Snapshot } from "../model/snapshot.ts";
import { IpSet } from "../net/ip-set.ts";
import { unreadBecause } from "./unread.ts";

/** Public addresses that somebody has in Azure, and what says so. */
export interface OwnedAddresses {
  readonly addresses: IpSet;
  readonly at: readonly Evidence[];
}

/** Those of a public IP address or prefix, or why they are not known; none where it is gone. */
export function ownedAddresses(id: ResourceId, snapshot: Snapshot): OwnedAddresses | string {
  const found = snapshot.get(id);
  if (found.kind === "absent") return { addresses: IpSet.empty, at: [] };
  const unread = unreadBecause(found, `\`${id.text}\``);
  if (unread !== undefined) return unread;
  const fact = found.kind === "fact" ? found.fact : undefined;
  if (fact?.kind === "publicIpAddress" && fact.address !== undefined) {
    return { addresses: fact.address, at: [{ resource: id, pointer: "/properties/ipAddress", value: fact.ipAddress }] };
  }
  if (fact?.kind === "publicIpPrefix" && fact.addresses !== undefined) {
    return { addresses: fact.addresses, at: [{ resource: id, pointer: "/properties/ipPrefix", value: fact.ipPrefix }] };
  }
  return `\`${id.text}\` does not say which address it has`;
}
