import { fold } from "../model/resource-id.ts";
import { catalog, retiredServices } from "./index.ts";
import { placements } from "./placements.ts";

/**
 * Folded name of a Resource Graph table → folded types of which it holds every resource. Only these can be shown to
 * be absent by a query: rules of SQL servers, for instance, are in no table.
 * https://learn.microsoft.com/azure/governance/resource-graph/reference/supported-tables-resources
 */
export const resourceGraphTables: ReadonlyMap<string, readonly string[]> = new Map([
  [
    "resources",
    [
      ...new Set([...catalog, ...retiredServices, ...placements].map(({ type }) => fold(type))),
      "microsoft.network/virtualnetworks",
      "microsoft.network/networksecuritygroups",
      "microsoft.network/routetables",
      "microsoft.network/serviceendpointpolicies",
      "microsoft.network/privateendpoints",
      "microsoft.network/networkinterfaces",
      "microsoft.network/publicipaddresses",
      "microsoft.network/publicipprefixes",
      "microsoft.network/natgateways",
      "microsoft.network/privatednszones",
      "microsoft.network/privatednszones/virtualnetworklinks",
      "microsoft.network/dnsforwardingrulesets",
      "microsoft.network/expressroutecircuits",
      "microsoft.network/virtualnetworkgateways",
      "microsoft.network/connections",
      "microsoft.network/localnetworkgateways",
      "microsoft.network/networksecurityperimeters",
      "microsoft.network/azurefirewalls",
      "microsoft.network/firewallpolicies",
      "microsoft.network/ipgroups",
    ],
  ],
  [
    "networkresources",
    [
      "microsoft.network/networksecurityperimeters/profiles",
      "microsoft.network/networksecurityperimeters/profiles/accessrules",
      "microsoft.network/networksecurityperimeters/resourceassociations",
    ],
  ],
  ["dnsresources", ["microsoft.network/privatednszones/a", "microsoft.network/privatednszones/aaaa"]],
]);
