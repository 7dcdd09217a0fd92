import { isOf } from "../../support/bicep/declared-type.ts";
import type { Sources } from "../../support/bicep/sources.ts";
import type { Parameter, Program } from "../../support/bicep/syntax.ts";
import type { Value } from "../../support/bicep/value.ts";

/**
 * `main.parameters.json` gives what `main.bicep` asks for, and nothing else; azd fills in `${NAME}` from its environment.
 * https://learn.microsoft.com/azure/developer/azure-developer-cli/manage-environment-variables
 * A string that stands for a list or an object is read as JSON once it is filled in, so that it needs a default that is some.
 * https://github.com/Azure/azure-dev/pull/6694
 */
export function wrongParameterFiles(sources: Sources): readonly string[] {
  return sources.files
    .filter((file) => file.endsWith(".parameters.json"))
    .flatMap((file) => {
      const template = file.replace(/\.parameters\.json$/, ".bicep");
      if (!sources.bicep.includes(template)) return [`${file}:1: there is no \`${template}\``];
      const given = JSON.parse(sources.text(file)).parameters;
      return mistakesIn(given, sources.program(template)).map((what) => `${file}:1: ${what}`);
    });
}

function mistakesIn(given: Readonly<Record<string, { readonly value: Value }>>, program: Program): readonly string[] {
  const { parameters } = program;
  const isNeeded = ({ name, type, default: value }: Parameter) =>
    value === undefined && type.kind !== "nullable" && given[name] === undefined;
  return [
    ...parameters.filter(isNeeded).map(({ name }) => `the parameter \`${name}\` is missing`),
    ...Object.entries(given).flatMap(([name, { value }]) => {
      const parameter = parameters.find((one) => one.name === name);
      if (parameter === undefined) return [`there is no parameter \`${name}\``];
      return isOf(parameter.type, unfilled(value, parameter), program.types)
        ? []
        : [`the value is not of the type of \`${name}\``];
    }),
  ];
}

/** What azd takes where nothing is set. */
function unfilled(value: Value, { type }: Parameter): Value {
  const [, text] = typeof value === "string" ? (/^\$\{\w+=(.*)\}$/.exec(value) ?? []) : [];
  const isRead = type.kind === "array" || (type.kind === "primitive" && ["array", "object"].includes(type.name));
  if (text === undefined || !isRead) return text ?? value;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
