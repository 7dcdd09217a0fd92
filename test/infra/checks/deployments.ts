import type { Resource } from "../../support/bicep/reference.ts";
import type { Sources } from "../../support/bicep/sources.ts";
import { Unknown } from "../../support/bicep/value.ts";
import { written } from "../../support/bicep/walk.ts";
import { deployed, type Scenario, scenarios } from "../scenarios.ts";
import { calledFrom } from "./module-calls.ts";
import { bodyMistakes } from "./published-body.ts";

/** What is wrong with the resources that the files deploy, in every way that somebody may deploy them. */
export function wrongDeployments(sources: Sources): readonly string[] {
  const mistakes = scenarios.flatMap((scenario) => mistakesIn(scenario, sources));
  return [...new Set([...mistakes, ...neverDeployed(sources)])];
}

function mistakesIn(scenario: Scenario, sources: Sources): readonly string[] {
  try {
    const { resources, runs } = deployed(sources, scenario);
    const made = resources.filter(({ isExisting, isDeployed }) => !isExisting && isDeployed !== false);
    return [
      ...made.flatMap(({ type, at, body }) => bodyMistakes(type, body).map((what) => written(at, `${type}: ${what}`))),
      ...twice(made.map(({ at, id }) => ({ at, what: id }))),
      ...twice(runs.map(({ at, name, scope }) => ({ at, what: `the deployment ${shown(name)} in ${scope}` }))),
      ...made.filter(needsGroup).map(({ at, type }) => written(at, `a ${type} is deployed to a resource group`)),
    ];
  } catch (error) {
    if (error instanceof Error) return [error.message];
    throw error;
  }
}

/** What has a location is in a resource group; a group itself and an extension of something are not. */
function needsGroup({ type, scope, body }: Resource): boolean {
  const isFree = type === "Microsoft.Resources/resourceGroups" || type.startsWith("Microsoft.Authorization/");
  return "location" in body && !isFree && !/\/resourceGroups\//.test(scope);
}

/** Of two in one place the later one overwrites the earlier, or is refused. */
function twice(all: readonly { readonly at: Resource["at"]; readonly what: string }[]): readonly string[] {
  const folded = all.map(({ what }) => what.toLowerCase());
  return all
    .filter((_, index) => folded.indexOf(folded[index] ?? "") !== index)
    .map(({ at, what }) => written(at, `${what} is made twice`));
}

function shown(name: unknown): string {
  return name instanceof Unknown ? `\${${name.expression}}` : String(name);
}

/** Files that no scenario comes to would go unchecked. */
function neverDeployed(sources: Sources): readonly string[] {
  const reached = new Set(scenarios.map(({ file }) => file));
  for (const file of reached) for (const call of calledFrom(sources, sources.program(file))) reached.add(call.file);
  return sources.bicep.filter((file) => !reached.has(file)).map((file) => `${file}:1: no scenario deploys it`);
}
