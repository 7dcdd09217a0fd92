import type { EnumerationAt } from "./service.ts";

export interface OwnAddressesAt {
  /** A list of `{ id }`, of public IP addresses and prefixes. */
  readonly list: string;
  /** What no document says, where it is not certain that they are let in: "whether …". */
  readonly unlessBecause?: string;
}

/** A group of which each one of the type has a private DNS zone of its own, which is named after it. */
export interface NamedZoneSource {
  readonly groupId: string;
  /** Its name: the first label is that of the record, and the rest that of the zone. */
  readonly name: string;
  /** What the name of the zone has before the rest. */
  readonly before?: string;
  /** Where the zone is that the service itself writes the record into, for its own endpoint. */
  readonly kept?: {
    /** The id of a zone; or a folded word: `none` where there is no zone, `inGroup` where it is in a group, as it is when absent. */
    readonly pointer: string;
    readonly none: string;
    readonly inGroup: string;
    /** The name of that group, in which its own endpoint is as well. */
    readonly group: string;
  };
  /** Public DNS leads to the private address, too: only the network of the endpoint needs the zone. */
  readonly isPublicToo?: EnumerationAt<boolean>;
  /** In the network that it stands in itself the zone must not be. */
  readonly notInItsNetwork?: true;
  readonly link: string;
}
