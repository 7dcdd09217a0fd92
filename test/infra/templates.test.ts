import { describe, expect, test } from "vitest";
import { checks } from "./checks/index.ts";
import { templates } from "./templates.ts";

describe("every template is", () => {
  test("there", () => expect(templates.bicep.length).toBeGreaterThan(10));

  test.each(Object.entries(checks))("%s", (_, check) => expect(check(templates)).toEqual([]));
});
