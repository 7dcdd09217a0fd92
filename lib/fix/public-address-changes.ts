import { fold } from "../model/resource-id.ts";
import { rawAt } from "./boundary-changes.ts";
import type { Change, Proposer } from "./change.ts";
import { command } from "./command.ts";

/** https://learn.microsoft.com/azure/virtual-network/ip-services/remove-public-ip-address-vm */
const template = "network nic ip-config update --nic-name {nic} --name {name} --public-ip-address null";

/** Those by which the finding says that packets get out. */
export const dissociateOutlets: Proposer = (scene) =>
  dissociatePublicAddresses(scene).filter(({ edits }) =>
    edits.some((edit) =>
      scene.finding.evidence.some(
        ({ resource, pointer }) => resource.key === edit.resource.key && pointer === `${edit.path}/id`,
      ),
    ),
  );

/** Each interface in the subnet keeps its private addresses only. */
export const dissociatePublicAddresses: Proposer = ({ finding, snapshot, bodies }) =>
  snapshot.naming(finding.resource, "networkInterface").flatMap(({ id, ipConfigurations }): readonly Change[] => {
    if (ipConfigurations.kind === "unknown" || bodies(id) === undefined) return [];
    return ipConfigurations.value.flatMap(({ subnet, publicIPAddress, pointer }): readonly Change[] => {
      if (subnet?.key !== finding.resource.key || publicIPAddress === undefined) return [];
      const entry = pointer.split("/").slice(0, 4).join("/");
      const path = `${entry}/properties/publicIPAddress`;
      const name = String(rawAt(id, `${entry}/name`, bodies));
      return [
        {
          edits: [{ resource: id, path, old: rawAt(id, path, bodies), new: undefined }],
          commands: () => [command(template, id, { nic: id.name, name })],
          caveats: [
            `the address itself stays, and costs money, until it is deleted: \`${fold(publicIPAddress.name)}\``,
          ],
        },
      ];
    });
  });
