import { PortSet } from "../net/port-set.ts";
import { firewallRules } from "./firewall-rules.ts";
import type { Service } from "./service.ts";

const publicAccess = "https://learn.microsoft.com/azure/documentdb/how-to-public-access";

/** DocumentDB clusters, once Cosmos DB for MongoDB vCore. Their firewall denies by default, and all of its rules are child resources. */
export const documentDb: Service = {
  type: "Microsoft.DocumentDB/mongoClusters",
  noun: "DocumentDB cluster",
  apiVersion: "2026-06-01",
  publicNetworkAccess: {
    pointer: "/properties/publicNetworkAccess",
    values: { enabled: "on", disabled: "off" },
    whenAbsent: {
      value: "Enabled",
      link: "https://learn.microsoft.com/javascript/api/@azure/arm-mongocluster/publicnetworkaccess",
    },
  },
  defaultAction: { always: "deny", link: publicAccess },
  // Azure, too: https://learn.microsoft.com/azure/documentdb/how-to-public-access#connect-from-azure
  ipRules: [firewallRules],
  exceptions: {
    bypass: {
      pointer: "/properties/networkBypassMode",
      flags: ["AzureCosmosDB"],
      whenAbsent: {
        value: "None",
        link: "https://learn.microsoft.com/javascript/api/@azure/arm-mongocluster/knownnetworkbypassmode",
      },
    },
  },
  publishesIpv6: false,
  isOutsidePerimeters: true,
  privateEndpointConnections: "/properties/privateEndpointConnections",
  privateLink: [{ groupId: "MongoCluster", zones: { public: "privatelink.mongocluster.cosmos.azure.com" } }],
  serviceEndpoints: [],
  // where the service records of clusters lead, and what the document asks of security groups:
  // https://learn.microsoft.com/azure/documentdb/how-to-private-link#verify-and-troubleshoot-private-endpoint-connectivity
  ports: PortSet.ofEach(10260, 27017),
  children: [{ type: "firewallRules", apiVersion: "2026-06-01" }],
};
