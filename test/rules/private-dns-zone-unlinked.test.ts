import { privateDnsZoneUnlinked } from "../../lib/rules/private-dns-zone-unlinked.ts";
import {
  absent,
  aNetwork,
  aStorageAccount,
  group,
  idOf,
  networkId,
  refusedList,
  subscription,
} from "../support/builders.ts";
import {
  anInterface,
  aPrivateEndpoint,
  aRuleset,
  aZone,
  aZoneGroup,
  blobZone,
  endpointId,
  everyRuleset,
  everyZone,
  noZoneGroup,
  withDnsServers,
  zoneId,
} from "../support/private-endpoints.ts";
import { ruleTable } from "../support/rule-table.ts";
import { policyWith } from "../support/world.ts";

const hub = `${group}/providers/Microsoft.Network/virtualNetworks/vnet-hub`;
const hubNetwork = { ...aNetwork([]), id: hub };
const withHub = policyWith({ dnsNetworks: [idOf(hub)] });
const endpoint = [aPrivateEndpoint(), aNetwork()];
const otherZone = zoneId(blobZone, `${group.replace("/rg", "/rg-team")}`);
const blob = (want: "pass" | "fail" | "undetermined") => ({ blob: want });

ruleTable(privateDnsZoneUnlinked, [
  { when: "the zone is linked to the network", given: [endpoint, aZoneGroup(), aZone()], want: blob("pass") },
  {
    when: "the zone group keeps the record, but the zone is not linked",
    looks: "fine",
    given: [endpoint, aZoneGroup(), aZone({ links: [] }), everyZone],
    want: blob("fail"),
    says: [`\`${blobZone}\` is not linked to vnet`, "/properties/privateDnsZoneConfigs/0/properties/privateDnsZoneId"],
  },
  {
    when: "the zone is linked to another network only",
    looks: "fine",
    given: [endpoint, aZoneGroup(), aZone({ links: [hub] }), everyZone],
    want: blob("fail"),
  },
  {
    when: "the network is linked to another zone of the name, so that no second one can be: its records are another rule's",
    looks: "wrong",
    given: [endpoint, aZoneGroup(), aZone({ links: [hub] }), aZone({ id: otherZone }), everyZone],
    want: blob("pass"),
  },
  {
    when: "the zone is linked, and so is one for the public names, which comes before it",
    looks: "fine",
    given: [
      endpoint,
      anInterface(),
      aZoneGroup(),
      aZone(),
      aZone({ id: zoneId("blob.core.windows.net"), records: {} }),
      everyZone,
    ],
    want: blob("undetermined"),
    says: ["`blob.core.windows.net`, which `vnet` is linked to, answers for the names"],
  },
  {
    when: "the zone is not linked, and one of the account's own name is",
    given: [
      endpoint,
      anInterface(),
      aZoneGroup(),
      aZone({ links: [] }),
      aZone({ id: zoneId("stdrawings.blob.core.windows.net"), records: { "@": ["10.0.0.4"] } }),
      everyZone,
    ],
    want: blob("undetermined"),
    says: ["`stdrawings.blob.core.windows.net`, which `vnet` is linked to, answers for the names"],
  },
  {
    when: "the zone is linked, and so are others that hold none of the names",
    looks: "wrong",
    given: [
      endpoint,
      anInterface(),
      aZoneGroup(),
      aZone(),
      ["stother.blob.core.windows.net", "corp.example", "file.core.windows.net"].map((name) =>
        aZone({ id: zoneId(name), records: {} }),
      ),
      everyZone,
    ],
    want: blob("pass"),
  },
  {
    when: "the zone lies in another subscription, of which no list was read",
    given: (() => {
      const foreign = zoneId(blobZone, "/subscriptions/00000000-0000-4000-8000-000000000002/resourceGroups/rg-hub");
      return [endpoint, aZoneGroup(foreign), aZone({ id: foreign, links: [hub] })];
    })(),
    want: blob("undetermined"),
    says: ["virtualnetworklinks"],
  },
  {
    when: "the link says nothing of its state",
    looks: "wrong",
    given: [endpoint, aZoneGroup(), aZone({ links: [{ virtualNetwork: { id: networkId } }] })],
    want: blob("pass"),
  },
  {
    when: "the link is still being made",
    given: [
      endpoint,
      aZoneGroup(),
      aZone({ links: [{ virtualNetwork: { id: networkId }, virtualNetworkLinkState: "InProgress" }] }),
    ],
    want: blob("undetermined"),
    says: ["still being set up", "InProgress"],
  },
  {
    when: "the state of the link is an unheard-of one",
    given: [
      endpoint,
      aZoneGroup(),
      aZone({ links: [{ virtualNetwork: { id: networkId }, virtualNetworkLinkState: "Paused" }] }),
    ],
    want: blob("undetermined"),
    says: ["Paused"],
  },
  {
    when: "a link names nothing that can be understood",
    given: [endpoint, aZoneGroup(), aZone({ links: [{ virtualNetwork: { id: "vnet" } }] })],
    want: blob("undetermined"),
  },
  {
    when: "the links were refused",
    given: [
      endpoint,
      aZoneGroup(),
      aZone({ links: [], notRead: ["virtualNetworkLinks"] }),
      refusedList(zoneId(), "Microsoft.Network/privateDnsZones/virtualNetworkLinks"),
    ],
    want: blob("undetermined"),
    says: ["403 AuthorizationFailed"],
  },
  {
    when: "the links were refused, but the one that is needed was seen",
    looks: "wrong",
    given: [endpoint, aZoneGroup(), aZone({ notRead: ["virtualNetworkLinks"] })],
    want: blob("pass"),
  },
  {
    when: "the network has DNS servers of its own",
    given: [aPrivateEndpoint(), withDnsServers("10.1.0.4"), aZoneGroup(), aZone({ links: [hub] })],
    want: blob("undetermined"),
    says: ["DNS servers", "/properties/dhcpOptions/dnsServers"],
  },
  {
    when: "the network has DNS servers in itself, and is linked",
    looks: "wrong",
    given: [aPrivateEndpoint(), withDnsServers("10.0.0.4"), aZoneGroup(), aZone()],
    want: blob("pass"),
  },
  {
    when: "the network asks Azure's DNS by its address, and is linked",
    looks: "wrong",
    given: [aPrivateEndpoint(), withDnsServers("168.63.129.16"), aZoneGroup(), aZone()],
    want: blob("pass"),
  },
  {
    when: "the network is linked, but its DNS servers are in another one, whose links count",
    looks: "fine",
    given: [aPrivateEndpoint(), withDnsServers("10.1.0.4"), aZoneGroup(), aZone(), everyZone],
    want: blob("undetermined"),
    says: ["`dnsNetworks` of the policy", "/properties/dhcpOptions/dnsServers"],
  },
  {
    when: "the second DNS server is in another network",
    looks: "fine",
    given: [aPrivateEndpoint(), withDnsServers("10.0.0.4", "10.1.0.4"), aZoneGroup(), aZone(), everyZone],
    want: blob("undetermined"),
  },
  {
    when: "the network is linked, and its DNS servers are in a network of the policy, which is not",
    looks: "fine",
    given: [aPrivateEndpoint(), withDnsServers("10.1.0.4"), hubNetwork, aZoneGroup(), aZone(), everyZone],
    policy: withHub,
    want: blob("fail"),
    says: ["is not linked to vnet-hub"],
  },
  {
    when: "the network has DNS servers of its own, and the policy says where they are",
    looks: "wrong",
    given: [aPrivateEndpoint(), withDnsServers("10.1.0.4"), hubNetwork, aZoneGroup(), aZone({ links: [hub] })],
    policy: withHub,
    want: blob("pass"),
  },
  {
    when: "a ruleset that is linked to the network forwards the names to a resolver, which may be where the zone is linked",
    given: [endpoint, aZoneGroup(), aZone({ links: [hub] }), everyZone, aRuleset({ "blob.core.windows.net.": {} })],
    want: blob("undetermined"),
    says: ["where the DNS servers that", "/properties/domainName"],
  },
  {
    when: "a ruleset forwards the names, and the policy says to where",
    looks: "wrong",
    given: [
      endpoint,
      hubNetwork,
      aZoneGroup(),
      aZone({ links: [hub] }),
      everyZone,
      aRuleset({ "PrivateLink.blob.core.windows.net.": {} }),
    ],
    policy: withHub,
    want: blob("pass"),
  },
  {
    when: "the ruleset forwards other names, every name but Azure's own, and these by a rule that is off",
    looks: "fine",
    given: [
      endpoint,
      aZoneGroup(),
      aZone({ links: [hub] }),
      everyZone,
      aRuleset({
        "corp.example.": {},
        "file.core.windows.net.": {},
        ".": {},
        "blob.core.windows.net.": { forwardingRuleState: "Disabled" },
      }),
    ],
    want: blob("fail"),
  },
  {
    when: "the ruleset that forwards the names is linked to another network",
    looks: "fine",
    given: [
      endpoint,
      aZoneGroup(),
      aZone({ links: [hub] }),
      everyZone,
      aRuleset({ "blob.core.windows.net.": {} }, hub),
    ],
    want: blob("fail"),
  },
  {
    when: "the rules of a linked ruleset were not read",
    given: [endpoint, aZoneGroup(), aZone({ links: [hub] }), everyZone, aRuleset()],
    want: blob("undetermined"),
    says: ["rules-hub/"],
  },
  {
    when: "all rulesets were read, and none is linked",
    given: [endpoint, aZoneGroup(), aZone({ links: [hub] }), everyZone, everyRuleset],
    want: blob("fail"),
  },
  {
    when: "no ruleset was recorded",
    given: [endpoint, aZoneGroup(), aZone({ links: [hub] }), everyZone],
    want: blob("fail"),
    says: ["no other DNS forwarding ruleset is linked to `vnet`"],
  },
  {
    when: "the rulesets were refused",
    given: [
      endpoint,
      aZoneGroup(),
      aZone({ links: [hub] }),
      everyZone,
      refusedList(subscription, "Microsoft.Network/dnsForwardingRulesets"),
    ],
    want: blob("undetermined"),
    says: ["403 AuthorizationFailed"],
  },
  {
    when: "a network of the policy is not linked",
    looks: "fine",
    given: [endpoint, hubNetwork, aZoneGroup(), aZone(), everyZone],
    policy: withHub,
    want: blob("fail"),
    says: ["is not linked to vnet-hub"],
  },
  {
    when: "a network of the policy is not linked and was not recorded",
    given: [endpoint, aZoneGroup(), aZone()],
    policy: withHub,
    want: blob("undetermined"),
    says: ["vnet-hub"],
  },
  {
    when: "the network of the endpoint is not linked, that of the policy is",
    looks: "fine",
    given: [endpoint, hubNetwork, aZoneGroup(), aZone({ links: [hub] }), everyZone],
    policy: withHub,
    want: blob("fail"),
    says: ["is not linked to vnet"],
  },
  {
    when: "there is no zone group, and the zone by name is linked to one of two networks",
    given: [endpoint, hubNetwork, noZoneGroup(), aZone(), everyZone],
    policy: withHub,
    want: blob("fail"),
    says: ["is not linked to vnet-hub"],
  },
  {
    when: "there is no zone group, and the networks are linked to zones of their own",
    looks: "wrong",
    given: [endpoint, hubNetwork, noZoneGroup(), aZone(), aZone({ id: otherZone, links: [hub] }), everyZone],
    policy: withHub,
    want: blob("pass"),
  },
  {
    when: "there is no zone at all, which is another rule's finding",
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
    when: "the zone groups were not recorded, and a zone of the name is linked",
    looks: "wrong",
    given: [endpoint, aZone(), everyZone],
    want: blob("pass"),
  },
  {
    when: "the zone groups were not recorded, and no zone of the name is linked",
    given: [endpoint, aZone({ links: [] }), everyZone],
    want: blob("undetermined"),
    says: ["privateDnsZoneGroups"],
  },
  {
    when: "the configurations of the zone group are no list",
    given: [
      endpoint,
      {
        id: `${endpointId()}/privateDnsZoneGroups/default`,
        type: "Microsoft.Network/privateEndpoints/privateDnsZoneGroups",
        properties: { privateDnsZoneConfigs: "default" },
      },
      noZoneGroup(),
      aZone({ links: [] }),
      everyZone,
    ],
    want: blob("undetermined"),
  },
  {
    when: "the body is a thin one",
    given: { id: endpointId(), type: "Microsoft.Network/privateEndpoints" },
    want: "undetermined",
  },
  {
    when: "an account has a DNS zone of its own for its names, and the zone of usual names is not linked",
    given: [
      endpoint,
      aStorageAccount({ dnsEndpointType: "AzureDnsZone" }),
      aZoneGroup(),
      aZone({ links: [] }),
      everyZone,
    ],
    want: blob("undetermined"),
    says: ["no document says which private DNS zone"],
  },
]);
