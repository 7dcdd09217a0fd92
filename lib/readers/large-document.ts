import { JSONParser } from "@streamparser/json";
import type { Document } from "./recorded-documents.ts";

/** Where a document has its list of resources or of answers, by how the document begins. */
const listPaths = {
  "[": ["$.*"],
  "{": ["$.url", "$.value.*", "$.data.*", "$.body.value.*", "$.body.data.*"],
} as const;

/**
 * Reads the one document of a file in pieces, so that memory does not grow with it: each entry of its list becomes a
 * document of its own. An answer that is read like this says what is there, and completes no list.
 */
export async function* entriesOf(file: string, pieces: AsyncIterable<string>): AsyncGenerator<Iterable<Document>> {
  let found: Document[] = [];
  let parser: JSONParser | undefined;
  try {
    for await (const piece of pieces) {
      parser ??= parserFor(piece, file, (document) => found.push(document));
      parser.write(piece);
      yield found;
      found = [];
    }
    if (parser?.isEnded === false) found.push(broken(file, "broken JSON: the document does not end"));
  } catch (error) {
    found.push(broken(file, `broken JSON: ${error instanceof Error ? error.message : String(error)}`));
  }
  yield found;
}

function parserFor(beginning: string, file: string, put: (document: Document) => void): JSONParser {
  const paths = listPaths[beginning.trimStart().startsWith("[") ? "[" : "{"];
  const parser = new JSONParser({ paths: [...paths], keepStack: false });
  parser.onValue = ({ value, key, stack }) => {
    if (typeof key !== "number") put({ kind: "tooLarge", where: file, message: tooLarge });
    else
      put({ kind: "json", where: `${[file, ...stack.slice(1).map((level) => level.key)].join(", ")}[${key}]`, value });
  };
  return parser;
}

const tooLarge =
  "an answer too large to be read as one: its entries count, but it completes no list (record one answer a line)";

function broken(where: string, message: string): Document {
  return { kind: "broken", where, message };
}
