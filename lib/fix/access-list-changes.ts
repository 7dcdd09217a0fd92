import type { AccessListSource } from "../catalog/access-list-sources.ts";
import { switchOf } from "../catalog/public-access.ts";
import type { AccessList, AccessRule, FirewallSettings } from "../model/fact.ts";
import { IpSet } from "../net/ip-set.ts";
import { ofService, rawAt, type ServiceScene } from "./boundary-changes.ts";
import { type Change, type Proposer, setting } from "./change.ts";
import type { Edit } from "./edit.ts";
import { patchCommand } from "./patch-command.ts";

/** An ordered list of rules before a part of a service, and where it stands. */
interface PlacedList {
  readonly list: AccessList;
  readonly source: AccessListSource;
}

/** The lists that count and that Cordon knows how to change; one that another list takes the place of does not. */
function listsOf({ source: { accessLists = [] }, settings }: ServiceScene): readonly PlacedList[] {
  return accessLists.flatMap((source, index): PlacedList[] => {
    const list = settings.accessLists[index];
    const isReplaced = list?.usesFirst.kind === "known" && list.usesFirst.value;
    return list === undefined || isReplaced || "requests" in source || "target" in source ? [] : [{ list, source }];
  });
}

type PlacedRule = PlacedList & { readonly rule: AccessRule };

function rulesOf(scene: ServiceScene): readonly PlacedRule[] {
  return listsOf(scene).flatMap(({ list, source }) => {
    const rules = list.rules.kind === "known" ? list.rules.value : [];
    return rules.map((rule) => ({ list, source, rule }));
  });
}

/** The rules for subnets that let somebody in. */
export function networkRulesIn({ accessLists }: FirewallSettings): readonly { readonly rule: AccessRule }[] {
  return accessLists.flatMap(({ rules }) => {
    const all = rules.kind === "known" ? rules.value : [];
    return all.filter(({ isNetworkRule, access }) => isNetworkRule && access !== "deny").map((rule) => ({ rule }));
  });
}

/** Of each list that lets in whom no rule matches: from now on it does not. */
export const denyUnmatched: Proposer = ofService((scene) =>
  listsOf(scene).map(({ list, source }) => {
    const { pointer } = source.unmatched;
    const isDenied = list.unmatched.kind === "known" && list.unmatched.value === "deny";
    if (isDenied) return undefined;
    return set(scene, pointer, "Deny", shownAs("Deny", { list, source }, scene));
  }),
);

/** The list of the main site takes the place of the other one. */
export const useMainList: Proposer = ofService((scene) =>
  listsOf(scene).map(({ source: { usesFirst } }) =>
    usesFirst === undefined ? undefined : set(scene, usesFirst, true),
  ),
);

/** Azure shows what becomes of those whom no rule matches as the last row. */
function shownAs(
  action: string,
  { list, source }: PlacedList,
  { settings: { holder }, bodies }: ServiceScene,
): readonly Edit[] {
  if (list.shown === undefined) return [];
  const { pointer } = list.shown;
  const edit = setting(holder, pointer, action, bodies);
  return edit === undefined || !pointer.startsWith(source.pointer) ? [] : [edit];
}

function set(
  { settings: { holder }, bodies }: ServiceScene,
  path: string,
  value: unknown,
  follows: readonly Edit[] = [],
): Change | undefined {
  const edit = setting(holder, path, value, bodies);
  return edit === undefined
    ? undefined
    : { edits: [edit], follows, commands: (after) => patchCommand(holder, path, after) };
}

/** Every rule that lets somebody in is taken away, or cut down to what the policy approves of it. */
export const narrowListedRules: Proposer = ofService((scene) => {
  const admitting = rulesOf(scene).filter(({ rule }) => rule.access !== "deny" && !rule.isNetworkRule);
  return admitting.flatMap((placed) => [cutDown(placed, scene), without(placed, scene)]);
});

/** Rules about addresses, one by one. */
export const removeListedRules: Proposer = ofService((scene) =>
  rulesOf(scene)
    .filter(({ rule }) => !rule.isNetworkRule)
    .map((placed) => without(placed, scene)),
);

/** All rules about addresses at once, as one decision. */
export const removeAllListedRules: Proposer = ofService((scene) => {
  const changes = rulesOf(scene)
    .filter(({ rule }) => !rule.isNetworkRule)
    .map((placed) => without(placed, scene));
  const known = changes.filter((change) => change !== undefined);
  if (known.length < 2) return [];
  return [{ edits: known.flatMap(({ edits }) => edits), commands: (after) => listCommands(known, scene, after) }];
});

export const removeListedNetworkRules: Proposer = ofService((scene) =>
  rulesOf(scene)
    .filter(({ rule }) => rule.isNetworkRule)
    .map((placed) => without(placed, scene)),
);

function listCommands(changes: readonly Change[], scene: ServiceScene, after: Parameters<Change["commands"]>[0]) {
  const touched = listsOf(scene).filter(({ source: { pointer } }) =>
    changes.some(({ edits }) => edits.some(({ path }) => path.startsWith(`${pointer}/`))),
  );
  return touched.flatMap(({ source: { pointer } }) => patchCommand(scene.settings.holder, pointer, after));
}

/** Without its last rule a list lets everybody in, unless it says otherwise: so it is made to. */
function without({ list, source, rule }: PlacedRule, scene: ServiceScene): Change | undefined {
  const {
    settings: { holder },
    bodies,
  } = scene;
  const path = entryOf(rule, source);
  if (bodies(holder) === undefined || path === undefined) return undefined;
  const old = rawAt(holder, path, bodies);
  const saysSo = list.unmatched.kind === "known" && list.unmatched.value !== undefined;
  const deny = saysSo ? undefined : setting(holder, source.unmatched.pointer, "Deny", bodies);
  const edits = [...(deny === undefined ? [] : [deny]), { resource: holder, path, old, new: undefined }];
  return {
    edits,
    commands: (after) => [
      ...(deny === undefined ? [] : patchCommand(holder, source.unmatched.pointer, after)),
      ...patchCommand(holder, source.pointer, after),
    ],
  };
}

/** More sources than that a rule cannot have: https://learn.microsoft.com/azure/app-service/overview-access-restrictions#multi-source-rules */
const sourcesAtMost = 8;

function cutDown({ source, rule }: PlacedRule, scene: ServiceScene): Change | undefined {
  const {
    settings: { holder },
    bodies,
    policy,
    service,
  } = scene;
  const path = entryOf(rule, source);
  const wanted = rule.addresses.intersect(policy.wantedAt(service));
  const texts = wanted.toPrefixes().map(asPrefix);
  const isLess = !wanted.isEmpty && !wanted.equals(rule.addresses) && texts.length <= sourcesAtMost;
  if (path === undefined || !isLess || rule.tags.length > 0 || rule.because !== undefined) return undefined;
  const edit = setting(holder, `${path}${source.rule.value}`, texts.join(","), bodies);
  return edit && { edits: [edit], commands: (after) => patchCommand(holder, source.pointer, after) };
}

/** The NAT addresses of each site that needs the service, as far as no rule of the main list names them. */
export const addListedSites: Proposer = ofService((scene) => {
  const sites = scene.policy.publicSitesThatNeed(scene.service);
  return sites.map(({ name, natAddresses }) => added(name, natAddresses, scene));
});

/** What the policy approves for every service, as far as no rule of the main list names it. */
export const addListedApproved: Proposer = ofService((scene) => {
  const { approvedAddresses } = scene.policy;
  return approvedAddresses === undefined ? [] : [added("approved", approvedAddresses, scene)];
});

/** A rule before all others. */
function added(name: string, wanted: IpSet, scene: ServiceScene): Change | undefined {
  const {
    settings: { holder },
    bodies,
  } = scene;
  const [main] = listsOf(scene);
  if (main === undefined || main.list.rules.kind === "unknown" || bodies(holder) === undefined) return undefined;
  const { value: rules } = main.list.rules;
  const named = IpSet.union(
    rules.filter(({ access, headers }) => access === "allow" && headers.size === 0).map((one) => one.addresses),
  );
  const texts = wanted.minus(named).toPrefixes().map(asPrefix);
  if (texts.length === 0 || texts.length > sourcesAtMost) return undefined;
  const { pointer, rule } = main.source;
  const [first] = rules.map((one) => Number(rawAt(holder, `${entryOf(one, main.source)}${rule.priority}`, bodies)));
  const priority = first === undefined || first > 100 ? 100 : first - 1;
  if (!Number.isInteger(priority) || priority < 1) return undefined;
  const entry = { ipAddress: texts.join(","), action: "Allow", tag: "Default", priority, name };
  const edits = [{ resource: holder, path: `${pointer}/-`, old: undefined, new: entry }];
  return { edits, commands: (after) => patchCommand(holder, pointer, after) };
}

/** A single address is written as a prefix: https://learn.microsoft.com/azure/app-service/app-service-ip-restrictions */
function asPrefix(text: string): string {
  if (text.includes("/")) return text;
  return `${text}/${text.includes(":") ? 128 : 32}`;
}

/** The element of the list that a rule stands for. */
function entryOf({ at }: AccessRule, { pointer }: AccessListSource): string | undefined {
  const [, index] = /^\/(\d+)\//.exec(at.pointer.startsWith(pointer) ? at.pointer.slice(pointer.length) : "") ?? [];
  return index === undefined ? undefined : `${pointer}/${index}`;
}

/** Of an app: its own switch, which it needs no rule for. */
export const switchAppOff: Proposer = ofService(({ service, source, bodies }) => {
  const { pointer } = switchOf(source) ?? {};
  if (source.accessLists === undefined || pointer === undefined) return [];
  const isOff = service.publicNetworkAccess.kind === "known" && service.publicNetworkAccess.value === "off";
  const off = isOff ? undefined : setting(service.id, pointer, "Disabled", bodies);
  return off === undefined ? [] : [{ edits: [off], commands: (after) => patchCommand(service.id, pointer, after) }];
});

/** Never without Deny: to let the few in must not let everybody in. */
export const switchAppOn: Proposer = ofService((scene) => {
  const {
    service,
    source,
    bodies,
    settings: { holder },
  } = scene;
  const { pointer } = switchOf(source) ?? {};
  if (source.accessLists === undefined || pointer === undefined || listsOf(scene).length === 0) return [];
  const on = setting(service.id, pointer, "Enabled", bodies);
  if (on === undefined) return [];
  const denials = listsOf(scene).flatMap(
    ({ source: { unmatched } }) => setting(holder, unmatched.pointer, "Deny", bodies) ?? [],
  );
  return [
    {
      edits: [...denials, on],
      commands: (after) => [
        ...denials.flatMap(({ path }) => patchCommand(holder, path, after)),
        ...patchCommand(service.id, pointer, after),
      ],
      caveats: ["public access is switched on: where it was switched off on purpose, let the callers come another way"],
    },
  ];
});
