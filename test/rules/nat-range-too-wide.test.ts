import { Glob } from "../../lib/model/glob.ts";
import type { Site } from "../../lib/model/policy.ts";
import { natRangeTooWide } from "../../lib/rules/nat-range-too-wide.ts";
import { readSet } from "../net/read-set.ts";
import {
  aCircuit,
  aKeyVault,
  aPerimeter,
  aSqlServer,
  aStorageAccount,
  ipRules,
  noOtherCircuit,
  refusedList,
  sqlId,
  storageId,
  subscription,
  vaultId,
} from "../support/builders.ts";
import { ruleTable } from "../support/rule-table.ts";
import { policyWith } from "../support/world.ts";

/** A plant with a pair of NAT addresses out of the advertised 198.51.100.8/29. */
function plant(parts: Partial<Site> = {}): Site {
  return {
    name: "plant",
    natAddresses: readSet("198.51.100.10", "198.51.100.11"),
    connection: "microsoftPeering",
    needs: [storageId, sqlId, vaultId].map((id) => ({ kind: "id", glob: new Glob(id) })),
    ...parts,
  };
}

const policy = policyWith({ sites: [plant()] });
const circuits = [aCircuit(), noOtherCircuit];

function admitting(...values: readonly string[]) {
  return aStorageAccount({ networkAcls: { ipRules: ipRules(...values) } });
}

ruleTable(natRangeTooWide, [
  {
    when: "the firewall admits just the pair",
    given: [circuits, admitting("198.51.100.10", "198.51.100.11")],
    policy,
    want: "pass",
  },
  {
    when: "the firewall admits the whole prefix",
    given: [circuits, admitting("198.51.100.8/29")],
    policy,
    want: { "site:plant": "fail" },
    says: [
      "the whole of 198.51.100.8/29",
      "declares no more than 198.51.100.10/31",
      "/properties/networkAcls/ipRules/0/value",
      "/properties/microsoftPeeringConfig/advertisedPublicPrefixes/0",
    ],
  },
  {
    when: "the firewall admits more than the prefix",
    given: [circuits, admitting("198.51.100.0/24")],
    policy,
    want: { "site:plant": "fail" },
  },
  {
    when: "two rules are halves of the prefix",
    looks: "fine",
    given: [circuits, admitting("198.51.100.8/30", "198.51.100.12/30")],
    policy,
    want: { "site:plant": "fail" },
  },
  {
    when: "the firewall admits a range around the pair that is not the whole prefix",
    looks: "wrong",
    given: [circuits, admitting("198.51.100.8/30")],
    policy,
    want: "pass",
  },
  {
    when: "the site declares the whole prefix",
    looks: "wrong",
    given: [circuits, admitting("198.51.100.8/29")],
    policy: policyWith({ sites: [plant({ natAddresses: readSet("198.51.100.8/29") })] }),
    want: "pass",
  },
  {
    when: "two sites that need the service share the prefix between them",
    looks: "wrong",
    given: [circuits, admitting("198.51.100.8/29")],
    policy: policyWith({
      sites: [
        plant({ natAddresses: readSet("198.51.100.8/30") }),
        plant({ name: "yard", natAddresses: readSet("198.51.100.12/30") }),
      ],
    }),
    want: "pass",
  },
  {
    when: "the other half of the prefix belongs to a site that does not need the service",
    looks: "fine",
    given: [circuits, admitting("198.51.100.8/29")],
    policy: policyWith({
      sites: [
        plant({ natAddresses: readSet("198.51.100.8/30") }),
        plant({ name: "yard", natAddresses: readSet("198.51.100.12/30"), needs: [] }),
      ],
    }),
    want: { "site:plant": "fail" },
  },
  {
    when: "the whole prefix is that of another circuit, where the site has no address",
    looks: "wrong",
    given: [
      circuits,
      aCircuit({ name: "erc-2", peerings: [{ advertisedPublicPrefixes: ["203.0.113.0/29"] }] }),
      admitting("198.51.100.10", "198.51.100.11", "203.0.113.0/29"),
    ],
    policy,
    want: "pass",
  },
  {
    when: "the circuit is down, so that nothing is advertised",
    looks: "wrong",
    given: [
      aCircuit({ properties: { serviceProviderProvisioningState: "NotProvisioned" } }),
      noOtherCircuit,
      admitting("198.51.100.8/29"),
    ],
    policy,
    want: "pass",
  },
  { when: "there is no circuit", given: [noOtherCircuit, admitting("198.51.100.8/29")], policy, want: "pass" },
  {
    when: "the site reaches Azure over the internet",
    given: [circuits, admitting("198.51.100.8/29")],
    policy: policyWith({ sites: [plant({ connection: "internet" })] }),
    want: "pass",
  },
  {
    when: "no site needs the service",
    given: [circuits, admitting("198.51.100.8/29")],
    policy: policyWith({ sites: [plant({ needs: [] })] }),
    want: "pass",
  },
  {
    when: "the default admits everybody, which is another rule's to say",
    looks: "wrong",
    given: [
      circuits,
      aStorageAccount({ networkAcls: { defaultAction: "Allow", ipRules: ipRules("198.51.100.8/29") } }),
    ],
    policy,
    want: "pass",
  },
  {
    when: "the rules together admit nearly the whole internet, which is another rule's to say",
    given: [circuits, admitting("0.0.0.0/1", "128.0.0.0/1")],
    policy,
    want: "pass",
  },
  {
    when: "public access is off",
    looks: "wrong",
    given: [
      circuits,
      aStorageAccount({ publicNetworkAccess: "Disabled", networkAcls: { ipRules: ipRules("198.51.100.8/29") } }),
    ],
    policy,
    want: "pass",
  },
  {
    when: "a SQL server has the prefix as a range of addresses",
    looks: "fine",
    given: [circuits, aSqlServer({ firewallRules: [["198.51.100.8", "198.51.100.15"]] })],
    policy,
    want: { "site:plant": "fail" },
  },
  {
    when: "a vault admits the prefix",
    given: [circuits, aKeyVault({ networkAcls: { ipRules: [{ value: "198.51.100.8/29" }] } })],
    policy,
    want: { "site:plant": "fail" },
  },
  {
    when: "an enforced perimeter admits the prefix",
    looks: "fine",
    given: [circuits, aStorageAccount(), aPerimeter({ accessRules: [{ addressPrefixes: ["198.51.100.8/29"] }] })],
    policy,
    want: { "site:plant": "fail" },
  },
  {
    when: "the prefix is IPv6",
    given: [
      aCircuit({ peerings: [{ advertisedPublicPrefixes: ["2001:db8:20::/48"] }] }),
      noOtherCircuit,
      aSqlServer({ ipv6FirewallRules: [["2001:db8:20::", "2001:db8:20:ffff:ffff:ffff:ffff:ffff"]] }),
    ],
    policy: policyWith({ sites: [plant({ natAddresses: readSet("2001:db8:20::1", "2001:db8:20::2") })] }),
    want: { "site:plant": "fail" },
  },
  {
    when: "the prefix waits for validation",
    given: [
      aCircuit({
        peerings: [{ properties: { microsoftPeeringConfig: { advertisedPublicPrefixesState: "ValidationNeeded" } } }],
      }),
      noOtherCircuit,
      admitting("198.51.100.8/29"),
    ],
    policy,
    want: { "site:plant": "undetermined" },
    says: ["still ValidationNeeded"],
  },
  {
    when: "a range around the pair is admitted and the circuits were refused",
    given: [refusedList(subscription, "Microsoft.Network/expressRouteCircuits"), admitting("198.51.100.8/30")],
    policy,
    want: { "site:plant": "undetermined" },
    says: ["403 AuthorizationFailed"],
  },
  {
    when: "just the pair is admitted and the circuits were refused",
    looks: "wrong",
    given: [
      refusedList(subscription, "Microsoft.Network/expressRouteCircuits"),
      admitting("198.51.100.10", "198.51.100.11", "203.0.113.0/24"),
    ],
    policy,
    want: "pass",
  },
  {
    when: "the SQL firewall rules were refused",
    given: [
      circuits,
      aSqlServer({ notRead: ["firewallRules"] }),
      refusedList(sqlId, "Microsoft.Sql/servers/firewallRules"),
    ],
    policy,
    want: { "site:plant": "undetermined" },
    says: ["403 AuthorizationFailed"],
  },
]);
