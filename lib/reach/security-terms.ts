import type { AddressTerm, PortTerm } from "../model/fact.ts";
import { IpSet } from "../net/ip-set.ts";
import { PortSet } from "../net/port-set.ts";

/** What rules say that Azure, and not their owner, made. */
export const everyPort: PortTerm = { must: PortSet.all, may: PortSet.all, because: undefined };

/** Exactly these addresses, and those of the tags. */
export function termOf(addresses: IpSet, ...tags: readonly string[]): AddressTerm {
  return { must: addresses, may: addresses, tags, applicationSecurityGroups: [], isClear: true, because: undefined };
}

export const everyone: AddressTerm = termOf(IpSet.all);
