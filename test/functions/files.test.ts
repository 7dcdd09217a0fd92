import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, test } from "vitest";
import hostJson from "../../host.json" with { type: "json" };
import { deliveriesAtMost, isLastDelivery } from "../../lib/last-delivery.ts";
import { readSettings } from "../../lib/settings/settings.ts";
import { readingMinutesAtMost } from "../../lib/time-budget.ts";
import sample from "../../local.settings.sample.json" with { type: "json" };

const root = resolve(import.meta.dirname, "../..");
const folder = join(root, "functions");
const files = readdirSync(folder);
const functions = files.filter((name) => !["index.ts", "queues.ts"].includes(name));

describe.each(files)("%s", (name) => {
  const text = readFileSync(join(folder, name), "utf8");

  test("is short, and knows no environment", () => {
    expect(text.trimEnd().split("\n").length).toBeLessThanOrEqual(25);
    expect(text).not.toContain("process.");
  });

  test("imports, at load, nothing that takes time to load", () => {
    const imported = [...text.matchAll(/^import [^;]*"([^"]+)";/gm)].map(([, path = ""]) => path);
    const known = ["@azure/functions", "../lib/compose-app.ts", "../lib/last-delivery.ts", "./queues.ts"];
    const local = name === "index.ts" ? functions.map((file) => `./${file}`) : [];
    expect(imported.filter((path) => ![...known, ...local].includes(path))).toEqual([]);
  });
});

test.each(functions)("%s registers one function, of its own name, and is part of the app", (name) => {
  const text = readFileSync(join(folder, name), "utf8");
  const registered = [...text.matchAll(/^app\.\w+\("([\w-]+)"/gm)].map(([, id]) => id);
  expect(registered).toEqual([name.replace(/\.ts$/, "")]);
  expect(readFileSync(join(folder, "index.ts"), "utf8")).toContain(`import "./${name}";`);
});

test("the last delivery is the one that host.json says", () => {
  expect(deliveriesAtMost).toBe(hostJson.extensions.queues.maxDequeueCount);
});

test("reading ends two minutes before host.json ends the function", () => {
  expect(hostJson.functionTimeout).toBe(`00:${String(readingMinutesAtMost + 2).padStart(2, "0")}:00`);
});

test.each([
  { metadata: { dequeueCount: 5 }, want: true },
  { metadata: { dequeueCount: "5" }, want: true },
  { metadata: { dequeueCount: 4 }, want: false },
  { metadata: { dequeueCount: "many" }, want: false },
  { metadata: {}, want: false },
  { metadata: undefined, want: false },
])("delivery $metadata is the last: $want", ({ metadata, want }) => {
  expect(isLastDelivery(metadata)).toBe(want);
});

test("the app starts on the sample settings", async () => {
  const settings = await readSettings(sample.Values, root);
  expect(settings.reader).toEqual({ kind: "recorded", recording: join(root, "test/fixtures/contoso-erp") });
  expect(settings.scope).toMatchObject({ ids: { length: 2 } });
});
