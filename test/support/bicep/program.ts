import type { Node } from "web-tree-sitter";
import { expressionOf, loopOf, placeIn, plainText, propertiesOf } from "./expression.ts";
import { parse } from "./grammar.ts";
import { valuesIn } from "./pieces.ts";
import { Refused } from "./refused.ts";
import type { Body, Declared, Decorator, Loop, ModuleDeclaration, Program, ResourceDeclaration } from "./syntax.ts";
import { typeOf } from "./type.ts";

/** A file as it was written; throws where it is no Bicep, or more of it than this reader knows. */
export function programOf(file: string, text: string): Program {
  const root = parse(text);
  const [mistake] = syntaxMistakes(file, root);
  if (mistake !== undefined) throw mistake;
  const statements = statementsIn(root, file);
  const of = (type: string) => statements.filter(({ node }) => node.type === type);
  const [target] = of("target_scope_assignment");
  const read = ["parameter", "variable", "type", "resource", "module", "output"].map((what) => `${what}_declaration`);
  const others = statements.find(
    ({ node: { type } }) => ![...read, "target_scope_assignment", "metadata_declaration"].includes(type),
  );
  if (others !== undefined) throw new Refused(others.declared.at, `this reader does not know a ${others.node.type}`);
  return {
    file,
    text,
    targetScope: target === undefined ? "resourceGroup" : plainText(partOf(target.node, 0), file),
    parameters: of("parameter_declaration").map(({ node, declared }) => {
      const [, type, value] = valuesIn(node);
      return {
        ...declared,
        type: typeOf(type ?? node, file),
        ...(value && { default: expressionOf(value, file) }),
      };
    }),
    variables: of("variable_declaration").map(({ node, declared }) => ({
      ...declared,
      value: expressionOf(partOf(node, 1), file),
    })),
    types: of("type_declaration").map(({ node, declared }) => ({ ...declared, type: typeOf(partOf(node, 1), file) })),
    resources: of("resource_declaration").map(({ node, declared }) => resourceOf(node, declared, file)),
    modules: of("module_declaration").map(({ node, declared }) => moduleOf(node, declared, file)),
    outputs: of("output_declaration").map(({ node, declared }) => ({
      ...declared,
      type: typeOf(partOf(node, 1), file),
      value: expressionOf(partOf(node, 2), file),
    })),
  };
}

/** Every place where the grammar found something else than it expected. */
export function syntaxMistakes(file: string, root: Node): readonly Refused[] {
  const mistakes: Refused[] = [];
  const visit = (node: Node): void => {
    if (node.isMissing) mistakes.push(new Refused(placeIn(file, node), `syntax error: a ${node.type} is missing`));
    else if (node.isError)
      mistakes.push(new Refused(placeIn(file, node), `syntax error at \`${firstLine(node.text)}\``));
    else if (node.hasError) for (const child of node.children) visit(child);
  };
  visit(root);
  return mistakes;
}

interface Statement {
  readonly node: Node;
  readonly declared: Declared;
}

function statementsIn(root: Node, file: string): readonly Statement[] {
  const statements: Statement[] = [];
  let decorators: readonly Decorator[] = [];
  for (const node of valuesIn(root)) {
    if (node.type === "decorators") decorators = valuesIn(node).map((one) => decoratorOf(one, file));
    else {
      statements.push({ node, declared: { name: valuesIn(node)[0]?.text ?? "", decorators, at: placeIn(file, node) } });
      decorators = [];
    }
  }
  return statements;
}

function decoratorOf(node: Node, file: string): Decorator {
  const call = expressionOf(partOf(node, 0), file);
  if (call.kind !== "call") throw new Refused(call.at, `\`${node.text}\` is no decorator`);
  return { name: call.name, arguments: call.arguments, at: call.at };
}

function resourceOf(node: Node, declared: Declared, file: string): ResourceDeclaration {
  return {
    ...declared,
    type: plainText(partOf(node, 1), file),
    isExisting: node.children.some((child) => child.type === "existing"),
    body: bodyOrLoop(partOf(node, 2), file),
  };
}

function moduleOf(node: Node, declared: Declared, file: string): ModuleDeclaration {
  return { ...declared, path: plainText(partOf(node, 1), file), body: bodyOrLoop(partOf(node, 2), file) };
}

function bodyOrLoop(node: Node, file: string): Body | Loop<Body> {
  return node.type === "for_statement" ? loopOf(node, file, (body) => bodyOf(body, file)) : bodyOf(node, file);
}

function bodyOf(node: Node, file: string): Body {
  const at = placeIn(file, node);
  if (node.type === "if_statement") {
    const [condition, braces] = [partOf(node, 0), partOf(node, 1)];
    return { ...bodyOf(braces, file), condition: expressionOf(condition, file) };
  }
  if (node.type !== "object") throw new Refused(at, "a body in braces is expected");
  const nested = valuesIn(node).flatMap((property) => {
    const [inner] = valuesIn(property);
    if (inner?.type !== "resource_declaration") return [];
    const declared = { name: partOf(inner, 0).text, decorators: [], at: placeIn(file, inner) };
    return [resourceOf(inner, declared, file)];
  });
  return { properties: propertiesOf(node, file), nested, at };
}

function partOf(node: Node, index: number): Node {
  const part = valuesIn(node)[index];
  if (part === undefined) throw new Error(`the grammar's ${node.type} lacks its part ${index}`);
  return part;
}

function firstLine(text: string): string {
  return text.split("\n")[0]?.trim() ?? "";
}
