import { expect, test } from "vitest";
import { firewallRuleAny } from "../../lib/rules/firewall-rule-any.ts";
import { aFirewallWithPolicy, aNetworkRule, aPolicy, basePolicyId, policyId } from "../support/firewalls.ts";
import { findingsOf } from "../support/world.ts";

const any = [{ collections: [{ rules: [aNetworkRule()] }] }];
const narrow = [{ collections: [{ rules: [aNetworkRule({ destinationAddresses: ["10.1.0.0/16"] })] }] }];

async function subjectsOf(base: typeof any, own: typeof any) {
  const findings = await findingsOf(firewallRuleAny, [
    aFirewallWithPolicy,
    aPolicy({ id: basePolicyId, groups: base, properties: { firewalls: [], childPolicies: [{ id: policyId }] } }),
    aPolicy({ groups: own, properties: { basePolicy: { id: basePolicyId } } }),
  ]);
  return findings.map(({ resource, status }) => [resource.text, status]);
}

test("a fault of a policy is told of it, not of the firewall", async () => {
  expect(await subjectsOf(narrow, any)).toEqual([[policyId, "fail"]]);
});

test("a fault of a base policy is told of it alone", async () => {
  expect(await subjectsOf(any, narrow)).toEqual([[basePolicyId, "fail"]]);
  expect(await subjectsOf(any, any)).toEqual([[basePolicyId, "fail"]]);
});
