import { aConnection, aNetwork, noPerimeter, subnetId } from "../support/builders.ts";
import { aHub, signalRId } from "../support/hubs.ts";
import { anIotHub, iotHubId, ruleSet } from "../support/iot-hubs.ts";
import {
  aNamespace,
  anEventGrid,
  aRelayNamespace,
  domainId,
  partnerId,
  pullId,
  relayId,
  serviceBusId,
  topicId,
} from "../support/more-services.ts";
import { oneApproved, someApproved, testCommands, where } from "./command-table.ts";

function eventGridPatch(id: string, addresses: readonly string[]): string {
  const inboundIpRules = addresses.map((ipMask) => ({ ipMask, action: "Allow" }));
  const body = JSON.stringify({ properties: { inboundIpRules } });
  return `az rest --method patch --url '${id}?api-version=2025-02-15' --body '${body}'`;
}

function hubWith(networkRuleSets: unknown): string {
  const words = "az resource update --name iot-erp --resource-type Microsoft.Devices/IotHubs --set";
  return `${words} 'properties.networkRuleSets=${JSON.stringify(networkRuleSets)}' ${where}`;
}

testCommands([
  {
    when: "a Relay namespace allows by default",
    finding: `NI101:${relayId}`,
    given: [aRelayNamespace({ defaultAction: "Allow" }), noPerimeter],
    want: [`az relay namespace network-rule-set update --namespace-name relay-erp --default-action Deny ${where}`],
  },
  {
    when: "a rule of a Relay namespace is wider than what is approved",
    finding: `NI104:${relayId}`,
    given: [aRelayNamespace({ ipRules: [{ ipMask: "203.0.113.0/29", action: "Allow" }] }), noPerimeter],
    policy: oneApproved,
    want: [
      `az relay namespace network-rule-set ip-rule add --namespace-name relay-erp --ip-rule ip-address=203.0.113.7 action=Allow ${where}`,
      `az relay namespace network-rule-set ip-rule remove --namespace-name relay-erp --ip-rule ip-address=203.0.113.0/29 action=Allow ${where}`,
    ],
  },
  {
    when: "trusted services go past the firewall of a Relay namespace",
    finding: `NI106:${relayId}`,
    given: [aRelayNamespace({ trustedServiceAccessEnabled: true }), noPerimeter],
    want: [
      `az relay namespace network-rule-set update --namespace-name relay-erp --trusted-service-access-enabled false ${where}`,
    ],
  },
  {
    when: "a Relay namespace has a private endpoint, and the public door is open",
    finding: `NI303:${relayId}`,
    given: [
      aRelayNamespace(
        { ipRules: [{ ipMask: "0.0.0.0/0", action: "Allow" }] },
        { privateEndpointConnections: [aConnection("Approved")] },
      ),
      noPerimeter,
    ],
    want: [`az relay namespace update --name relay-erp --public-network-access Disabled ${where}`],
  },
  {
    when: "public access is off at a namespace and in its rule set, which Azure replaces as a whole",
    finding: `NI207:${serviceBusId}`,
    given: [
      aNamespace(
        serviceBusId,
        { publicNetworkAccess: "Disabled", ipRules: [], virtualNetworkRules: [{ subnet: { id: subnetId } }] },
        { publicNetworkAccess: "Disabled" },
      ),
      aNetwork([{ serviceEndpoints: ["Microsoft.ServiceBus"] }]),
      noPerimeter,
    ],
    want: [
      `az servicebus namespace update --name sb-erp --public-network-access Enabled ${where}`,
      `az servicebus namespace network-rule-set update --namespace-name sb-erp --public-network-access Enabled ${where}`,
    ],
  },
  {
    when: "an Event Grid topic has no rule, and nothing is approved",
    finding: `NI101:${topicId}`,
    given: [anEventGrid(topicId, { inboundIpRules: [] }), noPerimeter],
    want: [`az eventgrid topic update --name evgt-erp --public-network-access disabled ${where}`],
  },
  {
    when: "a rule of an Event Grid domain is wider than what is approved, and its command takes whole lists",
    finding: `NI104:${domainId}`,
    given: [anEventGrid(domainId, { inboundIpRules: [{ ipMask: "203.0.113.0/29", action: "Allow" }] }), noPerimeter],
    policy: someApproved,
    want: [eventGridPatch(domainId, ["203.0.113.2", "203.0.113.7"])],
  },
  {
    when: "an Event Grid topic keeps rules while public access is off, and its command takes no empty list",
    finding: `NI107:${topicId}`,
    given: [anEventGrid(topicId, { publicNetworkAccess: "Disabled" }), noPerimeter],
    want: [eventGridPatch(topicId, [])],
  },
  {
    when: "an IoT hub has no rule set, of which Azure takes a whole one only",
    finding: `NI101:${iotHubId}`,
    given: [anIotHub({ networkRuleSets: undefined }), noPerimeter],
    want: [hubWith({ defaultAction: "Deny", applyToBuiltInEventHubEndpoint: true, ipRules: [] })],
  },
  {
    when: "an IoT hub allows by default, at its built-in endpoint, too",
    finding: `NI101:${iotHubId}`,
    given: [anIotHub(ruleSet([], { defaultAction: "Allow" })), noPerimeter],
    want: [hubWith({ applyToBuiltInEventHubEndpoint: true, ipRules: [], defaultAction: "Deny" })],
  },
  {
    when: "the built-in endpoint of an IoT hub is open",
    finding: `NI101:${iotHubId}`,
    given: [anIotHub(ruleSet([], { applyToBuiltInEventHubEndpoint: false })), noPerimeter],
    want: [hubWith({ defaultAction: "Deny", ipRules: [], applyToBuiltInEventHubEndpoint: true })],
  },
  {
    when: "the built-in endpoint of a free IoT hub is open, which no setting is known to shut for certain",
    finding: `NI101:${iotHubId}`,
    given: [anIotHub(ruleSet([], { applyToBuiltInEventHubEndpoint: false }), "Free"), noPerimeter],
    want: undefined,
  },
  {
    when: "a rule of an IoT hub is wider than what is approved, at both of its endpoints",
    finding: `NI104:${iotHubId}`,
    given: [anIotHub(ruleSet(["203.0.113.0/24"])), noPerimeter],
    policy: oneApproved,
    want: [hubWith(ruleSet(["203.0.113.7"]).networkRuleSets)],
  },
  {
    when: "an Event Grid namespace has no rule",
    finding: `NI101:${pullId}`,
    given: [anEventGrid(pullId, { inboundIpRules: [] }), noPerimeter],
    want: [`az eventgrid namespace update --name evgns-erp --public-network-access Disabled ${where}`],
  },
  {
    when: "a rule of an Event Grid namespace is wider than what is approved",
    finding: `NI104:${pullId}`,
    given: [anEventGrid(pullId, { inboundIpRules: [{ ipMask: "203.0.113.0/29", action: "Allow" }] }), noPerimeter],
    policy: someApproved,
    want: [eventGridPatch(pullId, ["203.0.113.2", "203.0.113.7"])],
  },
  {
    when: "an Event Grid partner namespace has no rule",
    finding: `NI101:${partnerId}`,
    given: [anEventGrid(partnerId, { inboundIpRules: [] }), noPerimeter],
    want: [
      `az resource update --name evgpn-erp --resource-type Microsoft.EventGrid/partnerNamespaces --set properties.publicNetworkAccess=Disabled ${where}`,
    ],
  },
  {
    when: "a SignalR Service lets requests in from everybody",
    finding: `NI101:${signalRId}`,
    given: aHub(signalRId, { publicNetwork: { allow: ["ClientConnection"] } }),
    want: [
      `az rest --method patch --url '${signalRId}?api-version=2024-03-01' --body '{"properties":{"publicNetworkAccess":"Disabled"}}'`,
    ],
  },
]);
