import type { NetworkInterfaceFact, SubnetFact } from "../model/fact.ts";
import { certainly, perhaps, type Truth } from "../model/must-may.ts";
import { evidenceOf } from "../model/setting.ts";
import type { Snapshot } from "../model/snapshot.ts";
import { interfacesIn, unseenIn } from "./places.ts";

/** A public address of an interface in a subnet, or the reason why there may be one. */
export interface PublicAddress {
  /** "`pip-erp` at `nic-erp`"; empty where it is not known. */
  readonly name: string;
  readonly isThere: Truth;
}

/** Of the interfaces of virtual machines and scale sets, as far as ARM tells of them. */
export function publicAddressesIn(subnet: SubnetFact, snapshot: Snapshot): readonly PublicAddress[] {
  const unseen = unseenIn(subnet, snapshot);
  return [
    ...interfacesIn(subnet, snapshot).flatMap((nic) => addressesOf(nic, subnet)),
    ...(unseen === undefined
      ? []
      : [{ name: "", isThere: perhaps([unseen], evidenceOf(subnet.id, subnet.ipConfigurations)) }]),
  ];
}

function addressesOf({ id, ipConfigurations: list }: NetworkInterfaceFact, subnet: SubnetFact) {
  if (list.kind === "unknown") return [{ name: "", isThere: perhaps([list.because], evidenceOf(id, list)) }];
  return list.value.flatMap((one, index): PublicAddress[] => {
    const { publicIPAddress } = one;
    if (publicIPAddress === undefined || one.subnet?.key !== subnet.id.key) return [];
    const pointer = `${list.pointer}/${index}/properties/publicIPAddress/id`;
    const at = { resource: id, pointer, value: publicIPAddress.text };
    return [{ name: `\`${publicIPAddress.name}\` at \`${id.name}\``, isThere: certainly(true, [at]) }];
  });
}
