import { privateEndpointNotApproved } from "../../lib/rules/private-endpoint-not-approved.ts";
import { aConnection, aKeyVault, aSqlServer, aStorageAccount, storageId } from "../support/builders.ts";
import { ruleTable } from "../support/rule-table.ts";

/** A storage account whose connections have the given statuses, by name. */
function connected(statuses: Readonly<Record<string, string | undefined>>) {
  const connections = Object.entries(statuses).map(([name, status]) => aConnection(status, name));
  return aStorageAccount({ privateEndpointConnections: connections });
}

ruleTable(privateEndpointNotApproved, [
  { when: "there is no connection", given: aStorageAccount(), want: "pass" },
  { when: "the connection is approved", given: connected({ "pe-erp": "Approved" }), want: "pass" },
  { when: "it is approved in lower case", looks: "wrong", given: connected({ "pe-erp": "approved" }), want: "pass" },
  {
    when: "nobody answered the request",
    given: connected({ "pe-erp": "Pending" }),
    want: { "pe-erp": "fail" },
    says: ["`pe-erp` is pending", "/properties/privateEndpointConnections/0", "Pending"],
  },
  {
    when: "it was rejected: present, and no use",
    looks: "fine",
    given: connected({ "pe-erp": "Rejected" }),
    want: { "pe-erp": "fail" },
  },
  {
    when: "it was disconnected: present, and no use",
    looks: "fine",
    given: connected({ "pe-erp": "DISCONNECTED" }),
    want: { "pe-erp": "fail" },
  },
  {
    when: "several connections differ",
    given: connected({ "pe-a": "Approved", "pe-b": "Rejected", "pe-c": "Resting" }),
    want: { "pe-a": "pass", "pe-b": "fail", "pe-c": "undetermined" },
    says: ["/properties/privateEndpointConnections/1", "Resting"],
  },
  {
    when: "the status is absent",
    given: connected({ "pe-erp": undefined }),
    want: { "pe-erp": "undetermined" },
  },
  {
    when: "the connection came without its properties",
    given: aStorageAccount({ privateEndpointConnections: [{ id: `${storageId}/privateEndpointConnections/pe-erp` }] }),
    want: { "pe-erp": "undetermined" },
  },
  {
    when: "the approved endpoint lies where nobody can see it",
    looks: "wrong",
    given: aStorageAccount({
      privateEndpointConnections: [
        {
          id: `${storageId}/privateEndpointConnections/pe-foreign`,
          properties: { privateEndpoint: {}, privateLinkServiceConnectionState: { status: "Approved" } },
        },
      ],
    }),
    want: "pass",
  },
  {
    when: "the connections of a vault are null, as where there are none",
    given: aKeyVault({ privateEndpointConnections: null }),
    want: "pass",
  },
  {
    when: "public access is off and the only way in is pending",
    looks: "fine",
    given: aSqlServer({
      properties: { publicNetworkAccess: "Disabled", privateEndpointConnections: [aConnection("Pending")] },
    }),
    want: { "pe-erp": "fail" },
  },
  {
    when: "the connections are no list",
    given: aStorageAccount({ privateEndpointConnections: "one" }),
    want: "undetermined",
  },
  {
    when: "the body is a thin one",
    given: { id: storageId, type: "Microsoft.Storage/storageAccounts" },
    want: "undetermined",
    says: ["without its properties"],
  },
]);
