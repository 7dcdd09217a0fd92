import { expect, test } from "vitest";
import { readTypes } from "../../lib/catalog/api-versions.ts";
import { isHeldBy } from "../../lib/catalog/shown-children.ts";
import { project } from "../../lib/facts/project.ts";
import { fold } from "../../lib/model/resource-id.ts";
import { group } from "../support/builders.ts";
import { type PublishedType, publishedTypes, type Schema, schemasAt } from "./published-types.ts";

/** Lists of things with a name and properties of their own that are no child types, or that no rule looks at. */
const otherLists = [
  "Microsoft.App/managedEnvironments privateEndpointConnections",
  "Microsoft.ContainerInstance/containerGroups containers, initContainers, extensions",
  "Microsoft.DataLakeStore/accounts firewallRules, virtualNetworkRules, trustedIdProviders",
  "Microsoft.HDInsight/clusters privateEndpointConnections, privateLinkConfigurations",
  "Microsoft.Network/azureFirewalls applicationRuleCollections, natRuleCollections, networkRuleCollections, ipConfigurations",
  "Microsoft.Network/expressRouteCircuits authorizations",
  "Microsoft.Network/expressRouteCircuits/peerings connections, peeredConnections",
  "Microsoft.Network/networkInterfaces ipConfigurations, tapConfigurations",
  "Microsoft.Network/networkSecurityGroups defaultSecurityRules, networkInterfaces, subnets, flowLogs",
  "Microsoft.Network/privateEndpoints networkInterfaces, privateLinkServiceConnections, manualPrivateLinkServiceConnections, applicationSecurityGroups, ipConfigurations",
  "Microsoft.Network/privateEndpoints/privateDnsZoneGroups privateDnsZoneConfigs",
  "Microsoft.Network/routeTables subnets",
  "Microsoft.Network/serviceEndpointPolicies subnets",
  "Microsoft.Network/virtualNetworkGateways ipConfigurations, virtualNetworkGatewayPolicyGroups",
  "Microsoft.Network/virtualNetworks flowLogs",
  "Microsoft.Network/virtualNetworks/subnets serviceEndpointPolicies, privateEndpoints, ipConfigurations, ipConfigurationProfiles, delegations, applicationGatewayIPConfigurations",
  "Microsoft.MachineLearningServices/workspaces sharedPrivateLinkResources",
  "Microsoft.Search/searchServices sharedPrivateLinkResources",
  "Microsoft.SignalRService/signalR sharedPrivateLinkResources",
  "Microsoft.SignalRService/webPubSub sharedPrivateLinkResources",
  "Microsoft.HealthcareApis/services privateEndpointConnections",
  "Microsoft.Web/staticSites userProvidedFunctionApps",
].flatMap((line) => {
  const [type = "", ...names] = line.split(/,? /);
  return names.map((name) => `${type} ${name}`);
});

const read = new Set(readTypes.map(fold));
const lists = publishedTypes
  .filter(({ type }) => read.has(fold(type)))
  .flatMap((published) => subResourcesOf(published).map((name) => ({ parent: published.type, name })));

test("every list of sub-resources in a body that is read is known to be seen there, or not to matter", () => {
  const unseen = lists.filter(({ parent, name }) => !isHeldBy(fold(parent), fold(`${parent}/${name}`)));
  expect(unseen.map(({ parent, name }) => `${parent} ${name}`).sort()).toEqual(otherLists.toSorted());
});

const held = lists.filter(({ parent, name }) => isHeldBy(fold(parent), fold(`${parent}/${name}`)));

test.each(held)("what rules see of $parent changes with its $name", ({ parent, name }) => {
  const segments = parent.split("/").slice(1);
  const id = `${group}/providers/${parent.split("/")[0]}/${segments.map((segment) => `${segment}/x`).join("/")}`;
  const projected = (elements: readonly object[]) =>
    project({ id, name: "x", type: parent, properties: { [name]: elements } }).projected;
  const element = { id: `${id}/${name}/y`, name: "y", type: `${parent}/${name}`, properties: {} };
  expect(projected([element])).not.toEqual(projected([]));
});

function subResourcesOf(published: PublishedType): readonly string[] {
  const names = new Set(schemasAt(published, "/properties").flatMap(namesIn));
  return [...names].filter((name) => {
    const ofElement = schemasAt(published, `/properties/${name}/*`).flatMap(namesIn);
    return ofElement.includes("name") && ofElement.includes("properties");
  });
}

function namesIn(schema: Schema): readonly string[] {
  return Object.keys(Object(schema.properties));
}
