import { anAzure } from "../../support/bicep/azure.ts";
import { functionsAt } from "../../support/bicep/functions.ts";
import type { Sources } from "../../support/bicep/sources.ts";
import type { Program, Type } from "../../support/bicep/syntax.ts";
import { resourcesOf, rootsOf, within, written } from "../../support/bicep/walk.ts";

/** https://learn.microsoft.com/azure/azure-resource-manager/bicep/parameters#use-decorators */
const decorators = [
  "allowed",
  "batchSize",
  "description",
  "maxLength",
  "maxValue",
  "metadata",
  "minLength",
  "minValue",
  "secure",
];

/** Names that nothing declares, names that are declared twice, and functions and decorators that there are not. */
export function unresolved(sources: Sources): readonly string[] {
  return sources.bicep.flatMap((file) => {
    const program = sources.program(file);
    const symbols = symbolsOf(program);
    const functions = functionsAt(sources, file, "", anAzure());
    return [
      ...symbols
        .filter((name, index) => symbols.indexOf(name) !== index)
        .map((name) => `${file}:1: \`${name}\` is declared twice`),
      ...rootsOf(program).flatMap(({ expression: root, locals: around, of }) =>
        within(root, around).flatMap(({ expression, locals }) => {
          const { at } = expression;
          if (expression.kind === "call" && !functions.has(expression.name)) {
            return [written(at, `there is no function \`${expression.name}\``)];
          }
          if (expression.kind !== "variable") return [];
          const { name } = expression;
          if (!locals.includes(name) && !symbols.includes(name)) return [written(at, `there is no \`${name}\``)];
          const isParameter = locals.includes(name) || program.parameters.some((one) => one.name === name);
          return of === "parameter" && !isParameter
            ? [written(at, `a default can only name parameters, and \`${name}\` is none`)]
            : [];
        }),
      ),
      ...strangeDecorators(program),
      ...strangeTypes(program),
    ];
  });
}

function symbolsOf({ parameters, variables, resources, modules, types }: Program): readonly string[] {
  return [...parameters, ...variables, ...resources, ...modules, ...types].map(({ name }) => name);
}

function strangeDecorators(program: Program): readonly string[] {
  const declared = [...program.parameters, ...program.variables, ...program.outputs, ...program.modules];
  return [...declared, ...resourcesOf(program)]
    .flatMap((one) => one.decorators)
    .filter(({ name }) => !decorators.includes(name))
    .map(({ name, at }) => written(at, `there is no decorator \`${name}\``));
}

const primitives = ["array", "bool", "int", "object", "string"];

function strangeTypes({ parameters, outputs, types }: Program): readonly string[] {
  const known = [...primitives, ...types.map(({ name }) => name)];
  return [...parameters, ...outputs, ...types].flatMap(({ type, at }) =>
    namesIn(type)
      .filter((name) => !known.includes(name))
      .map((name) => written(at, `there is no type \`${name}\``)),
  );
}

function namesIn(type: Type): readonly string[] {
  switch (type.kind) {
    case "words":
      return [];
    case "primitive":
    case "named":
      return [type.name];
    case "array":
      return namesIn(type.item);
    case "nullable":
      return namesIn(type.of);
    case "anyOf":
      return type.types.flatMap(namesIn);
    case "object":
      return [...type.properties.values(), ...(type.others ? [type.others] : [])].flatMap(namesIn);
  }
}
