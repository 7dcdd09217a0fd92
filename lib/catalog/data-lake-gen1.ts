import type { Service } from "./service.ts";

const security =
  "https://learn.microsoft.com/previous-versions/azure/data-lake-store/data-lake-store-security-overview";

/** Data Lake Storage Gen1 accounts: retired, so that what is left of one answers nobody and is not judged. */
export const dataLakeGen1: Service = {
  type: "Microsoft.DataLakeStore/accounts",
  noun: "Data Lake Gen1 account",
  apiVersion: "2016-11-01",
  retired: {
    since: "2024-02-29",
    link: "https://azure.microsoft.com/updates/action-required-switch-to-azure-data-lake-storage-gen2-by-29-february-2024",
  },
  publicNetworkAccess: {
    pointer: "/properties/publicNetworkAccess",
    values: {},
    whenAbsent: { value: "Enabled", link: security },
  },
  defaultAction: {
    pointer: "/properties/firewallState",
    values: { enabled: "deny", disabled: "allow" },
    whenAbsent: { value: "Disabled", link: security },
  },
  ipRules: [
    {
      in: "body",
      pointer: "/properties/firewallRules",
      value: { first: "/properties/startIpAddress", last: "/properties/endIpAddress" },
      family: "ipv4",
    },
  ],
  virtualNetworkRules: { in: "body", pointer: "/properties/virtualNetworkRules", subnet: "/properties/subnetId" },
  publishesIpv6: false,
  privateEndpointConnections: "/properties/privateEndpointConnections",
  serviceEndpoints: [],
  privateLink: [],
  children: [],
};
