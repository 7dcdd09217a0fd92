import { fixedNameSubnet } from "../catalog/delegations.ts";
import type { SubnetFact } from "../model/fact.ts";
import { allOf, certainly, not, perhaps, type Truth } from "../model/must-may.ts";
import { evidenceOf } from "../model/setting.ts";
import { failWhere, notApplicable, pass } from "../model/verdict.ts";
import { isRecordedAway, isTunnelledAway, leadsAway } from "../reach/default-route.ts";
import { goesOverNatGateway } from "../reach/nat-gateway.ts";
import type { Rule } from "./rule.ts";

export const defaultOutboundAccess: Rule = {
  id: "NI607",
  name: "default-outbound-access",
  severity: "low",
  title: "Subnet has default outbound access to the internet",
  why: "Virtual machines without an outbound way of their own get one from Azure, with an address that is shared, changes, and stands in no list: whatever is in the subnet reaches the internet unseen.",
  remedy:
    "Set defaultOutboundAccess to false; give what needs the internet a NAT gateway, or a default route to a firewall.",
  link: "https://learn.microsoft.com/azure/virtual-network/ip-services/default-outbound-access",
  controls: { mcsb: ["NS-1"], cis: {}, azurePolicy: ["7bca8353-aa3b-429b-904a-9229c4385837"] },

  on: "subnet",

  check({ subnet, snapshot }) {
    if (fixedNameSubnet(subnet.id.name) !== undefined) return notApplicable;
    const isDefault = isDefaultOutbound(subnet);
    if (!isDefault.may) return pass;
    const isOn = allOf([isDefault, not(isDelegated(subnet)), not(goesOverNatGateway(subnet, "ipv4", snapshot))]);
    if (!isOn.may) return pass;
    const recorded = isRecordedAway(subnet, snapshot);
    const byGateway = isTunnelledAway(subnet, snapshot);
    const isAway = byGateway.must ? byGateway : leadsAway(subnet, snapshot);
    const verdict = failWhere(
      allOf([isOn, not(recorded ?? isAway)]),
      "virtual machines in it without a way out of their own reach the internet from an address of Azure's choice",
    );
    if (verdict.kind !== "fail" || recorded !== undefined || !byGateway.may) return verdict;
    return { ...verdict, assumptions: [...verdict.assumptions, "no gateway announces a default route to the subnet"] };
  },
};

/** Where ARM does not say, it may be either: private is the default in networks made with newer api-versions only. */
function isDefaultOutbound({ id, defaultOutboundAccess: setting }: SubnetFact): Truth {
  const evidence = evidenceOf(id, setting);
  if (setting.kind === "unknown") return perhaps([setting.because], evidence);
  if (setting.value !== undefined) return certainly(setting.value, evidence);
  return perhaps([`\`${id.text}\` does not say whether it has default outbound access`], evidence);
}

/** Delegated subnets are exempt. */
function isDelegated({ id, delegations }: SubnetFact): Truth {
  if (delegations.kind === "unknown") return perhaps([delegations.because], evidenceOf(id, delegations));
  return certainly(delegations.value.length > 0);
}
