import { Glob } from "../../lib/model/glob.ts";
import type { Site } from "../../lib/model/policy.ts";
import { natAddressMissing } from "../../lib/rules/nat-address-missing.ts";
import { readSet } from "../net/read-set.ts";
import { aBareApp, aDeny, anAllow, anApp, appId, lists } from "../support/apps.ts";
import {
  aKeyVault,
  aPerimeter,
  aSqlServer,
  aStorageAccount,
  ipRules,
  notAssociated,
  refusedList,
  sqlId,
  storageId,
} from "../support/builders.ts";
import { aNamespace, eventHubsId } from "../support/more-services.ts";
import { aRegistry, registryId, registryRules } from "../support/registries-and-ai.ts";
import { ruleTable } from "../support/rule-table.ts";
import { policyWith } from "../support/world.ts";

/** A plant with a pair of NAT addresses that needs the storage account. */
function plant(parts: Partial<Site> = {}): Site {
  return {
    name: "plant",
    natAddresses: readSet("198.51.100.10", "198.51.100.11"),
    connection: "microsoftPeering",
    needs: [{ kind: "id", glob: new Glob(storageId) }],
    ...parts,
  };
}

const policy = policyWith({ sites: [plant()] });
const office = plant({ name: "Office", natAddresses: readSet("203.0.113.9"), connection: "internet" });
const needsSql = policyWith({ sites: [plant({ needs: [{ kind: "type", type: "microsoft.sql/SERVERS" }] })] });

/** A storage account that admits these addresses. */
function admitting(...values: readonly string[]) {
  return aStorageAccount({ networkAcls: { ipRules: ipRules(...values) } }, { tags: { ReachedFrom: "Plant" } });
}

/** It lists both addresses, and its rules have no say. */
const securedListingBoth = aStorageAccount({
  publicNetworkAccess: "SecuredByPerimeter",
  networkAcls: { ipRules: ipRules("198.51.100.10", "198.51.100.11") },
});

function tagged(tag: string, value: string) {
  return policyWith({ sites: [plant({ needs: [{ kind: "tag", tag, value }] })] });
}

const needsApp = policyWith({ sites: [plant({ needs: [{ kind: "id", glob: new Glob(appId) }] })] });

const ipv6Plant = (glob: string) =>
  policyWith({
    sites: [plant({ natAddresses: readSet("2001:db8:20::1"), needs: [{ kind: "id", glob: new Glob(glob) }] })],
  });
const needsHubs = ipv6Plant(eventHubsId);
const needsRegistry = ipv6Plant(registryId);

const both = readSet("198.51.100.10", "2001:db8:20::1");

ruleTable(natAddressMissing, [
  { when: "no site needs the service", given: admitting(), want: "pass" },
  { when: "both addresses are admitted", given: admitting("198.51.100.10", "198.51.100.11"), policy, want: "pass" },
  {
    when: "one of the pair is missing",
    looks: "fine",
    given: admitting("203.0.113.7", "198.51.100.10"),
    policy,
    want: { "site:plant": "fail" },
    says: ["the firewall does not admit 198.51.100.11 of site plant"],
  },
  {
    when: "both are missing",
    given: admitting("203.0.113.7"),
    policy,
    want: { "site:plant": "fail" },
    says: ["198.51.100.10/31 of site plant"],
  },
  {
    when: "the firewall admits a whole range around the addresses",
    looks: "wrong",
    given: admitting("198.51.100.0/24"),
    policy,
    want: "pass",
  },
  {
    when: "two ranges cover the range of the site together",
    looks: "wrong",
    given: admitting("198.51.100.0/29", "198.51.100.8/29"),
    policy: policyWith({ sites: [plant({ natAddresses: readSet("198.51.100.4-198.51.100.12") })] }),
    want: "pass",
  },
  {
    when: "a range of the site reaches beyond the firewall",
    looks: "fine",
    given: admitting("198.51.100.0/29"),
    policy: policyWith({ sites: [plant({ natAddresses: readSet("198.51.100.4-198.51.100.12") })] }),
    want: { "site:plant": "fail" },
    says: ["198.51.100.8/30 and 198.51.100.12 of site plant"],
  },
  {
    when: "the default admits everybody",
    given: aStorageAccount({ networkAcls: { defaultAction: "Allow" } }),
    policy,
    want: "pass",
  },
  {
    when: "public access is off, whatever the firewall lists",
    looks: "fine",
    given: aStorageAccount({
      publicNetworkAccess: "Disabled",
      networkAcls: { ipRules: ipRules("198.51.100.10", "198.51.100.11") },
    }),
    policy,
    want: { "site:plant": "fail" },
    says: [
      "nothing admits 198.51.100.10/31 of site plant: public access is off",
      "/properties/publicNetworkAccess",
      "Disabled",
    ],
  },
  {
    when: "the site comes over private peering, where no IP rule can match",
    looks: "wrong",
    given: admitting(),
    policy: policyWith({ sites: [plant({ connection: "private" })] }),
    want: "pass",
  },
  {
    when: "each of two sites has its own verdict",
    given: admitting("203.0.113.9", "198.51.100.10"),
    policy: policyWith({ sites: [plant(), office] }),
    want: { "site:plant": "fail", "site:Office": "pass" },
  },
  {
    when: "the site names the service in another casing",
    looks: "fine",
    given: admitting(),
    policy: policyWith({ sites: [plant({ needs: [{ kind: "id", glob: new Glob("*/STORAGEACCOUNTS/StDraw*") }] })] }),
    want: { "site:plant": "fail" },
  },
  {
    when: "the site needs every service of a type, in another casing",
    looks: "fine",
    given: aSqlServer(),
    policy: needsSql,
    want: { "site:plant": "fail" },
  },
  { when: "the site needs services of another type", given: admitting(), policy: needsSql, want: "pass" },
  {
    when: "the site needs what has a tag, whose name is written in another casing",
    looks: "fine",
    given: admitting(),
    policy: tagged("reachedfrom", "Plant"),
    want: { "site:plant": "fail" },
  },
  {
    when: "the value of the tag differs in casing, which makes it another value",
    looks: "wrong",
    given: admitting(),
    policy: tagged("reachedFrom", "plant"),
    want: "pass",
  },
  {
    when: "a vault admits one of the pair",
    given: aKeyVault({ networkAcls: { ipRules: [{ value: "198.51.100.10/32" }] } }),
    policy: policyWith({ sites: [plant({ needs: [{ kind: "type", type: "Microsoft.KeyVault/vaults" }] })] }),
    want: { "site:plant": "fail" },
    says: ["198.51.100.11"],
  },
  {
    when: "a SQL server admits every tenant in Azure, which is not the site",
    looks: "fine",
    given: aSqlServer({ firewallRules: [["0.0.0.0", "0.0.0.0"]] }),
    policy: needsSql,
    want: { "site:plant": "fail" },
  },
  {
    when: "the NAT addresses are IPv6 and the account has no IPv6 endpoint",
    looks: "fine",
    given: aStorageAccount({ networkAcls: { ipv6Rules: ipRules("2001:db8:20::/64") } }),
    policy: policyWith({ sites: [plant({ natAddresses: readSet("2001:db8:20::1") })] }),
    want: { "site:plant": "fail" },
    says: ["2001:db8:20::1 of site plant cannot call: the service has no IPv6 endpoint"],
  },
  {
    when: "one of the NAT addresses is IPv6, and the account has an IPv6 endpoint that does not admit it",
    looks: "fine",
    given: aStorageAccount({
      dualStackEndpointPreference: { publishIpv6Endpoint: true },
      networkAcls: { ipRules: ipRules("198.51.100.10") },
    }),
    policy: policyWith({ sites: [plant({ natAddresses: both })] }),
    want: { "site:plant": "fail" },
    says: ["does not admit 2001:db8:20::1"],
  },
  {
    when: "whether the account has the IPv6 endpoint that would not admit the NAT address is not known",
    given: aStorageAccount({
      dualStackEndpointPreference: { publishIpv6Endpoint: "perhaps" },
      networkAcls: { ipRules: ipRules("198.51.100.10") },
    }),
    policy: policyWith({ sites: [plant({ natAddresses: both })] }),
    want: { "site:plant": "undetermined" },
    says: ["perhaps"],
  },
  {
    when: "the NAT addresses are IPv6, and an Event Hubs namespace of both kinds lists another one",
    looks: "fine",
    given: aNamespace(eventHubsId, { ipRules: [{ ipMask: "2001:db8:20::2" }] }, { ipAddressType: "DualStack" }),
    policy: needsHubs,
    want: { "site:plant": "fail" },
    says: ["does not admit 2001:db8:20::1"],
  },
  {
    when: "the NAT addresses are IPv6, and an Event Hubs namespace of both kinds lists them",
    given: aNamespace(eventHubsId, { ipRules: [{ ipMask: "2001:db8:20::/64" }] }, { ipAddressType: "DualStack" }),
    policy: needsHubs,
    want: "pass",
  },
  {
    when: "the NAT addresses are IPv6, and a container registry of both kinds allows by default",
    looks: "wrong",
    given: aRegistry({ endpointProtocol: "IPv4AndIPv6", networkRuleSet: registryRules({ defaultAction: "Allow" }) }),
    policy: needsRegistry,
    want: "pass",
  },
  {
    when: "the NAT addresses are of both kinds and the account has no IPv6 endpoint",
    looks: "wrong",
    given: aStorageAccount({ networkAcls: { ipRules: ipRules("198.51.100.10") } }),
    policy: policyWith({ sites: [plant({ natAddresses: readSet("198.51.100.10", "2001:db8:20::1") })] }),
    want: "pass",
  },
  {
    when: "the NAT addresses are IPv6 and the account has an IPv6 endpoint",
    given: aStorageAccount({
      dualStackEndpointPreference: { publishIpv6Endpoint: true },
      networkAcls: { ipv6Rules: ipRules("2001:db8:20::/64") },
    }),
    policy: policyWith({ sites: [plant({ natAddresses: readSet("2001:db8:20::1") })] }),
    want: "pass",
  },
  {
    when: "a range cannot be parsed and may be the missing one",
    given: admitting("198.51.100.10", "198.51.100.011"),
    policy,
    want: { "site:plant": "undetermined" },
    says: ["198.51.100.011"],
  },
  {
    when: "a range cannot be parsed and both are there",
    given: admitting("198.51.100.10", "198.51.100.11", "mars"),
    policy,
    want: "pass",
  },
  {
    when: "the SQL firewall rules were refused",
    given: [aSqlServer({ notRead: ["firewallRules"] }), refusedList(sqlId, "Microsoft.Sql/servers/firewallRules")],
    policy: needsSql,
    want: { "site:plant": "undetermined" },
    says: ["403 AuthorizationFailed"],
  },
  {
    when: "the SQL firewall rules were refused while public access is off",
    given: [
      aSqlServer({ properties: { publicNetworkAccess: "Disabled" }, notRead: ["firewallRules"] }),
      refusedList(sqlId, "Microsoft.Sql/servers/firewallRules"),
    ],
    policy: needsSql,
    want: { "site:plant": "fail" },
  },
  {
    when: "public access has a value that nobody knows",
    given: aStorageAccount({
      publicNetworkAccess: "Sometimes",
      networkAcls: { ipRules: ipRules("198.51.100.10", "198.51.100.11") },
    }),
    policy,
    want: { "site:plant": "undetermined" },
    says: ["Sometimes"],
  },
  {
    when: "the firewall lists both behind an enforced perimeter that does not",
    looks: "fine",
    given: [admitting("198.51.100.10", "198.51.100.11"), aPerimeter()],
    policy,
    want: { "site:plant": "fail" },
    says: ["the network security perimeter does not admit 198.51.100.10/31 of site plant", "/properties/accessMode"],
  },
  {
    when: "the firewall lists both, and the account is secured by a perimeter in learning mode that does not",
    looks: "fine",
    given: [securedListingBoth, aPerimeter({ accessMode: "Learning" })],
    policy,
    want: { "site:plant": "fail" },
    says: ["the network security perimeter does not admit 198.51.100.10/31 of site plant"],
  },
  {
    when: "the firewall lists both, and the account is secured by a perimeter and in none",
    looks: "fine",
    given: [securedListingBoth, notAssociated()],
    policy,
    want: { "site:plant": "fail" },
    says: ["nothing admits 198.51.100.10/31 of site plant: the service is secured by a perimeter, and in none"],
  },
  {
    when: "public access is off, and the perimeter in learning mode does not list them either",
    given: [
      aStorageAccount({ publicNetworkAccess: "Disabled" }),
      aPerimeter({ accessMode: "Learning", accessRules: [{ addressPrefixes: ["198.51.100.10"] }] }),
    ],
    policy,
    want: { "site:plant": "fail" },
    says: ["the network security perimeter does not admit 198.51.100.11 of site plant"],
  },
  {
    when: "the enforced perimeter lists both",
    looks: "wrong",
    given: [admitting(), aPerimeter({ accessRules: [{ addressPrefixes: ["198.51.100.10/31"] }] })],
    policy,
    want: "pass",
  },
  {
    when: "only a perimeter in learning mode lists both",
    given: [
      admitting(),
      aPerimeter({ accessMode: "Learning", accessRules: [{ addressPrefixes: ["198.51.100.10/31"] }] }),
    ],
    policy,
    want: "pass",
  },
  {
    when: "only a perimeter in audit mode lists both",
    given: [admitting(), aPerimeter({ accessMode: "Audit", accessRules: [{ addressPrefixes: ["198.51.100.10/31"] }] })],
    policy,
    want: { "site:plant": "undetermined" },
    says: ["audit mode"],
  },

  {
    when: "the main site of an app lacks one of the pair, which its SCM site admits",
    looks: "fine",
    given: anApp(lists([anAllow("198.51.100.10/32")], [anAllow("198.51.100.10/31")])),
    policy: needsApp,
    want: { "site:plant": "fail" },
    says: ["198.51.100.11"],
  },
  {
    when: "one rule of an app has the pair",
    given: anApp(lists([anAllow("198.51.100.10/32,198.51.100.11/32")])),
    policy: needsApp,
    want: "pass",
  },
  {
    when: "a rule of an app denies one of the pair before another admits both",
    looks: "fine",
    given: anApp(lists([anAllow("198.51.100.10/31", { priority: 200 }), aDeny("198.51.100.11/32")])),
    policy: needsApp,
    want: { "site:plant": "fail" },
  },
  {
    when: "an app that the site needs is off",
    given: anApp({}, { publicNetworkAccess: "Disabled" }),
    policy: needsApp,
    want: { "site:plant": "fail" },
  },
  {
    when: "the rules of an app were not read",
    given: aBareApp(),
    policy: needsApp,
    want: { "site:plant": "undetermined" },
  },
]);
