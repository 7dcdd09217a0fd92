import { deletion, type Proposer } from "./change.ts";
import { command } from "./command.ts";

/** https://learn.microsoft.com/cli/azure/network/express-route/peering#az-network-express-route-peering-delete */
export const removePublicPeering: Proposer = ({ finding, snapshot, bodies }) => {
  const { facts } = snapshot.list(finding.resource, "Microsoft.Network/expressRouteCircuits/peerings");
  const template = "network express-route peering delete --circuit-name {circuit} --name {name}";
  return facts.flatMap((fact) => {
    const isPublic =
      fact.kind === "circuitPeering" && fact.peeringType.kind === "known" && fact.peeringType.value === "azurePublic";
    const gone = isPublic ? deletion(fact.id, bodies) : undefined;
    const words = { circuit: finding.resource.name, name: fact.id.name };
    if (gone === undefined) return [];
    return [
      {
        edits: [gone],
        commands: () => [command(template, finding.resource, words)],
        caveats: ["move what still comes over the peering to Microsoft peering or private endpoints first"],
      },
    ];
  });
};
