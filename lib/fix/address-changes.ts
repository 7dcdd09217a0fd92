import type { IpRuleSource } from "../catalog/service.ts";
import type { IpRule } from "../model/fact.ts";
import { fold } from "../model/resource-id.ts";
import { IpSet } from "../net/ip-set.ts";
import { parseAddresses } from "../net/parse-addresses.ts";
import { firewallOf } from "../reach/firewall.ts";
import { elementAt, type FirewallScene, ofFirewall, rawAt } from "./boundary-changes.ts";
import { type Change, creation, deletion, setting } from "./change.ts";
import { type Command, command } from "./command.ts";
import type { Bodies, Edit } from "./edit.ts";
import { patchCommand } from "./patch-command.ts";

/** One IP rule of a service, and where it is kept. */
interface PlacedRule {
  readonly rule: IpRule;
  readonly source: IpRuleSource;
}

/** More ranges than anybody would want to see in the place of one rule. */
const rangesAtMost = 8;

/** Every rule is taken away, or cut down to what the policy approves of it. */
export const narrowAddresses = ofFirewall((scene) =>
  rulesOf(scene).flatMap((placed) => [kept(placed, wantedOf(placed.rule, scene), scene), kept(placed, [], scene)]),
);

/** The rules that stand for every workload in Azure. */
export const removeAzureRule = ofFirewall((scene) =>
  rulesOf(scene)
    .filter(({ rule }) => rule.isAzure === true)
    .map((placed) => kept(placed, [], scene)),
);

/** The rules that admit nobody, and those for sites that do not come this way. */
export const removeAddresses = ofFirewall((scene) => rulesOf(scene).map((placed) => kept(placed, [], scene)));

/** All rules at once, as one decision. */
export const removeAllAddresses = ofFirewall((scene) => {
  const changes = rulesOf(scene).map((placed) => kept(placed, [], scene));
  const known = changes.filter((change) => change !== undefined);
  if (known.length < 2 || known.length < changes.length) return [];
  return [together(known)];
});

/** The NAT addresses of each site that needs the service, as far as no rule admits them. */
export const addSiteAddresses = ofFirewall((scene) => {
  const sites = scene.policy.publicSitesThatNeed(scene.service);
  const listed = IpSet.union(rulesOf(scene).map(({ rule }) => rule.must));
  return sites.map(({ name, natAddresses }) => added(name, natAddresses.minus(listed), scene));
});

/** What the policy approves for every service, as far as no rule admits it. */
export const addApprovedAddresses = ofFirewall((scene) => {
  const { approvedAddresses } = scene.policy;
  if (approvedAddresses === undefined) return [];
  const listed = IpSet.union(rulesOf(scene).map(({ rule }) => rule.must));
  return [added("approved", approvedAddresses.minus(listed), scene)];
});

/** The entry that lets in nobody, which keeps on a firewall that is off without one. */
export const addNobody = ofFirewall((scene) => {
  const { source, settings, service, bodies } = scene;
  const own = source.ipRules.find(({ special }) => special?.standsFor === "nobody");
  if (own?.in !== "body" || own.special === undefined || bodies(service.id) === undefined) return [];
  const { entry: nobody } = own.special;
  if (rulesOf(scene).some(({ rule }) => rule.at.value === nobody)) return [];
  const { holder } = settings;
  return [
    {
      edits: [appended(nobody, undefined, own, holder)],
      commands: (after) => listCommand("addAddress", nobody, own, holder, scene, after),
    },
  ];
});

function together(changes: readonly Change[]): Change {
  return {
    edits: changes.flatMap(({ edits }) => edits),
    commands: (after) => changes.flatMap(({ commands }) => commands(after)),
    caveats: changes.flatMap(({ caveats = [] }) => caveats),
  };
}

function rulesOf({ service, source, settings, snapshot }: FirewallScene): readonly PlacedRule[] {
  const lists = [settings, ...settings.parts];
  const sources = [...source.ipRules, ...(source.parts ?? []).flatMap(({ ipRules }) => ipRules)];
  const rules = lists.flatMap((list) => firewallOf(service, list, snapshot).rules);
  const distinct = new Map(rules.map((rule) => [`${rule.at.resource.key} ${rule.at.pointer}`, rule]));
  return [...distinct.values()].flatMap((rule): PlacedRule[] => {
    const own = sources.find((one) => isOf(rule, one));
    return own === undefined ? [] : [{ rule, source: own }];
  });
}

function isOf({ at }: IpRule, source: IpRuleSource): boolean {
  if (source.in === "child") return at.resource.type.endsWith(`/${fold(source.type)}`);
  if (source.separator !== undefined) return at.pointer === source.pointer;
  return elementAt(at.pointer, source.pointer) !== undefined;
}

/** What the policy approves of a rule; undefined where that is nothing, or all of it. */
function wantedOf({ must }: IpRule, { policy, service }: FirewallScene): readonly string[] | undefined {
  const wanted = must.intersect(policy.wantedAt(service));
  if (wanted.isEmpty || wanted.equals(must)) return undefined;
  const texts = ruleTexts(wanted);
  return texts.length > rangesAtMost ? undefined : texts;
}

/** Prefixes of one or two addresses are written as addresses: https://learn.microsoft.com/azure/storage/common/storage-network-security-ip-address-range */
function ruleTexts(addresses: IpSet): readonly string[] {
  return addresses.prefixes().flatMap((prefix) => {
    const isPair = BigInt(prefix.countIpv4) + prefix.countIpv6 <= 2n;
    return isPair ? prefix.singles(2).flatMap((one) => one.toPrefixes()) : prefix.toPrefixes();
  });
}

/** The rule is replaced by rules for `texts`. */
function kept(
  { rule, source }: PlacedRule,
  texts: readonly string[] | undefined,
  scene: FirewallScene,
): Change | undefined {
  if (texts === undefined) return undefined;
  if (source.in === "child") return childKept(rule, source, texts, scene);
  const { resource: holder, value: text } = rule.at;
  const { bodies } = scene;
  if (source.separator !== undefined) return textKept(rule, source, texts, scene);
  const element = elementAt(rule.at.pointer, source.pointer);
  if (element === undefined || bodies(holder) === undefined) return undefined;
  const old = rawAt(holder, element, bodies);
  const edits = [
    { resource: holder, path: element, old, new: undefined },
    ...texts.map((one) => appended(one, old, source, holder)),
  ];
  return {
    edits,
    commands: (after) => [
      ...texts.flatMap((one) => listCommand("addAddress", one, source, holder, scene, after)),
      ...listCommand("removeAddress", String(text), source, holder, scene, after),
    ],
  };
}

function appended(text: string, like: unknown, source: IpRuleSource & { in: "body" }, holder: Edit["resource"]): Edit {
  const name = typeof source.value === "string" ? source.value.slice(1) : "";
  const action = source.action === undefined ? {} : { [source.action.slice(1)]: "Allow" };
  const entry = name === "" ? text : { ...Object(like ?? action), [name]: text };
  return { resource: holder, path: `${source.pointer}/-`, old: undefined, new: entry };
}

/** The rule is one of several in a text. */
function textKept(
  { at }: IpRule,
  source: IpRuleSource & { in: "body" },
  texts: readonly string[],
  scene: FirewallScene,
): Change | undefined {
  const { resource: holder, value: text } = at;
  const separator = source.separator ?? ",";
  const old = rawAt(holder, source.pointer, scene.bodies);
  if (typeof old !== "string") return undefined;
  const entries = old.split(separator).map((one) => one.trim());
  const value = entries.flatMap((one) => (one === text ? texts : [one])).join(separator);
  return {
    edits: [{ resource: holder, path: source.pointer, old, new: value }],
    commands: (after) => listCommand("removeAddress", String(text), source, holder, scene, after),
  };
}

function listCommand(
  which: "addAddress" | "removeAddress",
  value: string,
  source: IpRuleSource & { in: "body" },
  holder: Edit["resource"],
  { service, commands, source: { ipRules } }: FirewallScene,
  after: Bodies,
): readonly Command[] {
  const template = commands[which];
  if (source.family === "ipv6" || source.tags === "undocumented" || template === undefined)
    return patchCommand(holder, source.pointer, after);
  const list = ipRules.flatMap((one) => (one.in === "body" ? entriesOf(one, holder, after) : [])).join(",");
  return [command(template, service.id, { name: service.id.name, value, list: list || (commands.noAddress ?? "") })];
}

function entriesOf(source: IpRuleSource & { in: "body" }, holder: Edit["resource"], after: Bodies): readonly string[] {
  const raw = rawAt(holder, source.pointer, after);
  if (typeof raw === "string") return raw === "" ? [] : raw.split(source.separator ?? ",");
  const name = typeof source.value === "string" ? source.value.slice(1) : "";
  return Array.isArray(raw) ? raw.map((entry) => String(name === "" ? entry : Object(entry)[name])) : [];
}

/** The rule is a resource of its own: it is cut down to the first range, and more are made for the others. */
function childKept(
  { at: { resource } }: IpRule,
  source: IpRuleSource & { in: "child" },
  [text, ...others]: readonly string[],
  scene: FirewallScene,
): Change | undefined {
  const { bodies, service, commands } = scene;
  const { value } = source;
  const kind = source.type === "ipv6FirewallRules" ? "ipv6-firewall-rule" : "firewall-rule";
  const words = { name: service.id.name, rule: resource.name, kind };
  if (text === undefined) {
    const gone = deletion(resource, bodies);
    const remove = command(commands.removeAddress ?? "", service.id, words);
    return gone && { edits: [gone], commands: () => [remove], caveats: caveatsOf(scene) };
  }
  const made = others.map((one, index) => madeChild(`${resource.name}-${index + 2}`, one, source, scene));
  const known = made.filter((one) => one !== undefined);
  if (source.family === "ipv6" || typeof value === "string" || known.length < made.length) return undefined;
  const [first, last] = rangeOf(text);
  const edits = [setting(resource, value.first, first, bodies), setting(resource, value.last, last, bodies)];
  const change = command(commands.changeAddress ?? "", service.id, { ...words, first, last });
  return {
    edits: [...edits.filter((edit) => edit !== undefined), ...known.flatMap((one) => one.edits)],
    commands: (after) => [...known.flatMap((one) => one.commands(after)), change],
    caveats: caveatsOf(scene),
  };
}

function caveatsOf({ service: { publicNetworkAccess }, commands: { whileOff } }: FirewallScene): readonly string[] {
  const isOff = publicNetworkAccess.kind === "known" && publicNetworkAccess.value === "off";
  return isOff && whileOff !== undefined ? [whileOff] : [];
}

function madeChild(
  label: string,
  text: string,
  { type, value, joint }: IpRuleSource & { in: "child" },
  scene: FirewallScene,
): Change | undefined {
  const { service, source, commands, snapshot } = scene;
  const name = joint === undefined ? label : label.replaceAll("-", joint);
  const id = service.id.child(type, name);
  if (typeof value === "string" || snapshot.get(id).kind === "fact") return undefined;
  const [first, last] = rangeOf(text);
  const properties = { [nameIn(value.first)]: first, [nameIn(value.last)]: last };
  const body = { id: id.text, name, type: `${source.type}/${type}`, properties };
  const add = command(commands.addAddress ?? "", service.id, { name: service.id.name, rule: name, first, last });
  return { edits: [creation(id, body)], commands: () => [add], caveats: caveatsOf(scene) };
}

function nameIn(pointer: string): string {
  return pointer.slice(pointer.lastIndexOf("/") + 1);
}

function rangeOf(text: string): readonly [first: string, last: string] {
  const set = parseAddresses(text);
  return [set?.lowest ?? text, set?.at(set.countIpv4 - 1)?.lowest ?? text];
}

function added(name: string, missing: IpSet, scene: FirewallScene): Change | undefined {
  const { source, settings, service, bodies } = scene;
  const ipv4 = missing.intersect(IpSet.ipv4);
  if (ipv4.isEmpty || ipv4.rangeCount > rangesAtMost) return undefined;
  const target = source.ipRules.find((one) => one.family !== "ipv6" && (one.in === "child" || isUsed(one, scene)));
  if (target === undefined) return undefined;
  const texts = ruleTexts(ipv4);
  if (target.in === "child") {
    const label = name.replaceAll(/[^\w-]+/g, "-");
    const made = texts.map((text, index) =>
      madeChild(texts.length === 1 ? label : `${label}-${index + 1}`, text, target, scene),
    );
    const known = made.filter((one) => one !== undefined);
    return known.length < made.length ? undefined : together(known);
  }
  const { holder } = settings;
  if (bodies(holder) === undefined || bodies(service.id) === undefined) return undefined;
  const old = rawAt(holder, target.pointer, bodies);
  const edits =
    target.separator === undefined
      ? texts.map((text) => appended(text, undefined, target, holder))
      : [{ resource: holder, path: target.pointer, old, new: [old, ...texts].filter(Boolean).join(target.separator) }];
  return {
    edits,
    commands: (after) => texts.flatMap((text) => listCommand("addAddress", text, target, holder, scene, after)),
  };
}

/** Of two lists of which one is older, the one that the body has. */
function isUsed(
  source: IpRuleSource & { in: "body" },
  { settings: { holder }, bodies, source: { ipRules } }: FirewallScene,
) {
  const older = ipRules.find((one) => one.in === "body" && one.until !== undefined);
  const hasOlder = older?.in === "body" && typeof rawAt(holder, older.pointer, bodies) === "string";
  return hasOlder ? source === older : source.until === undefined;
}
