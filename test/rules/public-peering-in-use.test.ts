import { publicPeeringInUse } from "../../lib/rules/public-peering-in-use.ts";
import { absent, aCircuit, aPeering, circuitId, refusedList } from "../support/builders.ts";
import { ruleTable } from "../support/rule-table.ts";

const publicPeering = { peeringType: "AzurePublicPeering" };

ruleTable(publicPeeringInUse, [
  { when: "the circuit has Microsoft peering only", given: aCircuit(), want: "pass" },
  { when: "the circuit has no peering", given: aCircuit({ peerings: [] }), want: "pass" },
  {
    when: "public peering is enabled",
    given: aCircuit({ peerings: [publicPeering] }),
    want: "fail",
    says: ["/properties/peeringType", "AzurePublicPeering", "/properties/state"],
  },
  {
    when: "public peering is enabled beside Microsoft peering",
    looks: "fine",
    given: aCircuit({ peerings: [{}, publicPeering] }),
    want: "fail",
  },
  {
    when: "public peering is there and disabled",
    looks: "wrong",
    given: aCircuit({ peerings: [{ ...publicPeering, properties: { state: "Disabled" } }] }),
    want: "pass",
  },
  {
    when: "the type is spelled in another casing, under another name",
    looks: "fine",
    given: aCircuit({ peerings: [{ properties: { peeringType: "azurepublicpeering" } }] }),
    want: "fail",
  },
  {
    when: "Microsoft peering is only named like the retired one",
    looks: "wrong",
    given: aCircuit({ peerings: [{ ...publicPeering, properties: { peeringType: "MicrosoftPeering" } }] }),
    want: "pass",
  },
  {
    when: "public peering is left on a circuit that is not provisioned",
    looks: "fine",
    given: aCircuit({
      properties: { serviceProviderProvisioningState: "NotProvisioned" },
      peerings: [publicPeering],
    }),
    want: "fail",
  },
  {
    when: "the peering was read on its own",
    looks: "fine",
    given: [{ id: circuitId, type: "Microsoft.Network/expressRouteCircuits" }, aPeering(publicPeering)],
    want: "fail",
  },
  {
    when: "the peering was deleted since",
    given: [aCircuit({ peerings: [publicPeering] }), absent(`${circuitId}/peerings/AzurePublicPeering`)],
    want: "pass",
  },
  {
    when: "the type of the peering is one that nobody knows",
    given: aCircuit({ peerings: [{ properties: { peeringType: "LunarPeering" } }] }),
    want: "undetermined",
    says: ["LunarPeering"],
  },
  {
    when: "the state of public peering is not said",
    given: aCircuit({ peerings: [{ ...publicPeering, properties: { state: null } }] }),
    want: "undetermined",
    says: ["has no `/properties/state`"],
  },
  {
    when: "the state of Microsoft peering is not said",
    given: aCircuit({ peerings: [{ properties: { state: null } }] }),
    want: "pass",
  },
  {
    when: "the circuit was read without its properties",
    given: { id: circuitId, type: "Microsoft.Network/expressRouteCircuits" },
    want: "undetermined",
    says: ["is not in the recording"],
  },
  {
    when: "the circuit was read without its properties, and the list of its peerings was refused",
    given: [
      { id: circuitId, type: "Microsoft.Network/expressRouteCircuits" },
      refusedList(circuitId, "Microsoft.Network/expressRouteCircuits/peerings"),
    ],
    want: "undetermined",
    says: ["403 AuthorizationFailed"],
  },
]);
