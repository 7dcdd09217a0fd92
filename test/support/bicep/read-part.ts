import { printed } from "./printed.ts";
import { ModuleReference, ResourceReference } from "./reference.ts";
import { Refused } from "./refused.ts";
import type { Expression } from "./syntax.ts";
import { Unknown, type Value } from "./value.ts";

type Step = Expression & { kind: "member" | "index" | "nested" };
type Key = string | number | Unknown;

/** Of a resource these are settled before anything is deployed. */
const settled = ["id", "name", "type", "apiVersion"];

/** `base.name`, `base[index]`, `base::name`: the whole chain at once, since a resource is asked for a path. */
export function partOf(expression: Step, evaluate: (part: Expression) => Value): Value {
  const steps: Step[] = [];
  let base: Expression = expression;
  for (; base.kind === "member" || base.kind === "index" || base.kind === "nested"; base = base.base)
    steps.unshift(base);

  const keyOf = (step: Step): Key => {
    const key = step.kind === "index" ? evaluate(step.index) : step.name;
    if (typeof key === "string" || typeof key === "number" || key instanceof Unknown) return key;
    throw new Refused(step.at, `\`${printed(step)}\` asks for what is neither a name nor a number`);
  };

  let value = evaluate(base);
  for (let step = steps.shift(); step !== undefined; step = steps.shift()) {
    if (value instanceof ResourceReference && step.kind !== "nested") {
      const path = [step, ...steps].map(keyOf);
      return (
        resourcePart(value, path) ?? new Unknown(`reference('${value.identity().id}').${path.map(keyText).join(".")}`)
      );
    }
    value = value instanceof ModuleReference ? outputs(value, step) : inside(value, step, keyOf(step));
  }
  return value;
}

function inside(value: Value, step: Step, key: Key): Value {
  if (value instanceof Unknown || key instanceof Unknown) return new Unknown(printed(step));
  const isSafe = step.kind !== "nested" && step.isSafe;
  if (value === null && isSafe) return null;
  const found = value instanceof ResourceReference ? value.nested.get(String(key)) : elementOf(value, key);
  if (found !== undefined) return found;
  if (isSafe) return null;
  throw new Refused(step.at, `there is no \`${printed(step)}\``);
}

function keyText(key: Key): string {
  return key instanceof Unknown ? `[${key.expression}]` : String(key);
}

function elementOf(value: Value, key: string | number): Value | undefined {
  if (Array.isArray(value)) return typeof key === "number" ? value[key] : undefined;
  return isObject(value) && typeof key === "string" ? value[key] : undefined;
}

/** What the source says of a resource; undefined where only Azure knows it. */
function resourcePart(reference: ResourceReference, path: readonly Key[]): Value | undefined {
  const identity = reference.identity();
  const [first] = path;
  if (path.length === 1 && settled.some((name) => name === first)) {
    return first === "name" ? identity.name.split("/").at(-1) : Reflect.get(identity, String(first));
  }
  let value: Value | undefined = reference.resource().body;
  for (const key of path) {
    if (value instanceof Unknown || value === undefined || key instanceof Unknown) return undefined;
    value = elementOf(value, key);
  }
  return value;
}

function outputs(module: ModuleReference, step: Step): Value {
  if (step.kind !== "member" || step.name !== "outputs") {
    throw new Refused(step.at, `\`${printed(step)}\`: of a module only \`outputs\` can be asked`);
  }
  const run = module.run();
  if (run === undefined) return step.isSafe ? null : new Unknown(printed(step));
  return Object.fromEntries(run.outputs);
}

function isObject(value: Value): value is Readonly<Record<string, Value>> {
  return typeof value === "object" && value !== null && !(value instanceof ModuleReference);
}
