import type { Body, Expression, Loop, Place, Program, Property, ResourceDeclaration } from "./syntax.ts";

/** An expression of a file, and the names that loops and braces around it add. */
export interface Rooted {
  readonly expression: Expression;
  readonly locals: readonly string[];
  /** What it is for: `name`, `if`, `for`, `params`, … */
  readonly role: string;
  /** The symbol that is declared with it. */
  readonly symbol: string;
  readonly of: "parameter" | "variable" | "resource" | "module" | "output" | "decorator";
}

/** The parts of an expression, one step down, each with the names that it may use besides. */
export function partsOf(expression: Expression): readonly { part: Expression; locals: readonly string[] }[] {
  const plain = (...parts: readonly Expression[]) => parts.map((part) => ({ part, locals: [] }));
  switch (expression.kind) {
    case "literal":
    case "variable":
      return [];
    case "interpolated":
      return plain(...expression.parts.filter((part) => typeof part !== "string"));
    case "array":
      return plain(...expression.items);
    case "object":
      return plain(
        ...expression.properties.flatMap(({ key, value }) => (typeof key === "string" ? [value] : [key, value])),
      );
    case "for":
      return [...plain(expression.list), { part: expression.body, locals: loopNames(expression) }];
    case "member":
    case "nested":
      return plain(expression.base);
    case "index":
      return plain(expression.base, expression.index);
    case "call":
      return plain(...expression.arguments);
    case "unary":
      return plain(expression.operand);
    case "binary":
      return plain(expression.left, expression.right);
    case "ternary":
      return plain(expression.condition, expression.consequence, expression.alternative);
    case "lambda":
      return [{ part: expression.body, locals: expression.parameters }];
  }
}

/** An expression and everything in it, from the outside in. */
export function within(
  expression: Expression,
  locals: readonly string[] = [],
): readonly { readonly expression: Expression; readonly locals: readonly string[] }[] {
  return [
    { expression, locals },
    ...partsOf(expression).flatMap(({ part, locals: more }) => within(part, [...locals, ...more])),
  ];
}

/** Every expression of a file. */
export function rootsOf(program: Program): readonly Rooted[] {
  const none: readonly string[] = [];
  const declared = [
    ...program.parameters,
    ...program.variables,
    ...program.resources,
    ...program.modules,
    ...program.outputs,
  ];
  return [
    ...declared.flatMap(({ name, decorators }) =>
      decorators.flatMap((decorator) =>
        decorator.arguments.map((expression) => ({
          expression,
          locals: none,
          role: decorator.name,
          symbol: name,
          of: "decorator" as const,
        })),
      ),
    ),
    ...program.parameters.flatMap(({ name, default: value }) =>
      value === undefined
        ? []
        : [{ expression: value, locals: none, role: "default", symbol: name, of: "parameter" as const }],
    ),
    ...program.variables.map(({ name, value }) => rooted(value, "value", name, "variable")),
    ...program.outputs.map(({ name, value }) => rooted(value, "value", name, "output")),
    ...program.resources.flatMap((resource) => resourceRoots(resource, none)),
    ...program.modules.flatMap(({ name, body }) => bodyRoots(body, name, "module", none)),
  ];

  function rooted(expression: Expression, role: string, symbol: string, of: Rooted["of"]): Rooted {
    return { expression, locals: none, role, symbol, of };
  }
}

/** The braces of a declaration, inside its loop where it has one. */
export function bracesOf(body: Body | Loop<Body>): Body {
  return "list" in body ? body.body : body;
}

export function propertyOf(body: Body, name: string): Property | undefined {
  return body.properties.find(({ key }) => key === name);
}

/** The resources of a file with their whole types, those inside others after them. */
export function resourcesOf(program: Program): readonly ResourceDeclaration[] {
  const withNested = (one: ResourceDeclaration): readonly ResourceDeclaration[] => {
    const [type, version] = one.type.split("@");
    const inside = bracesOf(one.body).nested.map((inner) => {
      const [last, ownVersion = version] = inner.type.split("@");
      return { ...inner, type: `${type}/${last}@${ownVersion}` };
    });
    return [one, ...inside.flatMap(withNested)];
  };
  return program.resources.flatMap(withNested);
}

export function written({ file, line }: Place, what: string): string {
  return `${file}:${line}: ${what}`;
}

function resourceRoots({ name, body }: ResourceDeclaration, locals: readonly string[]): readonly Rooted[] {
  const { nested } = bracesOf(body);
  const inside = [...locals, ...("list" in body ? loopNames(body) : []), ...nested.map((one) => one.name)];
  return [...bodyRoots(body, name, "resource", locals), ...nested.flatMap((one) => resourceRoots(one, inside))];
}

function bodyRoots(
  body: Body | Loop<Body>,
  symbol: string,
  of: Rooted["of"],
  locals: readonly string[],
): readonly Rooted[] {
  if ("list" in body) {
    const list = { expression: body.list, locals, role: "for", symbol, of };
    return [list, ...bodyRoots(body.body, symbol, of, [...locals, ...loopNames(body)])];
  }
  const inside = [...locals, ...body.nested.map(({ name }) => name)];
  const condition = body.condition && { expression: body.condition, locals, role: "if", symbol, of };
  return [
    ...(condition === undefined ? [] : [condition]),
    ...body.properties.flatMap(({ key, value }) => {
      const role = typeof key === "string" ? key : "";
      const keys = typeof key === "string" ? [] : [{ expression: key, locals: inside, role, symbol, of }];
      return [...keys, { expression: value, locals: inside, role, symbol, of }];
    }),
  ];
}

function loopNames({ item, index }: { readonly item: string; readonly index?: string }): readonly string[] {
  return index === undefined ? [item] : [item, index];
}
