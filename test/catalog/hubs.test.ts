import { describe, expect, test } from "vitest";
import { aConnection, type Body } from "../support/builders.ts";
import { aHub, requests, signalRId, webPubSubId } from "../support/hubs.ts";
import {
  approving,
  type Chain,
  chains,
  expectInCatalog,
  expectJudged,
  judgedChain,
  off,
  type ServiceRow,
} from "../support/judged.ts";

const everything = ["0.0.0.0/0", "::/0"];
const allow = (...values: readonly string[]) => values.map((value) => ({ value, action: "Allow" }));
const deny = (...values: readonly string[]) => values.map((value) => ({ value, action: "Deny" }));
const toAll = { publicNetwork: { allow: requests } };
const connected = { privateEndpointConnections: [aConnection("Approved", "pe-erp.1")] };

function rowsOf(id: string): readonly ServiceRow[] {
  const given = (rules: object = {}, properties: object = {}): Body => aHub(id, rules, properties);
  return [
    { when: "the default denies and there is no rule", given: given(), want: "nobody" },
    {
      when: "the default allows and there is no rule",
      given: given({ defaultAction: "Allow", publicNetwork: null }),
      want: "internet",
      fails: ["NI101"],
    },
    { when: "all types are allowed", given: given(toAll), want: "internet", fails: ["NI101"] },
    {
      when: "only clients are allowed, which anybody can be",
      given: given({ publicNetwork: { allow: ["ClientConnection"] } }),
      want: "internet",
      fails: ["NI101"],
    },
    {
      when: "the default allows, and all types but one are denied",
      given: given({ defaultAction: "Allow", publicNetwork: { deny: requests.slice(1) } }),
      want: "internet",
      fails: ["NI101"],
    },
    {
      when: "the default allows, and all types are denied",
      given: given({ defaultAction: "Allow", publicNetwork: { deny: requests } }),
      want: "nobody",
    },
    {
      when: "all types are allowed and denied, of which no document says what counts",
      given: given({ publicNetwork: { allow: requests, deny: requests } }),
      want: "nobody..internet",
      unsure: ["NI101"],
    },
    {
      when: "all types and all addresses are allowed, as Azure makes it",
      given: given({ ...toAll, ipRules: allow(...everything) }),
      want: "internet",
      fails: ["NI101"],
    },
    {
      when: "some addresses are allowed before all others are denied, and no rule is for types of requests",
      given: given({ ipRules: [...allow("203.0.113.0/28"), ...deny(...everything)] }),
      policy: approving,
      want: "addresses",
    },
    {
      when: "all others are denied before some addresses are allowed, so that nobody gets in",
      given: given({ ipRules: [...deny(...everything), ...allow("203.0.113.0/28")] }),
      want: "nobody",
    },
    {
      when: "one range is denied, and the default allows the rest",
      given: given({ defaultAction: "Allow", ipRules: deny("203.0.113.0/28") }),
      want: "internet",
      fails: ["NI102"],
      unsure: ["NI101"], // all of IPv6, if there is any
    },
    {
      when: "some addresses are allowed and no type is denied, though the rule is wider than what is approved",
      given: given({ ipRules: allow("203.0.113.0/24") }),
      policy: approving,
      want: "addresses",
      fails: ["NI104"],
    },
    {
      when: "some addresses are allowed, all others denied, and all types allowed: which counts is not documented",
      given: given({ ...toAll, ipRules: [...allow("203.0.113.0/28"), ...deny(...everything)] }),
      policy: approving,
      want: "addresses..internet",
      unsure: ["NI101", "NI102", "NI104"],
    },
    {
      when: "some addresses are allowed and all types denied: which counts is not documented",
      given: given({ publicNetwork: { deny: requests }, ipRules: allow("203.0.113.0/28") }),
      want: "nobody..addresses",
    },
    {
      when: "a service tag is allowed that has all of Azure in it",
      given: given({ ipRules: allow("AzureCloud") }),
      want: "azure",
      fails: ["NI103"],
    },
    {
      when: "a rule is for what nobody understands",
      given: given({ ipRules: allow("somewhere else") }),
      want: "nobody..internet",
      unsure: ["NI101", "NI102", "NI105"],
    },
    {
      when: "a rule does something that nobody knows",
      given: given({ ipRules: [{ value: "203.0.113.0/28", action: "Maybe" }] }),
      want: "nobody..addresses",
    },
    {
      when: "public access is off and rules for addresses are kept, as Azure makes them",
      given: given({ ipRules: allow(...everything) }, off),
      want: "nobody",
      fails: ["NI107"],
    },
    {
      when: "halves are allowed",
      given: given({ ipRules: allow("0.0.0.0/1", "128.0.0.0/1") }),
      want: "internet",
      fails: ["NI102"],
    },
    {
      when: "the default is something that nobody knows",
      given: given({ defaultAction: "Maybe" }),
      want: "nobody..internet",
      unsure: ["NI101"],
    },
    {
      when: "the rules are not there, and no document says what that means",
      given: given({}, { networkACLs: undefined }),
      want: "nobody..internet",
      unsure: ["NI101"],
    },
    { when: "public access is off, whatever the rules say", given: given(toAll, off), want: "nobody" },
    {
      when: "nobody says whether public access is on, which it is",
      given: given(toAll, { publicNetworkAccess: undefined }),
      want: "internet",
      fails: ["NI101"],
    },
    {
      when: "a private endpoint is approved, and the rules let something in over it",
      given: given({ privateEndpoints: [{ name: "PE-ERP.1", allow: ["RESTAPI"] }] }, { ...off, ...connected }),
      want: "private",
    },
    {
      when: "a private endpoint is approved, no rule names it, and the default denies",
      given: given({}, { ...off, ...connected }),
      want: "nobody",
    },
    {
      when: "a private endpoint is approved, no rule names it, and the default allows",
      given: given({ defaultAction: "Allow" }, { ...off, ...connected }),
      want: "private",
    },
    {
      when: "a private endpoint is approved, and everything over it is denied",
      given: given(
        { defaultAction: "Allow", privateEndpoints: [{ name: "pe-erp.1", deny: requests }] },
        { ...off, ...connected },
      ),
      want: "nobody",
    },
    {
      when: "a private endpoint is approved, and the public door is open all the same",
      given: given({ ...toAll, privateEndpoints: [{ name: "pe-erp.1", allow: requests }] }, connected),
      want: "internet",
      fails: ["NI101", "NI303"],
    },
  ];
}

describe.each([signalRId, webPubSubId])("%s", (id) => {
  test.each(rowsOf(id))("$want when $when", (row) => expectJudged(id, row));
});

const entries = [
  {
    id: signalRId,
    group: "signalr",
    zones: { public: "privatelink.service.signalr.net", china: "privatelink.signalr.azure.cn" },
  },
  { id: webPubSubId, group: "webpubsub", zones: { public: "privatelink.webpubsub.azure.com" } },
];

describe.each(entries)("$id", ({ id, group, zones }) => {
  test("is what its row of the catalog says", () => expectInCatalog({ id, group, zones, ports: "443" }));

  test.each<Chain>(chains)("with a private endpoint has $want when $when", async (chain) => {
    const privateEndpoints = [{ name: "pe-blob", allow: requests }];
    const connections = { privateEndpointConnections: [aConnection("Approved", "pe-blob")] };
    const want = chain.want.map((rule) => `${rule} ${group}`);
    const service = aHub(id, { privateEndpoints }, { ...off, ...connections });
    expect(await judgedChain(id, service, group, zones.public, chain)).toEqual(want);
  });
});
