import { describe, expect, test } from "vitest";
import { fold } from "../../lib/model/resource-id.ts";
import { aBatchAccount, batchId, only, open } from "../support/batch.ts";
import { aConnection, aNetwork, aPerimeter, networkId, noPerimeter } from "../support/builders.ts";
import {
  approved,
  approving,
  type Chain,
  chains,
  expectInCatalog,
  expectJudged,
  judgedChain,
  off,
  type ServiceRow,
  wantedPrivate,
} from "../support/judged.ts";
import { anInterface, aPrivateEndpoint, aZone, everyZone, noZoneGroup, zoneId } from "../support/private-endpoints.ts";
import { auditOf } from "../support/world.ts";

const rows: readonly ServiceRow[] = [
  { when: "both endpoints deny", given: aBatchAccount(), want: "nobody" },
  {
    when: "nobody says anything of its endpoints, which are open",
    given: aBatchAccount({}, { networkProfile: undefined }),
    want: "internet",
    fails: ["NI101"],
  },
  {
    when: "the account endpoint is open",
    given: aBatchAccount({ accountAccess: open }),
    want: "internet",
    fails: ["NI101"],
  },
  {
    when: "the account endpoint is shut, and nobody thought of the one for nodes",
    given: aBatchAccount({ nodeManagementAccess: open }),
    want: "internet",
    fails: ["NI101"],
  },
  {
    when: "the body has a profile for the account endpoint alone",
    given: aBatchAccount({}, { networkProfile: { accountAccess: only("203.0.113.7") } }),
    want: "internet",
    fails: ["NI101"],
  },
  {
    when: "a rule of the endpoint for nodes is the whole address space",
    given: aBatchAccount({ nodeManagementAccess: only("0.0.0.0/0") }),
    want: "internet",
    fails: ["NI101"],
  },
  {
    when: "rules of the endpoint for nodes are a half each",
    given: aBatchAccount({ nodeManagementAccess: only("0.0.0.0/1", "128.0.0.0/1") }),
    want: "internet",
    fails: ["NI102"],
  },
  { when: "one address is listed", given: aBatchAccount({ accountAccess: only("203.0.113.7") }), want: "addresses" },
  {
    when: "a rule of the endpoint for nodes is wider than what is approved",
    given: aBatchAccount({ nodeManagementAccess: only("203.0.113.0/24") }),
    policy: approving,
    want: "addresses",
    fails: ["NI104"],
  },
  {
    when: "the only rule is for private addresses, in which pools are",
    given: aBatchAccount({ nodeManagementAccess: only("10.0.0.0/16") }),
    want: "nobody",
    fails: ["NI105"],
  },
  {
    when: "the default of the endpoint for nodes is not known",
    given: aBatchAccount({ nodeManagementAccess: { defaultAction: "Sometimes" } }),
    want: "nobody..internet",
    unsure: ["NI101"],
  },
  {
    when: "rules of the endpoint for nodes are no list",
    given: aBatchAccount({ nodeManagementAccess: { defaultAction: "Deny", ipRules: "none" } }),
    want: "nobody..internet",
    unsure: ["NI101", "NI102", "NI105"],
  },
  {
    when: "public access is off, whatever its endpoints say",
    given: aBatchAccount({ accountAccess: open, nodeManagementAccess: open }, off),
    want: "nobody",
  },
  {
    when: "public access is off and a rule of the endpoint for nodes is kept",
    given: aBatchAccount({ nodeManagementAccess: only("203.0.113.7") }, off),
    want: "nobody",
    fails: ["NI107"],
  },
  {
    when: "nobody says whether public access is on, which it is",
    given: aBatchAccount({ accountAccess: open }, { publicNetworkAccess: undefined }),
    want: "internet",
    fails: ["NI101"],
  },
  {
    when: "a private endpoint is approved, and the endpoint for nodes is open all the same",
    given: aBatchAccount({ nodeManagementAccess: open }, approved),
    want: "internet",
    fails: ["NI101", "NI303"],
  },
  {
    when: "a private endpoint is approved, and nothing else is open",
    given: aBatchAccount({}, { ...off, ...approved }),
    policy: wantedPrivate(batchId),
    want: "private",
  },
  {
    when: "the policy wants a private endpoint and one is pending",
    given: aBatchAccount({}, { ...off, privateEndpointConnections: [aConnection("Pending")] }),
    policy: wantedPrivate(batchId),
    want: "nobody",
    fails: ["NI301", "NI302"],
  },
  {
    when: "a perimeter that is enforced holds it",
    given: aBatchAccount({ accountAccess: open, nodeManagementAccess: open }),
    beside: aPerimeter({ service: batchId, accessMode: "Enforced" }),
    want: "nobody",
  },
  {
    when: "it is secured by a perimeter and in none",
    given: aBatchAccount({ accountAccess: open }, { publicNetworkAccess: "SecuredByPerimeter" }),
    want: "nobody",
    fails: ["NI702"],
  },
];

test.each(rows)("a Batch account: $want when $when", (row) => expectJudged(batchId, row));

test("a report says which endpoint is open", async () => {
  const { evaluations } = await auditOf([aBatchAccount({ nodeManagementAccess: open }), noPerimeter]);
  const reach = evaluations.find(({ subject }) => subject.id.key === fold(batchId))?.reach;
  expect(JSON.stringify(reach)).toContain("node management endpoint");
});

const zone = "privatelink.batch.azure.com";
const formerZone = "privatelink.westeurope.batch.azure.com";
const shut = aBatchAccount({}, { ...off, privateEndpointConnections: [aConnection("Approved", "pe-blob")] });

const groups = [
  { group: "batchAccount", zone },
  { group: "nodeManagement", zone },
];

describe.each(groups)("a private endpoint for $group", ({ group }) => {
  test("is what its row of the catalog says", () =>
    expectInCatalog({
      id: batchId,
      group,
      zones: {
        public: zone,
        usgov: "privatelink.batch.usgovcloudapi.net",
        china: "privatelink.batch.chinacloudapi.cn",
      },
      ports: "443",
    }));

  test.each<Chain>(chains)("has $want when $when", async (chain) => {
    const want = chain.want.map((rule) => `${rule} ${group}`);
    expect(await judgedChain(batchId, shut, group, zone, chain)).toEqual(want);
  });
});

test.each<Chain>(
  chains,
)("a private endpoint whose names are still in the former zone has $want when $when", async (chain) => {
  const want = chain.want.map((rule) => `${rule} batchAccount`);
  expect(await judgedChain(batchId, shut, "batchAccount", formerZone, chain)).toEqual(want);
});

test("the former zone never held the names for nodes", async () => {
  const chain = { when: "", zone: { links: [networkId], address: "10.0.0.4" }, want: [] };
  expect(await judgedChain(batchId, shut, "nodeManagement", formerZone, chain)).toEqual(["NI304 nodeManagement"]);
});

const named = { "baerp.westeurope": ["10.0.0.4"] };

test.each([
  {
    when: "no document says which of two zones should",
    zones: [aZone({ id: zoneId(zone), records: named })],
    want: ["undetermined"],
  },
  {
    when: "it is linked to another network",
    links: [],
    zones: [aZone({ id: zoneId(zone), records: named })],
    want: [],
  },
  { when: "the present zone is linked to no network either", links: [], zones: [], want: ["fail"] },
])("a zone of the former name and $when: $want", async ({ links = [networkId], zones, want }) => {
  const { evaluations } = await auditOf([
    shut,
    aPrivateEndpoint({ service: batchId, groupIds: ["batchAccount"] }),
    anInterface({ groupId: "batchAccount", addresses: { "10.0.0.4": ["baerp.westeurope.batch.azure.com"] } }),
    [aNetwork(), noZoneGroup(), everyZone, zones],
    aZone({ id: zoneId(formerZone), links, records: { other: ["10.0.0.9"] } }),
  ]);
  const findings = evaluations.flatMap((evaluation) => evaluation.findings);
  expect(findings.filter(({ rule }) => rule === "NI304").map(({ status }) => status)).toEqual(want);
});
