import { fold } from "../model/resource-id.ts";
import { catalog } from "./index.ts";

/**
 * Folded type → folded last segments of the child types that are requested by ids of their own, and of which all that rules
 * see stands in the body of that type: to see such a child again is to read its parent.
 */
const inBodies: ReadonlyMap<string, readonly string[]> = new Map([
  ["microsoft.network/virtualnetworks", ["subnets", "virtualnetworkpeerings"]],
  ["microsoft.network/virtualnetworks/subnets", ["serviceassociationlinks", "resourcenavigationlinks"]],
  ["microsoft.network/networksecuritygroups", ["securityrules"]],
  ["microsoft.network/routetables", ["routes"]],
  ["microsoft.network/serviceendpointpolicies", ["serviceendpointpolicydefinitions"]],
  ["microsoft.network/virtualnetworkgateways", ["natrules"]],
  ["microsoft.network/expressroutecircuits", ["peerings"]],
  // both are ways to put an app into a subnet: https://learn.microsoft.com/azure/app-service/overview-vnet-integration
  ["microsoft.web/sites", ["networkconfig", "virtualnetworkconnections"]],
  ["microsoft.web/sites/slots", ["networkconfig", "virtualnetworkconnections"]],
  // which the portal writes: https://learn.microsoft.com/azure/synapse-analytics/known-issues
  ["microsoft.synapse/workspaces", ["trustedservicebypassconfiguration"]],
]);

/** The same, with the private endpoint connections of services. */
const held: ReadonlyMap<string, readonly string[]> = new Map([
  ...inBodies,
  ...catalog.map((service): [string, readonly string[]] => {
    const { type, privateEndpointConnections: at } = service;
    const connections = typeof at === "string" ? [fold(at.split("/").at(-1) ?? "")] : [];
    return [fold(type), [...(inBodies.get(fold(type)) ?? []), ...connections]];
  }),
]);

/**
 * Folded type → folded last segments of the child types that have a list of their own, and that leave a trace in the body of
 * that type, too: the groups of a policy stand in it, a private endpoint with a zone group has no `customDnsConfigs`.
 */
const traced: ReadonlyMap<string, readonly string[]> = new Map([
  ["microsoft.network/firewallpolicies", ["rulecollectiongroups"]],
  ["microsoft.network/privateendpoints", ["privatednszonegroups"]],
]);

/** Both types are folded. */
export function isHeldBy(parent: string, child: string): boolean {
  return has(held, parent, child);
}

/** Both types are folded. */
export function leavesTraceIn(parent: string, child: string): boolean {
  return has(traced, parent, child);
}

function has(map: ReadonlyMap<string, readonly string[]>, parent: string, child: string): boolean {
  return (map.get(parent) ?? []).some((segment) => child === `${parent}/${segment}`);
}
