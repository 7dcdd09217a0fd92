import { firewallAdmitsAzure } from "../../lib/rules/firewall-admits-azure.ts";
import { aDeny, anAllow, anApp, forTag, lists } from "../support/apps.ts";
import {
  aConnection,
  aKeyVault,
  aPerimeter,
  aPerimeterConfiguration,
  aSqlServer,
  aStorageAccount,
  ipRules,
  notAssociated,
  perimeterId,
  refusedList,
  sqlId,
  vaultId,
} from "../support/builders.ts";
import { ruleTable } from "../support/rule-table.ts";

const azure = ["0.0.0.0", "0.0.0.0"] as const;
const secured = { publicNetworkAccess: "SecuredByPerimeter" };

/** A firewall rule whose body holds what is given. */
function aRule(body: object) {
  return { id: `${sqlId}/firewallRules/AllowAllWindowsAzureIps`, type: "Microsoft.Sql/servers/firewallRules", ...body };
}

ruleTable(firewallAdmitsAzure, [
  { when: "there is no rule", given: aSqlServer(), want: "pass" },
  {
    when: "a rule goes from 0.0.0.0 to 0.0.0.0",
    looks: "fine",
    given: aSqlServer({ firewallRules: [["203.0.113.7", "203.0.113.7"], azure] }),
    want: "fail",
    says: ["firewallRules/rule-1", "every Azure customer"],
  },
  {
    when: "a rule goes from 0.0.0.0 to 0.0.0.1",
    looks: "wrong",
    given: aSqlServer({ firewallRules: [["0.0.0.0", "0.0.0.1"]] }),
    want: "pass",
  },
  {
    when: "a rule of the well-known name admits one address",
    looks: "wrong",
    given: [aSqlServer(), aRule({ properties: { startIpAddress: "203.0.113.7", endIpAddress: "203.0.113.7" } })],
    want: "pass",
  },
  {
    when: "a rule is the whole address space, which is another rule's finding",
    given: aSqlServer({ firewallRules: [["0.0.0.0", "255.255.255.255"]] }),
    want: "pass",
  },
  {
    when: "0.0.0.0 stands in a storage account's firewall, where it is an address like any other",
    looks: "wrong",
    given: aStorageAccount({ networkAcls: { ipRules: ipRules("0.0.0.0") } }),
    want: "pass",
  },
  {
    when: "public access is off",
    looks: "wrong",
    given: aSqlServer({ properties: { publicNetworkAccess: "Disabled" }, firewallRules: [azure] }),
    want: "pass",
  },
  {
    when: "public access is spelled in capitals",
    given: aSqlServer({ properties: { publicNetworkAccess: "ENABLED" }, firewallRules: [azure] }),
    want: "fail",
  },
  {
    when: "public access is null, which means Enabled",
    given: aSqlServer({ properties: { publicNetworkAccess: null }, firewallRules: [azure] }),
    want: "fail",
    says: ["is absent, which means Enabled"],
  },
  {
    when: "public access has a value that nobody knows",
    given: aSqlServer({ properties: { publicNetworkAccess: "Sometimes" }, firewallRules: [azure] }),
    want: "undetermined",
    says: ["Sometimes"],
  },
  {
    when: "the firewall rules were refused",
    given: [aSqlServer({ notRead: ["firewallRules"] }), refusedList(sqlId, "Microsoft.Sql/servers/firewallRules")],
    want: "undetermined",
    says: ["403 AuthorizationFailed"],
  },
  {
    when: "the firewall rules were refused after the rule was seen",
    given: [
      aSqlServer({ notRead: ["firewallRules"], firewallRules: [azure] }),
      refusedList(sqlId, "Microsoft.Sql/servers/firewallRules"),
    ],
    want: "fail",
  },
  {
    when: "the firewall rules were refused while public access is off",
    given: [
      aSqlServer({ properties: { publicNetworkAccess: "Disabled" }, notRead: ["firewallRules"] }),
      refusedList(sqlId, "Microsoft.Sql/servers/firewallRules"),
    ],
    want: "pass",
  },
  {
    when: "only the IPv6 rules were refused: none of them stands for Azure",
    looks: "wrong",
    given: [
      aSqlServer({ notRead: ["ipv6FirewallRules"] }),
      refusedList(sqlId, "Microsoft.Sql/servers/ipv6FirewallRules"),
    ],
    want: "pass",
  },
  {
    when: "a rule was read without its properties",
    looks: "fine",
    given: [aSqlServer(), aRule({})],
    want: "undetermined",
  },
  {
    when: "a rule has no last address",
    looks: "fine",
    given: [aSqlServer(), aRule({ properties: { startIpAddress: "0.0.0.0", endIpAddress: null } })],
    want: "undetermined",
  },
  {
    when: "the server is secured by a perimeter, and no perimeter holds it",
    looks: "wrong",
    given: [aSqlServer({ properties: secured, firewallRules: [azure] }), notAssociated(sqlId)],
    want: "pass",
  },
  {
    when: "the server is secured by a perimeter that nobody read",
    given: aSqlServer({ properties: secured, firewallRules: [azure] }),
    want: "undetermined",
  },
  {
    when: "an enforced perimeter stands before the firewall",
    looks: "wrong",
    given: [aSqlServer({ firewallRules: [azure] }), aPerimeter({ service: sqlId })],
    want: "pass",
  },
  {
    when: "a perimeter in learning mode leaves the firewall in force",
    looks: "fine",
    given: [aSqlServer({ firewallRules: [azure] }), aPerimeter({ service: sqlId, accessMode: "learning" })],
    want: "fail",
  },
  {
    when: "a perimeter has a mode that nobody knows",
    given: [aSqlServer({ firewallRules: [azure] }), aPerimeter({ service: sqlId, accessMode: "Dreaming" })],
    want: "undetermined",
    says: ["Dreaming"],
  },

  {
    when: "an app lets the tag AzureCloud in",
    given: anApp(lists([forTag("AzureCloud")])),
    want: "fail",
    says: ["/properties/ipSecurityRestrictions/0/ipAddress"],
  },
  {
    when: "an app lets all of one of Azure's regions in",
    looks: "fine",
    given: anApp(lists([forTag("azurecloud.westeurope")])),
    want: "fail",
  },
  {
    when: "an app lets in whoever comes over a service endpoint",
    looks: "fine",
    given: anApp(lists([anAllow("AnyVnets")])),
    want: "fail",
    says: ["AnyVnets"],
  },
  {
    when: "an app with a private endpoint lets in whoever comes over a service endpoint, whom it does not hear",
    looks: "wrong",
    given: anApp(lists([anAllow("AnyVnets")]), { privateEndpointConnections: [aConnection("Approved")] }),
    want: "pass",
  },
  {
    when: "a rule of an app lets in whoever comes over a service endpoint, after one that denies them",
    looks: "wrong",
    given: anApp(lists([anAllow("AnyVnets", { priority: 200 }), aDeny("AnyVnets")])),
    want: "pass",
  },
  {
    when: "whether a rule that denies every address comes before service endpoints is not documented",
    given: anApp(lists([anAllow("AnyVnets", { priority: 200 }), aDeny("0.0.0.0/0")])),
    want: "undetermined",
  },
  { when: "an app lets one service in", given: anApp(lists([forTag("AzureEventGrid")])), want: "pass" },

  {
    when: "a rule of an enforced perimeter lets the service tag of all of Azure in to a vault",
    looks: "fine",
    given: [aKeyVault(), aPerimeter({ service: vaultId, accessRules: [{ serviceTags: ["AzureCloud"] }] })],
    want: "fail",
    says: ["accessRules/rule-0", "/properties/serviceTags/0"],
  },
  {
    when: "so does a rule for all of Azure in one region, of a perimeter in learning mode",
    looks: "fine",
    given: [
      aKeyVault(),
      aPerimeterConfiguration({
        service: vaultId,
        accessMode: "Learning",
        accessRules: [{ serviceTags: ["azurecloud.westeurope"] }],
      }),
    ],
    want: "fail",
    says: ["/properties/profile/accessRules/0/properties/serviceTags/0"],
  },
  {
    when: "a rule of a perimeter in audit mode lets all of Azure in to a vault",
    given: [
      aKeyVault(),
      aPerimeter({ service: vaultId, accessMode: "Audit", accessRules: [{ serviceTags: ["AzureCloud"] }] }),
    ],
    want: "undetermined",
    says: ["audit mode"],
  },
  {
    when: "a rule of an enforced perimeter lets another service tag in to a vault",
    looks: "wrong",
    given: [aKeyVault(), aPerimeter({ service: vaultId, accessRules: [{ serviceTags: ["PowerPlatformInfra"] }] })],
    want: "pass",
  },
  {
    when: "a rule of a perimeter names all of Azure as what the vault may call",
    looks: "wrong",
    given: [
      aKeyVault(),
      aPerimeter({ service: vaultId, accessRules: [{ direction: "Outbound", serviceTags: ["AzureCloud"] }] }),
    ],
    want: "pass",
  },
  {
    when: "a rule of a perimeter lets all of Azure in to an account, for which service tags are said to behave inconsistently",
    given: [aStorageAccount(), aPerimeter({ accessRules: [{ serviceTags: ["AzureCloud"] }] })],
    want: "undetermined",
    says: ["service tags of a perimeter"],
  },
  {
    when: "a rule of a perimeter has something else for a service tag",
    given: [aKeyVault(), aPerimeter({ service: vaultId, accessRules: [{ serviceTags: "AzureCloud" }] })],
    want: "undetermined",
    says: ["is no name of a service tag"],
  },
  {
    when: "the rules of an enforced perimeter were refused",
    given: [
      aKeyVault(),
      aPerimeter({ service: vaultId }).slice(0, 1),
      refusedList(
        `${perimeterId}/profiles/default`,
        "Microsoft.Network/networkSecurityPerimeters/profiles/accessRules",
      ),
    ],
    want: "undetermined",
    says: ["403 AuthorizationFailed"],
  },
]);
