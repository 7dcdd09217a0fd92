import { serviceOfType } from "../catalog/index.ts";
import type { FirewallSettings, ServiceFact } from "../model/fact.ts";
import { allOf, anyOf, certainly, not, perhaps, type Truth } from "../model/must-may.ts";
import { evidenceOf, isSetTo } from "../model/setting.ts";
import type { PrivateEndpointDoors } from "./private-endpoint-doors.ts";

/** Whether the firewall has no rule at all, of a service that then admits everybody whatever its default action. */
export function admitsWhenEmpty(
  { id }: ServiceFact,
  settings: FirewallSettings,
  privateEndpoints: PrivateEndpointDoors,
): Truth {
  const whenEmpty = serviceOfType(id.type)?.whenEmpty;
  if (whenEmpty === undefined) return certainly(false);
  const hasNoRule = [hasNone(settings, settings.ipRules), hasNoVirtualNetworkRule(id.type, settings)];
  if (whenEmpty.admits === "everybody") return allOf(hasNoRule);
  return allOf([...hasNoRule, not(privateEndpoints.isAnyApproved)]);
}

function hasNone(
  { holder }: FirewallSettings,
  rules: FirewallSettings["ipRules"] | FirewallSettings["virtualNetworkRules"],
) {
  const evidence = evidenceOf(holder, rules);
  return rules.kind === "known" ? certainly(rules.value.length === 0, evidence) : perhaps([rules.because], evidence);
}

/** Switched off, network rules count as none; switched on without one, the documents leave open what happens. */
function hasNoVirtualNetworkRule(type: string, settings: FirewallSettings): Truth {
  const { holder, areVirtualNetworkRulesOn } = settings;
  const isOn = isSetTo(holder, areVirtualNetworkRulesOn, true);
  const isEmpty = hasNone(settings, settings.virtualNetworkRules);
  if (serviceOfType(type)?.virtualNetworkRules?.onlyIf === undefined) return isEmpty;
  const because = `\`${holder.text}\` filters by network and has no network rule, which the documents leave open`;
  return anyOf([not(isOn), allOf([isOn, isEmpty, perhaps([because])])]);
}
