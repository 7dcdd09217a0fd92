import { type NamesOfSubnets, namesOfSubnetsFor } from "../catalog/subnet-requirements.ts";
import type { Evidence } from "../model/evidence.ts";
import type { SubnetFact } from "../model/fact.ts";
import { fold, ResourceId } from "../model/resource-id.ts";

/** Something in a subnet that needs the subnet to have another name. */
export interface Misplaced {
  readonly by: string;
  readonly names: NamesOfSubnets["names"];
  readonly at: Evidence;
}

/** Of what has an address in the subnet, as far as Azure says. */
export function misplacedIn({ id, ipConfigurations }: SubnetFact): readonly Misplaced[] {
  if (ipConfigurations.kind === "unknown") return [];
  const found = ipConfigurations.value.flatMap((text, index): readonly Misplaced[] => {
    const owner = ResourceId.parse(text)?.parent;
    const named = owner === undefined ? undefined : namesOfSubnetsFor(owner.type);
    if (owner === undefined || named === undefined) return [];
    if (named.names.some((name) => fold(name) === fold(id.name))) return [];
    const at = { resource: id, pointer: `${ipConfigurations.pointer}/${index}/id`, value: text };
    return [{ by: owner.name, names: named.names, at }];
  });
  return [...new Map(found.map((one) => [one.by, one])).values()];
}
