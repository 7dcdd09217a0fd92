import { beforeAll, describe, expect, test } from "vitest";
import { policyFileName, readPolicyFile } from "../../lib/config.ts";
import { Policy } from "../../lib/model/policy.ts";
import { answerMistakes } from "./checks/published-body.ts";
import { deployed, type Scenario, scenarios } from "./scenarios.ts";
import type { Standing } from "./standing/body.ts";
import { standing } from "./standing/index.ts";
import { withNeighbour } from "./standing/neighbour.ts";
import { auditOf, findingsIn } from "./standing/self-audit.ts";
import { unlocked } from "./standing/unlocked.ts";
import { templates } from "./templates.ts";

type Change = (text: string) => string;

const [closed, withOperators] = scenarios;
let shipped: Policy;
beforeAll(async () => {
  shipped = await readPolicyFile(new URL(`../../infra/${policyFileName}`, import.meta.url).pathname);
});

function standingOf(scenario: Scenario | undefined, sources = templates): readonly Standing[] {
  if (scenario === undefined) throw new Error("there is no such scenario");
  return standing(deployed(sources, scenario).resources);
}

const everyWay = [
  "components: internet from everybody",
  "sites: pe-sites from snet-app",
  "sites: pe-sites from snet-endpoints",
  "storageaccounts: exception AzureServices",
  ...["blob", "queue", "table"].flatMap((groupId) => [
    `storageaccounts: pe-${groupId} from snet-app`,
    `storageaccounts: pe-${groupId} from snet-endpoints`,
  ]),
  "vaults: pe-vault from snet-app",
  "vaults: pe-vault from snet-endpoints",
  "workspaces: internet from everybody",
];

describe("Cordon, as it is deployed, passes its own audit", () => {
  test.each(
    scenarios.filter(({ file }) => file === "main.bicep").map((scenario) => [scenario.name, scenario] as const),
  )("%s", async (_, scenario) => {
    const audited = await auditOf(standingOf(scenario), shipped);
    expect(findingsIn(audited)).toEqual([]);
    const { summary, gaps, problems, conflicts, unmatchedEntries } = audited.report;
    expect({ gaps, problems, conflicts, unmatchedEntries }).toEqual({
      gaps: [],
      problems: [],
      conflicts: [],
      unmatchedEntries: [],
    });
    expect(summary.states.audited).toBe(5);
  });

  test.each([
    ["usgov", "vaultcore.usgovcloudapi.net", "azurewebsites.us", "core.usgovcloudapi.net"],
    ["china", "vaultcore.azure.cn", "chinacloudsites.cn", "core.chinacloudapi.cn"],
  ])("with the names of another cloud: %s", (cloud, vault, app, storage) => {
    const bodies = standingOf(scenarios.find((one) => one.cloud === cloud));
    const zones = bodies.filter(({ type }) => type === "Microsoft.Network/privateDnsZones").map(({ name }) => name);
    const ofStorage = ["blob", "queue", "table"].map((service) => `${service}.${storage}`);
    expect(zones.sort()).toEqual([app, vault, ...ofStorage].map((name) => `privatelink.${name}`).sort());
  });

  test("and is reached by private endpoints and by Event Grid, and in no other way", async () => {
    expect((await auditOf(standingOf(closed), shipped)).ways).toEqual(everyWay);
  });

  test("with operators outside, by them as well, at the app alone", async () => {
    const { ways } = await auditOf(standingOf(withOperators), shipped);
    const operators = "sites: internet from 198.51.100.7, 203.0.113.0/28";
    expect(ways).toEqual([...everyWay, operators].sort());
  });

  test("and no peered network comes to a private endpoint, unless it is named as a caller", async () => {
    const ofNeighbour = async (scenario: Scenario | undefined) => {
      const { ways } = await auditOf(withNeighbour(standingOf(scenario)), shipped);
      return ways.filter((way) => way.endsWith(" from snet-work"));
    };
    expect(await ofNeighbour(closed)).toEqual([]);
    expect(await ofNeighbour(withOperators)).toHaveLength(5);
  });

  test.each(Object.entries(unlocked))("also %s", async (_, unlock) => {
    const audited = await auditOf(unlock(standingOf(closed)), shipped);
    expect(findingsIn(audited)).toEqual([]);
    expect(audited.ways).toEqual(everyWay);
  });

  test("only as the policy approves that Event Grid gets in", async () => {
    expect(findingsIn(await auditOf(standingOf(closed), Policy.default))).toEqual([
      "NI101 fail appi-cordon",
      "NI101 fail log-cordon",
      expect.stringMatching(/^NI106 fail stcordon/),
    ]);
  });
});

/** What every answer has and Azure's published type has not. */
const unpublished = [
  "Microsoft.Web/sites: /properties has no `privateEndpointConnections`",
  "Microsoft.Web/sites: /properties/siteConfig must be object",
];

test("what stands has the shape that Azure publishes", () => {
  const mistakes = standingOf(closed).flatMap(({ id: _, ...body }) =>
    answerMistakes(body.type, body).map((what) => `${body.type}: ${what}`),
  );
  expect([...new Set(mistakes)].sort()).toEqual(unpublished);
});

interface Broken {
  readonly when: string;
  readonly file: string;
  readonly given: Change;
  /** Another lock of the same door, which is open already. */
  readonly behind?: keyof typeof unlocked;
  /** The rules that find it, and where; by a trailing `*` a name that is made. */
  readonly want: readonly string[];
}

const replaced =
  (old: string, other: string): Change =>
  (text) =>
    text.replaceAll(old, other);
const lost =
  (pattern: RegExp): Change =>
  (text) =>
    text.replace(pattern, "");
const lastReplaced =
  (old: string, other: string): Change =>
  (text) => {
    const at = text.lastIndexOf(old);
    return `${text.slice(0, at)}${other}${text.slice(at + old.length)}`;
  };

const groupIds = ["blob", "queue", "table", "vault", "sites"];

/** Without one of the list that a loop goes over. */
const without =
  (groupId: string, symbol: string): Change =>
  (text) => {
    const [before = "", after = ""] = text.split(`resource ${symbol} `);
    return `${before}resource ${symbol} ${after.replace("in endpoints: {", `in endpoints: if (endpoint.groupId != '${groupId}') {`)}`;
  };

const broken: readonly Broken[] = [
  {
    when: "public access to the storage account is on",
    file: "storage.bicep",
    given: replaced("publicNetworkAccess: 'Disabled'", "publicNetworkAccess: 'Enabled'"),
    behind: "were every firewall open",
    want: ["NI101 fail stcordon*", "NI303 fail stcordon*"],
  },
  {
    when: "the firewall of the storage account admits everybody by default",
    file: "storage.bicep",
    given: replaced("defaultAction: 'Deny'", "defaultAction: 'Allow'"),
    behind: "were public access on",
    want: ["NI101 fail stcordon*", "NI303 fail stcordon*"],
  },
  {
    when: "the storage account lets its logs be read from anywhere",
    file: "storage.bicep",
    given: replaced("bypass: 'AzureServices'", "bypass: 'AzureServices, Logging'"),
    want: ["NI106 fail stcordon*"],
  },
  {
    when: "the firewall of the storage account has an address",
    file: "storage.bicep",
    given: replaced("ipRules: []", "ipRules: [{ value: '203.0.113.7', action: 'Allow' }]"),
    want: ["NI107 fail stcordon*"],
  },
  {
    when: "the firewall of the storage account has a subnet",
    file: "storage.bicep",
    given: replaced(
      "virtualNetworkRules: []",
      "virtualNetworkRules: [{ id: resourceId('Microsoft.Network/virtualNetworks/subnets', 'vnet-cordon', 'snet-app'), action: 'Allow' }]",
    ),
    want: ["NI207 fail stcordon*"],
  },
  {
    when: "public access to the vault is on",
    file: "key-vault.bicep",
    given: replaced("publicNetworkAccess: 'Disabled'", "publicNetworkAccess: 'Enabled'"),
    behind: "were every firewall open",
    want: ["NI101 fail kvcordon*", "NI303 fail kvcordon*"],
  },
  {
    when: "the firewall of the vault admits everybody by default",
    file: "key-vault.bicep",
    given: replaced("defaultAction: 'Deny'", "defaultAction: 'Allow'"),
    behind: "were public access on",
    want: ["NI101 fail kvcordon*", "NI303 fail kvcordon*"],
  },
  {
    when: "the vault lets trusted services in",
    file: "key-vault.bicep",
    given: replaced("bypass: 'None'", "bypass: 'AzureServices'"),
    want: ["NI106 fail kvcordon*"],
  },
  {
    when: "the firewall of the vault has an address",
    file: "key-vault.bicep",
    given: replaced("ipRules: []", "ipRules: [{ value: '203.0.113.7' }]"),
    want: ["NI107 fail kvcordon*"],
  },
  {
    when: "public access to the app is on",
    file: "app.bicep",
    given: replaced("'Disabled' : 'Enabled'", "'Enabled' : 'Enabled'"),
    behind: "were every firewall open",
    want: ["NI101 fail func-cordon*", "NI108 fail func-cordon*", "NI303 fail func-cordon*"],
  },
  {
    when: "the app admits everybody by default",
    file: "app.bicep",
    given: replaced(
      "      ipSecurityRestrictionsDefaultAction: 'Deny'",
      "      ipSecurityRestrictionsDefaultAction: 'Allow'",
    ),
    behind: "were public access on",
    want: ["NI101 fail func-cordon*", "NI108 fail func-cordon*", "NI303 fail func-cordon*"],
  },
  {
    when: "the SCM site does not have the restrictions of the app",
    file: "app.bicep",
    given: replaced("scmIpSecurityRestrictionsUseMain: true", "scmIpSecurityRestrictionsUseMain: false"),
    behind: "were the SCM site's own list open",
    want: ["NI108 fail func-cordon*", "NI303 fail func-cordon*"],
  },
  {
    when: "the SCM site admits everybody by default",
    file: "app.bicep",
    given: replaced(
      "scmIpSecurityRestrictionsDefaultAction: 'Deny'",
      "scmIpSecurityRestrictionsDefaultAction: 'Allow'",
    ),
    behind: "had the SCM site a list of its own",
    want: ["NI108 fail func-cordon*", "NI303 fail func-cordon*"],
  },
  ...groupIds.map((groupId) => ({
    when: `the zone of pe-${groupId} is not linked with the network`,
    file: "private-endpoints.bicep",
    given: without(groupId, "links"),
    want: [`NI305 fail pe-${groupId}`],
  })),
  ...groupIds.map((groupId) => ({
    when: `pe-${groupId} has no record in its zone`,
    file: "private-endpoints.bicep",
    given: without(groupId, "zoneGroups"),
    want: [`NI306 fail pe-${groupId}`],
  })),
  ...groupIds.map((groupId) => ({
    when: `the zone of pe-${groupId} has another name`,
    file: "private-endpoints.bicep",
    given: replaced(
      "name: endpoint.zone",
      `name: endpoint.groupId == '${groupId}' ? 'x.\${endpoint.zone}' : endpoint.zone`,
    ),
    want: [`NI304 fail pe-${groupId}`],
  })),
  {
    when: "the zones are linked with another network",
    file: "private-endpoints.bicep",
    given: replaced("virtualNetwork: { id: networkId }", "virtualNetwork: { id: '${networkId}-other' }"),
    want: groupIds.map((groupId) => `NI305 fail pe-${groupId}`),
  },
  {
    when: "the app's subnet has no security group",
    file: "network.bicep",
    given: lost(/ +networkSecurityGroup: \{ id: appGroup\.id \}\n/),
    want: ["NI601 fail snet-app"],
  },
  {
    when: "the endpoints' subnet has no security group",
    file: "network.bicep",
    given: lost(/ +networkSecurityGroup: \{ id: endpointGroup\.id \}\n/),
    want: ["NI601 fail snet-endpoints"],
  },
  {
    when: "the endpoints' security group lets everybody in",
    file: "network.bicep",
    given: replaced("sourceAddressPrefixes: concat([prefixes.network], prefixes.callers)", "sourceAddressPrefix: '*'"),
    want: ["NI602 fail snet-endpoints"],
  },
  {
    when: "the endpoints' security group lets in whom it kept out",
    file: "network.bicep",
    given: replaced("access: 'Deny'", "access: 'Allow'"),
    want: ["NI602 fail snet-endpoints"],
  },
  {
    when: "security groups do not apply to private endpoints",
    file: "network.bicep",
    given: replaced("privateEndpointNetworkPolicies: 'Enabled'", "privateEndpointNetworkPolicies: 'Disabled'"),
    want: ["NI307 fail snet-endpoints"],
  },
  {
    when: "the endpoints' subnet has a way out by default",
    file: "network.bicep",
    given: lastReplaced("defaultOutboundAccess: false", "defaultOutboundAccess: true"),
    want: ["NI603 fail snet-endpoints", "NI607 fail snet-endpoints"],
  },
  {
    when: "the app's subnet is not delegated",
    file: "network.bicep",
    given: lost(/ +delegations: .*\n/),
    want: ["NI401 fail snet-app"],
  },
  {
    when: "the app's subnet is delegated to another service",
    file: "network.bicep",
    given: replaced("Microsoft.App/environments", "Microsoft.ContainerInstance/containerGroups"),
    want: ["NI402 fail snet-app", "NI404 fail snet-app"],
  },
  {
    when: "the app's subnet is delegated to plans that are not the app's",
    file: "network.bicep",
    given: replaced("Microsoft.App/environments", "Microsoft.Web/serverFarms"),
    want: ["NI402 fail snet-app", "NI404 fail snet-app"],
  },
  {
    when: "the app is on a plan that the subnet is not delegated to",
    file: "app.bicep",
    given: replaced("{ name: 'FC1', tier: 'FlexConsumption' }", "{ name: 'EP1', tier: 'ElasticPremium' }"),
    want: ["NI402 fail snet-app", "NI404 fail snet-app"],
  },
  {
    when: "the app's subnet is too small",
    file: "main.bicep",
    given: replaced("app: '10.119.0.0/26'", "app: '10.119.0.0/29'"),
    want: ["NI405 fail snet-app"],
  },
  {
    when: "private endpoints are in the app's subnet",
    file: "cordon.bicep",
    given: replaced("network.outputs.endpointSubnetId", "network.outputs.appSubnetId"),
    want: ["NI307 fail snet-app", "NI404 fail snet-app"],
  },
];

describe("a door that is opened is found", () => {
  test.each(broken)("$when", async ({ file, given, behind, want }) => {
    const bodies = standingOf(closed, templates.with(file, given));
    const found = findingsIn(await auditOf(behind === undefined ? bodies : unlocked[behind](bodies), shipped));
    expect(found.map((line) => line.replace(/(cordon)[a-z\d]{13}$/, "$1*"))).toEqual([...want].sort());
  });

  test.each(groupIds)("a private endpoint that is missing: pe-%s", async (groupId) => {
    const isOther = (line: string) => !line.includes(`groupId: '${groupId}'`);
    const given: Change = (text) =>
      text
        .replace(/\[\{ (resourceId: app.*) \}\]/, "[\n{ $1 }\n]")
        .split("\n")
        .filter(isOther)
        .join("\n");
    const { ways } = await auditOf(standingOf(closed, templates.with("cordon.bicep", given)), shipped);
    expect(ways).toEqual(everyWay.filter((way) => !way.includes(`pe-${groupId} `)));
  });

  test("the rule that keeps peered networks from the private endpoints", async () => {
    const sources = templates.with("network.bicep", lost(/ +\{\n +name: 'deny-inbound'[\s\S]*?\n {6}\}\n/));
    const { ways } = await auditOf(withNeighbour(standingOf(closed, sources)), shipped);
    expect(ways.filter((way) => way.endsWith(" from snet-work"))).toHaveLength(5);
  });
});
