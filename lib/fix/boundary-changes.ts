import { hasFirewall, serviceOfType } from "../catalog/index.ts";
import { switchOf } from "../catalog/public-access.ts";
import type { FirewalledService, FirewallPartSource, PublicNetworkAccessAt, Service } from "../catalog/service.ts";
import { isInTier, isWithoutFirewall } from "../catalog/tiers.ts";
import type { FirewallSettings, ServiceFact } from "../model/fact.ts";
import type { Policy } from "../model/policy.ts";
import type { ResourceId } from "../model/resource-id.ts";
import { isSetTo } from "../model/setting.ts";
import { factAt, type Snapshot } from "../model/snapshot.ts";
import { heldFirewallOf } from "../reach/firewall-settings.ts";
import { privateEndpointDoorsOf } from "../reach/private-endpoint-doors.ts";
import { type Change, type Proposer, type Scene, setting } from "./change.ts";
import { type Command, command } from "./command.ts";
import type { Bodies, Edit } from "./edit.ts";
import { patchCommand } from "./patch-command.ts";
import { type ServiceCommands, serviceCommands } from "./service-commands.ts";

/** A service, and where its settings are. */
export interface ServiceScene {
  readonly service: ServiceFact;
  readonly source: Service;
  readonly settings: FirewallSettings;
  readonly snapshot: Snapshot;
  readonly policy: Policy;
  readonly bodies: Bodies;
}

/** One with a firewall, and the commands for that. */
export interface FirewallScene extends ServiceScene {
  readonly source: FirewalledService;
  readonly commands: ServiceCommands;
}

/** Undefined where the finding is not about a service. */
function serviceScene({ finding, ...scene }: Scene): ServiceScene | undefined {
  const service = factAt(finding.resource, "service", scene.snapshot);
  const source = serviceOfType(finding.resource.type);
  if (service === undefined || source === undefined) return undefined;
  const { settings } = heldFirewallOf(service, scene.snapshot);
  return { ...scene, service, source, settings };
}

/** A proposer that is asked about services only. */
export function ofService(propose: (scene: ServiceScene) => readonly (Change | undefined)[]): Proposer {
  return (scene) => {
    const own = serviceScene(scene);
    return own === undefined ? [] : propose(own).filter((change) => change !== undefined);
  };
}

/** A proposer that is asked about services with a firewall only. */
export function ofFirewall(propose: (scene: FirewallScene) => readonly (Change | undefined)[]): Proposer {
  return ofService((scene) => {
    const { source } = scene;
    const commands = serviceCommands(scene.service.id.type);
    if (source.accessLists !== undefined || commands === undefined) return [];
    const changes = propose({ ...scene, source, commands });
    const refusal = refusalOf(scene);
    if (refusal === undefined) return changes;
    return changes.map((change) => change && { ...change, caveats: [...(change.caveats ?? []), refusal] });
  });
}

/** Why Azure takes no change of the firewall as long as the service is in its tier. */
function refusalOf({ service: { id }, source, bodies }: ServiceScene) {
  if (!isWithoutFirewall(source, bodies(id))) return undefined;
  const tier = rawAt(id, "/sku/tier", bodies) ?? rawAt(id, "/sku/name", bodies);
  const lacking = hasFirewall(id.type) ? "firewall" : "switch for public access";
  return `\`${id.name}\` is in the tier ${tier}, which has no ${lacking}: move it to one that has first`;
}

export const denyByDefault = ofFirewall((scene) =>
  denials(scene).map((deny) => ({ edits: [deny], commands: (after) => denyCommands(deny, scene, after) })),
);

/** Of each part that does not deny by default yet. */
function denials(scene: FirewallScene): readonly Edit[] {
  const { source, settings, bodies } = scene;
  const whole = wholeRuleSet(scene);
  if (whole !== undefined) return [whole];
  const own = { source: source.defaultAction, setting: settings.defaultAction };
  const others = (source.parts ?? []).map(({ defaultAction, onlyIf }, index) => {
    return { source: defaultAction, setting: settings.parts[index]?.defaultAction, onlyIf };
  });
  const edits = [own, ...others].flatMap(({ source: at, setting: now, onlyIf }: Denied) => {
    if ("always" in at || now?.kind !== "known" || now.value === "deny") return [];
    if (now.pointer !== onlyIf?.pointer) return setting(settings.holder, at.pointer, "Deny", bodies) ?? [];
    const canApply = !isInTier(onlyIf.tiersWithout, bodies(settings.holder));
    return canApply ? (setting(settings.holder, onlyIf.pointer, true, bodies) ?? []) : [];
  });
  return [...new Map(edits.map((edit) => [edit.path, edit])).values()];
}

/** Where a body has none, Azure takes one only with all that belongs to it. */
function wholeRuleSet({ source, settings: { holder }, bodies }: FirewallScene): Edit | undefined {
  const { defaultAction, ipRules, parts = [] } = source;
  if ("always" in defaultAction || defaultAction.within === undefined) return undefined;
  if ((rawAt(holder, defaultAction.within, bodies) ?? undefined) !== undefined) return undefined;
  const flags = parts.flatMap(({ onlyIf }): [string, boolean][] =>
    onlyIf === undefined ? [] : [[onlyIf.pointer, !isInTier(onlyIf.tiersWithout, bodies(holder))]],
  );
  const lists = ipRules.flatMap((one): [string, object][] => (one.in === "body" ? [[one.pointer, []]] : []));
  const all: readonly [string, unknown][] = [[defaultAction.pointer, "Deny"], ...flags, ...lists];
  const named = all.map(([pointer, value]) => [pointer.slice(pointer.lastIndexOf("/") + 1), value]);
  return setting(holder, defaultAction.within, Object.fromEntries(named), bodies);
}

interface Denied {
  readonly source: FirewalledService["defaultAction"];
  readonly setting: FirewallSettings["defaultAction"] | undefined;
  readonly onlyIf?: FirewallPartSource["onlyIf"];
}

function denyCommands(
  { path }: Edit,
  { service, settings: { holder }, commands, bodies }: FirewallScene,
  after: Bodies,
): readonly Command[] {
  const { defaultAction, defaultActionWithin } = commands;
  const isLacking = defaultActionWithin !== undefined && !rawAt(holder, defaultActionWithin, bodies);
  if (isLacking || defaultAction === undefined) return patchCommand(holder, path, after);
  return [command(defaultAction, service.id, { name: service.id.name, value: "Deny" })];
}

export const switchPublicAccessOff = ofFirewall((scene) => {
  const { service } = scene;
  if (service.publicNetworkAccess.kind === "known" && service.publicNetworkAccess.value === "off") return [];
  if (!isSwitchable(scene)) return [];
  const edits = switchedTo("off", scene);
  const caveats = scene.commands.offNeeds === undefined ? [] : [scene.commands.offNeeds];
  return edits.length === 0 ? [] : [{ edits, commands: (after) => accessCommands("Disabled", scene, after), caveats }];
});

function isSwitchable({ service, commands, snapshot }: FirewallScene): boolean {
  const { switchesOnlyWith: needed } = commands;
  if (needed === undefined) return true;
  return needed === "entranceInNetwork"
    ? isSetTo(service.id, service.entranceInNetwork, true).must
    : privateEndpointDoorsOf(service, snapshot).isAnyApproved.must;
}

/** The switches of all parts. */
function switchedTo(meaning: "on" | "off", { service, source, bodies }: FirewallScene): readonly Edit[] {
  const access = switchOf(source);
  if (access === undefined) return [];
  const word = spelled(meaning, access);
  return [access.pointer, ...(access.others ?? [])].flatMap((at) => setting(service.id, at, word, bodies) ?? []);
}

/** As ARM has it: a word, or a boolean. */
function spelled(meaning: "on" | "off", { values, spelled: own }: PublicNetworkAccessAt): string | boolean {
  if (own !== undefined) return own[meaning];
  if (Object.hasOwn(values, "true")) return values.true === meaning;
  return meaning === "on" ? "Enabled" : "Disabled";
}

/** Never without Deny: to let the few in must not let everybody in. What is left to a perimeter stays with it. */
export const switchPublicAccessOn = ofFirewall((scene) => {
  const { service, source, settings, bodies } = scene;
  if (isSetTo(service.id, service.publicNetworkAccess, "perimeter").must) return [];
  if ("always" in source.defaultAction && source.defaultAction.always === "allow") return [];
  if (!isSwitchable(scene)) return [];
  const { pointer } = switchOf(source) ?? {};
  const on = switchedTo("on", scene);
  const inChild = settings.holder.key === service.id.key ? undefined : bodies(settings.holder);
  const child = Object(inChild?.properties).publicNetworkAccess;
  const held =
    pointer === undefined || child === undefined || child === "Enabled"
      ? undefined
      : setting(settings.holder, pointer, "Enabled", bodies);
  if (on.length === 0 && held === undefined) return [];
  const deny = denials(scene);
  const edits = [...deny, ...on, held].filter((edit) => edit !== undefined);
  const first = (after: Bodies) => deny.flatMap((edit) => denyCommands(edit, scene, after));
  const inRules = held === undefined ? [] : [ruleSetCommand(scene)];
  return [
    {
      edits,
      commands: (after) => [
        ...first(after),
        ...(on.length === 0 ? [] : accessCommands("Enabled", scene, after)),
        ...inRules,
      ],
      caveats: ["public access is switched on: where it was switched off on purpose, let the callers come another way"],
    },
  ];
});

function ruleSetCommand({ service, commands }: FirewallScene): Command {
  return command(commands.ruleSetAccess ?? "", service.id, { name: service.id.name, value: "Enabled" });
}

function accessCommands(
  value: "Enabled" | "Disabled",
  { service, source, commands: { publicNetworkAccess: template, spellings } }: FirewallScene,
  after: Bodies,
): readonly Command[] {
  const { pointer = "" } = switchOf(source) ?? {};
  if (template === undefined) return patchCommand(service.id, pointer, after);
  return [command(template, service.id, { name: service.id.name, value: spellings?.[value] ?? value })];
}

/** The element of a list in a body that a pointer leads into; undefined where it leads elsewhere. */
export function elementAt(pointer: string, list: string): string | undefined {
  const [, index] = /^\/(\d+)(?:\/|$)/.exec(pointer.startsWith(list) ? pointer.slice(list.length) : "") ?? [];
  return index === undefined ? undefined : `${list}/${index}`;
}

/** What stands in a body at a pointer. */
export function rawAt(id: ResourceId, pointer: string, bodies: Bodies): unknown {
  return pointer
    .split("/")
    .slice(1)
    .reduce<unknown>((at, name) => Object(at)[name], bodies(id));
}
