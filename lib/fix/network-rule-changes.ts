import type { SubnetFact, VirtualNetworkRule } from "../model/fact.ts";
import { distinctIds, fold } from "../model/resource-id.ts";
import { factAt } from "../model/snapshot.ts";
import { networkRulesIn } from "./access-list-changes.ts";
import { elementAt, type FirewallScene, ofFirewall, ofService, rawAt, type ServiceScene } from "./boundary-changes.ts";
import { type Change, deletion } from "./change.ts";
import { command } from "./command.ts";
import { patchCommand } from "./patch-command.ts";
import { addedEndpoint, replacedEndpoint } from "./subnet-changes.ts";

export const removeNetworkRules = ofFirewall((scene) => networkRulesOf(scene).map((rule) => withoutRule(rule, scene)));

/** The service endpoint that the rules are made for, on each subnet that lacks it. */
export const addServiceEndpoints = ofService((scene) => {
  const wanted = scene.source.serviceEndpoints[0] ?? "";
  return subnetsOf(scene).map((subnet) => addedEndpoint(subnet, wanted, scene));
});

/** Only storage has an endpoint that leads to other regions. */
export const useGlobalEndpoints = ofService((scene) => {
  const { serviceEndpoints } = scene.source;
  const regional = serviceEndpoints.find((name) => serviceEndpoints.includes(`${name}.Global`));
  if (regional === undefined) return [];
  return subnetsOf(scene).map((subnet) => replacedEndpoint(subnet, regional, `${regional}.Global`, scene));
});

function networkRulesOf({ service, source, settings, snapshot }: ServiceScene): readonly VirtualNetworkRule[] {
  const { virtualNetworkRules: rules } = source;
  if (rules?.in === "child") {
    const { facts } = snapshot.list(service.id, `${service.id.type}/${rules.type}`);
    return facts.flatMap((fact) => (fact.kind === "virtualNetworkRule" ? [fact.rule] : []));
  }
  return settings.virtualNetworkRules.kind === "known" ? settings.virtualNetworkRules.value : [];
}

function subnetsOf(scene: ServiceScene): readonly SubnetFact[] {
  const listed = networkRulesIn(scene.settings).map(({ rule }) => rule);
  const ids = [...networkRulesOf(scene), ...listed].flatMap(({ subnet }) => subnet ?? []);
  return distinctIds(ids).flatMap((id) => factAt(id, "subnet", scene.snapshot) ?? []);
}

function withoutRule({ at }: VirtualNetworkRule, scene: FirewallScene): Change | undefined {
  const { source, service, commands, bodies } = scene;
  const { virtualNetworkRules: rules } = source;
  if (rules === undefined || commands.removeSubnet === undefined) return undefined;
  const words = { name: service.id.name, rule: at.resource.name, value: String(at.value) };
  const remove = command(commands.removeSubnet, service.id, words);
  if (rules.in === "child") {
    const gone = deletion(at.resource, bodies);
    return gone === undefined ? undefined : { edits: [gone], commands: () => [remove] };
  }
  const path = elementAt(at.pointer, rules.pointer);
  if (path === undefined || bodies(at.resource) === undefined) return undefined;
  const old = rawAt(at.resource, path, bodies);
  return { edits: [{ resource: at.resource, path, old, new: undefined }], commands: () => [remove] };
}

/** The trusted services and resource instances that the policy does not approve, and those of perimeters' rules. */
export const removeExceptions = ofFirewall((scene) => [withoutFlags(scene), ...withoutInstances(scene)]);

function withoutFlags(scene: FirewallScene): Change | undefined {
  const { service, source, settings, commands, policy, bodies } = scene;
  const { bypass } = source.exceptions ?? {};
  const { bypass: own } = commands;
  if (bypass === undefined || own === false || settings.trustedServices.kind === "unknown") return undefined;
  const { holder } = settings;
  const kept = settings.trustedServices.value.filter((flag) => policy.approvesException(service.id, flag));
  if (kept.length === settings.trustedServices.value.length || bodies(holder) === undefined) return undefined;
  const value = bypass.isSwitch === true ? false : kept.join(", ") || "None";
  const text = commands.spellings?.[String(value)] ?? String(value);
  const words = { name: service.id.name, value: text, words: kept.length === 0 ? ["None"] : kept };
  return {
    edits: [{ resource: holder, path: bypass.pointer, old: rawAt(holder, bypass.pointer, bodies), new: value }],
    commands: (after) =>
      own === undefined ? patchCommand(holder, bypass.pointer, after) : [command(own, service.id, words)],
  };
}

function withoutInstances(scene: FirewallScene): readonly Change[] {
  const { service, source, settings, commands, policy, bodies } = scene;
  const { resourceAccessRules, ownSwitch } = source.exceptions ?? {};
  const list = resourceAccessRules?.pointer ?? ownSwitch?.pointer;
  if (list === undefined || settings.resourceInstances.kind === "unknown") return [];
  const { holder } = settings;
  if (bodies(holder) === undefined) return [];
  return settings.resourceInstances.value.flatMap(({ pointer, raw, resourceId }): Change[] => {
    if (resourceId !== undefined && policy.approvesException(service.id, resourceId)) return [];
    const tenant = tenantOf(raw);
    const { removeResource } = commands;
    const words = { name: service.id.name, value: resourceId ?? "", tenant: tenant ?? "" };
    const hasOwn = removeResource !== undefined && resourceId !== undefined && tenant !== undefined;
    return [
      {
        edits: [{ resource: holder, path: pointer, old: raw, new: ownSwitch === undefined ? undefined : false }],
        commands: (after) =>
          hasOwn ? [command(removeResource, service.id, words)] : patchCommand(holder, list, after),
      },
    ];
  });
}

function tenantOf(raw: unknown): string | undefined {
  const { tenantId } = Object(raw);
  return typeof tenantId === "string" && fold(tenantId) !== "" ? tenantId : undefined;
}
