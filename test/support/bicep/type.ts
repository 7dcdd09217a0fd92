import type { Node } from "web-tree-sitter";
import { expressionOf, placeIn, plainText } from "./expression.ts";
import { valuesIn } from "./pieces.ts";
import { Refused } from "./refused.ts";
import type { Type } from "./syntax.ts";

/** https://learn.microsoft.com/azure/azure-resource-manager/bicep/user-defined-data-types */
export function typeOf(node: Node, file: string): Type {
  const of = (child: Node) => typeOf(child, file);
  const parts = valuesIn(node);
  const [first] = parts;
  switch (node.type) {
    case "type":
    case "parenthesized_type":
    case "parenthesized_expression":
      if (first !== undefined && parts.length === 1) return of(first);
      break;
    case "primitive_type":
      return { kind: "primitive", name: node.text };
    case "identifier":
      return { kind: "named", name: node.text };
    case "string":
      return { kind: "words", words: [plainText(node, file)] };
    case "number":
    case "boolean":
    case "null": {
      const word = expressionOf(node, file);
      if (word.kind === "literal") return { kind: "words", words: [word.value] };
      break;
    }
    case "array_type":
      if (first !== undefined) return { kind: "array", item: of(first) };
      break;
    case "nullable_type":
      if (first !== undefined) return { kind: "nullable", of: of(first) };
      break;
    case "union_type":
      return { kind: "anyOf", types: parts.map(of) };
    case "object":
      return objectOf(parts, file);
  }
  throw new Refused(placeIn(file, node), `the type \`${node.text}\` is not understood`);
}

function objectOf(parts: readonly Node[], file: string): Type {
  const properties = new Map<string, Type>();
  let others: Type | undefined;
  for (const part of parts.filter(({ type }) => type === "object_property")) {
    const values = valuesIn(part);
    const value = values.at(-1);
    if (value === undefined) throw new Refused(placeIn(file, part), "a property lacks its type");
    const [key = ""] = part.text.split(":");
    if (key.trim() === "*") others = typeOf(value, file);
    else properties.set(key.trim().replace(/^'(.*)'$/, "$1"), typeOf(value, file));
  }
  return { kind: "object", properties, ...(others && { others }) };
}
