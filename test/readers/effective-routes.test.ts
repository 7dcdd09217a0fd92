import { describe, expect, it } from "vitest";
import { effectiveRouteMissing } from "../../lib/rules/effective-route-missing.ts";
import { aNetwork, aNetworkInterface, group } from "../support/builders.ts";
import { answer, auditFolder, ndjson, nothing, readFolder } from "./recording.ts";

const nicId = `${group}/providers/Microsoft.Network/networkInterfaces/nic`;
const url = `${nicId}/effectiveRouteTable`;
const routesId = `${url}/default`;
const value = [
  {
    source: "Default",
    state: "Active",
    addressPrefix: ["10.0.0.0/16"],
    nextHopIpAddress: [],
    nextHopType: "VnetLocal",
  },
  { source: "Default", state: "Active", addressPrefix: ["0.0.0.0/0"], nextHopIpAddress: [], nextHopType: "Internet" },
];

function asked(body: unknown, others: Readonly<Record<string, unknown>> = {}): object {
  return answer(url, body, { method: "POST", ...others });
}

describe("the effective routes of an interface", () => {
  it("are a child of it", async () => {
    expect(await readFolder({ "r.ndjson": ndjson(asked({ value })) })).toEqual({ ...nothing, resources: [routesId] });
  });

  it("are none while Azure still works them out", async () => {
    const waiting = [asked(undefined, { status: 202 }), asked(null, { status: 202 })];
    expect(await readFolder({ "r.ndjson": ndjson(...waiting) })).toEqual(nothing);
  });

  it("are unreadable where Azure refused, or the machine does not run", async () => {
    const refused = asked({ error: { code: "AuthorizationFailed" } }, { status: 403 });
    expect((await readFolder({ "r.ndjson": ndjson(refused) })).unreadable).toEqual({
      [routesId]: `403 AuthorizationFailed reading \`${url}\``,
    });
    const stopped = asked({ error: { code: "NetworkInterfaceNotAttachedToRunningVM" } }, { status: 400 });
    expect(Object.keys((await readFolder({ "r.ndjson": ndjson(stopped) })).unreadable)).toEqual([routesId]);
  });

  it("are a problem where the answer holds none", async () => {
    const { problems, resources } = await readFolder({ "r.ndjson": ndjson(asked({ routes: value })) });
    expect(problems).toEqual([expect.stringContaining("holds no routes")]);
    expect(resources).toEqual([]);
  });

  it("lead to a finding on the subnet, with places in the answer as Azure sent it", async () => {
    const network = aNetwork([{ serviceEndpoints: ["Microsoft.Storage"] }]);
    const files = { "r.ndjson": ndjson(asked({ value }), network, aNetworkInterface()) };
    const { evaluations, problems } = await auditFolder(files, [effectiveRouteMissing]);
    const [finding] = evaluations.flatMap(({ findings }) => findings);
    expect(problems).toEqual([]);
    expect(finding).toMatchObject({ rule: "NI208", status: "fail", part: "Microsoft.Storage" });
    const inAnswer = finding?.evidence.filter(({ resource }) => resource.text === routesId);
    expect(inAnswer).toMatchObject([{ pointer: "/value/1/nextHopType", value: "Internet" }]);
  });
});
