import { expect, test } from "vitest";
import { evaluate, type Subject, subjectsOf } from "../lib/analyze.ts";
import { audit } from "../lib/audit.ts";
import type { Snapshot } from "../lib/model/snapshot.ts";
import { pass } from "../lib/model/verdict.ts";
import { IpSet } from "../lib/net/ip-set.ts";
import { rules } from "../lib/rules/index.ts";
import type { Rule, RuleText } from "../lib/rules/rule.ts";
import { policy } from "./bench/policy.ts";
import { readingsOfEstate } from "./bench/readings.ts";
import { counting, countOperations } from "./support/counting.ts";
import { readerOf, snapshotOf, today } from "./support/world.ts";

const text: RuleText = {
  id: "NI000",
  name: "counts-looks",
  severity: "info",
  title: "",
  why: "",
  remedy: "",
  link: "",
  controls: { mcsb: [], cis: {}, azurePolicy: [] },
};

const expectations = { policy, rules, today };

const operations = countOperations();

/** What it costs to look at one subject. */
function costOf(subject: Subject, snapshot: Snapshot, asked = rules) {
  const { view, seen } = counting(snapshot, (_, work) => work()); // what is remembered costs only once, and is counted each time
  const before = operations.count;
  evaluate(subject, view, { ...expectations, rules: asked });
  return { ...seen, operations: operations.count - before };
}

/** Both are whole blocks of the generated estate: nothing in the first one names anything outside of it. */
const small = [...readingsOfEstate(1_000)];
const large = [...readingsOfEstate(3_000)];

test("every subject is evaluated once", async () => {
  const looks = new Map<string, number>();
  const look = (id: string) => {
    looks.set(id, (looks.get(id) ?? 0) + 1);
    return pass;
  };
  const counters: readonly Rule[] = [
    { ...text, on: "service", check: ({ service }) => look(service.id.key) },
    { ...text, on: "network", check: ({ network }) => look(network.id.key) },
    { ...text, on: "subnet", check: ({ subnet }) => look(subnet.id.key) },
    { ...text, on: "securityGroup", check: ({ securityGroup }) => look(securityGroup.id.key) },
    { ...text, on: "privateEndpoint", check: ({ privateEndpoint }) => look(privateEndpoint.id.key) },
    { ...text, on: "circuit", check: ({ circuit }) => look(circuit.id.key) },
    { ...text, on: "site", check: ({ site }) => look(`site:${site.name}`) },
  ];
  const { evaluations } = await audit(readerOf(large), { ...expectations, rules: [...rules, ...counters] });
  const subjects = subjectsOf(snapshotOf(large), policy);
  expect(evaluations.map(({ subject }) => subject.id.key)).toEqual(subjects.map(({ id }) => id.key));
  const asked = subjects.filter(({ kind }) => kind !== "placed").map(({ id }) => id.key); // no rule is on these
  expect([...looks.keys()].sort()).toEqual(asked.sort());
  expect([...new Set(looks.values())]).toEqual([1]);
});

/** The subjects of the small estate that cost more, or less, in the large one. */
function dearer(asked = rules) {
  const [few, many] = [snapshotOf(small), snapshotOf(large)];
  const inLarge = new Map(subjectsOf(many, policy).map((subject) => [subject.id.key, subject]));
  const fewSubjects = subjectsOf(few, policy).filter(({ kind }) => kind !== "site"); // a site looks at every circuit
  const costs = fewSubjects.map((subject) => {
    const same = inLarge.get(subject.id.key) ?? subject;
    return { id: subject.id.text, few: costOf(subject, few, asked), many: costOf(same, many, asked) };
  });
  return costs.filter(({ few, many }) => JSON.stringify(few) !== JSON.stringify(many));
}

test("no subject costs more in a larger estate: set operations, questions, facts", () => {
  expect(dearer()).toEqual([]);
});

test("a look at all other services, or at the addresses of all of them, would be noticed", () => {
  const quadratic: Rule = {
    ...text,
    on: "subnet",
    check({ snapshot }) {
      for (const _ of snapshot.ofKind("service")) IpSet.all.union(IpSet.empty);
      return pass;
    },
  };
  const [first] = dearer([quadratic]);
  expect(first).toMatchObject({ few: { operations: 285 }, many: { operations: 855 } });
  expect((first?.many.facts ?? 0) - (first?.few.facts ?? 0)).toBe(570);
});

test("an audit does no set operations but those of reading and of each subject", async () => {
  const start = operations.count;
  const snapshot = snapshotOf(large);
  for (const subject of subjectsOf(snapshot, policy)) evaluate(subject, snapshot, expectations);
  const middle = operations.count;
  await audit(readerOf(large), expectations);
  expect(operations.count - middle).toBe(middle - start);
});
