import { Glob } from "../../lib/model/glob.ts";
import type { Site } from "../../lib/model/policy.ts";
import { onPremisesPrivateOnly } from "../../lib/rules/on-premises-private-only.ts";
import { readSet } from "../net/read-set.ts";
import { anAllow, anApp, appId, lists } from "../support/apps.ts";
import {
  aPerimeter,
  aSqlServer,
  aStorageAccount,
  ipRules,
  refusedList,
  sqlId,
  storageId,
} from "../support/builders.ts";
import { ruleTable } from "../support/rule-table.ts";
import { policyWith } from "../support/world.ts";

/** An office behind private peering that needs the storage account, and goes out to the internet from one address. */
function office(parts: Partial<Site> = {}): Site {
  return {
    name: "office",
    natAddresses: readSet("203.0.113.9"),
    connection: "private",
    needs: [
      { kind: "id", glob: new Glob(storageId) },
      { kind: "type", type: "Microsoft.Sql/servers" },
    ],
    ...parts,
  };
}

const policy = policyWith({ sites: [office()] });
const withoutAddresses = policyWith({ sites: [office({ natAddresses: readSet() })] });

function admitting(...values: readonly string[]) {
  return aStorageAccount({ networkAcls: { ipRules: ipRules(...values) } });
}

ruleTable(onPremisesPrivateOnly, [
  { when: "the service has no IP rule", given: admitting(), policy, want: "pass" },
  { when: "the rules are for others", given: admitting("198.51.100.0/24"), policy, want: "pass" },
  {
    when: "a rule is for the address that the site has on the internet",
    looks: "fine",
    given: admitting("198.51.100.7", "203.0.113.9"),
    policy,
    want: { "site:office": "fail" },
    says: ["203.0.113.9 can never match the private traffic of site office", "/properties/networkAcls/ipRules/1/value"],
  },
  {
    when: "a rule is for a private range",
    given: admitting("10.20.0.0/16"),
    policy: withoutAddresses,
    want: { "site:office": "fail" },
    says: ["10.20.0.0/16"],
  },
  {
    when: "a wider rule holds the address of the site",
    looks: "fine",
    given: admitting("203.0.113.0/28"),
    policy,
    want: { "site:office": "fail" },
  },
  {
    when: "the site declares no address and the rules are public",
    given: admitting("203.0.113.9"),
    policy: withoutAddresses,
    want: "pass",
  },
  {
    when: "the site comes over the internet, where the rule is right",
    looks: "wrong",
    given: admitting("203.0.113.9", "10.0.0.0/8"),
    policy: policyWith({ sites: [office({ connection: "internet" })] }),
    want: "pass",
  },
  {
    when: "no site needs the service",
    looks: "wrong",
    given: admitting("10.0.0.0/8"),
    policy: policyWith({ sites: [office({ needs: [] })] }),
    want: "pass",
  },
  {
    when: "two sites each have a verdict of their own",
    given: admitting("203.0.113.9"),
    policy: policyWith({ sites: [office(), office({ name: "Depot", natAddresses: readSet("203.0.113.77") })] }),
    want: { "site:office": "fail", "site:Depot": "pass" },
  },
  {
    when: "public access is off, so that the rules have no effect anyway",
    looks: "wrong",
    given: aStorageAccount({ publicNetworkAccess: "Disabled", networkAcls: { ipRules: ipRules("10.0.0.0/8") } }),
    policy,
    want: "pass",
  },
  {
    when: "an enforced perimeter stands before the firewall",
    given: [admitting("203.0.113.9"), aPerimeter()],
    policy,
    want: "pass",
  },
  {
    when: "a SQL server admits every tenant in Azure, which is not the site",
    looks: "wrong",
    given: aSqlServer({ firewallRules: [["0.0.0.0", "0.0.0.0"]] }),
    policy,
    want: "pass",
  },
  {
    when: "a SQL server has a rule for a private range",
    given: aSqlServer({ firewallRules: [["10.0.0.4", "10.0.0.9"]] }),
    policy,
    want: { "site:office": "fail" },
    says: ["firewallRules/rule-0"],
  },
  {
    when: "a rule cannot be parsed and may be the site's",
    given: admitting("203.0.113.009"),
    policy,
    want: { "site:office": "undetermined" },
    says: ["203.0.113.009"],
  },
  {
    when: "the action of a rule for others is not known",
    given: aStorageAccount({ networkAcls: { ipRules: [{ value: "8.8.8.8", action: "Ponder" }] } }),
    policy,
    want: "pass",
  },
  {
    when: "the action of a rule for the site is not known",
    given: aStorageAccount({ networkAcls: { ipRules: [{ value: "203.0.113.9", action: "Ponder" }] } }),
    policy,
    want: { "site:office": "undetermined" },
    says: ["Ponder"],
  },
  {
    when: "the SQL firewall rules were refused",
    given: [aSqlServer({ notRead: ["firewallRules"] }), refusedList(sqlId, "Microsoft.Sql/servers/firewallRules")],
    policy,
    want: { "site:office": "undetermined" },
    says: ["403 AuthorizationFailed"],
  },
  {
    when: "public access has a value that nobody knows",
    given: aStorageAccount({ publicNetworkAccess: "Sometimes", networkAcls: { ipRules: ipRules("10.0.0.0/8") } }),
    policy,
    want: { "site:office": "undetermined" },
  },

  {
    when: "an app lists an address of the site",
    given: anApp(lists([anAllow("10.8.0.0/16")])),
    policy: policyWith({
      sites: [
        {
          name: "office",
          natAddresses: readSet("10.8.0.1"),
          connection: "private",
          needs: [{ kind: "id", glob: new Glob(appId) }],
        },
      ],
    }),
    want: { "site:office": "fail" },
  },
]);
