import type { Evidence } from "../model/evidence.ts";
import type { ResourceId } from "../model/resource-id.ts";
import { evidenceOf } from "../model/setting.ts";
import type { Snapshot } from "../model/snapshot.ts";
import { IpSet } from "../net/ip-set.ts";
import { ownedAddresses } from "./owned-addresses.ts";
import { type Family, publicSpace } from "./spaces.ts";
import { unreadBecause } from "./unread.ts";

/** Where callers from the internet knock at some firewalls. */
export interface Entrances {
  readonly destinations: IpSet;
  /** Only a firewall with a public IPv6 address routes IPv6: https://learn.microsoft.com/azure/firewall/deploy-dual-stack-firewall */
  readonly families: readonly Family[];
  /** The public IPv6 addresses. */
  readonly ipv6: readonly Evidence[];
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
  const { addresses, ipv6 } = known;
  const because = [...known.because, ...others];
  const families: readonly Family[] = addresses.overlaps(IpSet.ipv6) ? ["ipv4", "ipv6"] : ["ipv4"];
  const internet = publicSpace.intersect(IpSet.ipv4);
  if (because.length === 0) return { destinations: addresses.intersect(internet), families, ipv6, assumptions: [] };
  const assumption = `the destination is an address of the firewall, as ${because[0]}`;
  return { destinations: internet, families, ipv6, assumptions: [assumption] };
}

interface OwnAddresses {
  readonly addresses: IpSet;
  readonly ipv6: readonly Evidence[];
  /** Why there may be others. */
  readonly because: readonly string[];
}

function publicAddressesOf(firewalls: readonly ResourceId[], snapshot: Snapshot): OwnAddresses {
  const parts = firewalls.map((firewall) => addressesOf(firewall, snapshot));
  return {
    addresses: IpSet.union(parts.map(({ addresses }) => addresses)),
    ipv6: parts.flatMap(({ ipv6 }) => ipv6),
    because: parts.flatMap(({ because }) => because),
  };
}

function addressesOf(id: ResourceId, snapshot: Snapshot): OwnAddresses {
  const found = snapshot.get(id);
  if (found.kind !== "fact" || found.fact.kind !== "azureFirewall") {
    const because = unreadBecause(found, `\`${id.text}\``);
    return { addresses: IpSet.empty, ipv6: [], because: because === undefined ? [] : [because] };
  }
  const { publicIPAddresses: named, hubAddresses: hub } = found.fact;
  const looks = named.kind === "known" ? named.value.map((address) => ownedAddresses(address, snapshot)) : [];
  const known = looks.filter((look) => typeof look !== "string");
  const ofHub = hub.kind === "known" ? [{ addresses: hub.value, at: evidenceOf(id, hub) }] : [];
  const all = [...ofHub, ...known];
  return {
    addresses: IpSet.union(all.map(({ addresses }) => addresses)),
    ipv6: all.flatMap(({ addresses, at }) => (addresses.overlaps(IpSet.ipv6) ? [...at, ...evidenceOf(id, named)] : [])),
    because: [
      ...[named, hub].flatMap((one) => (one.kind === "unknown" ? [one.because] : [])),
      ...looks.filter((look) => typeof look === "string"),
    ],
  };
}
