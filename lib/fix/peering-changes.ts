import type { ResourceId } from "../model/resource-id.ts";
import type { Snapshot } from "../model/snapshot.ts";
import { rawAt } from "./boundary-changes.ts";
import { type Change, type Proposer, setting } from "./change.ts";
import { command } from "./command.ts";
import type { Bodies, Edit } from "./edit.ts";

const list = "/properties/virtualNetworkPeerings";

/** Each peering of the network, taken away: https://learn.microsoft.com/cli/azure/network/vnet/peering */
export const removePeerings: Proposer = ({ finding, snapshot, bodies }) => {
  const found = snapshot.get(finding.resource);
  if (found.kind !== "fact" || found.fact.kind !== "network" || bodies(found.fact.id) === undefined) return [];
  const { id, peerings } = found.fact;
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
  const found = peer === undefined ? undefined : snapshot.get(peer);
  if (found?.kind !== "fact" || found.fact.kind !== "network" || found.fact.peerings.kind === "unknown") return [];
  const other = found.fact.id;
  return found.fact.peerings.value
    .filter(({ network }) => network?.key === id.key)
    .flatMap(({ at }) => setting(other, `${at.pointer}/properties/peeringState`, "Disconnected", bodies) ?? []);
}
