import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { project } from "../../lib/facts/project.ts";
import { type Completeness, textOfKey, type Unreadable } from "../../lib/model/snapshot.ts";
import { SnapshotBuilder } from "../../lib/model/snapshot-builder.ts";
import { appId } from "../support/apps.ts";
import { anAsker } from "../support/asker.ts";
import {
  aNetwork,
  aSqlServer,
  aStorageAccount,
  aSubnet,
  type Body,
  group,
  idOf,
  networkId,
  nsgId,
  perimeterId,
  sqlId,
  storageId,
  subnetId,
  subscription,
} from "../support/builders.ts";
import { readingsOf } from "../support/world.ts";

const subnetType = "microsoft.network/virtualnetworks/subnets";
const networkType = "microsoft.network/virtualnetworks";
const storageType = "microsoft.storage/storageaccounts";
const firewallRuleType = "microsoft.sql/servers/firewallrules";
const complete: Completeness = { kind: "complete" };

/** One call of a builder. */
type Step = (snapshot: SnapshotBuilder) => void;

function body(given: Body, at?: number): Step {
  const { projected } = project(given);
  if (projected === undefined) throw new Error(`\`${given.id}\` gives no facts`);
  return (snapshot) => snapshot.add(projected, at);
}

function absent(id: string, at?: number): Step {
  return (snapshot) => snapshot.addAbsent(idOf(id), at);
}

function refused(id: string): Step {
  return (snapshot) => snapshot.addUnreadable(idOf(id), refusal(id));
}

function list(scope: string, type: string, completeness: Completeness = complete): Step {
  return (snapshot) => snapshot.addList(idOf(scope), type, completeness);
}

function refusal(what: string): Unreadable {
  return { kind: "unreadable", why: "refused", because: `403 reading ${what}` };
}

function snapshotOf(...steps: readonly Step[]): SnapshotBuilder {
  const snapshot = new SnapshotBuilder();
  for (const step of steps) step(snapshot);
  return snapshot;
}

function tagsOf(snapshot: SnapshotBuilder, id = storageId): unknown {
  const found = snapshot.get(idOf(id));
  return found.kind === "fact" && found.fact.kind === "service" ? found.fact.tags : found.kind;
}

const thinStorage: Body = { id: storageId, name: "stdrawings", type: "Microsoft.Storage/storageAccounts" };
const tagged = (tag: string) => aStorageAccount({}, { tags: { tag } });

describe("a snapshot that is filled on demand", () => {
  const onDemand = () => new SnapshotBuilder(() => true);

  it("takes nothing for absent because a list of its subscription is known: what is in it may not have been brought", () => {
    const snapshot = onDemand();
    snapshot.addList(idOf(subscription), storageType, complete);
    expect(snapshot.everywhere(storageType).kind).toBe("complete");
    expect(snapshot.get(idOf(storageId)).kind).toBe("notRead");
  });

  it("takes for absent what a list of its subscription does not have once everything was brought", () => {
    const snapshot = onDemand();
    snapshot.addList(idOf(subscription), storageType, complete);
    snapshot.close("is not in the recording");
    expect(snapshot.get(idOf(storageId)).kind).toBe("absent");
    expect(snapshot.get(idOf(sqlId)).kind).toBe("unreadable");
  });

  it("takes a child for absent that a list of its parent does not have", () => {
    const snapshot = onDemand();
    snapshot.addList(idOf(sqlId), firewallRuleType, complete);
    expect(snapshot.get(idOf(`${sqlId}/firewallRules/office`)).kind).toBe("absent");
  });
});

describe("one resource", () => {
  it.each([
    { when: "nobody brought anything", given: [], want: "notRead" },
    { when: "its body came", given: [body(aStorageAccount())], want: "fact" },
    { when: "a thin body came", given: [body(thinStorage)], want: "fact" },
    { when: "Azure knows no such resource", given: [absent(storageId)], want: "absent" },
    { when: "it was refused", given: [refused(storageId)], want: "unreadable" },
    {
      when: "it was refused, and read all the same",
      given: [body(aStorageAccount()), refused(storageId)],
      want: "fact",
    },
    { when: "the list of its subscription is complete", given: [list(subscription, storageType)], want: "absent" },
    { when: "the list of its group is complete", given: [list(group, storageType)], want: "absent" },
    { when: "the list of another group is complete", given: [list(`${group}2`, storageType)], want: "notRead" },
    { when: "the list of another type is complete", given: [list(group, networkType)], want: "notRead" },
    {
      when: "the list of its group was refused",
      given: [list(group, storageType, refusal("list"))],
      want: "unreadable",
    },
    {
      when: "the list of its group was refused, that of its subscription complete",
      given: [list(group, storageType, refusal("list")), list(subscription, storageType)],
      want: "absent",
    },
    {
      when: "it is not in a complete list, but was refused",
      given: [list(group, storageType), refused(storageId)],
      want: "unreadable",
    },
    { when: "its group is gone", given: [absent(group)], want: "absent" },
    { when: "its group was refused", given: [refused(group)], want: "unreadable" },
  ])("is $want when $when", ({ given, want }) => {
    expect(snapshotOf(...given).get(idOf(storageId)).kind).toBe(want);
  });

  it.each([
    { when: "its network has it", given: [body(aNetwork())], want: "fact" },
    { when: "its network lacks it", given: [body(aNetwork([{ name: "other" }]))], want: "absent" },
    { when: "its network was read without properties", given: [body({ id: networkId })], want: "notRead" },
    { when: "its network is gone", given: [absent(networkId)], want: "absent" },
    {
      when: "all networks were listed and its network is not there",
      given: [list(subscription, networkType)],
      want: "absent",
    },
    { when: "its network was refused", given: [refused(networkId)], want: "unreadable" },
    {
      when: "its network's list of subnets was refused",
      given: [list(networkId, subnetType, refusal("subnets"))],
      want: "unreadable",
    },
    {
      when: "it came on its own, and its network lacks it",
      given: [body(aSubnet()), body(aNetwork([]))],
      want: "fact",
    },
  ])("inside another is $want when $when", ({ given, want }) => {
    expect(snapshotOf(...given).get(idOf(subnetId)).kind).toBe(want);
  });

  it("is found whatever the case of its id", () => {
    expect(snapshotOf(body(aStorageAccount())).get(idOf(storageId.toUpperCase())).kind).toBe("fact");
  });

  it("says why it cannot be read", () => {
    const snapshot = snapshotOf(refused(storageId), list(group, networkType, refusal("the networks")));
    expect(snapshot.get(idOf(storageId))).toEqual(refusal(storageId));
    expect(snapshot.get(idOf(networkId))).toEqual(refusal("the networks"));
  });
});

describe("bodies for one id", () => {
  it.each([
    {
      when: "the later call, without times",
      given: [body(tagged("first")), body(tagged("second"))],
      want: { tag: "second" },
    },
    { when: "the later time", given: [body(tagged("new"), 20), body(tagged("old"), 10)], want: { tag: "new" } },
    {
      when: "the later time, in its order",
      given: [body(tagged("old"), 10), body(tagged("new"), 20)],
      want: { tag: "new" },
    },
    {
      when: "the later call, where one has no time",
      given: [body(tagged("timed"), 10), body(tagged("other"))],
      want: { tag: "other" },
    },
    {
      when: "the fuller one, though older",
      given: [body(thinStorage, 20), body(tagged("full"), 10)],
      want: { tag: "full" },
    },
    {
      when: "the fuller one, though first",
      given: [body(tagged("full"), 10), body(thinStorage, 20)],
      want: { tag: "full" },
    },
    { when: "a 404 after the body", given: [body(tagged("a"), 10), absent(storageId, 20)], want: "absent" },
    { when: "a body after the 404", given: [absent(storageId, 10), body(tagged("a"), 20)], want: { tag: "a" } },
    { when: "a 404 after the body, told first", given: [absent(storageId, 20), body(tagged("a"), 10)], want: "absent" },
    {
      when: "a body after the 404, told first",
      given: [body(tagged("a"), 20), absent(storageId, 10)],
      want: { tag: "a" },
    },
    { when: "the later of 404 and body, without times", given: [body(tagged("a")), absent(storageId)], want: "absent" },
    {
      when: "the later of body and 404, without times",
      given: [absent(storageId), body(tagged("a"))],
      want: { tag: "a" },
    },
    {
      when: "the last of two 404s, the earlier told last",
      given: [absent(storageId, 30), absent(storageId, 10), body(tagged("a"), 20)],
      want: "absent",
    },
  ])("the snapshot believes $when", ({ given, want }) => {
    expect(tagsOf(snapshotOf(...given))).toEqual(want);
  });

  it.each([
    { when: "two that differ", given: [body(tagged("a")), body(tagged("b"))], want: [storageId] },
    {
      when: "two that differ, at different times",
      given: [body(tagged("b"), 20), body(tagged("a"), 10)],
      want: [storageId],
    },
    { when: "one twice", given: [body(tagged("a")), body(tagged("a"))], want: [] },
    { when: "a thin and a full one", given: [body(thinStorage), body(tagged("a"))], want: [] },
    {
      when: "one under two spellings of its id",
      given: [
        body(tagged("a")),
        body({ ...tagged("a"), id: storageId.replace("resourceGroups/rg", "resourcegroups/RG") }),
      ],
      want: [],
    },
    { when: "a subnet alone and the same in its network", given: [body(aNetwork()), body(aSubnet())], want: [] },
    {
      when: "a subnet alone and another in its network",
      given: [body(aNetwork()), body(aSubnet({ nsg: undefined }))],
      want: [subnetId],
    },
  ])("are reported as a conflict where they are: $when", ({ given, want }) => {
    expect([...snapshotOf(...given).conflicts.values()].map((id) => id.text)).toEqual(want);
  });
});

describe("the children that a body embeds", () => {
  const withSubnets = (...names: readonly string[]) => aNetwork(names.map((name) => ({ name })));
  const namesIn = (snapshot: SnapshotBuilder) =>
    snapshot.list(idOf(networkId), subnetType).facts.map((fact) => fact.id.name);

  it.each([
    {
      when: "a newer body has others",
      given: [body(withSubnets("a", "b"), 10), body(withSubnets("b", "c"), 20)],
      want: ["b", "c"],
    },
    {
      when: "an older body has others",
      given: [body(withSubnets("b", "c"), 20), body(withSubnets("a", "b"), 10)],
      want: ["b", "c"],
    },
    { when: "a thin body follows", given: [body(withSubnets("a"), 10), body({ id: networkId }, 20)], want: ["a"] },
    {
      when: "one was read on its own since",
      given: [body(withSubnets("a"), 10), body(aSubnet({ name: "b" }), 20)],
      want: ["a", "b"],
    },
    {
      when: "one was read on its own before its network lacked it",
      given: [body(aSubnet({ name: "b" }), 10), body(withSubnets("a"), 20)],
      want: ["a"],
    },
    {
      when: "one was read on its own before its network lacked it, told last",
      given: [body(withSubnets("a"), 20), body(aSubnet({ name: "b" }), 10)],
      want: ["a"],
    },
    {
      when: "one is gone since",
      given: [body(withSubnets("a", "b"), 10), absent(`${networkId}/subnets/b`, 20)],
      want: ["a"],
    },
    { when: "the network itself is gone since", given: [body(withSubnets("a"), 10), absent(networkId, 20)], want: [] },
  ])("are those it has now: $when", ({ given, want }) => {
    const snapshot = snapshotOf(...given);
    expect(namesIn(snapshot).sort()).toEqual(want);
    expect(snapshot.list(idOf(networkId), subnetType).completeness).toEqual(complete);
  });

  it("are not all, where the body is thin or one of them has no id", () => {
    const broken: Body = { id: networkId, properties: { subnets: [aSubnet(), { name: "nameless" }] } };
    expect(snapshotOf(body({ id: networkId })).list(idOf(networkId), subnetType).completeness.kind).toBe("notRead");
    expect(snapshotOf(body(broken)).list(idOf(networkId), subnetType).completeness.kind).toBe("notRead");
    expect(namesIn(snapshotOf(body(broken)))).toEqual(["snet-app"]);
  });
});

describe("lists", () => {
  const rules = (given: readonly Step[]) => snapshotOf(...given).list(idOf(sqlId), firewallRuleType).completeness;

  it.each([
    { when: "nobody read it", given: [], want: { kind: "notRead" } },
    { when: "it was read to its end", given: [list(sqlId, firewallRuleType)], want: complete },
    { when: "it was refused", given: [list(sqlId, firewallRuleType, refusal("rules"))], want: refusal("rules") },
    {
      when: "it was refused once and complete once",
      given: [list(sqlId, firewallRuleType), list(sqlId, firewallRuleType, refusal("rules"))],
      want: complete,
    },
    {
      when: "only that of another server was read",
      given: [list(`${sqlId}2`, firewallRuleType)],
      want: { kind: "notRead" },
    },
  ])("of children: $when", ({ given, want }) => {
    expect(rules(given)).toEqual(want);
  });

  it("hold the children that were read, complete or not", () => {
    const snapshot = new SnapshotBuilder();
    for (const reading of readingsOf(aSqlServer({ firewallRules: [["203.0.113.1", "203.0.113.9"]] }))) {
      if (reading.kind === "resource") snapshot.add(projectedFrom(reading.body));
    }
    const { facts, completeness } = snapshot.list(idOf(sqlId), firewallRuleType);
    expect(facts.map((fact) => fact.id.name)).toEqual(["rule-0"]);
    expect(completeness.kind).toBe("notRead");
  });
});

function projectedFrom(value: unknown) {
  const { projected } = project(value);
  if (projected === undefined) throw new Error("gives no facts");
  return projected;
}

describe("everywhere", () => {
  const otherSubscription = "/subscriptions/00000000-0000-4000-8000-000000000002";
  const otherStorage = storageId.replace(subscription, otherSubscription);
  const profileType = "microsoft.network/networksecurityperimeters/profiles";
  const perimeterType = "microsoft.network/networksecurityperimeters";
  const perimeter: Body = { id: perimeterId, properties: {} };
  const here = body(aStorageAccount());
  const appType = "microsoft.web/sites";
  const configType = `${appType}/config`;
  const app = body({ id: appId, properties: {} });

  it.each([
    {
      when: "its only subscription was listed",
      type: storageType,
      given: [here, list(subscription, storageType)],
      want: "complete",
    },
    {
      when: "only a resource group was listed",
      type: storageType,
      given: [here, list(group, storageType)],
      want: "notRead",
    },
    {
      when: "another subscription was not listed",
      type: storageType,
      given: [here, list(subscription, storageType), body({ ...aStorageAccount(), id: otherStorage })],
      want: "notRead",
    },
    {
      when: "every parent's children were listed",
      type: profileType,
      given: [here, list(subscription, perimeterType), body(perimeter), list(perimeterId, profileType)],
      want: "complete",
    },
    {
      when: "the children of one parent were not",
      type: profileType,
      given: [here, list(subscription, perimeterType), body(perimeter)],
      want: "notRead",
    },
    {
      when: "there may be more parents",
      type: profileType,
      given: [here, body(perimeter), list(perimeterId, profileType)],
      want: "notRead",
    },
    {
      when: "each parent has one such child that matters, and it was read",
      type: configType,
      given: [app, body({ id: `${appId}/config/web`, properties: {} }), list(subscription, appType)],
      want: "complete",
    },
    {
      when: "each parent has one such child that matters, and it was not read",
      type: configType,
      given: [app, list(subscription, appType)],
      want: "notRead",
    },
    {
      when: "there is no parent",
      type: profileType,
      given: [here, list(subscription, perimeterType)],
      want: "complete",
    },
  ])("is $want when $when", ({ type, given, want }) => {
    expect(snapshotOf(...given).everywhere(type).kind).toBe(want);
  });

  it("names the same list as missing, whichever subscription was seen first", () => {
    const there = body({ ...aStorageAccount(), id: otherStorage });
    const [one, other] = [snapshotOf(here, there), snapshotOf(there, here)];
    one.close("is not in the recording");
    other.close("is not in the recording");
    expect(other.everywhere(storageType)).toEqual(one.everywhere(storageType));
  });

  it("says which list was refused", () => {
    const snapshot = snapshotOf(here, list(subscription, perimeterType, refusal("the perimeters")));
    expect(snapshot.everywhere(perimeterType)).toEqual(refusal("the perimeters"));
  });
});

describe("what was never read", () => {
  it("is not in the recording once that has ended", () => {
    const snapshot = snapshotOf(body(aStorageAccount()));
    snapshot.close("is not in the recording");
    const found = snapshot.get(idOf(nsgId));
    expect(found).toEqual({
      kind: "unreadable",
      why: "notRecorded",
      because: `\`${nsgId}\` is not in the recording`,
    });
    expect(snapshot.list(idOf(sqlId), firewallRuleType).completeness.kind).toBe("unreadable");
  });

  it.each([
    { when: "some of it was read", steps: [body(aStorageAccount())], says: "is not known to be complete" },
    { when: "none of it was read", steps: [body(aNetwork())], says: "is not in the recording" },
  ])("is called a list that $says where $when", ({ steps, says }) => {
    const snapshot = snapshotOf(...steps);
    snapshot.close("is not in the recording");
    const list = `the list of all \`${storageType}\` in subscription \`${idOf(subscription).subscription}\``;
    expect(snapshot.everywhere(storageType)).toMatchObject({ why: "notRecorded", because: `${list} ${says}` });
  });

  it("is called a list of children that is not known to be complete where some of them were read", () => {
    const snapshot = snapshotOf(body({ id: `${sqlId}/firewallRules/r`, properties: {} }));
    snapshot.close("is not in the recording");
    const { completeness } = snapshot.list(idOf(sqlId), firewallRuleType);
    expect(completeness).toMatchObject({ because: `the list \`${sqlId}/firewallrules\` is not known to be complete` });
  });

  it("is unreadable once it was given up, and known when it comes all the same", () => {
    const snapshot = new SnapshotBuilder();
    snapshot.giveUp({ kind: "resource", id: idOf(storageId) }, refusal("it"));
    expect(snapshot.get(idOf(storageId))).toEqual(refusal("it"));
    body(aStorageAccount())(snapshot);
    expect(snapshot.get(idOf(storageId)).kind).toBe("fact");
  });
});

describe("what names a resource", () => {
  const admitted = (id: string) => aStorageAccount({ networkAcls: { virtualNetworkRules: [{ id }] } });
  const namingOf = (snapshot: SnapshotBuilder, id: string) => snapshot.naming(idOf(id)).map((fact) => fact.id.text);

  it("is found whatever the case, and whether or not the resource exists", () => {
    expect(namingOf(snapshotOf(body(admitted(subnetId.toUpperCase()))), subnetId)).toEqual([storageId]);
  });

  it("is forgotten when a newer body no longer names it, or is gone", () => {
    expect(namingOf(snapshotOf(body(admitted(subnetId)), body(aStorageAccount())), subnetId)).toEqual([]);
    expect(namingOf(snapshotOf(body(admitted(subnetId)), absent(storageId)), subnetId)).toEqual([]);
  });

  it("is found for subnets inside a network, too", () => {
    expect(namingOf(snapshotOf(body(aNetwork())), nsgId)).toEqual([subnetId]);
  });
});

/** What somebody may ask. */
type Ask = (snapshot: SnapshotBuilder) => unknown;

const asksFor =
  (id: string): Ask =>
  (snapshot) =>
    snapshot.get(idOf(id));
const asksForList =
  (id: string, type: string): Ask =>
  (snapshot) =>
    snapshot.list(idOf(id), type);
const asksForNaming =
  (id: string): Ask =>
  (snapshot) =>
    snapshot.naming(idOf(id));
const asksForKind: Ask = (snapshot) => snapshot.ofKind("service");
const asksEverywhere =
  (type: string): Ask =>
  (snapshot) =>
    snapshot.everywhere(type);

/** Whether somebody who asked at first is told of what comes next. */
function isTold(first: readonly Step[], ask: Ask, next: readonly Step[]): boolean {
  const snapshot = snapshotOf(...first);
  const asker = anAsker();
  snapshot.look(asker, () => ask(snapshot));
  for (const step of next) step(snapshot);
  snapshot.settle();
  return asker.isStale;
}

describe("questions", () => {
  it("are noted each once, and apart from them those that nobody has answered", () => {
    const snapshot = snapshotOf(body(aStorageAccount()), list(sqlId, firewallRuleType));
    const asker = anAsker();
    snapshot.look(asker, () => {
      snapshot.get(idOf(storageId));
      snapshot.get(idOf(nsgId));
      snapshot.get(idOf(nsgId.toUpperCase()));
      snapshot.list(idOf(sqlId), "Microsoft.Sql/servers/firewallRules");
      snapshot.list(idOf(networkId), subnetType);
      snapshot.naming(idOf(subnetId), "subnet");
      snapshot.namers(idOf(subnetId), "placed");
      snapshot.ofKind("service");
      snapshot.everywhere(networkType);
    });
    const groupKey = idOf(group).key;
    expect(asker.asked.map(({ text }) => text)).toEqual([
      `resource ${idOf(storageId).key}`,
      `resource ${idOf(nsgId).key}`,
      `list of microsoft.network/networksecuritygroups ${groupKey}`,
      `list of microsoft.network/networksecuritygroups ${subscription}`,
      `resource ${groupKey}`,
      `${firewallRuleType} ${idOf(sqlId).key}`,
      `list of ${firewallRuleType} ${idOf(sqlId).key}`,
      `${subnetType} ${idOf(networkId).key}`,
      `list of ${subnetType} ${idOf(networkId).key}`,
      `resource ${idOf(networkId).key}`,
      `list of ${networkType} ${groupKey}`,
      `list of ${networkType} ${subscription}`,
      `naming subnet ${idOf(subnetId).key}`,
      `namers placed ${idOf(subnetId).key}`,
      "kind service",
      `everywhere ${networkType}`,
    ]);
    expect(snapshot.takeUnanswered().map(textOfKey)).toEqual([
      `resource ${idOf(nsgId).key}`,
      `list ${idOf(networkId).key} ${subnetType}`,
      `everywhere ${networkType}`,
    ]);
    expect(snapshot.takeUnanswered()).toEqual([]);
  });

  const stored = body(aStorageAccount());
  const rule = body({ id: `${sqlId}/firewallRules/r`, properties: {} });
  const associations = "microsoft.network/networksecurityperimeters/resourceassociations";
  const otherSubscription = subscription.replace(/0001/, "0002");

  it.each<{ when: string; first: Step[]; ask: Ask; next: Step[] }>([
    { when: "a body comes", first: [], ask: asksFor(storageId), next: [stored] },
    { when: "a resource is gone", first: [stored], ask: asksFor(storageId), next: [absent(storageId)] },
    { when: "a resource turns out not to be there", first: [], ask: asksFor(storageId), next: [absent(storageId)] },
    { when: "a resource is refused", first: [], ask: asksFor(storageId), next: [refused(storageId)] },
    { when: "a resource comes back", first: [stored, absent(storageId)], ask: asksFor(storageId), next: [stored] },
    {
      when: "a list is complete",
      first: [],
      ask: asksForList(sqlId, firewallRuleType),
      next: [list(sqlId, firewallRuleType)],
    },
    { when: "a child comes", first: [], ask: asksForList(sqlId, firewallRuleType), next: [rule] },
    {
      when: "a child changes",
      first: [rule],
      ask: asksForList(sqlId, firewallRuleType),
      next: [body({ id: `${sqlId}/firewallRules/r`, properties: { startIpAddress: "1.1.1.1" } })],
    },
    {
      when: "a child goes with its container",
      first: [body({ id: `${sqlId}/firewallRules/r`, properties: {} }, 10)],
      ask: asksFor(`${sqlId}/firewallRules/r`),
      next: [absent(sqlId, 20)],
    },
    { when: "a fact names it", first: [], ask: asksForNaming(nsgId), next: [body(aSubnet())] },
    {
      when: "a fact no longer names it",
      first: [body(aSubnet())],
      ask: asksForNaming(nsgId),
      next: [body(aSubnet({ nsg: undefined }))],
    },
    {
      when: "a fact that names it changes",
      first: [body(aSubnet())],
      ask: asksForNaming(nsgId),
      next: [body(aSubnet({ serviceEndpoints: ["Microsoft.Sql"] }))],
    },
    {
      when: "a fact that names it is gone",
      first: [body(aSubnet())],
      ask: asksForNaming(nsgId),
      next: [absent(subnetId)],
    },
    { when: "one more is of the kind", first: [], ask: asksForKind, next: [stored] },
    { when: "a network comes with the subnet", first: [], ask: asksFor(subnetId), next: [body(aNetwork())] },
    {
      when: "a network comes without the subnet",
      first: [body(aNetwork())],
      ask: asksFor(subnetId),
      next: [body(aNetwork([]))],
    },
    {
      when: "a network tells all its subnets",
      first: [],
      ask: asksForList(networkId, subnetType),
      next: [body(aNetwork([]))],
    },
    {
      when: "the list that should hold it is complete",
      first: [],
      ask: asksFor(nsgId),
      next: [list(subscription, "microsoft.network/networksecuritygroups")],
    },
    { when: "its resource group is gone", first: [], ask: asksFor(nsgId), next: [absent(group)] },
    { when: "its container turns out not to be there", first: [], ask: asksFor(subnetId), next: [absent(networkId)] },
    {
      when: "its container is refused",
      first: [body(aSubnet({ name: "other" }))],
      ask: asksFor(subnetId),
      next: [refused(networkId)],
    },
    {
      when: "it is given up",
      first: [],
      ask: asksFor(nsgId),
      next: [(snapshot) => snapshot.giveUp({ kind: "resource", id: idOf(nsgId) }, refusal("it"))],
    },
    {
      when: "the list is given up",
      first: [],
      ask: asksForList(sqlId, firewallRuleType),
      next: [
        (snapshot) =>
          snapshot.giveUp(
            { kind: "list", parent: idOf(sqlId), type: "Microsoft.Sql/servers/firewallRules" },
            refusal("it"),
          ),
      ],
    },
    {
      when: "the type is given up",
      first: [],
      ask: asksEverywhere(storageType),
      next: [(snapshot) => snapshot.giveUp({ kind: "everywhere", type: storageType }, refusal("it"))],
    },
    {
      when: "the list of the only subscription is complete",
      first: [stored],
      ask: asksEverywhere(networkType),
      next: [list(subscription, networkType)],
    },
    {
      when: "another subscription is seen",
      first: [stored, list(subscription, networkType)],
      ask: asksEverywhere(networkType),
      next: [list(otherSubscription, storageType)],
    },
    {
      when: "one comes without its properties",
      first: [list(subscription, storageType)],
      ask: asksEverywhere(storageType),
      next: [body(thinStorage)],
    },
    {
      when: "its properties come",
      first: [list(subscription, storageType), body(thinStorage)],
      ask: asksEverywhere(storageType),
      next: [stored],
    },
    {
      when: "a container comes whose children are not known",
      first: [list(subscription, "microsoft.sql/servers")],
      ask: asksEverywhere(firewallRuleType),
      next: [body({ id: sqlId, properties: {} })],
    },
    {
      when: "a container comes, and the type is that of its grandchildren",
      first: [list(subscription, "microsoft.network/networksecurityperimeters")],
      ask: asksEverywhere(associations),
      next: [body({ id: perimeterId, properties: {} })],
    },
  ])("are asked again when $when", ({ first, ask, next }) => {
    expect(isTold(first, ask, next)).toBe(true);
    const remembering: Ask = (snapshot) => snapshot.once("outer", () => snapshot.once("inner", () => ask(snapshot)));
    expect(isTold(first, remembering, next)).toBe(true);
  });

  it.each<{ when: string; first: Step[]; ask: Ask; next: Step[] }>([
    {
      when: "what is known beats it",
      first: [body(aStorageAccount(), 20)],
      ask: asksFor(storageId),
      next: [
        body(aStorageAccount({ publicNetworkAccess: "Disabled" }), 10),
        body(thinStorage, 30),
        absent(storageId, 10),
      ],
    },
    { when: "the body says the same", first: [stored], ask: asksFor(storageId), next: [stored] },
    {
      when: "the body says the same in capitals",
      first: [stored],
      ask: asksFor(storageId),
      next: [body({ ...aStorageAccount(), id: storageId.toUpperCase() })],
    },
    {
      when: "the facts that name it say the same",
      first: [body(aSubnet())],
      ask: asksForNaming(nsgId),
      next: [body(aSubnet())],
    },
    { when: "something else changes", first: [], ask: asksFor(nsgId), next: [stored] },
    {
      when: "a sibling comes",
      first: [body(aNetwork([]))],
      ask: asksFor(`${networkId}/subnets/other`),
      next: [body(aNetwork())],
    },
    {
      when: "the list was complete before",
      first: [list(sqlId, firewallRuleType)],
      ask: asksForList(sqlId, firewallRuleType),
      next: [list(sqlId, firewallRuleType)],
    },
    {
      when: "one more comes of a type that is known",
      first: [list(subscription, storageType)],
      ask: asksEverywhere(storageType),
      next: [stored],
    },
    {
      when: "another type is not known any more",
      first: [list(subscription, storageType)],
      ask: asksEverywhere(storageType),
      next: [list(subscription, networkType)],
    },
  ])("are left alone when $when", ({ first, ask, next }) => {
    expect(isTold(first, ask, next)).toBe(false);
    expect(isTold(first, (snapshot) => snapshot.once("it", () => ask(snapshot)), next)).toBe(false);
  });

  it("tell everybody that everything may have changed", () => {
    const snapshot = snapshotOf(stored);
    const before = snapshot.upheavals;
    snapshot.close("is not in the recording");
    snapshot.addServiceTags({ changeNumber: 1, values: [] });
    expect(snapshot.upheavals).toBe(before + 2);
  });
});

describe("a list that is read again", () => {
  const server = { id: sqlId, properties: {} };
  const rule = { id: `${sqlId}/firewallRules/r`, properties: {} };
  const listedAt = (at: number): Step => {
    return (snapshot) => snapshot.addList(idOf(subscription), "microsoft.sql/servers", complete, at);
  };
  const rulesIn = (...steps: readonly Step[]) => {
    const snapshot = snapshotOf(body(server, 10), body(rule, 20));
    snapshot.close("is not in the recording");
    for (const step of steps) step(snapshot);
    snapshot.settle();
    return snapshot.list(idOf(sqlId), firewallRuleType).facts.length;
  };

  it("shows what is gone, with whatever was in it", () => {
    expect(rulesIn(listedAt(30))).toBe(0);
    expect(rulesIn(body(server, 30), listedAt(30))).toBe(1);
    expect(rulesIn(listedAt(30), body(server, 30))).toBe(1);
  });

  it("shows what was gone in the meantime, and made anew", () => {
    expect(rulesIn(listedAt(30), body(server, 40))).toBe(0);
    expect(rulesIn(body(server, 30), listedAt(30), body(server, 40))).toBe(1);
  });
});

describe("what was worked out once", () => {
  /** Looks at a snapshot, and counts how often the work was done. */
  function counter(snapshot: SnapshotBuilder, ask: Ask) {
    const count = { works: 0 };
    const asker = anAsker();
    const look = () =>
      snapshot.look(asker, () =>
        snapshot.once("it", () => {
          count.works += 1;
          return ask(snapshot);
        }),
      );
    return { count, look, asker };
  }

  it("is worked out again only when what it rests on changes", () => {
    const snapshot = snapshotOf(body(aStorageAccount()));
    const { count, look } = counter(snapshot, asksFor(storageId));
    look();
    look();
    body(aSubnet())(snapshot);
    look();
    expect(count.works).toBe(1);
    absent(storageId)(snapshot);
    expect(look()).toEqual({ kind: "absent" });
    expect(count.works).toBe(2);
  });

  it("is worked out anew for those who look, where it was remembered before anybody did", () => {
    const snapshot = snapshotOf(body(aStorageAccount()));
    snapshot.once("it", () => snapshot.get(idOf(storageId)));
    const { look, asker } = counter(snapshot, asksFor(storageId));
    look();
    absent(storageId)(snapshot);
    expect(asker.isStale).toBe(true);
  });

  it("is forgotten at every change while nobody has looked", () => {
    const snapshot = snapshotOf(body(aStorageAccount()));
    const find = () => snapshot.once("it", () => snapshot.get(idOf(storageId)).kind);
    expect(find()).toBe("fact");
    absent(storageId)(snapshot);
    expect(find()).toBe("absent");
  });

  it("is given up with the last who needed it", () => {
    const snapshot = snapshotOf(body(aStorageAccount()));
    const { count, look, asker } = counter(snapshot, asksFor(storageId));
    look();
    snapshot.look(asker, () => undefined);
    look();
    expect(count.works).toBe(2);
  });
});

describe("the order of what readers bring", () => {
  interface Told {
    readonly says: string;
    readonly step: Step;
  }

  const hub = `${group}/providers/Microsoft.Network/virtualNetworks/hub`;
  const subnetOf = (network: string, name: string, nsg?: string): Body => ({
    ...aSubnet({ name, ...(nsg === undefined ? {} : { nsg }) }),
    id: `${network}/subnets/${name}`,
  });
  const networkOf = (id: string, names: readonly string[]): Body => ({
    id,
    type: "Microsoft.Network/virtualNetworks",
    properties: { subnets: names.map((name) => subnetOf(id, name)) },
  });
  const vault = `${group}/providers/Microsoft.KeyVault/vaults/kv`;

  /** At most one thing about each resource and each list, so that nothing contradicts another. */
  const anyTold: fc.Arbitrary<readonly Told[]> = fc
    .record({
      network: fc.option(fc.subarray(["a", "b", "c"]), { nil: undefined }),
      hub: fc.constantFrom("full", "thin", "absent", "refused", "nothing"),
      hubSubnet: fc.boolean(),
      storage: fc.constantFrom("full", "thin", "both", "absent", "refused", "nothing"),
      vault: fc.constantFrom("absent", "refused", "nothing"),
      lists: fc.subarray([
        { scope: subscription, type: networkType },
        { scope: group, type: storageType },
        { scope: subscription, type: storageType },
        { scope: hub, type: subnetType },
        { scope: sqlId, type: firewallRuleType },
      ]),
      refusedLists: fc.subarray([
        { scope: group, type: networkType },
        { scope: group, type: storageType },
        { scope: hub, type: subnetType },
        { scope: sqlId, type: firewallRuleType },
      ]),
      rules: fc.subarray(["r1", "r2"]),
    })
    .map((world) => {
      const told: Told[] = [];
      const tell = (says: string, step: Step) => told.push({ says, step });
      if (world.network) tell(`network with ${world.network}`, body(networkOf(networkId, world.network)));
      if (world.hub === "full") tell("hub", body(networkOf(hub, ["h"])));
      if (world.hub === "thin") tell("thin hub", body({ id: hub }));
      if (world.hub === "absent") tell("no hub", absent(hub));
      if (world.hub === "refused") tell("hub refused", refused(hub));
      if (world.hubSubnet && world.hub !== "absent") tell("subnet x of the hub", body(subnetOf(hub, "x")));
      if (world.storage === "full" || world.storage === "both") {
        tell(
          "storage",
          body(aStorageAccount({ networkAcls: { virtualNetworkRules: [{ id: `${networkId}/subnets/a` }] } })),
        );
      }
      if (world.storage === "thin" || world.storage === "both") tell("thin storage", body(thinStorage));
      if (world.storage === "absent") tell("no storage", absent(storageId));
      if (world.storage === "refused") tell("storage refused", refused(storageId));
      if (world.vault === "absent") tell("no vault", absent(vault));
      if (world.vault === "refused") tell("vault refused", refused(vault));
      for (const { scope, type } of world.lists) tell(`list ${scope} ${type}`, list(scope, type));
      for (const { scope, type } of world.refusedLists)
        tell(`refused ${scope} ${type}`, list(scope, type, refusal(`${scope} ${type}`)));
      for (const rule of world.rules) {
        tell(
          `rule ${rule}`,
          body({
            id: `${sqlId}/firewallRules/${rule}`,
            properties: { startIpAddress: "203.0.113.1", endIpAddress: "203.0.113.1" },
          }),
        );
      }
      return told;
    });

  /** Everything said at its own moment: what is said last of a resource counts, whenever it is told. */
  const anyTimed: fc.Arbitrary<readonly Told[]> = fc
    .uniqueArray(
      fc.record({
        at: fc.integer({ min: 1, max: 99 }),
        says: fc.constantFrom(
          "network a",
          "network a b",
          "network",
          "subnet a",
          "subnet b",
          "no subnet a",
          "no network",
        ),
      }),
      { selector: ({ at }) => at, maxLength: 5 },
    )
    .map((all) =>
      all.map(({ at, says }) => {
        const [subject, ...names] = says.split(" ");
        if (says === "no network") return { says: `${at}: ${says}`, step: absent(networkId, at) };
        if (subject === "no") return { says: `${at}: ${says}`, step: absent(`${networkId}/subnets/a`, at) };
        const given = subject === "network" ? networkOf(networkId, names) : subnetOf(networkId, names.join(""));
        return { says: `${at}: ${says}`, step: body(given, at) };
      }),
    );

  function answersOf(told: readonly Told[]): unknown {
    const snapshot = snapshotOf(...told.map(({ step }) => step));
    const ids = [
      storageId,
      vault,
      networkId,
      hub,
      ...["a", "b", "c", "d"].map((name) => `${networkId}/subnets/${name}`),
      ...["h", "x", "y"].map((name) => `${hub}/subnets/${name}`),
      ...["r1", "r2", "r3"].map((name) => `${sqlId}/firewallRules/${name}`),
    ].map(idOf);
    const textsOf = (facts: readonly { id: { text: string } }[]) => facts.map((fact) => fact.id.text).sort();
    const lists = [
      { parent: networkId, type: subnetType },
      { parent: hub, type: subnetType },
      { parent: sqlId, type: firewallRuleType },
    ];
    return {
      found: ids.map((id) => ({ id: id.text, found: snapshot.get(id) })),
      naming: ids.map((id) => ({ id: id.text, naming: textsOf(snapshot.naming(id)) })),
      lists: lists.map(({ parent, type }) => {
        const { facts, completeness } = snapshot.list(idOf(parent), type);
        return { parent, type, facts: textsOf(facts), completeness };
      }),
      everywhere: [storageType, networkType, subnetType].map((type) => snapshot.everywhere(type)),
      conflicts: [...snapshot.conflicts.keys()].sort(),
      size: snapshot.size,
    };
  }

  const shuffled = (any: fc.Arbitrary<readonly Told[]>) =>
    any.chain((told) => {
      const all = [...told];
      return fc.record({ told: fc.constant(told), shuffled: fc.shuffledSubarray(all, { minLength: all.length }) });
    });

  it("does not matter where no two of them contradict each other", () => {
    fc.assert(
      fc.property(shuffled(anyTold), ({ told, shuffled: other }) => {
        expect(answersOf(other)).toEqual(answersOf(told));
      }),
    );
  });

  it("does not matter where every one of them has its time", () => {
    fc.assert(
      fc.property(shuffled(anyTimed), ({ told, shuffled: other }) => {
        expect(answersOf(other)).toEqual(answersOf(told));
      }),
    );
  });
});
