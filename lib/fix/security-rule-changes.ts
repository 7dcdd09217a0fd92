import type { ResourceId } from "../model/resource-id.ts";
import { elementAt, rawAt } from "./boundary-changes.ts";
import type { Change, Proposer, Scene } from "./change.ts";
import { command } from "./command.ts";
import type { Edit } from "./edit.ts";

const list = "/properties/securityRules";

/** The rules of the groups that stand before the subnet, or before an interface in it, which let somebody in. */
export const closeAllowRules: Proposer = (scene) =>
  groupsOf(scene).flatMap((nsg) => {
    const rules = rawAt(nsg, list, scene.bodies);
    if (!Array.isArray(rules)) return [];
    const allowing = rules.flatMap((rule, index) => (letsIn(rule) ? [{ rule, path: `${list}/${index}` }] : []));
    return [...allowing.map((one) => removed(nsg, one)), ...allowing.map((one) => denied(nsg, one))];
  });

interface PlacedRule {
  readonly rule: unknown;
  readonly path: string;
}

function groupsOf({ finding }: Scene): readonly ResourceId[] {
  const ids = finding.evidence.flatMap(({ resource, pointer }) => {
    const isRule =
      resource.type === "microsoft.network/networksecuritygroups" && elementAt(pointer, list) !== undefined;
    return isRule ? [resource] : [];
  });
  return [...new Map(ids.map((id) => [id.key, id])).values()];
}

function letsIn(rule: unknown): boolean {
  const { direction, access } = Object(Object(rule).properties);
  return /^inbound$/i.test(String(direction)) && /^allow$/i.test(String(access));
}

/** https://learn.microsoft.com/cli/azure/network/nsg/rule */
function removed(nsg: ResourceId, { rule, path }: PlacedRule): Change {
  return {
    edits: [{ resource: nsg, path, old: rule, new: undefined }],
    commands: () => [command("network nsg rule delete --nsg-name {nsg} --name {name}", nsg, wordsOf(nsg, rule))],
  };
}

function denied(nsg: ResourceId, { rule, path }: PlacedRule): Change {
  const { access } = Object(Object(rule).properties);
  const edit: Edit = { resource: nsg, path: `${path}/properties/access`, old: access, new: "Deny" };
  const template = "network nsg rule update --nsg-name {nsg} --name {name} --access Deny";
  return { edits: [edit], commands: () => [command(template, nsg, wordsOf(nsg, rule))] };
}

function wordsOf(nsg: ResourceId, rule: unknown) {
  return { nsg: nsg.name, name: String(Object(rule).name) };
}
