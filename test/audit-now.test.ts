import { describe, expect, test } from "vitest";
import { auditNow } from "../lib/audit-now.ts";
import { storageId } from "./support/builders.ts";

const scope = ["00000000-0000-4000-8000-000000000001"];

describe("a request that is no request", () => {
  test.each([
    { when: "an id longer than any", body: { resourceId: `${storageId}${"x".repeat(10_000)}` }, says: "too large" },
    {
      when: "more than it asks for",
      body: { resourceId: storageId, more: 1 },
      says: "the request",
    },
    { when: "both", body: { resourceId: storageId, subscriptionId: scope[0] }, says: "one of the two" },
    { when: "an object in the place of the id", body: { resourceId: { toString: 1 } }, says: "one of the two" },
    { when: "an id of nothing", body: { resourceId: "/subscriptions/../x" }, says: "not the id of a resource" },
  ])("is refused: $when", ({ body, says }) => {
    const { status, answer, audit, change } = auditNow({ scope }, JSON.stringify(body), "run");
    expect({ status, audit, change }).toEqual({ status: 400, audit: undefined, change: undefined });
    expect(JSON.stringify(answer)).toContain(says);
  });

  test("is not found out of the scope", () => {
    const body = JSON.stringify({ resourceId: storageId.replace("000000000001", "000000000002") });
    expect(auditNow({ scope }, body, "run")).toMatchObject({ status: 404 });
  });

  test("is taken where it is one", () => {
    expect(auditNow({ scope }, JSON.stringify({ resourceId: storageId }), "run")).toMatchObject({
      status: 202,
      change: { kind: "audit", ids: [storageId] },
    });
  });
});
