import { createReadStream } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream";
import { TextDecoder } from "node:util";
import { createGunzip } from "node:zlib";
import { CordonError } from "../model/cordon-error.ts";
import { parseJson } from "./json-text.ts";

/** One JSON document of a recording: a line, or a whole file. */
export type Document =
  | { readonly kind: "json"; readonly where: string; readonly value: unknown }
  | { readonly kind: "broken"; readonly where: string; readonly message: string };

function unreadable(path: string, reason: string, cause?: unknown): CordonError {
  return new CordonError("ERR_RECORDING_UNREADABLE", `cannot read recording \`${path}\`: ${reason}`, cause);
}

/** Files that lie beside a recording and are no part of it. */
const notRecorded = new Set(["cordon.policy.json"]);
const isRecording = /\.(json|ndjson|jsonl)(\.gz)?$/i;

/** The files of a recording, in the order of their names; a folder is searched with the folders in it. */
export async function filesOf(path: string): Promise<readonly string[]> {
  const kind = await stat(path).catch((cause: unknown) => {
    throw unreadable(path, messageOf(cause), cause);
  });
  if (!kind.isDirectory()) return [path];
  const entries = await readdir(path, { recursive: true, withFileTypes: true });
  const named = entries.filter((entry) => isRecording.test(entry.name) && !notRecorded.has(entry.name));
  const paths = named.filter((entry) => !entry.isDirectory()).map((entry) => join(entry.parentPath, entry.name));
  const areFiles = await Promise.all(
    paths.map(async (file) => (await stat(file).catch(() => undefined))?.isFile() ?? true),
  );
  const files = paths.filter((_, index) => areFiles[index]);
  if (files.length === 0) throw unreadable(path, "the folder holds no .json or .ndjson");
  return files.sort();
}

/** Reads a file line by line; a file that is one document over many lines is read as a whole. */
export async function* documentsOf(file: string): AsyncGenerator<Document> {
  let isEmpty = true;
  const failures: Document[] = [];
  const lines = untilFailure(linesOf(file), (error) => {
    failures.push({ kind: "broken", where: file, message: `cannot be read to its end: ${messageOf(error)}` });
  });
  for await (const document of documentsIn(file, lines)) {
    isEmpty = false;
    yield document;
  }
  if (isEmpty && failures.length === 0) yield { kind: "broken", where: file, message: "the file is empty" };
  yield* failures;
}

async function* documentsIn(file: string, lines: AsyncGenerator<Line>): AsyncGenerator<Document> {
  const head: Line[] = [];
  while (head.length < 2) {
    const next = await lines.next();
    if (next.done) break;
    head.push(next.value);
  }
  if (isLineByLine(head)) {
    for (const line of head) yield parseLine(file, line);
    for await (const line of lines) yield parseLine(file, line);
    return;
  }
  for await (const line of lines) head.push(line);
  yield* parseWhole(file, head);
}

/** Ends where reading fails, so that what was read up to there counts. */
async function* untilFailure(lines: AsyncGenerator<Line>, onFailure: (error: unknown) => void): AsyncGenerator<Line> {
  try {
    yield* lines;
  } catch (error) {
    onFailure(error);
  }
}

interface Line {
  readonly number: number;
  readonly text: string;
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
  if (document.kind === "broken" || typeof document.value !== "object" || document.value === null) return false;
  return ["id", "url", "value", "data"].some((name) => Object.hasOwn(Object(document.value), name));
}

/** The lines of a file that are not blank, counted from 1. */
async function* linesOf(file: string): AsyncGenerator<Line, void, void> {
  let number = 0;
  let rest = "";
  for await (const chunk of textChunks(file)) {
    const parts = (rest + chunk).split("\n");
    rest = parts.pop() ?? "";
    for (const text of parts) {
      number += 1;
      if (text.trim() !== "") yield { number, text };
    }
  }
  if (rest.trim() !== "") yield { number: number + 1, text: rest };
}

/** Unpacks gzip and decodes UTF-8, or UTF-16 as PowerShell writes it, whichever the first bytes say. */
async function* textChunks(file: string): AsyncGenerator<string> {
  const chunks: AsyncIterator<Buffer> = createReadStream(file, { highWaterMark: 1 << 20 })[Symbol.asyncIterator]();
  const first = await chunks.next();
  if (first.done) return;
  const isGzip = first.value[0] === 0x1f && first.value[1] === 0x8b;
  const all = chain(first.value, chunks);
  // The iteration below is told of an error; the callback only keeps it from being thrown a second time.
  const bytes: AsyncIterable<Buffer> = isGzip ? pipeline(all, createGunzip(), () => {}) : all;
  let decoder: TextDecoder | undefined;
  for await (const chunk of bytes) {
    decoder ??= new TextDecoder(encodingOf(chunk));
    yield decoder.decode(chunk, { stream: true });
  }
  if (decoder !== undefined) yield decoder.decode();
}

async function* chain<T>(first: T, others: AsyncIterator<T>): AsyncGenerator<T> {
  yield first;
  yield* { [Symbol.asyncIterator]: () => others };
}

function encodingOf(signature: Uint8Array): string {
  if (signature[0] === 0xff && signature[1] === 0xfe) return "utf-16le";
  return signature[0] === 0xfe && signature[1] === 0xff ? "utf-16be" : "utf-8";
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
