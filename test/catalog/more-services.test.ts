import { describe, expect, test } from "vitest";
import { isInEnvironment } from "../../lib/catalog/environments.ts";
import { fold } from "../../lib/model/resource-id.ts";
import {
  aConnection,
  aNetwork,
  aPerimeter,
  aSecurityGroup,
  type Given,
  idOf,
  noPerimeter,
  refusedList,
  subnetId,
} from "../support/builders.ts";
import {
  anAddress,
  approved,
  approving,
  azure,
  type Chain,
  chains,
  expectInCatalog,
  expectJudged,
  judgedChain,
  off,
  type ServiceRow,
  wantedPrivate,
  whole,
} from "../support/judged.ts";
import {
  aCache,
  aCluster,
  anEventGrid,
  aRelayNamespace,
  cacheId,
  clusterId,
  domainId,
  partnerId,
  pullId,
  relayId,
  topicId,
} from "../support/more-services.ts";
import { auditOf, snapshotOf } from "../support/world.ts";

const unreadRules = refusedList(cacheId, "Microsoft.Cache/redis/firewallRules");

const ofCaches: readonly ServiceRow[] = [
  { when: "there is no rule", given: aCache(), want: "internet", fails: ["NI101"] },
  { when: "one address is listed", given: aCache({ firewallRules: [anAddress] }), want: "addresses" },
  {
    when: "there is no rule, and what is approved could be one",
    given: aCache(),
    policy: approving,
    want: "internet",
    fails: ["NI101"],
  },
  {
    when: "one rule is the whole address space",
    given: aCache({ firewallRules: [whole] }),
    want: "internet",
    fails: ["NI101"],
  },
  {
    when: "two rules meet in the middle",
    given: aCache({
      firewallRules: [
        ["0.0.0.0", "120.0.0.0"],
        ["120.0.0.1", "255.255.255.255"],
      ],
    }),
    want: "internet",
    fails: ["NI102"],
  },
  {
    when: "a rule is wider than what is approved",
    given: aCache({ firewallRules: [["203.0.113.0", "203.0.113.31"]] }),
    policy: approving,
    want: "addresses",
    fails: ["NI104"],
  },
  {
    when: "the only rule is for private addresses, so that nobody gets in",
    given: aCache({ firewallRules: [["10.0.0.0", "10.0.255.255"]] }),
    want: "nobody",
    fails: ["NI105"],
  },
  {
    when: "the rule is one that lets Azure in elsewhere, and of which nothing is said here",
    given: aCache({ firewallRules: [azure] }),
    want: "nobody..azure",
    unsure: ["NI103", "NI105"],
  },
  { when: "public access is off and there is no rule", given: aCache({ properties: off }), want: "nobody" },
  {
    when: "public access is off and rules are kept",
    given: aCache({ properties: off, firewallRules: [whole] }),
    want: "nobody",
    fails: ["NI107"],
  },
  {
    when: "nobody says whether public access is on, which it is",
    given: aCache({ properties: { publicNetworkAccess: undefined } }),
    want: "internet",
    fails: ["NI101"],
  },
  {
    when: "nobody says whether public access is on, and a private endpoint may have switched it off",
    given: aCache({ properties: { publicNetworkAccess: undefined, ...approved } }),
    want: "private..internet",
    unsure: ["NI101", "NI303"],
  },
  {
    when: "a private endpoint is approved and the public door is open all the same",
    given: aCache({ properties: approved }),
    want: "internet",
    fails: ["NI101", "NI303"],
  },
  {
    when: "a private endpoint is approved, and nothing else is open",
    given: aCache({ properties: { ...off, ...approved } }),
    policy: wantedPrivate(cacheId),
    want: "private",
  },
  {
    when: "the policy wants a private endpoint and one is pending",
    given: aCache({ properties: { ...off, privateEndpointConnections: [aConnection("Pending")] } }),
    policy: wantedPrivate(cacheId),
    want: "nobody",
    fails: ["NI301", "NI302"],
  },
  {
    when: "nobody read the list of rules, which may be empty",
    given: aCache({ isListRead: false }),
    want: "nobody..internet",
    unsure: ["NI101", "NI102", "NI103", "NI105"],
  },
  {
    when: "the list of rules was refused",
    given: [aCache({ isListRead: false }), unreadRules],
    want: "nobody..internet",
    unsure: ["NI101", "NI102", "NI103", "NI105"],
  },
  {
    when: "a rule was seen, and the list was refused",
    given: [aCache({ firewallRules: [anAddress], isListRead: false }), unreadRules],
    want: "addresses..internet",
    unsure: ["NI101", "NI102", "NI103", "NI105"],
  },
  {
    when: "a perimeter names it, in which nothing of its type can be",
    given: aCache(),
    beside: aPerimeter({ service: cacheId, accessMode: "Enforced" }),
    want: "internet",
    fails: ["NI101"],
  },
];

test.each(ofCaches)("a Redis cache: $want when $when", (row) => expectJudged(cacheId, row));

const injected = { subnetId };

describe("a Redis cache in a subnet", () => {
  test("is placed and no more, whatever rules it has", async () => {
    const cache = aCache({ properties: injected, firewallRules: [whole] });
    const { evaluations } = await auditOf([cache, aNetwork(), aSecurityGroup(), noPerimeter]);
    const own = evaluations.filter(({ subject }) => subject.id.key === fold(cacheId));
    expect(own.map(({ subject, findings, reach }) => ({ kind: subject.kind, findings, reach }))).toEqual([
      { kind: "placed", findings: [], reach: undefined },
    ]);
    expect(evaluations.flatMap(({ findings }) => findings).filter(({ status }) => status === "fail")).toEqual([]);
  });

  test.each([
    { properties: injected, is: true },
    { properties: { subnetId: "" }, is: false },
    { properties: { subnetId: null }, is: false },
    { properties: {}, is: false },
  ])("says so by its subnet: $is with $properties", ({ properties, is }) => {
    expect(isInEnvironment(idOf(cacheId).type, { properties })).toBe(is);
  });
});

const ofClusters: readonly ServiceRow[] = [
  { when: "there is no rule", given: aCluster(), want: "nobody" },
  { when: "one address is listed", given: aCluster({ firewallRules: [anAddress] }), want: "addresses" },
  {
    when: "one rule is the whole address space",
    given: aCluster({ firewallRules: [whole] }),
    want: "internet",
    fails: ["NI101"],
  },
  { when: "Azure is let in", given: aCluster({ firewallRules: [azure] }), want: "azure", fails: ["NI103"] },
  {
    when: "Cosmos DB goes past the firewall",
    given: aCluster({ properties: { networkBypassMode: "AzureCosmosDB" } }),
    want: "nobody",
    fails: ["NI106"],
  },
  {
    when: "Cosmos DB does not go past the firewall",
    given: aCluster({ properties: { networkBypassMode: "None" } }),
    want: "nobody",
  },
  {
    when: "public access is off and rules are kept",
    given: aCluster({ properties: off, firewallRules: [whole, azure] }),
    want: "nobody",
    fails: ["NI107"],
  },
  {
    when: "nobody says whether public access is on, which it is, private endpoint or not",
    given: aCluster({ properties: { publicNetworkAccess: undefined, ...approved }, firewallRules: [whole] }),
    want: "internet",
    fails: ["NI101", "NI303"],
  },
  {
    when: "nobody read the list of rules",
    given: aCluster({ isListRead: false }),
    want: "nobody..internet",
    unsure: ["NI101", "NI102", "NI103", "NI105"],
  },
  {
    when: "a perimeter names it, in which nothing of its type can be",
    given: aCluster({ firewallRules: [whole] }),
    beside: aPerimeter({ service: clusterId, accessMode: "Enforced" }),
    want: "internet",
    fails: ["NI101"],
  },
];

test.each(ofClusters)("a DocumentDB cluster: $want when $when", (row) => expectJudged(clusterId, row));

function ofEventGrid(id: string): readonly ServiceRow[] {
  return [
    { when: "one address is listed", given: anEventGrid(id), want: "addresses" },
    {
      when: "there is no rule",
      given: anEventGrid(id, { inboundIpRules: [] }),
      want: "internet",
      fails: ["NI101"],
    },
    {
      when: "there is no list of rules",
      given: anEventGrid(id, { inboundIpRules: undefined }),
      want: "internet",
      fails: ["NI101"],
    },
    {
      when: "a private endpoint is approved and there is no rule",
      given: anEventGrid(id, { inboundIpRules: [], ...approved }),
      want: "internet",
      fails: ["NI101", "NI303"],
    },
    {
      when: "a rule is wider than what is approved",
      given: anEventGrid(id, { inboundIpRules: [{ ipMask: "203.0.113.0/24", action: "Allow" }] }),
      policy: approving,
      want: "addresses",
      fails: ["NI104"],
    },
    {
      when: "a rule says something else than Allow",
      given: anEventGrid(id, { inboundIpRules: [{ ipMask: "203.0.113.7", action: "Maybe" }] }),
      want: "nobody..addresses",
    },
    { when: "public access is off", given: anEventGrid(id, { ...off, inboundIpRules: [] }), want: "nobody" },
    {
      when: "public access is off and rules are kept",
      given: anEventGrid(id, off),
      want: "nobody",
      fails: ["NI107"],
    },
    {
      when: "it is secured by a perimeter and in none",
      given: anEventGrid(id, { publicNetworkAccess: "SecuredByPerimeter", inboundIpRules: [] }),
      want: "nobody",
      fails: ["NI702"],
    },
    {
      when: "a perimeter that is enforced holds it",
      given: anEventGrid(id, { inboundIpRules: [] }),
      beside: aPerimeter({ service: id, accessMode: "Enforced" }),
      want: "nobody",
    },
    {
      when: "a perimeter that is learning holds it",
      given: anEventGrid(id, { inboundIpRules: [] }),
      beside: aPerimeter({ service: id, accessMode: "Learning" }),
      want: "internet",
      fails: ["NI101", "NI701"],
    },
  ];
}

describe.each([topicId, domainId, pullId, partnerId])("%s", (id) => {
  test.each(ofEventGrid(id))("$want when $when", (row) => expectJudged(id, row));
});

const ofPulled: readonly ServiceRow[] = [
  {
    when: "a rule is for IPv6 addresses, which only some of them have",
    given: anEventGrid(pullId, { inboundIpRules: [{ ipMask: "2001:db8::/32", action: "Allow" }] }),
    want: "nobody..addresses",
  },
  {
    when: "a rule is for all IPv6 addresses, which only some of them have",
    given: anEventGrid(pullId, { inboundIpRules: [{ ipMask: "::/0", action: "Allow" }] }),
    want: "nobody..internet",
    unsure: ["NI101", "NI102"],
  },
  {
    when: "no rule is for IPv6 addresses, so that nobody comes from one",
    given: anEventGrid(pullId, { inboundIpRules: [{ ipMask: "203.0.113.0/28", action: "Allow" }] }),
    policy: approving,
    want: "addresses",
  },
];

test.each(ofPulled)("an Event Grid namespace: $want when $when", (row) => expectJudged(pullId, row));

test.each([
  { state: "Enabled", ports: "443,8883" },
  { state: "Disabled", ports: "443" },
  { state: undefined, ports: "443" },
])("an Event Grid namespace whose topic spaces are $state answers on $ports", ({ state, ports }) => {
  const topicSpacesConfiguration = state === undefined ? undefined : { state };
  const [service] = snapshotOf(anEventGrid(pullId, { topicSpacesConfiguration })).ofKind("service");
  expect(service?.ports.must.toString()).toBe(ports);
});

const ofRelays: readonly ServiceRow[] = [
  { when: "one address is listed", given: aRelayNamespace(), want: "addresses" },
  {
    when: "the default is to allow",
    given: aRelayNamespace({ defaultAction: "Allow", ipRules: [] }),
    want: "internet",
    fails: ["NI101"],
  },
  {
    when: "the default is to deny and there is no rule, of which its documents say nothing",
    given: aRelayNamespace({ ipRules: [] }),
    want: "nobody..internet",
    unsure: ["NI101", "NI107"],
  },
  {
    when: "its own body says that public access is off",
    given: aRelayNamespace({ ipRules: [] }, off),
    want: "nobody",
  },
  {
    when: "its rule set says that public access is off",
    given: aRelayNamespace({ ...off, ipRules: [] }),
    want: "nobody",
  },
  {
    when: "trusted services go past the firewall",
    given: aRelayNamespace({ trustedServiceAccessEnabled: true }),
    want: "addresses",
    fails: ["NI106"],
  },
  {
    when: "a perimeter that is enforced holds it",
    given: aRelayNamespace({ defaultAction: "Allow" }),
    beside: aPerimeter({ service: relayId, accessMode: "Enforced" }),
    want: "nobody",
    fails: ["NI107"],
  },
];

test.each(ofRelays)("a Relay namespace: $want when $when", (row) => expectJudged(relayId, row));

interface Entry {
  readonly id: string;
  readonly given: (properties: Readonly<Record<string, unknown>>) => Given;
  readonly group: string;
  readonly zones: { readonly public: string; readonly usgov?: string; readonly china?: string };
  readonly ports: string;
}

const eventGridZones = {
  public: "privatelink.eventgrid.azure.net",
  usgov: "privatelink.eventgrid.azure.us",
  china: "privatelink.eventgrid.azure.cn",
};

const entries: readonly Entry[] = [
  {
    id: cacheId,
    given: (properties) => aCache({ properties }),
    group: "redisCache",
    zones: {
      public: "privatelink.redis.cache.windows.net",
      usgov: "privatelink.redis.cache.usgovcloudapi.net",
      china: "privatelink.redis.cache.chinacloudapi.cn",
    },
    ports: "6380",
  },
  {
    id: clusterId,
    given: (properties) => aCluster({ properties }),
    group: "MongoCluster",
    zones: { public: "privatelink.mongocluster.cosmos.azure.com" },
    ports: "10260,27017",
  },
  {
    id: topicId,
    given: (properties) => anEventGrid(topicId, properties),
    group: "topic",
    zones: eventGridZones,
    ports: "443",
  },
  {
    id: domainId,
    given: (properties) => anEventGrid(domainId, properties),
    group: "domain",
    zones: eventGridZones,
    ports: "443",
  },
  ...[
    { group: "topic", zones: { public: "privatelink.eventgrid.azure.net" } },
    { group: "topicspace", zones: { public: "privatelink.ts.eventgrid.azure.net" } },
  ].map((own) => {
    return { ...own, id: pullId, given: (properties: object) => anEventGrid(pullId, { ...properties }), ports: "443" };
  }),
  {
    id: partnerId,
    given: (properties) => anEventGrid(partnerId, properties),
    group: "partnernamespace",
    zones: { public: eventGridZones.public, usgov: eventGridZones.usgov },
    ports: "443",
  },
  {
    id: relayId,
    given: (properties) => aRelayNamespace({}, properties),
    group: "namespace",
    zones: {
      public: "privatelink.servicebus.windows.net",
      usgov: "privatelink.servicebus.usgovcloudapi.net",
      china: "privatelink.servicebus.chinacloudapi.cn",
    },
    ports: "80,443,5671,9350-9353",
  },
];

describe.each(entries)("$id, $group", ({ id, given, group, zones, ports }) => {
  test("is what its row of the catalog says", () => expectInCatalog({ id, group, zones, ports }));

  test.each<Chain>(chains)("with a private endpoint has $want when $when", async (chain) => {
    const service = given({ ...off, privateEndpointConnections: [aConnection("Approved", "pe-blob")] });
    const want = chain.want.map((rule) => `${rule} ${group}`);
    expect(await judgedChain(id, service, group, zones.public, chain)).toEqual(want);
  });
});
