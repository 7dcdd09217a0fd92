import { describe, expect, test } from "vitest";
import { isInEnvironment } from "../../lib/catalog/environments.ts";
import { serviceOfType } from "../../lib/catalog/index.ts";
import { Policy } from "../../lib/model/policy.ts";
import { fold } from "../../lib/model/resource-id.ts";
import {
  aConnection,
  aNetwork,
  aPerimeter,
  aSecurityGroup,
  complete,
  type Given,
  idOf,
  networkId,
  noPerimeter,
  refusedList,
  subnetId,
  subscription,
} from "../support/builders.ts";
import { expectFixesToHold } from "../support/fixed.ts";
import {
  anAddress,
  approved,
  approving,
  azure,
  chains,
  expectInCatalog,
  expectJudged,
  judgedChain,
  off,
  type ServiceRow,
  wantedPrivate,
  whole,
} from "../support/judged.ts";
import { aFlexibleServer, type FlexibleServerParts, mysqlId, postgresqlId } from "../support/more-services.ts";
import { auditOf } from "../support/world.ts";

const postgresql = {
  what: "a PostgreSQL flexible server",
  id: postgresqlId,
  group: "postgresqlServer",
  zone: "privatelink.postgres.database.azure.com",
  ports: "5432,6432,7432,8432",
};
const mysql = {
  what: "a MySQL flexible server",
  id: mysqlId,
  group: "mysqlServer",
  zone: "privatelink.mysql.database.azure.com",
  ports: "3306",
};

const injected = { ...off, delegatedSubnetResourceId: subnetId };

interface Row extends Omit<ServiceRow, "given" | "beside" | "policy"> {
  readonly given: FlexibleServerParts;
  readonly beside?: (id: string) => Given;
  readonly policy?: (id: string) => Policy;
}

const rows: readonly Row[] = [
  { when: "there is no rule", given: {}, want: "nobody" },
  { when: "one address is listed", given: { firewallRules: [anAddress] }, want: "addresses" },
  {
    when: "one rule is the whole address space",
    given: { firewallRules: [whole] },
    want: "internet",
    fails: ["NI101"],
  },
  {
    when: "two rules meet in the middle",
    given: {
      firewallRules: [
        ["0.0.0.0", "120.0.0.0"],
        ["120.0.0.1", "255.255.255.255"],
      ],
    },
    want: "internet",
    fails: ["NI102"],
  },
  { when: "Azure is let in", given: { firewallRules: [azure] }, want: "azure", fails: ["NI103"] },
  {
    when: "a rule is wider than what is approved",
    given: { firewallRules: [["203.0.113.0", "203.0.113.31"]] },
    policy: () => approving,
    want: "addresses",
    fails: ["NI104"],
  },
  {
    when: "a rule is for private addresses, which never come this way",
    given: { firewallRules: [["10.0.0.0", "10.0.255.255"]] },
    want: "nobody",
    fails: ["NI105"],
  },
  {
    when: "public access is off and rules are kept",
    given: { network: off, firewallRules: [whole, azure] },
    want: "nobody",
    fails: ["NI107"],
  },
  { when: "public access is off", given: { network: off }, want: "nobody" },
  {
    when: "nobody says whether public access is on, which it is",
    given: { properties: { network: {} }, firewallRules: [whole] },
    want: "internet",
    fails: ["NI101"],
  },
  {
    when: "public access has a value that nobody knows",
    given: { network: { publicNetworkAccess: "SecuredByPerimeter" }, firewallRules: [whole] },
    want: "nobody..internet",
    unsure: ["NI101", "NI102", "NI107", "NI702"],
  },
  {
    when: "nobody read the list of rules",
    given: { isListRead: false },
    want: "nobody..internet",
    unsure: ["NI101", "NI102", "NI103", "NI105"],
  },
  {
    when: "the list of rules was refused",
    given: { isListRead: false },
    beside: (id) => refusedList(id, `${idOf(id).type}/firewallRules`),
    want: "nobody..internet",
    unsure: ["NI101", "NI102", "NI103", "NI105"],
  },
  {
    when: "public access is off and the list of rules was refused",
    given: { network: off, isListRead: false },
    beside: (id) => refusedList(id, `${idOf(id).type}/firewallRules`),
    want: "nobody",
    unsure: ["NI107"],
  },
  {
    when: "a perimeter names it, in which nothing of its type can be",
    given: { firewallRules: [whole] },
    beside: (id) => aPerimeter({ service: id, accessMode: "Enforced" }),
    want: "internet",
    fails: ["NI101"],
  },
  {
    when: "a private endpoint is approved",
    given: { network: off, properties: approved },
    policy: wantedPrivate,
    want: "private",
  },
  {
    when: "a private endpoint is approved and Azure is let in all the same",
    given: { firewallRules: [azure], properties: approved },
    want: "azure",
    fails: ["NI103", "NI303"],
  },
  {
    when: "a private endpoint is pending",
    given: { network: off, properties: { privateEndpointConnections: [aConnection("Pending")] } },
    policy: wantedPrivate,
    want: "nobody",
    fails: ["NI301", "NI302"],
  },
  {
    when: "the policy wants a private endpoint and there is none",
    given: {},
    policy: wantedPrivate,
    want: "nobody",
    fails: ["NI301"],
  },
];

describe.each([postgresql, mysql])("$what", ({ id, group, zone, ports }) => {
  const type = serviceOfType(idOf(id).type)?.type ?? "";

  test.each(rows)("$want when $when", ({ given, beside, policy, ...row }) =>
    expectJudged(id, {
      ...row,
      given: aFlexibleServer(id, given),
      beside: beside?.(id) ?? [],
      policy: policy?.(id) ?? Policy.default,
    }));

  test("keeps its rules from the command line while public access is off, which a fix says", async () => {
    const caveatsOf = async (network: object) => {
      const server = aFlexibleServer(id, { network: { ...network }, firewallRules: [whole, azure] });
      const answers = await expectFixesToHold(server, Policy.default);
      return answers.filter(({ id: finding }) => /^NI10[17]/.test(finding)).map(({ fix }) => fix?.caveats);
    };
    expect(await caveatsOf(off)).toEqual([
      ["the command line touches the firewall rules only while public access is on, which puts all of them in force"],
    ]);
    expect(await caveatsOf({})).toEqual([[]]);
  });

  test("is placed and no more where it is in a subnet of its own, whatever rules it has", async () => {
    const server = aFlexibleServer(id, { network: injected, firewallRules: [whole] });
    const { evaluations } = await auditOf([server, aNetwork([{ delegations: [type] }]), aSecurityGroup(), noPerimeter]);
    const own = evaluations.filter(({ subject }) => subject.id.key === fold(id));
    expect(own.map(({ subject, findings, reach }) => ({ kind: subject.kind, findings, reach }))).toEqual([
      { kind: "placed", findings: [], reach: undefined },
    ]);
    expect(evaluations.flatMap(({ findings }) => findings).filter(({ status }) => status === "fail")).toEqual([]);
  });

  test("is in a subnet that is delegated to another service", async () => {
    const server = aFlexibleServer(id, { network: injected });
    const { evaluations } = await auditOf([server, aNetwork([{ delegations: ["Microsoft.Netapp/volumes"] }])]);
    const findings = evaluations.flatMap((evaluation) => evaluation.findings);
    expect(findings.filter(({ status }) => status === "fail").map(({ rule }) => rule)).toContain("NI402");
  });

  test.each(chains)("with a private endpoint has $want when $when", async (chain) => {
    const privateEndpointConnections = [aConnection("Approved", "pe-blob")];
    const server = aFlexibleServer(id, { network: off, properties: { privateEndpointConnections } });
    expect(await judgedChain(id, server, group, zone, chain)).toEqual(chain.want.map((rule) => `${rule} ${group}`));
  });

  test("is what its row of the catalog says", () =>
    expectInCatalog({
      ...{ id, group, ports },
      zones: {
        public: zone,
        usgov: zone.replace("azure.com", "usgovcloudapi.net"),
        china: zone.replace("azure.com", "chinacloudapi.cn"),
      },
    }));
});

test.each([
  { type: postgresqlId, network: injected, is: true },
  { type: mysqlId, network: injected, is: true },
  { type: mysqlId, network: { delegatedSubnetResourceId: "" }, is: false },
  { type: mysqlId, network: { delegatedSubnetResourceId: null }, is: false },
  { type: mysqlId, network: "none", is: false },
  { type: networkId, network: injected, is: false },
])("whether $type with $network is in an environment: $is", ({ type, network, is }) => {
  expect(isInEnvironment(idOf(type).type, { properties: { network } })).toBe(is);
  expect(isInEnvironment(idOf(type).type, undefined)).toBe(false);
});

test("a service endpoint for SQL leads to no flexible server: with all SQL servers known, nothing uses it", async () => {
  const { evaluations } = await auditOf([
    aNetwork([{ serviceEndpoints: ["Microsoft.Sql"] }]),
    complete(subscription, "Microsoft.Sql/servers"),
    aFlexibleServer(postgresqlId, { firewallRules: [anAddress] }),
  ]);
  const findings = evaluations.flatMap((evaluation) => evaluation.findings);
  expect(findings.find(({ rule }) => rule === "NI204")?.status).toBe("fail");
});
