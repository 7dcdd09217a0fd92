import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { ServiceFact } from "../../lib/model/fact.ts";
import { Policy } from "../../lib/model/policy.ts";
import { ResourceId } from "../../lib/model/resource-id.ts";
import type { Snapshot } from "../../lib/model/snapshot.ts";
import { IpSet } from "../../lib/net/ip-set.ts";
import { parseAddresses } from "../../lib/net/parse-addresses.ts";
import type { Boundary } from "../../lib/reach/boundary.ts";
import {
  reachFromAddress,
  reachFromElsewhere,
  reachFromSubnet,
  serviceReach,
  type Way,
} from "../../lib/reach/service-reach.ts";
import {
  aGroup,
  aNatGateway,
  aNetwork,
  anApp,
  appId,
  aRouteTable,
  aSqlServer,
  aStorageAccount,
  aVault,
  type NetworkParts,
  sqlId,
  storageId,
  subnetId,
  vaultId,
} from "../oracle/bodies.ts";
import { firewallWorld } from "../oracle/firewall-world.ts";
import { gatewayWorld } from "../oracle/gateway-world.ts";
import { serviceAddresses } from "../oracle/random-world.ts";
import { type Body, same, type World } from "../oracle/world.ts";
import { idOf } from "../support/builders.ts";
import { closedWorld } from "../support/closed-world.ts";
import { subnetIn } from "../support/reach.ts";
import { snapshotOf } from "../support/world.ts";

/** "reaches subnet a/s0 10.0.0.0/24: the last step". */
function textOf(way: Way): string {
  const { kind, from, must, may, witness } = way;
  const who = from instanceof ResourceId ? from.key.split("/").slice(-3).join("/").replace("/subnets", "") : "anybody";
  const addresses = from === undefined ? "" : ` ${(must.isEmpty ? may : must).toPrefixes().join(" ")}`.trimEnd();
  return `${outcomeOf(way)} ${kind} ${who}${addresses}: ${witness?.steps.at(-1)?.says ?? "no story"}`;
}

function outcomeOf({ must, may, outcome }: Way) {
  return outcome ?? (must.isEmpty ? (may.isEmpty ? "blocked" : "unknown") : "reaches");
}

function serviceIn(snapshot: Snapshot, id: string): ServiceFact | undefined {
  const found = snapshot.get(idOf(id));
  return found.kind === "fact" && found.fact.kind === "service" ? found.fact : undefined;
}

const numRuns = Number(process.env.CORDON_RUNS ?? 120);

interface Row {
  readonly when: string;
  readonly network: NetworkParts;
  readonly service: readonly Body[];
  readonly others?: readonly Body[];
  readonly serviceTags?: World["serviceTags"];
  readonly everybody: readonly string[];
  readonly fromSubnet: readonly string[];
}

const endpoint: NetworkParts = { subnets: [{ endpoints: ["Microsoft.Storage"] }] };
const admitted = "reaches subnet a/s0 10.0.0.0/24: a network rule admits the subnet";
const asEverybody = "reaches subnet a/s0 10.0.0.0/24: the service admits everybody";
const toApps: NetworkParts = { subnets: [{ endpoints: ["Microsoft.Web"] }] };
const denied = aGroup([{ direction: "Outbound", access: "Deny" }]);
const unnamed = "reaches subnet a/s0 10.0.0.0/24: the service admits the subnet without a network rule for it";
const ofOwnRegion = "no rule for addresses matches callers in the region of the service, who come with private ones";
const header = { "x-azure-fdid": ["11111111-0000-4000-8000-000000000001"] };

function ruleInState(state: string, defaultAction: string): readonly Body[] {
  return [aStorageAccount({ defaultAction, virtualNetworkRules: [{ id: subnetId(), action: "Allow", state }] })];
}

const rows: readonly Row[] = [
  {
    when: "the network rule is broken, and nothing else lets the subnet in",
    network: endpoint,
    service: ruleInState("Failed", "Deny"),
    everybody: ["blocked subnet a/s0: the network rule is broken"],
    fromSubnet: ["blocked subnet a/s0: the network rule is broken"],
  },
  {
    when: "the network rule is broken, and the service admits everybody over the same endpoint",
    network: endpoint,
    service: ruleInState("Failed", "Allow"),
    everybody: ["reaches internet anybody: the firewall admits the address", asEverybody],
    fromSubnet: [asEverybody],
  },
  {
    when: "the network rule is being set up, and the service admits everybody over the same endpoint",
    network: endpoint,
    service: ruleInState("Provisioning", "Allow"),
    everybody: ["reaches internet anybody: the firewall admits the address", asEverybody],
    fromSubnet: [asEverybody],
  },
  {
    when: "two rules of an app name the subnet, one for each of its sites",
    network: toApps,
    service: anApp({
      ipSecurityRestrictions: [{ vnetSubnetResourceId: subnetId(), action: "Allow", priority: 100, name: "app" }],
      scmIpSecurityRestrictions: [{ vnetSubnetResourceId: subnetId(), action: "Allow", priority: 100, name: "scm" }],
    }),
    everybody: [admitted],
    fromSubnet: [admitted],
  },
  {
    when: "everybody may get in with a header, and the address of the NAT gateway does without",
    network: { subnets: [{ natGateway: "nat" }] },
    service: anApp({
      ipSecurityRestrictions: [
        { ipAddress: "20.50.1.4/32", action: "Allow", priority: 100, name: "nat" },
        { ipAddress: "0.0.0.0/0", action: "Allow", priority: 200, name: "front-door", headers: header },
      ],
    }),
    others: aNatGateway(["20.50.1.4"]),
    everybody: [
      "reaches internet anybody: the access list of the main site admits the address",
      "reaches internet anybody: the access list of the SCM site admits the address",
      "reaches internet a/s0 10.0.0.0/24: the access list of the main site admits the address",
    ],
    fromSubnet: ["reaches internet a/s0 10.0.0.0/24: the access list of the main site admits the address"],
  },
  {
    when: "routes lead to an appliance, and a group lets nobody out",
    network: { subnets: [{ nsg: "nsg", routeTable: "rt" }] },
    service: [aVault({ ipRules: [{ value: "20.50.1.4" }] })],
    others: [denied, aRouteTable([["0.0.0.0/0", "VirtualAppliance"]])],
    everybody: ["reaches internet anybody: the firewall admits the address"],
    fromSubnet: ["blocked internet a/s0: leaves the subnet: `rule-0` (priority 100) of `nsg` denies it"],
  },
  {
    when: "a route may come before the endpoint of a subnet with a network rule, and a group lets nobody out",
    network: { subnets: [{ nsg: "nsg", routeTable: "rt", endpoints: ["Microsoft.Storage"] }] },
    service: ruleInState("Succeeded", "Deny"),
    others: [denied, aRouteTable([["52.0.0.0/8", "VirtualAppliance"]])],
    everybody: ["blocked subnet a/s0: leaves the subnet: `rule-0` (priority 100) of `nsg` denies it"],
    fromSubnet: ["blocked subnet a/s0: leaves the subnet: `rule-0` (priority 100) of `nsg` denies it"],
  },
  {
    when: "an app denies a service tag and allows the rest, so that whoever comes over a service endpoint gets in",
    network: toApps,
    service: anApp({
      ipSecurityRestrictions: [
        { ipAddress: "AzureFrontDoor.Backend", tag: "ServiceTag", action: "Deny", priority: 100 },
      ],
      ipSecurityRestrictionsDefaultAction: "Allow",
      scmIpSecurityRestrictionsUseMain: true,
    }),
    serviceTags: [
      { name: "AzureFrontDoor.Backend", properties: { addressPrefixes: ["13.73.248.16/29", "2a01:111:2050::/44"] } },
    ],
    everybody: ["reaches internet anybody: the access list of the main site admits the address", unnamed],
    fromSubnet: [unnamed],
  },
  {
    when: "it denies the subnet as well",
    network: toApps,
    service: anApp({
      ipSecurityRestrictions: [
        { ipAddress: "AzureFrontDoor.Backend", tag: "ServiceTag", action: "Deny", priority: 100 },
        { vnetSubnetResourceId: subnetId(), action: "Deny", priority: 200, name: "shut" },
      ],
      ipSecurityRestrictionsDefaultAction: "Allow",
      scmIpSecurityRestrictionsUseMain: true,
    }),
    serviceTags: [
      { name: "AzureFrontDoor.Backend", properties: { addressPrefixes: ["13.73.248.16/29", "2a01:111:2050::/44"] } },
    ],
    everybody: ["reaches internet anybody: the access list of the main site admits the address"],
    fromSubnet: [
      "blocked subnet a/s0: nothing admits the subnet, whose address is a private one over the service endpoint",
    ],
  },
  {
    when: "an app admits every subnet with a service endpoint, of whatever tenant",
    network: toApps,
    service: anApp({
      ipSecurityRestrictions: [{ ipAddress: "AnyVnets", action: "Allow", priority: 100 }],
      scmIpSecurityRestrictionsUseMain: true,
    }),
    everybody: [
      "reaches azure anybody: a rule admits every subnet with a service endpoint, of whatever tenant",
      unnamed,
    ],
    fromSubnet: [unnamed],
  },
  {
    when: "a server admits every workload in Azure, which may be for callers over a service endpoint as well",
    network: { subnets: [{ endpoints: ["Microsoft.Sql"] }] },
    service: aSqlServer({ ranges: [["0.0.0.0", "0.0.0.0"]] }),
    everybody: [
      "reaches azure anybody: a rule admits every workload in Azure, of whatever tenant",
      `unknown${unnamed.slice("reaches".length).replace("admits", "may admit")}`,
    ],
    fromSubnet: [`unknown${unnamed.slice("reaches".length).replace("admits", "may admit")}`],
  },
  {
    when: "a server admits every workload in Azure, of which the subnet behind a NAT gateway is one",
    network: { subnets: [{ natGateway: "nat" }] },
    service: aSqlServer({ ranges: [["0.0.0.0", "0.0.0.0"]] }),
    others: aNatGateway(["20.50.1.4"]),
    serviceTags: [{ name: "AzureCloud", properties: { addressPrefixes: ["20.0.0.0/8"] } }],
    everybody: [
      "reaches azure anybody: a rule admits every workload in Azure, of whatever tenant",
      "reaches internet a/s0 10.0.0.0/24: a rule admits every workload in Azure, of whatever tenant",
    ],
    fromSubnet: ["reaches internet a/s0 10.0.0.0/24: a rule admits every workload in Azure, of whatever tenant"],
  },
  {
    when: "a storage account admits the address of a NAT gateway in its own region, which no list of service tags tells of",
    network: { subnets: [{ natGateway: "nat" }] },
    service: [aStorageAccount({ defaultAction: "Deny", ipRules: [{ value: "20.50.1.0/29", action: "Allow" }] })],
    others: aNatGateway(["20.50.1.0/29"]),
    everybody: [
      "blocked internet anybody: no rule matches the address, which is one of Azure in the region of the service",
    ],
    fromSubnet: [`blocked internet a/s0: ${ofOwnRegion}`],
  },
  {
    when: "it admits more than the addresses of the NAT gateway in its own region",
    network: { subnets: [{ natGateway: "nat" }] },
    service: [aStorageAccount({ defaultAction: "Deny", ipRules: [{ value: "20.50.1.4/31", action: "Allow" }] })],
    others: aNatGateway(["20.50.1.4"]),
    everybody: ["reaches internet anybody: the firewall admits the address"],
    fromSubnet: [`blocked internet a/s0: ${ofOwnRegion}`],
  },
  {
    when: "a storage account admits the address of a NAT gateway in another region",
    network: { location: "northeurope", subnets: [{ natGateway: "nat" }] },
    service: [aStorageAccount({ defaultAction: "Deny", ipRules: [{ value: "20.50.1.4", action: "Allow" }] })],
    others: aNatGateway(["20.50.1.4"], "nat", "northeurope"),
    everybody: [
      "reaches internet anybody: the firewall admits the address",
      "reaches internet a/s0 10.0.0.0/24: the firewall admits the address",
    ],
    fromSubnet: ["reaches internet a/s0 10.0.0.0/24: the firewall admits the address"],
  },
  {
    when: "a vault admits the address of a NAT gateway in its own region",
    network: { subnets: [{ natGateway: "nat" }] },
    service: [aVault({ ipRules: [{ value: "20.50.1.4" }] })],
    others: aNatGateway(["20.50.1.4"]),
    everybody: [
      "reaches internet anybody: the firewall admits the address",
      "reaches internet a/s0 10.0.0.0/24: the firewall admits the address",
    ],
    fromSubnet: ["reaches internet a/s0 10.0.0.0/24: the firewall admits the address"],
  },
];

describe("asked of everybody and of one subnet", () => {
  test.each(rows)("$when", ({ network, service, others = [], serviceTags = [], everybody, fromSubnet }) => {
    const resources = [aNetwork(network), ...service, ...others];
    const snapshot = snapshotOf(closedWorld({ resources, serviceTags }));
    const found = [storageId, vaultId, appId, sqlId]
      .map((id) => serviceIn(snapshot, id))
      .find((one) => one !== undefined);
    if (found === undefined) throw new Error("the test gives no service");
    expect(serviceReach(found, Policy.default, snapshot).ways.map(textOf)).toEqual(everybody);
    expect(reachFromSubnet(found, subnetIn(snapshot, subnetId()), snapshot).ways.map(textOf)).toEqual(fromSubnet);
  });

  test("the address of a NAT gateway in the region of a storage account gets in nowhere, and what says so is told", () => {
    const service = aStorageAccount({ defaultAction: "Deny", ipRules: [{ value: "20.50.1.4", action: "Allow" }] });
    const resources = [aNetwork({ subnets: [{ natGateway: "nat" }] }), service, ...aNatGateway(["20.50.1.4"])];
    const snapshot = snapshotOf(closedWorld({ resources, serviceTags: [] }));
    const found = serviceIn(snapshot, storageId);
    const address = parseAddresses("20.50.1.4");
    if (found === undefined || address === undefined) throw new Error("the test gives no service");
    const [way, ...others] = reachFromAddress(found, address, snapshot).ways;
    expect(others).toEqual([]);
    expect(way?.may.isEmpty).toBe(true);
    const last = way?.witness?.steps.at(-1);
    expect(last?.says).toBe("no rule matches the address, which is one of Azure in the region of the service");
    expect(last?.evidence.map(({ resource, pointer }) => `${resource.name} ${pointer}`)).toEqual([
      "st /location",
      "nat-0 /location",
      "nat-0 /properties/ipAddress",
    ]);
  });

  const settings = fc.record({
    isSftpEnabled: fc.boolean(),
    isNfsV3Enabled: fc.boolean(),
    supportsHttpsTrafficOnly: fc.boolean(),
  });

  test.each([
    {
      worlds: "worlds with a gateway",
      worldOf: gatewayWorld,
      numRuns,
      kinds: ["reaches subnet", "unknown subnet, which no rule names", "reaches over a gateway"],
    },
    { worlds: "worlds with an Azure Firewall", worldOf: firewallWorld, numRuns: 60, kinds: [] },
  ])("property: the answers agree, address by address, and each story ends as its way does, in $worlds", {
    timeout: 1_000 * numRuns,
  }, ({ worldOf, numRuns, kinds: others }) => {
    const seen = new Map<string, number>();
    const see = (what: string) => seen.set(what, (seen.get(what) ?? 0) + 1);
    fc.assert(
      fc.property(worldOf(), settings, fc.boolean(), (world, ports, isListed) => {
        const resources = world.resources.map((body) => withPorts(body, ports));
        const serviceTags = isListed ? world.serviceTags : [];
        const snapshot = snapshotOf(closedWorld({ resources, serviceTags }));
        const services = [...serviceAddresses.keys()].flatMap((id) => serviceIn(snapshot, id) ?? []);
        for (const service of services) {
          const { ways: all, boundary } = serviceReach(service, Policy.default, snapshot);
          expectToldTruly(all);
          for (const way of all) if (way.isUnnamed === true) see(`${outcomeOf(way)} subnet, which no rule names`);
          for (const subnet of snapshot.ofKind("subnet")) {
            const { ways } = reachFromSubnet(service, subnet, snapshot);
            expectToldTruly(ways);
            const listed = all.filter(({ from }) => from instanceof ResourceId && from.key === subnet.id.key);
            for (const way of listed) {
              see(`${outcomeOf(way)} ${way.kind}`);
              expectWithin(way, ways);
            }
            for (const way of ways.filter(({ kind }) => kind === "subnet" && !boundary.everybody.may)) {
              const like = IpSet.union(listed.filter(isLike(way)).map(({ may }) => may));
              expect(way.may.minus(like).toPrefixes(), textOf(way)).toEqual([]);
            }
            for (const way of ways.filter((one) => !one.must.isEmpty && isNamed(one, boundary))) {
              expect(certainOf(way, listed).toPrefixes(), textOf(way)).toEqual(way.must.toPrefixes());
            }
            const [first] = subnet.addressPrefixes.kind === "known" ? subnet.addressPrefixes.value : [];
            const one = first?.at(5);
            if (one === undefined) continue;
            const some = reachFromSubnet(service, subnet, snapshot, one).ways;
            expectToldTruly(some);
            for (const kind of ["subnet", "internet", "privateEndpoint"] as const) {
              expect(ofKind(kind, some)).toEqual(ofKind(kind, ways, one));
            }
          }
          for (const way of all.filter(isOverGateway)) {
            see(`${outcomeOf(way)} over a gateway`);
            const one = (way.must.isEmpty ? way.may : way.must).at(0);
            if (one === undefined) continue;
            const { ways } = reachFromElsewhere(service, one, snapshot);
            expectToldTruly(ways);
            expect(ofKind("privateEndpoint", ways.filter(isLike(way)))).toEqual(ofKind("privateEndpoint", [way], one));
          }
        }
      }),
      { numRuns },
    );
    const kinds = ["reaches internet", "reaches privateEndpoint", ...others];
    for (const kind of kinds) expect(seen.get(kind) ?? 0, kind).toBeGreaterThan(0);
  });
});

function withPorts(body: Body, ports: object): Body {
  if (!same(body.type, "Microsoft.Storage/storageAccounts")) return body;
  return { ...body, properties: { ...Object(body.properties), ...ports } };
}

function expectToldTruly(ways: readonly Way[]): void {
  for (const way of ways) {
    const { must, may, because, witness } = way;
    if (witness !== undefined) expect(witness.outcome, textOf(way)).toBe(outcomeOf(way));
    if (witness?.outcome === "unknown") expect(witness.because, textOf(way)).not.toEqual([]);
    expect(must.isSubsetOf(may), textOf(way)).toBe(true);
    expect(because.length > 0, textOf(way)).toBe(!must.equals(may));
    expect(new Set(because).size, because.join("; ")).toBe(because.length);
    const alike = ways.filter((other) => other !== way && other.part === way.part && isLike(way)(other));
    for (const other of alike) {
      expect(other.must.overlaps(may), `${textOf(way)}, and ${textOf(other)}`).toBe(false);
      if (may.isEmpty && witness !== undefined) expect(other.must.overlaps(witness.set), textOf(other)).toBe(false);
    }
  }
}

function isLike({ kind, from, by }: Way): (other: Way) => boolean {
  const keyOf = (id: Way["from"]) => (id instanceof ResourceId ? id.key : id);
  return (other) => other.kind === kind && keyOf(other.from) === keyOf(from) && other.by?.key === by?.key;
}

function expectWithin(way: Way, ways: readonly Way[]): void {
  const like = ways.filter(isLike(way));
  expect(way.must.isSubsetOf(IpSet.union(like.map(({ must }) => must))), textOf(way)).toBe(true);
  expect(way.may.isSubsetOf(IpSet.union(like.map(({ may }) => may))), textOf(way)).toBe(true);
}

function certainOf(way: Way, ways: readonly Way[]): IpSet {
  return IpSet.union(ways.filter(isLike(way)).map(({ must }) => must)).intersect(way.must);
}

/** Where everybody gets in that is said of the internet; with an address of Azure's choice nobody is named. */
function isNamed({ kind, as }: Way, { everybody }: Boundary): boolean {
  if (kind === "privateEndpoint" || everybody.must) return kind === "privateEndpoint";
  return kind === "subnet" || as !== undefined;
}

function ofKind(wanted: Way["kind"], ways: readonly Way[], asked = IpSet.all) {
  const some = ways.filter(({ kind }) => kind === wanted);
  return (["must", "may"] as const).map((part) =>
    IpSet.union(some.map((way) => way[part]))
      .intersect(asked)
      .toPrefixes(),
  );
}

function isOverGateway({ from }: Way): boolean {
  return from instanceof ResourceId && from.type === "microsoft.network/virtualnetworkgateways";
}
