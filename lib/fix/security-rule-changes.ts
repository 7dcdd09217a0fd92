import type { SecurityRule } from "../model/fact.ts";
import { distinctIds, fold, type ResourceId } from "../model/resource-id.ts";
import { factAt } from "../model/snapshot.ts";
import { hiddenRules } from "../reach/hidden-rules.ts";
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
  return distinctIds(ids);
}

function letsIn(rule: unknown): boolean {
  const { direction, access } = Object(Object(rule).properties);
  return /^inbound$/i.test(String(direction)) && /^allow$/i.test(String(access));
}

/** A rule that denies what others before it allow, put before them, or they behind it: then it does what it says. */
export const putDenialsFirst: Proposer = (scene) =>
  hiddenIn(scene).flatMap(({ rule, by, nsg, path }): readonly Change[] => {
    const before = by.filter(({ access }) => access === "allow");
    if (rule.access !== "deny" || before.length === 0) return [];
    const taken = prioritiesOf(nsg, rule.direction, scene);
    let priority = Math.min(...before.map((one) => one.priority)) - 1;
    while (taken.has(priority)) priority -= 1;
    return priority < 100
      ? putBehind(rule, before, nsg, taken)
      : [renumbered(nsg, [{ rule, path, priority }], [denies])];
  });

const denies = "from then on the rule denies what it says: make sure that nobody has come to rely on it not doing so";

/** Where no lower number is left. */
function putBehind(
  { name, priority }: SecurityRule,
  before: readonly SecurityRule[],
  nsg: ResourceId,
  taken: ReadonlySet<unknown>,
): readonly Change[] {
  let last = priority;
  const moves = before.flatMap((rule) => {
    const path = elementAt(rule.at.pointer, list);
    do last += 1;
    while (taken.has(last));
    return path === undefined ? [] : [{ rule, path, priority: last }];
  });
  if (last > 4096 || moves.length < before.length) return [];
  const caveat = `what is allowed now comes behind \`${name}\`, and behind the rules that were between: see that they are meant to be first`;
  return [renumbered(nsg, moves, [denies, caveat])];
}

interface Move {
  readonly rule: SecurityRule;
  readonly path: string;
  readonly priority: number;
}

function renumbered(nsg: ResourceId, moves: readonly Move[], caveats: readonly string[]): Change {
  const template = "network nsg rule update --nsg-name {nsg} --name {name} --priority {priority}";
  return {
    edits: moves.map(({ rule, path, priority }) => {
      return { resource: nsg, path: `${path}/properties/priority`, old: rule.priority, new: priority };
    }),
    commands: () =>
      moves.map(({ rule, priority }) =>
        command(template, nsg, { nsg: nsg.name, name: rule.name, priority: String(priority) }),
      ),
    caveats,
  };
}

/** The rules of a group that never decide, taken away: nothing changes for anybody. */
export const removeHiddenRules: Proposer = (scene) => {
  const caveats = [
    "where what the rule says is meant, give it a lower priority number than those that hide it instead",
  ];
  return hiddenIn(scene).map(({ nsg, path }) => {
    return { ...removed(nsg, { rule: rawAt(nsg, path, scene.bodies), path }), caveats };
  });
};

function hiddenIn({ finding, snapshot, bodies }: Scene) {
  const group = factAt(finding.resource, "securityGroup", snapshot);
  if (group === undefined || bodies(group.id) === undefined) return [];
  const hidden = [group.inbound, group.outbound].flatMap((rules) =>
    rules.kind === "known" ? hiddenRules(rules.value, group, snapshot) : [],
  );
  return hidden.flatMap((one) => {
    const path = elementAt(one.rule.at.pointer, list);
    return path === undefined ? [] : [{ ...one, nsg: group.id, path }];
  });
}

/** Of the rules of one direction, which must differ. */
function prioritiesOf(nsg: ResourceId, direction: string, { bodies }: Scene): ReadonlySet<unknown> {
  const rules = rawAt(nsg, list, bodies);
  const properties = (Array.isArray(rules) ? rules : []).map((rule) => Object(Object(rule).properties));
  return new Set(properties.filter((one) => fold(String(one.direction)) === direction).map(({ priority }) => priority));
}

/** After every other rule of the subnet's group: https://learn.microsoft.com/azure/virtual-network/network-security-groups-overview */
export const denyInternetOutbound: Proposer = (scene) => {
  const { finding, snapshot, bodies } = scene;
  const subnet = factAt(finding.resource, "subnet", snapshot);
  const group = subnet?.networkSecurityGroup;
  const nsg = group?.kind === "known" ? group.value : undefined;
  const rules = nsg === undefined ? undefined : rawAt(nsg, list, bodies);
  if (nsg === undefined || !Array.isArray(rules)) return [];
  const taken = prioritiesOf(nsg, "outbound", scene);
  let priority = 4096;
  while (taken.has(priority)) priority -= 1;
  const name = "DenyInternetOutBound";
  if (rules.some((rule) => Object(rule).name === name)) return [];
  const properties = {
    priority,
    direction: "Outbound",
    access: "Deny",
    protocol: "*",
    sourceAddressPrefix: "*",
    sourcePortRange: "*",
    destinationAddressPrefix: "Internet",
    destinationPortRange: "*",
  };
  const template =
    "network nsg rule create --nsg-name {nsg} --name {name} --priority {priority} --direction Outbound --access Deny --protocol * --source-address-prefixes * --source-port-ranges * --destination-address-prefixes Internet --destination-port-ranges *";
  return [
    {
      edits: [{ resource: nsg, path: `${list}/-`, old: undefined, new: { name, properties } }],
      commands: () => [command(template, nsg, { nsg: nsg.name, name, priority: String(priority) })],
      caveats: [`other subnets that \`${nsg.name}\` is attached to lose their way to the internet as well`],
    },
  ];
};

/** The rules that the finding names which let the subnet out. */
export const closeOutboundRules: Proposer = (scene) =>
  groupsOf(scene).flatMap((nsg) => {
    const rules = rawAt(nsg, list, scene.bodies);
    if (!Array.isArray(rules)) return [];
    return rules.flatMap((rule, index) => (letsOut(rule) ? [removed(nsg, { rule, path: `${list}/${index}` })] : []));
  });

function letsOut(rule: unknown): boolean {
  const { direction, access } = Object(Object(rule).properties);
  return /^outbound$/i.test(String(direction)) && /^allow$/i.test(String(access));
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
