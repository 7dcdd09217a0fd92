import { Glob } from "../../lib/model/glob.ts";
import { trustedServicesBypass } from "../../lib/rules/trusted-services-bypass.ts";
import { anApp, forTag, lists } from "../support/apps.ts";
import {
  aKeyVault,
  aPerimeter,
  aPerimeterConfiguration,
  aSqlServer,
  aStorageAccount,
  group,
  notAssociated,
  storageId,
  vaultId,
} from "../support/builders.ts";
import { ruleTable } from "../support/rule-table.ts";
import { policyWith } from "../support/world.ts";

const synapse = `${group}/providers/Microsoft.Synapse/workspaces/syn-erp`;
const instance = { tenantId: "7e7e7e7e-0000-4000-8000-000000000003", resourceId: synapse };

const partner = "/subscriptions/7e7e7e7e-0000-4000-8000-000000000009";
const otherPerimeter = `${partner}/resourceGroups/rg/providers/Microsoft.Network/networkSecurityPerimeters/nsp-partner`;

/** Approves exceptions of the storage account. */
function approving(...exceptions: readonly string[]) {
  const resource = new Glob("*/STORAGEACCOUNTS/stdrawings");
  return policyWith({ approvedExceptions: exceptions.map((exception) => ({ resource, exception })) });
}

const frontDoor = "11111111-0000-4000-8000-000000000001";

ruleTable(trustedServicesBypass, [
  { when: "there is no exception", given: aStorageAccount(), want: "pass" },
  {
    when: "trusted services get in",
    given: aStorageAccount({ networkAcls: { bypass: "AzureServices" } }),
    want: "fail",
    says: ["without approval: AzureServices", "/properties/networkAcls/bypass"],
  },
  {
    when: "the property is null, which means AzureServices",
    looks: "fine",
    given: aStorageAccount({ networkAcls: { bypass: null } }),
    want: "fail",
    says: ["is absent, which means AzureServices"],
  },
  {
    when: "none is spelled in lower case",
    given: aStorageAccount({ networkAcls: { bypass: "none" } }),
    want: "pass",
  },
  {
    when: "several flags are separated by comma and space, and only one is approved",
    looks: "fine",
    given: aStorageAccount({ networkAcls: { bypass: "AzureServices, Logging" } }),
    policy: approving("AzureServices"),
    want: "fail",
    says: ["without approval: Logging"],
  },
  {
    when: "all of several flags are approved, in another order and casing",
    looks: "wrong",
    given: aStorageAccount({ networkAcls: { bypass: "Logging,METRICS, azureservices" } }),
    policy: approving("azureservices", "Logging", "Metrics"),
    want: "pass",
  },
  {
    when: "the approval is for another account",
    given: aStorageAccount({ networkAcls: { bypass: "AzureServices" } }, { id: `${storageId}2` }),
    policy: approving("AzureServices"),
    want: "fail",
  },
  {
    when: "a flag is one that nobody knows",
    given: aStorageAccount({ networkAcls: { bypass: "AzureServices, Visitors" } }),
    policy: approving("AzureServices"),
    want: "undetermined",
    says: ["Visitors"],
  },
  {
    when: "a flag is one that nobody knows, behind an enforced perimeter",
    looks: "wrong",
    given: [aStorageAccount({ networkAcls: { bypass: "Visitors" } }), aPerimeter()],
    want: "pass",
  },
  {
    when: "public access is off: trusted services still get in",
    looks: "fine",
    given: aStorageAccount({ publicNetworkAccess: "Disabled", networkAcls: { bypass: "AzureServices" } }),
    want: "fail",
  },
  {
    when: "public access is off and the default action Allow",
    looks: "fine",
    given: aStorageAccount({
      publicNetworkAccess: "Disabled",
      networkAcls: { defaultAction: "Allow", bypass: "AzureServices" },
    }),
    want: "fail",
  },
  {
    when: "the default admits everybody, so that nobody needs an exception",
    looks: "wrong",
    given: aStorageAccount({ networkAcls: { defaultAction: "Allow", bypass: "AzureServices" } }),
    want: "pass",
  },
  {
    when: "the default action has a value that nobody knows",
    given: aStorageAccount({ networkAcls: { defaultAction: "Maybe", bypass: "AzureServices" } }),
    want: "undetermined",
    says: ["Maybe"],
  },
  {
    when: "a resource instance gets in",
    looks: "fine",
    given: aStorageAccount({ networkAcls: { resourceAccessRules: [instance] } }),
    want: "fail",
    says: ["syn-erp", "/properties/networkAcls/resourceAccessRules/0"],
  },
  {
    when: "a resource instance gets in while public access is off",
    looks: "fine",
    given: aStorageAccount({ publicNetworkAccess: "Disabled", networkAcls: { resourceAccessRules: [instance] } }),
    want: "fail",
  },
  {
    when: "the resource instance is approved in other casing",
    given: aStorageAccount({ networkAcls: { resourceAccessRules: [instance] } }),
    policy: approving(synapse.toUpperCase()),
    want: "pass",
  },
  {
    when: "only the trusted services are approved, not the resource instance",
    given: aStorageAccount({ networkAcls: { bypass: "AzureServices", resourceAccessRules: [instance] } }),
    policy: approving("AzureServices"),
    want: "fail",
    says: ["syn-erp"],
  },
  {
    when: "the resource instances are no list",
    given: aStorageAccount({ networkAcls: { resourceAccessRules: "all of them" } }),
    want: "undetermined",
    says: ["all of them"],
  },
  {
    when: "a vault has the flag in lower case",
    given: aKeyVault({ networkAcls: { bypass: "azureservices" } }),
    want: "fail",
    says: ["without approval: AzureServices"],
  },
  {
    when: "a vault without networkAcls admits everybody anyway",
    given: aKeyVault({ networkAcls: null }),
    want: "pass",
  },
  {
    when: "a vault without networkAcls has public access off: trusted services remain",
    looks: "fine",
    given: aKeyVault({ publicNetworkAccess: "disabled", networkAcls: null }),
    want: "fail",
  },
  {
    when: "a vault is secured by a perimeter, which stops trusted services even where no perimeter holds it",
    looks: "wrong",
    given: [
      aKeyVault({ publicNetworkAccess: "securedbyperimeter", networkAcls: { bypass: "azureservices" } }),
      notAssociated(vaultId),
    ],
    want: "pass",
  },
  {
    when: "an enforced perimeter holds the account",
    looks: "wrong",
    given: [aStorageAccount({ networkAcls: { bypass: "AzureServices" } }), aPerimeter()],
    want: "pass",
  },
  {
    when: "an enforced perimeter holds a vault, whose id it has in another casing",
    looks: "wrong",
    given: [
      aKeyVault({ networkAcls: { bypass: "azureservices" } }),
      aPerimeter({
        service: vaultId.toUpperCase().replace("/SUBSCRIPTIONS", "/subscriptions"),
        accessMode: "enforced",
      }),
    ],
    want: "pass",
  },
  {
    when: "a perimeter in learning mode leaves the exceptions in force",
    looks: "fine",
    given: [aStorageAccount({ networkAcls: { bypass: "AzureServices" } }), aPerimeter({ accessMode: "Learning" })],
    want: "fail",
  },
  {
    when: "a perimeter has a mode that nobody knows",
    given: [aStorageAccount({ networkAcls: { bypass: "AzureServices" } }), aPerimeter({ accessMode: "Dreaming" })],
    want: "undetermined",
    says: ["Dreaming"],
  },
  {
    when: "public access has a value that nobody knows: it could be a perimeter",
    given: aStorageAccount({ publicNetworkAccess: "Sometimes", networkAcls: { bypass: "AzureServices" } }),
    want: "undetermined",
    says: ["Sometimes"],
  },
  {
    when: "a rule of an enforced perimeter names a subscription and another perimeter",
    looks: "fine",
    given: [
      aStorageAccount(),
      aPerimeter({
        accessRules: [{}, { subscriptions: [{ id: partner }], networkSecurityPerimeters: [{ id: otherPerimeter }] }],
      }),
    ],
    want: "fail",
    says: [
      `without approval: ${partner} and ${otherPerimeter}`,
      `"pointer":"/properties/subscriptions/0/id","value":"${partner}"`,
      `"pointer":"/properties/networkSecurityPerimeters/0/id","value":"${otherPerimeter}"`,
    ],
  },
  {
    when: "the service tells its perimeter, whose second rule names a second subscription",
    given: [
      aStorageAccount({ publicNetworkAccess: "SecuredByPerimeter" }),
      aPerimeterConfiguration({ accessRules: [{}, { subscriptions: [{ id: partner }, { id: `${partner}9` }] }] }),
    ],
    want: "fail",
    says: [`"/properties/profile/accessRules/1/properties/subscriptions/1/id","value":"${partner}9"`],
  },
  {
    when: "the subscription that a perimeter's rule names is approved",
    given: [aStorageAccount(), aPerimeter({ accessRules: [{ subscriptions: [{ id: partner }] }] })],
    policy: approving(partner),
    want: "pass",
  },
  {
    when: "only an outbound rule of the perimeter names a subscription",
    looks: "wrong",
    given: [
      aStorageAccount(),
      aPerimeter({ accessRules: [{ direction: "Outbound", subscriptions: [{ id: partner }] }] }),
    ],
    want: "pass",
  },
  {
    when: "a rule of the perimeter has a caller without an id",
    looks: "fine",
    given: [aStorageAccount(), aPerimeter({ accessRules: [{ networkSecurityPerimeters: [{ perimeterGuid: "9" }] }] })],
    want: "undetermined",
    says: ["`/properties/networkSecurityPerimeters/0` of", "names nobody"],
  },
  {
    when: "the subscriptions of a perimeter's rule are no list",
    given: [aStorageAccount(), aPerimeter({ accessRules: [{ subscriptions: partner }] })],
    want: "undetermined",
    says: ["`/properties/subscriptions` of"],
  },
  { when: "SQL servers know no exceptions", given: aSqlServer(), want: "pass" },
  {
    when: "the body is a thin one",
    given: { id: storageId, type: "Microsoft.Storage/storageAccounts" },
    want: "undetermined",
    says: ["without its properties"],
  },

  {
    when: "an app lets one Front Door in",
    given: anApp(lists([forTag("AzureFrontDoor.Backend", { headers: { "x-azure-fdid": [frontDoor] } })])),
    want: "fail",
    says: [`Front Door ${frontDoor}`, "/properties/ipSecurityRestrictions/0/ipAddress"],
  },
  {
    when: "an app lets one Front Door in, which is approved",
    looks: "wrong",
    given: anApp(lists([forTag("AzureFrontDoor.Backend", { headers: { "x-azure-fdid": [frontDoor] } })])),
    policy: policyWith({
      approvedExceptions: [{ resource: new Glob("*/sites/app-erp"), exception: `Front Door ${frontDoor}` }],
    }),
    want: "pass",
  },
  {
    when: "an app lets one Front Door in while its public access is off",
    looks: "wrong",
    given: anApp(lists([forTag("AzureFrontDoor.Backend", { headers: { "x-azure-fdid": [frontDoor] } })]), {
      publicNetworkAccess: "Disabled",
    }),
    want: "pass",
  },
]);
