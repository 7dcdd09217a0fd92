import type { ResourceId } from "../model/resource-id.ts";
import type { Snapshot } from "../model/snapshot.ts";
import { IpSet } from "../net/ip-set.ts";
import type { Family } from "./firewall-openings.ts";
import { publicSpace } from "./network-view.ts";
import { unreadBecause } from "./unread.ts";

/** Where callers from the internet knock at some firewalls. */
export interface Entrances {
  readonly destinations: IpSet;
  /** Only a firewall with a public IPv6 address routes IPv6: https://learn.microsoft.com/azure/firewall/deploy-dual-stack-firewall */
  readonly families: readonly Family[];
  readonly assumptions: readonly string[];
}

/**
 * The public IPv4 addresses of the firewalls, which NAT rules are for; any where not all of them are known. `others` says why
 * there may be more firewalls.
 */
export function entrancesOf(
  firewalls: readonly ResourceId[],
  others: readonly string[],
  snapshot: Snapshot,
): Entrances {
  const known = publicAddressesOf(firewalls, snapshot);
  const { addresses } = known;
  const because = [...known.because, ...others];
  const families: readonly Family[] = addresses.overlaps(IpSet.ipv6) ? ["ipv4", "ipv6"] : ["ipv4"];
  const internet = publicSpace.intersect(IpSet.ipv4);
  if (because.length === 0) return { destinations: addresses.intersect(internet), families, assumptions: [] };
  const assumption = `the destination is an address of the firewall, as ${because[0]}`;
  return { destinations: internet, families, assumptions: [assumption] };
}

interface OwnAddresses {
  readonly addresses: IpSet;
  /** Why there may be others. */
  readonly because: readonly string[];
}

function publicAddressesOf(firewalls: readonly ResourceId[], snapshot: Snapshot): OwnAddresses {
  const parts = firewalls.map((firewall) => addressesOf(firewall, snapshot));
  return {
    addresses: IpSet.union(parts.map(({ addresses }) => addresses)),
    because: parts.flatMap(({ because }) => because),
  };
}

function addressesOf(id: ResourceId, snapshot: Snapshot): OwnAddresses {
  const found = snapshot.get(id);
  if (found.kind !== "fact" || found.fact.kind !== "azureFirewall") {
    const because = unreadBecause(found, `\`${id.text}\``);
    return { addresses: IpSet.empty, because: because === undefined ? [] : [because] };
  }
  const { publicIPAddresses: named, hubAddresses: hub } = found.fact;
  const looks = named.kind === "known" ? named.value.map((address) => addressOf(address, snapshot)) : [];
  return {
    addresses: IpSet.union([
      ...(hub.kind === "known" ? [hub.value] : []),
      ...looks.map((look) => (look instanceof IpSet ? look : IpSet.empty)),
    ]),
    because: [
      ...[named, hub].flatMap((one) => (one.kind === "unknown" ? [one.because] : [])),
      ...looks.flatMap((look) => (look instanceof IpSet ? [] : [look])),
    ],
  };
}

/** The address, or why it is not known. */
function addressOf(id: ResourceId, snapshot: Snapshot): IpSet | string {
  const found = snapshot.get(id);
  if (found.kind === "absent") return IpSet.empty;
  const because = unreadBecause(found, `\`${id.text}\``);
  if (because !== undefined) return because;
  const address = found.kind === "fact" && found.fact.kind === "publicIpAddress" ? found.fact.address : undefined;
  return address ?? `\`${id.text}\` does not say which address it has`;
}
