import { scmSiteExposed } from "../../lib/rules/scm-site-exposed.ts";
import { aBareApp, aDeny, anAllow, anApp, appId, forTag, lastRow, lists, slotId, untouched } from "../support/apps.ts";
import { aConnection, aStorageAccount, type Given, idOf } from "../support/builders.ts";
import { ruleTable } from "../support/rule-table.ts";

const office = [anAllow("203.0.113.7/32"), lastRow("Deny")];
const scm = (rules: readonly object[], others: object = {}): Given => anApp(lists(office, rules as [], { ...others }));

ruleTable(scmSiteExposed, [
  {
    when: "the main site is closed, and nobody has touched the SCM site",
    given: scm([lastRow("Allow")]),
    want: "fail",
    looks: "fine",
    says: ["/properties/scmIpSecurityRestrictionsDefaultAction", "SCM site"],
  },
  { when: "nobody has touched either", given: anApp(untouched), want: "fail" },
  { when: "a slot's is open", given: anApp(untouched, {}, slotId), want: "fail" },
  { when: "its list names one address", given: anApp(), want: "pass" },
  {
    when: "it uses the list of the main site, which is closed, and its own is open",
    given: scm([lastRow("Allow")], { scmIpSecurityRestrictionsUseMain: true }),
    want: "pass",
    looks: "wrong",
  },
  {
    when: "it uses the list of the main site, which is open, and its own is closed",
    given: anApp(lists([lastRow("Allow")], office, { scmIpSecurityRestrictionsUseMain: true })),
    want: "fail",
    looks: "fine",
  },
  {
    when: "its rules are halves of the internet",
    given: scm([anAllow("0.0.0.0/1"), anAllow("128.0.0.0/1", { priority: 200 }), lastRow("Deny")]),
    want: "fail",
    looks: "fine",
  },
  {
    when: "everybody but one address gets in",
    given: scm([aDeny("198.51.100.1/32"), lastRow("Allow")], { scmIpSecurityRestrictionsDefaultAction: "Allow" }),
    want: "fail",
    looks: "fine",
  },
  {
    when: "a rule for everybody stands behind one that denies them",
    given: scm([anAllow("0.0.0.0/0", { priority: 200 }), aDeny("0.0.0.0/0"), lastRow("Deny")]),
    want: "pass",
    looks: "wrong",
  },
  { when: "every customer of Azure gets in", given: scm([forTag("AzureCloud"), lastRow("Deny")]), want: "fail" },
  { when: "every subnet of every tenant gets in", given: scm([anAllow("AnyVnets"), lastRow("Deny")]), want: "fail" },
  {
    when: "public access is off",
    given: anApp(untouched, { publicNetworkAccess: "Disabled" }),
    want: "pass",
    looks: "wrong",
  },
  {
    when: "public access is not set, and a private endpoint turns it off",
    given: anApp(untouched, { publicNetworkAccess: null, privateEndpointConnections: [aConnection("Approved")] }),
    want: "pass",
    looks: "wrong",
  },
  { when: "nobody asked for its list", given: aBareApp(), want: "undetermined" },
  {
    when: "its list was refused",
    given: [
      aBareApp(),
      {
        kind: "unreadable",
        id: idOf(`${appId}/config/web`),
        unreadable: { kind: "unreadable", why: "refused", because: "403 reading the configuration" },
      },
    ],
    want: "undetermined",
    says: ["403 reading the configuration"],
  },
  {
    when: "whether it uses the list of the main site cannot be understood",
    given: scm([lastRow("Allow")], { scmIpSecurityRestrictionsUseMain: "maybe" }),
    want: "undetermined",
    says: ["scmIpSecurityRestrictionsUseMain"],
  },
  {
    when: "the service has no such site",
    given: aStorageAccount({ networkAcls: { defaultAction: "Allow" } }),
    want: "pass",
  },
]);
