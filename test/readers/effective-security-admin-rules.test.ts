import { describe, expect, it } from "vitest";
import { networkId } from "../support/builders.ts";
import { answer, ndjson, nothing, readFolder } from "./recording.ts";

const url = `${networkId}/listNetworkManagerEffectiveSecurityAdminRules`;
const rulesId = `${networkId}/effectiveSecurityAdminRules/current`;
const value = [
  {
    id: "/subscriptions/x/rules/deny-ssh",
    kind: "Custom",
    properties: { access: "Deny", direction: "Inbound", priority: 10, protocol: "Tcp", destinationPortRanges: ["22"] },
  },
];

function asked(body: unknown, others: Readonly<Record<string, unknown>> = {}): object {
  return answer(url, body, { method: "POST", ...others });
}

describe("the security admin rules that are in force in a network", () => {
  it("are a child of it", async () => {
    expect(await readFolder({ "r.ndjson": ndjson(asked({ value })) })).toEqual({ ...nothing, resources: [rulesId] });
  });

  it("are unreadable where Azure refused", async () => {
    const refused = asked({ error: { code: "AuthorizationFailed" } }, { status: 403 });
    expect((await readFolder({ "r.ndjson": ndjson(refused) })).unreadable).toEqual({
      [rulesId]: `403 AuthorizationFailed reading \`${url}\``,
    });
  });

  it.each([
    ["the first", asked({ value, skipToken: "more" })],
    ["a later", asked({ value }, { request: { skipToken: "more" } })],
  ])("are unreadable where %s page stands for all of them", async (_, page) => {
    const { unreadable, resources } = await readFolder({ "r.ndjson": ndjson(page) });
    expect(unreadable[rulesId]).toContain("one of several pages");
    expect(resources).toEqual([]);
  });

  it("are a problem where the answer holds none", async () => {
    const { problems } = await readFolder({ "r.ndjson": ndjson(asked({ rules: value })) });
    expect(problems).toEqual([expect.stringContaining("holds no rules")]);
  });
});
