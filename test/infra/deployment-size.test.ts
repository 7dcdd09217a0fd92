import { describe, expect, test } from "vitest";
import { deployed, type Scenario, scenarios } from "./scenarios.ts";
import { templates } from "./templates.ts";

const file = "management-group.bicep";

/** https://learn.microsoft.com/azure/azure-resource-manager/templates/best-practices#template-limits */
const resourcesAtMost = 800;

/** What one deployment of the file holds itself, a module counting as one. */
function sizeWith(lists: Partial<Record<string, readonly unknown[]>>): number {
  const scenario = scenarios.find((one) => one.file === file);
  if (scenario === undefined) throw new Error(`no scenario deploys ${file}`);
  const parameters = { ...scenario.parameters, subscriptionIds: [], subscriptionsWithTopic: [], ...lists };
  const { resources, runs } = deployed(templates, { ...scenario, parameters } as Scenario);
  return [...resources, ...runs].filter(({ at }) => at.file === file).length;
}

const id = (index: number) => `c0de0000-0000-4000-8000-00000000000${index}`;
const systemTopic = { name: "evgt-there", resourceGroup: "rg-there", identity: { type: "SystemAssigned" }, tags: {} };

describe("one deployment has room for as many subscriptions as its parameters take", () => {
  test.each([
    { parameter: "subscriptionIds", entry: (index: number) => id(index) },
    { parameter: "subscriptionsWithTopic", entry: (index: number) => ({ id: id(index), systemTopic }) },
  ])("$parameter", ({ parameter, entry }) => {
    const none = sizeWith({});
    const each = sizeWith({ [parameter]: [entry(2)] }) - none;
    expect(sizeWith({ [parameter]: [entry(2), entry(3)] })).toBe(none + 2 * each);
    const [, most] = new RegExp(`@maxLength\\((\\d+)\\)\\nparam ${parameter} `).exec(templates.text(file)) ?? [];
    expect(Number(most)).toBeGreaterThan(100);
    expect(none + Number(most) * each).toBeLessThanOrEqual(resourcesAtMost);
  });
});
