import { describe, expect, test } from "vitest";
import { fold } from "../../lib/model/resource-id.ts";
import { aConnection, aPerimeter, noPerimeter } from "../support/builders.ts";
import { aProvisioningService, filters, provisioningId } from "../support/device-provisioning.ts";
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
import { auditOf } from "../support/world.ts";

const everybodyElse = "Reject 0.0.0.0/0";

const rows: readonly ServiceRow[] = [
  { when: "it has no rule", given: aProvisioningService(), want: "internet", fails: ["NI101"] },
  {
    when: "one address is accepted, and nobody rejects the others",
    given: aProvisioningService(filters("Accept 203.0.113.7")),
    want: "internet",
    fails: ["NI101"],
  },
  {
    when: "one address is accepted before all are rejected",
    given: aProvisioningService(filters("Accept 203.0.113.7", everybodyElse)),
    policy: approving,
    want: "addresses",
  },
  {
    when: "all are rejected before one address is accepted",
    given: aProvisioningService(filters(everybodyElse, "Accept 203.0.113.7")),
    want: "nobody",
  },
  {
    when: "more is accepted than is approved",
    given: aProvisioningService(filters("Accept 203.0.113.0/24", everybodyElse)),
    policy: approving,
    want: "addresses",
    fails: ["NI104"],
  },
  {
    when: "an address is rejected, and all others are accepted",
    given: aProvisioningService(filters("Reject 203.0.113.7", "Accept 0.0.0.0/0", everybodyElse)),
    want: "internet",
    fails: ["NI102"],
  },
  {
    when: "everybody is accepted before all are rejected",
    given: aProvisioningService(filters("Accept 0.0.0.0/0", everybodyElse)),
    want: "internet",
    fails: ["NI101"],
  },
  {
    when: "half of everybody is accepted, and then the other half",
    given: aProvisioningService(filters("Accept 0.0.0.0/1", "Accept 128.0.0.0/1", everybodyElse)),
    want: "internet",
    fails: ["NI102"],
  },
  {
    when: "devices are rejected, and whoever manages enrollments is not",
    given: aProvisioningService(filters("Reject 0.0.0.0/0 deviceApi")),
    want: "internet",
    fails: ["NI101"],
  },
  {
    when: "both parts reject everybody, each by a rule of its own",
    given: aProvisioningService(filters("Reject 0.0.0.0/0 deviceApi", "Reject 0.0.0.0/0 serviceApi")),
    want: "nobody",
  },
  {
    when: "a rule for both parts says so in so many words",
    given: aProvisioningService(filters("Reject 0.0.0.0/0 all")),
    want: "nobody",
  },
  {
    when: "a rule is for a part that nobody knows",
    given: aProvisioningService(filters("Reject 0.0.0.0/0 portalApi")),
    want: "nobody..internet",
    unsure: ["NI101", "NI102"],
  },
  {
    when: "what a rule does is not known",
    given: aProvisioningService(filters("Ponder 0.0.0.0/0")),
    want: "nobody..internet",
    unsure: ["NI101", "NI102"],
  },
  {
    when: "its rules cannot be read",
    given: aProvisioningService({ ipFilterRules: "none" }),
    want: "nobody..internet",
    unsure: ["NI101", "NI102", "NI105"],
  },
  { when: "public access is off", given: aProvisioningService(off), want: "nobody" },
  {
    when: "public access is off and rules are kept, which are ignored",
    given: aProvisioningService({ ...off, ...filters("Accept 203.0.113.7", everybodyElse) }),
    want: "nobody",
    fails: ["NI107"],
  },
  {
    when: "nobody says whether public access is on, which it is",
    given: aProvisioningService({ publicNetworkAccess: undefined, ipFilterRules: undefined }),
    want: "internet",
    fails: ["NI101"],
  },
  {
    when: "a private endpoint is approved, and the public door is open all the same",
    given: aProvisioningService(approved),
    want: "internet",
    fails: ["NI101", "NI303"],
  },
  {
    when: "a private endpoint is approved, and nothing else is open",
    given: aProvisioningService({ ...off, ...approved }),
    policy: wantedPrivate(provisioningId),
    want: "private",
  },
  {
    when: "a perimeter names it, in which nothing of its type can be",
    given: aProvisioningService(),
    beside: aPerimeter({ service: provisioningId, accessMode: "Enforced" }),
    want: "internet",
    fails: ["NI101"],
  },
];

test.each(rows)("a device provisioning service: $want when $when", (row) => expectJudged(provisioningId, row));

test("a report says that it is the part for those who manage enrollments that is open", async () => {
  const { evaluations } = await auditOf([aProvisioningService(filters("Reject 0.0.0.0/0 deviceApi")), noPerimeter]);
  const evaluation = evaluations.find(({ subject }) => subject.id.key === fold(provisioningId));
  expect(JSON.stringify(evaluation?.reach)).toContain("service API");
  expect(JSON.stringify(evaluation?.reach)).not.toContain("device API");
});

describe("with a private endpoint", () => {
  const zones = {
    public: "privatelink.azure-devices-provisioning.net",
    usgov: "privatelink.azure-devices-provisioning.us",
    china: "privatelink.azure-devices-provisioning.cn",
  };

  test("is what its row of the catalog says", () =>
    expectInCatalog({ id: provisioningId, group: "iotDps", zones, ports: "443,5671,8883" }));

  test.each<Chain>(chains)("has $want when $when", async (chain) => {
    const service = aProvisioningService({ ...off, privateEndpointConnections: [aConnection("Approved", "pe-blob")] });
    const want = chain.want.map((rule) => `${rule} iotDps`);
    expect(await judgedChain(provisioningId, service, "iotDps", zones.public, chain)).toEqual(want);
  });
});
