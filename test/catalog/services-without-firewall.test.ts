import { describe, expect, test } from "vitest";
import { apiVersionThatShows } from "../../lib/catalog/hidden-parts.ts";
import { serviceOfType } from "../../lib/catalog/index.ts";
import { aConnection, aNetwork, aPerimeter, type Body, idOf } from "../support/builders.ts";
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
import { anInterface, aPrivateEndpoint, blobZone, everyZone, noZoneGroup } from "../support/private-endpoints.ts";
import {
  anAutomationAccount,
  aPurviewAccount,
  aRecoveryVault,
  automationId,
  purviewId,
  recoveryId,
} from "../support/services-without-firewall.ts";
import { auditOf } from "../support/world.ts";

type Properties = Readonly<Record<string, unknown>>;

interface Type {
  readonly id: string;
  readonly given: (properties?: Properties) => Body;
  readonly on: unknown;
  readonly off: unknown;
  /** One that nobody knows, for all that it looks like. */
  readonly unknown: unknown;
}

const types: readonly Type[] = [
  { id: automationId, given: anAutomationAccount, on: true, off: false, unknown: "maybe" },
];

function ofType({ id, given, on, off, unknown }: Type): readonly ServiceRow[] {
  const shut = { publicNetworkAccess: off };
  return [
    { when: "public access is on", given: given({ publicNetworkAccess: on }), want: "internet", fails: ["NI101"] },
    {
      when: "public access is on, and the policy approves addresses that nothing could narrow it to",
      given: given({ publicNetworkAccess: on }),
      policy: approving,
      want: "internet",
      fails: ["NI101"],
    },
    { when: "public access is off", given: given(shut), want: "nobody" },
    {
      when: "nobody says whether public access is on, which it is",
      given: given({ publicNetworkAccess: undefined }),
      want: "internet",
      fails: ["NI101"],
    },
    {
      when: "what is said of public access is not known",
      given: given({ publicNetworkAccess: unknown }),
      want: "nobody..internet",
      unsure: ["NI101", "NI702"],
    },
    {
      when: "a private endpoint is approved and the public door is open all the same",
      given: given({ publicNetworkAccess: on, ...approved }),
      want: "internet",
      fails: ["NI101", "NI303"],
    },
    {
      when: "a private endpoint is approved, and nothing else is open",
      given: given({ ...shut, ...approved }),
      policy: wantedPrivate(id),
      want: "private",
    },
    {
      when: "the policy wants a private endpoint and one is pending",
      given: given({ ...shut, privateEndpointConnections: [aConnection("Pending")] }),
      policy: wantedPrivate(id),
      want: "nobody",
      fails: ["NI301", "NI302"],
    },
    {
      when: "a perimeter names it, in which nothing of its type can be",
      given: given({ publicNetworkAccess: on }),
      beside: aPerimeter({ service: id, accessMode: "Enforced" }),
      want: "internet",
      fails: ["NI101"],
    },
  ];
}

describe.each(types)("$id", (type) => {
  test.each(ofType(type))("$want when $when", (row) => expectJudged(type.id, row));
});

test.each([
  { spelled: "False", want: "nobody" },
  { spelled: "TRUE", want: "internet", fails: ["NI101"] },
])("an Automation account whose boolean is spelled $spelled: $want", ({ spelled, want, fails = [] }) =>
  expectJudged(automationId, { when: "", given: anAutomationAccount({ publicNetworkAccess: spelled }), want, fails }));

test.each([
  {
    when: "says nothing of public access",
    properties: { publicNetworkAccess: undefined, privateEndpointConnections: undefined },
    want: "nobody..internet",
    unsure: ["NI101", "NI302", "NI303"],
  },
  {
    when: "has public access off",
    properties: { publicNetworkAccess: false },
    want: "nobody..private",
    unsure: ["NI302"],
  },
])("an Automation account of a list, which leaves properties out, that $when: $want", ({
  properties,
  want,
  unsure = [],
}) =>
  expectJudged(automationId, {
    when: "",
    given: anAutomationAccount({ sku: undefined, ...properties }),
    want,
    unsure,
  }));

test("an Automation account of a list is read by itself", () => {
  const type = idOf(automationId).type;
  expect(apiVersionThatShows(type, anAutomationAccount({ sku: undefined }))).toBe("2024-10-23");
  expect(apiVersionThatShows(type, anAutomationAccount())).toBeUndefined();
});

test("a vault with a private endpoint that says nothing of public access may have it off", () =>
  expectJudged(recoveryId, {
    when: "",
    given: aRecoveryVault({ publicNetworkAccess: undefined, ...approved }),
    want: "private..internet",
    unsure: ["NI101", "NI303"],
  }));

interface Entry extends Pick<Type, "id" | "given" | "off"> {
  readonly group: string;
  readonly zones: { readonly public: string; readonly usgov?: string; readonly china?: string };
}

const automationZones = {
  public: "privatelink.azure-automation.net",
  usgov: "privatelink.azure-automation.us",
  china: "privatelink.azure-automation.cn",
};

const ofAutomation = { id: automationId, given: anAutomationAccount, off: false, zones: automationZones };

const ofPurview = { id: purviewId, given: aPurviewAccount, off: "Disabled" };

const entries: readonly Entry[] = [
  { ...ofAutomation, group: "Webhook" },
  { ...ofAutomation, group: "DSCAndHybridWorker" },
  {
    ...ofPurview,
    group: "account",
    zones: { public: "privatelink.purview.azure.com", usgov: "privatelink.purview.azure.us" },
  },
  {
    ...ofPurview,
    group: "portal",
    zones: { public: "privatelink.purviewstudio.azure.com", usgov: "privatelink.purviewstudio.azure.us" },
  },
  { ...ofPurview, group: "platform", zones: { public: "privatelink.purview-service.microsoft.com" } },
  {
    id: recoveryId,
    given: aRecoveryVault,
    off: "Disabled",
    group: "AzureSiteRecovery",
    zones: { public: "privatelink.siterecovery.windowsazure.com", usgov: "privatelink.siterecovery.windowsazure.us" },
  },
];

describe.each(entries)("$id, $group", ({ id, given, off, group, zones }) => {
  test("is what its row of the catalog says", () => expectInCatalog({ id, group, zones, ports: "443" }));

  test.each<Chain>(chains)("with a private endpoint has $want when $when", async (chain) => {
    const connections = [aConnection("Approved", "pe-blob")];
    const service = given({ publicNetworkAccess: off, privateEndpointConnections: connections });
    const want = chain.want.map((rule) => `${rule} ${group}`);
    expect(await judgedChain(id, service, group, zones.public, chain)).toEqual(want);
  });
});

describe.each(["AzureBackup", "AzureBackup_secondary"])("a private endpoint of a vault for %s", (group) => {
  const service = aRecoveryVault({ ...off, privateEndpointConnections: [aConnection("Approved", "pe-blob")] });
  const zones = ["privatelink.we.backup.windowsazure.com", blobZone, "privatelink.queue.core.windows.net"];

  test("is what its row of the catalog says", () =>
    expectInCatalog({
      id: recoveryId,
      group,
      zones: {
        public: ["privatelink.{regionCode}.backup.windowsazure.com", ...zones.slice(1)],
        usgov: ["privatelink.{regionCode}.backup.windowsazure.us"],
      },
      ports: "443",
    }));

  describe.each(zones)("in %s", (zone) => {
    test.each<Chain>(chains)("has $want when $when", async (chain) => {
      const want = chain.want.map((rule) => `${rule} ${group} ${zone}`);
      expect(await judgedChain(recoveryId, service, group, zone, chain)).toEqual(want);
    });
  });

  test.each([
    {
      when: "its names say the code of the region, as Azure writes them",
      fqdns: ["8f2-ab-pod01-fc1.privatelink.we.backup.windowsazure.com"],
      want: [`fail ${group} privatelink.we.backup.windowsazure.com`],
    },
    { when: "its names are not known", fqdns: [], want: zonesOf(group).map((part) => `undetermined ${part}`) },
  ])("has $want without a zone when $when", async ({ fqdns, want }) => {
    const { evaluations } = await auditOf([
      service,
      aPrivateEndpoint({ service: recoveryId, groupIds: [group] }),
      anInterface({ groupId: group, addresses: { "10.0.0.4": fqdns } }),
      [aNetwork(), noZoneGroup(), everyZone],
    ]);
    const findings = evaluations.flatMap((evaluation) => evaluation.findings).filter(({ rule }) => rule === "NI304");
    expect(findings.map(({ status, part }) => `${status} ${part}`)).toEqual(want);
  });
});

function zonesOf(group: string): readonly string[] {
  const zones = serviceOfType(idOf(recoveryId).type)?.privateLink.find(({ groupId }) => groupId === group)?.zones;
  return [zones?.public ?? []].flat().map((zone) => `${group} ${zone}`);
}
