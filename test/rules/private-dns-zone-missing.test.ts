import { privateDnsZoneMissing } from "../../lib/rules/private-dns-zone-missing.ts";
import { anApp, appId, slotId } from "../support/apps.ts";
import {
  absent,
  aNetwork,
  aStorageAccount,
  group,
  idOf,
  networkId,
  refused,
  refusedList,
  sqlId,
  storageId,
  vaultId,
} from "../support/builders.ts";
import {
  anInterface,
  aPrivateEndpoint,
  aRuleset,
  aZone,
  aZoneGroup,
  blobZone,
  endpointId,
  everyZone,
  noZoneGroup,
  withDnsServers,
  zoneId,
} from "../support/private-endpoints.ts";
import { ruleTable } from "../support/rule-table.ts";
import { aServiceWithoutFirewall, twinsId } from "../support/services-without-firewall.ts";
import { policyWith } from "../support/world.ts";

const hub = `${group}/providers/Microsoft.Network/virtualNetworks/vnet-hub`;
const withHub = policyWith({ dnsNetworks: [idOf(hub)] });
const foreignZone = zoneId(blobZone, "/subscriptions/00000000-0000-4000-8000-000000000002/resourceGroups/rg-hub");
const endpoint = [aPrivateEndpoint(), aNetwork()];
const blob = (want: "pass" | "fail" | "undetermined") => ({ blob: want });

ruleTable(privateDnsZoneMissing, [
  {
    when: "an app and its slot have their names in one zone",
    given: [
      aPrivateEndpoint({ service: appId, groupIds: ["sites"] }),
      aPrivateEndpoint({ name: "pe-slot", service: appId, groupIds: ["sites-staging"] }),
      [noZoneGroup(), noZoneGroup(endpointId("pe-slot"))],
      [anApp(), anApp({}, {}, slotId), aNetwork()],
      aZone({ id: zoneId("privatelink.azurewebsites.net") }),
    ],
    want: { sites: "pass", "sites-staging": "pass" },
  },
  {
    when: "the names of a slot have a zone, but one that is no zone of apps",
    looks: "fine",
    given: [
      aPrivateEndpoint({ service: appId, groupIds: ["sites-staging"] }),
      aZoneGroup(),
      [anApp(), anApp({}, {}, slotId), aNetwork()],
      aZone(),
      everyZone,
    ],
    want: { "sites-staging": "fail" },
    says: ["privatelink.azurewebsites.net"],
  },
  { when: "a zone group names the zone", given: [endpoint, aZoneGroup(), aZone()], want: blob("pass") },
  {
    when: "there is no zone group and no zone",
    given: [endpoint, noZoneGroup(), everyZone],
    want: blob("fail"),
    says: [blobZone, "linked to vnet", "/properties/privateLinkServiceConnections/0/properties/groupIds/0"],
  },
  {
    when: "the zone group names a zone that is gone",
    looks: "fine",
    given: [endpoint, aZoneGroup(), absent(zoneId()), everyZone],
    want: blob("fail"),
    says: ["/properties/privateDnsZoneConfigs/0/properties/privateDnsZoneId"],
  },
  {
    when: "the zone group names the zone of another group",
    looks: "fine",
    given: [
      endpoint,
      aZoneGroup(zoneId("privatelink.dfs.core.windows.net")),
      aZone({ id: zoneId("privatelink.dfs.core.windows.net") }),
      everyZone,
    ],
    want: blob("fail"),
  },
  {
    when: "there is no zone group, but the network is linked to a zone in another resource group",
    looks: "wrong",
    given: [endpoint, noZoneGroup(), aZone()],
    want: blob("pass"),
  },
  {
    when: "there is none, but the network is linked to a zone of the account's own name",
    given: [
      [endpoint, anInterface(), noZoneGroup(), everyZone],
      aZone({ id: zoneId("stdrawings.blob.core.windows.net"), records: { "@": ["10.0.0.4"] } }),
    ],
    want: blob("undetermined"),
    says: ["`stdrawings.blob.core.windows.net`, which `vnet` is linked to, answers for the names"],
  },
  {
    when: "the zone of that name is linked to another network",
    looks: "fine",
    given: [endpoint, noZoneGroup(), aZone({ links: [hub] }), everyZone],
    want: blob("fail"),
  },
  {
    when: "a ruleset forwards the names to a resolver, which may find them in a zone that its network is linked to",
    given: [endpoint, noZoneGroup(), aZone({ links: [hub] }), everyZone, aRuleset({ "blob.core.windows.net.": {} })],
    want: blob("undetermined"),
    says: ["`dnsNetworks` of the policy"],
  },
  {
    when: "the zone of that name is linked to a network of the policy",
    looks: "wrong",
    given: [endpoint, noZoneGroup(), aZone({ links: [hub] }), everyZone],
    policy: withHub,
    want: blob("pass"),
  },
  {
    when: "zone and network are spelled in another casing",
    looks: "wrong",
    given: [
      endpoint,
      noZoneGroup(),
      aZone({ id: zoneId(blobZone.toUpperCase()), links: [networkId.toUpperCase()] }),
      everyZone,
    ],
    want: blob("pass"),
  },
  {
    when: "the zone group names a zone in another subscription",
    given: [endpoint, aZoneGroup(foreignZone), aZone({ id: foreignZone })],
    want: blob("pass"),
  },
  {
    when: "nobody may read the zone that the zone group names",
    given: [endpoint, aZoneGroup(foreignZone), refused(foreignZone), everyZone],
    want: blob("undetermined"),
    says: ["403"],
  },
  {
    when: "the link is still being made",
    given: [
      endpoint,
      noZoneGroup(),
      aZone({ links: [{ virtualNetwork: { id: networkId }, virtualNetworkLinkState: "InProgress" }] }),
      everyZone,
    ],
    want: blob("undetermined"),
  },
  {
    when: "the zone groups were not recorded",
    given: [endpoint, everyZone],
    want: blob("undetermined"),
    says: ["privateDnsZoneGroups"],
  },
  {
    when: "the zone groups were refused, but the network is linked",
    looks: "wrong",
    given: [endpoint, refusedList(endpointId(), "Microsoft.Network/privateEndpoints/privateDnsZoneGroups"), aZone()],
    want: blob("pass"),
  },
  {
    when: "the links of a zone were not recorded",
    given: [endpoint, noZoneGroup(), aZone({ links: [], notRead: ["virtualNetworkLinks"] }), everyZone],
    want: blob("undetermined"),
    says: ["virtualnetworklinks"],
  },
  { when: "the list of zones was not recorded", given: [endpoint, noZoneGroup()], want: blob("undetermined") },
  {
    when: "a link was read without its properties",
    given: [
      endpoint,
      noZoneGroup(),
      aZone({ links: [] }),
      { id: `${zoneId()}/virtualNetworkLinks/thin`, type: "Microsoft.Network/privateDnsZones/virtualNetworkLinks" },
      everyZone,
    ],
    want: blob("undetermined"),
  },
  {
    when: "the network has DNS servers of its own",
    given: [aPrivateEndpoint(), withDnsServers("10.1.0.4"), noZoneGroup(), everyZone],
    want: blob("undetermined"),
    says: ["where the DNS servers that", "/properties/dhcpOptions/dnsServers"],
  },
  {
    when: "the DNS server of the network is Azure's own",
    looks: "fine",
    given: [aPrivateEndpoint(), withDnsServers("168.63.129.16"), noZoneGroup(), everyZone],
    want: blob("fail"),
  },
  {
    when: "the network was not recorded",
    given: [aPrivateEndpoint(), noZoneGroup(), everyZone],
    want: blob("undetermined"),
  },
  {
    when: "the connection is not approved",
    given: [aPrivateEndpoint({ status: "Pending", isManual: true }), aNetwork(), noZoneGroup(), everyZone],
    want: blob("fail"),
  },
  {
    when: "the group is spelled in another casing, and is a secondary one",
    given: [aPrivateEndpoint({ groupIds: ["BLOB_Secondary"] }), aNetwork(), noZoneGroup(), everyZone],
    want: { blob_secondary: "fail" },
    says: [blobZone],
  },
  {
    when: "a SQL server and a vault have zones of their own",
    given: [
      [
        aPrivateEndpoint({ name: "pe-sql", service: sqlId, groupIds: ["sqlServer"] }),
        noZoneGroup(endpointId("pe-sql")),
      ],
      [aPrivateEndpoint({ name: "pe-kv", service: vaultId, groupIds: ["vault"] }), noZoneGroup(endpointId("pe-kv"))],
      aNetwork(),
      aZone({ id: zoneId("privatelink.vaultcore.azure.net") }),
      everyZone,
    ],
    want: { sqlServer: "fail" },
    says: ["privatelink.database.windows.net"],
  },
  {
    when: "the endpoint is in Azure Government, and the zone is that of the public cloud",
    looks: "fine",
    given: [aPrivateEndpoint({ location: "usgovvirginia" }), aNetwork(), aZoneGroup(), aZone(), everyZone],
    want: blob("fail"),
    says: ["privatelink.blob.core.usgovcloudapi.net"],
  },
  {
    when: "the endpoint is in Azure Government, for which no document names a zone of the group",
    looks: "fine",
    given: [
      aPrivateEndpoint({ service: twinsId, groupIds: ["API"], location: "usgovvirginia" }),
      [aServiceWithoutFirewall(twinsId), aNetwork(), noZoneGroup(), everyZone],
    ],
    want: "undetermined",
    says: ["`API`", "in the cloud of"],
  },
  {
    when: "the group is one that the catalog does not know",
    given: [aPrivateEndpoint({ groupIds: ["blobs"] }), aNetwork(), noZoneGroup(), everyZone],
    want: "pass",
  },
  {
    when: "it leads to a service that is not audited",
    looks: "wrong",
    given: [
      aPrivateEndpoint({ service: `${group}/providers/Microsoft.Network/privateLinkServices/pls`, groupIds: [] }),
      aNetwork(),
      noZoneGroup(),
      everyZone,
    ],
    want: "pass",
  },
  {
    when: "the service is gone, which is another rule's finding",
    looks: "wrong",
    given: [endpoint, noZoneGroup(), everyZone, absent(storageId)],
    want: "pass",
  },
  {
    when: "the service is there",
    given: [endpoint, noZoneGroup(), everyZone, aStorageAccount()],
    want: blob("fail"),
  },
  {
    when: "the subnet cannot be understood",
    given: [aPrivateEndpoint({ subnet: "snet-app" }), noZoneGroup(), everyZone],
    want: blob("undetermined"),
    says: ["names no subnet"],
  },
  {
    when: "the groups are no list",
    given: [aPrivateEndpoint({ groupIds: "blob" }), aNetwork(), noZoneGroup(), everyZone],
    want: "undetermined",
  },
  {
    when: "the connection was told without its properties",
    given: [aPrivateEndpoint({ properties: { privateLinkServiceConnections: [{ name: "pe" }] } }), aNetwork()],
    want: "undetermined",
    says: ["has no properties"],
  },
  {
    when: "the body is a thin one",
    given: { id: endpointId(), type: "Microsoft.Network/privateEndpoints" },
    want: "undetermined",
    says: ["without its properties"],
  },
  {
    when: "an account has a DNS zone of its own for its names, and there is no zone of the usual name",
    given: [endpoint, aStorageAccount({ dnsEndpointType: "AzureDnsZone" }), noZoneGroup(), everyZone],
    want: blob("undetermined"),
    says: ["no document says which private DNS zone", "AzureDnsZone"],
  },
  {
    when: "an account says that its names are the usual ones",
    given: [endpoint, aStorageAccount({ dnsEndpointType: "Standard" }), noZoneGroup(), everyZone],
    want: blob("fail"),
  },
  {
    when: "an account has a DNS zone of its own, and the zone group names the one of usual names",
    given: [endpoint, aStorageAccount({ dnsEndpointType: "AzureDnsZone" }), aZoneGroup(), aZone()],
    want: blob("undetermined"),
    says: ["no document says which private DNS zone", "AzureDnsZone"],
  },
  {
    when: "the kind of names of an account is an unheard-of one",
    given: [endpoint, aStorageAccount({ dnsEndpointType: "OwnZone" }), noZoneGroup(), everyZone],
    want: blob("undetermined"),
    says: ["OwnZone"],
  },
]);
