import type { PerimeterAssociationFact } from "../model/fact.ts";
import { distinctIds, type ResourceId } from "../model/resource-id.ts";
import type { Snapshot } from "../model/snapshot.ts";
import { ofService, rawAt } from "./boundary-changes.ts";
import { type Change, creation, deletion, type Proposer, type Scene, setting } from "./change.ts";
import { type Command, command } from "./command.ts";
import type { Bodies, Edit } from "./edit.ts";

const associations = "microsoft.network/networksecurityperimeters/resourceassociations";
const rules = "microsoft.network/networksecurityperimeters/profiles/accessrules";

/** The associations of the service enforce: https://learn.microsoft.com/cli/azure/network/perimeter/association */
export const enforcePerimeter: Proposer = ({ finding, snapshot, bodies }) =>
  associationsOf(finding.resource, snapshot).flatMap(({ id }): Change[] => {
    const edit = setting(id, "/properties/accessMode", "Enforced", bodies);
    if (edit === undefined) return [];
    const template =
      "network perimeter association update --perimeter-name {perimeter} --name {name} --access-mode Enforced";
    const words = { perimeter: id.parent?.name ?? "", name: id.name };
    return [
      {
        edits: [edit],
        follows: seenFromService(finding.resource, snapshot).flatMap(
          (one) => setting(one.id, "/properties/resourceAssociation/accessMode", "Enforced", bodies) ?? [],
        ),
        commands: () => [command(template, id, words)],
        caveats: ["read the perimeter's access logs first: from then on its rules alone let public callers in"],
      },
    ];
  });

/** The service joins each profile of a perimeter that another association names. */
export const joinPerimeter = ofService(({ service, snapshot }) => {
  const known = snapshot.ofKind("perimeterAssociation").filter(({ id }) => id.type === associations);
  const profiles = known.flatMap(({ accessRules }) =>
    accessRules !== undefined && !("kind" in accessRules) ? [accessRules] : [],
  );
  return distinctIds(profiles).map((profile) => joined(service.id, profile));
});

function joined(service: ResourceId, profile: ResourceId): Change | undefined {
  const perimeter = profile.parent;
  if (perimeter === undefined) return undefined;
  const id = perimeter.child("resourceAssociations", service.name);
  const properties = {
    privateLinkResource: { id: service.text },
    profile: { id: profile.text },
    accessMode: "Enforced",
  };
  const type = "Microsoft.Network/networkSecurityPerimeters/resourceAssociations";
  const template =
    "network perimeter association create --perimeter-name {perimeter} --name {name} --access-mode Enforced --private-link-resource {link} --profile {profile}";
  const words = {
    perimeter: perimeter.name,
    name: service.name,
    link: `{id:${service.text}}`,
    profile: `{id:${profile.text}}`,
  };
  return {
    edits: [creation(id, { id: id.text, name: service.name, type, properties })],
    commands: () => [command(template, perimeter, words)],
    caveats: [`whether \`${perimeter.name}\` is the perimeter that the service belongs in is for its owner to say`],
  };
}

function associationsOf(service: ResourceId, snapshot: Snapshot): readonly PerimeterAssociationFact[] {
  return ofServiceIn(service, snapshot).filter(({ id }) => id.type === associations);
}

function seenFromService(service: ResourceId, snapshot: Snapshot): readonly PerimeterAssociationFact[] {
  return ofServiceIn(service, snapshot).filter(({ id }) => id.type !== associations);
}

function ofServiceIn(service: ResourceId, snapshot: Snapshot): readonly PerimeterAssociationFact[] {
  const facts = snapshot.naming(service);
  return facts.filter((fact) => fact.kind === "perimeterAssociation").filter((one) => one.service?.key === service.key);
}

/** One entry of an access rule that has others besides: a prefix, a tag, a subscription, a perimeter. */
export const removePerimeterEntries: Proposer = (scene) =>
  rulesMeant(scene).flatMap(({ resource, entries }) => {
    if (entries.length === 0 || countOfEntries(resource, scene.bodies) === 1) return [];
    return entries.map((edit) => ({ edits: [edit], commands: (after) => [ruleCommand(edit, after)] }));
  });

/** The access rule as a whole: one without an entry would say nothing, and how Azure takes such a one is not documented. */
export const removePerimeterRules: Proposer = (scene) =>
  rulesMeant(scene).flatMap(({ resource }) => {
    const gone = deletion(resource, scene.bodies);
    return gone === undefined ? [] : [{ edits: [gone], commands: () => [deletionCommand(resource)] }];
  });

interface MeantRule {
  readonly resource: ResourceId;
  readonly entries: readonly Edit[];
}

/** The access rules that the finding's evidence names, each with the entries that are meant. */
function rulesMeant(scene: Scene): readonly MeantRule[] {
  const named = scene.finding.evidence.filter(({ resource }) => resource.type === rules);
  const byRule = Map.groupBy(named, ({ resource }) => resource.key);
  return [...byRule.values()].flatMap((evidence) => {
    const resource = evidence[0]?.resource;
    if (resource === undefined) return [];
    return [{ resource, entries: evidence.flatMap(({ pointer }) => entriesAt(resource, pointer, scene)) }];
  });
}

function entriesAt(resource: ResourceId, pointer: string, { bodies }: Scene): readonly Edit[] {
  const [, , list = "", index] = pointer.split("/");
  const path = `/properties/${list}`;
  const entries = rawAt(resource, path, bodies);
  if (!Array.isArray(entries)) return [];
  const meant = index === undefined ? [...entries.keys()] : [Number(index)];
  return meant.map((at) => ({ resource, path: `${path}/${at}`, old: entries[at], new: undefined }));
}

const options = new Map([
  ["addressPrefixes", "--address-prefixes"],
  ["serviceTags", "--service-tags"],
  ["subscriptions", "--subscriptions"],
  ["networkSecurityPerimeters", "--perimeters"],
]);

function countOfEntries(resource: ResourceId, bodies: Bodies): number {
  const lists = [...options.keys()].map((list) => rawAt(resource, `/properties/${list}`, bodies));
  return lists.reduce<number>((count, list) => count + (Array.isArray(list) ? list.length : 0), 0);
}

/** https://learn.microsoft.com/cli/azure/network/perimeter/profile/access-rule */
function ruleCommand({ resource, path }: Edit, after: Bodies): Command {
  if (countOfEntries(resource, after) === 0) return deletionCommand(resource);
  const [, , list = ""] = path.split("/");
  const value = JSON.stringify(rawAt(resource, `/properties/${list}`, after) ?? []);
  const template = `network perimeter profile access-rule update ${namesOfRule} ${options.get(list) ?? "--set"} {value}`;
  return command(template, resource, { ...wordsOf(resource), value });
}

function deletionCommand(resource: ResourceId): Command {
  return command(`network perimeter profile access-rule delete ${namesOfRule} --yes`, resource, wordsOf(resource));
}

const namesOfRule = "--perimeter-name {perimeter} --profile-name {profile} --name {name}";

function wordsOf({ name, parent: profile }: ResourceId) {
  return { perimeter: profile?.parent?.name ?? "", profile: profile?.name ?? "", name };
}
