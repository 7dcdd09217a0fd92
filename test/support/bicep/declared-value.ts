import { brokenLimit, isOf } from "./declared-type.ts";
import { evaluate, type Names } from "./evaluate.ts";
import { Refused } from "./refused.ts";
import type { Output, Parameter, Program } from "./syntax.ts";
import type { Value } from "./value.ts";

/** What is given, or else the default; throws where it is not what the parameter takes. */
export function parameterValue(
  { name, at, type, decorators, default: byDefault }: Parameter,
  given: Value | undefined,
  names: Names,
  { types }: Program,
): Value {
  const absent = type.kind === "nullable" ? null : undefined;
  const value = given ?? (byDefault && evaluate(byDefault, names)) ?? absent;
  if (value === undefined) throw new Refused(at, `the parameter \`${name}\` needs a value`);
  if (!isOf(type, value, types)) throw new Refused(at, `${shown(value)} is not of the type of \`${name}\``);
  const broken = brokenLimit(decorators, value, (decorator) => {
    const [limit] = decorator.arguments;
    if (limit === undefined) throw new Refused(decorator.at, "a decorator lacks its limit");
    return evaluate(limit, names);
  });
  if (broken !== undefined) throw new Refused(at, `${shown(value)} breaks the \`@${broken}\` of \`${name}\``);
  return value;
}

export function outputValue({ name, at, type, value: expression }: Output, names: Names, { types }: Program): Value {
  const value = evaluate(expression, names);
  if (isOf(type, value, types)) return value;
  throw new Refused(at, `${shown(value)} is not of the type of \`${name}\``);
}

function shown(value: Value): string {
  return `\`${JSON.stringify(value)}\``;
}
