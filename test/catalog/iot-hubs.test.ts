import { describe, expect, test } from "vitest";
import { fold } from "../../lib/model/resource-id.ts";
import { aConnection, aPerimeter, noPerimeter } from "../support/builders.ts";
import { anIotHub, iotHubId, ruleSet } from "../support/iot-hubs.ts";
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

const beside = { applyToBuiltInEventHubEndpoint: false };

const rows: readonly ServiceRow[] = [
  { when: "its rules let nobody in, and are for the built-in endpoint, too", given: anIotHub(), want: "nobody" },
  {
    when: "it has no rule set, as most hubs",
    given: anIotHub({ networkRuleSets: undefined }),
    want: "internet",
    fails: ["NI101"],
  },
  {
    when: "its rule set is null",
    given: anIotHub({ networkRuleSets: null }),
    want: "internet",
    fails: ["NI101"],
  },
  {
    when: "it allows by default, whatever its rules say",
    given: anIotHub(ruleSet(["203.0.113.7"], { defaultAction: "Allow" })),
    want: "internet",
    fails: ["NI101"],
  },
  {
    when: "its rules are not for the built-in endpoint, which everybody reaches",
    given: anIotHub(ruleSet(["203.0.113.7"], beside)),
    want: "internet",
    fails: ["NI101"],
  },
  {
    when: "it is free, so that its rules cannot be for the built-in endpoint",
    given: anIotHub(ruleSet(["203.0.113.7"], beside), "Free"),
    want: "internet",
    fails: ["NI101"],
  },
  {
    when: "its rule set does not say what becomes of the others",
    given: anIotHub(ruleSet([], { defaultAction: undefined })),
    want: "nobody..internet",
    unsure: ["NI101"],
  },
  {
    when: "what its default action says is not known",
    given: anIotHub(ruleSet([], { defaultAction: "Sometimes" })),
    want: "nobody..internet",
    unsure: ["NI101"],
  },
  {
    when: "whether its rules are for the built-in endpoint is no boolean",
    given: anIotHub(ruleSet([], { applyToBuiltInEventHubEndpoint: "perhaps" })),
    want: "nobody..internet",
    unsure: ["NI101"],
  },
  { when: "one address is listed", given: anIotHub(ruleSet(["203.0.113.7"])), want: "addresses" },
  {
    when: "a rule is wider than what is approved",
    given: anIotHub(ruleSet(["203.0.113.0/24"])),
    policy: approving,
    want: "addresses",
    fails: ["NI104"],
  },
  {
    when: "one rule is the whole address space",
    given: anIotHub(ruleSet(["0.0.0.0/0"])),
    want: "internet",
    fails: ["NI101"],
  },
  {
    when: "two rules are a half each",
    given: anIotHub(ruleSet(["0.0.0.0/1", "128.0.0.0/1"])),
    want: "internet",
    fails: ["NI102"],
  },
  {
    when: "its only rule is for private addresses",
    given: anIotHub(ruleSet(["10.0.0.0/16"])),
    want: "nobody",
    fails: ["NI105"],
  },
  {
    when: "public access is off, which may leave the built-in endpoint open",
    given: anIotHub(off),
    want: "nobody..internet",
    unsure: ["NI101"],
  },
  {
    when: "public access is off and a private endpoint is approved, which is what Microsoft advises",
    given: anIotHub({ ...off, ...approved }),
    policy: wantedPrivate(iotHubId),
    want: "private..internet",
    unsure: ["NI101", "NI303"],
  },
  {
    when: "nobody says whether public access is on, which it is",
    given: anIotHub({ publicNetworkAccess: undefined, networkRuleSets: undefined }),
    want: "internet",
    fails: ["NI101"],
  },
  {
    when: "a private endpoint is approved, and the built-in endpoint is open all the same",
    given: anIotHub({ ...ruleSet([], beside), ...approved }),
    want: "internet",
    fails: ["NI101", "NI303"],
  },
  {
    when: "a private endpoint is approved, and its rules let nobody in",
    given: anIotHub(approved),
    policy: wantedPrivate(iotHubId),
    want: "private",
  },
  {
    when: "the policy wants a private endpoint and one is pending",
    given: anIotHub({ privateEndpointConnections: [aConnection("Pending")] }),
    policy: wantedPrivate(iotHubId),
    want: "nobody",
    fails: ["NI301", "NI302"],
  },
  {
    when: "a perimeter names it, in which nothing of its type can be",
    given: anIotHub({ networkRuleSets: undefined }),
    beside: aPerimeter({ service: iotHubId, accessMode: "Enforced" }),
    want: "internet",
    fails: ["NI101"],
  },
];

test.each(rows)("an IoT hub: $want when $when", (row) => expectJudged(iotHubId, row));

test.each([
  { when: "is open", given: anIotHub(ruleSet([], beside)) },
  { when: "may be open", given: anIotHub(off) },
])("a report says that it is the built-in endpoint that $when", async ({ given }) => {
  const { evaluations } = await auditOf([given, noPerimeter]);
  const evaluation = evaluations.find(({ subject }) => subject.id.key === fold(iotHubId));
  expect(JSON.stringify(evaluation?.reach)).toContain("built-in Event Hubs endpoint");
  expect(JSON.stringify(evaluation?.reach)).not.toContain("hub itself");
});

describe("with a private endpoint", () => {
  const zone = "privatelink.azure-devices.net";
  const zones = { public: [zone, "privatelink.servicebus.windows.net"] };

  test("is what its row of the catalog says", () =>
    expectInCatalog({ id: iotHubId, group: "iotHub", zones, ports: "443,5671,8883" }));

  test.each<Chain>(chains)("has $want when $when", async (chain) => {
    const hub = anIotHub({ privateEndpointConnections: [aConnection("Approved", "pe-blob")] });
    const want = chain.want.map((rule) => `${rule} iotHub ${zone}`);
    expect(await judgedChain(iotHubId, hub, "iotHub", zone, chain)).toEqual(want);
  });
});
