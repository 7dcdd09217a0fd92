import { describe, expect, test } from "vitest";
import { type BodyRecord, dependencyOf, touchedBy } from "../../lib/model/body-record.ts";
import { unreadable } from "../../lib/pipeline/changed-bodies.ts";
import { networkId, nsgId, subnetId } from "../support/builders.ts";

const [network, subnet, group, otherGroup] = [networkId, subnetId, nsgId, `${nsgId}-2`].map((id) => id.toLowerCase());
const subnets = "microsoft.network/virtualnetworks/subnets";

function aNetwork(print = "n1", children: readonly (readonly [print: string, group: string])[] = []): BodyRecord {
  const facts = children.map(([own, named]) => ({
    key: `${subnet}`,
    kind: "subnet" as const,
    print: own,
    names: [named],
  }));
  return {
    id: networkId,
    embeds: [subnets],
    facts: [{ key: `${network}`, kind: "network", print, names: [] }, ...facts],
  };
}

const cases = [
  {
    when: "nothing differs",
    before: aNetwork("n1", [["s1", `${group}`]]),
    after: aNetwork("n1", [["s1", `${group}`]]),
    touched: [],
    untouched: [`resource ${network}`, `children ${network}`, `resource ${subnet}`],
  },
  {
    when: "a subnet says something else",
    before: aNetwork("n1", [["s1", `${group}`]]),
    after: aNetwork("n1", [["s2", `${group}`]]),
    touched: [`resource ${subnet}`, `children ${network}`, `naming ${group}`, `naming subnet ${group}`],
    untouched: [`resource ${network}`, `namers ${group}`, `lists ${network}`],
  },
  {
    when: "a subnet moves to another group",
    before: aNetwork("n1", [["s1", `${group}`]]),
    after: aNetwork("n1", [["s2", `${otherGroup}`]]),
    touched: [`naming ${group}`, `namers subnet ${group}`, `naming ${otherGroup}`, `namers ${otherGroup}`],
    untouched: [`resource ${group}`],
  },
  {
    when: "a subnet is gone",
    before: aNetwork("n1", [["s1", `${group}`]]),
    after: aNetwork(),
    touched: [`resource ${subnet}`, `children ${network}`, `lists ${subnet}`, `namers ${group}`],
    untouched: [`resource ${network}`],
  },
  {
    when: "a network without subnets cannot be read any more",
    before: aNetwork(),
    after: unreadable(aNetwork()),
    touched: [`resource ${network}`, `lists ${network}`],
    untouched: [],
  },
];

test.each(cases)("what is touched when $when", ({ before, after, touched, untouched }) => {
  const { questions } = touchedBy([{ before, after }]);
  expect(touched.filter((one) => !questions.has(one))).toEqual([]);
  expect(untouched.filter((one) => questions.has(one))).toEqual([]);
});

describe("a question is kept", () => {
  test.each([
    { question: { kind: subnets, about: `${network}` }, want: `children ${network}` },
    { question: { kind: `list of ${subnets}`, about: `${network}` }, want: `lists ${network}` },
    { question: { kind: "naming subnet", about: `${group}` }, want: `naming subnet ${group}` },
    { question: { kind: "everywhere", about: subnets }, want: `everywhere ${subnets}` },
    { question: { kind: `list of ${subnets}`, about: "/subscriptions/one" }, want: undefined },
  ])("as $want", ({ question, want }) => expect(dependencyOf(question)).toBe(want));
});
