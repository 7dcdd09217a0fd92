import { describe, expect, test } from "vitest";
import { networkRuleBroken } from "../../lib/rules/network-rule-broken.ts";
import {
  aConnection,
  aGroup,
  aNetwork,
  aPrivateEndpoint,
  aRouteTable,
  aSqlServer,
  aStorageAccount,
  aVault,
  aZone,
  idOf,
  sqlId,
  storageId,
  subnetId,
  vaultId,
} from "../oracle/bodies.ts";
import { aCircuit, aPublicAddress, type Body, circuitId, type Given } from "../support/builders.ts";
import { anAzure, differencesIn, eventOf, one, two, Watch } from "../support/change-stream.ts";
import type { ChangingAzure, Told } from "../support/changing-azure.ts";
import { aGateway, aSite, aVpnConnection, gatewaySubnet } from "../support/gateways.ts";
import { Killed, killer } from "../support/killing.ts";
import { aCache, aFlexibleServer, cacheId, type FlexibleServerParts, postgresqlId } from "../support/more-services.ts";

const zone = "privatelink.blob.core.windows.net";
const [nsg, otherNsg, rt] = ["nsg", "nsg-2", "rt"];
const open = { defaultAction: "Allow" };

interface Parts {
  readonly nsg?: string;
  readonly isSubnetThere?: boolean;
  readonly isPeered?: boolean;
}

function networks(parts: Parts = {}): readonly Body[] {
  const { nsg: group = nsg, isSubnetThere = true, isPeered = true } = parts;
  const admitted = { name: "s0", nsg: group, routeTable: rt, endpoints: ["Microsoft.Storage"] };
  const subnets = [{ name: "s1", prefixes: ["10.0.1.0/24"], routeTable: rt }, ...(isSubnetThere ? [admitted] : [])];
  const peerings = isPeered ? [{ with: "b", ranges: ["10.1.0.0/16"] }] : [];
  return [aNetwork({ name: "a", subnets, peerings }), networkB()].map(asBody);
}

function networkB(endpoints: readonly string[] = []): Body {
  const subnets = [{ prefixes: ["10.1.0.0/24"], endpoints }];
  return asBody(
    aNetwork({ name: "b", ranges: ["10.1.0.0/16"], subnets, peerings: [{ with: "a", ranges: ["10.0.0.0/16"] }] }),
  );
}

function account(status = "Approved", acls: object = {}): Body {
  const virtualNetworkRules = [{ id: subnetId("a", "s0"), action: "Allow", state: "Succeeded" }];
  const privateEndpointConnections = [aConnection(storageId, "pe", status)];
  return asBody(aStorageAccount({ virtualNetworkRules, ...acls }, { privateEndpointConnections }));
}

function estate(status = "Approved"): readonly Body[] {
  return [
    ...networks(),
    // the second rule is shadowed by the first: a finding, which names the services behind the group
    aGroup([{}, {}], "nsg"),
    aGroup([{}, {}], "nsg-2"),
    aRouteTable([["0.0.0.0/0", "VirtualAppliance"]]),
    account(status),
    ...aPrivateEndpoint({ status }),
    ...aZone(zone, "st", ["10.0.1.4"], ["a", "b"]),
    { ...aCircuit(), id: circuitId },
    ...aSqlServer({
      subnets: [[subnetId("a", "s1"), "Ready"]],
      ranges: [
        ["203.0.113.0", "203.0.113.9"],
        ["198.51.100.7", "198.51.100.7"],
      ],
    }),
  ].map(asBody);
}

/** In the other subscription, and in the region of the account. */
function publicAddress(ipAddress: string): Body {
  const id = `/subscriptions/${two}/resourceGroups/rg/providers/Microsoft.Network/publicIPAddresses/pip-far`;
  return { ...aPublicAddress("Standard", id), properties: { ipAddress } };
}

function admittingAddress(): readonly Body[] {
  const ipRules = [{ value: "20.50.1.4", action: "Allow" }];
  return [...estate().filter(({ id }) => id !== storageId), account("Approved", { ipRules })];
}

/** The second network has a VPN gateway, which leads to a site. */
function gatewayed(prefixes: readonly string[] = ["10.70.0.0/16"]): readonly Body[] {
  const subnets = [{ prefixes: ["10.1.0.0/24"] }, gatewaySubnet("10.1.255.0/27")];
  const peerings = [{ with: "a", ranges: ["10.0.0.0/16"] }];
  const network = asBody(aNetwork({ name: "b", ranges: ["10.1.0.0/16"], subnets, peerings }));
  const gateway = aGateway({ inside: network.id });
  return [...estate().filter(({ id }) => id !== network.id), network, gateway, aSite(prefixes), aVpnConnection()];
}

function asBody(body: object & { readonly id: string }): Body {
  return { ...body };
}

function flexibleServer(parts: FlexibleServerParts = {}): readonly Body[] {
  return [aFlexibleServer(postgresqlId, { ...parts, isListRead: false })].flat(3).filter(isBody);
}

function cacheForOne(): readonly Body[] {
  return [aCache({ firewallRules: [["203.0.113.7", "203.0.113.7"]], isListRead: false })].flat(3).filter(isBody);
}

function isBody(given: Given): given is Body {
  return "id" in given && "type" in given;
}

/** A cordon at rest, and what happens in it once something changes. */
async function atRest(azure: ChangingAzure) {
  const asked: object[] = [];
  const watch = new Watch(azure, (message) => asked.push(message));
  const settle = async () => {
    for (let message = asked.shift(); message !== undefined; message = asked.shift()) await watch.handle(message, true);
  };
  await watch.auditAll();
  await settle();
  const follow = async (told: readonly Told[]) => {
    for (const one of told) await watch.handle(eventOf(one, watch.now()), true);
    await settle();
  };
  return { watch, follow };
}

interface Case {
  readonly when: string;
  readonly given?: readonly Body[];
  readonly change: (azure: ChangingAzure) => readonly Told[];
  /** Who is evaluated again, by the ends of their ids. */
  readonly evaluated: readonly string[];
  /** Which findings come (+) and go (-), by rule and the end of their subject's id. */
  readonly findings: readonly string[];
}

const cases: readonly Case[] = [
  {
    when: "an address that an account lists turns out to be of its own region, in another subscription",
    given: [...admittingAddress(), publicAddress("20.60.1.4")],
    change: (azure) => azure.put(publicAddress("20.50.1.4")),
    evaluated: ["st"],
    findings: ["+NI105 st", "-NI104 st"],
  },
  {
    when: "an address of the region goes that an account lists",
    given: [...admittingAddress(), publicAddress("20.50.1.4")],
    change: (azure) => azure.remove(publicAddress("20.50.1.4").id),
    evaluated: ["st"],
    findings: ["+NI104 st", "-NI105 st"],
  },
  {
    when: "another address of the region changes than those that accounts list",
    given: [...admittingAddress(), publicAddress("20.60.1.4")],
    change: (azure) => azure.put(publicAddress("20.60.1.5")),
    evaluated: [],
    findings: [],
  },
  {
    when: "a service is made",
    change: (azure) => azure.put(asBody(aVault(open))),
    evaluated: ["kv"],
    findings: ["+NI101 kv", "+NI702 kv"],
  },
  {
    when: "a service is deleted",
    change: (azure) => azure.remove(storageId),
    evaluated: ["a/s0", "nsg", "pe", "st"],
    findings: ["+NI204 a/s0", "+NI308 pe", "-NI306 pe", "-NI501 st"],
  },
  {
    when: "a subnet vanishes from the body of its network",
    change: (azure) => azure.put(...networks({ isSubnetThere: false }).slice(0, 1)),
    evaluated: ["a", "a/s0", "nsg", "st"],
    findings: ["+NI203 st", "-NI206 a/s0", "-NI602 a/s0"],
  },
  {
    when: "a SQL server is deleted, and with it the rule that admits a subnet",
    change: (azure) => azure.remove(sqlId),
    evaluated: ["a/s1", "sql"],
    findings: ["-NI104 sql", "-NI202 sql", "-NI301 sql", "-NI501 sql"],
  },
  {
    when: "a circuit, on which sites rest, goes",
    change: (azure) => azure.remove(circuitId),
    evaluated: ["erc"],
    findings: ["+NI502 site:plant"],
  },
  {
    when: "a firewall rule of a SQL server is deleted",
    change: (azure) => azure.remove(`${sqlId}/firewallRules/rule-0`),
    evaluated: ["sql"],
    findings: ["+NI501 sql"],
  },
  {
    when: "a firewall rule of a PostgreSQL server is made",
    given: [...estate(), ...flexibleServer()],
    change: (azure) => azure.put(...flexibleServer({ firewallRules: [["0.0.0.0", "255.255.255.255"]] }).slice(1)),
    evaluated: ["psql-erp"],
    findings: ["+NI101 psql-erp", "-NI501 psql-erp"],
  },
  {
    when: "the last firewall rule of a Redis cache is deleted, which turns its firewall off",
    given: [...estate(), ...cacheForOne()],
    change: (azure) => azure.remove(`${cacheId}/firewallRules/rule_0`),
    evaluated: ["redis-erp"],
    findings: ["+NI101 redis-erp", "-NI501 redis-erp"],
  },
  {
    when: "a PostgreSQL server moves out of its subnet, and gets a public endpoint",
    given: [...estate(), ...flexibleServer({ network: { delegatedSubnetResourceId: subnetId("a", "s1") } })],
    change: (azure) => azure.put(...flexibleServer({ firewallRules: [["0.0.0.0", "0.0.0.0"]] })),
    evaluated: ["a/s1", "psql-erp"],
    findings: ["+NI103 psql-erp", "+NI501 psql-erp", "-NI401 a/s1", "-NI404 a/s1"],
  },
  {
    when: "a subnet moves to another security group",
    change: (azure) => azure.put(...networks({ nsg: otherNsg }).slice(0, 1)),
    evaluated: ["a", "a/s0", "nsg", "nsg-2", "st"],
    findings: [],
  },
  {
    when: "a private endpoint is approved, and the service, which says so too, has no event",
    given: estate("Pending"),
    change: (azure) => {
      const [endpoint] = aPrivateEndpoint();
      azure.put(account());
      return endpoint === undefined ? [] : azure.put(asBody(endpoint));
    },
    // the service was read on the way, and not by its event: whoever lists those that name what it names is asked, too
    evaluated: ["a/s0", "a/s1", "nsg", "pe", "st"],
    findings: ["+NI306 pe", "-NI301 st", "-NI302 st"],
  },
  {
    when: "a link of a private DNS zone is deleted",
    change: (azure) => azure.remove(`${idOf("privateDnsZones", zone)}/virtualNetworkLinks/a`),
    evaluated: ["pe"],
    findings: ["+NI305 pe"],
  },
  {
    when: "a peering is removed",
    change: (azure) => azure.put(...networks({ isPeered: false }).slice(0, 1)),
    // the first subnet lets the internet in, of which the ranges of peers are no part; the endpoint asks where DNS servers are
    evaluated: ["a", "a/s0", "a/s1", "pe", "st"],
    findings: [],
  },
  {
    when: "a site behind a gateway gets other prefixes",
    given: gatewayed(),
    change: (azure) => azure.put(aSite(["0.0.0.0/1", "128.0.0.0/1"])),
    evaluated: ["b/s0"],
    findings: ["-NI607 b/s0"],
  },
  {
    when: "a gateway gets a second connection",
    given: gatewayed(),
    change: (azure) => azure.put(aVpnConnection({ enableBgp: true }, "cn-faro")),
    evaluated: ["b/s0"],
    findings: [],
  },
  {
    when: "the connection of a gateway is deleted",
    given: gatewayed(["0.0.0.0/1", "128.0.0.0/1"]),
    change: (azure) => azure.remove(aVpnConnection().id),
    evaluated: ["b/s0"],
    findings: ["+NI607 b/s0"],
  },
  {
    when: "a route goes to another next hop",
    change: (azure) => azure.put(asBody(aRouteTable([["0.0.0.0/0", "Internet"]]))),
    evaluated: ["a/s0", "a/s1", "st"],
    findings: ["+NI607 a/s0", "+NI607 a/s1"],
  },
];

describe("a change audit", () => {
  test.each(
    cases,
  )("finds what an audit of everything finds, and looks at no more than it must, when $when", async (given) => {
    const azure = anAzure(...(given.given ?? estate()));
    const { watch, follow } = await atRest(azure);
    expect(await differencesIn(watch)).toEqual([]);
    const ids = subjectIds(azure);
    const [before, found] = [await watch.tickets(ids), await watch.open()];
    await follow(given.change(azure));
    expect(await differencesIn(watch)).toEqual([]);
    const all = [...new Set([...ids, ...subjectIds(azure)])];
    const after = await watch.tickets(all);
    const evaluated = all.filter((id) => (after.get(id) ?? 0) > (before.get(id) ?? 0));
    const now = await watch.open();
    const findings = [
      ...[...now.keys()].filter((id) => !found.has(id)).map((id) => `+${shortOf(id)}`),
      ...[...found.keys()].filter((id) => !now.has(id)).map((id) => `-${shortOf(id)}`),
    ];
    expect({ evaluated: evaluated.map(nameOf).sort(), findings: findings.sort() }).toEqual({
      evaluated: [...given.evaluated].sort(),
      findings: [...given.findings].sort(),
    });
  });
});

test("a change that rules do not see costs one request, and nobody is evaluated", async () => {
  const azure = anAzure(...estate());
  const { watch, follow } = await atRest(azure);
  const ids = subjectIds(azure);
  const before = await watch.tickets(ids);
  azure.asked.length = 0;
  await follow(azure.put({ ...account(), etag: "2" }));
  expect(azure.asked).toEqual([`resource ${storageId.toLowerCase()}`]);
  expect(await watch.tickets(ids)).toEqual(before);
});

test("whoever comes to rest on something else is evaluated when that changes, and read twice only then", async () => {
  const azure = anAzure(...estate());
  const { watch, follow } = await atRest(azure);
  const other = subnetId("b", "s0");
  const admitting = account("Approved", { virtualNetworkRules: [{ id: other, action: "Allow", state: "Succeeded" }] });
  await follow(azure.put(admitting));
  expect(await differencesIn(watch)).toEqual([]);
  for (const endpoints of [["Microsoft.Storage"], ["Microsoft.Sql"], ["Microsoft.Storage"]]) {
    const before = await watch.tickets([storageId]);
    await follow(azure.put(networkB(endpoints)));
    expect(await watch.tickets([storageId])).not.toEqual(before);
    expect(await differencesIn(watch)).toEqual([]);
  }
  const virtualNetworkRules = [{ id: other, action: "Allow", state: "Succeeded" }];
  for (const bypass of ["Logging", "Metrics", "Logging, Metrics"]) {
    azure.asked.length = 0;
    await follow(azure.put(account("Approved", { virtualNetworkRules, bypass })));
    expect(azure.asked.filter((one) => one === `resource ${storageId.toLowerCase()}`)).toHaveLength(1);
  }
});

test("a lost right to read a service resolves none of its findings, and a right that comes back brings them back", async () => {
  const azure = anAzure(...estate(), asBody(aVault(open)));
  const { watch, follow } = await atRest(azure);
  const before = await watch.open();
  azure.refused.add(vaultId.toLowerCase());
  await follow([{ id: vaultId, kind: "Write" }]);
  const own = (ids: Awaited<ReturnType<typeof watch.open>>) => {
    return [...ids].flatMap(([id, { finding }]) =>
      nameOf(finding.resource) === "kv" ? [`${id} ${finding.status}`] : [],
    );
  };
  const turned = own(before).map((one) => one.replace(/ fail$/, " undetermined"));
  expect(own(await watch.open())).toEqual(turned);
  expect(turned).not.toEqual([]);
  azure.refused.clear();
  await follow([{ id: vaultId, kind: "Write" }]);
  expect(own(await watch.open())).toEqual(own(before));
});

test("while an audit of everything is half done, whoever is evaluated is linked anew", async () => {
  const azure = anAzure(...estate());
  const { watch, follow } = await atRest(azure);
  const { store, index } = watch.app(async (effect) => await effect());
  const ticket = await store.takeTicket(one, "whole");
  await index.links.replace(one, { askers: new Map(), namers: new Map() }, ticket);
  await follow(azure.put(account("Approved", { bypass: "Logging" })));
  await follow(azure.put(...networks({ isSubnetThere: false }).slice(0, 1)));
  const service = [...(await watch.open()).keys()].filter((id) => nameOf(id) === "st" && id.startsWith("NI203"));
  expect(service).toHaveLength(1);
});

test("while an audit of everything is half done, whatever changes is known again to name what it named before", async () => {
  const azure = anAzure(...estate());
  const { watch, follow } = await atRest(azure);
  const { store, index } = watch.app(async (effect) => await effect());
  const namers = async () => [...(await index.links.namers(subnetId("a", "s0").toLowerCase())).values()];
  const ticket = await store.takeTicket(one, "whole");
  await index.links.replace(one, { askers: new Map(), namers: new Map() }, ticket);
  expect(await namers()).toEqual([]);
  await follow(azure.put(account("Approved", { bypass: "Logging" })));
  expect(await namers()).toContainEqual(new Set([storageId]));
});

describe("others who asked whether there is more of a type", () => {
  const type = "microsoft.network/networksecurityperimeters/resourceassociations";

  async function audited() {
    const asked: object[] = [];
    const watch = new Watch(anAzure(...estate()), (message) => asked.push(message));
    await watch.auditAll();
    const told = () => asked.splice(0).flatMap((message) => Object(message).subjects as string[]);
    told();
    return { watch, told, ...watch.app(async (effect) => await effect()) };
  }

  test("are told when that comes to be known, whoever is killed meanwhile, and once", async () => {
    for (const when of ["before", "after"] as const) {
      for (let at = 1, isOver = false; !isOver; at += 1) {
        const { watch, told, index } = await audited();
        const lists = new Map((await index.lists.all()).get(two));
        const refused = { kind: "unreadable", why: "refused", because: "403" } as const;
        await index.lists.put(two, lists.set(type, refused), () => new Set());
        const { step, hasKilled } = killer(at, when);
        const runId = watch.newRun();
        await watch.audit(two, step, runId).catch((error: unknown) => {
          if (!(error instanceof Killed)) throw error;
        });
        isOver = !hasKilled();
        if (!isOver) await watch.audit(two, undefined, runId);
        expect(told(), `killed ${when} step ${at}`).toContain(storageId);
        await watch.audit(two);
        expect(told()).toEqual([]);
      }
    }
  });

  test("are not told where an audit fails that found nothing new, and comes again", async () => {
    for (let at = 1, isOver = false; !isOver; at += 1) {
      const { watch, told } = await audited();
      const { step, hasKilled } = killer(at, "before");
      const runId = watch.newRun();
      await watch.audit(two, step, runId).catch(() => undefined);
      isOver = !hasKilled();
      await watch.audit(two, undefined, runId);
      expect(told(), `failed at step ${at}`).toEqual([]);
    }
  });
});

test("what was in a service that was deleted and made anew is gone, though no event says so", async () => {
  const azure = anAzure(...estate());
  const { watch, follow } = await atRest(azure);
  const server = azure.bodies.get(sqlId.toLowerCase());
  const told = [...azure.remove(sqlId), ...azure.put(...(server === undefined ? [] : [server]))];
  expect(told.map(({ kind }) => kind)).toEqual(["Delete", "Write"]);
  await follow(told.toReversed());
  expect(await differencesIn(watch)).toEqual([]);
});

test("a network that 5,000 services rest on is left to messages of bounded size", async () => {
  const rest = Array.from({ length: 5_000 }, (_, index) => hubService(`st${index}`));
  const azure = anAzure(...networks(), ...rest);
  const asked: object[] = [];
  const watch = new Watch(azure, (message) => asked.push(message), [networkRuleBroken]);
  await watch.auditAll();
  asked.length = 0;
  for (const one of azure.put(...networks({ isSubnetThere: false }).slice(0, 1))) {
    await watch.handle(eventOf(one, watch.now()), false);
  }
  const subjects = asked.flatMap((message) => Object(message).subjects as string[]);
  expect(new Set(subjects).size).toBe(5_000);
  expect(subjects).toHaveLength(5_000);
  expect(Math.max(...asked.map((message) => JSON.stringify(message).length))).toBeLessThan(48 * 1024);
  expect([...(await watch.open()).values()].length).toBe(0);
  for (const message of asked.slice(0, 2)) await watch.handle(message, false);
  const open = [...(await watch.open()).keys()];
  expect(open).toHaveLength(100);
  expect(new Set(open.map((id) => id.split(":")[0]))).toEqual(new Set(["NI203"]));
}, 60_000);

test("a network that 120 services in its own subscription rest on leaves none of them out", async () => {
  const rest = Array.from({ length: 120 }, (_, index) => hubService(`st${index}`, one));
  const azure = anAzure(...networks(), ...rest);
  const asked: object[] = [];
  const watch = new Watch(azure, (message) => asked.push(message), [networkRuleBroken]);
  await watch.auditAll();
  asked.length = 0;
  for (const told of azure.put(...networks({ isSubnetThere: false }).slice(0, 1))) {
    await watch.handle(eventOf(told, watch.now()), false);
  }
  expect(asked.flatMap((message) => Object(message).subjects as string[]).length).toBeGreaterThan(0);
  for (let message = asked.shift(); message !== undefined; message = asked.shift()) await watch.handle(message, false);
  expect((await watch.open()).size).toBe(120);
  expect(await differencesIn(watch)).toEqual([]);
}, 60_000);

/** Admits a subnet of a network in the first subscription. */
function hubService(name: string, subscription = two): Body {
  const id = `/subscriptions/${subscription}/resourceGroups/rg/providers/Microsoft.Storage/storageAccounts/${name}`;
  return {
    ...account("Approved"),
    id,
    name,
    properties: { ...Object(account().properties), privateEndpointConnections: [] },
  };
}

function subjectIds(azure: ChangingAzure): readonly string[] {
  return [...azure.bodies.values()].flatMap(({ id, properties }) => {
    const { subnets = [] } = Object(properties);
    return [id, ...subnets.map((subnet: Body) => subnet.id)];
  });
}

function nameOf(id: string): string {
  return id
    .split("/")
    .slice(/\/subnets\//.test(id) ? -3 : -1)
    .filter((one) => one !== "subnets")
    .join("/")
    .toLowerCase();
}

function shortOf(finding: string): string {
  const [rule = "", rest = ""] = finding.split(/:(.*)/s);
  return `${rule} ${nameOf(rest.split("#")[0] ?? "")}`;
}
