import { describe, expect, it } from "vitest";
import { evaluate, type Subject } from "../lib/analyze.ts";
import { project } from "../lib/facts/project.ts";
import { Glob } from "../lib/model/glob.ts";
import type { PolicySettings, Waiver } from "../lib/model/policy.ts";
import { textOfKey } from "../lib/model/snapshot.ts";
import { SnapshotBuilder } from "../lib/model/snapshot-builder.ts";
import { fail, notApplicable, pass, undetermined } from "../lib/model/verdict.ts";
import { rules } from "../lib/rules/index.ts";
import type { Rule, RuleText } from "../lib/rules/rule.ts";
import { anAsker } from "./support/asker.ts";
import {
  aConnection,
  aNetwork,
  aStorageAccount,
  type Body,
  type Given,
  group,
  idOf,
  sqlId,
  storageId,
  subnetId,
  vaultId,
} from "./support/builders.ts";
import { auditOf, policyWith, today } from "./support/world.ts";

const text: RuleText = {
  id: "NI999",
  name: "made-up",
  severity: "medium",
  title: "A rule of this test",
  why: "Because.",
  remedy: "Mend it.",
  link: "https://learn.microsoft.com/",
  controls: { mcsb: [], cis: {}, azurePolicy: [] },
};

const evidence = { resource: idOf(storageId), pointer: "/properties/x", value: 1 };
const failing: Rule = { ...text, on: "service", check: () => fail("it is wrong", [evidence]) };

const open = aStorageAccount({ networkAcls: { defaultAction: "Allow" } });

function waiver(settings: Partial<Omit<Waiver, "resource">> & { readonly resource?: string }): Waiver {
  const { resource = storageId, ...others } = settings;
  return {
    rule: "NI999",
    reason: "known",
    owner: "erp",
    expires: "2027-03-31",
    ...others,
    resource: new Glob(resource),
  };
}

async function findingsOf(given: Given, settings: Partial<PolicySettings> = {}, only: readonly Rule[] = [failing]) {
  const { evaluations } = await auditOf(given, policyWith(settings), only);
  return evaluations.flatMap(({ findings }) => findings);
}

describe("a verdict", () => {
  it("that fails is a finding with everything a reader needs", async () => {
    expect(await findingsOf(aStorageAccount())).toEqual([
      {
        id: `NI999:${idOf(storageId).key}`,
        rule: "NI999",
        severity: "medium",
        status: "fail",
        resource: idOf(storageId),
        services: [idOf(storageId)],
        title: "A rule of this test",
        message: "it is wrong",
        because: [],
        cause: evidence,
        evidence: [evidence],
        assumptions: [],
        remedy: "Mend it.",
      },
    ]);
  });

  it("that is undetermined is a finding with its reasons and no message", async () => {
    const [finding] = await findingsOf(aStorageAccount(), {}, [
      { ...text, on: "service", check: () => undetermined(["403 reading x"], [evidence]) },
    ]);
    expect(finding?.status).toBe("undetermined");
    expect(finding?.because).toEqual(["403 reading x"]);
    expect(finding?.evidence).toEqual([evidence]);
    expect(finding?.message).toBeUndefined();
    expect(finding?.cause).toBeUndefined();
  });

  it.each([
    { when: "passes", verdict: pass },
    { when: "does not apply", verdict: notApplicable },
    { when: "has no parts", verdict: [] },
    { when: "passes in every part", verdict: [{ part: "a", verdict: pass }] },
  ])("that $when is no finding", async ({ verdict }) => {
    expect(await findingsOf(aStorageAccount(), {}, [{ ...text, on: "service", check: () => verdict }])).toEqual([]);
  });

  it("on parts is one finding for each part that does not pass", async () => {
    const check = () => [
      { part: "Site:North", verdict: fail("one", []) },
      { part: "b", verdict: pass },
      { part: "c", verdict: undetermined(["?"]) },
    ];
    const findings = await findingsOf(aStorageAccount(), {}, [{ ...text, on: "service", check }]);
    expect(findings.map(({ id, part, status }) => ({ id, part, status }))).toEqual([
      { id: `NI999:${idOf(storageId).key}#site:north`, part: "Site:North", status: "fail" },
      { id: `NI999:${idOf(storageId).key}#c`, part: "c", status: "undetermined" },
    ]);
  });

  it("lists each assumption of its evidence once", async () => {
    const assumed = { ...evidence, assumptions: ["x is absent, which means Allow"] };
    const check = () => fail("it is wrong", [evidence, assumed, { ...assumed, pointer: "/y" }]);
    const [finding] = await findingsOf(aStorageAccount(), {}, [{ ...text, on: "service", check }]);
    expect(finding?.assumptions).toEqual(["x is absent, which means Allow"]);
  });
});

describe("a finding", () => {
  it("has the id that Azure spelled, and the same id of its own whatever the spelling", async () => {
    const spelled = storageId.replace("resourceGroups/rg", "resourcegroups/RG");
    const [one] = await findingsOf({ ...open, id: spelled });
    const [other] = await findingsOf(open);
    expect(one?.resource.text).toBe(spelled);
    expect(one?.id).toBe(other?.id);
  });

  it("has the severity of its rule, or that of the policy", async () => {
    const severities = new Map([["NI999", "info" as const]]);
    expect((await findingsOf(open)).map(({ severity }) => severity)).toEqual(["medium"]);
    expect((await findingsOf(open, { severities })).map(({ severity }) => severity)).toEqual(["info"]);
    expect(
      (await findingsOf(open, { severities: new Map([["NI101", "low"]]) })).map(({ severity }) => severity),
    ).toEqual(["medium"]);
  });

  it.each([
    { when: "names the resource", given: waiver({}), want: "waived" },
    { when: "names it in another case", given: waiver({ resource: storageId.toUpperCase() }), want: "waived" },
    { when: "names it with a star", given: waiver({ resource: `${group}/*` }), want: "waived" },
    { when: "holds today for the last time", given: waiver({ expires: today }), want: "waived" },
    { when: "expired yesterday", given: waiver({ expires: "2026-11-21" }), want: "expired" },
    { when: "names another resource", given: waiver({ resource: vaultId }), want: "open" },
    { when: "names another rule", given: waiver({ rule: "NI101" }), want: "open" },
  ])("is $want where the waiver $when", async ({ given, want }) => {
    const [finding, ...others] = await findingsOf(open, { waivers: [given] });
    expect(others).toEqual([]);
    expect(finding?.status).toBe("fail");
    expect(finding?.waived).toBe(want === "waived" ? given : undefined);
    expect(finding?.expiredWaiver).toBe(want === "expired" ? given : undefined);
  });

  it("is waived by the waiver that still holds, where another has expired", async () => {
    const expired = waiver({ expires: "2026-01-31" });
    const current = waiver({ expires: "2027-01-31", reason: "renewed" });
    const [finding] = await findingsOf(open, { waivers: [expired, current] });
    expect(finding?.waived).toBe(current);
    expect(finding?.expiredWaiver).toBeUndefined();
  });

  it("that is undetermined can be waived, too", async () => {
    const check = () => undetermined(["?"]);
    const [finding] = await findingsOf(open, { waivers: [waiver({})] }, [{ ...text, on: "service", check }]);
    expect(finding?.waived?.reason).toBe("known");
  });

  it("of one part is waived with its subject", async () => {
    const connections = {
      privateEndpointConnections: [aConnection("Pending", "pe-a"), aConnection("Rejected", "pe-b")],
    };
    const findings = await findingsOf(aStorageAccount(connections), { waivers: [waiver({ rule: "NI302" })] }, rules);
    expect(findings.map(({ part, waived }) => ({ part, isWaived: waived !== undefined }))).toEqual([
      { part: "pe-a", isWaived: true },
      { part: "pe-b", isWaived: true },
    ]);
  });
});

describe("a waiver that matches nothing", () => {
  it.each([
    { when: "it names another resource", given: waiver({ resource: vaultId }), want: "reported" },
    { when: "it names a rule that found nothing", given: waiver({ rule: "NI103" }), want: "reported" },
    { when: "its resource passes", given: waiver({ resource: `${storageId}2` }), want: "reported" },
    { when: "it waives a finding", given: waiver({}), want: "not reported" },
    { when: "it has expired and its finding is back", given: waiver({ expires: "2026-01-31" }), want: "not reported" },
    {
      when: "it has expired and its finding is gone",
      given: waiver({ resource: vaultId, expires: "2026-01-31" }),
      want: "reported",
    },
  ])("is $want where $when", async ({ given, want }) => {
    const { unusedWaivers } = await auditOf(open, policyWith({ waivers: [given] }), [failing]);
    expect(unusedWaivers).toEqual(want === "reported" ? [given] : []);
  });
});

describe("an evaluation", () => {
  const snapshotOf = (...bodies: readonly Body[]): SnapshotBuilder => {
    const snapshot = new SnapshotBuilder();
    for (const body of bodies) {
      const { projected } = project(body);
      if (projected !== undefined) snapshot.add(projected);
    }
    return snapshot;
  };
  const subjectOf = (snapshot: SnapshotBuilder, id: string): Subject => {
    const found = snapshot.get(idOf(id));
    if (found.kind !== "fact" || (found.fact.kind !== "service" && found.fact.kind !== "subnet")) {
      throw new Error(`\`${id}\` is no subject`);
    }
    return found.fact;
  };
  const expectations = { policy: policyWith({}), rules, today };
  const rule = {
    id: `${sqlId}/virtualNetworkRules/r`,
    properties: { virtualNetworkSubnetId: subnetId, state: "Ready" },
  };

  it("notes the subnets that a service admits, and what it lacks", () => {
    const snapshot = snapshotOf(aStorageAccount({ networkAcls: { virtualNetworkRules: [{ id: subnetId }] } }));
    const asker = anAsker();
    const subject = subjectOf(snapshot, storageId);
    const { reach } = snapshot.look(asker, () => evaluate(subject, snapshot, expectations));
    expect(asker.asked.map(({ text }) => text)).toContain(`resource ${idOf(subnetId).key}`);
    expect(snapshot.takeUnanswered().map(textOfKey)).toContain(`resource ${idOf(subnetId).key}`);
    expect(reach?.widest).toBe("unknown");
  });

  it("is pure: asked twice, it gives the same", () => {
    const snapshot = snapshotOf(open, aNetwork());
    const subject = subjectOf(snapshot, storageId);
    expect(evaluate(subject, snapshot, expectations)).toEqual(evaluate(subject, snapshot, expectations));
  });

  it("of a subnet concerns the services that admit it or have a private endpoint in it", () => {
    const admitting = aStorageAccount({ networkAcls: { virtualNetworkRules: [{ id: subnetId.toUpperCase() }] } });
    const endpoint = {
      id: `${group}/providers/Microsoft.Network/privateEndpoints/pe`,
      properties: {
        subnet: { id: subnetId },
        privateLinkServiceConnections: [{ properties: { privateLinkServiceId: vaultId, groupIds: ["vault"] } }],
        manualPrivateLinkServiceConnections: [
          { properties: { privateLinkServiceId: `${group}/providers/Microsoft.Network/privateLinkServices/pls` } },
        ],
      },
    };
    const snapshot = snapshotOf(aNetwork([{ nsg: undefined }]), admitting, endpoint, rule);
    const { findings, reach } = evaluate(subjectOf(snapshot, subnetId), snapshot, expectations);
    expect(findings.map((finding) => finding.rule)).toEqual(["NI601"]);
    expect(findings[0]?.services.map(({ name }) => name)).toEqual(["kv-erp", "sql-erp", "stdrawings"]);
    expect(reach).toBeUndefined();
  });
});
