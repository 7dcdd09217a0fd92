import type { ResourceId } from "../model/resource-id.ts";
import { factAt, type Snapshot } from "../model/snapshot.ts";
import { rawAt } from "./boundary-changes.ts";
import { type Change, type Proposer, setting } from "./change.ts";
import { command } from "./command.ts";
import type { Bodies, Edit } from "./edit.ts";

const list = "/properties/virtualNetworkPeerings";

/** Each peering of the network, taken away: https://learn.microsoft.com/cli/azure/network/vnet/peering */
export const removePeerings: Proposer = ({ finding, snapshot, bodies }) => {
  const network = factAt(finding.resource, "network", snapshot);
  if (network === undefined || bodies(network.id) === undefined) return [];
  const { id, peerings } = network;
  if (peerings.kind === "unknown") return [];
  return peerings.value.map(({ at, name, network: peer }): Change => {
    const path = at.pointer.startsWith(list) ? at.pointer : list;
    return {
      edits: [{ resource: id, path, old: rawAt(id, path, bodies), new: undefined }],
      follows: otherSide(peer, id, snapshot, bodies),
      commands: () => [
        command("network vnet peering delete --vnet-name {network} --name {name}", id, { network: id.name, name }),
      ],
      caveats: ["the other network keeps its side of the peering, as Disconnected: delete it as well"],
    };
  });
};

/** The peering of the other network that leads back. */
function otherSide(peer: ResourceId | undefined, id: ResourceId, snapshot: Snapshot, bodies: Bodies): readonly Edit[] {
  const other = factAt(peer, "network", snapshot);
  if (other?.peerings.kind !== "known") return [];
  return other.peerings.value
    .filter(({ network }) => network?.key === id.key)
    .flatMap(({ at }) => setting(other.id, `${at.pointer}/properties/peeringState`, "Disconnected", bodies) ?? []);
}
