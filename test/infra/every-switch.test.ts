import { beforeAll, describe, expect, test } from "vitest";
import { policyFileName, readPolicyFile } from "../../lib/config.ts";
import type { Policy } from "../../lib/model/policy.ts";
import type { Resource } from "../support/bicep/reference.ts";
import type { ObjectValue, Value } from "../support/bicep/value.ts";
import { weakIn } from "./checks/weak-settings.ts";
import { closed, deployed } from "./scenarios.ts";
import { standing } from "./standing/index.ts";
import { auditOf, findingsIn } from "./standing/self-audit.ts";
import { unlocked } from "./standing/unlocked.ts";
import { templates } from "./templates.ts";

/** Words that close, or open less, and what they would be instead. */
const opposites: ReadonlyMap<Value, Value> = new Map<Value, Value>([
  [true, false],
  [false, true],
  ["Disabled", "Enabled"],
  ["Enabled", "Disabled"],
  ["Deny", "Allow"],
  ["None", "AzureServices"],
  ["AzureServices", "AzureServices, Metrics"],
]);

/** Switches that let nobody in, however they stand. */
const harmless: ReadonlyMap<string, string> = new Map([
  ["storageAccounts /properties/defaultToOAuthAuthentication", "what the portal signs in with"],
  ["virtualNetworkLinks /properties/registrationEnabled", "whether machines of the network get names"],
  ["serverfarms /properties/reserved", "Linux"],
  ["virtualNetworks /properties/subnets/0/properties/defaultOutboundAccess", "delegated subnets have no such access"],
  ["actionGroups /properties/enabled", "alerts"],
  ["actionGroups /properties/emailReceivers/0/useCommonAlertSchema", "alerts"],
  ["scheduledQueryRules /properties/enabled", "alerts"],
  ["scheduledQueryRules /properties/autoMitigate", "alerts"],
  ["metricAlerts /properties/enabled", "alerts"],
]);

interface Switch {
  readonly resource: Resource;
  readonly path: readonly string[];
  readonly name: string;
}

const { resources } = deployed(templates, closed);
const switches = resources
  .filter(({ isExisting }) => !isExisting)
  .flatMap((resource) => pathsIn(resource.body).map((path) => switchAt(resource, path)));

function pathsIn(value: Value): readonly (readonly string[])[] {
  if (opposites.has(value)) return [[]];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, one]) => pathsIn(one).map((path) => [name, ...path]));
}

function switchAt(resource: Resource, path: readonly string[]): Switch {
  return { resource, path, name: `${resource.type.split("/").at(-1)} /${path.join("/")}` };
}

function flipped(value: Value, [name, ...rest]: readonly string[]): Value {
  if (name === undefined) return opposites.get(value) ?? value;
  const entries = Object.entries(value ?? {}).map(([key, one]) => [key, key === name ? flipped(one, rest) : one]);
  return Array.isArray(value) ? entries.map(([, one]) => one) : Object.fromEntries(entries);
}

function withFlipped({ resource, path }: Switch): readonly Resource[] {
  return resources.map((one) => (one === resource ? { ...one, body: flipped(one.body, path) as ObjectValue } : one));
}

/** What any check or audit says, one after the other until one of them says something. */
async function noticed(all: readonly Resource[], policy: Policy): Promise<readonly string[]> {
  const weak = weakIn(all);
  if (weak.length > 0) return weak;
  const bodies = standing(all);
  for (const unlock of [(same: typeof bodies) => same, ...Object.values(unlocked)]) {
    const found = findingsIn(await auditOf(unlock(bodies), policy));
    if (found.length > 0) return found;
  }
  return [];
}

describe("whoever turns a switch of what is deployed", () => {
  let shipped: Policy;
  beforeAll(async () => {
    shipped = await readPolicyFile(new URL(`../../infra/${policyFileName}`, import.meta.url).pathname);
  });
  const meant = switches.filter(({ name }) => !harmless.has(name));

  test.each(meant)("is noticed: $resource.symbol $name", async (one) => {
    expect(await noticed(withFlipped(one), shipped)).not.toEqual([]);
  });

  test("of which there are many", () => expect(meant.length).toBeGreaterThan(25));

  test.each([...harmless])("or does no harm: %s, %s", async (name) => {
    const named = switches.filter((one) => one.name === name);
    expect(named).not.toEqual([]);
    for (const one of named) expect(await noticed(withFlipped(one), shipped)).toEqual([]);
  });
});
