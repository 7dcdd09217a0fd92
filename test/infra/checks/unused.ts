import type { Sources } from "../../support/bicep/sources.ts";
import type { Program } from "../../support/bicep/syntax.ts";
import { resourcesOf, rootsOf, within, written } from "../../support/bicep/walk.ts";
import { calledFrom } from "./module-calls.ts";

/** Parameters, variables, types and existing resources that nothing in their file names; outputs that no caller reads. */
export function unused(sources: Sources): readonly string[] {
  return sources.bicep.flatMap((file) => {
    const program = sources.program(file);
    const named = namedIn(program);
    const existing = resourcesOf(program).filter(({ isExisting }) => isExisting);
    const declared = [...program.parameters, ...program.variables, ...program.types, ...existing];
    return [
      ...declared.filter(({ name }) => !named.has(name)).map(({ name, at }) => written(at, `nothing uses \`${name}\``)),
      ...unreadOutputs(sources, program),
    ];
  });
}

function namedIn(program: Program): ReadonlySet<string> {
  const inExpressions = rootsOf(program).flatMap(({ expression, locals: around }) =>
    within(expression, around).flatMap(({ expression: part, locals }) => {
      if (part.kind === "nested") return [part.name];
      return part.kind === "variable" && !locals.includes(part.name) ? [part.name] : [];
    }),
  );
  const types = [...program.parameters, ...program.outputs, ...program.types].map(({ type }) => JSON.stringify(type));
  const inTypes = program.types.filter(({ name }) => types.some((text) => text.includes(`"name":"${name}"`)));
  return new Set([...inExpressions, ...inTypes.map(({ name }) => name)]);
}

/** Of a file that is nobody's module the person who deploys it reads the outputs. */
function unreadOutputs(sources: Sources, program: Program): readonly string[] {
  const calls = sources.bicep.flatMap((file) =>
    calledFrom(sources, sources.program(file)).filter((call) => call.file === program.file),
  );
  if (calls.length === 0) return [];
  const read = new Set(calls.flatMap((call) => call.outputs));
  return program.outputs
    .filter(({ name }) => !read.has(name))
    .map(({ name, at }) => written(at, `no caller reads the output \`${name}\``));
}
