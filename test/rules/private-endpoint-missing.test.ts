import { privateEndpointMissing } from "../../lib/rules/private-endpoint-missing.ts";
import { anApp, slotId } from "../support/apps.ts";
import { aConnection, aKeyVault, aSqlServer, aStorageAccount, storageId } from "../support/builders.ts";
import { ruleTable } from "../support/rule-table.ts";
import { policyWith } from "../support/world.ts";

const policy = policyWith({ privateTypes: ["Microsoft.Storage/storageAccounts", "microsoft.sql/SERVERS"] });

ruleTable(privateEndpointMissing, [
  {
    when: "a connection is approved",
    given: aStorageAccount({ privateEndpointConnections: [aConnection("Approved")] }),
    policy,
    want: "pass",
  },
  {
    when: "there is no connection",
    given: aStorageAccount(),
    policy,
    want: "fail",
    says: ["/properties/privateEndpointConnections"],
  },
  {
    when: "the connections are null",
    given: aStorageAccount({ privateEndpointConnections: null }),
    policy,
    want: "fail",
  },
  {
    when: "the only connection waits for approval",
    looks: "fine",
    given: aStorageAccount({ privateEndpointConnections: [aConnection("Pending")] }),
    policy,
    want: "fail",
    says: ["Pending"],
  },
  {
    when: "one of two connections is approved",
    looks: "wrong",
    given: aStorageAccount({
      privateEndpointConnections: [aConnection("Rejected", "a"), aConnection("Approved", "b")],
    }),
    policy,
    want: "pass",
  },
  {
    when: "public access is off, but nothing private took its place",
    looks: "fine",
    given: aSqlServer({ properties: { publicNetworkAccess: "Disabled" } }),
    policy,
    want: "fail",
  },
  { when: "the policy does not want the type private", looks: "wrong", given: aKeyVault(), policy, want: "pass" },
  { when: "the policy names no type", looks: "wrong", given: aStorageAccount(), want: "pass" },
  {
    when: "the state of the connection is an unheard-of one",
    given: aStorageAccount({ privateEndpointConnections: [aConnection("Certified")] }),
    policy,
    want: "undetermined",
    says: ["Certified"],
  },
  {
    when: "the connections are no list",
    given: aStorageAccount({ privateEndpointConnections: "one" }),
    policy,
    want: "undetermined",
  },
  {
    when: "the body is a thin one",
    given: { id: storageId, type: "Microsoft.Storage/storageAccounts" },
    policy,
    want: "undetermined",
    says: ["without its properties"],
  },

  {
    when: "an app has none",
    given: anApp(),
    policy: policyWith({ privateTypes: ["Microsoft.Web/sites"] }),
    want: "fail",
  },
  {
    when: "a slot has none, and only apps must have one",
    given: anApp({}, {}, slotId),
    policy: policyWith({ privateTypes: ["Microsoft.Web/sites"] }),
    want: "pass",
  },
]);
