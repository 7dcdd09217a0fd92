import { privateDnsRecordWrong } from "../../lib/rules/private-dns-record-wrong.ts";
import { anApp, appId, slotId } from "../support/apps.ts";
import {
  absent,
  aConnection,
  aKeyVault,
  aNetwork,
  aStorageAccount,
  group,
  networkId,
  refused,
  refusedList,
  vaultId,
} from "../support/builders.ts";
import {
  anInterface,
  aPrivateEndpoint,
  aZone,
  aZoneGroup,
  blobZone,
  endpointId,
  everyZone,
  interfaceId,
  noZoneGroup,
  zoneId,
} from "../support/private-endpoints.ts";
import { ruleTable } from "../support/rule-table.ts";

const endpoint = [aPrivateEndpoint(), anInterface(), aNetwork(), aStorageAccount()];
const otherZone = zoneId(blobZone, group.replace("/rg", "/rg-team"));
const blob = (want: "pass" | "fail" | "undetermined") => ({ blob: want });

/** The endpoint, and another one for the same account, approved unless said otherwise. */
function withAnother(parts: { readonly status?: string; readonly groupId?: string } = {}) {
  const { status = "Approved", groupId = "blob" } = parts;
  return [
    aPrivateEndpoint(),
    anInterface(),
    aNetwork(),
    aPrivateEndpoint({ name: "pe-other", groupIds: [groupId], status }),
    noZoneGroup(endpointId("pe-other")),
    aStorageAccount({
      privateEndpointConnections: [aConnection("Approved", "pe-blob"), aConnection(status, "pe-other")],
    }),
  ];
}

const other = anInterface({ name: "pe-other", addresses: { "10.0.9.4": ["stdrawings.blob.core.windows.net"] } });
const toOther = aZone({ records: { stdrawings: ["10.0.9.4"] } });

const host = "azurewebsites.net";
const appRecords = { "app-erp": ["10.0.0.4"], "app-erp.scm": ["10.0.0.4"] };

/** An app with an approved endpoint for both of its sites, and a zone with these records. */
function appBehind(records: Readonly<Record<string, readonly string[]>>, name = "app-erp", ofRegion = "") {
  return [
    aPrivateEndpoint({ service: appId, groupIds: ["sites"] }),
    anInterface({
      groupId: "sites",
      addresses: { "10.0.0.4": [`${name}${ofRegion}.${host}`, `${name}.scm${ofRegion}.${host}`] },
    }),
    aNetwork(),
    anApp({}, { privateEndpointConnections: [aConnection("Approved", "pe-blob")] }),
    noZoneGroup(),
    aZone({ id: zoneId(`privatelink.${host}`), records }),
  ];
}

ruleTable(privateDnsRecordWrong, [
  { when: "both sites of an app have records in one zone", given: appBehind(appRecords), want: { sites: "pass" } },
  {
    when: "only the main site of an app has a record",
    looks: "fine",
    given: appBehind({ "app-erp": ["10.0.0.4"] }),
    want: { sites: "fail" },
    says: ["has no record `app-erp.scm`"],
  },
  {
    when: "a wildcard answers for all SCM sites, and the one for all names leads elsewhere",
    looks: "wrong",
    given: appBehind({ "app-erp": ["10.0.0.4"], "*.scm": ["10.0.0.4"], "*": ["10.9.9.9"] }),
    want: { sites: "pass" },
  },
  {
    when: "the name of an app has a hash and a region",
    looks: "wrong",
    given: appBehind(
      { "app-erp-ds27dh72.westeurope-01": ["10.0.0.4"], "app-erp-ds27dh72.scm.westeurope-01": ["10.0.0.4"] },
      "app-erp-ds27dh72",
      ".westeurope-01",
    ),
    want: { sites: "pass" },
  },
  {
    when: "the record of a slot has the address of the endpoint of the app itself",
    looks: "fine",
    given: [
      appBehind(appRecords),
      aPrivateEndpoint({ name: "pe-slot", service: appId, groupIds: ["sites-staging"] }),
      anInterface({
        name: "pe-slot",
        groupId: "sites-staging",
        addresses: { "10.0.0.5": [`app-erp-staging.${host}`] },
      }),
      noZoneGroup(endpointId("pe-slot")),
      anApp({}, { privateEndpointConnections: [aConnection("Approved", "pe-slot")] }, slotId),
      aZone({ id: zoneId(`privatelink.${host}`), records: { "app-erp-staging": ["10.0.0.4"] } }),
      everyZone,
    ],
    want: { sites: "pass", "sites-staging": "fail" },
    says: ["the record `app-erp-staging`", "leads to 10.0.0.4"],
  },
  { when: "the record has the address of the interface", given: [endpoint, aZoneGroup(), aZone()], want: blob("pass") },
  {
    when: "the record has the address of an earlier endpoint",
    looks: "fine",
    given: [endpoint, aZoneGroup(), toOther],
    want: blob("fail"),
    says: [
      `the record \`stdrawings\` in \`${blobZone}\` leads to 10.0.9.4`,
      "/properties/aRecords",
      "/properties/ipConfigurations/0/properties/privateIPAddress",
    ],
  },
  {
    when: "the zone has no record",
    given: [endpoint, aZoneGroup(), aZone({ records: { another: ["10.0.0.4"] } })],
    want: blob("fail"),
    says: [`\`${blobZone}\` has no record \`stdrawings\``, "10.0.0.4"],
  },
  {
    when: "the record set is empty",
    given: [endpoint, aZoneGroup(), aZone({ records: { stdrawings: [] } })],
    want: blob("fail"),
    says: ["leads to nothing"],
  },
  {
    when: "the record was made by hand, without a zone group",
    looks: "wrong",
    given: [endpoint, noZoneGroup(), aZone()],
    want: blob("pass"),
  },
  {
    when: "the record of the zone that the network sees is missing, without a zone group",
    given: [endpoint, noZoneGroup(), aZone({ records: {} })],
    want: blob("fail"),
  },
  {
    when: "another zone of that name has the record, but the network does not see it",
    looks: "fine",
    given: [endpoint, noZoneGroup(), aZone({ links: [] }), aZone({ id: otherZone, records: {} }), everyZone],
    want: blob("fail"),
  },
  {
    when: "the network sees another zone of the name than the one of the zone group, where the record is missing",
    looks: "fine",
    given: [
      endpoint,
      aZoneGroup(),
      aZone({ links: [] }),
      aZone({ id: otherZone, records: { another: ["10.0.0.4"] } }),
      everyZone,
    ],
    want: blob("fail"),
    says: [`\`${blobZone}\` in \`rg-team\` has no record \`stdrawings\``],
  },
  {
    when: "the network sees another zone of the name than the one of the zone group, where somebody wrote the record",
    looks: "wrong",
    given: [endpoint, aZoneGroup(), aZone({ links: [] }), aZone({ id: otherZone }), everyZone],
    want: blob("pass"),
  },
  {
    when: "there is no zone, which is another rule's finding",
    looks: "wrong",
    given: [endpoint, noZoneGroup(), everyZone],
    want: "pass",
  },
  {
    when: "the zone of the zone group is gone, which is another rule's finding",
    looks: "wrong",
    given: [endpoint, aZoneGroup(), absent(zoneId()), everyZone],
    want: "pass",
  },
  {
    when: "the record is right in a zone that is not linked, which is another rule's finding",
    looks: "wrong",
    given: [endpoint, aZoneGroup(), aZone({ links: [] }), everyZone],
    want: "pass",
  },
  {
    when: "the record leads to another approved endpoint of the same account",
    looks: "wrong",
    given: [withAnother(), other, aZoneGroup(), toOther],
    want: { blob: "pass" },
  },
  {
    when: "the other endpoint of the account was rejected",
    looks: "fine",
    given: [withAnother({ status: "Rejected" }), other, aZoneGroup(), toOther],
    want: blob("fail"),
  },
  {
    when: "the other endpoint of the account is for its tables",
    looks: "fine",
    given: [
      withAnother({ groupId: "table" }),
      anInterface({ name: "pe-other", groupId: "table", addresses: { "10.0.9.4": [] } }),
      aZoneGroup(),
      toOther,
      everyZone,
    ],
    want: blob("fail"),
  },
  {
    when: "the other endpoint of the account has yet another address",
    given: [
      withAnother(),
      anInterface({ name: "pe-other", addresses: { "10.0.9.5": ["stdrawings.blob.core.windows.net"] } }),
      aZoneGroup(),
      aZoneGroup(zoneId(), endpointId("pe-other")),
      aZone({ records: { stdrawings: ["10.0.9.4"] } }),
    ],
    want: blob("fail"),
  },
  {
    when: "the interface of the other endpoint may not be read",
    given: [withAnother(), refused(interfaceId("pe-other")), aZoneGroup(), toOther],
    want: blob("undetermined"),
    says: ["403"],
  },
  {
    when: "the account lists an endpoint in a subscription that was not recorded",
    given: [
      aPrivateEndpoint(),
      anInterface(),
      aNetwork(),
      aStorageAccount({ privateEndpointConnections: [aConnection("Approved"), aConnection("Approved", "pe-away")] }),
      aZoneGroup(),
      toOther,
    ],
    want: blob("undetermined"),
    says: ["pe-away"],
  },
  {
    when: "the account was not recorded",
    given: [aPrivateEndpoint(), anInterface(), aNetwork(), aZoneGroup(), toOther],
    want: blob("undetermined"),
    says: ["storageAccounts/stdrawings"],
  },
  {
    when: "the connection waits for approval",
    looks: "wrong",
    given: [
      aPrivateEndpoint({ status: "Pending", isManual: true }),
      anInterface(),
      aNetwork(),
      aZoneGroup(),
      aZone({ records: {} }),
    ],
    want: "pass",
  },
  {
    when: "the interface was not recorded, and the endpoint's own body has the address",
    given: [
      aPrivateEndpoint({
        properties: {
          customDnsConfigs: [{ fqdn: "stdrawings.blob.core.windows.net", ipAddresses: ["10.0.0.4"] }],
        },
      }),
      aNetwork(),
      aStorageAccount(),
      noZoneGroup(),
      aZone({ records: { stdrawings: ["10.0.0.5"] } }),
    ],
    want: blob("fail"),
    says: ["/properties/customDnsConfigs/0"],
  },
  {
    when: "nothing says which address the endpoint has",
    given: [aPrivateEndpoint(), aNetwork(), aStorageAccount(), aZoneGroup(), aZone()],
    want: blob("undetermined"),
    says: ["pe-blob.nic"],
  },
  {
    when: "nothing says which address the endpoint has, but there is no record at all",
    looks: "fine",
    given: [aPrivateEndpoint(), aNetwork(), aStorageAccount(), aZoneGroup(), aZone({ records: {} })],
    want: blob("fail"),
  },
  {
    when: "nothing says which names lead to the endpoint",
    given: [
      [aPrivateEndpoint(), anInterface({ addresses: { "10.0.0.4": [] } }), aNetwork(), aStorageAccount()],
      aZoneGroup(zoneId(), endpointId(), []),
      aZone(),
    ],
    want: blob("undetermined"),
    says: ["which names lead to"],
  },
  {
    when: "the public domain of a vault is not that of its zone",
    looks: "wrong",
    given: [
      aPrivateEndpoint({ service: vaultId, groupIds: ["vault"] }),
      anInterface({ groupId: "vault", addresses: { "10.0.0.7": ["kv-erp.vault.azure.net"] } }),
      aNetwork(),
      aKeyVault(),
      noZoneGroup(),
      aZone({ id: zoneId("privatelink.vaultcore.azure.net"), records: { "kv-erp": ["10.0.0.7"] } }),
    ],
    want: { vault: "pass" },
  },
  {
    when: "the record has a stale address beside the right one",
    looks: "fine",
    given: [endpoint, aZoneGroup(), aZone({ records: { stdrawings: ["10.0.0.4", "10.9.9.9"] } })],
    want: blob("fail"),
    says: ["leads to 10.9.9.9 as well"],
  },
  {
    when: "the record is there and holds no address",
    looks: "fine",
    given: [endpoint, aZoneGroup(), aZone({ records: { stdrawings: [] } })],
    want: blob("fail"),
    says: ["leads to nothing"],
  },
  {
    when: "one of two names has no record",
    looks: "fine",
    given: [
      aPrivateEndpoint(),
      anInterface({
        addresses: {
          "10.0.0.4": ["stdrawings.blob.core.windows.net"],
          "10.0.0.5": ["stdrawings-westeurope.blob.core.windows.net"],
        },
      }),
      aNetwork(),
      aStorageAccount(),
      noZoneGroup(),
      aZone(),
    ],
    want: blob("fail"),
    says: ["stdrawings-westeurope"],
  },
  {
    when: "the record of a static website leaves out the partition",
    looks: "wrong",
    given: [
      aPrivateEndpoint({ groupIds: ["web"] }),
      anInterface({ groupId: "web", addresses: { "10.0.0.4": ["stdrawings.z6.web.core.windows.net"] } }),
      aNetwork(),
      aStorageAccount(),
      noZoneGroup(),
      aZone({ id: zoneId("privatelink.web.core.windows.net") }),
    ],
    want: { web: "pass" },
  },
  {
    when: "a wildcard answers for the name",
    looks: "wrong",
    given: [endpoint, aZoneGroup(), aZone({ records: { "*": ["10.0.0.4"] } })],
    want: blob("pass"),
  },
  {
    when: "the endpoint has an IPv6 address only",
    given: [
      aPrivateEndpoint(),
      anInterface({ addresses: { "fd00::4": ["stdrawings.blob.core.windows.net"] } }),
      aNetwork(),
      aStorageAccount(),
      aZoneGroup(zoneId(), endpointId(), [{ recordType: "AAAA", recordSetName: "stdrawings" }]),
      aZone({ records: { stdrawings: ["fd00:0::4"] } }),
    ],
    want: blob("pass"),
  },
  {
    when: "the names are spelled in another casing",
    looks: "wrong",
    given: [
      aPrivateEndpoint(),
      anInterface({ addresses: { "10.0.0.4": ["StDrawings.Blob.Core.Windows.Net"] }, groupId: "Blob" }),
      aNetwork(),
      aStorageAccount(),
      noZoneGroup(),
      aZone({ id: zoneId(blobZone.toUpperCase()), links: [networkId.toUpperCase()] }),
    ],
    want: blob("pass"),
  },
  {
    when: "the records were not recorded",
    given: [endpoint, aZoneGroup(), aZone({ records: {}, notRead: ["A"] })],
    want: blob("undetermined"),
    says: [`${blobZone}/A/stdrawings`],
  },
  {
    when: "the records were refused",
    given: [
      endpoint,
      aZoneGroup(),
      aZone({ records: {}, notRead: ["A"] }),
      refusedList(zoneId(), "Microsoft.Network/privateDnsZones/A"),
    ],
    want: blob("undetermined"),
    says: ["403 AuthorizationFailed"],
  },
  {
    when: "the record holds something that is no address",
    given: [endpoint, aZoneGroup(), aZone({ records: { stdrawings: ["10.0.0.4/30"] } })],
    want: blob("undetermined"),
    says: ["10.0.0.4/30"],
  },
  {
    when: "the record was read without its properties",
    given: [
      endpoint,
      aZoneGroup(),
      aZone({ records: {} }),
      { id: `${zoneId()}/A/stdrawings`, type: "Microsoft.Network/privateDnsZones/A" },
    ],
    want: blob("undetermined"),
    says: ["without its properties"],
  },
  {
    when: "the zone groups were not recorded",
    given: [endpoint, aZone(), everyZone],
    want: blob("undetermined"),
    says: ["privateDnsZoneGroups"],
  },
  {
    when: "the state of the connection is an unheard-of one",
    given: [
      aPrivateEndpoint({ status: "Certified" }),
      anInterface(),
      aNetwork(),
      aStorageAccount(),
      aZoneGroup(),
      aZone({ records: {} }),
    ],
    want: blob("undetermined"),
    says: ["Certified"],
  },
  {
    when: "the body is a thin one",
    given: { id: endpointId(), type: "Microsoft.Network/privateEndpoints" },
    want: "undetermined",
  },
  {
    when: "an account has a DNS zone of its own for its names, of which the zone of usual names has none",
    given: [
      aPrivateEndpoint(),
      anInterface({ addresses: { "10.0.0.4": ["stdrawings.z20.blob.storage.azure.net"] } }),
      aNetwork(),
      aStorageAccount({ dnsEndpointType: "AzureDnsZone" }),
      noZoneGroup(),
      aZone({ records: {} }),
    ],
    want: blob("undetermined"),
    says: ["no document says which private DNS zone"],
  },
]);
