import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Audit, audit, auditNoting } from "../lib/audit.ts";
import type { Finding } from "../lib/model/finding.ts";
import { Policy } from "../lib/model/policy.ts";
import { type Key, textOfKey } from "../lib/model/snapshot.ts";
import type { Portion, Reader, Reading } from "../lib/readers/reader.ts";
import { rules } from "../lib/rules/index.ts";
import { Session } from "../lib/session.ts";
import {
  absent,
  aNetwork,
  aSecurityGroup,
  aSqlServer,
  aStorageAccount,
  aSubnet,
  type Body,
  complete,
  type Given,
  idOf,
  networkId,
  nsgId,
  perimeterId,
  refused,
  refusedList,
  sqlId,
  storageId,
  subnetId,
  subscription,
} from "./support/builders.ts";
import { readerOf, readingsOf, today } from "./support/world.ts";

const expectations = { policy: Policy.default, rules, today };

const associationType = "Microsoft.Network/networkSecurityPerimeters/resourceAssociations";
const accessRuleType = "Microsoft.Network/networkSecurityPerimeters/profiles/accessRules";
const profileId = `${perimeterId}/profiles/erp`;
const hubSubscription = "/subscriptions/00000000-0000-4000-8000-000000000002";
const hubSubnetId = `${hubSubscription}/resourceGroups/hub/providers/Microsoft.Network/virtualNetworks/hub/subnets/snet`;
const goneSubnetId = `${networkId}/subnets/gone`;
const refusedSubnetId = `${networkId}/subnets/secret`;

/** Everything there is: what a reader brings at first, and the answer to every question that may be asked. */
interface World {
  readonly services: Given;
  readonly answers: ReadonlyMap<string, Given>;
}

function brings(given: Given): AsyncIterable<Portion> {
  return (async function* () {
    yield readingsOf(given);
  })();
}

/** Everything at once. */
function fullReader({ services, answers }: World): Reader {
  return { readAll: () => brings([services, ...answers.values()]), read: () => brings([]) };
}

/** The services, and then one resource or one list for each question. */
function stepwiseReader({ services, answers }: World): Reader & { readonly asked: readonly string[] } {
  const asked: string[] = [];
  return {
    asked,
    readAll: () => brings(services),
    read(key: Key) {
      asked.push(textOfKey(key));
      return brings(answers.get(textOfKey(key)) ?? []);
    },
  };
}

function findingsOf({ evaluations }: Audit): readonly Finding[] {
  const ofServices = evaluations.filter(({ subject }) => subject.kind === "service");
  return ofServices.flatMap(({ findings }) => findings).sort(byId);
}

function reachesOf({ evaluations }: Audit): unknown {
  const services = evaluations.filter(({ subject }) => subject.kind === "service");
  return Object.fromEntries(services.map(({ subject, reach }) => [subject.id.key, reach]));
}

function byId(a: Finding, b: Finding): number {
  return a.id < b.id ? -1 : 1;
}

function resourceKey(id: string): string {
  return textOfKey({ kind: "resource", id: idOf(id) });
}

function listKey(parent: string, type: string): string {
  return textOfKey({ kind: "list", parent: idOf(parent), type: type.toLowerCase() });
}

function everywhereKey(type: string): string {
  return textOfKey({ kind: "everywhere", type: type.toLowerCase() });
}

const admits = (subnet: string, index: number): Body => ({
  id: `${sqlId}/virtualNetworkRules/rule-${index}`,
  name: `rule-${index}`,
  type: "Microsoft.Sql/servers/virtualNetworkRules",
  properties: { virtualNetworkSubnetId: subnet, state: "Ready" },
});

const sqlServer: Body = {
  id: sqlId,
  name: "sql-erp",
  type: "Microsoft.Sql/servers",
  location: "westeurope",
  properties: { publicNetworkAccess: "Enabled", privateEndpointConnections: [] },
};

const adminRules = `${networkId}/effectiveSecurityAdminRules/current`;

/** A server whose rule admits a subnet that lacks the endpoint: three questions deep. */
const deepWorld: World = {
  services: sqlServer,
  answers: new Map<string, Given>([
    [listKey(sqlId, "Microsoft.Sql/servers/firewallRules"), complete(sqlId, "Microsoft.Sql/servers/firewallRules")],
    [
      listKey(sqlId, "Microsoft.Sql/servers/ipv6FirewallRules"),
      complete(sqlId, "Microsoft.Sql/servers/ipv6FirewallRules"),
    ],
    [
      listKey(sqlId, "Microsoft.Sql/servers/virtualNetworkRules"),
      [admits(subnetId, 0), complete(sqlId, "Microsoft.Sql/servers/virtualNetworkRules")],
    ],
    [resourceKey(subnetId), aSubnet()],
    [everywhereKey(associationType), complete(subscription, associationType)],
  ]),
};

describe("evaluate, read what was not read, evaluate again", () => {
  it("asks until nothing is missing, each question once, and finds what a reader of everything finds", async () => {
    const reader = stepwiseReader(deepWorld);
    const stepwise = await audit(reader, expectations);
    expect(findingsOf(stepwise).map(({ rule, status }) => `${rule} ${status}`)).toEqual(["NI202 fail"]);
    expect(findingsOf(stepwise)).toEqual(findingsOf(await audit(fullReader(deepWorld), expectations)));
    expect([...reader.asked].sort()).toEqual([...deepWorld.answers.keys()].sort());
    expect(reader.asked.indexOf(resourceKey(subnetId))).toBeGreaterThan(
      reader.asked.indexOf(listKey(sqlId, "Microsoft.Sql/servers/virtualNetworkRules")),
    );
  });

  it("asks rules while the reader still waits, once all is listed", async () => {
    const rule = { asked: 0 };
    const counting = rules.map((one) => ({
      ...one,
      check(given: never, policy: Policy) {
        rule.asked += 1;
        return one.check(given, policy);
      },
    }));
    const askedSoFar: number[] = [];
    const reader: Reader = {
      async *readAll() {
        yield readingsOf(aStorageAccount());
        askedSoFar.push(rule.asked);
        yield [{ kind: "listed" }];
        askedSoFar.push(rule.asked);
      },
      read: () => brings([]),
    };
    await audit(reader, { ...expectations, rules: counting });
    expect(askedSoFar[0]).toBe(0);
    expect(askedSoFar[1]).toBeGreaterThan(0);
  });

  /** What rules are asked about while the reader still waits for its only other answer, and in all. */
  async function askedAbout(given: Given) {
    const asked: unknown[] = [];
    const noting = rules.map((one) => ({
      ...one,
      check(subject: never, policy: Policy) {
        asked.push(one.on);
        return one.check(subject, policy);
      },
    }));
    const whileReading: unknown[] = [];
    const reader: Reader = {
      async *readAll() {
        yield [...readingsOf(given), { kind: "listed" }];
        whileReading.push(...asked);
      },
      read: () => brings([]),
    };
    await audit(reader, { ...expectations, rules: noting });
    return { whileReading, asked };
  }

  it("asks little between two answers", async () => {
    const groups = Array.from({ length: 30 }, (_, index) => aSecurityGroup([], `${nsgId}-${index}`));
    const { whileReading, asked } = await askedAbout(groups);
    expect(whileReading.length).toBeGreaterThan(0);
    expect(whileReading.length).toBeLessThan(asked.length / 4);
  });

  it("asks nothing about subnets before children come, on which they rest", async () => {
    const { whileReading, asked } = await askedAbout(aNetwork());
    expect(whileReading).toContain("network");
    expect(whileReading).not.toContain("subnet");
    expect(asked).toContain("subnet");
  });

  it("audits what it remembers where that came to be known only with the answer to another question", async () => {
    const noRules = [
      complete(sqlId, "Microsoft.Sql/servers/firewallRules"),
      complete(sqlId, "Microsoft.Sql/servers/ipv6FirewallRules"),
      complete(sqlId, "Microsoft.Sql/servers/virtualNetworkRules"),
    ];
    const reader: Reader = {
      readAll: () => brings(sqlServer),
      read: (key) => brings(key.kind === "list" ? [...noRules, aStorageAccount()] : []),
    };
    const remembered = () => [idOf(storageId)];
    const { evaluations } = await auditNoting(new Session(), reader, expectations, { remembered });
    expect(evaluations.map(({ subject }) => subject.id.key)).toContain(idOf(storageId).key);
    const { evaluations: others } = await auditNoting(new Session(), reader, expectations, {});
    expect(others.map(({ subject }) => subject.id.key)).not.toContain(idOf(storageId).key);
  });

  it("asks nothing of a reader that brought everything", async () => {
    const asked: string[] = [];
    const reader: Reader = {
      ...fullReader({ ...deepWorld, services: [sqlServer, aSecurityGroup(), absent(adminRules)] }),
      read(key) {
        asked.push(textOfKey(key));
        return brings([]);
      },
    };
    await audit(reader, expectations);
    expect(asked).toEqual([]);
  });

  it("asks nothing once the reader has said that there is no more", async () => {
    const reader = stepwiseReader({ ...deepWorld, services: [sqlServer, { kind: "end", because: "is out of scope" }] });
    const { evaluations } = await audit(reader, expectations);
    expect(reader.asked).toEqual([]);
    const reasons = evaluations.flatMap(({ findings }) => findings).flatMap(({ because }) => because);
    expect(reasons.length).toBeGreaterThan(0);
    for (const reason of reasons) expect(reason).toContain("is out of scope");
  });

  it("ends where the reader brings nothing, and then says what is missing", async () => {
    const reader = stepwiseReader({
      services: [sqlServer, aStorageAccount({ publicNetworkAccess: "SecuredByPerimeter" })],
      answers: new Map(),
    });
    const result = await audit(reader, expectations);
    const findings = findingsOf(result);
    expect(findings.length).toBeGreaterThan(0);
    for (const { status, because } of findings.filter(({ rule }) => rule !== "NI106")) {
      expect(status).toBe("undetermined");
      expect(because.length).toBeGreaterThan(0);
    }
    expect(JSON.stringify(reachesOf(result))).not.toContain("not read yet");
    expect(JSON.stringify(findings.map(({ because }) => because))).not.toContain("not read yet");
    expect(JSON.stringify(findings.map(({ because }) => because))).toContain(
      "nothing that was read answers the question for",
    );
    expect(new Set(reader.asked).size).toBe(reader.asked.length);
  });

  it("ends where the reader brings something else than it was asked for", async () => {
    let count = 0;
    const reader: Reader = {
      readAll: () => brings(sqlServer),
      read: () => brings({ ...aStorageAccount(), id: `${storageId}${count++}` }),
    };
    const result = await audit(reader, expectations);
    expect(count).toBeLessThan(10);
    expect(findingsOf(result).map(({ status }) => status)).toContain("undetermined");
  });

  it("forgets a service that turns out to be gone", async () => {
    const world: World = {
      services: [
        sqlServer,
        aStorageAccount({ networkAcls: { defaultAction: "Allow", virtualNetworkRules: [{ id: subnetId }] } }),
      ],
      answers: new Map<string, Given>([[resourceKey(subnetId), [aSubnet(), absent(storageId)]]]),
    };
    const { evaluations } = await audit(stepwiseReader(world), expectations);
    expect(evaluations.map(({ subject }) => subject.id.text)).toEqual([sqlId]);
  });

  it("says what was refused, counts what was read, and tells where input was not understood", async () => {
    const result = await audit(
      readerOf([
        aStorageAccount(),
        refused(subnetId),
        refusedList(sqlId, "Microsoft.Sql/servers/firewallRules"),
        { kind: "resource", body: { name: "x" }, where: "a.json:7" },
        { kind: "problem", where: "b.json", message: "broken JSON" },
      ]),
      expectations,
    );
    expect(result.gaps).toEqual([
      `403 reading ${subnetId}`,
      "403 AuthorizationFailed reading the list of Microsoft.Sql/servers/firewallRules",
    ]);
    expect(result.problems).toEqual([
      { where: "a.json:7", message: "a resource without `id`" },
      { where: "b.json", message: "broken JSON" },
    ]);
    expect(result.resources).toBe(1);
  });

  it("tells how far a long reading has come", async () => {
    const accounts = Array.from({ length: 2500 }, (_, at) => ({ ...aStorageAccount(), id: `${storageId}${at}` }));
    const told: number[] = [];
    await audit(readerOf(accounts), { ...expectations, rules: [] }, (resources) => told.push(resources));
    expect(told).toHaveLength(2);
    expect(told[1]).toBeGreaterThan(told[0] ?? Number.POSITIVE_INFINITY);
  });
});

/** A small estate: which subnets a service admits, what they have, what was refused, and what a perimeter makes of it. */
const anyWorld: fc.Arbitrary<World> = fc
  .record({
    storage: fc.array(
      fc.record({
        publicNetworkAccess: fc.constantFrom("Enabled", "Disabled", "SecuredByPerimeter"),
        defaultAction: fc.constantFrom("Allow", "Deny"),
        subnets: fc.subarray([subnetId, goneSubnetId, refusedSubnetId, hubSubnetId]),
        association: fc.constantFrom(undefined, "Enforced", "Learning"),
        configurations: fc.constantFrom("complete", "refused"),
      }),
      { minLength: 1, maxLength: 3 },
    ),
    sql: fc.option(
      fc.record({
        subnets: fc.subarray([subnetId, goneSubnetId, hubSubnetId]),
        lists: fc.record({
          firewallRules: fc.constantFrom("complete", "open", "refused"),
          ipv6FirewallRules: fc.constantFrom("complete", "refused"),
          virtualNetworkRules: fc.constantFrom("complete", "refused"),
        }),
      }),
      { nil: undefined },
    ),
    endpoints: fc.subarray(["Microsoft.Storage", "Microsoft.Sql"]),
    associations: fc.constantFrom("complete", "refused"),
    isHubInScope: fc.boolean(),
    accessRules: fc.constantFrom("complete", "open", "refused"),
  })
  .map(({ storage, sql, endpoints, associations, isHubInScope, accessRules }) => {
    const answers = new Map<string, Given>();
    const accounts = storage.map(({ publicNetworkAccess, defaultAction, subnets, configurations }, index): Body => {
      const id = `${storageId}${index}`;
      const type = "Microsoft.Storage/storageAccounts/networkSecurityPerimeterConfigurations";
      answers.set(listKey(id, type), configurations === "complete" ? complete(id, type) : refusedList(id, type));
      const virtualNetworkRules = subnets.map((subnet) => ({ id: subnet, state: "Succeeded" }));
      return { ...aStorageAccount({ publicNetworkAccess, networkAcls: { defaultAction, virtualNetworkRules } }), id };
    });
    for (const [name, state] of Object.entries(sql?.lists ?? {})) {
      const type = `Microsoft.Sql/servers/${name}`;
      const whole: Body = {
        id: `${sqlId}/firewallRules/all`,
        type,
        properties: { startIpAddress: "0.0.0.0", endIpAddress: "255.255.255.255" },
      };
      const rulesOfSubnets =
        name === "virtualNetworkRules" && state === "complete" ? (sql?.subnets ?? []).map(admits) : [];
      const list = state === "refused" ? refusedList(sqlId, type) : complete(sqlId, type);
      answers.set(listKey(sqlId, type), [...rulesOfSubnets, ...(state === "open" ? [whole] : []), list]);
    }
    answers.set(resourceKey(subnetId), aSubnet({ serviceEndpoints: endpoints }));
    answers.set(resourceKey(hubSubnetId), { ...aSubnet({ serviceEndpoints: endpoints }), id: hubSubnetId });
    answers.set(resourceKey(goneSubnetId), absent(goneSubnetId));
    answers.set(resourceKey(refusedSubnetId), refused(refusedSubnetId));
    const associated = storage.flatMap(({ association }, index): Body[] => {
      if (association === undefined) return [];
      const properties = {
        accessMode: association,
        privateLinkResource: { id: `${storageId}${index}` },
        profile: { id: profileId },
      };
      return [{ id: `${perimeterId}/resourceAssociations/a${index}`, type: associationType, properties }];
    });
    answers.set(everywhereKey(associationType), [
      ...(associations === "complete"
        ? [...associated, complete(subscription, associationType)]
        : [refusedList(subscription, associationType)]),
      ...(isHubInScope ? [complete(hubSubscription, associationType)] : []),
    ]);
    const openRule: Body = {
      id: `${profileId}/accessRules/all`,
      type: accessRuleType,
      properties: { direction: "Inbound", addressPrefixes: ["0.0.0.0/0"] },
    };
    const accessList =
      accessRules === "refused" ? refusedList(profileId, accessRuleType) : complete(profileId, accessRuleType);
    answers.set(listKey(profileId, accessRuleType), [...(accessRules === "open" ? [openRule] : []), accessList]);
    return { services: [...accounts, ...(sql === undefined ? [] : [sqlServer])], answers };
  });

describe("for any small estate", () => {
  it("reading one thing at a time finds what reading everything at once finds", async () => {
    await fc.assert(
      fc.asyncProperty(anyWorld, async (world) => {
        const reader = stepwiseReader(world);
        const stepwise = await audit(reader, expectations);
        const full = await audit(fullReader(onlyAsked(world, reader.asked)), expectations);
        expect(findingsOf(stepwise)).toEqual(findingsOf(full));
        expect(reachesOf(stepwise)).toEqual(reachesOf(full));
        expect(new Set(reader.asked).size).toBe(reader.asked.length);
      }),
      { numRuns: 300 },
    );
  });

  it("evaluating while the rest is on its way finds the same, and asks for nothing more", async () => {
    await fc.assert(
      fc.asyncProperty(anyWorld, fc.array(fc.nat()), async (world, picks) => {
        const early = bringing(world, picks);
        const one = await audit({ ...early, readAll: () => inPieces(early.first, true) }, expectations);
        const late = bringing(world, picks);
        const other = await audit({ ...late, readAll: () => inPieces(late.first, false) }, expectations);
        expect(findingsOf(one)).toEqual(findingsOf(other));
        expect(reachesOf(one)).toEqual(reachesOf(other));
        expect(early.asked.sort()).toEqual(late.asked.sort());
      }),
      { numRuns: 300 },
    );
  });

  it("the order of what is read does not matter", async () => {
    const shuffled = anyWorld.chain((world) => {
      const readings = [...readingsOf([world.services, ...world.answers.values()])];
      return fc.record({
        readings: fc.constant(readings),
        other: fc.shuffledSubarray(readings, { minLength: readings.length }),
      });
    });
    await fc.assert(
      fc.asyncProperty(shuffled, async ({ readings, other }) => {
        const one = await audit(readerOf(readings), expectations);
        const two = await audit(readerOf(other), expectations);
        expect(findingsOf(two)).toEqual(findingsOf(one));
        expect(reachesOf(two)).toEqual(reachesOf(one));
        expect([...two.gaps].sort()).toEqual([...one.gaps].sort());
      }),
      { numRuns: 300 },
    );
  });
});

/** Some of the answers come without being asked for. */
function bringing({ services, answers }: World, picks: readonly number[]) {
  const keys = [...answers.keys()];
  const brought = new Set(picks.flatMap((pick) => keys[pick % keys.length] ?? []));
  const others = new Map([...answers].filter(([key]) => !brought.has(key)));
  const asked: string[] = [];
  const read = (key: Key) => {
    asked.push(textOfKey(key));
    return brings(others.get(textOfKey(key)) ?? []);
  };
  const first = [...readingsOf([services, ...[...brought].flatMap((key) => answers.get(key) ?? [])])];
  return { first, asked, read };
}

async function* inPieces(readings: readonly Reading[], isListed: boolean): AsyncGenerator<Portion> {
  if (isListed) yield [{ kind: "listed" }];
  for (const reading of readings) yield [reading];
}

/** What nobody asked about, a reader of everything need not bring: a hub that no rule names, for instance. */
function onlyAsked({ services, answers }: World, asked: readonly string[]): World {
  return { services, answers: new Map([...answers].filter(([key]) => asked.includes(key))) };
}

describe("the order of what is read", () => {
  it("changes neither the evidence of a finding nor its words", async () => {
    const world = [
      ...[
        aSqlServer({
          firewallRules: [
            ["1.0.0.0", "126.255.255.255"],
            ["128.0.0.0", "223.255.255.255"],
          ],
          virtualNetworkRules: [
            { subnet: subnetId },
            { subnet: goneSubnetId },
            { subnet: `${networkId}/subnets/gone-too` },
          ],
        }),
      ],
      aNetwork(),
    ];
    const readings = [...readingsOf(world)];
    const findings = findingsOf(await audit(readerOf(readings), expectations));
    expect(findings.map(({ rule }) => rule)).toContain("NI102");
    expect(findings.map(({ rule }) => rule)).toContain("NI203");
    expect(findingsOf(await audit(readerOf(readings.toReversed()), expectations))).toEqual(findings);
  });
});
