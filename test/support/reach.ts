import type { SubnetFact } from "../../lib/model/fact.ts";
import type { Snapshot } from "../../lib/model/snapshot.ts";
import type { IpSet } from "../../lib/net/ip-set.ts";
import { parseAddresses } from "../../lib/net/parse-addresses.ts";
import { idOf } from "./builders.ts";

export function addressOf(text: string): IpSet {
  const set = parseAddresses(text);
  if (set === undefined) throw new TypeError(`\`${text}\` is no address`);
  return set;
}

export function subnetIn(snapshot: Snapshot, id: string): SubnetFact {
  const found = snapshot.get(idOf(id));
  if (found.kind !== "fact" || found.fact.kind !== "subnet") throw new TypeError(`\`${id}\` is no subnet`);
  return found.fact;
}
