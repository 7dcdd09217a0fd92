import { createRequire } from "node:module";
import { Language, type Node, Parser } from "web-tree-sitter";

/**
 * The Bicep compiler is in no registry of packages that the tests may use; this grammar of it is.
 * https://www.npmjs.com/package/tree-sitter-bicep
 */
const grammar = createRequire(import.meta.url).resolve("tree-sitter-bicep/tree-sitter-bicep.wasm");

await Parser.init();
const parser = new Parser().setLanguage(await Language.load(grammar));

/** The tree of what stands in a file; where it is wrong, the tree says so. */
export function parse(text: string): Node {
  const tree = parser.parse(text);
  if (tree === null) throw new Error("the grammar gave no tree");
  return tree.rootNode;
}
