import { PortSet } from "../net/port-set.ts";
import type { Service } from "./service.ts";

const firewall = "https://learn.microsoft.com/azure/cosmos-db/how-to-configure-firewall";

/** Cosmos DB accounts. The first IP rule turns the firewall on; without any, private endpoints decide. */
export const cosmosDb: Service = {
  type: "Microsoft.DocumentDB/databaseAccounts",
  noun: "Cosmos DB account",
  apiVersion: "2026-03-15",
  publicNetworkAccess: {
    pointer: "/properties/publicNetworkAccess",
    values: { enabled: "on", disabled: "off", securedbyperimeter: "perimeter" },
    whenAbsent: { value: "Enabled", link: firewall },
  },
  defaultAction: { always: "deny", link: firewall },
  ipRules: [
    {
      in: "body",
      pointer: "/properties/ipRules",
      value: "/ipAddressOrRange",
      family: "ipv4",
      special: { entry: "0.0.0.0", standsFor: "azure" },
    },
    {
      in: "body",
      pointer: "/properties/ipRangeFilter",
      separator: ",",
      until: "2020-03-01",
      value: "",
      family: "ipv4",
      special: { entry: "0.0.0.0", standsFor: "azure" },
    },
  ],
  virtualNetworkRules: {
    in: "body",
    pointer: "/properties/virtualNetworkRules",
    subnet: "/id",
    onlyIf: "/properties/isVirtualNetworkFilterEnabled",
  },
  whenEmpty: { admits: "everybodyWithoutPrivateEndpoint", link: firewall },
  exceptions: {
    bypass: {
      pointer: "/properties/networkAclBypass",
      flags: ["AzureServices"],
      whenAbsent: {
        value: "None",
        link: "https://learn.microsoft.com/azure/cosmos-db/analytical-store-private-endpoints",
      },
    },
    resourceAccessRules: { pointer: "/properties/networkAclBypassResourceIds", id: "" },
  },
  publishesIpv6: false,
  replicas: { pointer: "/properties/locations/*/locationName" },
  privateEndpointConnections: "/properties/privateEndpointConnections",
  privateLink: [
    {
      groupId: "Sql",
      zones: {
        public: "privatelink.documents.azure.com",
        usgov: "privatelink.documents.azure.us",
        china: "privatelink.documents.azure.cn",
      },
    },
    {
      groupId: "MongoDB",
      zones: {
        public: "privatelink.mongo.cosmos.azure.com",
        usgov: "privatelink.mongo.cosmos.azure.us",
        china: "privatelink.mongo.cosmos.azure.cn",
      },
    },
    {
      groupId: "Cassandra",
      zones: {
        public: "privatelink.cassandra.cosmos.azure.com",
        usgov: "privatelink.cassandra.cosmos.azure.us",
        china: "privatelink.cassandra.cosmos.azure.cn",
      },
    },
    {
      groupId: "Gremlin",
      zones: {
        public: "privatelink.gremlin.cosmos.azure.com",
        usgov: "privatelink.gremlin.cosmos.azure.us",
        china: "privatelink.gremlin.cosmos.azure.cn",
      },
    },
    {
      groupId: "Table",
      zones: {
        public: "privatelink.table.cosmos.azure.com",
        usgov: "privatelink.table.cosmos.azure.us",
        china: "privatelink.table.cosmos.azure.cn",
      },
    },
    { groupId: "Analytical", zones: { public: "privatelink.analytics.cosmos.azure.com" } },
    { groupId: "SqlDedicated", zones: { public: "privatelink.sqlx.cosmos.azure.com" } },
  ],
  serviceEndpoints: ["Microsoft.AzureCosmosDB"],
  // the SQL, MongoDB and Cassandra interfaces
  ports: PortSet.ofEach(443, 10255, 10350),
  children: [],
};
