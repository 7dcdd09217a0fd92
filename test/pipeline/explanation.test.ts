import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Expectations } from "../../lib/analyze.ts";
import { auditSnapshot } from "../../lib/audit.ts";
import { auditChanges, auditSubscription } from "../../lib/audit-run.ts";
import { compose, exampleRecording as folder } from "../../lib/compose.ts";
import { closingRecordOf } from "../../lib/fix/closing-record.ts";
import { type AuditedEstate, auditedEstate, findingsOf } from "../../lib/fix/estate.ts";
import { fixOf } from "../../lib/fix.ts";
import type { FindingEvent, OutgoingEvent } from "../../lib/model/finding-event.ts";
import type { ChangeMessage } from "../../lib/model/message.ts";
import { SnapshotBuilder } from "../../lib/model/snapshot-builder.ts";
import { fail } from "../../lib/model/verdict.ts";
import type { App } from "../../lib/pipeline/app.ts";
import { live } from "../../lib/readers/live.ts";
import type { Reader } from "../../lib/readers/reader.ts";
import { recorded as recordedIn } from "../../lib/readers/recorded.ts";
import { rememberedTags } from "../../lib/readers/remembered-tags.ts";
import { subscriptionsIn } from "../../lib/readers/subscriptions.ts";
import { eventJsonSchemas } from "../../lib/reports/event-schema.ts";
import { rules } from "../../lib/rules/index.ts";
import { publicNetworkAccessEnabled } from "../../lib/rules/public-network-access-enabled.ts";
import type { Rule } from "../../lib/rules/rule.ts";
import { tableChangeIndex } from "../../lib/state/table-change-index.ts";
import { tableReadingLog } from "../../lib/state/table-reading-log.ts";
import { tableStore } from "../../lib/state/table-store.ts";
import { connectionTo } from "../support/arm-simulator/client.ts";
import { serviceTagsOfRecording, worldOfRecording } from "../support/arm-simulator/recorded-world.ts";
import { type ArmSimulator, simulateArm } from "../support/arm-simulator/server.ts";
import { aChange, answerAsked, ticking } from "../support/estate.ts";
import { memoryTable } from "../support/memory-table.ts";
import { today } from "../support/world.ts";

const hub = "c0c0c0c0-0000-4000-8000-000000000001";
const erp = "e4e4e4e4-0000-4000-8000-000000000002";
const both = { kind: "subscriptions", ids: [hub, erp] } as const;

let simulator: ArmSimulator;
let recorded: { readonly reader: Reader; readonly expectations: Expectations };

beforeEach(async () => {
  simulator = await simulateArm(worldOfRecording(folder), { serviceTags: serviceTagsOfRecording(folder) });
  recorded = await compose({ recordings: [folder], policyFile: undefined, rules, today, folder: "/" });
});
afterEach(() => simulator.close());

/** The bundled recording as a live estate that was audited as a whole, and what is told of it. */
async function anAuditedApp(ruleSet: readonly Rule[] = rules, reader?: Reader) {
  const table = memoryTable();
  const asked: ChangeMessage[] = [];
  const events: OutgoingEvent[] = [];
  const lines: string[] = [];
  const tags = rememberedTags();
  const app: App = {
    readerFor: async (subscription, { purpose, isLastTry }) => {
      if (reader !== undefined) return reader;
      const connection = await connectionTo(simulator, { isLastTry });
      const scope = await subscriptionsIn(connection, both);
      return live(connection, { subscriptions: [subscription], scope, purpose, tags });
    },
    expectations: { ...recorded.expectations, rules: ruleSet },
    homeOfSites: hub,
    scope: [hub, erp],
    store: tableStore(table),
    index: tableChangeIndex(table),
    readingLog: tableReadingLog(table),
    changes: { put: async (message) => void asked.push(message) },
    sinks: [{ name: "test", send: async (event) => void events.push(event) }],
    now: ticking(),
    log: (line) => void lines.push(line),
  };
  for (const subscriptionId of [hub, erp]) {
    await auditSubscription(app, { runId: "run-1", subscriptionId, isLastDelivery: false });
  }
  const isOfFinding = (event: OutgoingEvent): event is FindingEvent => "findingId" in event.data;
  const told = () => events.splice(0).filter(isOfFinding);
  const follow = async (ids: readonly string[]) => {
    await auditChanges(app, aChange(ids));
    await answerAsked(app, asked);
    return told();
  };
  return { told, follow, lines };
}

/** What is told of a resource when it comes back after it was gone. */
async function toldOfComingBack(name: string, follow: (ids: readonly string[]) => Promise<readonly FindingEvent[]>) {
  const id = simulator.world.all.find((one) => one.id.endsWith(`/${name}`))?.id ?? "";
  const within = simulator.world.all.filter((one) => `${one.id}/`.toLowerCase().startsWith(`${id}/`.toLowerCase()));
  expect(within, name).not.toHaveLength(0);
  simulator.world.delete(id);
  await follow([id]);
  for (const body of within) simulator.world.put(body);
  return await follow(within.map((one) => one.id));
}

/** What `cordon fix` says on the whole of the recording. */
async function fixOnAll(id: string, estate: AuditedEstate) {
  const finding = findingsOf(estate).find((one) => one.id === id);
  if (finding === undefined) throw new Error(`the recording has no finding \`${id}\``);
  const { fix, bodies } = await fixOf(finding, estate, recorded.reader);
  return fix.kind === "none" ? undefined : { ...closingRecordOf(fix.closing, bodies), isMinimal: fix.isMinimal };
}

describe("what is told of a finding besides", () => {
  test("after a change, the fix is the one that `cordon fix` finds, with all that it changes", async () => {
    const { follow } = await anAuditedApp();
    const { snapshot } = await auditSnapshot(recorded.reader, recorded.expectations);
    const estate = auditedEstate(snapshot, recorded.expectations);
    const isValid = new Ajv2020({ strict: false }).compile(eventJsonSchemas.get("finding-event.schema.json") ?? {});
    const withFix: string[] = [];
    for (const name of ["kv-contoso-erp", "stcontosointerface", "pe-evh-contoso-machines"]) {
      for (const event of await toldOfComingBack(name, follow)) {
        expect([event.subject, isValid(event), isValid.errors]).toEqual([event.subject, true, null]);
        const { findingId, rule, fix } = event.data;
        if (fix === undefined) continue;
        const whole = await fixOnAll(findingId, estate);
        expect(fix, findingId).toEqual({ ...whole, isMinimal: whole?.isMinimal === true && fix.isMinimal });
        withFix.push(`${rule} ${event.subject.split("/").at(-1)}`);
      }
    }
    expect(withFix.sort()).toEqual([
      "NI101 stcontosointerface",
      "NI102 kv-contoso-erp",
      "NI104 kv-contoso-erp",
      "NI106 kv-contoso-erp",
      "NI201 kv-contoso-erp",
      "NI201 stcontosointerface",
      "NI306 pe-evh-contoso-machines",
    ]);
  }, 120_000);

  test("so it is where a recording stands for Azure, which brings everything at once", async () => {
    const copy = await mkdtemp(join(tmpdir(), "cordon-explanation-"));
    try {
      await cp(folder, copy, { recursive: true });
      const { told, follow } = await anAuditedApp(rules, recordedIn([copy]));
      told();
      const file = join(copy, "erp-storage-accounts-page-1.json");
      const text = await readFile(file, "utf8");
      const closed = /("stcontosoarchive"[\s\S]*?"publicNetworkAccess":\s*)"Disabled"/;
      await writeFile(file, text.replace(closed, '$1"Enabled"'));
      const id = simulator.world.all.find((one) => one.id.endsWith("/storageAccounts/stcontosoarchive"))?.id ?? "";
      const [event, ...others] = await follow([id]);
      expect(others).toEqual([]);
      expect(event?.data).toMatchObject({ rule: "NI101", fix: { changes: 1, isMinimal: true } });
      expect(event?.data.fix?.commands).toEqual([expect.stringContaining("--default-action Deny")]);
    } finally {
      await rm(copy, { recursive: true });
    }
  }, 60_000);

  test("what the fix would touch was not all looked at: none is told", async () => {
    const { follow } = await anAuditedApp();
    // the subnet's endpoint is needed by accounts that did not change
    const events = await toldOfComingBack("vnet-engineering", follow);
    const endpoint = events.find(({ data, subject }) => data.rule === "NI206" && subject.endsWith("/snet-cad"));
    expect(endpoint?.data.status).toBe("fail");
    expect(endpoint?.data).not.toHaveProperty("fix");
  }, 60_000);

  test("a fix that cannot be looked for keeps no finding back", async () => {
    const broken: Rule = {
      ...publicNetworkAccessEnabled,
      on: "service",
      check({ snapshot }) {
        if (!(snapshot instanceof SnapshotBuilder)) throw new Error("out of order");
        return fail("open", []);
      },
    };
    const { follow, lines } = await anAuditedApp([broken]);
    const events = await toldOfComingBack("stcontosointerface", follow);
    expect(events.map(({ data: { rule, fix } }) => [rule, fix])).toEqual([["NI101", undefined]]);
    expect(lines.filter((line) => line.startsWith("cannot look for a fix of `NI101:"))).toHaveLength(1);
  }, 60_000);

  test("an example of who gets in is told after every audit, a fix only after a change, of what is resolved neither", async () => {
    const { told, follow } = await anAuditedApp();
    const first = told();
    const open = first.find(({ subject, data }) => data.rule === "NI101" && subject.endsWith("/stcontosointerface"));
    expect(open?.data.witness).toMatchObject({ source: "1.0.0.0", protocol: "TCP", port: 443 });
    expect(open?.data.witness?.steps.map(({ says }) => says)).toEqual([
      "public access is on, so the service's own firewall decides",
      "the firewall admits the address",
    ]);
    expect(first.filter(({ data }) => data.fix !== undefined)).toEqual([]);
    const shown = new Set(first.flatMap(({ data }) => (data.witness === undefined ? [] : data.rule)));
    const rulesShown = [
      "NI101",
      "NI102",
      "NI103",
      "NI104",
      "NI108",
      "NI109",
      "NI201",
      "NI301",
      "NI303",
      "NI503",
      "NI701",
    ];
    expect([...shown].sort()).toEqual(rulesShown);
    const scm = first.find(({ subject, data }) => data.rule === "NI108" && subject.endsWith("/func-contoso-nightly"));
    expect(scm?.data.witness?.steps.at(-1)?.says).toBe("the access list of the SCM site admits the address");
    const account = simulator.world.all.find(({ id }) => id.endsWith("/stcontosointerface"));
    simulator.world.delete(account?.id ?? "");
    const resolved = (await follow([account?.id ?? ""])).filter(({ data }) => data.resolution !== undefined);
    expect(resolved.length).toBeGreaterThan(1);
    for (const { data } of resolved)
      for (const one of ["witness", "fix", "reach"]) expect(data).not.toHaveProperty(one);
  }, 60_000);
});
