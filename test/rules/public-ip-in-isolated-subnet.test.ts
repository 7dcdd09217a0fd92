import { Glob } from "../../lib/model/glob.ts";
import { publicIpInIsolatedSubnet } from "../../lib/rules/public-ip-in-isolated-subnet.ts";
import {
  aNetwork,
  aNetworkInterface,
  type Given,
  group,
  publicAddressId,
  refused,
  subnetId,
} from "../support/builders.ts";
import { ruleTable } from "../support/rule-table.ts";
import { policyWith } from "../support/world.ts";

const isolated = policyWith({ isolatedSubnets: [new Glob("*/subnets/snet-app")] });

const nicId = `${group}/providers/Microsoft.Network/networkInterfaces/nic`;
const scaleSetNic = `${group}/providers/Microsoft.Compute/virtualMachineScaleSets/vmss/virtualMachines/0/networkInterfaces/nic`;

/** The subnet, of which ARM says that this interface is in it. */
function withInterface(id = nicId): Given {
  return aNetwork([{ properties: { ipConfigurations: [{ id: `${id}/ipConfigurations/ipconfig1` }] } }]);
}

const exposed = aNetworkInterface({ publicIPAddress: publicAddressId });

ruleTable(publicIpInIsolatedSubnet, [
  {
    when: "no interface has a public address",
    given: [withInterface(), aNetworkInterface()],
    policy: isolated,
    want: "pass",
  },
  { when: "the subnet is empty", given: aNetwork(), policy: isolated, want: "pass" },
  {
    when: "nobody said that the subnet is isolated",
    looks: "wrong",
    given: [withInterface(), exposed],
    want: "pass",
  },
  {
    when: "an interface has a public address",
    given: [withInterface(), exposed],
    policy: isolated,
    want: "fail",
    says: ["`pip` at `nic`", "/properties/ipConfigurations/0/properties/publicIPAddress/id"],
  },
  {
    when: "ARM does not list the interface in the subnet's body, which is older",
    looks: "fine",
    given: [aNetwork(), exposed],
    policy: isolated,
    want: "fail",
  },
  {
    when: "two interfaces have one each",
    given: [
      aNetwork(),
      exposed,
      aNetworkInterface({ publicIPAddress: `${publicAddressId}-2`, privateIPAddress: "10.0.0.5" }, undefined, "nic-2"),
    ],
    policy: isolated,
    want: "fail",
    says: ["`pip` at `nic` and `pip-2` at `nic-2`"],
  },
  {
    when: "the public address is at a configuration of the interface in another subnet",
    looks: "wrong",
    given: [
      aNetwork([{}, { name: "snet-other", properties: { addressPrefix: "10.0.1.0/24" } }]),
      {
        ...aNetworkInterface(),
        properties: {
          ipConfigurations: [
            { properties: { privateIPAddress: "10.0.0.4", subnet: { id: subnetId } } },
            {
              properties: {
                privateIPAddress: "10.0.1.4",
                subnet: { id: subnetId.replace("snet-app", "snet-other") },
                publicIPAddress: { id: publicAddressId },
              },
            },
          ],
        },
      },
    ],
    policy: isolated,
    want: "pass",
  },
  {
    when: "the interface was refused",
    looks: "fine",
    given: [withInterface(), refused(nicId)],
    policy: isolated,
    want: "undetermined",
    says: [`403 reading ${nicId}`],
  },
  {
    when: "one interface was refused, and another has a public address",
    given: [
      withInterface(),
      refused(nicId),
      aNetworkInterface({ publicIPAddress: publicAddressId, privateIPAddress: "10.0.0.5" }, undefined, "nic-2"),
    ],
    policy: isolated,
    want: "fail",
    says: ["`pip` at `nic-2`"],
  },
  {
    when: "a machine of a scale set is in the subnet, whose interfaces nobody recorded",
    looks: "fine",
    given: withInterface(scaleSetNic),
    policy: isolated,
    want: "undetermined",
    says: ["virtualMachineScaleSets/vmss"],
  },
  {
    when: "a gateway in the subnet has a public address, and no interface",
    looks: "wrong",
    given: aNetwork([
      {
        properties: {
          ipConfigurations: [
            { id: `${group}/providers/Microsoft.Network/virtualNetworkGateways/gw/ipConfigurations/a` },
          ],
        },
      },
    ]),
    policy: isolated,
    want: "pass",
  },
  {
    when: "what is in the subnet cannot be understood",
    given: aNetwork([{ properties: { ipConfigurations: "many" } }]),
    policy: isolated,
    want: "undetermined",
  },
]);
