import type { Expression } from "./syntax.ts";

/** An expression as a person would write it, for what stays unknown and for messages. */
export function printed(expression: Expression): string {
  switch (expression.kind) {
    case "literal":
      return typeof expression.value === "string" ? `'${expression.value}'` : String(expression.value);
    case "interpolated":
      return `'${expression.parts.map((part) => (typeof part === "string" ? part : `\${${printed(part)}}`)).join("")}'`;
    case "variable":
      return expression.name;
    case "member":
      return `${printed(expression.base)}${expression.isSafe ? ".?" : "."}${expression.name}`;
    case "nested":
      return `${printed(expression.base)}::${expression.name}`;
    case "index":
      return `${printed(expression.base)}[${expression.isSafe ? "?" : ""}${printed(expression.index)}]`;
    case "call":
      return `${expression.name}(${expression.arguments.map(printed).join(", ")})`;
    case "unary":
      return `${expression.operator}${printed(expression.operand)}`;
    case "binary":
      return `${printed(expression.left)} ${expression.operator} ${printed(expression.right)}`;
    case "ternary":
      return `${printed(expression.condition)} ? ${printed(expression.consequence)} : ${printed(expression.alternative)}`;
    case "lambda":
      return `(${expression.parameters.join(", ")}) => ${printed(expression.body)}`;
    case "array":
      return `[${expression.items.map(printed).join(", ")}]`;
    case "object":
      return "{…}";
    case "for":
      return `[for ${expression.item} in ${printed(expression.list)}: …]`;
  }
}
