import { firewallRuleAny } from "../../lib/rules/firewall-rule-any.ts";
import { absent, aNetwork, aNetworkInterface, type Body, type Given, networkId, refused } from "../support/builders.ts";
import {
  aFirewall,
  aFirewallWithPolicy,
  aNatRule,
  aNetworkRule,
  anApplicationRule,
  anIpGroup,
  aPolicy,
  basePolicyId,
  type CollectionParts,
  classicCollection,
  firewallAddressId,
  firewallId,
  type GroupParts,
  ipGroupId,
  policyId,
  theFirewallAddress,
} from "../support/firewalls.ts";
import { ruleTable } from "../support/rule-table.ts";
import { policyWith } from "../support/world.ts";

const wholeInternet = policyWith({ nearlyInternet: 0.9 });

const halves = [
  aNetworkRule({ destinationAddresses: ["0.0.0.0/1"] }),
  aNetworkRule({ destinationAddresses: ["128.0.0.0-255.255.255.255"] }),
];

/** A classic firewall with these network rules, which allow. */
function classic(...rules: readonly object[]): Given {
  return [aFirewall({ networkRuleCollections: [classicCollection(rules)] }), theFirewallAddress()];
}

function natting(...rules: readonly object[]): Body {
  return aFirewall({ natRuleCollections: [classicCollection(rules, { action: "Dnat" })] });
}

/** A firewall whose policy has one group. */
function withGroup(...collections: readonly CollectionParts[]): Given {
  return [aFirewallWithPolicy, aPolicy({ groups: [{ collections }] })];
}

/** A firewall whose policy inherits from another; nobody uses that one directly. */
function withBase(base: readonly GroupParts[], own: readonly GroupParts[]): Given {
  return [
    aFirewallWithPolicy,
    aPolicy({
      id: basePolicyId,
      groups: base,
      properties: { firewalls: [], childPolicies: [{ id: policyId }] },
    }),
    aPolicy({ groups: own, properties: { basePolicy: { id: basePolicyId } } }),
  ];
}

const ipv6 = aNetworkRule({ sourceAddresses: ["::/0"], destinationAddresses: ["2000::/3"] });
const ipv6AddressId = `${firewallAddressId}-v6`;

const any: CollectionParts = { rules: [aNetworkRule()] };
const narrow: CollectionParts = { rules: [aNetworkRule({ destinationAddresses: ["10.1.0.0/16"] })] };
const denial: CollectionParts = { priority: 50, action: "Deny", rules: [aNetworkRule({ protocols: ["Any"] })] };
const rdp: CollectionParts = { kind: "NatRule", rules: [aNatRule()] };

ruleTable(firewallRuleAny, [
  { when: "a classic firewall has no rules", given: [aFirewall(), theFirewallAddress()], want: "pass" },
  {
    when: "a rule allows any to any over TCP",
    given: classic(aNetworkRule()),
    want: "fail",
    says: [
      "anybody behind the firewall reaches nearly the whole internet on every TCP port",
      "/properties/networkRuleCollections/0/properties/rules/0",
    ],
  },
  {
    when: "it is for UDP",
    given: classic(aNetworkRule({ protocols: ["UDP"] })),
    want: "fail",
    says: ["on every UDP port"],
  },
  {
    when: "it is for every protocol",
    given: classic(aNetworkRule({ protocols: ["Any"] })),
    want: "fail",
    says: ["on every port"],
  },
  { when: "it is for ICMP alone", looks: "wrong", given: classic(aNetworkRule({ protocols: ["ICMP"] })), want: "pass" },
  {
    when: "a protocol is not known",
    given: classic(aNetworkRule({ protocols: ["SCTP"] })),
    want: "undetermined",
    says: ["has a protocol that is not known"],
  },
  {
    when: "everybody is spelled 0.0.0.0/0, and every port 1-65535",
    looks: "fine",
    given: classic(
      aNetworkRule({
        sourceAddresses: ["0.0.0.0/0"],
        destinationAddresses: ["0.0.0.0/0"],
        destinationPorts: ["1-65535"],
      }),
    ),
    want: "fail",
    says: ["on TCP 1-65535"],
  },
  {
    when: "two rules have half of the internet each",
    looks: "fine",
    given: classic(...halves),
    policy: wholeInternet,
    want: "fail",
  },
  {
    when: "one rule has half of the internet, which is not nearly all of it to the owner",
    given: classic(...halves.slice(0, 1)),
    policy: wholeInternet,
    want: "pass",
  },
  {
    when: "two rules have half of the ports each",
    looks: "fine",
    given: classic(
      aNetworkRule({ destinationPorts: ["0-32767"] }),
      aNetworkRule({ destinationPorts: ["32768-60000", "60001-65535"] }),
    ),
    want: "fail",
  },
  {
    when: "the sources are the private addresses",
    looks: "fine",
    given: classic(aNetworkRule({ sourceAddresses: ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"] })),
    want: "fail",
  },
  {
    when: "the sources are one network",
    given: classic(aNetworkRule({ sourceAddresses: ["10.1.0.0/16"] })),
    want: "pass",
  },
  {
    when: "it is for the private addresses only",
    given: classic(aNetworkRule({ destinationAddresses: ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"] })),
    want: "pass",
  },
  {
    when: "it is for the web only",
    looks: "wrong",
    given: classic(aNetworkRule({ destinationPorts: ["80", "443"] })),
    want: "pass",
  },
  {
    when: "it is for host names",
    given: classic(aNetworkRule({ destinationAddresses: [], destinationFqdns: ["www.contoso.com"] })),
    want: "pass",
  },
  {
    when: "it is for a service tag of which no list was read",
    given: classic(aNetworkRule({ destinationAddresses: ["AzureCloud"] })),
    want: "pass",
  },
  {
    when: "a destination cannot be understood",
    given: classic(aNetworkRule({ destinationAddresses: ["300.0.0.0/8"] })),
    want: "undetermined",
    says: ["does not say in a known way whom it means by its destination"],
  },
  {
    when: "ports cannot be understood",
    given: classic(aNetworkRule({ destinationPorts: ["all"] })),
    want: "undetermined",
    says: ["which ports it is for"],
  },
  {
    when: "a rule before it denies as much",
    looks: "wrong",
    given: aFirewall({
      networkRuleCollections: [
        classicCollection([aNetworkRule()], { priority: 300 }),
        classicCollection([aNetworkRule({ protocols: ["Any"] })], { priority: 200, action: "Deny" }),
      ],
    }),
    want: "pass",
  },
  {
    when: "a rule after it denies as much",
    looks: "fine",
    given: aFirewall({
      networkRuleCollections: [
        classicCollection([aNetworkRule()], { priority: 300 }),
        classicCollection([aNetworkRule()], { priority: 400, action: "Deny" }),
      ],
    }),
    want: "fail",
  },
  {
    when: "a rule before it denies one port and one network",
    looks: "fine",
    given: aFirewall({
      networkRuleCollections: [
        classicCollection([aNetworkRule()], { priority: 300 }),
        classicCollection(
          [aNetworkRule({ destinationPorts: ["25"] }), aNetworkRule({ sourceAddresses: ["10.9.0.0/16"] })],
          { action: "Deny" },
        ),
      ],
    }),
    want: "fail",
    says: ["on TCP 0-24 and 26-65535"],
  },
  {
    when: "a rule before it denies the whole internet",
    looks: "wrong",
    given: aFirewall({
      networkRuleCollections: [
        classicCollection([aNetworkRule()], { priority: 300 }),
        classicCollection(halves, { action: "Deny" }),
      ],
    }),
    want: "pass",
  },
  {
    when: "an application rule with a lower number denies every host",
    looks: "fine",
    given: aFirewall({
      networkRuleCollections: [classicCollection([aNetworkRule()], { priority: 300 })],
      applicationRuleCollections: [classicCollection([anApplicationRule()], { action: "Deny" })],
    }),
    want: "fail",
  },
  {
    when: "an application rule is for every host",
    looks: "wrong",
    given: aFirewall({ applicationRuleCollections: [classicCollection([anApplicationRule()])] }),
    want: "pass",
  },
  {
    when: "a collection says neither Allow nor Deny",
    given: aFirewall({ networkRuleCollections: [classicCollection([aNetworkRule()], { action: "Audit" })] }),
    want: "undetermined",
    says: ['the value `\\"Audit\\"` at `/properties/networkRuleCollections/0/properties/action/type`'],
  },
  {
    when: "the firewall was read without its properties",
    given: { ...aFirewall(), properties: undefined },
    want: "undetermined",
    says: ["was read without its properties"],
  },
  {
    when: "the owner counts a tenth as the internet",
    given: classic(aNetworkRule({ destinationAddresses: ["64.0.0.0/3"] })),
    policy: policyWith({ nearlyInternet: 0.1 }),
    want: "fail",
  },
  { when: "the owner does not", given: classic(aNetworkRule({ destinationAddresses: ["64.0.0.0/3"] })), want: "pass" },

  {
    when: "it is for IPv6, and the firewall has no IPv6 address",
    looks: "wrong",
    given: [withGroup({ rules: [ipv6] })],
    want: "pass",
  },
  {
    when: "it is for IPv6, and the firewall has an IPv6 address besides",
    given: [
      aFirewall({
        firewallPolicy: { id: policyId },
        ipConfigurations: [firewallAddressId, ipv6AddressId].map((id) => ({
          properties: { publicIPAddress: { id } },
        })),
      }),
      theFirewallAddress(),
      { ...theFirewallAddress("2001:db8::4"), id: ipv6AddressId },
      aPolicy({ groups: [{ collections: [{ rules: [ipv6] }] }] }),
    ],
    want: "fail",
  },

  // Policies
  {
    when: "a group of a policy allows any to any",
    given: withGroup(any),
    want: "fail",
    says: ["firewallPolicies/afwp/ruleCollectionGroups/0", "/properties/ruleCollections/0/rules/0"],
  },
  {
    when: "no firewall uses the policy",
    looks: "wrong",
    given: aPolicy({ groups: [{ collections: [any] }], properties: { firewalls: [] } }),
    want: "pass",
  },
  {
    when: "the policy does not know yet that a firewall uses it",
    given: [aFirewallWithPolicy, aPolicy({ groups: [{ collections: [any] }], properties: { firewalls: [] } })],
    want: "fail",
  },
  {
    when: "a child policy that was not read may be in use",
    given: aPolicy({
      groups: [{ collections: [any] }],
      properties: { firewalls: [], childPolicies: [{ id: `${policyId}-child` }] },
    }),
    want: "undetermined",
    says: ["afwp-child` is not in the recording"],
  },
  {
    when: "a collection with a lower number denies",
    looks: "wrong",
    given: withGroup(any, denial),
    want: "pass",
  },
  {
    when: "a group with a lower number denies in a collection with a higher one",
    looks: "wrong",
    given: [
      aFirewallWithPolicy,
      aPolicy({
        groups: [
          { priority: 300, collections: [{ ...any, priority: 100 }] },
          { priority: 200, collections: [{ ...denial, priority: 900 }] },
        ],
      }),
    ],
    want: "pass",
  },
  {
    when: "the list of groups was not read, but each that the policy names was",
    given: [aFirewallWithPolicy, aPolicy({ groups: [{ collections: [any] }], list: undefined })],
    want: "fail",
  },
  {
    when: "a group that the policy names was not read",
    given: [
      aFirewallWithPolicy,
      aPolicy({
        list: undefined,
        properties: { ruleCollectionGroups: [{ id: `${policyId}/ruleCollectionGroups/gone` }] },
      }),
    ],
    want: "undetermined",
    says: ["ruleCollectionGroups/gone` is not in the recording"],
  },
  {
    when: "neither the list of groups was read nor does the policy name any",
    given: [aFirewallWithPolicy, aPolicy({ list: undefined, properties: { ruleCollectionGroups: undefined } })],
    want: "undetermined",
    says: ["ruleCollectionGroups` is not in the recording"],
  },
  {
    when: "a group does not say when it is processed",
    given: [aFirewallWithPolicy, aPolicy({ groups: [{ priority: "first", collections: [any] }] })],
    want: "undetermined",
    says: ["/properties/priority"],
  },
  {
    when: "the firewall's policy was refused",
    given: [aFirewallWithPolicy, refused(policyId)],
    want: "undetermined",
    says: [`403 reading ${policyId}`],
  },
  {
    when: "the firewall's policy is gone, so that nobody knows what it lets pass",
    looks: "fine",
    given: [aFirewallWithPolicy, absent(policyId)],
    want: "undetermined",
    says: [`\`${policyId}\` does not exist`],
  },
  {
    when: "the base of a policy is gone",
    looks: "fine",
    given: [aFirewallWithPolicy, aPolicy({ properties: { basePolicy: { id: basePolicyId } } }), absent(basePolicyId)],
    want: "undetermined",
    says: [`\`${basePolicyId}\` does not exist`],
  },
  {
    when: "a rule collection group that the policy names is gone, and their list was not read",
    looks: "fine",
    given: [
      aFirewallWithPolicy,
      aPolicy({
        list: undefined,
        properties: { ruleCollectionGroups: [{ id: `${policyId}/ruleCollectionGroups/lost` }] },
      }),
      absent(`${policyId}/ruleCollectionGroups/lost`),
    ],
    want: "undetermined",
    says: ["ruleCollectionGroups/lost` does not exist"],
  },
  {
    when: "collections of the same priority contradict each other",
    given: withGroup({ ...any, priority: 100 }, { ...denial, priority: 100 }),
    want: "undetermined",
    says: ["rule collections of priority 100", "which comes first is not documented"],
  },
  {
    when: "collections of the same priority are of different kinds",
    looks: "fine",
    given: withGroup(
      { ...any, priority: 100 },
      { kind: "ApplicationRule", priority: 100, action: "Deny", rules: [anApplicationRule({})] },
    ),
    want: "fail",
  },
  {
    when: "collections of the same priority allow and deny, and no packet is for both",
    looks: "fine",
    given: withGroup(
      { ...any, priority: 100, rules: [aNetworkRule({ protocols: ["TCP"] })] },
      { ...denial, priority: 100, rules: [aNetworkRule({ protocols: ["ICMP"] })] },
    ),
    want: "fail",
  },
  {
    when: "groups of the same priority contradict each other",
    given: [
      aFirewallWithPolicy,
      aPolicy({
        groups: [
          { name: "open", priority: 200, collections: [any] },
          { name: "close", priority: 200, collections: [denial] },
        ],
      }),
    ],
    want: "undetermined",
    says: ["`close` and `open` of", "have the same priority"],
  },

  // Inheritance
  {
    when: "the base policy denies, whatever its priorities",
    looks: "wrong",
    given: withBase(
      [{ priority: 60000, collections: [{ ...denial, priority: 60000 }] }],
      [{ priority: 100, collections: [any] }],
    ),
    want: "pass",
  },
  {
    when: "base and child policy open half of the internet each",
    looks: "fine",
    policy: wholeInternet,
    given: withBase(
      [{ collections: [{ rules: halves.slice(0, 1) }] }],
      [{ collections: [{ rules: halves.slice(1) }] }],
    ),
    want: "fail",
    says: ["firewallPolicies/afwp-base/ruleCollectionGroups/0", "firewallPolicies/afwp/ruleCollectionGroups/0"],
  },
  {
    when: "the base policy opens everything by itself, which is told of it alone",
    given: withBase([{ collections: [any] }], [{ collections: [narrow] }]),
    want: "fail",
    says: ["firewallPolicies/afwp-base/ruleCollectionGroups/0"],
  },
  {
    when: "the base policy was refused",
    given: [
      aFirewallWithPolicy,
      refused(basePolicyId),
      aPolicy({ groups: [{ collections: [any] }], properties: { basePolicy: { id: basePolicyId } } }),
    ],
    want: "undetermined",
    says: [`403 reading ${basePolicyId}`],
  },

  // IP groups
  {
    when: "an IP group holds the internet in two ranges",
    looks: "fine",
    policy: wholeInternet,
    given: [
      classic(aNetworkRule({ destinationAddresses: [], destinationIpGroups: [ipGroupId] })),
      anIpGroup(["0.0.0.0/1", "128.0.0.0-255.255.255.255"]),
    ],
    want: "fail",
  },
  {
    when: "an IP group is empty, so that its rule is skipped",
    looks: "wrong",
    given: [classic(aNetworkRule({ sourceAddresses: [], sourceIpGroups: [ipGroupId] })), anIpGroup([])],
    want: "pass",
  },
  {
    when: "an IP group was not read",
    given: classic(aNetworkRule({ sourceAddresses: [], sourceIpGroups: [ipGroupId] })),
    want: "undetermined",
    says: ["ipGroups/ipg` is not in the recording"],
  },
  {
    when: "an IP group is gone",
    given: [classic(aNetworkRule({ sourceAddresses: [], sourceIpGroups: [ipGroupId] })), absent(ipGroupId)],
    want: "undetermined",
    says: ["does not exist"],
  },
  {
    when: "an entry of an IP group cannot be understood",
    given: [
      classic(aNetworkRule({ sourceAddresses: [], sourceIpGroups: [ipGroupId] })),
      anIpGroup(["10.0.0.0/8", "ten"]),
    ],
    want: "undetermined",
    says: ["/properties/ipAddresses"],
  },
  {
    when: "an IP group that was not read is denied first",
    given: aFirewall({
      networkRuleCollections: [
        classicCollection([aNetworkRule()], { priority: 300 }),
        classicCollection([aNetworkRule({ destinationAddresses: [], destinationIpGroups: [ipGroupId] })], {
          action: "Deny",
        }),
      ],
    }),
    want: "undetermined",
  },
  {
    when: "sources are pods of a cluster",
    given: classic(aNetworkRule({ sourceAddresses: [], sourceKubeSelectorGroups: ["pods"] })),
    want: "pass",
  },

  // NAT
  {
    when: "a NAT rule leads everybody to RDP of a machine that was read",
    given: [
      aNetwork([{}, { name: "AzureFirewallSubnet", properties: { addressPrefix: "10.0.9.0/24" } }]),
      aNetworkInterface({ privateIPAddress: "10.0.0.4" }),
      aFirewall({
        natRuleCollections: [classicCollection([aNatRule()], { action: "Dnat" })],
        ipConfigurations: [
          {
            properties: {
              publicIPAddress: { id: firewallAddressId },
              subnet: { id: `${networkId}/subnets/AzureFirewallSubnet` },
            },
          },
        ],
      }),
      theFirewallAddress(),
    ],
    want: "fail",
    says: ["to port 3389 (RDP) of 10.0.0.4 (`nic` in `snet-app`)"],
  },
  {
    when: "a NAT rule leads everybody to RDP",
    given: [natting(aNatRule()), theFirewallAddress()],
    want: "fail",
    says: ["a NAT rule leads the internet to port 3389 (RDP)", "/properties/natRuleCollections/0/properties/rules/0"],
  },
  {
    when: "it listens on another port",
    looks: "fine",
    given: [natting(aNatRule({ destinationPorts: ["50022"], translatedPort: "22" })), theFirewallAddress()],
    want: "fail",
    says: ["port 22 (SSH)"],
  },
  {
    when: "it listens on a management port and leads to another",
    looks: "wrong",
    given: [natting(aNatRule({ translatedPort: "8443" })), theFirewallAddress()],
    want: "pass",
  },
  {
    when: "it names its sources",
    given: [natting(aNatRule({ sourceAddresses: ["203.0.113.0/24"] })), theFirewallAddress()],
    want: "pass",
  },
  {
    when: "two NAT rules let in half of the internet each",
    looks: "fine",
    policy: wholeInternet,
    given: [
      natting(
        aNatRule({ sourceAddresses: ["0.0.0.0/1"] }),
        aNatRule({ sourceAddresses: ["128.0.0.0/1"], destinationPorts: ["33890"] }),
      ),
      theFirewallAddress(),
    ],
    want: "fail",
  },
  {
    when: "it leads on UDP",
    given: [natting(aNatRule({ protocols: ["UDP"] })), theFirewallAddress()],
    want: "pass",
  },
  {
    when: "a rule before it leads the same packets elsewhere",
    looks: "wrong",
    given: [natting(aNatRule({ translatedPort: "443" }), aNatRule()), theFirewallAddress()],
    want: "pass",
  },
  {
    when: "a network rule denies what the NAT rule lets in, too late",
    looks: "fine",
    given: [
      aFirewall({
        natRuleCollections: [classicCollection([aNatRule()], { priority: 500, action: "Dnat" })],
        networkRuleCollections: [classicCollection([aNetworkRule()], { action: "Deny" })],
      }),
      theFirewallAddress(),
    ],
    want: "fail",
  },
  {
    when: "its destination is a private address of the firewall",
    looks: "wrong",
    given: [natting(aNatRule({ destinationAddresses: ["10.0.9.4"] })), theFirewallAddress()],
    want: "pass",
  },
  {
    when: "its destination is no address of the firewall",
    looks: "wrong",
    given: [natting(aNatRule({ destinationAddresses: ["198.51.100.99"] })), theFirewallAddress()],
    want: "pass",
  },
  {
    when: "the firewall's address was not read, so that the destination is taken for it",
    given: natting(aNatRule()),
    want: "fail",
  },
  {
    when: "the firewall's address is gone",
    given: [natting(aNatRule()), absent(firewallAddressId)],
    want: "pass",
  },
  {
    when: "a firewall in a virtual hub has the address",
    given: aFirewall({
      natRuleCollections: [classicCollection([aNatRule()], { action: "Dnat" })],
      ipConfigurations: undefined,
      hubIPAddresses: { publicIPs: { addresses: [{ address: "198.51.100.4" }], count: 1 } },
    }),
    want: "fail",
  },
  {
    when: "it does not say to which port it leads",
    given: [natting(aNatRule({ translatedPort: undefined })), theFirewallAddress()],
    want: "undetermined",
    says: ["does not say to which port it leads"],
  },
  { when: "a policy's NAT rule leads everybody to RDP", given: withGroup(rdp), want: "fail", says: ["3389 (RDP)"] },
  {
    when: "only child policies of its policy are in use, and the documents disagree on whether they inherit it",
    given: withBase([{ collections: [rdp] }], []),
    want: "undetermined",
    says: ["the documents disagree on whether NAT rules are inherited"],
  },
  {
    when: "a base policy may lead the same packets elsewhere first",
    given: withBase(
      [{ collections: [{ ...rdp, rules: [aNatRule({ translatedPort: "443" })] }] }],
      [{ collections: [rdp] }],
    ),
    want: "undetermined",
    says: ["the documents disagree"],
  },
  {
    when: "the policy's firewall was not read",
    given: aPolicy({ groups: [{ collections: [rdp] }], properties: { firewalls: [{ id: firewallId }] } }),
    want: "fail",
  },
]);
