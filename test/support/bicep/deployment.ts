import type { Azure } from "./azure.ts";
import { outputValue, parameterValue } from "./declared-value.ts";
import { evaluate, listIn, type Names, objectOf, withLocals } from "./evaluate.ts";
import { functionsAt } from "./functions.ts";
import { placed, scopeIn } from "./placed.ts";
import { isPlainObject, ModuleReference, type ModuleRun, type Resource, ResourceReference } from "./reference.ts";
import { Refused } from "./refused.ts";
import { scopeKind } from "./resource-scope.ts";
import type { Sources } from "./sources.ts";
import type { Body, Loop, ModuleDeclaration, Program, ResourceDeclaration } from "./syntax.ts";
import { type ObjectValue, Unknown, type Value } from "./value.ts";

/** What is not part of a body that is sent. */
const about = ["name", "parent", "scope", "dependsOn"];

/**
 * What a file deploys to a scope, its modules included, with these parameters.
 * Everything is worked out when it is asked for, as the order of declarations says nothing.
 */
export function deploy(sources: Sources, program: Program, given: ObjectValue, scope: string, azure: Azure): ModuleRun {
  const strange = Object.keys(given).find((name) => !program.parameters.some((one) => one.name === name));
  if (strange !== undefined) throw new Error(`${program.file}: there is no parameter \`${strange}\``);
  const settled = new Map<string, Value>();
  const beingSettled = new Set<string>();
  const functions = functionsAt(sources, program.file, scope, azure);
  const names: Names = {
    called: (name) => functions.get(name),
    value(name) {
      const known = settled.get(name);
      if (known !== undefined) return known;
      if (beingSettled.has(name)) throw new Error(`${program.file}: \`${name}\` depends on itself`);
      beingSettled.add(name);
      const value = valueAt(name);
      beingSettled.delete(name);
      if (value !== undefined) settled.set(name, value);
      return value;
    },
  };

  function valueAt(name: string): Value | undefined {
    const parameter = program.parameters.find((one) => one.name === name);
    if (parameter !== undefined) return parameterValue(parameter, given[name], names, program);
    const variable = program.variables.find((one) => one.name === name);
    if (variable !== undefined) return evaluate(variable.value, names);
    const resource = program.resources.find((one) => one.name === name);
    if (resource !== undefined) return each(resource.body, names, (body, local) => referenceTo(resource, body, local));
    const module = program.modules.find((one) => one.name === name);
    return (
      module && each(module.body, names, (body, local) => new ModuleReference(once(() => run(module, body, local))))
    );
  }

  function referenceTo(
    declaration: ResourceDeclaration,
    body: Body,
    local: Names,
    parent?: ResourceReference,
  ): ResourceReference {
    const nested = new Map<string, Value>();
    const inner: Names = { ...local, value: (name) => nested.get(name) ?? local.value(name) };
    const identity = once(() => placed(declaration, body, inner, scope, parent));
    const resource = once((): Resource => {
      const condition = body.condition === undefined ? true : evaluate(body.condition, local);
      if (typeof condition !== "boolean" && !(condition instanceof Unknown)) {
        throw new Refused(body.at, "a condition is a boolean");
      }
      const sent = body.properties.filter(({ key }) => typeof key !== "string" || !about.includes(key));
      const name = identity().name.split("/").at(-1) ?? "";
      return {
        ...identity(),
        symbol: declaration.name,
        at: declaration.at,
        isExisting: declaration.isExisting,
        isDeployed: condition,
        body: { name, ...objectOf(sent, inner) },
      };
    });
    const reference = new ResourceReference({ identity, resource, nested });
    for (const one of body.nested) {
      nested.set(
        one.name,
        each(one.body, inner, (braces, more) => referenceTo(one, braces, more, reference)),
      );
    }
    return reference;
  }

  function run({ at, path }: ModuleDeclaration, body: Body, local: Names): ModuleRun | undefined {
    if (body.condition !== undefined && evaluate(body.condition, local) === false) return undefined;
    const inner = sources.program(sources.resolved(program.file, path));
    const parts = objectOf(
      body.properties.filter(({ key }) => key === "name" || key === "scope" || key === "params"),
      local,
    );
    const target = scopeIn(parts.scope) ?? scope;
    if (scopeKind(target) !== inner.targetScope) {
      throw new Refused(at, `${inner.file} is for a ${inner.targetScope}, and this scope is a ${scopeKind(target)}`);
    }
    const parameters = parts.params ?? {};
    if (!isPlainObject(parameters)) throw new Refused(at, "the parameters of a module are an object");
    const name = parts.name ?? null;
    const { resources, outputs, runs } = deploy(sources, inner, parameters, target, azure);
    return { resources, outputs, runs: [{ at, name, scope: target }, ...runs] };
  }

  const declared = [...program.resources, ...program.modules].map(({ name }) => names.value(name) ?? null);
  return {
    resources: declared.flatMap(resourcesOf),
    outputs: new Map(program.outputs.map((output) => [output.name, outputValue(output, names, program)])),
    runs: declared.flatMap(runsOf),
  };
}

/** One of a symbol, or a list of them where it is declared in a loop. */
function each(body: Body | Loop<Body>, names: Names, make: (body: Body, names: Names) => Value): Value {
  if (!("list" in body)) return make(body, names);
  const { item, index, list } = body;
  return listIn(evaluate(list, names), list).map((value, at) =>
    make(body.body, withLocals(names, item, value, index, at)),
  );
}

function runsOf(value: Value): ModuleRun["runs"] {
  if (Array.isArray(value)) return value.flatMap(runsOf);
  return value instanceof ModuleReference ? (value.run()?.runs ?? []) : [];
}

function resourcesOf(value: Value): readonly Resource[] {
  if (Array.isArray(value)) return value.flatMap(resourcesOf);
  if (value instanceof ModuleReference) return value.run()?.resources ?? [];
  return value instanceof ResourceReference
    ? [value.resource(), ...[...value.nested.values()].flatMap(resourcesOf)]
    : [];
}

function once<Result>(work: () => Result): () => Result {
  let known: { readonly result: Result } | undefined;
  return () => {
    known ??= { result: work() };
    return known.result;
  };
}
