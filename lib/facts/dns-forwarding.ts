import type { ForwardingRuleFact } from "../model/fact.ts";
import { fold } from "../model/resource-id.ts";
import type { ArmResource } from "./arm-resource.ts";
import { factMaker } from "./fact-maker.ts";
import { networkOf } from "./private-dns-zone.ts";
import { enumeration, textAt, unknownValue, valueAt } from "./settings.ts";

/** Projects `dnsForwardingRulesets/virtualNetworkLinks`. */
export const forwardingLink = factMaker("forwardingLink", ["/properties/virtualNetwork/id"], {
  network: networkOf,
  names: (resource) => [networkOf(resource)].filter((named) => named !== undefined),
});

const states = { enabled: "enabled", disabled: "disabled" } as const;
const domainName = "/properties/domainName";
const ruleState = "/properties/forwardingRuleState";

/** Projects `dnsForwardingRulesets/forwardingRules`. */
export const forwardingRule = factMaker("forwardingRule", [domainName, ruleState], {
  domain: domainOf,
  state: (resource) => enumeration(resource, ruleState, states),
  names: () => [],
});

function domainOf({ id, body, thinBecause }: ArmResource): ForwardingRuleFact["domain"] {
  const raw = valueAt(body, domainName);
  const text = textAt(body, domainName);
  if (text !== undefined) return { kind: "known", value: fold(text).replace(/\.$/, ""), pointer: domainName, raw };
  return { kind: "unknown", because: thinBecause ?? unknownValue(id, domainName, raw), pointer: domainName, raw };
}
