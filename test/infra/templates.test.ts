import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { checks } from "./checks/index.ts";
import { scenarios } from "./scenarios.ts";
import { templates } from "./templates.ts";

describe("every template is", () => {
  test("there", () => expect(templates.bicep.length).toBeGreaterThan(10));

  test.each(Object.entries(checks))("%s", (_, check) => expect(check(templates)).toEqual([]));
});

test("the workflow for customers builds, with the Bicep CLI, the templates that nobody calls", () => {
  const workflow = readFileSync(new URL("../../.github/workflows/check.yml", import.meta.url), "utf8");
  const files = new Set(scenarios.map(({ file }) => file.replace(".bicep", "")));
  expect(workflow).toContain(`template: [${[...files].join(", ")}]`);
});
