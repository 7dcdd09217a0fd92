import { describe, expect, test } from "vitest";
import { apiVersionThatShows } from "../../lib/catalog/hidden-parts.ts";
import { serviceOfType } from "../../lib/catalog/index.ts";
import { Glob } from "../../lib/model/glob.ts";
import { fold } from "../../lib/model/resource-id.ts";
import { readSet } from "../net/read-set.ts";
import { aConnection, aNetwork, aPerimeter, type Body, idOf, noPerimeter } from "../support/builders.ts";
import { fixesOf } from "../support/fixed.ts";
import {
  approved,
  approving,
  type Chain,
  chains,
  expectInCatalog,
  expectJudged,
  judgedChain,
  type ServiceRow,
  wantedPrivate,
} from "../support/judged.ts";
import { anInterface, aPrivateEndpoint, blobZone, everyZone, noZoneGroup } from "../support/private-endpoints.ts";
import {
  aServiceWithoutFirewall,
  automationId,
  grafanaId,
  managedRedisId,
  offOf,
  purviewId,
  recoveryId,
  storeId,
  twinsId,
} from "../support/services-without-firewall.ts";
import { auditOf, policyWith } from "../support/world.ts";

const unset = { publicNetworkAccess: undefined };
const pending = { privateEndpointConnections: [aConnection("Pending")] };

/** What holds of every service that has no firewall. */
function ofAny(id: string): readonly ServiceRow[] {
  const given = (properties: object = {}): Body => aServiceWithoutFirewall(id, { ...properties });
  const off = offOf(id);
  return [
    { when: "public access is on", given: given(), want: "internet", fails: ["NI101"] },
    {
      when: "public access is on, and some addresses are approved, which nothing can narrow it to",
      given: given(),
      policy: approving,
      want: "internet",
      fails: ["NI101"],
    },
    { when: "public access is off", given: given(off), want: "nobody" },
    {
      when: "a private endpoint is approved and the public door is open all the same",
      given: given(approved),
      want: "internet",
      fails: ["NI101", "NI303"],
    },
    {
      when: "a private endpoint is approved, and nothing else is open",
      given: given({ ...off, ...approved }),
      policy: wantedPrivate(id),
      want: "private",
    },
    {
      when: "the policy wants a private endpoint and one is pending",
      given: given({ ...off, ...pending }),
      policy: wantedPrivate(id),
      want: "nobody",
      fails: ["NI301", "NI302"],
    },
    {
      when: "public access is neither on nor off, but something that nobody knows",
      given: given({ publicNetworkAccess: "Sometimes" }),
      want: "nobody..internet",
      unsure: unsureOfAccess(id),
    },
  ];
}

/** What cannot be told while nobody knows whether public access is on, or left to a perimeter. */
function unsureOfAccess(id: string): readonly string[] {
  const isOutside = serviceOfType(idOf(id).type)?.isOutsidePerimeters === true;
  return isOutside ? ["NI101", "NI702"] : ["NI101", "NI102", "NI103", "NI701", "NI702"];
}

const ofStores: readonly ServiceRow[] = [
  ...ofAny(storeId),
  {
    when: "public access is automatic and there is no private endpoint",
    given: aServiceWithoutFirewall(storeId, unset),
    want: "internet",
    fails: ["NI101"],
  },
  {
    when: "public access is automatic and a private endpoint is approved, which switched it off",
    given: aServiceWithoutFirewall(storeId, { publicNetworkAccess: null, ...approved }),
    want: "private",
  },
  {
    when: "public access is automatic and a private endpoint is only pending",
    given: aServiceWithoutFirewall(storeId, { ...unset, ...pending }),
    want: "nobody..internet",
    fails: ["NI302"],
    unsure: unsureOfAccess(storeId),
  },
  {
    when: "it is secured by a perimeter and in none",
    given: aServiceWithoutFirewall(storeId, { publicNetworkAccess: "SecuredByPerimeter" }),
    want: "nobody",
    fails: ["NI702"],
  },
  {
    when: "a perimeter that is enforced holds it, whatever public access says",
    given: aServiceWithoutFirewall(storeId),
    beside: aPerimeter({ service: storeId, accessMode: "Enforced" }),
    want: "nobody",
  },
  {
    when: "a perimeter that is learning holds it",
    given: aServiceWithoutFirewall(storeId),
    beside: aPerimeter({ service: storeId, accessMode: "Learning" }),
    want: "internet",
    fails: ["NI101", "NI701"],
  },
];

test.each(ofStores)("an App Configuration store: $want when $when", (row) => expectJudged(storeId, row));

const ofManagedRedis: readonly ServiceRow[] = [
  ...ofAny(managedRedisId),
  {
    when: "an old api-version made it, so that it has no switch, and it has no private endpoint",
    given: {
      ...aServiceWithoutFirewall(managedRedisId, { publicNetworkAccess: null }),
      sku: { name: "Enterprise_E10" },
    },
    want: "internet",
    fails: ["NI101"],
  },
  {
    when: "it has no switch and a private endpoint is approved, and no document says what that does",
    given: aServiceWithoutFirewall(managedRedisId, { ...unset, ...approved }),
    want: "private..internet",
    unsure: ["NI101", "NI303"],
  },
  {
    when: "a perimeter names it, in which nothing of its type can be",
    given: aServiceWithoutFirewall(managedRedisId),
    beside: aPerimeter({ service: managedRedisId, accessMode: "Enforced" }),
    want: "internet",
    fails: ["NI101"],
  },
];

test.each(ofManagedRedis)("an Azure Managed Redis cluster: $want when $when", (row) =>
  expectJudged(managedRedisId, row));

/** Of services whose private endpoints keep nobody out. */
function openUnlessOff(id: string): readonly ServiceRow[] {
  return [
    ...ofAny(id),
    id === twinsId
      ? {
          when: "nobody says whether public access is on, and no document what that means",
          given: aServiceWithoutFirewall(id, unset),
          want: "nobody..internet",
          unsure: ["NI101"],
        }
      : {
          when: "nobody says whether public access is on, which it is, private endpoint or not",
          given: aServiceWithoutFirewall(id, { ...unset, ...approved }),
          want: "internet",
          fails: ["NI101", "NI303"],
        },
    {
      when: "a perimeter names it, in which nothing of its type can be",
      given: aServiceWithoutFirewall(id),
      beside: aPerimeter({ service: id, accessMode: "Enforced" }),
      want: "internet",
      fails: ["NI101"],
    },
  ];
}

describe.each([twinsId, grafanaId, automationId, purviewId])("%s", (id) => {
  test.each(openUnlessOff(id))("$want when $when", (row) => expectJudged(id, row));
});

const ofVaults: readonly ServiceRow[] = [
  ...ofAny(recoveryId),
  {
    when: "nobody says whether public access is on, and a private endpoint is approved, which may have it off",
    given: aServiceWithoutFirewall(recoveryId, { ...unset, ...approved }),
    want: "private..internet",
    unsure: ["NI101", "NI303"],
  },
];

test.each(ofVaults)("a Recovery Services vault: $want when $when", (row) => expectJudged(recoveryId, row));

test.each([
  { spelled: "False", want: "nobody" },
  { spelled: "TRUE", want: "internet", fails: ["NI101"] },
])("an Automation account whose boolean is spelled $spelled: $want", ({ spelled, want, fails = [] }) => {
  const given = aServiceWithoutFirewall(automationId, { publicNetworkAccess: spelled });
  return expectJudged(automationId, { when: "", given, want, fails });
});

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
    given: aServiceWithoutFirewall(automationId, { sku: undefined, ...properties }),
    want,
    unsure,
  }));

test("an Automation account of a list is read by itself", () => {
  const type = idOf(automationId).type;
  expect(apiVersionThatShows(type, aServiceWithoutFirewall(automationId, { sku: undefined }))).toBe("2024-10-23");
  expect(apiVersionThatShows(type, aServiceWithoutFirewall(automationId))).toBeUndefined();
});

interface Entry {
  readonly id: string;
  readonly group: string;
  readonly zones: { readonly public: string | readonly string[]; readonly usgov?: string; readonly china?: string };
  readonly ports: string;
}

const automationZones = {
  public: "privatelink.azure-automation.net",
  usgov: "privatelink.azure-automation.us",
  china: "privatelink.azure-automation.cn",
};

const entries: readonly Entry[] = [
  {
    id: storeId,
    group: "configurationStores",
    zones: { public: "privatelink.azconfig.io", usgov: "privatelink.azconfig.azure.us" },
    ports: "443",
  },
  {
    id: managedRedisId,
    group: "redisEnterprise",
    zones: { public: ["privatelink.redisenterprise.cache.azure.net", "privatelink.redis.azure.net"] },
    ports: "10000",
  },
  { id: grafanaId, group: "grafana", zones: { public: "privatelink.grafana.azure.com" }, ports: "443" },
  { id: twinsId, group: "API", zones: { public: "privatelink.digitaltwins.azure.net" }, ports: "443" },
  { id: automationId, group: "Webhook", zones: automationZones, ports: "443" },
  { id: automationId, group: "DSCAndHybridWorker", zones: automationZones, ports: "443" },
  {
    id: purviewId,
    group: "account",
    zones: { public: "privatelink.purview.azure.com", usgov: "privatelink.purview.azure.us" },
    ports: "443",
  },
  {
    id: purviewId,
    group: "portal",
    zones: { public: "privatelink.purviewstudio.azure.com", usgov: "privatelink.purviewstudio.azure.us" },
    ports: "443",
  },
  {
    id: purviewId,
    group: "platform",
    zones: { public: "privatelink.purview-service.microsoft.com" },
    ports: "443",
  },
  {
    id: recoveryId,
    group: "AzureSiteRecovery",
    zones: { public: "privatelink.siterecovery.windowsazure.com", usgov: "privatelink.siterecovery.windowsazure.us" },
    ports: "443",
  },
];

/** A group, with the zone where it has several. */
const chained = entries.flatMap(({ id, group, zones }) =>
  [zones.public].flat().map((zone) => {
    return { id, group, zone, part: typeof zones.public === "string" ? group : `${group} ${zone}` };
  }),
);

describe.each(entries)("$id, $group", ({ id, group, zones, ports }) => {
  test("is what its row of the catalog says", () => expectInCatalog({ id, group, zones, ports }));

  test("is open because it has no firewall, and says so", async () => {
    const { evaluations } = await auditOf([aServiceWithoutFirewall(id)]);
    const [found] = evaluations.flatMap(({ findings }) => findings.filter(({ rule }) => rule === "NI101"));
    expect(found?.message).toBe("every address is admitted, as the service has no firewall");
    expect(found?.evidence.map(({ pointer }) => pointer)).toEqual(["/properties/publicNetworkAccess"]);
  });

  test("is not opened to everybody so that a site gets in", async () => {
    const needs = [{ kind: "id", glob: new Glob(id) }] as const;
    const natAddresses = readSet("198.51.100.10");
    const sites = [{ name: "plant", natAddresses, connection: "internet", needs }] as const;
    const { answers } = await fixesOf([aServiceWithoutFirewall(id, offOf(id)), noPerimeter], policyWith({ sites }));
    expect(answers.map(({ id: finding, outcome }) => [finding, outcome])).toEqual([
      [`NI501:${fold(id)}#site:plant`, "none"],
    ]);
  });
});

describe.each(chained)("$id, $part in $zone", ({ id, group, zone, part }) => {
  test.each<Chain>(chains)("with a private endpoint has $want when $when", async (chain) => {
    const service = aServiceWithoutFirewall(id, {
      ...offOf(id),
      privateEndpointConnections: [aConnection("Approved", "pe-blob")],
    });
    const want = chain.want.map((rule) => `${rule} ${part}`);
    expect(await judgedChain(id, service, group, zone, chain)).toEqual(want);
  });
});

describe.each(["AzureBackup", "AzureBackup_secondary"])("a private endpoint of a vault for %s", (group) => {
  const service = aServiceWithoutFirewall(recoveryId, {
    ...offOf(recoveryId),
    privateEndpointConnections: [aConnection("Approved", "pe-blob")],
  });
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
