import { fold } from "../model/resource-id.ts";
import type { Snapshot } from "../model/snapshot.ts";
import { IpSet } from "../net/ip-set.ts";
import { unroutable } from "../net/special-ranges.ts";
import { publicSpace } from "./spaces.ts";

/** Public callers that a rule is for, or may be for. */
export interface TaggedAddresses {
  readonly must: IpSet;
  readonly may: IpSet;
  readonly because: readonly string[];
  /** Few, whichever they are. */
  readonly isFew: boolean;
}

const routable = IpSet.all.minus(unroutable);

/** A tag that is in no list stands for some of Azure's addresses: a few in a hundred of the internet. */
export function taggedAddresses(tag: string, snapshot: Snapshot): TaggedAddresses {
  if (fold(tag) === "internet") return { must: publicSpace, may: publicSpace, because: [], isFew: false };
  const listed = snapshot.serviceTags.addressesOf(tag);
  if (listed !== undefined) return { must: listed, may: listed, because: [], isFew: true };
  const because = `which addresses the service tag \`${tag}\` stands for is not known without the list of service tags`;
  return { must: IpSet.empty, may: routable, because: [because], isFew: true };
}

/** The tag of all of Azure, or of all of it in a region, is every customer there. */
export function isTagOfAzure(tag: string): boolean {
  return /^azurecloud(\.|$)/i.test(tag);
}
