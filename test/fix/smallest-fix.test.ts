import { describe, expect, test } from "vitest";
import { auditSnapshot } from "../../lib/audit.ts";
import type { Closing } from "../../lib/fix/closing.ts";
import { auditedEstate, findingsOf } from "../../lib/fix/estate.ts";
import { type Effort, smallestFix, usualEffort } from "../../lib/fix/smallest-fix.ts";
import { isObject } from "../../lib/model/json-object.ts";
import { Policy } from "../../lib/model/policy.ts";
import { rules } from "../../lib/rules/index.ts";
import { readSet } from "../net/read-set.ts";
import { anApp, untouched } from "../support/apps.ts";
import {
  aPerimeter,
  aStorageAccount,
  aSubnet,
  type Given,
  ipRules,
  noPerimeter,
  vaultId,
} from "../support/builders.ts";
import { aCosmosAccount, aNamespace, eventHubsId, serviceBusId } from "../support/more-services.ts";
import { policyWith, readerOf, readingsOf, today } from "../support/world.ts";

async function fixFor(rule: string, given: Given, policy: Policy = Policy.default, effort: Effort = usualEffort) {
  const expectations = { policy, rules, today };
  const { snapshot } = await auditSnapshot(readerOf(given), expectations);
  const estate = auditedEstate(snapshot, expectations);
  const bodies = new Map(
    [...readingsOf(given)].flatMap((one) =>
      one.kind === "resource" && isObject(one.body) ? [[String(one.body.id).toLowerCase(), one.body] as const] : [],
    ),
  );
  const finding = findingsOf(estate).find((one) => one.rule === rule);
  if (finding === undefined) throw new Error(`nothing of ${rule} in the test`);
  return smallestFix(finding, estate, (id) => bodies.get(id.key), effort);
}

const approvedAddresses = readSet("198.51.100.0/24");
const approved = policyWith({ approvedAddresses });
const five = ["203.0.113.1", "203.0.113.3", "203.0.113.5", "203.0.113.7", "203.0.113.9"];

function withRules(...values: readonly string[]): Given {
  return [aStorageAccount({ networkAcls: { ipRules: ipRules(...values) } }), noPerimeter];
}

describe("smallestFix", () => {
  test("takes as many changes as it needs, and proves it", async () => {
    const unreachable = five.map((_, index) => `10.0.0.${index}`);
    const fix = await fixFor("NI105", withRules("198.51.100.1", ...unreachable));
    expect(fix).toMatchObject({ kind: "found", isMinimal: true });
    const taken = fix.kind === "found" ? fix.closing.changes.flatMap(({ edits }) => edits.map(({ old }) => old)) : [];
    expect(taken).toEqual(ipRules(...unreachable));
  });

  test("is what leaves the rest as it is, and names what takes fewer changes and shuts out more", async () => {
    const fix = await fixFor("NI104", withRules("198.51.100.1", ...five), approved);
    expect(fix).toMatchObject({ kind: "found", isMinimal: false });
    if (fix.kind === "none") return;
    expect(fix.closing.changes.flatMap(({ edits }) => edits.map(({ old }) => old))).toEqual(ipRules(...five));
    const [smaller] = fix.alternatives.map(({ changes }) =>
      changes.flatMap(({ edits }) => edits.map(({ path }) => path)),
    );
    expect(smaller).toEqual(["/properties/publicNetworkAccess"]);
  });

  test("says that nothing is proved where not every smaller set was tried, and takes no more than it needs", async () => {
    const fix = await fixFor("NI104", withRules("198.51.100.1", ...five), approved, { sets: 10, closings: 32 });
    expect(fix).toMatchObject({ kind: "found", isMinimal: false });
    expect(fix.kind === "found" && fix.closing.changes).toHaveLength(5);
  });

  test("names nothing that opens as much as it closes as what one may want instead", async () => {
    const wide = aPerimeter({ accessRules: [{ addressPrefixes: ["0.0.0.0/1", "128.0.0.0/1"] }] });
    const fix = await fixFor("NI101", [aStorageAccount(), wide]);
    expect(fix).toMatchObject({ kind: "found", alternatives: [] });
  });

  test("says that what would close it is worse, not that there was nothing", async () => {
    const wide = aPerimeter({ accessRules: [{ addressPrefixes: ["0.0.0.0/0"] }], service: vaultId });
    const wanted = policyWith({ perimeterTypes: new Set(["microsoft.storage/storageaccounts"]) });
    const because = "what would close it brings something worse";
    expect(await fixFor("NI702", [aStorageAccount(), wide], wanted)).toMatchObject({ kind: "none", because });
  });

  test("a change that has nothing to do with it does not move the answer", async () => {
    const [one, other] = await Promise.all(
      [withRules("0.0.0.0/1", "128.0.0.0/1"), withRules("203.0.113.9", "128.0.0.0/1", "0.0.0.0/1")].map((given) =>
        fixFor("NI102", given),
      ),
    );
    const valuesOf = (fix: typeof one) =>
      fix?.kind === "found" ? fix.closing.changes.flatMap(({ edits }) => edits.map(({ old }) => old)) : undefined;
    expect(valuesOf(one)).toEqual(ipRules("0.0.0.0/1", "128.0.0.0/1"));
    expect(valuesOf(other)).toEqual(valuesOf(one));
  });

  test.each([
    { when: "Azure is all that an account's list admits", rule: "NI103", ipRules: ["0.0.0.0"], want: "Disabled" },
    { when: "Azure is not all", rule: "NI103", ipRules: ["0.0.0.0", "203.0.113.7"], want: undefined },
    { when: "halves of the internet are all", rule: "NI102", ipRules: ["0.0.0.0/1", "128.0.0.0/1"], want: "Disabled" },
    { when: "nobody is approved", rule: "NI104", ipRules: ["203.0.113.7"], want: "Disabled", policy: approved },
  ])("$when: an empty list, which admits everybody, is no fix", async ({ rule, ipRules, want, policy }) => {
    const entries = ipRules.map((ipAddressOrRange) => ({ ipAddressOrRange }));
    const fix = await fixFor(rule, [aCosmosAccount({ ipRules: entries }), noPerimeter], policy);
    if (fix.kind === "none") throw new Error(fix.because);
    const all = [fix.closing, ...fix.alternatives];
    expect(all.flatMap(({ consequences }) => consequences.access.flatMap(({ gained }) => gained))).toEqual([]);
    expect(fix.closing.changes.flatMap(({ edits }) => edits.map((edit) => edit.new))).toEqual([want]);
  });

  test("what keeps wanted callers in is offered as well", async () => {
    const site = {
      name: "plant",
      natAddresses: readSet("198.51.100.7"),
      connection: "internet" as const,
      needs: [{ kind: "type" as const, type: "Microsoft.Storage/storageAccounts" }],
    };
    const given = [aStorageAccount({ networkAcls: { defaultAction: "Allow" } }), noPerimeter];
    const fix = await fixFor("NI101", given, policyWith({ sites: [site] }));
    if (fix.kind !== "found") throw new Error(fix.because);
    expect(fix.closing.changes).toHaveLength(1);
    expect(fix.closing.consequences.comes.map(({ rule }) => rule)).toEqual(["NI501"]);
    expect(fix.closing.consequences.access.flatMap(({ wanted }) => wanted)).toMatchObject([{ because: "site plant" }]);
    expect(fix.milder?.changes).toHaveLength(2);
    expect(fix.milder?.consequences.comes).toEqual([]);
    expect(fix.milder?.consequences.access.flatMap(({ wanted }) => wanted)).toEqual([]);
  });

  test.each([
    { connection: "internet" as const, kept: ["203.0.113.9"], goes: ["NI104"], lost: "203.0.113.0/29" },
    { connection: "private" as const, kept: [], goes: ["NI104", "NI505"], lost: "203.0.113.0/28" },
  ])("of a range the address of a site is kept where it comes to the firewall: $connection", async ({
    connection,
    kept,
    goes,
    lost,
  }) => {
    const site = {
      name: "office",
      natAddresses: readSet("203.0.113.9"),
      connection,
      needs: [{ kind: "type" as const, type: "Microsoft.Storage/storageAccounts" }],
    };
    const policy = policyWith({ approvedAddresses, sites: [site] });
    const fix = await fixFor("NI104", withRules("198.51.100.1", "203.0.113.0/28"), policy);
    if (fix.kind !== "found") throw new Error(fix.because);
    const { changes, consequences } = fix.closing;
    const added = changes.flatMap(({ edits }) => edits.flatMap((edit) => (edit.new === undefined ? [] : [edit.new])));
    expect(added).toEqual(ipRules(...kept));
    expect(consequences.goes.map(({ rule }) => rule)).toEqual(goes);
    expect(consequences.access.flatMap(({ wanted }) => wanted)).toEqual([]);
    const gone = consequences.access.flatMap((change) => change.lost);
    expect(gone.flatMap((one) => (one.kind === "addresses" ? one.addresses.toPrefixes() : []))[0]).toBe(lost);
  });

  describe("an app whose main site and SCM site let everybody in", () => {
    const accessOf = ({ consequences: { access } }: Closing) =>
      access.map(({ part, wanted, lost }) => [part, wanted.length, lost.length]);

    test.each([
      { rule: "NI101", part: "main site" },
      { rule: "NI108", part: "SCM site" },
    ])("$rule: who is shut out of one of them is told of it", async ({ rule, part }) => {
      const fix = await fixFor(rule, [anApp(untouched), noPerimeter], approved);
      if (fix.kind !== "found") throw new Error(fix.because);
      expect(accessOf(fix.closing)).toEqual([[part, 1, 1]]);
    });

    test("approved addresses are kept in at the main site", async () => {
      const fix = await fixFor("NI101", [anApp(untouched), noPerimeter], approved);
      expect(fix.kind === "found" && fix.milder && accessOf(fix.milder)).toEqual([["main site", 0, 1]]);
    });

    test("what shuts both alike is told of the app as a whole", async () => {
      const shared = { ...untouched, scmIpSecurityRestrictionsUseMain: true };
      const fix = await fixFor("NI101", [anApp(shared), noPerimeter], approved);
      if (fix.kind !== "found") throw new Error(fix.because);
      expect(accessOf(fix.closing)).toEqual([[undefined, 1, 1]]);
    });
  });

  test.each([
    { id: serviceBusId, tier: "Standard", caveats: [] },
    { id: eventHubsId, tier: "Basic", caveats: [expect.stringContaining("in the tier Basic, which has no firewall")] },
    { id: eventHubsId, tier: "Standard", caveats: [] },
  ])("what Azure refuses a namespace in its tier is said: $tier of $id", async ({ id, tier, caveats }) => {
    const given = [aNamespace(id, { defaultAction: "Allow" }, {}, tier), noPerimeter];
    const fix = await fixFor("NI101", given, approved);
    if (fix.kind !== "found") throw new Error(fix.because);
    const closings = [fix.closing, ...fix.alternatives, ...(fix.milder === undefined ? [] : [fix.milder])];
    for (const { changes } of closings) {
      expect([...new Set(changes.flatMap((change) => change.caveats ?? []))]).toEqual(caveats);
    }
  });

  test("whoever makes a subnet private is told who has no way out then", async () => {
    const fix = await fixFor("NI607", aSubnet({ properties: { defaultOutboundAccess: true } }));
    if (fix.kind !== "found") throw new Error(fix.because);
    const caveats = fix.closing.changes.flatMap((change) => change.caveats ?? []);
    expect(caveats.join()).toContain("no longer reach the internet");
  });

  describe("Deny without any rule, which a namespace takes for no firewall", () => {
    const empty: Given = [aNamespace(serviceBusId, { ipRules: [] }), noPerimeter];
    const site = {
      name: "plant",
      natAddresses: readSet("203.0.113.7"),
      connection: "internet" as const,
      needs: [{ kind: "type" as const, type: "Microsoft.ServiceBus/namespaces" }],
    };
    const withSite = policyWith({ approvedAddresses, sites: [site] });

    async function found(rule: string, given: Given, policy?: Policy) {
      const fix = await fixFor(rule, given, policy);
      if (fix.kind !== "found") throw new Error(fix.because);
      return fix;
    }

    function made({ changes }: Closing): readonly unknown[] {
      return changes.flatMap(({ edits }) => edits.map((edit) => edit.new));
    }

    function shutOut({ consequences: { access } }: Closing): number {
      return access.flatMap(({ wanted }) => wanted).length;
    }

    test.each(["NI107", "NI101"])("%s: whom the policy approves is listed, so that Deny counts", async (rule) => {
      const { closing } = await found(rule, empty, approved);
      expect(made(closing)).toEqual([{ action: "Allow", ipMask: "198.51.100.0/24" }]);
      expect(closing.consequences.goes.map((one) => one.rule)).toEqual(["NI101", "NI107"]);
      expect(closing.consequences.comes).toEqual([]);
      expect(shutOut(closing)).toBe(0);
    });

    test("sites and approved addresses are both kept in, where one of them alone would do", async () => {
      const { closing, milder } = await found("NI107", empty, withSite);
      expect(made(closing)).toEqual([{ action: "Allow", ipMask: "203.0.113.7" }]);
      if (milder === undefined) throw new Error("no milder fix");
      expect(made(milder)).toHaveLength(2);
      expect(shutOut(milder)).toBe(0);
    });

    test("Deny and its first rule come together, where the default is Allow", async () => {
      const open: Given = [aNamespace(serviceBusId, { defaultAction: "Allow", ipRules: [] }), noPerimeter];
      const { closing, milder } = await found("NI101", open, approved);
      expect(made(closing)).toEqual(["Disabled"]);
      if (milder === undefined) throw new Error("no milder fix");
      expect(made(milder)).toEqual(["Deny", { action: "Allow", ipMask: "198.51.100.0/24" }]);
      expect(shutOut(milder)).toBe(0);
    });

    test("nobody is approved: public access is switched off", async () => {
      expect(made((await found("NI107", empty)).closing)).toEqual(["Disabled"]);
    });
  });

  test("a rule without a remedy says why", async () => {
    const fix = await fixFor(
      "NI301",
      [aStorageAccount(), noPerimeter],
      policyWith({ privateTypes: ["Microsoft.Storage/storageAccounts"] }),
    );
    expect(fix).toMatchObject({ kind: "none", because: expect.stringContaining("no connection waits for approval") });
  });
});
