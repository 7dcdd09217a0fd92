import { failWhere } from "../model/verdict.ts";
import { publicPeeringOf } from "../reach/circuits.ts";
import type { Rule } from "./rule.ts";

export const publicPeeringInUse: Rule = {
  id: "NI504",
  name: "public-peering-in-use",
  severity: "medium",
  title: "Circuit with the retired Azure public peering",
  why: "Azure public peering was retired on 31 March 2024. Its callers share addresses of Microsoft's own, which no firewall can tell from others, and nobody answers for a peering that is still there.",
  remedy:
    "Move the traffic to Microsoft peering or private endpoints, then remove the Azure public peering from the circuit.",
  link: "https://learn.microsoft.com/azure/expressroute/how-to-move-peering",
  controls: { mcsb: ["NS-8", "NS-9"], cis: {}, azurePolicy: [] },

  on: "circuit",

  check({ circuit, snapshot }) {
    return failWhere(publicPeeringOf(circuit, snapshot), "an Azure public peering is enabled on the circuit");
  },
};
