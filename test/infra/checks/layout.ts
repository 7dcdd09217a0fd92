import type { Node } from "web-tree-sitter";
import { parse } from "../../support/bicep/grammar.ts";
import { syntaxMistakes } from "../../support/bicep/program.ts";
import { Refused } from "../../support/bicep/refused.ts";
import type { Sources } from "../../support/bicep/sources.ts";

/**
 * Where Bicep lets a line end; the grammar lets it end anywhere.
 * https://github.com/Azure/bicep/blob/main/src/Bicep.Core/Parsing/BaseParser.cs
 */
const mayBreak: Readonly<Record<string, (before: string, after: string) => boolean>> = {
  infrastructure: () => true,
  decorators: () => true,
  object: () => true,
  array: () => true,
  arguments: (before, after) => before === "(" || before === "," || after === ")",
  parenthesized_expression: (before, after) => before === "(" || after === ")",
  parenthesized_type: (before, after) => before === "(" || after === ")",
  for_statement: (before, after) => before === "[" || after === "]",
  ternary_expression: (_, after) => after === "?" || after === ":",
  lambda_expression: (before) => before === "=>",
  union_type: (_, after) => after === "|",
};

/** What the grammar cannot read, and what Bicep does not take although the grammar does. */
export function syntax(sources: Sources): readonly string[] {
  return sources.bicep.flatMap((file) => {
    const root = parse(sources.text(file));
    const wrong = syntaxMistakes(file, root).map(({ message }) => message);
    if (wrong.length > 0) return wrong;
    return [...misplacedIn(root).map(({ line, what }) => `${file}:${line}: ${what}`), ...notRead(sources, file)];
  });
}

function notRead(sources: Sources, file: string): readonly string[] {
  try {
    sources.program(file);
    return [];
  } catch (error) {
    if (error instanceof Refused) return [error.message];
    throw error;
  }
}

interface Misplaced {
  readonly line: number;
  readonly what: string;
}

function misplacedIn(node: Node): readonly Misplaced[] {
  const children = node.children.filter((child) => !child.type.endsWith("comment"));
  const found = children.flatMap((child, index): readonly Misplaced[] => {
    const before = children[index - 1];
    if (before === undefined) return [];
    const line = child.startPosition.row + 1;
    // A decorator's expression takes the line break after it along.
    const isBroken = before.endPosition.row < child.startPosition.row;
    const may = mayBreak[node.type];
    if (isBroken && !may?.(before.type, child.type))
      return [{ line, what: `no line may end before \`${child.text}\`` }];
    const wrong = separation(node, before, child, isBroken);
    return wrong === undefined ? [] : [{ line, what: wrong }];
  });
  return [...found, ...children.flatMap(misplacedIn)];
}

function separation(node: Node, before: Node, child: Node, isBroken: boolean): string | undefined {
  if (node.type === "infrastructure") {
    const isDecorated = before.type === "decorators";
    return isBroken || isDecorated ? undefined : `\`${child.text.split("\n")[0]}\` must begin on a line of its own`;
  }
  if (node.type !== "object" && node.type !== "array") return undefined;
  if (before.type === "," && isBroken) return "a line break after a comma";
  const isElement = ![",", "{", "}", "[", "]"].includes(child.type) && ![",", "{", "["].includes(before.type);
  const isOneElement = before.endIndex === child.startIndex;
  return isElement && !isBroken && !isOneElement
    ? `\`${child.text}\` must be set off by a comma or a new line`
    : undefined;
}
