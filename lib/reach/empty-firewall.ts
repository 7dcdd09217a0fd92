import { serviceOfType } from "../catalog/index.ts";
import type { FirewallSettings, ServiceFact } from "../model/fact.ts";
import { allOf, anyOf, certainly, not, perhaps, reasonsOfAll, type Truth } from "../model/must-may.ts";
import { evidenceOf, isSetTo } from "../model/setting.ts";
import type { Firewall } from "./firewall.ts";
import type { PrivateEndpointDoors } from "./private-endpoint-doors.ts";

/** Whether the firewall has no rule at all, of a service that then admits everybody whatever its default action. */
export function admitsWhenEmpty(
  { id, isFilteredInSubnets }: ServiceFact,
  settings: FirewallSettings,
  firewall: Firewall,
  privateEndpoints: PrivateEndpointDoors,
): Truth {
  const whenEmpty = serviceOfType(id.type)?.whenEmpty;
  if (whenEmpty === undefined) return certainly(false);
  const { unless } = whenEmpty;
  const hasNoRule = [
    not(isSetTo(id, isFilteredInSubnets, true)),
    hasNoIpRule(settings, firewall),
    hasNoVirtualNetworkRule(id.type, settings),
    ...(unless === undefined ? [] : [perhaps([`whom the ${unless} of \`${id.text}\` let in is not in its body`])]),
  ];
  switch (whenEmpty.admits) {
    case "everybody":
      return allOf(hasNoRule);
    case "everybodyWithoutPrivateEndpoint":
      return allOf([...hasNoRule, not(privateEndpoints.isAnyApproved)]);
    case "undocumented":
      return allOf([...hasNoRule, perhaps([`whom \`${id.text}\` admits without any rule is not documented`])]);
  }
}

/** Wherever the rules are kept. */
function hasNoIpRule({ holder, ipRules }: FirewallSettings, { rules, unread }: Firewall): Truth {
  const evidence = evidenceOf(holder, ipRules);
  if (rules.length > 0 || unread.length === 0) return certainly(rules.length === 0, evidence);
  return perhaps(reasonsOfAll(unread), evidence);
}

/** Switched off, network rules count as none; switched on without one, the documents leave open what happens. */
function hasNoVirtualNetworkRule(type: string, settings: FirewallSettings): Truth {
  const { holder, areVirtualNetworkRulesOn, virtualNetworkRules: rules } = settings;
  const isOn = isSetTo(holder, areVirtualNetworkRulesOn, true);
  const evidence = evidenceOf(holder, rules);
  const isEmpty =
    rules.kind === "known" ? certainly(rules.value.length === 0, evidence) : perhaps([rules.because], evidence);
  if (serviceOfType(type)?.virtualNetworkRules?.onlyIf === undefined) return isEmpty;
  const because = `\`${holder.text}\` filters by network and has no network rule, which the documents leave open`;
  return anyOf([not(isOn), allOf([isOn, isEmpty, perhaps([because])])]);
}
