import { expect, it, test } from "vitest";
import { auditSubscription } from "../../lib/audit-run.ts";
import type { OutgoingEvent } from "../../lib/model/finding-event.ts";
import { type FindingRecord, recordOf } from "../../lib/model/finding-record.ts";
import type { Found } from "../../lib/model/snapshot.ts";
import { fail, pass } from "../../lib/model/verdict.ts";
import { unreadEvidence } from "../../lib/pipeline/unreadable-finding.ts";
import { publicNetworkAccessEnabled } from "../../lib/rules/public-network-access-enabled.ts";
import type { RuleOn } from "../../lib/rules/rule.ts";
import { tableStore } from "../../lib/state/table-store.ts";
import { idOf, nsgId, storageId, subnetId } from "../support/builders.ts";
import { type Account, accountId, appOf, type Estate, subscriptionId } from "../support/estate.ts";
import { memoryTable } from "../support/memory-table.ts";

function aFinding(...resources: readonly string[]): FindingRecord {
  const evidence = resources.map((resource) => ({ resource, pointer: "/properties/a", value: 1 }));
  const [resource = storageId] = resources;
  const id = idOf(storageId);
  const { id: rule, severity, title, remedy } = publicNetworkAccessEnabled;
  const finding = { id: `${rule}:${id.key}`, rule, severity, resource: id, services: [], title, remedy } as const;
  const open = { ...finding, status: "fail", because: [], evidence: [], assumptions: [] } as const;
  return { ...recordOf(open, publicNetworkAccessEnabled), resource, evidence };
}

const refused: Found = { kind: "unreadable", why: "refused", because: "403 reading the group" };
const known: Readonly<Record<string, Found>> = {
  [idOf(nsgId).key]: refused,
  [idOf(subnetId).key]: { kind: "absent" },
  [idOf(storageId).key]: { kind: "fact", fact: { kind: "other", id: idOf(storageId), names: [] } },
};
const omitted = { evidence: 3, services: 0, reach: false, texts: false };

it.each([
  { when: "all of it was read", finding: aFinding(storageId), want: undefined },
  { when: "some of it is gone", finding: aFinding(storageId, subnetId), want: undefined },
  { when: "it is the policy's", finding: aFinding("site:plant"), want: undefined },
  { when: "some of it was refused", finding: aFinding(storageId, nsgId), want: "403 reading the group" },
  { when: "not all of it was kept, and all was read", finding: aFinding(storageId), omitted, want: undefined },
  {
    when: "not all of it was kept, and something was refused",
    finding: aFinding(storageId),
    omitted,
    gaps: ["403 reading b", "403 reading a"],
    want: "403 reading a",
  },
  {
    when: "all of it was kept, and something else was refused",
    finding: aFinding(storageId),
    gaps: ["403 reading a"],
    want: undefined,
  },
])("evidence can be read, or not, when $when", async ({ finding, gaps = [], want, ...rest }) => {
  const find = async ({ key }: { readonly key: string }) => known[key] ?? refused;
  const because = await unreadEvidence({ finding, ...rest }, { find, gaps });
  if (want === undefined) expect(because).toBeUndefined();
  else expect(because).toContain(want);
});

/** Fails an account beside which there is another, whose evidence comes last of very much. */
const hasNeighbour: RuleOn<"service"> = {
  ...publicNetworkAccessEnabled,
  on: "service",
  check({ service, snapshot }) {
    if (service.id.name !== "a") return pass;
    const others = snapshot.ofKind("service").filter(({ id }) => id.name !== "a");
    const ofOthers = others.map(({ id }) => ({ resource: id, pointer: "/name", value: id.name }));
    const much = Array.from({ length: 300 }, (_, index) => {
      return { resource: service.id, pointer: `/properties/${index}`, value: "x".repeat(1000) };
    });
    return others.length === 0 ? pass : fail("is not alone", [...much, ...ofOthers]);
  },
};

test("evidence that was too large to be kept is no reason to take a finding for fixed while something is refused", async () => {
  const store = tableStore(memoryTable());
  const events: OutgoingEvent[] = [];
  let world: Estate = { accounts: {} };
  const app = {
    ...appOf(
      store,
      () => world,
      (event) => void events.push(event),
    ),
  };
  let runs = 0;
  const audit = async (b: Account) => {
    runs += 1;
    events.length = 0;
    world = { accounts: { a: "closed", b } };
    const expectations = { policy: app.expectations.policy, rules: [hasNeighbour] };
    await auditSubscription({ ...app, expectations }, { runId: `run-${runs}`, subscriptionId, isLastDelivery: true });
    return events.map(({ type }) => type.split(".")[2]);
  };
  expect(await audit("closed")).toEqual(["opened", "completed"]);
  const kept = await store.find(subscriptionId, `NI101:${accountId("a").toLowerCase()}`);
  expect(kept?.entry.omitted?.evidence).toBeGreaterThan(0);
  expect(await audit("refused")).toEqual(["changed", "completed"]);
  expect(await audit("refused")).toEqual(["completed"]);
  expect(await audit("gone")).toEqual(["resolved", "completed"]);
});
