import type { Site } from "../../lib/model/policy.ts";
import { natAddressUnverifiable } from "../../lib/rules/nat-address-unverifiable.ts";
import { readSet } from "../net/read-set.ts";
import {
  aCircuit,
  aPeering,
  type CircuitParts,
  circuitId,
  complete,
  type Given,
  noOtherCircuit,
  refusedList,
  subscription,
} from "../support/builders.ts";
import { ruleTable } from "../support/rule-table.ts";
import { policyWith } from "../support/world.ts";

function plant(parts: Partial<Site> = {}) {
  const site: Site = {
    name: "plant",
    natAddresses: readSet("198.51.100.10", "198.51.100.11"),
    connection: "microsoftPeering",
    needs: [],
    ...parts,
  };
  return policyWith({ sites: [site] });
}

const policy = plant();
const circuits = "Microsoft.Network/expressRouteCircuits";

/** One circuit and no other. */
function only(parts: CircuitParts = {}): Given {
  return [aCircuit(parts), noOtherCircuit];
}

/** A circuit whose Microsoft peering has these properties. */
function peeringWith(properties: Readonly<Record<string, unknown>>): Given {
  return only({ peerings: [{ properties }] });
}

const ipv6 = {
  microsoftPeeringConfig: {
    advertisedPublicPrefixes: ["2001:db8:20::/48"],
    advertisedPublicPrefixesState: "Configured",
  },
  state: "Enabled",
};

ruleTable(natAddressUnverifiable, [
  { when: "both addresses are in an advertised prefix", given: only(), policy, want: "pass" },
  {
    when: "one of the pair is in no advertised prefix",
    looks: "fine",
    given: only(),
    policy: plant({ natAddresses: readSet("198.51.100.10", "203.0.113.9") }),
    want: "fail",
    says: ["203.0.113.9 of site plant", "198.51.100.8/29", "no circuit outside of the subscriptions"],
  },
  {
    when: "a range of the site reaches beyond the prefix",
    looks: "fine",
    given: only(),
    policy: plant({ natAddresses: readSet("198.51.100.14-198.51.100.17") }),
    want: "fail",
    says: ["198.51.100.16/31 of site plant"],
  },
  {
    when: "two prefixes, of two circuits, hold one address each",
    looks: "wrong",
    given: [
      aCircuit({ peerings: [{ advertisedPublicPrefixes: ["198.51.100.10/32"] }] }),
      aCircuit({ name: "erc-2", peerings: [{ advertisedPublicPrefixes: ["198.51.100.11/32"] }] }),
      noOtherCircuit,
    ],
    policy,
    want: "pass",
  },
  {
    when: "the addresses are in the link network of the peering, which is no NAT pool",
    looks: "fine",
    given: peeringWith({
      microsoftPeeringConfig: { advertisedPublicPrefixes: [] },
      primaryPeerAddressPrefix: "198.51.100.8/30",
    }),
    policy,
    want: "fail",
  },
  { when: "there is no circuit", given: noOtherCircuit, policy, want: "fail", says: ["/natAddresses"] },
  {
    when: "the peering is disabled",
    looks: "fine",
    given: peeringWith({ state: "Disabled" }),
    policy,
    want: "fail",
    says: ["/properties/state", "Disabled"],
  },
  {
    when: "the circuit is not provisioned by its provider",
    looks: "fine",
    given: only({ properties: { serviceProviderProvisioningState: "NotProvisioned" } }),
    policy,
    want: "fail",
    says: ["NotProvisioned"],
  },
  {
    when: "the circuit is switched off",
    given: only({ properties: { circuitProvisioningState: "disabled" } }),
    policy,
    want: "fail",
  },
  {
    when: "the circuit has private peering only, though somebody left prefixes there",
    looks: "fine",
    given: only({
      peerings: [
        {
          peeringType: "AzurePrivatePeering",
          properties: { microsoftPeeringConfig: { advertisedPublicPrefixes: ["198.51.100.8/29"] } },
        },
      ],
    }),
    policy,
    want: "fail",
  },
  {
    when: "states are spelled in other casings",
    looks: "wrong",
    given: only({
      properties: { circuitProvisioningState: "ENABLED", serviceProviderProvisioningState: "provisioned" },
      peerings: [{ properties: { state: "enabled", peeringType: "microsoftpeering" } }],
    }),
    policy,
    want: "pass",
  },
  {
    when: "the site's addresses are IPv6, advertised by the IPv6 half of the peering",
    looks: "wrong",
    given: peeringWith({ ipv6PeeringConfig: ipv6 }),
    policy: plant({ natAddresses: readSet("2001:db8:20::1") }),
    want: "pass",
  },
  {
    when: "the IPv6 half of the peering is disabled",
    looks: "fine",
    given: peeringWith({ ipv6PeeringConfig: { ...ipv6, state: "Disabled" } }),
    policy: plant({ natAddresses: readSet("2001:db8:20::1") }),
    want: "fail",
  },
  {
    when: "the site reaches Azure over the internet",
    looks: "wrong",
    given: noOtherCircuit,
    policy: plant({ connection: "internet" }),
    want: "pass",
  },
  {
    when: "the site comes over private peering",
    given: noOtherCircuit,
    policy: plant({ connection: "private" }),
    want: "pass",
  },
  {
    when: "no circuit was seen, and their list was not read",
    given: complete(subscription, "Microsoft.Storage/storageAccounts"),
    policy,
    want: "undetermined",
    says: ["microsoft.network/expressroutecircuits", "is not in the recording"],
  },
  { when: "nothing at all was read", given: [], policy, want: "undetermined" },
  {
    when: "the list of circuits was refused",
    given: refusedList(subscription, circuits),
    policy,
    want: "undetermined",
    says: ["403 AuthorizationFailed"],
  },
  {
    when: "the only circuit that was seen does not advertise them, and there may be others",
    looks: "fine",
    given: aCircuit({ peerings: [{ advertisedPublicPrefixes: ["203.0.113.0/29"] }] }),
    policy,
    want: "undetermined",
  },
  {
    when: "the only circuit that was seen advertises them, and there may be others",
    given: aCircuit(),
    policy,
    want: "pass",
  },
  {
    when: "the prefixes wait for validation",
    given: peeringWith({ microsoftPeeringConfig: { advertisedPublicPrefixesState: "ValidationNeeded" } }),
    policy,
    want: "undetermined",
    says: ["still ValidationNeeded"],
  },
  {
    when: "the validation of one prefix failed, whatever is said of all together",
    looks: "fine",
    given: peeringWith({
      microsoftPeeringConfig: {
        advertisedPublicPrefixInfo: [{ prefix: "198.51.100.8/29", validationState: "ValidationFailed" }],
      },
    }),
    policy,
    want: "undetermined",
    says: ["ValidationFailed"],
  },
  {
    when: "the validation of another prefix failed",
    looks: "wrong",
    given: peeringWith({
      microsoftPeeringConfig: {
        advertisedPublicPrefixes: ["198.51.100.8/29", "203.0.113.0/29"],
        advertisedPublicPrefixInfo: [
          { prefix: "203.0.113.0/29", validationState: "ValidationFailed" },
          { prefix: "198.51.100.8/29", validationState: "Configured" },
        ],
      },
    }),
    policy,
    want: "pass",
  },
  {
    when: "the provider is still at work",
    given: only({ properties: { serviceProviderProvisioningState: "Provisioning" } }),
    policy,
    want: "undetermined",
    says: ["still Provisioning"],
  },
  {
    when: "the state of the circuit is one that nobody knows",
    given: only({ properties: { circuitProvisioningState: "Resting" } }),
    policy,
    want: "undetermined",
    says: ["Resting"],
  },
  {
    when: "another prefix cannot be understood",
    given: only({ peerings: [{ advertisedPublicPrefixes: ["198.51.100.10/32", "mars"] }] }),
    policy,
    want: "undetermined",
    says: ["/properties/microsoftPeeringConfig/advertisedPublicPrefixes/1", "is no prefix"],
  },
  {
    when: "a prefix of a circuit that is off cannot be understood",
    given: [
      aCircuit({
        properties: { circuitProvisioningState: "Disabled" },
        peerings: [{ advertisedPublicPrefixes: ["mars"] }],
      }),
      noOtherCircuit,
    ],
    policy,
    want: "fail",
  },
  {
    when: "the circuit was read without its properties",
    given: [{ id: circuitId, type: circuits }, noOtherCircuit],
    policy,
    want: "undetermined",
    says: ["without the properties that matter"],
  },
  {
    when: "a peering was read on its own after a circuit that holds only a reference to it",
    looks: "wrong",
    given: [only({ properties: { peerings: [{ id: `${circuitId}/peerings/MicrosoftPeering` }] } }), aPeering()],
    policy,
    want: "pass",
  },
  {
    when: "a peering of the circuit cannot be understood",
    given: only({ properties: { peerings: ["MicrosoftPeering"] } }),
    policy,
    want: "undetermined",
  },
]);
