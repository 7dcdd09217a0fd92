import { describe, expect, test } from "vitest";
import type { SubnetFact } from "../../lib/model/fact.ts";
import type { Snapshot } from "../../lib/model/snapshot.ts";
import { PortSet } from "../../lib/net/port-set.ts";
import { networkViewOf } from "../../lib/reach/network-view.ts";
import { rulesOfGroup, throughFilters } from "../../lib/reach/security-groups.ts";
import type { Decision, Question } from "../../lib/reach/security-rules.ts";
import { readSet } from "../net/read-set.ts";
import {
  aNetwork,
  aSecurityGroup,
  type Body,
  type Given,
  idOf,
  networkId,
  nsgId,
  refused,
  subnetId,
} from "../support/builders.ts";
import { subnetIn } from "../support/reach.ts";
import { snapshotOf } from "../support/world.ts";

interface Rule {
  readonly access: string;
  readonly id?: string;
  readonly destinations?: readonly string[];
  readonly sourcePorts?: readonly string[];
  readonly priority?: number;
  readonly protocol?: string;
  readonly sources?: readonly string[];
  readonly ports?: readonly string[];
  readonly direction?: string;
}

function adminRules(...rules: readonly Rule[]): Body {
  const value = rules.map(({ access, protocol = "Any", direction = "Inbound", ...rule }, index) => ({
    id: rule.id ?? `rule-${index}`,
    kind: "Custom",
    properties: {
      access,
      protocol,
      direction,
      priority: rule.priority ?? 10 + index,
      sources: (rule.sources ?? ["*"]).map((addressPrefix) => ({ addressPrefix, addressPrefixType: "IPPrefix" })),
      destinations: (rule.destinations ?? ["*"]).map((addressPrefix) => ({
        addressPrefix,
        addressPrefixType: "IPPrefix",
      })),
      sourcePortRanges: rule.sourcePorts ?? ["0-65535"],
      destinationPortRanges: rule.ports ?? ["0-65535"],
    },
  }));
  return { id: `${networkId}/effectiveSecurityAdminRules/current`, properties: {}, value };
}

function groupRule(access: string): object {
  const everything = { sourcePortRange: "*", sourceAddressPrefix: "*", destinationAddressPrefix: "*" };
  const properties = {
    access,
    direction: "Inbound",
    priority: 100,
    protocol: "Tcp",
    destinationPortRange: "443",
    ...everything,
  };
  return { name: `${access}-https`, properties };
}

/** What the network manager of a subnet and its group let in. */
function throughGroup(subnet: SubnetFact, question: Question, snapshot: Snapshot): Decision {
  const group = rulesOfGroup(idOf(nsgId), "inbound", snapshot);
  return throughFilters([group], subnet, networkViewOf(subnet, snapshot), question, snapshot);
}

const caller = readSet("9.9.9.9");
const other = readSet("8.8.8.8");

/** Which of two callers get to port 443 of the subnet. */
function passing(group: string, ...rules: readonly Rule[]): { readonly must: string[]; readonly may: string[] } {
  const snapshot = snapshotOf([aNetwork(), aSecurityGroup([groupRule(group)]), adminRules(...rules)]);
  const { must, may, because } = throughGroup(
    subnetIn(snapshot, subnetId),
    {
      direction: "inbound",
      protocol: "tcp",
      sources: caller.union(other),
      destinations: readSet("10.0.0.4"),
      destinationPorts: PortSet.ofEach(443),
      sourcePorts: PortSet.of(50_000, 50_000),
      of: "sources",
      other: "each",
    },
    snapshot,
  );
  expect(because.length > 0).toBe(!must.equals(may));
  return { must: must.toPrefixes(), may: may.toPrefixes() };
}

const both = ["8.8.8.8", "9.9.9.9"];

describe("a network manager's rules come before the security groups", () => {
  test.each<{ when: string; group: string; rules: readonly Rule[]; want: readonly string[] }>([
    {
      when: "there is none for the flow",
      group: "Allow",
      rules: [{ access: "Deny", direction: "Outbound" }],
      want: both,
    },
    { when: "Deny is final", group: "Allow", rules: [{ access: "Deny" }], want: [] },
    {
      when: "Deny is for one caller",
      group: "Allow",
      rules: [{ access: "Deny", sources: ["9.9.9.0/24"] }],
      want: ["8.8.8.8"],
    },
    { when: "Deny is for another port", group: "Allow", rules: [{ access: "Deny", ports: ["22"] }], want: both },
    { when: "Deny names no ports", group: "Allow", rules: [{ access: "Deny", ports: [], sourcePorts: [] }], want: [] },
    { when: "Allow goes on to the group, which denies", group: "Deny", rules: [{ access: "Allow" }], want: [] },
    { when: "Allow goes on to the group, which allows", group: "Allow", rules: [{ access: "Allow" }], want: both },
    { when: "AlwaysAllow is final", group: "Deny", rules: [{ access: "AlwaysAllow" }], want: both },
    {
      when: "the lowest priority decides, whatever the order in the answer",
      group: "Allow",
      rules: [
        { access: "Deny", priority: 20 },
        { access: "AlwaysAllow", priority: 5, sources: ["9.9.9.9/32"] },
      ],
      want: ["9.9.9.9"],
    },
    {
      when: "an Allow before a Deny spares the caller from it",
      group: "Allow",
      rules: [{ access: "Allow", sources: ["8.8.8.8/32"] }, { access: "Deny" }],
      want: ["8.8.8.8"],
    },
  ])("$when", ({ group, rules, want }) => {
    expect(passing(group, ...rules)).toEqual({ must: want, may: want });
  });

  test("a network group's members are not known: whom a Deny for them means neither", () => {
    const rule = {
      access: "Deny",
      sources: ["/subscriptions/s/resourceGroups/g/providers/Microsoft.Network/networkManagers/m/networkGroups/x"],
    };
    expect(passing("Allow", rule)).toEqual({ must: [], may: both });
  });

  test("a rule that cannot be judged leaves everything open", () => {
    expect(passing("Allow", { access: "Perhaps" })).toEqual({ must: [], may: both });
  });

  test("rules of two network managers leave everything open: which come first is not listed", () => {
    const of = (manager: string) =>
      `/subscriptions/s/resourceGroups/g/providers/Microsoft.Network/networkManagers/${manager}/x/r`;
    const rules = [
      { access: "Deny", id: of("root") },
      { access: "AlwaysAllow", id: of("team") },
    ];
    expect(passing("Allow", ...rules)).toEqual({ must: [], may: both });
    expect(passing("Allow", { access: "Deny", id: of("root") }, { access: "Deny", id: of("ROOT") })).toEqual({
      must: [],
      may: [],
    });
  });
});

/** Which callers get to one of two addresses, of which one is enough, through rules that are only for one of them. */
function passingTo(subnet: object, group: object, managed: Given): ReturnType<typeof passing> {
  const snapshot = snapshotOf([aNetwork([subnet]), aSecurityGroup([group]), managed]);
  const id = `${networkId}/subnets/${"name" in subnet ? subnet.name : "snet"}`;
  const { must, may } = throughGroup(
    subnetIn(snapshot, id),
    {
      direction: "inbound",
      protocol: "tcp",
      sources: caller,
      destinations: readSet("10.0.0.4", "10.0.0.5"),
      destinationPorts: PortSet.ofEach(443),
      sourcePorts: PortSet.all,
      of: "sources",
      other: "any",
    },
    snapshot,
  );
  return { must: must.toPrefixes(), may: may.toPrefixes() };
}

describe("a network manager and a group are asked about one and the same flow", () => {
  const { properties } = groupRule("Allow") as { readonly properties: object };
  const only = (part: object) => ({ name: "only", properties: { ...properties, ...part } });
  const isAt = { destinationAddressPrefix: "10.0.0.4" };
  const isFrom = { sourcePortRange: "1000" };
  const caughtAll = { must: ["9.9.9.9"], may: ["9.9.9.9"] };
  const nobody = { must: [], may: [] };
  const rulesId = `${networkId}/effectiveSecurityAdminRules/current`;
  const here = { name: subnetId.slice(subnetId.lastIndexOf("/") + 1) };

  test.each([
    {
      when: "the group lets .4 in, the manager denies .4",
      group: isAt,
      rule: { destinations: ["10.0.0.4/32"] },
      want: nobody,
    },
    {
      when: "the group lets .4 in, the manager denies .5",
      group: isAt,
      rule: { destinations: ["10.0.0.5/32"] },
      want: caughtAll,
    },
    { when: "port 1000 in, and denied", group: isFrom, rule: { sourcePorts: ["0-5000"] }, want: nobody },
    { when: "port 1000 in, others denied", group: isFrom, rule: { sourcePorts: ["5000-65535"] }, want: caughtAll },
  ])("$when", ({ group, rule, want }) => {
    expect(passingTo(here, only(group), [adminRules({ access: "Deny", ...rule })])).toEqual(want);
  });

  test.each([
    "AzureBastionSubnet",
    "azurefirewallsubnet",
    "GatewaySubnet",
    "RouteServerSubnet",
  ])("in %s the manager has no say", (name) => {
    expect(passingTo({ name }, only({}), [adminRules({ access: "Deny" })])).toEqual(caughtAll);
  });

  test("before an application gateway it may have one", () => {
    const subnet = { ...here, properties: { applicationGatewayIPConfigurations: [{ id: "/gateway" }] } };
    expect(passingTo(subnet, only({}), [adminRules({ access: "Deny" })])).toEqual({ must: [], may: ["9.9.9.9"] });
    expect(passingTo(subnet, only({ access: "Deny" }), [adminRules({ access: "Deny" })])).toEqual(nobody);
  });

  test("rules that were refused may say anything, those that nobody recorded are taken to be none", () => {
    expect(passingTo(here, only({}), [refused(rulesId)])).toEqual({ must: [], may: ["9.9.9.9"] });
    expect(passingTo(here, only({ access: "Deny" }), [refused(rulesId)])).toEqual({ must: [], may: ["9.9.9.9"] });
    expect(passingTo(here, only({}), [])).toEqual(caughtAll);
  });
});
