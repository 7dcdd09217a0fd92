import { createScanner, getNodeValue, type Node, type ParseError, parseTree, printParseErrorCode } from "jsonc-parser";

export type Path = readonly (string | number)[];

/** JSON that was read without a syntax error, and where everything in it stands. */
export interface JsonSource {
  readonly kind: "read";
  readonly value: unknown;
  /** Keys that an object holds already; the value that counts is the last one. */
  readonly duplicates: readonly { readonly path: Path; readonly place: Place; readonly first: Place }[];
  /** Of a value; of a key that nobody expects; of the object where a key is missing. */
  placeOf(path: Path, part: "key" | "value"): Place;
}

export interface JsonSyntaxErrors {
  readonly kind: "syntax";
  readonly errors: readonly { readonly place: Place; readonly message: string }[];
}

/** Line and column count from 1, the column in UTF-16 units. */
export interface Place {
  readonly offset: number;
  readonly line: number;
  readonly column: number;
}

/** Reads strict JSON: no comments, no trailing commas. A byte order mark is tolerated. */
export function readJson(textWithMark: string): JsonSource | JsonSyntaxErrors {
  const text = textWithMark.replace(/^\uFEFF/, "");
  const placeAt = placesIn(text);
  const tooDeep = findTooDeep(text);
  if (tooDeep !== undefined) {
    return { kind: "syntax", errors: [{ place: placeAt(tooDeep), message: `more than ${maxDepth} levels deep` }] };
  }

  const errors: ParseError[] = [];
  const root = parseTree(text, errors, { disallowComments: true });
  if (errors.length > 0 || root === undefined) {
    // What follows at the same offset is only the parser's way back.
    const firsts = errors.filter(({ offset }, index) => errors[index - 1]?.offset !== offset);
    return {
      kind: "syntax",
      errors: firsts.map((error) => ({ place: placeAt(error.offset), message: wordOf(error, text) })),
    };
  }
  return {
    kind: "read",
    value: getNodeValue(root),
    duplicates: [...duplicatesIn(root, [])].map(({ path, key, first }) => {
      return { path, place: placeAt(key.offset), first: placeAt(first.offset) };
    }),
    placeOf: (path, part) => placeAt(nodeAt(root, path, part).offset),
  };
}

// The parser recurses: text that nests deeper than any policy must not exhaust the stack.
const maxDepth = 100;

function findTooDeep(text: string): number | undefined {
  const scanner = createScanner(text, true);
  let depth = 0;
  while (scanner.getPosition() < text.length) {
    scanner.scan();
    const start = text.charAt(scanner.getTokenOffset());
    if (start === "{" || start === "[") depth++;
    if (start === "}" || start === "]") depth--;
    if (depth > maxDepth) return scanner.getTokenOffset();
  }
  return undefined;
}

function placesIn(text: string): (offset: number) => Place {
  const starts = [0, ...Array.from(text.matchAll(/\r\n|\r|\n/g), (end) => end.index + end[0].length)];
  return (offset) => {
    const index = starts.findLastIndex((start) => start <= offset);
    return { offset, line: index + 1, column: offset - (starts[index] ?? 0) + 1 };
  };
}

function* duplicatesIn(node: Node, path: Path): Generator<{ path: Path; key: Node; first: Node }> {
  const firsts = new Map<string, Node>();
  for (const [index, child] of (node.children ?? []).entries()) {
    if (node.type === "array") {
      yield* duplicatesIn(child, [...path, index]);
      continue;
    }
    const [key, value] = child.children ?? [];
    if (key === undefined || value === undefined) continue;
    const name = String(key.value);
    const first = firsts.get(name);
    if (first === undefined) firsts.set(name, key);
    else yield { path: [...path, name], key, first };
    yield* duplicatesIn(value, [...path, name]);
  }
}

/** The innermost node on the path that exists; of duplicate keys the last. */
function nodeAt(root: Node, path: Path, part: "key" | "value"): Node {
  let node = root;
  for (const [depth, step] of path.entries()) {
    const child =
      typeof step === "number"
        ? node.children?.[step]
        : node.children?.findLast((property) => property.children?.[0]?.value === step);
    const [key, value] = typeof step === "number" ? [undefined, child] : (child?.children ?? []);
    if (part === "key" && depth === path.length - 1) return key ?? node;
    if (value === undefined) return node;
    node = value;
  }
  return node;
}

function wordOf({ error, offset, length }: ParseError, text: string): string {
  const name = printParseErrorCode(error);
  const found = text.slice(offset, offset + Math.min(length, 40));
  const isExpected = name === "PropertyNameExpected" || name === "ValueExpected";
  if (isExpected && text.slice(0, offset).trimEnd().endsWith(",")) {
    return found === "" ? "the file ends after a comma" : `a comma must not stand before \`${found}\``;
  }
  return name === "InvalidSymbol" ? `\`${found}\` is not JSON` : (syntaxWords[name] ?? "the file is not JSON");
}

const syntaxWords: Readonly<Record<string, string>> = {
  InvalidNumberFormat: "a number is malformed",
  PropertyNameExpected: "a key in double quotes is expected",
  ValueExpected: "a value is expected",
  ColonExpected: "a colon is expected",
  CommaExpected: "a comma is expected",
  CloseBraceExpected: "a closing brace is expected",
  CloseBracketExpected: "a closing bracket is expected",
  EndOfFileExpected: "the end of the file is expected",
  InvalidCommentToken: "comments are not allowed",
  UnexpectedEndOfComment: "a comment does not end",
  UnexpectedEndOfString: "a string does not end on its line",
  UnexpectedEndOfNumber: "a number breaks off",
  InvalidUnicode: "a `\\u` escape needs four hexadecimal digits",
  InvalidEscapeCharacter: "an escape in a string is not one of JSON",
  InvalidCharacter: "a string holds a control character, which must be escaped",
};
