import { describe, expect, test } from "vitest";
import { decode, encode, messagesOf } from "../../infra/local/queue-message.ts";
import { parseRoute } from "../../infra/local/route.ts";

describe("a queue output becomes messages", () => {
  test.each([
    { when: "an object is indented JSON", given: { json: '{"a":1}' }, want: ['{\n  "a": 1\n}'] },
    { when: "an array is one for each element", given: { json: '[{"a":1},"x"]' }, want: ['{\n  "a": 1\n}', "x"] },
    { when: "an empty array is none", given: { json: "[]" }, want: [] },
    { when: "text is text", given: { string: "plain" }, want: ["plain"] },
    { when: "text that looks like JSON is parsed", given: { string: '["a"]' }, want: ["a"] },
    { when: "bytes are text", given: { bytes: new TextEncoder().encode("ü") }, want: ["ü"] },
    { when: "a number is its digits", given: { int: 5 }, want: ["5"] },
  ])("$when", ({ given, want }) => {
    expect(messagesOf(given).texts).toEqual(want);
  });

  test("text that looks like JSON is warned of", () => {
    expect(messagesOf({ string: '{"at":"2026-11-20T09:30:00Z"}' }).warning).toMatch(/return an object/);
    expect(messagesOf({ string: "{not json" }).warning).toBeUndefined();
  });
});

test("64 KiB are counted after encoding", () => {
  expect(encode("x".repeat(49_152), "base64")).toHaveLength(65_536);
  expect(() => encode("x".repeat(49_153), "base64")).toThrow(/65540 bytes in base64/);
  expect(encode("x".repeat(65_536), "none")).toHaveLength(65_536);
  expect(() => encode("ü".repeat(32_769), "none")).toThrow(/more than 64 KiB/);
});

test.each([
  { given: "YQ==", encoding: "base64", want: "a" },
  { given: "{}", encoding: "base64", want: undefined },
  { given: "YQ", encoding: "base64", want: undefined },
  { given: "YQ==", encoding: "none", want: "YQ==" },
] as const)("`$given` in $encoding", ({ given, encoding, want }) => {
  expect(decode(given, encoding)).toBe(want);
});

test.each([
  { route: "api/a", path: "/api/a", want: {} },
  { route: "api/a", path: "/API/A/", want: {} },
  { route: "api/a", path: "/api/ab", want: undefined },
  { route: "api/{x}", path: "/api/a%2Fb", want: { x: "a/b" } },
  { route: "api/{x}", path: "/api", want: undefined },
  { route: "api/{x?}", path: "/api", want: {} },
  { route: "api/{*rest}", path: "/api/a/b", want: { rest: "a/b" } },
  { route: "api/a.b", path: "/api/aXb", want: undefined },
])("route `$route` and `$path`", ({ route, path, want }) => {
  expect(parseRoute(route, "f")(path)).toEqual(want);
});
