import type { Sources } from "../../support/bicep/sources.ts";
import type { Expression, ModuleDeclaration, Program } from "../../support/bicep/syntax.ts";
import { bracesOf, propertyOf, rootsOf, within, written } from "../../support/bicep/walk.ts";

/** Modules that are not there, parameters that one lacks or does not know, outputs that it does not have. */
export function wrongModuleCalls(sources: Sources): readonly string[] {
  return sources.bicep.flatMap((file) => {
    const program = sources.program(file);
    return program.modules.flatMap((module) => mistakesOf(module, sources, program));
  });
}

/** Which file each module of a file is, and what is read of it. */
export function calledFrom(sources: Sources, program: Program) {
  return program.modules.map((module) => ({
    file: sources.resolved(program.file, module.path),
    outputs: outputsRead(program, module.name).map(({ name }) => name),
  }));
}

function mistakesOf(module: ModuleDeclaration, sources: Sources, program: Program): readonly string[] {
  const file = sources.resolved(program.file, module.path);
  if (!sources.bicep.includes(file)) return [written(module.at, `there is no file \`${module.path}\``)];
  const { parameters, outputs } = sources.program(file);
  const braces = bracesOf(module.body);
  const params = propertyOf(braces, "params")?.value;
  const given = params === undefined ? [] : keysOf(params);
  const needed = parameters.filter((one) => one.default === undefined && one.type.kind !== "nullable");
  const known = ["name", "scope", "params", "dependsOn"];
  return [
    ...braces.properties
      .filter(({ key }) => typeof key !== "string" || !known.includes(key))
      .map(({ at, key }) => written(at, `a module has no \`${String(key)}\``)),
    ...needed
      .filter(({ name }) => !given.some((one) => one.name === name))
      .map(({ name }) => written(module.at, `\`${module.path}\` needs the parameter \`${name}\``)),
    ...given
      .filter(({ name }) => !parameters.some((one) => one.name === name))
      .map(({ name, at }) => written(at, `\`${module.path}\` has no parameter \`${name}\``)),
    ...outputsRead(program, module.name)
      .filter(({ name }) => !outputs.some((one) => one.name === name))
      .map(({ name, at }) => written(at, `\`${module.path}\` has no output \`${name}\``)),
  ];
}

function keysOf(params: Expression) {
  if (params.kind !== "object") throw new Error(`${written(params.at, "parameters that are no literal object")}`);
  return params.properties.map(({ key, at }) => ({ name: String(key), at }));
}

/** The `x` of `module.outputs.x` and `module[0].outputs.x`. */
function outputsRead(program: Program, symbol: string) {
  return rootsOf(program).flatMap(({ expression: root }) =>
    within(root).flatMap(({ expression }) => {
      if (expression.kind !== "member" || expression.base.kind !== "member") return [];
      const { base: outputs, name, at } = expression;
      const module = outputs.base.kind === "index" ? outputs.base.base : outputs.base;
      const isRead = outputs.name === "outputs" && module.kind === "variable" && module.name === symbol;
      return isRead ? [{ name, at }] : [];
    }),
  );
}
