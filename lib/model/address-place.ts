import { allBlocks, isNarrow, narrowestBlocks } from "../net/address-blocks.ts";
import type { IpSet } from "../net/ip-set.ts";
import { ResourceId } from "./resource-id.ts";

/**
 * What a fact names that has public addresses in a region, so that whoever asks for some of them is told of these and of few others.
 * Blocks are no resources of Azure: nobody reads them. No range that Azure gives out, or takes over from a customer (a /21 at most, and in
 * a region an IPv6 /64), is too wide: https://learn.microsoft.com/azure/virtual-network/ip-services/create-custom-ip-address-prefix-portal
 */
export function placesHolding(addresses: IpSet | undefined, region: string | undefined): readonly ResourceId[] {
  return addresses === undefined ? [] : placesIn(region, allBlocks(addresses));
}

/** Where to ask what has some of these addresses in the region; nowhere for a range of which much would be told. */
export function placesToAsk(addresses: IpSet, region: string): readonly ResourceId[] {
  return isNarrow(addresses) ? placesIn(region, narrowestBlocks(addresses)) : [];
}

function placesIn(region: string | undefined, blocks: readonly string[]): readonly ResourceId[] {
  if (region === undefined || !/^[a-z0-9]+$/.test(region)) return [];
  return blocks.map((block) => ResourceId.ofAddressBlock(region, block));
}
