import type { SecurityRule } from "../model/fact.ts";
import { fold } from "../model/resource-id.ts";
import type { Snapshot } from "../model/snapshot.ts";

/**
 * More of the internet than all service tags but `Internet` and `VirtualNetwork` hold together. `AzureCloud` is all public
 * addresses of Azure's datacenters: https://learn.microsoft.com/azure/virtual-network/service-tags-overview#available-service-tags
 * The published list 376 has 1.3 in a hundred of the public IPv4 addresses in all of its tags, and far fewer of IPv6:
 * https://www.microsoft.com/download/details.aspx?id=56519
 */
export const shareOfAllTags = 0.05;

/** What these two hold depends on the network, not on a list; the host's address is not on the internet. */
const notPublished: ReadonlySet<string> = new Set(["internet", "virtualnetwork", "azureloadbalancer"]);

/** The tag is no service's: what it holds depends on the network. */
export function isOfNetwork(tag: string): boolean {
  return notPublished.has(fold(tag));
}

/** Folded names of the tags of the callers in some rules that are in no list. */
export function unlistedTags(rules: readonly SecurityRule[], snapshot: Snapshot): readonly string[] {
  const tags = new Set(rules.flatMap(({ sources }) => sources.tags.map(fold)));
  return [...tags].filter((tag) => !notPublished.has(tag) && snapshot.serviceTags.addressesOf(tag) === undefined);
}

/**
 * Tags whose callers certainly come from public IPv4 addresses, whichever these are, by their names as documents have them:
 * https://learn.microsoft.com/azure/frontdoor/origin-security#ip-address-filtering (whatever anybody's Front Door lets through) and
 * https://learn.microsoft.com/azure/virtual-network/service-tags-overview#available-service-tags (anybody's machines)
 */
export const publicCallers: ReadonlyMap<string, string> = new Map(
  ["AzureFrontDoor.Backend", "AzureCloud"].map((tag) => [fold(tag), tag]),
);
