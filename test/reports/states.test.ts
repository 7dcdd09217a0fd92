import { describe, expect, test } from "vitest";
import { outcomeOf } from "../../lib/cli/exit-code.ts";
import { Glob } from "../../lib/model/glob.ts";
import { reportOf } from "../../lib/reports/report.ts";
import type { Report } from "../../lib/reports/schema.ts";
import { toText } from "../../lib/reports/text.ts";
import { rules } from "../../lib/rules/index.ts";
import {
  aNetwork,
  aNetworkRule,
  aPlacedService,
  aSecurityGroup,
  aStorageAccount,
  type Given,
  group,
  noPerimeter,
  subnetId,
} from "../support/builders.ts";
import { auditOf } from "../support/world.ts";

const environment = { id: `${group}/providers/Microsoft.Web/hostingEnvironments/ase-erp` };
const inEnvironment = { sku: "IsolatedV2", virtualNetworkSubnetId: subnetId, hostingEnvironmentProfile: environment };
const app = aPlacedService("Microsoft.Web/sites", inEnvironment, "app-erp");
const plan = aPlacedService("Microsoft.Web/serverfarms", { network: { virtualNetworkSubnetId: subnetId } }, "plan-erp");
const containers = aPlacedService("Microsoft.ContainerInstance/containerGroups", {}, "aci-erp");
const lake = {
  id: `${group}/providers/Microsoft.DataLakeStore/accounts/adlserp`,
  type: "Microsoft.DataLakeStore/accounts",
  properties: { firewallState: "Disabled" },
};
const delegated = aNetwork([{ delegations: ["Microsoft.Web/serverFarms"] }]);

async function reportFor(given: Given): Promise<Report> {
  return reportOf(await auditOf([given, noPerimeter, aSecurityGroup()]), rules);
}

function write(report: Report): string {
  return toText(report, { width: 120, colour: false });
}

describe("a service of which only the place is known", () => {
  test("is listed as placed, with its subnets, its type as Azure spells it, and no reach", async () => {
    const { services, summary } = await reportFor([delegated, { ...app, id: app.id.toLowerCase() }, containers]);
    expect(services).toEqual([
      {
        id: containers.id,
        type: "Microsoft.ContainerInstance/containerGroups",
        state: "placed",
        subnets: [],
        findings: [],
      },
      { id: app.id.toLowerCase(), type: "Microsoft.Web/sites", state: "placed", subnets: [subnetId], findings: [] },
    ]);
    expect(summary).toMatchObject({ services: 2, states: { audited: 0, placed: 2, retired: 0 } });
    expect(Object.values(summary.widest).every((count) => count === 0)).toBe(true);
  });

  test("does not say in what subnets it is where its body is thin", async () => {
    const { id, type } = containers;
    const { services } = await reportFor({ id, type });
    expect(services).toEqual([
      { id, type: "Microsoft.ContainerInstance/containerGroups", state: "placed", findings: [] },
    ]);
  });

  test("is never among those without findings", async () => {
    const text = write(await reportFor([delegated, app, containers, aStorageAccount()]));
    expect(text).toContain(
      "2 services placed, boundary not audited\n  aci-erp  container group in rg: in no subnet\n" +
        "  app-erp  App Service app in rg: in snet-app\n",
    );
    expect(text).toContain("1 service without findings\n  stdrawings");
    expect(text).toContain("not audited   2 placed in subnets: who reaches them is not known\n");
  });

  test("is not the plan that apps run on, nor does a finding on its subnet concern that", async () => {
    const { services, findings, summary } = await reportFor([aNetwork(), app, { ...plan, sku: { tier: "PremiumV3" } }]);
    expect(services.map(({ id }) => id)).toEqual([app.id]);
    expect(summary).toMatchObject({ services: 1, states: { placed: 1 } });
    expect(findings).toMatchObject([{ rule: "NI401", services: [app.id] }]);
    expect(findings[0]?.message).toContain("for plan-erp and app-erp");
  });

  test("has the findings on its subnet", async () => {
    const report = await reportFor([aNetwork(), app]);
    const id = `NI401:${subnetId.toLowerCase()}`;
    expect(report.findings).toMatchObject([{ id, services: [app.id] }]);
    expect(report.services).toMatchObject([{ findings: [id] }]);
    expect(write(report)).toContain("App Service app in rg: in snet-app; see snet-app under Network");
  });

  test("counts as a service, and is kept by a filter", async () => {
    const audit = await auditOf([delegated, app, noPerimeter, aSecurityGroup()]);
    const code = (text: string) => {
      const services = [new Glob(text)];
      const report = reportOf(audit, rules, { services, hasAllRules: true });
      return outcomeOf(report, { failOn: "low", isStrict: false, services }).code;
    };
    expect(code("*/app-erp")).toBe(0);
    expect(code("*/other")).toBe(2);
  });
});

describe("a service that Azure has retired", () => {
  const opened = aNetwork([{ nsg: undefined, serviceEndpoints: ["Microsoft.AzureActiveDirectory"] }]);

  test("has no reach and no findings", async () => {
    const rule = { id: `${lake.id}/virtualNetworkRules/rule`, properties: { subnetId } };
    const report = await reportFor([lake, rule, opened]);
    expect(report.services).toEqual([
      { id: lake.id, type: "Microsoft.DataLakeStore/accounts", state: "retired", findings: [] },
    ]);
    expect(report.findings.flatMap(({ services }) => services)).toEqual([]);
    expect(report.summary.states).toEqual({ audited: 0, placed: 0, retired: 1 });
  });

  test("is listed as retired", async () => {
    const account = aStorageAccount({ networkAcls: { virtualNetworkRules: [aNetworkRule()] } });
    const text = write(await reportFor([lake, account, aNetwork([{ serviceEndpoints: ["Microsoft.Storage"] }])]));
    expect(text).toMatch(/1 service retired\n {2}adlserp {2}.* in rg: Azure ended the service on 2024-02-29/);
    expect(text).toContain("1 service without findings\n  stdrawings");
  });

  const ofMariaDb = "MariaDB server in rg: Azure ended the service on 2025-09-19, and it answers nobody";

  test.each([
    { type: "Microsoft.DBforMariaDB/servers", says: ofMariaDb },
    { type: "Microsoft.DBforMySQL/servers", says: "on 2024-09-16; as long as it is there it may answer" },
    { type: "Microsoft.DBforPostgreSQL/servers", says: "on 2025-03-28; as long as it is there it may answer" },
  ])("says of $type whether what is left of it answers", async ({ type, says }) => {
    const server = {
      id: `${group}/providers/${type}/db-erp`,
      type,
      properties: { publicNetworkAccess: "Enabled", privateEndpointConnections: [] },
    };
    const report = await reportFor([server]);
    expect(report.services).toEqual([{ id: server.id, type, state: "retired", findings: [] }]);
    expect(toText(report, { width: 200, colour: false })).toContain(says);
  });
});
