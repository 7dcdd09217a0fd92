import fc from "fast-check";
import { expect, test } from "vitest";
import type { FindingRecord } from "../../lib/model/finding-record.ts";
import { fitted } from "../../lib/model/fit-finding.ts";
import { sizeOf } from "../../lib/model/json-size.ts";
import { storageId } from "../support/builders.ts";

function aRecord(given: Partial<FindingRecord> = {}): FindingRecord {
  return {
    id: "NI101:x",
    rule: "NI101",
    name: "public-network-access-enabled",
    severity: "high",
    status: "fail",
    resource: storageId,
    services: [storageId],
    title: "Open",
    evidence: [],
    assumptions: [],
    remedy: "Close it.",
    link: "",
    ...given,
  };
}

const value = (text: string) => ({ resource: storageId, pointer: "/properties/ipRules", value: text });

test("what fits stays as it is", () => {
  const finding = aRecord({ evidence: [value("x")] });
  expect(fitted(finding, sizeOf(finding))).toEqual({ finding, omitted: undefined });
});

test("evidence goes first: the first values stay, those that are too large do not stand in the way", () => {
  const evidence = [
    value("1"),
    value("x".repeat(100_000)),
    ...Array.from({ length: 600 }, (_, index) => value(`${index}`)),
  ];
  const { finding, omitted } = fitted(aRecord({ evidence, message: "every address is admitted" }), 40_960);
  expect(sizeOf(finding)).toBeLessThanOrEqual(40_960);
  expect(finding.evidence[0]).toEqual(value("1"));
  expect(finding.evidence.slice(1)).toEqual(evidence.slice(2, finding.evidence.length + 1));
  expect(finding).toMatchObject({ services: [storageId], message: "every address is admitted" });
  expect(omitted).toEqual({
    evidence: evidence.length - finding.evidence.length,
    services: 0,
    reach: false,
    texts: false,
  });
});

test("services and texts are cut where they alone are too large", () => {
  const services = Array.from({ length: 2000 }, (_, index) => `${storageId}${index}`);
  const because = Array.from({ length: 900 }, (_, index) => `reason ${index} ${"é".repeat(100)}`);
  const { finding, omitted } = fitted(aRecord({ services, because, message: "😀".repeat(20_000) }), 40_960);
  expect(sizeOf(finding)).toBeLessThanOrEqual(40_960);
  expect(finding.services.length).toBeGreaterThan(50);
  expect(finding.services).toEqual(services.slice(0, finding.services.length));
  expect(finding.message).toMatch(/^😀+.?…$/u);
  expect(omitted).toMatchObject({ texts: true, services: services.length - finding.services.length });
});

test("a large reach is left out", () => {
  const addresses = Array.from({ length: 5000 }, (_, index) => `10.${index >> 8}.${index & 255}.0/24`);
  const reach = { widest: "addresses", atLeast: "addresses", atMost: "addresses", addresses } as const;
  const whole = { ...reach, subnets: [], privateEndpoints: [], exceptions: [] };
  const { finding, omitted } = fitted({ ...aRecord({ evidence: [value("x")] }), reach: whole }, 40_960);
  expect(finding).not.toHaveProperty("reach");
  expect(finding.evidence).toHaveLength(1);
  expect(omitted).toMatchObject({ reach: true, evidence: 0 });
});

test("a large witness and a large fix are left out, and said to be", () => {
  const witness = { source: "1.0.0.0", protocol: "TCP", port: 443, steps: [], assumptions: ["x".repeat(6000)] };
  const lists = { follows: [], commands: [], caveats: [], goes: [], comes: [], turns: [], access: [] };
  const edits = [{ resource: storageId, path: "", old: "x".repeat(6000), new: null }];
  const fix = { changes: 1, edits, ...lists, isMinimal: true };
  const whole = { ...aRecord({ evidence: [value("x".repeat(35_000))] }), witness, fix };
  const { finding, omitted } = fitted(whole, 40_960);
  expect(finding).not.toHaveProperty("witness");
  expect(finding).not.toHaveProperty("fix");
  expect(finding.evidence).toHaveLength(1);
  expect(omitted).toMatchObject({ witness: true, fix: true, evidence: 0 });
});

test("a small witness and a small fix stay where evidence is left out", () => {
  const witness = { source: "1.0.0.0", protocol: "TCP", port: 443, steps: [], assumptions: [] };
  const lists = { follows: [], commands: [], caveats: [], goes: [], comes: [], turns: [], access: [] };
  const fix = { changes: 1, edits: [], ...lists, isMinimal: true };
  const { finding, omitted } = fitted({ ...aRecord({ evidence: [value("x".repeat(50_000))] }), witness, fix }, 40_960);
  expect(finding).toMatchObject({ witness, fix, evidence: [] });
  expect(omitted).toEqual({ evidence: 1, services: 0, reach: false, texts: false });
});

test("property: whatever it holds, it fits", () => {
  const text = fc.string({ unit: "binary", maxLength: 2000 });
  const finding = fc.record({
    title: text,
    message: text,
    because: fc.array(text),
    services: fc.array(text),
    assumptions: fc.array(text),
    evidence: fc.array(fc.record({ resource: fc.constant(storageId), pointer: text, value: fc.jsonValue() })),
  });
  fc.assert(
    fc.property(finding, (given) => {
      expect(sizeOf(fitted(aRecord(given), 40_960).finding)).toBeLessThanOrEqual(40_960);
    }),
    { numRuns: 200 },
  );
});

test("property: the size of JSON is that of its bytes", () => {
  fc.assert(
    fc.property(fc.oneof(fc.jsonValue(), fc.string({ unit: "binary" })), (given) => {
      expect(sizeOf(given)).toBe(Buffer.byteLength(JSON.stringify(given)));
    }),
  );
});
