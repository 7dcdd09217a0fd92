import { expect, test } from "vitest";
import { boundaryOf } from "../../lib/reach/boundary.ts";
import {
  aKeyVault,
  aNetwork,
  aNetworkRule,
  anEndpointPolicy,
  aSecurityGroup,
  aSecurityRule,
  aStorageAccount,
  idOf,
  storageId,
  vaultId,
} from "../support/builders.ts";
import { snapshotOf } from "../support/world.ts";

const acls = { networkAcls: { defaultAction: "Deny", virtualNetworkRules: [aNetworkRule()] } };

/** Of the subnet that the firewalls of a storage account and of a key vault admit. */
function admitted(...rules: readonly object[]) {
  const endpoints = ["Microsoft.Storage", "Microsoft.KeyVault"];
  const snapshot = snapshotOf([
    aStorageAccount(acls),
    aKeyVault(acls),
    aNetwork([{ serviceEndpoints: endpoints }]),
    aSecurityGroup(rules),
    anEndpointPolicy(),
  ]);
  return [storageId, vaultId].map((id) => {
    const found = snapshot.get(idOf(id));
    if (found.kind !== "fact" || found.fact.kind !== "service") throw new Error(`no service ${id}`);
    return boundaryOf(found.fact, snapshot).subnets.doors.map(({ admits }) => [admits.must, admits.may]);
  });
}

const denies = { direction: "Outbound", access: "Deny", protocol: "*", sourceAddressPrefix: "*" };
/** Whether an address of one service is among those of another's tag is not known without the list of tags. */
const [opened, unsure, shut] = [[[true, true]], [[false, true]], [[false, false]]];

test.each([
  { when: "nothing is denied", rules: [], want: [opened, opened] },
  { when: "the tag of the first", rules: [{ ...denies, destinationAddressPrefix: "Storage" }], want: [shut, unsure] },
  {
    when: "the tag of the second",
    rules: [{ ...denies, destinationAddressPrefix: "AzureKeyVault" }],
    want: [unsure, shut],
  },
  { when: "the internet", rules: [{ ...denies, destinationAddressPrefix: "Internet" }], want: [shut, shut] },
  { when: "another port", rules: [{ ...denies, destinationPortRange: "1433" }], want: [opened, opened] },
])("two services behind one group are told apart where a rule denies: $when", ({ rules, want }) => {
  expect(admitted(...rules.map((rule) => aSecurityRule({ destinationPortRange: "*", ...rule })))).toEqual(want);
});
