import type { Node } from "web-tree-sitter";

/** An expression as it is written, from left to right. */
export type Piece =
  | { readonly kind: "operand"; readonly node: Node }
  | { readonly kind: "prefix"; readonly operator: string; readonly node: Node }
  | { readonly kind: "infix"; readonly operator: string; readonly node: Node }
  | { readonly kind: "nested"; readonly name: string; readonly node: Node }
  | { readonly kind: "member"; readonly name: string; readonly isSafe: boolean; readonly node: Node }
  | { readonly kind: "index"; readonly index: Node; readonly isSafe: boolean; readonly node: Node }
  | { readonly kind: "arguments"; readonly nodes: readonly Node[]; readonly node: Node }
  | { readonly kind: "question"; readonly node: Node }
  | { readonly kind: "colon"; readonly node: Node }
  | { readonly kind: "arrow"; readonly node: Node };

/** The grammar binds operators in another order than Bicep, `a == b.c` as `(a == b).c`: only what stands there is taken. */
export function piecesOf(node: Node): readonly Piece[] {
  const of = (field: string) => piecesOf(childOf(node, field));
  switch (node.type) {
    case "member_expression": {
      const isSafe = node.children.some((child) => child.type === ".?");
      return [...of("object"), { kind: "member", name: childOf(node, "property").text, isSafe, node }];
    }
    case "resource_expression":
      return [...of("object"), { kind: "nested", name: childOf(node, "resource").text, node }];
    case "subscript_expression": {
      const isSafe = node.children.some((child) => child.type === "?");
      return [...of("object"), { kind: "index", index: childOf(node, "index"), isSafe, node }];
    }
    case "call_expression":
      return [...of("function"), { kind: "arguments", nodes: valuesIn(childOf(node, "arguments")), node }];
    case "unary_expression":
      return [{ kind: "prefix", operator: childOf(node, "operator").type, node }, ...of("argument")];
    case "binary_expression":
      return [
        ...of("left"),
        { kind: "infix", operator: childOf(node, "operator").type, node: childOf(node, "operator") },
        ...of("right"),
      ];
    case "ternary_expression":
      return [
        ...of("condition"),
        { kind: "question", node },
        ...of("consequence"),
        { kind: "colon", node },
        ...of("alternative"),
      ];
    case "lambda_expression": {
      const [parameters, body] = valuesIn(node);
      if (parameters === undefined || body === undefined) return [];
      return [...piecesOf(parameters), { kind: "arrow", node }, ...piecesOf(body)];
    }
    // `value!`
    case "nullable_type":
      return valuesIn(node).flatMap(piecesOf);
    default:
      return [{ kind: "operand", node }];
  }
}

/**
 * The elements of an array. As commas between them may be left out, the grammar takes `f(x)` and `list[0]` for two elements
 * each; to Bicep, what follows without a gap belongs to what is before it.
 */
export function elementsOf(array: Node): readonly (readonly Piece[])[] {
  const elements: Piece[][] = [];
  let end = -1;
  for (const node of valuesIn(array)) {
    const pieces = piecesOf(node);
    if (node.startIndex === end) elements.at(-1)?.push(...asPostfix(pieces));
    else elements.push([...pieces]);
    end = node.endIndex;
  }
  return elements;
}

function asPostfix([first, ...others]: readonly Piece[]): readonly Piece[] {
  if (first?.kind !== "operand") return first === undefined ? [] : [first, ...others];
  const { node } = first;
  const [inner, ...more] = valuesIn(node);
  if (node.type === "parenthesized_expression") return [{ kind: "arguments", nodes: valuesIn(node), node }, ...others];
  const isIndex = node.type === "array" && inner !== undefined && more.length === 0;
  return isIndex ? [{ kind: "index", index: inner, isSafe: false, node }, ...others] : [first, ...others];
}

/** The named children less the comments between them. */
export function valuesIn(node: Node): readonly Node[] {
  return node.namedChildren.filter((child) => !/comment$|^nullable_return_type$/.test(child.type));
}

function childOf(node: Node, field: string): Node {
  const child = node.childForFieldName(field);
  if (child === null) throw new Error(`the grammar's ${node.type} has no ${field}`);
  return child;
}
