import { readFile } from "node:fs/promises";
import { Ajv2020 } from "ajv/dist/2020.js";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ConfigError, parsePolicy, policyFileName, policyJsonSchema, readPolicyFile } from "../lib/config.ts";
import { CordonError } from "../lib/model/cordon-error.ts";
import { Policy } from "../lib/model/policy.ts";
import { IpSet } from "../lib/net/ip-set.ts";
import { rules } from "../lib/rules/index.ts";
import { idOf, subnetId } from "./support/builders.ts";

const root = new URL("../", import.meta.url);
const fixtures = ["contoso-erp", "contoso-erp-closed"].map((name) => `test/fixtures/${name}/${policyFileName}`);
const isValid = new Ajv2020({ strict: false, validateFormats: false }).compile(policyJsonSchema());

function mistakesOf(text: string): string[] {
  try {
    parsePolicy(text, policyFileName);
    return [];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.mistakes.map(({ pointer, line, column, message }) => {
      return `${line} ${pointer}: ${column === undefined ? "" : `column ${column}: `}${message}`;
    });
  }
}

/** Each entry of the list stands on a line of its own, from line 2 on. */
function listOf(key: string, ...entries: unknown[]): string {
  return `{ "${key}": [\n${entries.map((entry) => JSON.stringify(entry)).join(",\n")}\n] }`;
}

const site = { name: "porto", natAddresses: ["198.51.100.10"], connection: "internet" };
const waiver = { rule: "NI106", resource: "*/stlogs", reason: "logs", owner: "platform", expires: "2027-03-31" };
const noNeed = 'a need is one of `{"id": …}`, `{"type": …}` and `{"tag": …, "value": …}`, all of them text';

const network = "/subscriptions/s/resourceGroups/rg/providers/Microsoft.Network/virtualNetworks/vnet-hub";

describe("a policy file", () => {
  test("that is empty but for its braces is the default", () => {
    expect(parsePolicy("{}", policyFileName)).toEqual(Policy.default);
  });

  test("is read into sets, patterns and kinds", () => {
    const policy = parsePolicy(
      JSON.stringify({
        approvedAddresses: ["203.0.113.0/25", "203.0.113.128-203.0.113.255", "2001:db8::1"],
        nearlyInternet: 1,
        sites: [{ ...site, needs: [{ id: "*" }, { type: "Microsoft.Sql/servers" }, { tag: "from", value: "" }] }],
        severities: { NI107: "high" },
        waivers: [waiver],
      }),
      policyFileName,
    );
    expect(policy.approvedAddresses?.toPrefixes()).toEqual(["203.0.113.0/24", "2001:db8::1"]);
    expect(policy.nearlyInternet).toBe(1);
    expect(policy.sites[0]?.needs.map(({ kind }) => kind)).toEqual(["id", "type", "tag"]);
    expect(policy.sites[0]?.natAddresses.toPrefixes()).toEqual(["198.51.100.10"]);
    expect(policy.severities).toEqual(new Map([["NI107", "high"]]));
    expect(policy.waivers[0]).toMatchObject({ rule: "NI106", expires: "2027-03-31", resource: { text: "*/stlogs" } });
  });

  test("names private types and the networks of DNS in any casing", () => {
    const { privateTypes, dnsNetworks } = parsePolicy(
      JSON.stringify({ privateTypes: ["microsoft.keyvault/VAULTS"], dnsNetworks: [network.toUpperCase()] }),
      policyFileName,
    );
    expect(privateTypes).toEqual(new Set(["microsoft.keyvault/vaults"]));
    expect(dnsNetworks.map(({ key }) => key)).toEqual([network.toLowerCase()]);
  });

  test("names the types that need a perimeter in any casing", () => {
    const { perimeterTypes } = parsePolicy(listOf("perimeterTypes", "microsoft.keyvault/VAULTS"), policyFileName);
    expect(perimeterTypes).toEqual(new Set(["microsoft.keyvault/vaults"]));
  });

  test("names the types that must be in a network in any casing", () => {
    const { injectedTypes } = parsePolicy(
      listOf("injectedTypes", "microsoft.apimanagement/SERVICE", "Microsoft.Web/sites/slots"),
      policyFileName,
    );
    expect(injectedTypes).toEqual(new Set(["microsoft.apimanagement/service", "microsoft.web/sites/slots"]));
  });

  test("isolates subnets by patterns", () => {
    const policy = parsePolicy(listOf("isolatedSubnets", "*/SUBNETS/snet-app", "*/subnets/snet-d*"), policyFileName);
    const isIsolated = (suffix: string) => policy.isIsolated(idOf(subnetId.replace("snet-app", suffix)));
    expect(["snet-app", "snet-data", "snet-app-2", "snet"].map(isIsolated)).toEqual([true, true, false, false]);
    expect(Policy.default.isIsolated(idOf(subnetId))).toBe(false);
  });

  test("knows the networks that are kept apart", () => {
    const text = JSON.stringify({
      keptApart: [["*/virtualNetworks/prod*", "*/virtualNetworks/dev", "*/virtualNetworks/prod-2"]],
    });
    const policy = parsePolicy(text, policyFileName);
    const network = (name: string) =>
      idOf(`/subscriptions/s/resourceGroups/rg/providers/Microsoft.Network/virtualNetworks/${name}`);
    const [prod, second, dev, other] = ["prod", "PROD-2", "dev", "other"].map(network);
    if (prod === undefined || second === undefined || dev === undefined || other === undefined)
      throw new Error("no id");
    expect(policy.areKeptApart(prod, dev)).toBe(true);
    expect(policy.areKeptApart(dev, second)).toBe(true);
    expect(policy.areKeptApart(prod, second)).toBe(true);
    expect(policy.areKeptApart(second, second)).toBe(false);
    expect(policy.areKeptApart(dev, other)).toBe(false);
    expect([policy.hasKeptApart(dev), policy.hasKeptApart(other)]).toEqual([true, false]);
    expect(policy.entries.map(({ key, kind }) => `${key} ${kind}`)).toEqual(Array(3).fill("keptApart network"));
  });

  test("knows the firewalls by their addresses", () => {
    const text = listOf("firewalls", "10.10.1.4", "10.10.1.5/32", "10.20.0.0/24", "fd00::4", "fd00:1::/64");
    const { firewalls } = parsePolicy(text, policyFileName);
    expect(firewalls.toPrefixes()).toEqual(["10.10.1.4/31", "10.20.0.0/24", "fd00::4", "fd00:1::/64"]);
    expect(Policy.default.firewalls).toEqual(IpSet.empty);
  });

  test("approves a Front Door by its id", () => {
    const door = "Front Door 11111111-0000-4000-8000-00000000ABCD";
    const policy = parsePolicy(
      listOf("approvedExceptions", { resource: "*/sites/app", exception: door }),
      policyFileName,
    );
    const app = idOf(subnetId.replace(/\/providers\/.*/, "/providers/Microsoft.Web/sites/app"));
    expect(policy.approvesException(app, door.toLowerCase())).toBe(true);
    expect(policy.approvesException(app, "Front Door 11111111-0000-4000-8000-000000000002")).toBe(false);
  });

  test("tells no approved addresses from none approved", () => {
    expect(parsePolicy("{}", policyFileName).approvedAddresses).toBeUndefined();
    expect(parsePolicy('{ "approvedAddresses": [] }', policyFileName).approvedAddresses).toEqual(IpSet.empty);
  });

  test("reserves subnets by patterns", () => {
    const entry = { subnet: "*/subnets/snet-app", serviceName: "Microsoft.Web/serverFarms" };
    const policy = parsePolicy(listOf("reservedSubnets", entry), policyFileName);
    expect(policy.reservationsOf(idOf(subnetId))).toEqual(["Microsoft.Web/serverFarms"]);
    expect(policy.reservationsOf(idOf(`${subnetId}-2`))).toEqual([]);
  });

  test("may start with a byte order mark and need nothing at a site", () => {
    const text = `\uFEFF${listOf("sites", { ...site, natAddresses: [], connection: "private" })}`;
    expect(parsePolicy(text, policyFileName).sites[0]).toMatchObject({ needs: [], natAddresses: IpSet.empty });
  });
});

describe("a wrong policy file", () => {
  test("names every mistake in its message", () => {
    const text = `{
  "approvedAddresses": ["203.0.113.0/24",
    "203.0.113.300"],
  "waivers": [
    {
      "rule": "NI106", "resource": "*",
      "reason": "r",
      "owner": "o",
      "expires": "2027-02-30"
    }
  ]
}`;
    expect(() => parsePolicy(text, policyFileName)).toThrow(
      new ConfigError(policyFileName, [
        {
          pointer: "/approvedAddresses/1",
          line: 3,
          message: "`203.0.113.300` is not an address, a CIDR prefix or an `a-b` range",
        },
        { pointer: "/waivers/0/expires", line: 9, message: "`2027-02-30` is not a day of the calendar" },
      ]),
    );
    expect(() => parsePolicy(text, policyFileName)).toThrow(`cannot use policy file \`cordon.policy.json\`: 2 mistakes
  line 3, /approvedAddresses/1: \`203.0.113.300\` is not an address, a CIDR prefix or an \`a-b\` range
  line 9, /waivers/0/expires: \`2027-02-30\` is not a day of the calendar`);
  });

  test.each([
    { given: "{", says: "line 1, column 2: a closing brace is expected" },
    { given: "[]", says: "line 1: must be an object, not an array" },
    { given: "", says: "line 1: the file is empty" },
  ])("names the place of $given: $says", ({ given, says }) => {
    expect(() => parsePolicy(given, policyFileName)).toThrow(
      `cannot use policy file \`cordon.policy.json\`: 1 mistake\n  ${says}`,
    );
  });

  const table: { when: string; given: string; want: string[] }[] = [
    { when: "it is empty", given: "", want: ["1 : the file is empty"] },
    { when: "it has nothing but a line end", given: "\r\n", want: ["1 : the file is empty"] },
    { when: "it is a list", given: "\n[]", want: ["2 : must be an object, not an array"] },
    {
      when: "it has trailing commas",
      given: '{ "sites": [\r\n1,],\r\n}',
      want: ["2 : column 3: a comma must not stand before `]`", "3 : column 1: a comma must not stand before `}`"],
    },
    { when: "it has a comment", given: "{\n} // done", want: ["2 : column 3: comments are not allowed"] },
    { when: "it breaks off", given: '{ "sites": [', want: ["1 : column 13: a closing bracket is expected"] },
    {
      when: "it nests without end",
      given: "[".repeat(200_000),
      want: ["1 : column 101: more than 100 levels deep"],
    },
    {
      when: "keys are unknown",
      given: '{ "aprovedAddresses": [],\n"Sites": [],\n"a/b~c": 1,\n"__proto__": {},\n"constructor": 1 }',
      want: [
        "1 /aprovedAddresses: unknown key `aprovedAddresses`, did you mean `approvedAddresses`?",
        "2 /Sites: unknown key `Sites`, did you mean `sites`?",
        "3 /a~1b~0c: unknown key `a/b~c`",
        "4 /__proto__: unknown key `__proto__`",
        "5 /constructor: unknown key `constructor`",
      ],
    },
    {
      when: "a key is given twice",
      given: '{ "nearlyInternet": 7,\n"nearlyInternet": 0.5,\n"nearlyInternet": 2 }',
      want: [
        "2 /nearlyInternet: `nearlyInternet` is given already in line 1",
        "3 /nearlyInternet: `nearlyInternet` is given already in line 1",
        "3 /nearlyInternet: `2` is not a share above 0 and up to 1",
      ],
    },
    {
      when: "addresses are none",
      given: listOf("approvedAddresses", "10.0.0.5/24", "10.0.0.9-10.0.0.1", "", "2001:db8::5/64", 7, "10.0.0.0/24"),
      want: [
        "2 /approvedAddresses/0: `10.0.0.5/24` has host bits: write the network address, `10.0.0.0/24`",
        "3 /approvedAddresses/1: `10.0.0.9-10.0.0.1` is not an address, a CIDR prefix or an `a-b` range",
        "4 /approvedAddresses/2: `` is not an address, a CIDR prefix or an `a-b` range",
        "5 /approvedAddresses/3: `2001:db8::5/64` has host bits: write the network address, `2001:db8::/64`",
        "6 /approvedAddresses/4: must be a string, not a number",
      ],
    },
    {
      when: "the share is zero",
      given: '{ "nearlyInternet": 0 }',
      want: ["1 /nearlyInternet: `0` is not a share above 0 and up to 1"],
    },
    {
      when: "the share is endless",
      given: '{ "nearlyInternet": 1e999 }',
      want: ["1 /nearlyInternet: must be a number, not one beyond all range"],
    },
    {
      when: "exceptions are none",
      given: listOf(
        "approvedExceptions",
        { resource: "*", exception: "azureServices" },
        { resource: "stlogs", exception: "/subscriptions/*" },
        { resource: "*", exception: null },
      ),
      want: [
        "2 /approvedExceptions/0/exception: `azureServices` is not `AzureServices`, `Logging`, `Metrics`, `Front Door` and its id, or a resource id, did you mean `AzureServices`?",
        "3 /approvedExceptions/1/resource: `stlogs` matches no resource id: start it with `/` or `*`",
        "4 /approvedExceptions/2/exception: must be a string, not null",
      ],
    },
    {
      when: "sites contradict each other, and others have mistakes of shape",
      given: listOf(
        "sites",
        { ...site, connection: "Internet" },
        { ...site, name: "PORTO" },
        { ...site, name: " ", natAddresses: [] },
        {},
        5,
      ),
      want: [
        "2 /sites/0/connection: `Internet` is not one of `microsoftPeering`, `internet`, `private`, did you mean `internet`?",
        "3 /sites/1/name: `PORTO` is the name of /sites/0 already",
        "4 /sites/2/name: must not be empty",
        "4 /sites/2/natAddresses: may be empty only where `connection` is `private`",
        "5 /sites/3/name: `name` is missing",
        "5 /sites/3/natAddresses: `natAddresses` is missing",
        "5 /sites/3/connection: `connection` is missing",
        "6 /sites/4: must be an object, not a number",
      ],
    },
    {
      when: "a site comes over the internet with addresses that nobody has there",
      given: listOf(
        "sites",
        { ...site, natAddresses: ["203.0.113.7", "192.168.1.1"] },
        { ...site, name: "b", natAddresses: ["fd00::/64", "no"], connection: "microsoftPeering" },
        { ...site, name: "c", natAddresses: ["10.0.0.1"], connection: "private" },
      ),
      want: [
        "2 /sites/0/natAddresses/1: `192.168.1.1` is no public address: name those that the site's traffic leaves with",
        "3 /sites/1/natAddresses/0: `fd00::/64` is no public address: name those that the site's traffic leaves with",
        "3 /sites/1/natAddresses/1: `no` is not an address, a CIDR prefix or an `a-b` range",
      ],
    },
    {
      when: "needs are none",
      given: `{ "sites": [{ "name": "a", "natAddresses": [], "connection": "private", "needs": [
        {},
        { "id": "stlogs" },
        { "type": "vaults" },
        { "tag": "from" },
        { "id": "*",
          "tag": "from" },
        { "tag": "from", "value": true },
        "*"
      ] }] }`,
      want: [
        `2 /sites/0/needs/0: ${noNeed}`,
        "3 /sites/0/needs/1/id: `stlogs` matches no resource id: start it with `/` or `*`",
        "4 /sites/0/needs/2/type: `vaults` is not a resource type such as `Microsoft.KeyVault/vaults`",
        `5 /sites/0/needs/3: ${noNeed}`,
        "7 /sites/0/needs/4/tag: `tag` does not go with the other keys",
        `8 /sites/0/needs/5: ${noNeed}`,
        `9 /sites/0/needs/6: ${noNeed}`,
      ],
    },
    {
      when: "reserved subnets are none",
      given: listOf(
        "reservedSubnets",
        { subnet: "*/subnets/snet-app", serviceName: "serverFarms" },
        { subnet: "snet-app", serviceName: "Microsoft.Web/serverFarms" },
        { subnet: "*", service: "Microsoft.Web/serverFarms" },
        { subnet: "*", serviceName: 1 },
        "*",
      ),
      want: [
        "2 /reservedSubnets/0/serviceName: `serverFarms` is not the name of a delegation such as `Microsoft.Web/serverFarms`",
        "3 /reservedSubnets/1/subnet: `snet-app` matches no resource id: start it with `/` or `*`",
        "4 /reservedSubnets/2/serviceName: `serviceName` is missing",
        "4 /reservedSubnets/2/service: unknown key `service`",
        "5 /reservedSubnets/3/serviceName: must be a string, not a number",
        "6 /reservedSubnets/4: must be an object, not a string",
      ],
    },
    {
      when: "rules or severities do not exist",
      given: '{ "severities": {\n"NI999": "info",\n"ni107": "info",\n"NI107": "hihg",\n"NI101": 1 } }',
      want: [
        "2 /severities/NI999: there is no rule `NI999`",
        "3 /severities/ni107: there is no rule `ni107`, did you mean `NI107`?",
        "4 /severities/NI107: `hihg` is not one of `high`, `medium`, `low`, `info`",
        "5 /severities/NI101: must be a string, not a number",
      ],
    },
    {
      when: "private types are none",
      given: listOf("privateTypes", "Microsoft.KeyVault/vault", "vaults", null, "Microsoft.Storage/storageAccounts"),
      want: [
        "2 /privateTypes/0: `Microsoft.KeyVault/vault` is not a type that Cordon audits, did you mean `Microsoft.KeyVault/vaults`?",
        "3 /privateTypes/1: `vaults` is not a type that Cordon audits",
        "4 /privateTypes/2: must be a string, not null",
      ],
    },
    {
      when: "types that need a perimeter are none",
      given: listOf("perimeterTypes", "Microsoft.KeyVault/vault", "Microsoft.Web/sites", 1, "Microsoft.Sql/servers"),
      want: [
        "2 /perimeterTypes/0: `Microsoft.KeyVault/vault` is not a type that Cordon audits, did you mean `Microsoft.KeyVault/vaults`?",
        "3 /perimeterTypes/1: no network security perimeter can hold a `Microsoft.Web/sites`",
        "4 /perimeterTypes/2: must be a string, not a number",
      ],
    },
    {
      when: "types that must be in a network are none",
      given: listOf(
        "injectedTypes",
        "Microsoft.Web/site",
        "Microsoft.KeyVault/vaults",
        "Microsoft.Web/serverfarms",
        "Microsoft.Sql/managedInstances",
        true,
      ),
      want: [
        "2 /injectedTypes/0: `Microsoft.Web/site` is not a type that Cordon knows to be in virtual networks, did you mean `Microsoft.Web/sites`?",
        "3 /injectedTypes/1: no virtual network can hold a `Microsoft.KeyVault/vaults`",
        "4 /injectedTypes/2: `Microsoft.Web/serverfarms` is what services run on: name their types, `Microsoft.Web/sites` and `Microsoft.Web/sites/slots`",
        "6 /injectedTypes/4: must be a string, not a boolean",
      ],
    },
    {
      when: "isolated subnets are none",
      given: listOf("isolatedSubnets", "snet-app", { subnet: "*" }, "*/subnets/snet-app"),
      want: [
        "2 /isolatedSubnets/0: `snet-app` matches no resource id: start it with `/` or `*`",
        "3 /isolatedSubnets/1: must be a string, not an object",
      ],
    },
    {
      when: "networks that are kept apart are none, or have nobody to be kept from",
      given: listOf(
        "keptApart",
        ["*/virtualNetworks/prod"],
        "*/virtualNetworks/dev",
        ["vnet-prod", "*/vnet-dev"],
        ["*", 1],
      ),
      want: [
        "2 /keptApart/0: needs two patterns at least: networks of one are kept from those of another",
        "3 /keptApart/1: must be an array, not a string",
        "4 /keptApart/2/0: `vnet-prod` matches no resource id: start it with `/` or `*`",
        "5 /keptApart/3/1: must be a string, not a number",
      ],
    },
    {
      when: "firewalls are none",
      given: listOf(
        "firewalls",
        "afw-hub",
        "10.10.1.4/24",
        "10.0.0.0/8",
        "10.0.0.0-10.0.1.255",
        "::/0",
        "0.0.0.0/0",
        4,
        "10.10.1.4",
      ),
      want: [
        "2 /firewalls/0: `afw-hub` is not an address, a CIDR prefix or an `a-b` range",
        "3 /firewalls/1: `10.10.1.4/24` has host bits: write the network address, `10.10.1.0/24`",
        "4 /firewalls/2: `10.0.0.0/8` holds more than firewalls: name their addresses, or a `/24` at most (IPv6: a `/64`)",
        "5 /firewalls/3: `10.0.0.0-10.0.1.255` holds more than firewalls: name their addresses, or a `/24` at most (IPv6: a `/64`)",
        "6 /firewalls/4: `::/0` holds more than firewalls: name their addresses, or a `/24` at most (IPv6: a `/64`)",
        "7 /firewalls/5: `0.0.0.0/0` holds more than firewalls: name their addresses, or a `/24` at most (IPv6: a `/64`)",
        "8 /firewalls/6: must be a string, not a number",
      ],
    },
    {
      when: "DNS networks are none",
      given: listOf("dnsNetworks", "vnet-hub", `${network}/subnets/snet`, network.replace("virtualN", "n"), 1, network),
      want: [
        "2 /dnsNetworks/0: `vnet-hub` is not the id of a virtual network",
        `3 /dnsNetworks/1: \`${network}/subnets/snet\` is not the id of a virtual network`,
        `4 /dnsNetworks/2: \`${network.replace("virtualN", "n")}\` is not the id of a virtual network`,
        "5 /dnsNetworks/3: must be a string, not a number",
      ],
    },
    {
      when: "waivers are none",
      given: listOf(
        "waivers",
        { ...waiver, rule: "NI999", expires: "2027-3-31" },
        { ...waiver, rule: "ni106", expires: "2100-02-29" },
        { ...waiver, reason: "", owner: "\n", expires: 2027 },
        { ...waiver, expires: "2028-02-29", until: "2029-01-01" },
        { rule: 1 },
      ),
      want: [
        "2 /waivers/0/rule: there is no rule `NI999`",
        "2 /waivers/0/expires: `2027-3-31` is not a day of the calendar",
        "3 /waivers/1/rule: there is no rule `ni106`, did you mean `NI106`?",
        "3 /waivers/1/expires: `2100-02-29` is not a day of the calendar",
        "4 /waivers/2/reason: must not be empty",
        "4 /waivers/2/owner: must not be empty",
        "4 /waivers/2/expires: must be a string, not a number",
        "5 /waivers/3/until: unknown key `until`",
        "6 /waivers/4/resource: `resource` is missing",
        "6 /waivers/4/reason: `reason` is missing",
        "6 /waivers/4/owner: `owner` is missing",
        "6 /waivers/4/expires: `expires` is missing",
        "6 /waivers/4/rule: must be a string, not a number",
      ],
    },
  ];

  test.each(table)("says so where $when", ({ given, want }) => {
    expect(mistakesOf(given)).toEqual(want);
  });

  test("throws nothing but ConfigError, whatever it holds", () => {
    const keys = ["approvedAddresses", "approvedExceptions", "nearlyInternet", "sites", "severities", "waivers"];
    const entries = [
      "name",
      "natAddresses",
      "connection",
      "needs",
      "id",
      "type",
      "tag",
      "rule",
      "expires",
      "__proto__",
    ];
    const entry = fc.dictionary(fc.constantFrom(...entries), fc.oneof(fc.jsonValue(), fc.array(fc.jsonValue())));
    const shaped = fc.dictionary(fc.constantFrom(...keys), fc.oneof(entry, fc.array(fc.oneof(entry, fc.jsonValue()))));
    const text = fc.oneof(
      fc.json(),
      fc.string(),
      shaped.map((value) => JSON.stringify(value)),
    );
    fc.assert(fc.property(text, (given) => Array.isArray(mistakesOf(given))));
  });

  test("has errors of syntax exactly where JSON.parse finds one", () => {
    const token = fc.constantFrom(
      ..."{}[]:,",
      '"a"',
      '"\\u00e',
      "-",
      "0",
      "1.5",
      "1.",
      "e3",
      "true",
      "nul",
      " ",
      "\n",
      "\t",
      "\v",
      "//",
      "/*",
    );
    const text = fc.oneof(
      fc.array(token, { maxLength: 6 }).map((tokens) => tokens.join("")),
      fc.json().chain((json) => fc.nat(json.length).map((cut) => json.slice(0, cut))),
    );
    const isJson = (given: string) => {
      try {
        JSON.parse(given);
        return true;
      } catch {
        return false;
      }
    };
    const hasSyntaxError = (given: string) =>
      mistakesOf(given).some((mistake) => / : (column \d+|the file is empty)/.test(mistake));
    fc.assert(
      fc.property(text, (given) => hasSyntaxError(given) === !isJson(given)),
      { numRuns: 2000 },
    );
  });
});

describe("the schema for editors", () => {
  test(`is what cordon.policy.schema.json holds; if not, run "npm run generate"`, async () => {
    const written: unknown = JSON.parse(await readFile(new URL("cordon.policy.schema.json", root), "utf8"));
    expect(written, "cordon.policy.schema.json is stale: npm run generate").toEqual(policyJsonSchema());
  });

  test.each(fixtures)("admits %s, as the parser does", async (path) => {
    const text = await readFile(new URL(path, root), "utf8");
    expect(parsePolicy(text, path).sites.length).toBe(4);
    expect(isValid(JSON.parse(text)), JSON.stringify(isValid.errors)).toBe(true);
  });

  test.each([
    { unknown: 1 },
    { nearlyInternet: 0 },
    { severities: { NI999: "info" } },
    { sites: [{ ...site, needs: [{ type: "vaults" }] }] },
    { approvedExceptions: [{ resource: "*", exception: "azureServices" }] },
    { waivers: [{ ...waiver, expires: "2027-02-30" }] },
    { waivers: [{ ...waiver, owner: "" }] },
    { dnsNetworks: ["vnet-hub"] },
    { privateTypes: [1] },
  ])("refuses %j, as the parser does", (value) => {
    expect(isValid(value)).toBe(false);
    expect(mistakesOf(JSON.stringify(value))).toHaveLength(1);
  });

  test("describes every key of the file and every rule", () => {
    const { properties } = policyJsonSchema() as {
      properties: Record<string, { description?: string; properties?: object }>;
    };
    expect(Object.entries(properties).filter(([, { description }]) => description === undefined)).toEqual([]);
    expect(Object.keys(properties.severities?.properties ?? {})).toEqual(rules.map(({ id }) => id));
  });
});

describe("reading a policy file", () => {
  test("gives the policy", async () => {
    expect((await readPolicyFile("test/fixtures/contoso-erp/cordon.policy.json")).waivers).toHaveLength(1);
  });

  test("says what is in the way, with its cause", async () => {
    const missing = await readPolicyFile("test/nowhere.json").catch((error: unknown) => error);
    expect(missing).toBeInstanceOf(CordonError);
    expect(missing).toMatchObject({
      code: "ERR_POLICY_UNREADABLE",
      message: "cannot read policy file `test/nowhere.json`: there is no such file",
      cause: { code: "ENOENT" },
    });
  });
});
