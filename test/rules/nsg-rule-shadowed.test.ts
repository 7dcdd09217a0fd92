import { expect, test } from "vitest";
import { nsgRuleShadowed } from "../../lib/rules/nsg-rule-shadowed.ts";
import {
  absent,
  aNetwork,
  aRouteTable,
  aSecurityGroup,
  aSecurityRule,
  type Body,
  type Given,
  group,
  networkId,
  refused,
  routeTableId,
} from "../support/builders.ts";
import { ruleTable } from "../support/rule-table.ts";
import { findingsOf } from "../support/world.ts";

type Properties = Readonly<Record<string, unknown>>;

const noGateway = absent(`${networkId}/subnets/GatewaySubnet`);

/** A group with rules in this order; TCP to port 443 from anywhere unless they say otherwise. */
function groupOf(...rules: readonly Properties[]): Body {
  const all = rules.map((properties, index) =>
    aSecurityRule({
      name: `rule-${index}`,
      priority: 100 + index * 10,
      sourceAddressPrefix: "*",
      destinationPortRange: "443",
      ...properties,
    }),
  );
  return aSecurityGroup(all);
}

/** The same before `snet-app`, in a network of 10.0.0.0/16. */
function withRules(...rules: readonly Properties[]): Given {
  return [aNetwork(), groupOf(...rules), noGateway];
}

const everything = { protocol: "*", destinationPortRange: "*" };
const deny = { access: "Deny" };
const out = { direction: "Outbound", sourceAddressPrefix: "*" };
const asg = { id: `${group}/providers/Microsoft.Network/applicationSecurityGroups/web` };
const fromGroup = { sourceAddressPrefix: undefined, sourceApplicationSecurityGroups: [asg] };
const tags: Given = {
  kind: "serviceTags",
  list: {
    changeNumber: 1,
    values: [
      { name: "Storage", addressPrefixes: ["20.60.0.0/16"] },
      { name: "Storage.WestEurope", addressPrefixes: ["20.60.8.0/24"] },
      { name: "AzureCloud", addressPrefixes: ["20.0.0.0/8"] },
    ],
  },
};

ruleTable(nsgRuleShadowed, [
  { when: "there are no rules", given: withRules(), want: "pass" },
  { when: "rules are for different ports", given: withRules({}, { destinationPortRange: "80" }), want: "pass" },
  {
    when: "a rule repeats another",
    given: withRules({}, {}),
    want: "fail",
    says: [
      "`rule-1` never decides, since `rule-0` comes first",
      "/properties/securityRules/1",
      "/properties/securityRules/0",
    ],
  },
  {
    when: "the wider rule comes after the narrower one",
    looks: "wrong",
    given: withRules({}, everything),
    want: "pass",
  },
  {
    when: "the wider rule comes first by its priority, and last in the list",
    looks: "fine",
    given: withRules({ priority: 300 }, { priority: 200, ...everything }),
    want: "fail",
    says: ["`rule-0` never decides, since `rule-1` comes first"],
  },
  {
    when: "rules are of both directions",
    looks: "wrong",
    given: withRules({}, { direction: "Outbound" }),
    want: "pass",
  },
  {
    when: "two rules cover a third together, and none alone",
    looks: "fine",
    given: withRules(
      { sourceAddressPrefix: "10.0.0.0/25" },
      { destinationPortRange: "22" },
      { sourceAddressPrefix: "10.0.0.128/25" },
      { sourceAddressPrefix: "10.0.0.0/24" },
    ),
    want: "fail",
    says: ["`rule-3` never decides, since `rule-0` and `rule-2` come first"],
  },
  {
    when: "two rules cover a third but for one address",
    looks: "wrong",
    given: withRules(
      { sourceAddressPrefix: "10.0.0.0/25" },
      { sourceAddressPrefixes: ["10.0.0.128/26", "10.0.0.192-10.0.0.254"], sourceAddressPrefix: undefined },
      { sourceAddressPrefix: "10.0.0.0/24" },
    ),
    want: "pass",
  },
  {
    when: "ranges of ports cover one together",
    looks: "fine",
    given: withRules(
      { destinationPortRange: "0-1023" },
      { destinationPortRange: "1024-65535" },
      { destinationPortRanges: ["443", "8000-9000"], destinationPortRange: undefined },
    ),
    want: "fail",
  },
  {
    when: "one rule is for TCP and one for UDP, and the third for both on the same port",
    looks: "wrong",
    given: withRules({ protocol: "Tcp" }, { protocol: "Udp" }, { protocol: "*" }),
    want: "pass",
  },
  {
    when: "rules for any protocol have the same port",
    given: withRules({ protocol: "*" }, { protocol: "*", ...deny }),
    want: "fail",
  },
  {
    when: "source ports differ",
    looks: "wrong",
    given: withRules({ sourcePortRange: "1024-65535" }, {}),
    want: "pass",
  },
  {
    when: "a tag covers itself, in any case",
    given: withRules({ sourceAddressPrefix: "GatewayManager" }, { sourceAddressPrefix: "gatewaymanager" }),
    want: "fail",
  },
  {
    when: "a tag covers that of a region, though the addresses of neither are known",
    given: withRules(
      { ...out, destinationAddressPrefix: "Sql" },
      { ...out, destinationAddressPrefix: "Sql.WestEurope" },
    ),
    want: "fail",
  },
  {
    when: "the tag of a region does not cover the whole",
    looks: "wrong",
    given: withRules(
      { ...out, destinationAddressPrefix: "Sql.WestEurope" },
      { ...out, destinationAddressPrefix: "Sql" },
    ),
    want: "pass",
  },
  {
    when: "addresses are in a tag of the list",
    looks: "fine",
    given: [
      withRules({ ...out, destinationAddressPrefix: "Storage" }, { ...out, destinationAddressPrefix: "20.60.3.0/24" }),
      tags,
    ],
    want: "fail",
  },
  {
    when: "one tag is in another, by the list",
    looks: "fine",
    given: [
      withRules({ ...out, destinationAddressPrefix: "AzureCloud" }, { ...out, destinationAddressPrefix: "Storage" }),
      tags,
    ],
    want: "fail",
  },
  {
    when: "the addresses of the tag that comes first are not known",
    looks: "wrong",
    given: withRules(
      { ...out, destinationAddressPrefix: "Storage" },
      { ...out, destinationAddressPrefix: "20.60.3.0/24", ...deny },
    ),
    want: "pass",
  },
  {
    when: "everything comes before a tag",
    given: withRules({ ...out, destinationAddressPrefix: "*" }, { ...out, destinationAddressPrefix: "Storage" }),
    want: "fail",
  },
  {
    when: "the internet comes before a service tag, which is in it",
    looks: "fine",
    given: withRules(
      { ...out, ...deny, destinationAddressPrefix: "Internet" },
      { ...out, destinationAddressPrefix: "Storage" },
    ),
    want: "fail",
    says: ["`rule-1` never decides, since `rule-0` comes first"],
  },
  {
    when: "the internet comes before the network",
    looks: "wrong",
    given: withRules(
      { ...out, ...deny, destinationAddressPrefix: "Internet" },
      { ...out, destinationAddressPrefix: "VirtualNetwork" },
    ),
    want: "pass",
  },
  {
    when: "the internet comes before a service tag, in a group that is used nowhere",
    given: groupOf(
      { ...out, ...deny, destinationAddressPrefix: "Internet" },
      { ...out, destinationAddressPrefix: "Storage" },
    ),
    want: "undetermined",
    says: ["what `Internet` holds"],
  },
  {
    when: "the internet comes before a service tag, where a user route is for all of it",
    given: [
      aNetwork([{ properties: { routeTable: { id: routeTableId } } }]),
      aRouteTable([{ addressPrefix: "0.0.0.0/0", nextHopType: "VirtualAppliance", nextHopIpAddress: "10.9.0.4" }]),
      groupOf(
        { ...out, ...deny, destinationAddressPrefix: "Internet" },
        { ...out, destinationAddressPrefix: "Storage" },
      ),
      tags,
    ],
    want: "undetermined",
    says: ["what `Internet` holds"],
  },
  {
    when: "the network comes before one of its own ranges",
    looks: "fine",
    given: withRules({ sourceAddressPrefix: "VirtualNetwork" }, { sourceAddressPrefix: "10.0.7.0/24", ...deny }),
    want: "fail",
  },
  {
    when: "the network comes before addresses that it does not have",
    looks: "wrong",
    given: withRules({ sourceAddressPrefix: "VirtualNetwork" }, { sourceAddressPrefix: "10.7.0.0/24", ...deny }),
    want: "pass",
  },
  {
    when: "an application security group covers itself",
    given: withRules(fromGroup, { ...fromGroup, ...deny }),
    want: "fail",
  },
  {
    when: "an application security group comes before addresses",
    looks: "wrong",
    given: withRules(fromGroup, { sourceAddressPrefix: "10.0.0.4", ...deny }),
    want: "pass",
  },
  {
    when: "Azure Bastion wants a rule of its own for what another allows as well",
    looks: "wrong",
    given: [
      aNetwork([{ name: "AzureBastionSubnet" }]),
      groupOf(
        { destinationPortRange: "443", sourceAddressPrefix: "*" },
        { destinationPortRange: "443", sourceAddressPrefix: "GatewayManager" },
      ),
      noGateway,
    ],
    want: "pass",
  },
  {
    when: "what Azure Bastion wants is denied by another",
    looks: "fine",
    given: [
      aNetwork([{ name: "AzureBastionSubnet" }]),
      groupOf(
        { destinationPortRange: "443", sourceAddressPrefix: "*", ...deny },
        { name: "Managers", destinationPortRange: "443", sourceAddressPrefix: "GatewayManager" },
      ),
      noGateway,
    ],
    want: "fail",
    says: ["`Managers` never decides"],
  },
  {
    when: "nobody can take the rule away, which Azure keeps",
    looks: "wrong",
    given: withRules(
      { sourceAddressPrefix: "*" },
      { name: "Microsoft.Sql-managedInstances_UseOnly_mi-sqlmgmt-in", sourceAddressPrefix: "SqlManagement" },
    ),
    want: "pass",
  },
  {
    when: "two rules that contradict each other have the same priority, which Azure refuses",
    given: withRules(
      { priority: 100, name: "Open", destinationPortRange: "22" },
      { priority: 100, name: "Close", ...everything, ...deny },
    ),
    want: "undetermined",
    says: ["`Open` and `Close` of", "have the same priority"],
  },
  {
    when: "rules of the same priority are for different ports",
    looks: "wrong",
    given: withRules(
      { priority: 100, destinationPortRange: "22", protocol: "Tcp" },
      { priority: 100, destinationPortRange: "443", protocol: "Tcp", ...deny },
    ),
    want: "pass",
  },
  {
    when: "0.0.0.0/0 comes before everything, which is IPv6 as well, and they contradict each other",
    given: withRules({ sourceAddressPrefix: "0.0.0.0/0" }, { ...deny }),
    want: "undetermined",
    says: ["0.0.0.0/0"],
  },
  {
    when: "0.0.0.0/0 comes before everything, and they say the same",
    looks: "wrong",
    given: withRules({ sourceAddressPrefix: "0.0.0.0/0" }, {}),
    want: "pass",
  },
  {
    when: "0.0.0.0/0 comes before itself",
    given: withRules({ sourceAddressPrefix: "0.0.0.0/0" }, { sourceAddressPrefix: "0.0.0.0/0", ...deny }),
    want: "fail",
  },
  {
    when: "the rule that comes first is of an unknown protocol",
    given: withRules({ protocol: "Quic" }, { ...deny }),
    want: "undetermined",
    says: ["protocol that is not known"],
  },
  {
    when: "a port of the rule that comes first cannot be understood",
    given: withRules({ destinationPortRange: "https" }, { ...deny }),
    want: "undetermined",
    says: ["https"],
  },
  {
    when: "a priority cannot be understood",
    given: withRules({}, { priority: "first" }),
    want: "undetermined",
    says: ["first"],
  },
  {
    when: "the default rules hide nothing and are hidden by a rule of everything",
    looks: "wrong",
    given: withRules({ ...everything, ...deny, priority: 4096 }),
    want: "pass",
  },
  {
    when: "the network that the group is used in was refused",
    looks: "wrong",
    given: [
      refused(networkId),
      groupOf({ sourceAddressPrefix: "VirtualNetwork" }, { sourceAddressPrefix: "10.0.7.0/24", ...deny }),
    ],
    want: "pass",
  },
]);

test.each([
  ["low", "an allow rule after one that allows", {}, {}],
  ["low", "an allow rule after one that denies", deny, {}],
  ["low", "a deny rule after one that denies", deny, deny],
  ["high", "a deny rule after one that allows", {}, deny],
])("the severity is %s for %s", async (severity, _, first, second) => {
  const [finding] = await findingsOf(nsgRuleShadowed, withRules(first, second));
  expect(finding?.severity).toBe(severity);
});
