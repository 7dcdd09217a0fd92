import { privateEndpointDangling } from "../../lib/rules/private-endpoint-dangling.ts";
import { anApp, appId, slotId } from "../support/apps.ts";
import { absent, aStorageAccount, complete, group, refused, storageId, subscription } from "../support/builders.ts";
import { aPrivateEndpoint, endpointId } from "../support/private-endpoints.ts";
import { ruleTable } from "../support/rule-table.ts";

const privateLinkService = `${group}/providers/Microsoft.Network/privateLinkServices/pls`;
const foreignAccount = storageId.replace("000000000001", "000000000002");

const ofSlot = aPrivateEndpoint({ service: appId, groupIds: ["sites-staging"] });

ruleTable(privateEndpointDangling, [
  { when: "it is for a slot that is there", given: [ofSlot, anApp(), anApp({}, {}, slotId)], want: "pass" },
  {
    when: "it is for a slot that is gone, though the app is there",
    looks: "fine",
    given: [ofSlot, anApp(), absent(slotId)],
    want: "fail",
    says: ["staging does not exist"],
  },
  { when: "the service exists", given: [aPrivateEndpoint(), aStorageAccount()], want: "pass" },
  {
    when: "ARM says that there is no such service",
    given: [aPrivateEndpoint(), absent(storageId)],
    want: "fail",
    says: ["stdrawings does not exist", "/properties/privateLinkServiceConnections/0/properties/privateLinkServiceId"],
  },
  {
    when: "the connection is still called approved, and the list of services does not hold it",
    looks: "fine",
    given: [aPrivateEndpoint(), complete(subscription, "Microsoft.Storage/storageAccounts")],
    want: "fail",
  },
  {
    when: "the connection is a manual one",
    given: [aPrivateEndpoint({ isManual: true, status: "Disconnected" }), absent(storageId)],
    want: "fail",
    says: ["/properties/manualPrivateLinkServiceConnections/0"],
  },
  {
    when: "the connection is disconnected, but the service is there: another rule's finding",
    looks: "wrong",
    given: [aPrivateEndpoint({ status: "Disconnected" }), aStorageAccount()],
    want: "pass",
  },
  {
    when: "the service is spelled in another casing",
    looks: "wrong",
    given: [aPrivateEndpoint({ service: storageId.toUpperCase() }), aStorageAccount()],
    want: "pass",
  },
  {
    when: "the service lies in a subscription that was not recorded",
    given: [aPrivateEndpoint({ service: foreignAccount }), complete(subscription, "Microsoft.Storage/storageAccounts")],
    want: "undetermined",
    says: [foreignAccount],
  },
  {
    when: "nobody may read the service",
    given: [aPrivateEndpoint(), refused(storageId)],
    want: "undetermined",
    says: ["403"],
  },
  {
    when: "it leads to something that is not audited and was not read",
    looks: "wrong",
    given: aPrivateEndpoint({ service: privateLinkService, groupIds: [] }),
    want: "pass",
  },
  {
    when: "it leads to something that is not audited and is gone",
    given: [aPrivateEndpoint({ service: privateLinkService, groupIds: [] }), absent(privateLinkService)],
    want: "fail",
  },
  {
    when: "it leads to the alias of somebody else's private link service",
    given: aPrivateEndpoint({ service: "pls.1234.westeurope.azure.privatelinkservice", isManual: true }),
    want: "pass",
  },
  {
    when: "it has no connection",
    given: aPrivateEndpoint({ properties: { privateLinkServiceConnections: [] } }),
    want: "pass",
  },
  {
    when: "the connection was told without its properties",
    given: aPrivateEndpoint({ properties: { privateLinkServiceConnections: [{ name: "pe" }] } }),
    want: "undetermined",
    says: ["does not say what it leads to"],
  },
  {
    when: "the connections are no list",
    given: aPrivateEndpoint({ properties: { manualPrivateLinkServiceConnections: "none" } }),
    want: "undetermined",
  },
  {
    when: "the body is a thin one",
    given: { id: endpointId(), type: "Microsoft.Network/privateEndpoints" },
    want: "undetermined",
    says: ["without its properties"],
  },
]);
