import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { CordonError } from "../model/cordon-error.ts";
import { fileReason } from "../model/file-reason.ts";
import { parseJson } from "./json-text.ts";
import { entriesOf } from "./large-document.ts";
import { type Line, linesOf } from "./recorded-lines.ts";

/** One JSON document of a recording: a line, or a whole file. */
export type Document =
  | { readonly kind: "json"; readonly where: string; readonly value: unknown }
  | { readonly kind: "broken"; readonly where: string; readonly message: string }
  /** Each of its entries is a document of its own. */
  | { readonly kind: "tooLarge"; readonly where: string; readonly message: string };

function unreadable(path: string, reason: string, cause?: unknown): CordonError {
  return new CordonError("ERR_RECORDING_UNREADABLE", `cannot read recording \`${path}\`: ${reason}`, cause);
}

/** Files that lie beside a recording and are no part of it. */
const notRecorded = new Set(["cordon.policy.json"]);
const isRecording = /\.(json|ndjson|jsonl)(\.gz)?$/i;

/** The files of a recording, in the order of their names; a folder is searched with the folders in it. */
export async function filesOf(path: string): Promise<readonly string[]> {
  const kind = await stat(path).catch((cause: unknown) => {
    throw unreadable(path, fileReason(cause, "there is no such file or folder"), cause);
  });
  if (!kind.isDirectory()) return [path];
  const entries = await readdir(path, { recursive: true, withFileTypes: true });
  const named = entries.filter((entry) => isRecording.test(entry.name) && !notRecorded.has(entry.name));
  const paths = named.filter((entry) => !entry.isDirectory()).map((entry) => join(entry.parentPath, entry.name));
  const areFiles = await Promise.all(
    paths.map(async (file) => (await stat(file).catch(() => undefined))?.isFile() ?? true),
  );
  const files = paths.filter((_, index) => areFiles[index]);
  if (files.length === 0) throw unreadable(path, "the folder holds no .json, .ndjson or .jsonl, with or without .gz");
  return files.sort();
}

/** Reads a file line by line; a file that is one document over many lines is read as a whole. */
export async function* documentsOf(file: string): AsyncGenerator<Iterable<Document>> {
  let isEmpty = true;
  const failures: Document[] = [];
  const lines = untilFailure(linesOf(file), (error) => {
    failures.push({ kind: "broken", where: file, message: whyBroken(error) });
  });
  for await (const documents of documentsIn(file, lines)) {
    isEmpty = false;
    yield documents;
  }
  if (isEmpty && failures.length === 0) yield [{ kind: "broken", where: file, message: "the file is empty" }];
  yield failures;
}

async function* documentsIn(file: string, pieces: AsyncGenerator<Iterable<Line>>): AsyncGenerator<Iterable<Document>> {
  const head: Line[] = [];
  while (head.length < 2 && head[0]?.goesOn !== true) {
    const next = await pieces.next();
    if (next.done) break;
    head.push(...next.value);
  }
  const [first] = head;
  if (first === undefined) return;
  if (first.goesOn) yield* entriesOf(file, textsOf(head, pieces));
  else if (isLineByLine(head)) yield* lineByLine(file, head, pieces);
  else yield* asWhole(file, head, pieces);
}

async function* lineByLine(
  file: string,
  head: readonly Line[],
  pieces: AsyncIterable<Iterable<Line>>,
): AsyncGenerator<Iterable<Document>> {
  const join = joiner();
  yield parseLines(file, join(head));
  for await (const lines of pieces) yield parseLines(file, join(lines));
}

/** Puts the parts of long lines together. */
function joiner(): (lines: Iterable<Line>) => Generator<Line> {
  const parts: string[] = [];
  return function* (lines) {
    for (const line of lines) {
      if (line.goesOn) parts.push(line.text);
      else yield parts.length === 0 ? line : { ...line, text: [...parts.splice(0), line.text].join("") };
    }
  };
}

/** In characters: a document that is larger is read in pieces, which takes longer. */
const wholeAtMost = 1 << 24;

async function* asWhole(
  file: string,
  head: Line[],
  pieces: AsyncIterable<Iterable<Line>>,
): AsyncGenerator<Iterable<Document>> {
  let size = 0;
  for await (const lines of pieces) {
    for (const line of lines) {
      head.push(line);
      size += line.text.length;
    }
    if (size > wholeAtMost) {
      yield* entriesOf(file, textsOf(head, pieces));
      return;
    }
  }
  yield parseWhole(file, head);
}

async function* textsOf(head: Line[], pieces: AsyncIterable<Iterable<Line>>): AsyncGenerator<string> {
  while (head.length > 0) yield textIn(head.splice(0, 10_000));
  for await (const lines of pieces) yield textIn(lines);
}

function textIn(lines: Iterable<Line>): string {
  return Array.from(lines, ({ text, goesOn }) => (goesOn ? text : `${text}\n`)).join("");
}

/** Ends where reading fails, so that what was read up to there counts. */
async function* untilFailure<T>(pieces: AsyncGenerator<T>, onFailure: (error: unknown) => void): AsyncGenerator<T> {
  try {
    yield* pieces;
  } catch (error) {
    onFailure(error);
  }
}

/** Whether each line is a document of its own: the first is one, or is broken and the second is one. */
function isLineByLine([first, second]: readonly Line[]): boolean {
  if (first === undefined || isDocument(first.text)) return true;
  const goesOn = /[[{,]\s*$/.test(first.text);
  return !goesOn && second !== undefined && isDocument(second.text);
}

function isDocument(text: string): boolean {
  const parsed = parseJson(text);
  return parsed.kind === "value" && typeof parsed.value === "object" && parsed.value !== null;
}

function* parseLines(file: string, lines: Iterable<Line>): Generator<Document> {
  for (const line of lines) yield parseLine(file, line);
}

function parseLine(file: string, { number, text }: Line): Document {
  const parsed = parseJson(text);
  if (parsed.kind === "value") return { kind: "json", where: `${file}:${number}`, value: parsed.value };
  return { kind: "broken", where: `${file}:${number}:${parsed.column}`, message: parsed.message };
}

/** Where the whole is broken, lines that are ARM documents of their own are saved. */
function* parseWhole(file: string, lines: readonly Line[]): Generator<Document> {
  const whole = parseJson(textOf(lines));
  if (whole.kind === "value") {
    yield { kind: "json", where: file, value: whole.value };
    return;
  }
  const documents = lines.map((line) => parseLine(file, line));
  if (documents.some(isArmDocument)) yield* documents;
  else yield { kind: "broken", where: `${file}:${whole.line}:${whole.column}`, message: whole.message };
}

/** With the blank lines back in place, so that the parser's line numbers are those of the file. */
function textOf(lines: readonly Line[]): string {
  const all: string[] = [];
  for (const { number, text } of lines) all[number - 1] = text;
  return Array.from(all, (text) => text ?? "").join("\n");
}

function isArmDocument(document: Document): boolean {
  if (document.kind !== "json" || typeof document.value !== "object" || document.value === null) return false;
  return ["id", "url", "value", "data"].some((name) => Object.hasOwn(Object(document.value), name));
}

/** Of a file that was there, or not, when somebody opened it. */
function whyBroken(error: unknown): string {
  const isOpened = !(error instanceof Error && "syscall" in error && error.syscall === "open");
  const reason = fileReason(error, "there is no such file");
  return isOpened ? `cannot be read to its end: ${reason}` : reason;
}
