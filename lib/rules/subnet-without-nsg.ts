import { fixedNameSubnet, nsgSupportOf } from "../catalog/delegations.ts";
import type { SubnetFact } from "../model/fact.ts";
import { allOf, certainly, perhaps, type Truth } from "../model/must-may.ts";
import { evidenceOf } from "../model/setting.ts";
import { failWhere, pass } from "../model/verdict.ts";
import type { Rule } from "./rule.ts";

export const subnetWithoutNsg: Rule = {
  id: "NI601",
  name: "subnet-without-nsg",
  severity: "medium",
  title: "Subnet without a network security group",
  why: "Without a network security group nothing filters what enters or leaves the subnet: every network it is connected to is admitted.",
  remedy: "Attach a network security group that admits what the subnet needs.",
  link: "https://learn.microsoft.com/azure/virtual-network/network-security-groups-overview",
  controls: {
    mcsb: ["NS-1"],
    cis: { "5.0": ["7.11"], "6.0": ["7.11"] },
    azurePolicy: ["e71308d3-144b-4262-b144-efdc3cc90517"],
  },

  on: "subnet",

  check({ subnet }) {
    const { networkSecurityGroup: nsg } = subnet;
    if (nsg.kind === "known" && nsg.value !== undefined) return pass;
    const evidence = evidenceOf(subnet.id, nsg);
    const hasNone = nsg.kind === "known" ? certainly(!nsg.value, evidence) : perhaps([nsg.because], evidence);
    return failWhere(allOf([hasNone, canCarryOne(subnet)]), "no network security group is attached");
  },
};

function canCarryOne({ id, delegations }: SubnetFact): Truth {
  if (fixedNameSubnet(id.name) === "unsupported") return certainly(false);
  if (delegations.kind === "unknown") return perhaps([delegations.because]);
  return allOf(
    delegations.value.map(({ serviceName, raw }) => {
      const support = serviceName === undefined ? "depends" : nsgSupportOf(serviceName);
      if (support !== "depends") return certainly(support === "supported");
      const service = serviceName ?? JSON.stringify(raw);
      return perhaps([`not every subnet that is delegated to \`${service}\` can carry a network security group`]);
    }),
  );
}
