import type { Evidence } from "../model/evidence.ts";
import type { PublicIpAddressFact, PublicIpPrefixFact } from "../model/fact.ts";
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
  const isOwner = fact?.kind === "publicIpAddress" || fact?.kind === "publicIpPrefix";
  return (isOwner ? ownedBy(fact) : undefined) ?? `\`${id.text}\` does not say which address it has`;
}

/** Undefined while it has none, or one that cannot be understood. */
export function ownedBy(fact: PublicIpAddressFact | PublicIpPrefixFact): OwnedAddresses | undefined {
  const [addresses, pointer, value] =
    fact.kind === "publicIpAddress"
      ? [fact.address, "/properties/ipAddress", fact.ipAddress]
      : [fact.addresses, "/properties/ipPrefix", fact.ipPrefix];
  return addresses === undefined ? undefined : { addresses, at: [{ resource: fact.id, pointer, value }] };
}
