import { rawAt } from "./boundary-changes.ts";
import type { Change, Proposer } from "./change.ts";
import { command } from "./command.ts";

const list = "/properties/virtualNetworkPeerings";

/** Each peering of the network, taken away: https://learn.microsoft.com/cli/azure/network/vnet/peering */
export const removePeerings: Proposer = ({ finding, snapshot, bodies }) => {
  const found = snapshot.get(finding.resource);
  if (found.kind !== "fact" || found.fact.kind !== "network" || bodies(found.fact.id) === undefined) return [];
  const { id, peerings } = found.fact;
  if (peerings.kind === "unknown") return [];
  return peerings.value.map(({ at, name }): Change => {
    const path = at.pointer.startsWith(list) ? at.pointer : list;
    return {
      edits: [{ resource: id, path, old: rawAt(id, path, bodies), new: undefined }],
      commands: () => [
        command("network vnet peering delete --vnet-name {network} --name {name}", id, { network: id.name, name }),
      ],
      caveats: ["the other network keeps its side of the peering, as Disconnected: delete it as well"],
    };
  });
};
