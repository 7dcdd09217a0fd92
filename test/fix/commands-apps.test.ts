import { anAllow, anApp, appId, lastRow, lists, slotId, untouched } from "../support/apps.ts";
import { aBatchAccount, batchId, only, open } from "../support/batch.ts";
import { absent, aConnection, aNetwork, ipRules, networkId, noPerimeter } from "../support/builders.ts";
import { aksId, anAksCluster, anApimService, aPrivateAksCluster, apimId } from "../support/platform-services.ts";
import { aRegistry, registryId, registryRules } from "../support/registries-and-ai.ts";
import { aServiceWithoutFirewall, storeId, twinsId } from "../support/services-without-firewall.ts";
import { approved, oneApproved, testCommands, where } from "./command-table.ts";

const { ipAddress, ...kept } = anAllow("203.0.113.0/31");

const cutDown = { ...kept, ipAddress };

/** There is no command of its own for all of what a configuration holds. */
function patchOf(id: string, properties: object): string {
  return `az rest --method patch --url '${id}/config/web?api-version=2025-03-01' --body '${JSON.stringify({ properties })}'`;
}

testCommands([
  {
    when: "both endpoints of a Batch account are open",
    finding: `NI101:${batchId}`,
    given: [aBatchAccount({ accountAccess: open, nodeManagementAccess: open }), noPerimeter],
    want: [
      `az rest --method patch --url '${batchId}?api-version=2025-06-01' --body '{"properties":{"publicNetworkAccess":"Disabled"}}'`,
    ],
  },
  {
    when: "the endpoint for nodes of a Batch account is open",
    finding: `NI101:${batchId}`,
    given: [aBatchAccount({ nodeManagementAccess: open }), noPerimeter],
    want: [
      `az rest --method patch --url '${batchId}?api-version=2025-06-01' --body '{"properties":{"networkProfile":{"accountAccess":{"defaultAction":"Deny","ipRules":[]},"nodeManagementAccess":{"ipRules":[],"defaultAction":"Deny"}}}}'`,
    ],
  },
  {
    when: "a rule of the endpoint for nodes is wider than what is approved",
    finding: `NI104:${batchId}`,
    given: [aBatchAccount({ nodeManagementAccess: only("203.0.113.0/24") }), noPerimeter],
    policy: oneApproved,
    want: [
      `az rest --method patch --url '${batchId}?api-version=2025-06-01' --body '{"properties":{"networkProfile":{"accountAccess":{"defaultAction":"Deny","ipRules":[]},"nodeManagementAccess":{"defaultAction":"Deny","ipRules":[{"action":"Allow","value":"203.0.113.7"}]}}}}'`,
    ],
  },
  {
    when: "a container registry allows by default",
    finding: `NI101:${registryId}`,
    given: aRegistry({ networkRuleSet: registryRules({ defaultAction: "Allow" }) }),
    want: [`az acr update --name crerp --default-action Deny ${where}`],
  },
  {
    when: "a rule of a container registry is wider than what is approved",
    finding: `NI104:${registryId}`,
    given: aRegistry({ networkRuleSet: registryRules({ ipRules: ipRules("203.0.113.0/28") }) }),
    policy: approved,
    want: [
      `az acr network-rule add --name crerp --ip-address 203.0.113.0 ${where}`,
      `az acr network-rule add --name crerp --ip-address 203.0.113.1 ${where}`,
      `az acr network-rule remove --name crerp --ip-address 203.0.113.0/28 ${where}`,
    ],
  },
  {
    when: "a container registry admits trusted services",
    finding: `NI106:${registryId}`,
    given: aRegistry({ networkRuleBypassOptions: "AzureServices" }),
    want: [`az acr update --name crerp --allow-trusted-services false ${where}`],
  },
  {
    when: "a container registry admits its tasks",
    finding: `NI106:${registryId}`,
    given: aRegistry({ networkRuleBypassAllowedForTasks: true }),
    want: [
      `az rest --method patch --url '${registryId}?api-version=2025-11-01' --body '{"properties":{"networkRuleBypassAllowedForTasks":false}}'`,
    ],
  },
  {
    when: "a network rule of a container registry names a subnet that is gone",
    finding: `NI203:${registryId}`,
    given: [
      aRegistry({
        networkRuleSet: registryRules({
          virtualNetworkRules: [{ virtualNetworkSubnetResourceId: `${networkId}/subnets/gone` }],
        }),
      }),
      aNetwork(),
      absent(`${networkId}/subnets/gone`),
    ],
    want: [`az acr network-rule remove --name crerp --subnet ${networkId}/subnets/gone ${where}`],
  },
  {
    when: "a container registry has a private endpoint and allows by default, and rules are kept",
    finding: `NI303:${registryId}`,
    given: aRegistry({
      networkRuleSet: registryRules({ ipRules: ipRules("0.0.0.0/1", "128.0.0.0/1") }),
      privateEndpointConnections: [aConnection("Approved")],
    }),
    want: [`az acr update --name crerp --public-network-enabled false ${where}`],
  },
  {
    when: "an App Configuration store has no private endpoint, so that public access is on by itself",
    finding: `NI101:${storeId}`,
    given: [aServiceWithoutFirewall(storeId, { publicNetworkAccess: null }), noPerimeter],
    want: [
      `az rest --method patch --url '${storeId}?api-version=2024-06-01' --body '{"properties":{"publicNetworkAccess":"Disabled"}}'`,
    ],
  },
  {
    when: "public access to an Azure Digital Twins instance is on",
    finding: `NI101:${twinsId}`,
    given: aServiceWithoutFirewall(twinsId),
    want: [
      `az resource update --name adt-erp --resource-type Microsoft.DigitalTwins/digitalTwinsInstances --set properties.publicNetworkAccess=Disabled ${where}`,
    ],
  },
  {
    when: "an AKS cluster has no authorized range, and nobody is approved",
    finding: `NI101:${aksId}`,
    given: anAksCluster({ authorizedIPRanges: [] }),
    want: [`az aks update --name aks-erp --api-server-authorized-ip-ranges 0.0.0.0/32 ${where}`],
  },
  {
    when: "a range of an AKS cluster is wider than what is approved",
    finding: `NI104:${aksId}`,
    given: anAksCluster({ authorizedIPRanges: ["203.0.113.0/32", "198.51.100.0/24"] }),
    policy: approved,
    want: [`az aks update --name aks-erp --api-server-authorized-ip-ranges 203.0.113.0/32 ${where}`],
  },
  {
    when: "an AKS cluster is private and one of its connections was rejected",
    finding: `NI302:${aksId}#pe-erp`,
    given: aPrivateAksCluster("Rejected"),
    want: [`az network private-endpoint-connection delete --id ${aksId}/privateEndpointConnections/pe-erp --yes`],
  },
  {
    when: "an API Management service has a private endpoint and is public",
    finding: `NI303:${apimId}`,
    given: anApimService({ privateEndpointConnections: [aConnection("Approved")] }),
    want: [
      `az rest --method patch --url '${apimId}?api-version=2024-05-01' --body '{"properties":{"publicNetworkAccess":"Disabled"}}'`,
    ],
  },
  {
    when: "nobody has touched an app",
    finding: `NI101:${appId}`,
    given: anApp(untouched),
    want: [patchOf(appId, { ipSecurityRestrictionsDefaultAction: "Deny" })],
  },
  {
    when: "a rule of a slot is wider than what is approved",
    finding: `NI104:${slotId}`,
    given: [
      anApp(),
      anApp(
        lists([anAllow("203.0.113.0/24"), lastRow("Deny")], [lastRow("Deny")], {
          scmIpSecurityRestrictionsDefaultAction: "Deny",
        }),
        {},
        slotId,
      ),
    ],
    policy: approved,
    want: [patchOf(slotId, { ipSecurityRestrictions: [cutDown, lastRow("Deny")] })],
  },
  {
    when: "the SCM site of an app lets in everybody, the main site some",
    finding: `NI108:${appId}`,
    given: anApp(lists([anAllow("203.0.113.0/31"), lastRow("Deny")], [lastRow("Allow")])),
    policy: approved,
    want: [patchOf(appId, { scmIpSecurityRestrictionsUseMain: true })],
  },
  {
    when: "an open registry lets everybody pull",
    finding: `NI109:${registryId}`,
    given: aRegistry({ anonymousPullEnabled: true, networkRuleSet: registryRules({ defaultAction: "Allow" }) }),
    want: [`az acr update --name crerp --anonymous-pull-enabled false ${where}`],
  },
]);
