import type { FilterListSource } from "../catalog/access-list-sources.ts";
import type { AccessRule } from "../model/fact.ts";
import { ofService, rawAt, type ServiceScene } from "./boundary-changes.ts";
import type { Change, Proposer } from "./change.ts";
import { patchCommand } from "./patch-command.ts";

/** Whom no rule matches gets in: a last rule rejects all of them. */
export const rejectOthers: Proposer = ofService((scene) => {
  const [filter] = filtersOf(scene);
  if (filter === undefined) return [];
  const entry = { filterName: "cordon-all-others", action: "Reject", ipMask: "0.0.0.0/0", target: "all" };
  return [changed(`${filter.pointer}/-`, undefined, entry, filter, scene)];
});

/** Each rule that accepts somebody is taken away. */
export const removeAccepting: Proposer = ofService((scene) => {
  const [filter] = filtersOf(scene);
  if (filter === undefined) return [];
  const { settings, bodies } = scene;
  const rules = settings.accessLists.flatMap((list) => (list.rules.kind === "known" ? list.rules.value : []));
  const accepting = rules.filter(({ access }) => access === "allow");
  const paths = new Set(accepting.flatMap((rule) => elementOf(rule, filter) ?? []));
  return [...paths].map((path) => changed(path, rawAt(settings.holder, path, bodies), undefined, filter, scene));
});

/** A list has the rules for all parts. */
function filtersOf({ source: { accessLists = [] }, settings, bodies }: ServiceScene): readonly FilterListSource[] {
  if (bodies(settings.holder) === undefined) return [];
  return accessLists.flatMap((list) => ("target" in list ? [list] : []));
}

function elementOf({ at }: AccessRule, { pointer, rule }: FilterListSource): string | undefined {
  const isIn = at.pointer.startsWith(`${pointer}/`) && at.pointer.endsWith(rule.value);
  return isIn ? at.pointer.slice(0, -rule.value.length) : undefined;
}

function changed(
  path: string,
  old: unknown,
  value: unknown,
  { pointer }: FilterListSource,
  { settings: { holder } }: ServiceScene,
): Change {
  const commands: Change["commands"] = (after) => patchCommand(holder, pointer, after);
  return { edits: [{ resource: holder, path, old, new: value }], commands };
}
