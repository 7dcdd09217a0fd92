import { readSet } from "../net/read-set.ts";
import { aKustoCluster, aWorkspace, kustoId, workspaceId } from "../support/analytics.ts";
import { aConnection, aNetwork, type Given, noPerimeter } from "../support/builders.ts";
import { aDataFactory, factoryId } from "../support/on-or-off.ts";
import {
  aLearningWorkspace,
  aLogWorkspace,
  anInsightsComponent,
  insightsId,
  learningId,
  logsId,
} from "../support/platform-services.ts";
import {
  anInterface,
  aPrivateEndpoint,
  aZone,
  aZoneGroup,
  endpointId,
  everyZone,
  zoneId,
} from "../support/private-endpoints.ts";
import { aiId, anAiAccount, aSearchService, searchId } from "../support/registries-and-ai.ts";
import { aServiceWithoutFirewall, automationId, grafanaId, purviewId } from "../support/services-without-firewall.ts";
import { policyWith } from "../support/world.ts";
import { approved, oneApproved, openRules, someApproved, testCommands, where, whereZones } from "./command-table.ts";

/** An account with neighbouring addresses for its names, of which one is known to no zone. */
function withTwoNames(): Given {
  const zone = zoneId("privatelink.cognitiveservices.azure.com");
  const recordSets = [{ recordType: "A", recordSetName: "ai-erp", ipAddresses: ["10.0.0.4"] }];
  const addresses = {
    "10.0.0.4": ["ai-erp.cognitiveservices.azure.com"],
    "10.0.0.5": ["ai-erp.openai.azure.com"],
  };
  return [
    anAiAccount({ publicNetworkAccess: "Disabled", privateEndpointConnections: [aConnection("Approved")] }, "OpenAI"),
    aPrivateEndpoint({ service: aiId, groupIds: ["account"] }),
    anInterface({ groupId: "account", addresses }),
    aNetwork(),
    aZoneGroup(zone, endpointId(), recordSets),
    aZone({ id: zone, records: { "ai-erp": ["10.0.0.4"] } }),
    aZone({ id: zoneId("privatelink.openai.azure.com"), records: {} }),
    everyZone,
    noPerimeter,
  ];
}

testCommands([
  {
    when: "the rule of a Synapse workspace is for all addresses",
    finding: `NI101:${workspaceId}`,
    given: aWorkspace({ firewallRules: openRules }),
    want: [`az synapse workspace firewall-rule delete --workspace-name syn-erp --name rule-0 --yes ${where}`],
  },
  {
    when: "a rule of a Synapse workspace is wider than what is approved",
    finding: `NI104:${workspaceId}`,
    given: aWorkspace({ firewallRules: [["203.0.113.0", "203.0.113.9"]] }),
    policy: someApproved,
    want: [
      `az synapse workspace firewall-rule create --workspace-name syn-erp --name rule-0-2 --start-ip-address 203.0.113.7 --end-ip-address 203.0.113.7 ${where}`,
      `az synapse workspace firewall-rule update --workspace-name syn-erp --name rule-0 --start-ip-address 203.0.113.2 --end-ip-address 203.0.113.2 ${where}`,
    ],
  },
  {
    when: "a Synapse workspace has a private endpoint, and several rules that are wide",
    finding: `NI303:${workspaceId}`,
    given: aWorkspace({
      firewallRules: openRules,
      properties: { privateEndpointConnections: [aConnection("Approved")] },
    }),
    want: [
      `az rest --method patch --url '${workspaceId}?api-version=2021-06-01' --body '{"properties":{"publicNetworkAccess":"Disabled"}}'`,
    ],
  },
  {
    when: "trusted services go past the firewall of a Synapse workspace, which no documented request changes alone",
    finding: `NI106:${workspaceId}`,
    given: aWorkspace({ properties: { trustedServiceBypassEnabled: true } }),
    want: undefined,
  },
  {
    when: "the list of a Data Explorer cluster is empty, and addresses are approved",
    finding: `NI101:${kustoId}`,
    given: [aKustoCluster({ allowedIpRangeList: [] }), noPerimeter],
    policy: oneApproved,
    want: [
      `az rest --method patch --url '${kustoId}?api-version=2025-02-14' --body '{"properties":{"allowedIpRangeList":["203.0.113.7"]}}'`,
    ],
  },
  {
    when: "an entry of a Data Explorer cluster is wider than what is approved",
    finding: `NI104:${kustoId}`,
    given: [aKustoCluster({ allowedIpRangeList: ["203.0.113.0/24", "198.51.100.7"] }), noPerimeter],
    policy: policyWith({ approvedAddresses: readSet("203.0.113.7", "198.51.100.7") }),
    want: [
      `az rest --method patch --url '${kustoId}?api-version=2025-02-14' --body '{"properties":{"allowedIpRangeList":["198.51.100.7","203.0.113.7"]}}'`,
    ],
  },
  {
    when: "a Data Explorer cluster has a private endpoint, and nothing is approved",
    finding: `NI303:${kustoId}`,
    given: [
      aKustoCluster({ allowedIpRangeList: [], privateEndpointConnections: [aConnection("Approved")] }),
      noPerimeter,
    ],
    want: [
      `az rest --method patch --url '${kustoId}?api-version=2025-02-14' --body '{"properties":{"publicNetworkAccess":"Disabled"}}'`,
    ],
  },
  {
    when: "an Automation account is open, whose switch is a boolean",
    finding: `NI101:${automationId}`,
    given: [aServiceWithoutFirewall(automationId), noPerimeter],
    policy: oneApproved,
    want: [
      `az rest --method patch --url '${automationId}?api-version=2024-10-23' --body '{"properties":{"publicNetworkAccess":false}}'`,
    ],
  },
  {
    when: "a Purview account has a private endpoint, and its public door is open",
    finding: `NI303:${purviewId}`,
    given: [aServiceWithoutFirewall(purviewId, { privateEndpointConnections: [aConnection("Approved")] }), noPerimeter],
    want: [
      `az rest --method patch --url '${purviewId}?api-version=2021-12-01' --body '{"properties":{"publicNetworkAccess":"Disabled"}}'`,
    ],
  },
  {
    when: "a site needs an Automation account that is shut, which Cordon does not open to everybody for it",
    finding: `NI501:${automationId}#site:leipzig`,
    given: [aServiceWithoutFirewall(automationId, { publicNetworkAccess: false }), noPerimeter],
    policy: policyWith({
      sites: [
        {
          name: "leipzig",
          natAddresses: readSet("203.0.113.7"),
          connection: "internet",
          needs: [{ kind: "type", type: "Microsoft.Automation/automationAccounts" }],
        },
      ],
    }),
    want: undefined,
  },
  {
    when: "a name of a private endpoint with an address for each name has no record",
    finding: `NI306:${endpointId()}#account privatelink.openai.azure.com`,
    given: withTwoNames(),
    want: [
      `az network private-dns record-set a add-record --zone-name privatelink.openai.azure.com --record-set-name ai-erp --ipv4-address 10.0.0.5 ${whereZones}`,
    ],
  },
  {
    when: "a data factory is open, whose commands are an extension",
    finding: `NI101:${factoryId}`,
    given: [aDataFactory(), noPerimeter].flat(),
    want: [
      `az rest --method patch --url '${factoryId}?api-version=2018-06-01' --body '{"properties":{"publicNetworkAccess":"Disabled"}}'`,
    ],
  },
  {
    when: "an Azure AI services account allows by default",
    finding: `NI101:${aiId}`,
    given: [anAiAccount({ networkAcls: { defaultAction: "Allow" } }), noPerimeter],
    want: [
      `az resource update --name ai-erp --resource-type Microsoft.CognitiveServices/accounts --set properties.networkAcls.defaultAction=Deny ${where}`,
    ],
  },
  {
    when: "an Azure AI services account has no network rules at all, in which a default could be set",
    finding: `NI101:${aiId}`,
    given: [anAiAccount({ networkAcls: undefined }), noPerimeter],
    want: [
      `az rest --method patch --url '${aiId}?api-version=2026-07-01' --body '{"properties":{"networkAcls":{"defaultAction":"Deny"}}}'`,
    ],
  },
  {
    when: "a rule of an Azure AI services account is the whole address space",
    finding: `NI101:${aiId}`,
    given: [anAiAccount({ networkAcls: { defaultAction: "Deny", ipRules: [{ value: "0.0.0.0/0" }] } }), noPerimeter],
    want: [`az cognitiveservices account network-rule remove --name ai-erp --ip-address 0.0.0.0/0 ${where}`],
  },
  {
    when: "an Azure AI services account admits trusted services",
    finding: `NI106:${aiId}`,
    given: [anAiAccount({ networkAcls: { defaultAction: "Deny", bypass: "AzureServices" } }), noPerimeter],
    want: [
      `az resource update --name ai-erp --resource-type Microsoft.CognitiveServices/accounts --set properties.networkAcls.bypass=None ${where}`,
    ],
  },
  {
    when: "an Azure AI Search service has no rule, and so admits everybody",
    finding: `NI101:${searchId}`,
    given: [aSearchService({ networkRuleSet: { ipRules: [] } }), noPerimeter],
    want: [`az search service update --name srch-erp --public-access Disabled ${where}`],
  },
  {
    when: "a rule of an Azure AI Search service is wider than what is approved",
    finding: `NI104:${searchId}`,
    given: [
      aSearchService({ networkRuleSet: { ipRules: [{ value: "203.0.113.0" }, { value: "198.51.100.0/24" }] } }),
      noPerimeter,
    ],
    policy: approved,
    want: [`az search service update --name srch-erp --ip-rules 203.0.113.0 ${where}`],
  },
  {
    when: "the only rule of an Azure AI Search service is kept while public access is off",
    finding: `NI107:${searchId}`,
    given: [aSearchService({ publicNetworkAccess: "disabled" }), noPerimeter],
    want: [`az search service update --name srch-erp --ip-rules , ${where}`],
  },
  {
    when: "an Azure AI Search service admits trusted services",
    finding: `NI106:${searchId}`,
    given: [
      aSearchService({ networkRuleSet: { bypass: "AzureServices", ipRules: [{ value: "203.0.113.0" }] } }),
      noPerimeter,
    ],
    want: [
      `az rest --method patch --url '${searchId}?api-version=2025-05-01' --body '{"properties":{"networkRuleSet":{"ipRules":[{"value":"203.0.113.0"}],"bypass":"None"}}}'`,
    ],
  },
  {
    when: "a private endpoint serves an Azure Managed Grafana workspace, and the public door is open",
    finding: `NI303:${grafanaId}`,
    given: aServiceWithoutFirewall(grafanaId, { privateEndpointConnections: [aConnection("Approved")] }),
    want: [`az grafana update --name amg-erp --public-network-access Disabled ${where}`],
  },
  {
    when: "a Machine Learning workspace lets everybody in beside one address",
    finding: `NI101:${learningId}`,
    given: aLearningWorkspace({ networkAcls: { defaultAction: "Allow", ipRules: [{ value: "203.0.113.0" }] } }),
    want: [
      `az rest --method patch --url '${learningId}?api-version=2025-01-01-preview' --body '{"properties":{"networkAcls":{"ipRules":[{"value":"203.0.113.0"}],"defaultAction":"Deny"}}}'`,
    ],
  },
  {
    when: "a rule of a Machine Learning workspace is wider than what is approved",
    finding: `NI104:${learningId}`,
    given: aLearningWorkspace({
      networkAcls: { defaultAction: "Deny", ipRules: [{ value: "203.0.113.0" }, { value: "198.51.100.0/24" }] },
    }),
    policy: approved,
    want: [`az ml workspace network-rule remove --workspace-name mlw-erp --ip-address 198.51.100.0/24 ${where}`],
  },
  {
    when: "a Machine Learning workspace has a private endpoint and lets everybody in",
    finding: `NI303:${learningId}`,
    given: aLearningWorkspace({
      networkAcls: { defaultAction: "Allow", ipRules: [] },
      privateEndpointConnections: [aConnection("Approved")],
    }),
    want: [`az ml workspace update --name mlw-erp --set public_network_access=Disabled ${where}`],
  },
  {
    when: "queries of a Log Analytics workspace are open",
    finding: `NI101:${logsId}`,
    given: aLogWorkspace({ publicNetworkAccessForQuery: "Enabled" }),
    want: [
      `az monitor log-analytics workspace update --workspace-name log-erp --ingestion-access Disabled --query-access Disabled ${where}`,
    ],
  },
  {
    when: "an Application Insights component is open",
    finding: `NI101:${insightsId}`,
    given: anInsightsComponent({
      publicNetworkAccessForIngestion: "Enabled",
      publicNetworkAccessForQuery: "Enabled",
    }),
    want: [
      `az monitor app-insights component update --app appi-erp --ingestion-access Disabled --query-access Disabled ${where}`,
    ],
  },
]);
