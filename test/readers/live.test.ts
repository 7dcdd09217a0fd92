import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { HttpClient } from "@azure/core-rest-pipeline";
import { afterEach, beforeAll, beforeEach, describe, expect, onTestFinished, test } from "vitest";
import { audit } from "../../lib/audit.ts";
import { readPolicyFile } from "../../lib/config.ts";
import type { Finding } from "../../lib/model/finding.ts";
import type { Policy } from "../../lib/model/policy.ts";
import { type ArmConnection, clouds } from "../../lib/readers/arm-connection.ts";
import { type LiveScope, live } from "../../lib/readers/live.ts";
import { lacksText } from "../../lib/readers/permissions.ts";
import { recorded } from "../../lib/readers/recorded.ts";
import type { RecordedAnswer } from "../../lib/readers/recorded-answer.ts";
import { rightsOf } from "../../lib/readers/rights.ts";
import { scrub } from "../../lib/readers/scrub.ts";
import { loopbackClient } from "../../lib/readers/sign-in.ts";
import { type Scope, subscriptionsIn } from "../../lib/readers/subscriptions.ts";
import { rules } from "../../lib/rules/index.ts";
import { connectionTo } from "../support/arm-simulator/client.ts";
import type { Asked } from "../support/arm-simulator/faults.ts";
import { serviceTagsOfRecording, worldOfRecording } from "../support/arm-simulator/recorded-world.ts";
import type { SimulatorOptions } from "../support/arm-simulator/server.ts";
import { type ArmSimulator, simulateArm } from "../support/arm-simulator/server.ts";

const folder = "test/fixtures/contoso-erp";
const hub = "c0c0c0c0-0000-4000-8000-000000000001";
const erp = "e4e4e4e4-0000-4000-8000-000000000002";
const both: Scope = { kind: "subscriptions", ids: [hub, erp] };

let policy: Policy;
let expected: ReadonlyMap<string, Finding>;
let simulator: ArmSimulator;

beforeAll(async () => {
  policy = await readPolicyFile(`${folder}/cordon.policy.json`);
  expected = await findingsOf(audit(recorded([folder]), { policy, rules, today: "2026-11-20" }));
});
beforeEach(() => start());
afterEach(() => simulator.close());

async function start(options: SimulatorOptions = {}): Promise<void> {
  simulator = await simulateArm(worldOfRecording(folder), { serviceTags: serviceTagsOfRecording(folder), ...options });
}

async function restart(options: SimulatorOptions): Promise<void> {
  await simulator.close();
  await start(options);
}

async function auditLive(more: Partial<ArmConnection> = {}, wanted: Partial<LiveScope> = {}, asked: Scope = both) {
  const connection = await connectionTo(simulator, more);
  const scope = await subscriptionsIn(connection, asked);
  const reader = live(connection, { subscriptions: [hub, erp], scope, purpose: "scheduled", ...wanted });
  return audit(reader, { policy, rules, today: "2026-11-20" });
}

async function findingsOf(audited: ReturnType<typeof audit>): Promise<ReadonlyMap<string, Finding>> {
  const { evaluations } = await audited;
  return new Map(evaluations.flatMap(({ findings }) => findings).map((finding) => [finding.id, finding]));
}

/** What a finding says, without how things were spelled. */
function said(findings: ReadonlyMap<string, Finding>, isMeant: (finding: Finding) => boolean = () => true) {
  const lines = [...findings.values()].filter(isMeant).map(({ id, status, message, because }) => {
    return JSON.stringify([id, status, message, because]).toLowerCase();
  });
  return lines.sort();
}

const graph = ({ path }: Asked) => path.endsWith("/microsoft.resourcegraph/resources");

describe("a live audit", () => {
  test("finds what an audit of the recording finds", async () => {
    expect(said(await findingsOf(auditLive()))).toEqual(said(expected));
  });

  test("finds the same one subscription at a time", async () => {
    for (const subscription of [hub, erp]) {
      const isMine = ({ resource }: Finding) => resource.subscription === subscription;
      const found = await findingsOf(auditLive({}, { subscriptions: [subscription] }));
      expect(said(found, isMine)).toEqual(said(expected, isMine));
    }
  });

  test("takes no more requests than pages and the children that Resource Graph lacks", async () => {
    await restart({ pageSize: 40 });
    await auditLive();
    const queries = simulator.log.filter((line) => line.includes("/microsoft.resourcegraph/"));
    const twice = simulator.log.filter(
      (line, index) => line.startsWith("GET") && simulator.log.indexOf(line) !== index,
    );
    expect(queries.length).toBeLessThanOrEqual(12);
    expect(twice.filter((line) => !line.endsWith("/permissions"))).toEqual([]);
  });

  test("reads of an app the one child that holds its lists", async () => {
    await auditLive();
    const asked = simulator.log.filter((line) => line.includes("/config"));
    const names = asked.map((line) => /^GET .*\/microsoft\.web\/(.*)$/.exec(line)?.[1]);
    expect(names.sort()).toEqual([
      "sites/app-contoso-portal/config/web",
      "sites/app-contoso-portal/slots/staging/config/web",
      "sites/app-contoso-reports/config/web",
      "sites/func-contoso-nightly/config/web",
    ]);
  });

  test("finds the same where ids come in another case", async () => {
    simulator.faults.add({ when: ({ method }) => method === "GET", what: { kind: "upperCase" } });
    expect(said(await findingsOf(auditLive()))).toEqual(said(expected));
  });

  test("finds the same through a storm of 429", async () => {
    await restart({ serviceTags: serviceTagsOfRecording(folder), reads: { bucket: 10, refillPerSecond: 60 } });
    expect(said(await findingsOf(auditLive()))).toEqual(said(expected));
    expect(simulator.log.length).toBeGreaterThan(60);
  }, 30_000);
});

describe("a delegation that Cordon does not know", () => {
  const strange = "Contoso.Things/machines";

  const finding = (id: string) => id.startsWith("NI403:") && id.endsWith("-strange/subnets/snet");

  /** The network of a subnet in which nothing is, delegated to it. */
  async function restartWithSubnet(options: SimulatorOptions): Promise<void> {
    await restart({ serviceTags: serviceTagsOfRecording(folder), pageSize: 40, ...options });
    const [network] = simulator.world.ofType("microsoft.network/virtualnetworks", new Set([erp]));
    if (network === undefined) throw new Error("the recording has changed");
    const id = `${network.id}-strange`;
    const delegations = [{ name: "d", properties: { serviceName: strange } }];
    const subnet = { id: `${id}/subnets/snet`, properties: { addressPrefix: "10.99.0.0/24", delegations } };
    const properties = { addressSpace: { addressPrefixes: ["10.99.0.0/16"] }, subnets: [subnet] };
    simulator.world.put({ ...network, id, location: "West Europe", properties });
  }

  async function reasonsIn(audited: ReturnType<typeof audit>): Promise<readonly string[]> {
    return [...(await findingsOf(audited)).values()].flatMap(({ id, because }) => (finding(id) ? because : []));
  }

  async function reasonsWhere(options: SimulatorOptions): Promise<readonly string[]> {
    await restartWithSubnet(options);
    return reasonsIn(auditLive());
  }

  const listed = () => simulator.log.filter((line) => line.endsWith("/locations/westeurope/availabledelegations"));

  test("is looked for in what Azure offers, page by page", async () => {
    const others = Array.from({ length: 50 }, (_, item) => `Contoso.Other/things${item}`);
    const because = await reasonsWhere({ delegations: [...others, strange] });
    expect(because).toEqual([
      `Azure offers \`${strange}\` in westeurope, and Cordon does not know what goes into such a subnet`,
    ]);
    expect(listed()).toHaveLength(2);
  });

  test("may be one that Azure no longer offers", async () => {
    expect((await reasonsWhere({})).join()).toContain(`Azure does not offer \`${strange}\` in westeurope`);
  });

  test("is unknown where Cordon may not look", async () => {
    const because = await reasonsWhere({
      actions: new Map([[erp, ["Microsoft.Network/virtualNetworks/*", "Microsoft.Authorization/*"]]]),
    });
    expect(because.join()).toContain("403 AuthorizationFailed reading");
  });

  test("is recorded with what Azure offers, and scrubbed without losing it", async () => {
    await restartWithSubnet({ delegations: [strange] });
    const answers: RecordedAnswer[] = [];
    await auditLive({ onAnswer: (answer) => answers.push(answer) });
    for (const recording of [answers, scrub(answers, new Uint8Array([7]))]) {
      const file = join(mkdtempSync(join(tmpdir(), "cordon-live-")), "answers.ndjson");
      onTestFinished(() => rmSync(dirname(file), { recursive: true }));
      writeFileSync(file, recording.map((answer) => `${JSON.stringify(answer)}\n`).join(""));
      const { evaluations } = await audit(recorded([file]), { policy, rules, today: "2026-11-20" });
      const because = evaluations.flatMap(({ findings }) => findings.flatMap((one) => one.because));
      expect(because.filter((text) => text.startsWith(`Azure offers \`${strange}\` in westeurope`))).toHaveLength(1);
    }
  });

  test("is what makes Cordon ask: what it knows needs no list", async () => {
    await auditLive();
    expect(listed()).toEqual([]);
  });
});

describe("a gap", () => {
  const rulesOfServers = ({ path }: Asked) => /\/servers\/[^/]+\/firewallrules$/.test(path);

  test.each([
    { what: "403 on a child type", fault: { kind: "status", status: 403, code: "AuthorizationFailed" } },
    { what: "404 between list and get", fault: { kind: "status", status: 404, code: "ParentResourceNotFound" } },
    {
      what: "an api-version that Azure does not know",
      fault: { kind: "status", status: 400, code: "NoRegisteredProviderFound" },
    },
  ] as const)("$what: the services concerned are undetermined, with the reason; the rest is as ever", async ({
    fault,
  }) => {
    simulator.faults.add({ when: rulesOfServers, what: fault });
    const audited = await auditLive();
    const found = await findingsOf(Promise.resolve(audited));
    const isServer = ({ resource }: Finding) => resource.type === "microsoft.sql/servers";
    const isOther = (finding: Finding) => !isServer(finding) && finding.resource.type.startsWith("microsoft.storage/");
    expect(said(found, isOther)).toEqual(said(expected, isOther));
    const servers = [...found.values()].filter((finding) => isServer(finding) && finding.rule === "NI102");
    expect(servers.map(({ status }) => status)).toContain("undetermined");
    expect(servers.flatMap(({ because }) => because).join()).toContain(`${fault.status} ${fault.code}`);
    expect(audited.gaps.join()).toContain(`${fault.status} ${fault.code}`);
  });

  test("a truncated answer of Resource Graph proves nothing absent", async () => {
    simulator.faults.add({ when: graph, what: { kind: "truncated" } });
    const { evaluations } = await auditLive();
    const because = evaluations.flatMap(({ findings }) => findings.flatMap((finding) => finding.because));
    expect(because.join()).toContain("an answer of Resource Graph was truncated");
  });

  test("what the caller may not read is refused, although Resource Graph only leaves it out", async () => {
    await restart({
      actions: new Map([
        [
          erp,
          [
            "Microsoft.Authorization/*/read",
            "Microsoft.Resources/*",
            "Microsoft.Storage/*/read",
            "Microsoft.Network/virtualNetworks/*",
          ],
        ],
      ]),
    });
    const { evaluations, gaps } = await auditLive();
    const because = evaluations.flatMap(({ findings }) => findings.flatMap((finding) => finding.because));
    const reason = `Cordon lacks the right \`Microsoft.Network/networkSecurityGroups/read\` in subscription \`${erp}\``;
    expect(because).toContain(reason);
    expect(gaps).toContain(reason);
  });

  test("what is missing of the rights is told in a sentence, and what it takes besides lists", async () => {
    const actions = ["*/read", "Microsoft.Network/virtualNetworks/*"];
    await restart({ actions: new Map([[erp, actions]]) });
    const lacking = "Microsoft.Network/networkInterfaces/effectiveRouteTable/action";
    const told: unknown[] = [];
    const connection = await connectionTo(simulator);
    const scope = await subscriptionsIn(connection, both);
    const rightsIn = rightsOf(connection, (missing) => told.push(missing));
    const reader = live(connection, { subscriptions: [hub, erp], scope, purpose: "scheduled", rightsIn });
    const { gaps, evaluations } = await audit(reader, { policy, rules, today: "2026-11-20" });
    expect(told).toEqual([{ subscription: erp, actions: [lacking] }]);
    expect(gaps).toContain(lacksText({ subscription: erp, actions: [lacking] }));
    expect(gaps).toContain(`Cordon lacks the right \`${lacking}\` in subscription \`${erp}\``);
    expect(evaluations.length).toBeGreaterThan(90);
    expect(simulator.log.filter((line) => line.endsWith("/permissions"))).toHaveLength(2);
  });

  test("a subscription in which nothing may be read is told, and nothing of it is taken for gone", async () => {
    await restart({ actions: new Map([[erp, ["Microsoft.Authorization/*/read", "Microsoft.Resources/*"]]]) });
    const { gaps, evaluations } = await auditLive();
    expect(gaps.join()).toContain(`Cordon may read nothing in subscription \`${erp}\``);
    const known = new Set([...expected.values()].filter(({ status }) => status === "fail").map(({ id }) => id));
    const failed = evaluations.flatMap(({ findings }) => findings).filter(({ status }) => status === "fail");
    expect(failed.filter(({ id }) => !known.has(id)).map(({ id }) => id)).toEqual([]);
    expect(evaluations.some(({ subject }) => subject.id.subscription === hub)).toBe(true);
  });

  test("nothing counts as absent where Cordon may not see what it may read", async () => {
    await restart({ actions: new Map([[erp, ["Microsoft.Network/*/read", "Microsoft.Resources/*"]]]) });
    const { evaluations } = await auditLive();
    const findings = evaluations.flatMap((evaluation) => evaluation.findings);
    const dangling = findings.filter(({ rule, status }) => rule === "NI308" && status === "fail");
    const before = [...expected.values()].filter(({ rule }) => rule === "NI308");
    expect(dangling.length).toBeLessThanOrEqual(before.length);
    expect(findings.flatMap(({ because }) => because).join()).toContain("Microsoft.Authorization/permissions/read");
  });

  test("a right that another subscription lacks hides nothing", async () => {
    const actions = ["*/read", "Microsoft.Network/*/action"].filter((one) => one !== "*/read");
    await restart({
      actions: new Map([
        [erp, [...actions, "Microsoft.Authorization/*/read", "Microsoft.Network/*/read", "Microsoft.Resources/*"]],
      ]),
    });
    const { evaluations } = await auditLive({}, { subscriptions: [hub] });
    const gone = evaluations.flatMap(({ findings }) => findings).filter(({ status }) => status === "fail");
    const known = new Set(expected.keys());
    expect(gone.filter(({ id }) => !known.has(id)).map(({ id }) => id)).toEqual([]);
  });

  test("a subscription that cannot be read is told", async () => {
    await restart({ visible: new Set([erp]) });
    const { gaps, evaluations } = await auditLive();
    expect(gaps).toContain(`subscription \`${hub}\` is not there, or Cordon may not see it`);
    expect(evaluations.some(({ subject }) => subject.id.subscription === erp)).toBe(true);
  });

  test("a disabled subscription is told", async () => {
    await restart({ states: new Map([[hub, "Disabled"]]) });
    expect((await auditLive()).gaps).toContain(`subscription \`${hub}\` is in the state Disabled`);
  });

  test("what fails for a while makes the audit fail, and on the last try it is unreadable", async () => {
    simulator.faults.add({ when: rulesOfServers, what: { kind: "status", status: 503, code: "ServerBusy" } });
    await expect(auditLive()).rejects.toMatchObject({ code: "ERR_ARM_UNAVAILABLE" });
    expect((await auditLive({ isLastTry: true })).gaps.join()).toContain("503 ServerBusy");
  });

  test("a connection that is always cut is unreadable on the last try", async () => {
    simulator.faults.add({ when: rulesOfServers, what: { kind: "cut" } });
    await expect(auditLive()).rejects.toMatchObject({ code: "ERR_ARM_UNAVAILABLE" });
    expect((await auditLive({ isLastTry: true })).gaps.join()).toContain("NoAnswer");
  });

  test("401 stops, on the last try as well", async () => {
    simulator.faults.add({
      when: rulesOfServers,
      what: { kind: "status", status: 401, code: "ExpiredAuthenticationToken" },
    });
    await expect(auditLive({ isLastTry: true })).rejects.toMatchObject({ code: "ERR_ARM_UNAUTHENTICATED" });
  });

  test("the time is used up: the audit fails, and says so", async () => {
    simulator.faults.add({ when: rulesOfServers, what: { kind: "slow", milliseconds: 5000 } });
    const signal = AbortSignal.timeout(500);
    await expect(auditLive({ signal, isLastTry: true })).rejects.toMatchObject({ code: "ERR_ARM_TIME" });
  });
});

describe("the scope", () => {
  test("may be a management group", async () => {
    await restart({ managementGroups: new Map([["contoso", [hub, erp]]]) });
    const scope = await subscriptionsIn(await connectionTo(simulator), { kind: "managementGroup", name: "contoso" });
    expect(scope.readable).toEqual([hub, erp]);
  });

  test("that is not there is an error", async () => {
    const scope = subscriptionsIn(await connectionTo(simulator), { kind: "managementGroup", name: "nobody" });
    await expect(scope).rejects.toMatchObject({
      code: "ERR_SCOPE_UNREADABLE",
      message: expect.stringContaining("Microsoft.Management/managementGroups/descendants/read"),
    });
  });

  test("tells a subscription once, however it is written", async () => {
    const ids = [erp, erp.toUpperCase(), "00000000-0000-4000-8000-000000000009"];
    const scope = await subscriptionsIn(await connectionTo(simulator), { kind: "subscriptions", ids });
    expect(scope.readable).toEqual([erp]);
    expect([...scope.unreadable.keys()]).toEqual(["00000000-0000-4000-8000-000000000009"]);
  });
});

test.each(["public", "usgov", "china"] as const)("every request goes to the cloud that is set: %s", async (cloud) => {
  const { endpoint } = clouds[cloud];
  await restart({ serviceTags: serviceTagsOfRecording(folder), origin: endpoint, pageSize: 20 });
  const scopes = new Set<string>();
  const asked = new Set<string>();
  const { token } = simulator;
  const credential = {
    getToken: async (wanted: string | string[]) => {
      for (const one of [wanted].flat()) scopes.add(one);
      return { token, expiresOnTimestamp: Date.now() + 3_600_000 };
    },
  };
  const loopback = await loopbackClient(simulator.address);
  const httpClient: HttpClient = {
    sendRequest: (request) => {
      asked.add(new URL(request.url).origin);
      return loopback.sendRequest(request);
    },
  };
  expect(said(await findingsOf(auditLive({ cloud, credential, httpClient })))).toEqual(said(expected));
  expect([[...scopes], [...asked]]).toEqual([[`${endpoint}/.default`], [endpoint]]);
});

test("the token goes nowhere but to Azure: a link to another host is refused", async () => {
  await restart({ origin: "https://management.azure.example", pageSize: 2 });
  await expect(auditLive()).rejects.toMatchObject({ code: "ERR_ARM_LINK" });
});
