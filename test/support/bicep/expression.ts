import type { Node } from "web-tree-sitter";
import { elementsOf, type Piece, piecesOf, valuesIn } from "./pieces.ts";
import { combine } from "./precedence.ts";
import { Refused } from "./refused.ts";
import { multiline, unescaped } from "./string-text.ts";
import type { Expression, Loop, Place, Property } from "./syntax.ts";

/** In parentheses: an expression, or the parameters of a lambda. */
type Built = Expression | { readonly kind: "group"; readonly items: readonly Expression[]; readonly at: Place };

/** Namespaces that functions may be called with. */
const namespaces = ["az", "sys"];

export function expressionOf(node: Node, file: string): Expression {
  return combined(piecesOf(node), node, file);
}

function combined(pieces: readonly Piece[], whole: Node, file: string): Expression {
  const placeOf = ({ node: { startPosition } }: { readonly node: Node }) => ({ file, line: startPosition.row + 1 });
  const built = combine<Built>(pieces, {
    operand: (piece) => operandOf(piece.node, file),
    unary: (operator, operand, piece) => ({ kind: "unary", operator, operand: single(operand), at: placeOf(piece) }),
    binary: (operator, left, right, piece) => ({
      kind: "binary",
      operator,
      left: single(left),
      right: single(right),
      at: placeOf(piece),
    }),
    ternary: (condition, consequence, alternative, piece) => ({
      kind: "ternary",
      condition: single(condition),
      consequence: single(consequence),
      alternative: single(alternative),
      at: placeOf(piece),
    }),
    lambda: (parameters, body, piece) => ({
      kind: "lambda",
      parameters: namesIn(parameters),
      body: single(body),
      at: placeOf(piece),
    }),
    postfix: (built, piece) => {
      const base = single(built);
      const at = placeOf(piece);
      if (piece.kind === "index") {
        return { kind: "index", base, index: expressionOf(piece.index, file), isSafe: piece.isSafe, at };
      }
      if (piece.kind === "nested") return { kind: "nested", base, name: piece.name, at };
      if (piece.kind === "member") return { kind: "member", base, name: piece.name, isSafe: piece.isSafe, at };
      const called = piece.nodes.map((argument) => expressionOf(argument, file));
      if (base.kind === "variable") return { kind: "call", name: base.name, arguments: called, at };
      if (base.kind === "member" && base.base.kind === "variable" && namespaces.includes(base.base.name)) {
        return { kind: "call", name: base.name, arguments: called, at };
      }
      throw new Refused(at, "only functions can be called");
    },
    wrong: (piece) =>
      new Refused(placeOf(piece ?? { node: whole }), `\`${(piece?.node ?? whole).text}\` is no expression`),
  });
  return single(built);
}

export function placeIn(file: string, node: Node): Place {
  return { file, line: node.startPosition.row + 1 };
}

/** What a string says that may not be interpolated: a type, a path, a key. */
export function plainText(node: Node, file: string): string {
  const expression = operandOf(node, file);
  if (expression.kind === "literal" && typeof expression.value === "string") return expression.value;
  throw new Refused(placeIn(file, node), `\`${node.text}\` must be a plain string`);
}

/** The `[for item in list: body]` around a body. */
export function loopOf<Body>(node: Node, file: string, bodyOf: (node: Node) => Body): Loop<Body> {
  const body = node.childForFieldName("body");
  const parts = valuesIn(node).filter((child) => child.id !== body?.id);
  const [variables, list] = parts;
  if (variables === undefined || list === undefined || body === null) {
    throw new Refused(placeIn(file, node), "this loop is not understood");
  }
  const [item = "", index] = variables.type === "for_loop_parameters" ? textsOf(variables) : [variables.text];
  return { item, ...(index && { index }), list: expressionOf(list, file), body: bodyOf(body) };
}

export function propertiesOf(node: Node, file: string): readonly Property[] {
  return valuesIn(node).flatMap((child) => {
    if (child.type !== "object_property") throw new Refused(placeIn(file, child), `\`${child.text}\` is no property`);
    const [key, value] = valuesIn(child);
    if (key?.type === "resource_declaration") return [];
    if (key === undefined || value === undefined) throw new Refused(placeIn(file, child), "a property lacks its value");
    const name = key.type === "string" ? keyOf(key, file) : key.text;
    return [{ key: name, value: expressionOf(value, file), at: placeIn(file, child) }];
  });
}

function keyOf(node: Node, file: string): string | Expression {
  const key = operandOf(node, file);
  return key.kind === "literal" ? String(key.value) : single(key);
}

function operandOf(node: Node, file: string): Built {
  const at = placeIn(file, node);
  switch (node.type) {
    case "identifier":
      return { kind: "variable", name: node.text, at };
    case "number":
      return { kind: "literal", value: Number(node.text), at };
    case "boolean":
      return { kind: "literal", value: node.text === "true", at };
    case "null":
      return { kind: "literal", value: null, at };
    case "string":
      return { ...stringOf(node, file), at };
    case "array":
      return { kind: "array", items: elementsOf(node).map((pieces) => combined(pieces, node, file)), at };
    case "object":
      return { kind: "object", properties: propertiesOf(node, file), at };
    case "for_statement":
      return { kind: "for", ...loopOf(node, file, (body) => expressionOf(body, file)), at };
    case "parenthesized_expression":
      return { kind: "group", items: valuesIn(node).map((item) => expressionOf(item, file)), at };
    default:
      throw new Refused(at, `\`${node.text}\` is not understood here`);
  }
}

function stringOf(node: Node, file: string) {
  if (node.text.startsWith("'''")) return { kind: "literal", value: multiline(node.text) } as const;
  const parts: (string | Expression)[] = [];
  let from = node.startIndex + 1;
  const textUntil = (end: number) => {
    const text = unescaped(node.text.slice(from - node.startIndex, end - node.startIndex));
    if (text === undefined) throw new Refused(placeIn(file, node), "a string has an escape that Bicep does not know");
    if (text !== "") parts.push(text);
  };
  for (const hole of node.namedChildren.filter((child) => child.type === "interpolation")) {
    // White space before a hole, which is text, is to the grammar a part of the hole.
    textUntil(hole.startIndex + hole.text.indexOf("${"));
    parts.push(...valuesIn(hole).map((value) => expressionOf(value, file)));
    from = hole.endIndex;
  }
  textUntil(node.endIndex - 1);
  const isPlain = parts.every((part) => typeof part === "string");
  return isPlain ? ({ kind: "literal", value: parts.join("") } as const) : ({ kind: "interpolated", parts } as const);
}

function single(built: Built): Expression {
  if (built.kind !== "group") return built;
  const [only, ...others] = built.items;
  if (only === undefined || others.length > 0) throw new Refused(built.at, "parentheses hold one expression");
  return only;
}

function namesIn(built: Built): readonly string[] {
  const items = built.kind === "group" ? built.items : [built];
  return items.map((item) => {
    if (item.kind !== "variable") throw new Refused(item.at, "a lambda's parameters are names");
    return item.name;
  });
}

function textsOf(node: Node): readonly string[] {
  return valuesIn(node).map((child) => child.text);
}
