import type { FilterListSource } from "../catalog/access-list-sources.ts";
import type { AccessList, AccessRule } from "../model/fact.ts";
import { IpSet } from "../net/ip-set.ts";
import { ofService, rawAt, type ServiceScene } from "./boundary-changes.ts";
import type { Change, Proposer } from "./change.ts";
import type { Edit } from "./edit.ts";
import { patchCommand } from "./patch-command.ts";

/** https://learn.microsoft.com/azure/iot-dps/iot-dps-ip-filtering#add-an-ip-filter-rule */
const rulesAtMost = 100;

/** Whom no rule matches gets in: last rules accept whom the policy wants, and reject all others. */
export const rejectOthers: Proposer = ofFilters((filter, scene) => {
  const wanted = scene.policy.wantedAt(scene.service).minus(acceptedFirst(scene));
  const others = { filterName: "cordon-all-others", action: "Reject", ipMask: "0.0.0.0/0", target: "all" };
  const entries = [...accepting(wanted), others];
  return [
    changed(
      entries.map((entry) => edit(scene, `${filter.pointer}/-`, undefined, entry)),
      filter,
      scene,
    ),
  ];
});

/** The NAT addresses of each site that needs the service are accepted before all else. */
export const acceptSites: Proposer = ofFilters((filter, scene) => {
  const old = rawAt(scene.settings.holder, filter.pointer, scene.bodies);
  return scene.policy.publicSitesThatNeed(scene.service).map(({ natAddresses }) => {
    const entries = accepting(natAddresses.minus(acceptedFirst(scene)));
    if (!Array.isArray(old) || entries.length === 0) return undefined;
    return changed([edit(scene, filter.pointer, old, [...entries, ...old])], filter, scene);
  });
});

/** Each rule that accepts somebody is taken away. */
export const removeAccepting: Proposer = ofFilters((filter, scene) => {
  const accepts = listsIn(scene).flatMap((rules) => rules.filter(({ access }) => access === "allow"));
  const paths = new Set(accepts.flatMap((rule) => elementOf(rule, filter) ?? []));
  const { settings, bodies } = scene;
  return [...paths].map((path) =>
    changed([edit(scene, path, rawAt(settings.holder, path, bodies), undefined)], filter, scene),
  );
});

/** A proposer that is asked about services with such a list only; it has the rules for all of their parts. */
function ofFilters(
  propose: (filter: FilterListSource, scene: ServiceScene) => readonly (Change | undefined)[],
): Proposer {
  return ofService((scene) => {
    const filter = scene.source.accessLists?.find((list) => "target" in list);
    const isKnown = filter !== undefined && scene.bodies(scene.settings.holder) !== undefined;
    return isKnown ? propose(filter, scene) : [];
  });
}

function listsIn({ settings }: ServiceScene): readonly (readonly AccessRule[])[] {
  const rulesOf = ({ rules }: AccessList) => (rules.kind === "known" ? rules.value : []);
  return settings.accessLists.map(rulesOf);
}

/** Whom all parts accept before they reject anybody. */
function acceptedFirst(scene: ServiceScene): IpSet {
  const sets = listsIn(scene).map((rules) => {
    const end = rules.findIndex(({ access }) => access !== "allow");
    return IpSet.union(rules.slice(0, end < 0 ? rules.length : end).map(({ addresses }) => addresses));
  });
  return sets.reduce((all, one) => all.intersect(one), IpSet.all);
}

function accepting(wanted: IpSet): readonly object[] {
  const masks = wanted.intersect(IpSet.ipv4).toPrefixes();
  return masks.map((ipMask) => ({ filterName: `cordon-${ipMask}`, action: "Accept", ipMask, target: "all" }));
}

function elementOf({ at }: AccessRule, { pointer, rule }: FilterListSource): string | undefined {
  const isIn = at.pointer.startsWith(`${pointer}/`) && at.pointer.endsWith(rule.value);
  return isIn ? at.pointer.slice(0, -rule.value.length) : undefined;
}

function edit({ settings: { holder } }: ServiceScene, path: string, old: unknown, value: unknown): Edit {
  return { resource: holder, path, old, new: value };
}

/** Undefined where there would be more rules than there can be. */
function changed(
  edits: readonly Edit[],
  { pointer }: FilterListSource,
  { settings: { holder }, bodies }: ServiceScene,
): Change | undefined {
  const held = rawAt(holder, pointer, bodies);
  const longest = Math.max(...edits.map(({ new: value }) => (Array.isArray(value) ? value.length : 0)));
  const count = Math.max(longest, (Array.isArray(held) ? held.length : 0) + edits.length);
  if (count > rulesAtMost) return undefined;
  return { edits, commands: (after) => patchCommand(holder, pointer, after) };
}
