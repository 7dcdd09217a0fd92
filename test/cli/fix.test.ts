import { describe, expect, test } from "vitest";
import { fixSchema } from "../../lib/reports/fix-schema.ts";
import { folderOf } from "../readers/recording.ts";
import { aStorageAccount } from "../support/builders.ts";
import { cordon } from "./cordon.ts";

const subscription = "/subscriptions/e4e4e4e4-0000-4000-8000-000000000002";
const account = `${subscription}/resourceGroups/rg-erp-data/providers/Microsoft.Storage/storageAccounts/stcontosointerface`;

describe("cordon fix", () => {
  test("prints the change, the command line, and what else is different", async () => {
    const { stdout, code } = await cordon(["fix", "NI101:stcontosointerface"]);
    expect(code).toBe(0);
    for (const phrase of [
      "stcontosointerface  storage account in rg-erp-data",
      "NI101 high every address is admitted",
      "the smallest fix: 1 change (proved:",
      '/properties/networkAcls/defaultAction: "Allow" → "Deny"',
      "az storage account update --name stcontosointerface --default-action Deny \\\n      --resource-group rg-erp-data",
      "closes    NI101, NI201",
      "shuts out 203.0.113.0/28 (approvedAddresses): wanted at stcontosointerface",
      "with less harm: 2 changes",
      "no larger, if that suits better:",
      "Cordon changes nothing itself",
    ]) {
      expect(stdout).toContain(phrase);
    }
  });

  test("takes the whole id in any case, and answers in JSON by its schema", async () => {
    const { stdout, code } = await cordon(["fix", `NI101:${account}`, "--format", "json"]);
    expect(code).toBe(0);
    const parsed = fixSchema.parse(JSON.parse(stdout));
    expect(parsed.fix?.edits).toEqual([
      {
        resource: account,
        apiVersion: expect.any(String),
        path: "/properties/networkAcls/defaultAction",
        old: "Allow",
        new: "Deny",
      },
    ]);
  });

  test("says why there is none, and ends with 1", async () => {
    const { stdout, code } = await cordon(["fix", "NI404:snet-hsm"]);
    expect(code).toBe(1);
    expect(stdout).toContain("no fix    what else is in the subnet has to be moved to another one");
  });

  test("does not advise what brings something worse", async () => {
    const { stdout, code } = await cordon(["fix", "NI206:snet-cad"]);
    expect(code).toBe(1);
    expect(stdout).toContain("what would close it, and bring something worse (1 change):");
    expect(stdout).toContain("brings    NI202 high at stcontosodrawings");
  });

  test("takes the names on the way to a resource, also with a part", async () => {
    for (const [asked, id] of [
      ["NI601:vnet-erp-prod/snet-batch", "virtualnetworks/vnet-erp-prod/subnets/snet-batch"],
      ["ni501:rg-erp-data/sql-contoso-planning#site:plant-leipzig", "sql-contoso-planning#site:plant-leipzig"],
    ] as const) {
      const { stdout } = await cordon(["fix", asked, "--format", "json"]);
      expect(JSON.parse(stdout).id.toLowerCase()).toMatch(new RegExp(`${id}$`));
    }
  });

  test("tells of a waiver, and of a rule that finds nothing", async () => {
    const waived = await cordon(["fix", "NI106:stcontosoarchive"]);
    expect(waived.stdout).toContain("waived    by platform-team, until 2099-12-31");
    const passing = await cordon(["fix", "NI101:stcontosoarchive"]);
    expect(passing).toMatchObject({ code: 0, stdout: expect.stringContaining("nothing to fix") });
  });

  test.each([
    ["NI101:stcontosointerfac", "did you mean `NI101:stcontosointerface`?"],
    ["NI103:nobody", "those of NI103 are `NI103:cosmos-contoso-telemetry`, `NI103:sql-contoso-erp-prod`"],
    [
      "NI999:nobody",
      "no finding `NI999:nobody`; the id of a finding is that of its rule and the name of the resource: `NI",
    ],
    ["stcontosointerface", "is a resource; its findings are `NI101:stcontosointerface`, `NI201:stcontosointerface`\n"],
    ["STCONTOSOINTERFACE", "its findings are `NI101:stcontosointerface`"],
    ["sql-contoso-planning", "`NI501:sql-contoso-planning#site:plant-leipzig`, `NI601:snet-batch`"],
    ["stcontosointerfac", "did you mean `stcontosointerface`?"],
    ["vnet-erp-prod", "no finding `vnet-erp-prod`, that is a resource, and nothing was found of it"],
    ["nobody", "no finding `nobody`; the id of a finding is that of its rule and the name of the resource: `NI"],
  ])("refuses %s and says what could be meant", async (id, want) => {
    const { stderr, code } = await cordon(["fix", id]);
    expect(code).toBe(2);
    expect(stderr).toContain(want);
    expect(stderr.length).toBeLessThan(600);
  });

  test("proposes nothing while it is not known whether anything is wrong", async () => {
    const body = aStorageAccount({ networkAcls: { defaultAction: "Perhaps" } });
    const folder = await folderOf({ "account.json": body });
    const { stdout, code } = await cordon(["fix", "NI101:stdrawings", "--recording", folder]);
    expect(code).toBe(1);
    expect(stdout).toContain("unsure    nothing can be proposed before this is known");
  });
});
