import { expect, test } from "vitest";
import { rulesInForce } from "../../lib/reach/firewall-policies.ts";
import {
  aNatRule,
  aNetworkRule,
  anApplicationRule,
  aPolicy,
  basePolicyId,
  type CollectionParts,
  policyId,
} from "../support/firewalls.ts";
import { snapshotOf } from "../support/world.ts";

function dnat(name: string, priority: number): CollectionParts {
  return { kind: "NatRule", priority, rules: [aNatRule({ name })] };
}

function network(name: string, priority: number): CollectionParts {
  return { kind: "NetworkRule", priority, rules: [aNetworkRule({ name })] };
}

function application(name: string, priority: number): CollectionParts {
  return { kind: "ApplicationRule", priority, rules: [anApplicationRule({ name })] };
}

// The example of https://learn.microsoft.com/azure/firewall/rule-processing#rule-processing-by-using-firewall-policy
test("rules of policies are processed in the order of Microsoft's example", () => {
  const snapshot = snapshotOf([
    aPolicy({
      groups: [
        {
          name: "ChildRCG2",
          priority: 650,
          collections: [application("ChAppRC2", 2000), dnat("ChDNATRC3", 3000), network("ChNetRC2", 1100)],
        },
        { name: "ChildRCG1", priority: 300, collections: [application("ChAppRC1", 900), network("ChNetRC1", 700)] },
      ],
      properties: { basePolicy: { id: basePolicyId } },
    }),
    aPolicy({
      id: basePolicyId,
      groups: [
        { name: "BaseRCG2", priority: 300, collections: [network("NetworkRC2", 1300), application("AppRC2", 1200)] },
        {
          name: "BaseRCG1",
          priority: 200,
          collections: [network("NetworkRC1", 800), dnat("DNATRC3", 610), dnat("DNATRC1", 600)],
        },
      ],
    }),
  ]);
  const [policy] = snapshot.ofKind("firewallPolicy").filter(({ id }) => id.text === policyId);
  if (policy === undefined) throw new Error("no policy");
  const { inherited, own, because } = rulesInForce(policy, snapshot);
  const namesOf = (kind: string) => [...inherited, ...own].filter((rule) => rule.kind === kind).map(({ name }) => name);
  expect(because).toEqual([]);
  expect([...namesOf("nat"), ...namesOf("network"), ...namesOf("application")]).toEqual([
    ...["DNATRC1", "DNATRC3", "ChDNATRC3"],
    ...["NetworkRC1", "NetworkRC2", "ChNetRC1", "ChNetRC2"],
    ...["AppRC2", "ChAppRC1", "ChAppRC2"],
  ]);
});

test("the farthest policy comes first", () => {
  const groups = (name: string) => [{ collections: [network(name, 100)] }];
  const middle = `${basePolicyId}-middle`;
  const snapshot = snapshotOf([
    aPolicy({ groups: groups("own"), properties: { basePolicy: { id: middle } } }),
    aPolicy({ id: middle, groups: groups("middle"), properties: { basePolicy: { id: basePolicyId } } }),
    aPolicy({ id: basePolicyId, groups: groups("base") }),
  ]);
  const [policy] = snapshot.ofKind("firewallPolicy").filter(({ id }) => id.text === policyId);
  if (policy === undefined) throw new Error("no policy");
  expect(rulesInForce(policy, snapshot).inherited.map(({ name }) => name)).toEqual(["base", "middle"]);
});
