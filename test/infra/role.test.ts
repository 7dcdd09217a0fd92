import { afterAll, beforeAll, describe, expect, test } from "vitest";
import role from "../../infra/cordon-reader.role.json" with { type: "json" };
import { audit } from "../../lib/audit.ts";
import { readTypes } from "../../lib/catalog/api-versions.ts";
import { requiredActions } from "../../lib/catalog/required-actions.ts";
import { liveReader, liveReaders } from "../../lib/compose-live.ts";
import { Policy } from "../../lib/model/policy.ts";
import { fold, ResourceId } from "../../lib/model/resource-id.ts";
import { isGranted } from "../../lib/readers/permissions.ts";
import { readerRole } from "../../lib/reports/reader-role.ts";
import { rules } from "../../lib/rules/index.ts";
import { serviceTagsOfRecording, worldOfRecording } from "../support/arm-simulator/recorded-world.ts";
import { type ArmSimulator, simulateArm } from "../support/arm-simulator/server.ts";
import { typeOf } from "../support/arm-simulator/world.ts";
import type { Resource } from "../support/bicep/reference.ts";
import { deployed, type Scenario, scenarios } from "./scenarios.ts";
import { templates } from "./templates.ts";

const folder = "test/fixtures/contoso-erp";
const hub = "c0c0c0c0-0000-4000-8000-000000000001";
const erp = "e4e4e4e4-0000-4000-8000-000000000002";

interface Definition {
  readonly id: string;
  readonly name: string;
  readonly actions: readonly string[];
}

function definitionsIn(scenario: Scenario): readonly Definition[] {
  return ofType("Microsoft.Authorization/roleDefinitions", scenario).map(({ id, body }) => {
    const { roleName, permissions } = Object(body.properties);
    const [{ actions, dataActions = [] }, ...others] = permissions;
    if (others.length > 0 || dataActions.length > 0) throw new Error(`${roleName} has more than actions`);
    return { id, name: roleName, actions };
  });
}

function ofType(type: string, scenario: Scenario): readonly Resource[] {
  return deployed(templates, scenario).resources.filter((one) => one.type === type && !one.isExisting);
}

describe.each(
  scenarios.map((scenario) => [scenario.name, scenario] as const),
)("the roles of a deployment %s", (_, scenario) => {
  const definitions = definitionsIn(scenario);

  test("let Cordon read what it needs, and nothing besides", () => {
    const [reader] = definitions.filter(({ name }) => name.startsWith(role.Name));
    expect(reader?.actions).toEqual(readerRole().Actions);
    expect(new Set(reader?.actions).size).toBe(reader?.actions.length);
  });

  test("are each assigned to the identity of the app", () => {
    const assigned = ofType("Microsoft.Authorization/roleAssignments", scenario).map(({ body }) =>
      Object(body.properties),
    );
    const names = definitions.map(({ id }) => id.split("/").at(-1));
    const unassigned = names.filter((name) => !assigned.some((one) => one.roleDefinitionId.endsWith(`/${name}`)));
    expect(unassigned).toEqual([]);
  });
});

/** The action that Azure asks for: a type for what is read, and what is worked out by the name of it. */
function actionOf(line: string): string {
  const [method = "", path = ""] = line.split(" ");
  if (path === "/subscriptions" || /^\/subscriptions\/[^/]+$/.test(path))
    return "Microsoft.Resources/subscriptions/read";
  const [, tail = ""] = /.*\/providers\/(.*)$/.exec(path) ?? [];
  const segments = tail.split("/");
  // A list ends in a type, a resource in a name.
  const type = typeOf(segments.length % 2 === 0 ? `${path}/x` : path);
  return method === "POST" ? `${type}/action` : `${type}/read`;
}

/** Where an answer that is worked out is waited for, as Azure says; which action that takes, it does not say. */
const isPoll = (line: string) => line.includes("/simulated-operations/");

/**
 * Whoever asks is shown the resources that they may read, and needs no more than that.
 * https://learn.microsoft.com/azure/governance/resource-graph/overview#permissions-in-azure-resource-graph
 */
const isQuery = (line: string) => line === "POST /providers/microsoft.resourcegraph/resources";

describe("what Cordon asks Azure for", () => {
  let simulator: ArmSimulator;
  let asked: readonly string[] = [];

  beforeAll(async () => {
    const managementGroups = new Map([["mg-contoso", [hub, erp]]]);
    const serviceTags = serviceTagsOfRecording(folder);
    simulator = await simulateArm(worldOfRecording(folder), { serviceTags, managementGroups });
    const loopback = simulator.address;
    const expectations = { policy: Policy.default, rules, today: "2026-11-20" };
    const scope = { kind: "managementGroup", name: "mg-contoso" } as const;
    await audit(await liveReader({ cloud: "public", loopback, scope }), expectations);
    const app = await liveReaders({ cloud: "public", loopback, scope });
    const invocation = { log: () => undefined, signal: AbortSignal.timeout(60_000) };
    const reader = await app.readerFor(erp, { purpose: "change", isLastTry: true }, invocation);
    if (reader === undefined) throw new Error("the app does not read its own subscription");
    const known = new Set([erp]);
    const bodies = readTypes.flatMap((type) => simulator.world.ofType(type, known));
    for (const { id } of bodies) await drain(reader.read({ kind: "resource", id: resourceId(id) }));
    for (const type of readTypes) await drain(reader.read({ kind: "type", type: fold(type) }));
    asked = [...new Set(simulator.log)];
  });
  afterAll(() => simulator.close());

  test("is what its roles let it read, all of it", () => {
    expect(asked.length).toBeGreaterThan(50);
    const [, , more] = scenarios;
    const permissions = (more === undefined ? [] : definitionsIn(more)).map(({ actions }) => ({
      actions: [...actions],
    }));
    const refused = asked
      .filter((line) => !isPoll(line) && !isQuery(line))
      .filter((line) => !isGranted(actionOf(line), permissions));
    expect(refused).toEqual([]);
  });

  test("is never a change", () => {
    const others = asked.filter((line) => !line.startsWith("GET ") && !isQuery(line));
    expect(others.length).toBeGreaterThan(0);
    expect(others.filter((line) => !requiredActions.has(canonical(actionOf(line))))).toEqual([]);
  });

  test("is refused where a role lacks the action", () => {
    const permissions = [
      { actions: [...requiredActions.keys()].filter((one) => one !== "Microsoft.Sql/servers/read") },
    ];
    const refused = asked.filter((line) => /^GET .*\/microsoft\.sql\/servers(\/[^/]+)?$/.test(line));
    expect(refused.length).toBeGreaterThan(0);
    expect(refused.filter((line) => isGranted(actionOf(line), permissions))).toEqual([]);
  });
});

async function drain(portions: AsyncIterable<unknown>): Promise<void> {
  for await (const _ of portions);
}

function resourceId(text: string): ResourceId {
  const id = ResourceId.parse(text);
  if (id === undefined) throw new Error(`${text} is no id`);
  return id;
}

function canonical(action: string): string {
  return [...requiredActions.keys()].find((one) => one.toLowerCase() === action.toLowerCase()) ?? action;
}
