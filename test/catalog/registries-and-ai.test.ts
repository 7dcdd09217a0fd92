import { describe, expect, test } from "vitest";
import { apiVersionThatShows } from "../../lib/catalog/hidden-parts.ts";
import { Policy } from "../../lib/model/policy.ts";
import {
  aConnection,
  aNetwork,
  aPerimeter,
  aSecurityGroup,
  complete,
  type Given,
  idOf,
  ipRules,
  networkId,
  subnetId,
  subscription,
} from "../support/builders.ts";
import { expectFixesToHold } from "../support/fixed.ts";
import {
  approved,
  approving,
  expectInCatalog,
  expectJudged,
  off,
  type ServiceRow,
  wantedPrivate,
} from "../support/judged.ts";
import {
  anInterface,
  aPrivateEndpoint,
  aZone,
  aZoneGroup,
  endpointId,
  everyZone,
  noZoneGroup,
  zoneId,
} from "../support/private-endpoints.ts";
import {
  aiId,
  aManagedHsm,
  anAiAccount,
  aRegistry,
  aSearchService,
  hsmId,
  registryId,
  registryRules,
  searchId,
} from "../support/registries-and-ai.ts";
import { auditOf } from "../support/world.ts";

const halves = ["0.0.0.0/1", "128.0.0.0/1"];
const withEndpoint = (service: string): Given => [aNetwork([{ serviceEndpoints: [service] }]), aSecurityGroup()];
const forSubnet = [{ action: "Allow", virtualNetworkSubnetResourceId: subnetId }];

/** As stable api-versions show it. */
function hidden(rules: object = {}) {
  const { virtualNetworkRules: _, ...shown } = registryRules();
  return { networkRuleSet: { ...shown, ...rules } };
}

const registries: readonly ServiceRow[] = [
  { when: "it denies by default and has no rule", given: aRegistry(), want: "nobody" },
  {
    when: "it allows by default",
    given: aRegistry({ networkRuleSet: registryRules({ defaultAction: "Allow" }) }),
    want: "internet",
    fails: ["NI101"],
  },
  {
    when: "nothing is set, in a tier without a firewall",
    given: aRegistry({ networkRuleSet: undefined, networkRuleBypassOptions: "AzureServices" }, "Basic"),
    want: "internet",
    fails: ["NI101"],
  },
  {
    when: "its rules together admit everybody",
    given: aRegistry({ networkRuleSet: registryRules({ ipRules: ipRules(...halves) }) }),
    want: "internet",
    fails: ["NI102"],
  },
  {
    when: "a rule is wider than what is approved",
    given: aRegistry({ networkRuleSet: registryRules({ ipRules: ipRules("203.0.113.0/27") }) }),
    policy: approving,
    want: "addresses",
    fails: ["NI104"],
  },
  {
    when: "public access is off and rules are kept",
    given: aRegistry({ ...off, networkRuleSet: registryRules({ ipRules: ipRules("203.0.113.7") }) }),
    want: "nobody",
    fails: ["NI107"],
  },
  {
    when: "trusted services are let in unless somebody says otherwise",
    given: aRegistry({ networkRuleBypassOptions: undefined }),
    want: "nobody",
    fails: ["NI106"],
  },
  {
    when: "public access is off and tasks are let in all the same",
    given: aRegistry({ ...off, networkRuleBypassAllowedForTasks: true }),
    want: "nobody",
    fails: ["NI106"],
  },
  {
    when: "trusted services are let in and a subnet is, which ends that",
    given: aRegistry({
      networkRuleBypassOptions: "AzureServices",
      networkRuleSet: registryRules({ virtualNetworkRules: forSubnet }),
    }),
    beside: withEndpoint("Microsoft.ContainerRegistry"),
    want: "subnets",
  },
  {
    when: "a subnet is let in, in the words of older api-versions",
    given: aRegistry({ networkRuleSet: registryRules({ virtualNetworkRules: [{ action: "Allow", id: subnetId }] }) }),
    beside: withEndpoint("Microsoft.ContainerRegistry"),
    want: "subnets",
  },
  {
    when: "a subnet is let in that has no service endpoint",
    given: aRegistry({ networkRuleSet: registryRules({ virtualNetworkRules: forSubnet }) }),
    beside: [aNetwork(), aSecurityGroup()],
    want: "nobody",
    fails: ["NI202"],
  },
  {
    when: "a subnet is let in and public access is off, which ends that",
    given: aRegistry({ ...off, networkRuleSet: registryRules({ virtualNetworkRules: forSubnet }) }),
    beside: withEndpoint("Microsoft.ContainerRegistry"),
    want: "nobody",
    fails: ["NI207"],
  },
  {
    when: "a subnet is let in beside a private endpoint, which Azure does not support",
    given: aRegistry({ ...approved, networkRuleSet: registryRules({ virtualNetworkRules: forSubnet }) }),
    beside: withEndpoint("Microsoft.ContainerRegistry"),
    want: "private..subnets",
  },
  {
    when: "its body does not show network rules",
    given: aRegistry(hidden()),
    want: "nobody..subnets",
    unsure: ["NI202", "NI203", "NI205"],
  },
  {
    when: "public access is off and its body does not show network rules",
    given: aRegistry({ ...off, ...hidden() }),
    want: "nobody",
    unsure: ["NI203", "NI207"],
  },
  {
    when: "it has a tier without network rules and its body does not show any",
    given: aRegistry(hidden({ defaultAction: "Allow" }), "Standard"),
    want: "internet",
    fails: ["NI101"],
  },
  {
    when: "the policy wants a private endpoint and there is none",
    given: aRegistry(off),
    policy: wantedPrivate(registryId),
    want: "nobody",
    fails: ["NI301"],
  },
  {
    when: "a perimeter names it, in which nothing of its type can be",
    given: aRegistry({ networkRuleSet: registryRules({ defaultAction: "Allow" }) }),
    beside: aPerimeter({ service: registryId }),
    want: "internet",
    fails: ["NI101"],
  },
];

const acls = (rules: object) => ({
  networkAcls: { defaultAction: "Deny", ipRules: [], virtualNetworkRules: [], ...rules },
});

const accounts: readonly ServiceRow[] = [
  { when: "it denies by default and has no rule", given: anAiAccount(), want: "nobody" },
  {
    when: "nothing is set",
    given: anAiAccount({ networkAcls: undefined, publicNetworkAccess: undefined }),
    want: "internet",
    fails: ["NI101"],
  },
  {
    when: "its rules together admit everybody",
    given: anAiAccount(acls({ ipRules: halves.map((value) => ({ value })) })),
    want: "internet",
    fails: ["NI102"],
  },
  {
    when: "public access is off, whatever the default action",
    given: anAiAccount({ ...off, ...acls({ defaultAction: "Allow" }) }),
    want: "nobody",
  },
  {
    when: "trusted services are let in while public access is off",
    given: anAiAccount({ ...off, ...acls({ bypass: "AzureServices" }) }),
    want: "nobody",
    fails: ["NI106"],
  },
  {
    when: "a subnet with a service endpoint is let in",
    given: anAiAccount(acls({ virtualNetworkRules: [{ id: subnetId, state: "Succeeded" }] })),
    beside: withEndpoint("Microsoft.CognitiveServices"),
    want: "subnets",
  },
  {
    when: "a subnet is let in and everybody is",
    given: anAiAccount(acls({ defaultAction: "Allow", virtualNetworkRules: [{ id: subnetId }] })),
    beside: withEndpoint("Microsoft.CognitiveServices"),
    want: "internet",
    fails: ["NI101", "NI201"],
  },
  {
    when: "an enforced perimeter holds it, whatever its own settings",
    given: anAiAccount(acls({ defaultAction: "Allow" })),
    beside: aPerimeter({ service: aiId }),
    want: "nobody",
  },
  {
    when: "its public access has a value that nobody knows",
    given: anAiAccount({ publicNetworkAccess: "SecuredByPerimeter", ...acls({ defaultAction: "Allow" }) }),
    want: "nobody..internet",
    unsure: ["NI101", "NI102", "NI103", "NI701", "NI702"],
  },
  {
    when: "a private endpoint is approved and everybody is let in",
    given: anAiAccount({ ...approved, ...acls({ defaultAction: "Allow" }) }),
    want: "internet",
    fails: ["NI101", "NI303"],
  },
];

const rulesOf = (...values: readonly string[]) => ({
  networkRuleSet: { bypass: "None", ipRules: values.map((value) => ({ value })) },
});

const searches: readonly ServiceRow[] = [
  { when: "one address is listed", given: aSearchService(), want: "addresses" },
  {
    when: "there is no rule, which admits everybody",
    given: aSearchService(rulesOf()),
    want: "internet",
    fails: ["NI101"],
  },
  {
    when: "there is no rule beside a private endpoint",
    given: aSearchService({ ...approved, ...rulesOf() }),
    want: "internet",
    fails: ["NI101", "NI303"],
  },
  {
    when: "nothing is set at all, as in the free tier",
    given: aSearchService({ networkRuleSet: undefined, publicNetworkAccess: undefined }, "free"),
    want: "internet",
    fails: ["NI101"],
  },
  {
    when: "one rule is the whole address space",
    given: aSearchService(rulesOf("0.0.0.0/0")),
    want: "internet",
    fails: ["NI101"],
  },
  {
    when: "public access is off and there is no rule",
    given: aSearchService({ ...off, ...rulesOf() }),
    want: "nobody",
  },
  {
    when: "public access is off in lower case, and a rule is kept",
    given: aSearchService({ publicNetworkAccess: "disabled" }),
    want: "nobody",
    fails: ["NI107"],
  },
  {
    when: "trusted services are let in",
    given: aSearchService({ networkRuleSet: { bypass: "AzureServices", ipRules: [{ value: "203.0.113.7" }] } }),
    want: "addresses",
    fails: ["NI106"],
  },
  {
    when: "the portal is let in, as a preview can say",
    given: aSearchService({ networkRuleSet: { bypass: "AzurePortal", ipRules: [{ value: "203.0.113.7" }] } }),
    want: "addresses",
    fails: ["NI106"],
  },
  {
    when: "an exception is one that nobody knows",
    given: aSearchService({ networkRuleSet: { bypass: "Visitors", ipRules: [{ value: "203.0.113.7" }] } }),
    want: "addresses",
    unsure: ["NI106"],
  },
  {
    when: "it is left to a perimeter, and there is none",
    given: aSearchService({ publicNetworkAccess: "SecuredByPerimeter", ...rulesOf() }),
    beside: complete(searchId, "Microsoft.Search/searchServices/networkSecurityPerimeterConfigurations"),
    want: "nobody",
    fails: ["NI702"],
  },
];

const hsms: readonly ServiceRow[] = [
  { when: "it denies by default and has no rule", given: aManagedHsm(), want: "nobody" },
  {
    when: "nothing is set",
    given: aManagedHsm({ networkAcls: undefined, publicNetworkAccess: undefined }),
    want: "internet",
    fails: ["NI101"],
  },
  {
    when: "one address is listed",
    given: aManagedHsm(acls({ bypass: "None", ipRules: [{ value: "203.0.113.7" }] })),
    want: "addresses",
  },
  {
    when: "nobody says whether trusted services are let in, which they are",
    given: aManagedHsm(acls({})),
    want: "nobody",
    fails: ["NI106"],
  },
  {
    when: "public access is off and trusted services are let in all the same",
    given: aManagedHsm({ ...off, ...acls({ bypass: "AzureServices" }) }),
    want: "nobody",
    fails: ["NI106"],
  },
  {
    when: "a service tag is let in, of which the documents do not say more",
    given: aManagedHsm(acls({ bypass: "None", serviceTags: [{ tag: "AzureDevOps" }] })),
    want: "nobody..internet",
    unsure: ["NI101", "NI102", "NI103", "NI105"],
  },
  {
    when: "public access is off and a service tag is kept",
    given: aManagedHsm({ ...off, ...acls({ bypass: "None", serviceTags: [{ tag: "AzureDevOps" }] }) }),
    want: "nobody",
    fails: ["NI107"],
  },
];

const services = [
  {
    what: "a container registry",
    id: registryId,
    rows: registries,
    group: "registry",
    zones: { public: "privatelink.azurecr.io", usgov: "privatelink.azurecr.us" },
    endpoints: [["microsoft.containerregistry", "AzureContainerRegistry"]] as const,
  },
  {
    what: "an Azure AI services account",
    id: aiId,
    rows: accounts,
    group: "account",
    zones: {
      public: ["cognitiveservices.azure.com", "openai.azure.com", "services.ai.azure.com"].map(
        (domain) => `privatelink.${domain}`,
      ),
      usgov: ["privatelink.cognitiveservices.azure.us"],
    },
    endpoints: [["microsoft.cognitiveservices", "CognitiveServicesManagement"]] as const,
  },
  {
    what: "an Azure AI Search service",
    id: searchId,
    rows: searches,
    group: "searchService",
    zones: { public: "privatelink.search.windows.net", usgov: "privatelink.search.azure.us" },
  },
  {
    what: "a managed HSM",
    id: hsmId,
    rows: hsms,
    group: "managedhsm",
    zones: { public: "privatelink.managedhsm.azure.net" },
  },
];

describe.each(services)("$what", ({ id, rows, ...inCatalog }) => {
  test.each(rows)("$want when $when", (row) => expectJudged(id, row));

  test("is what its row of the catalog says", () => expectInCatalog({ id, ports: "443", ...inCatalog }));
});

describe("names behind a private endpoint of an account", () => {
  const zoneOf = (domain: string) => `privatelink.${domain}`;
  const [cognitive, openAi, foundry] = ["cognitiveservices.azure.com", "openai.azure.com", "services.ai.azure.com"];

  function world(
    domains: readonly string[],
    groups: Given,
    zones: readonly { domain: string; address: string }[],
  ): Given {
    const names = domains.map((domain) => `ai-erp.${domain}`);
    return [
      anAiAccount({ ...off, privateEndpointConnections: [aConnection("Approved", "pe-blob")] }),
      aPrivateEndpoint({ service: aiId, groupIds: ["account"] }),
      anInterface({ groupId: "account", addresses: { "10.0.0.4": names } }),
      aNetwork(),
      aSecurityGroup(),
      groups,
      everyZone,
      zones.map(({ domain, address }) =>
        aZone({ id: zoneId(zoneOf(domain)), links: [networkId], records: { "ai-erp": [address] } }),
      ),
    ];
  }

  test.each([
    {
      when: "it has all three and one zone is there",
      given: world([cognitive, openAi, foundry], noZoneGroup(), [{ domain: cognitive, address: "10.0.0.4" }]),
      want: [`NI304 fail account ${zoneOf(openAi)}`, `NI304 fail account ${zoneOf(foundry)}`],
    },
    {
      when: "it has one of them, which its zone holds",
      given: world([openAi], noZoneGroup(), [{ domain: openAi, address: "10.0.0.4" }]),
      want: [],
    },
    {
      when: "it has one of them, and a zone is there for another",
      given: world([openAi], noZoneGroup(), [{ domain: cognitive, address: "10.0.0.4" }]),
      want: [`NI304 fail account ${zoneOf(openAi)}`],
    },
    {
      when: "one of two zones leads elsewhere",
      given: world([cognitive, openAi], noZoneGroup(), [
        { domain: cognitive, address: "10.0.0.4" },
        { domain: openAi, address: "10.0.0.9" },
      ]),
      want: [`NI306 fail account ${zoneOf(openAi)}`],
    },
    {
      when: "nothing says which names it has",
      given: world([], noZoneGroup(), []),
      want: [cognitive, openAi, foundry].flatMap((domain) =>
        ["NI304", "NI305", "NI306"].map((rule) => `${rule} undetermined account ${zoneOf(domain)}`),
      ),
    },
    {
      when: "a zone group keeps its one name",
      given: world(
        [cognitive],
        [
          aZoneGroup(zoneId(zoneOf(cognitive)), endpointId(), [
            { recordType: "A", recordSetName: "ai-erp", fqdn: `ai-erp.${cognitive}`, ipAddresses: ["10.0.0.4"] },
          ]),
        ],
        [{ domain: cognitive, address: "10.0.0.4" }],
      ),
      want: [],
    },
  ])("$when", async ({ given, want }) => {
    const { evaluations } = await auditOf(given);
    const findings = evaluations.flatMap((evaluation) => evaluation.findings);
    const found = findings.filter(({ rule }) => /NI30[456]/.test(rule));
    const text = found.map(({ rule, status, part }) => `${rule} ${status} ${part}`);
    expect(text.toSorted()).toEqual(want.toSorted());
    await expectFixesToHold(given, Policy.default, ({ rule }) => /NI30[456]/.test(rule));
  });
});

test("a registry's data endpoint has its name in the zone of the registry", async () => {
  const names = ["crerp.azurecr.io", "crerp.westeurope.data.azurecr.io"];
  const { evaluations } = await auditOf([
    aRegistry({ ...off, privateEndpointConnections: [aConnection("Approved", "pe-blob")] }),
    aPrivateEndpoint({ service: registryId, groupIds: ["registry"] }),
    anInterface({ groupId: "registry", addresses: { "10.0.0.4": [names[0] ?? ""], "10.0.0.5": [names[1] ?? ""] } }),
    aNetwork(),
    aSecurityGroup(),
    noZoneGroup(),
    everyZone,
    aZone({ id: zoneId("privatelink.azurecr.io"), links: [networkId], records: { crerp: ["10.0.0.4"] } }),
  ]);
  const findings = evaluations.flatMap((evaluation) => evaluation.findings);
  const found = findings.filter(({ rule, status }) => /NI30[456]/.test(rule) && status === "fail");
  expect(found.map(({ rule, message }) => `${rule} ${message}`)).toEqual([
    "NI306 `privatelink.azurecr.io` has no record `crerp.westeurope.data`",
  ]);
});

test.each([
  { type: registryId, body: aRegistry(), want: undefined },
  { type: registryId, body: aRegistry(hidden()), want: "2026-03-01-preview" },
  {
    type: registryId,
    body: aRegistry({ networkRuleBypassAllowedForTasks: undefined }),
    want: "2026-03-01-preview",
  },
  { type: registryId, body: aRegistry({ networkRuleSet: null }), want: "2026-03-01-preview" },
  { type: registryId, body: { ...aRegistry(hidden()), sku: undefined }, want: "2026-03-01-preview" },
  { type: registryId, body: aRegistry(hidden(), "Basic"), want: undefined },
  { type: registryId, body: undefined, want: "2026-03-01-preview" },
  { type: aiId, body: anAiAccount({ networkAcls: undefined }), want: undefined },
  { type: networkId, body: aNetwork(), want: undefined },
])("the api-version that shows what the body of $body.name lacks is $want", ({ type, body, want }) => {
  expect(apiVersionThatShows(idOf(type).type, body)).toBe(want);
});

test.each([
  { given: aRegistry(hidden()), want: "undetermined" },
  { given: aRegistry(), want: "fail" },
  { given: aRegistry({ networkRuleSet: registryRules({ virtualNetworkRules: forSubnet }) }), want: "pass" },
])("a service endpoint for registries is unused: $want", async ({ given, want }) => {
  const { evaluations } = await auditOf([
    withEndpoint("Microsoft.ContainerRegistry"),
    complete(subscription, "Microsoft.ContainerRegistry/registries"),
    given,
  ]);
  const findings = evaluations.flatMap((evaluation) => evaluation.findings);
  expect(findings.find(({ rule }) => rule === "NI204")?.status ?? "pass").toBe(want);
});
