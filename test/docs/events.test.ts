import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import { expect, test } from "vitest";
import schema from "../../finding-event.schema.json" with { type: "json" };
import { parseDelivery } from "../../lib/events/messages.ts";
import { attemptsAtMost } from "../../lib/sinks/back-off.ts";

const root = resolve(import.meta.dirname, "../..");
const text = readFileSync(resolve(root, "docs/events.md"), "utf8");
const example = JSON.parse(/```json\n([\s\S]*?)```/.exec(text)?.[1] ?? "");

test("the example is an event as its schema has it, under the id that it must have", () => {
  const validate = new Ajv2020({ strict: false, validateFormats: false }).compile(schema);
  expect(validate(example) ? [] : validate.errors).toEqual([]);
  expect(parseDelivery({ v: 1, event: example, attempt: 0 }).event).toBe(example);
  const { findingId, sequence } = example.data;
  expect(example.id).toBe(createHash("sha256").update(`${findingId}.${sequence}`).digest("hex"));
});

test("it is tried as often as is said", () => {
  expect(attemptsAtMost).toBe(19);
  expect(text).toContain("nineteen tries in about three days");
});

test("files that are linked are there", () => {
  for (const [, path = ""] of text.matchAll(/\]\((?!https:)([^)#]+)/g)) {
    expect(readFileSync(resolve(root, "docs", path), "utf8")).not.toBe("");
  }
});
