import { describe, expect, it } from "vitest";
import type { Finding } from "../../lib/model/finding.ts";
import { digestOf } from "../../lib/model/finding-digest.ts";
import { Glob } from "../../lib/model/glob.ts";
import { idOf, sqlId, storageId, vaultId } from "../support/builders.ts";

const rules = [{ value: "9.9.9.9", action: "Allow" }, { value: "198.51.100.0/24" }];
const evidence = [
  { resource: idOf(storageId), pointer: "/properties/networkAcls/ipRules/0", value: rules[0] },
  { resource: idOf(storageId), pointer: "/properties/networkAcls/ipRules/1", value: rules[1] },
  { resource: idOf(storageId), pointer: "/properties/publicNetworkAccess", value: "Enabled" },
];

const finding: Finding = {
  id: `NI104:${storageId.toLowerCase()}`,
  rule: "NI104",
  severity: "medium",
  status: "fail",
  resource: idOf(storageId),
  services: [idOf(storageId), idOf(sqlId)],
  title: "A title",
  message: "the firewall admits 9.9.9.9",
  because: ["one reason", "another"],
  evidence,
  assumptions: ["one", "two"],
  remedy: "Mend it.",
};

const waiver = { rule: "NI104", resource: new Glob("*"), reason: "known", owner: "erp", expires: "2027-03-31" };
const [first, second, third] = evidence as [Evidence, Evidence, Evidence];
type Evidence = (typeof evidence)[number];

describe("the digest of a finding", () => {
  it.each<{ what: string; but: Partial<Finding> }>([
    {
      what: "the case of ids",
      but: { resource: idOf(storageId.toUpperCase()), services: [idOf(storageId.toUpperCase()), idOf(sqlId)] },
    },
    { what: "the order of services", but: { services: [idOf(sqlId), idOf(storageId)] } },
    { what: "a service named twice", but: { services: [idOf(sqlId), idOf(storageId), idOf(sqlId)] } },
    { what: "the case of the message", but: { message: "the firewall ADMITS 9.9.9.9" } },
    { what: "the order of the reasons", but: { because: ["Another", "one reason"] } },
    { what: "the order of the evidence", but: { evidence: [third, second, first] } },
    {
      what: "the order of the settings",
      but: { evidence: [{ ...first, value: rules[1] }, { ...second, value: rules[0] }, third] },
    },
    {
      what: "the order of properties",
      but: { evidence: [{ ...first, value: { action: "allow", value: "9.9.9.9" } }, second, third] },
    },
    { what: "the value to look at first", but: { cause: third } },
    { what: "the title", but: { title: "Another title" } },
    { what: "the remedy", but: { remedy: "Do not." } },
    { what: "a waiver", but: { waived: waiver } },
    { what: "a waiver that ended", but: { expiredWaiver: waiver } },
  ])("does not tell of $what", ({ but }) => {
    expect(digestOf({ ...finding, ...but })).toBe(digestOf(finding));
  });

  it.each<{ what: string; but: Partial<Finding> }>([
    { what: "the status", but: { status: "undetermined" } },
    { what: "the severity", but: { severity: "high" } },
    { what: "another service", but: { services: [...finding.services, idOf(vaultId)] } },
    { what: "the addresses that it names", but: { message: "the firewall admits 9.9.9.8" } },
    { what: "another reason", but: { because: ["one reason", "a third"] } },
    { what: "what is taken for granted", but: { assumptions: ["one"] } },
    { what: "a value", but: { evidence: [{ ...first, value: { ...rules[0], action: "Deny" } }, second, third] } },
    { what: "a value that is gone", but: { evidence: [first, second, { ...third, value: undefined }] } },
    { what: "the place of a value", but: { evidence: [first, second, { ...third, pointer: "/properties/other" }] } },
    { what: "the resource of a value", but: { evidence: [first, second, { ...third, resource: idOf(sqlId) }] } },
    { what: "one value less", but: { evidence: [first, third] } },
  ])("tells of $what", ({ but }) => {
    expect(digestOf({ ...finding, ...but })).not.toBe(digestOf(finding));
  });

  it("tells a number from its text", () => {
    const [number, text] = [1, "1"].map((value) => digestOf({ ...finding, evidence: [{ ...first, value }] }));
    expect(number).not.toBe(text);
  });

  it("ends, however deep a value is", () => {
    let value: unknown = "end";
    for (let depth = 0; depth < 100_000; depth += 1) value = [value];
    expect(digestOf({ ...finding, evidence: [{ ...first, value }] })).toContain("…");
  });
});
