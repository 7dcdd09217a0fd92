import { createReadStream } from "node:fs";
import { pipeline } from "node:stream";
import { TextDecoder } from "node:util";
import { createGunzip } from "node:zlib";

export interface Line {
  /** Counted from 1. */
  readonly number: number;
  readonly text: string;
  /** The line goes on: it is so long that it comes in parts. */
  readonly goesOn: boolean;
}

/** In bytes: from here on a line comes in parts. */
const partAtLeast = 1 << 25;

/** The lines of a file that are not blank, those of one piece of the file at a time. */
export async function* linesOf(file: string): AsyncGenerator<Iterable<Line>, void, void> {
  const splitter = new Splitter();
  for await (const piece of utf8Of(file)) yield splitter.linesIn(piece);
  yield splitter.lastLine();
}

const newline = 0x0a;

/** Cuts bytes into lines; what is left of a line waits for the next piece. */
class Splitter {
  #number = 1;
  #rest: Buffer[] = [];
  #restLength = 0;

  *linesIn(piece: Buffer): Generator<Line> {
    let start = 0;
    for (let end = piece.indexOf(newline); end !== -1; end = piece.indexOf(newline, start)) {
      const line = piece.subarray(start, end);
      start = end + 1;
      yield* this.#line(line);
    }
    if (start === piece.length) return;
    this.#rest.push(piece.subarray(start));
    this.#restLength += piece.length - start;
    if (this.#restLength > partAtLeast) yield* this.#part();
  }

  /** Cut where a character begins. */
  *#part(): Generator<Line> {
    const bytes = Buffer.concat(this.#rest);
    let end = bytes.length - 1;
    while (isContinuation(bytes[end])) end -= 1;
    this.#rest = [bytes.subarray(end)];
    this.#restLength = bytes.length - end;
    yield { number: this.#number, text: bytes.toString("utf8", 0, end), goesOn: true };
  }

  *lastLine(): Generator<Line> {
    yield* this.#line(Buffer.alloc(0));
  }

  *#line(end: Buffer): Generator<Line> {
    const number = this.#number;
    this.#number += 1;
    const bytes = this.#rest.length === 0 ? end : Buffer.concat([...this.#rest, end]);
    this.#rest = [];
    this.#restLength = 0;
    const text = bytes.toString("utf8");
    if (/\S/.test(text)) yield { number, text, goesOn: false };
  }
}

/** Of a character in UTF-8 any byte but the first. */
function isContinuation(byte: number | undefined): boolean {
  return byte !== undefined && (byte & 0xc0) === 0x80;
}

/** Unpacks gzip and turns UTF-16, as PowerShell writes it, into UTF-8, whichever the first bytes say. */
async function* utf8Of(file: string): AsyncGenerator<Buffer> {
  const pieces: AsyncIterator<Buffer> = createReadStream(file, { highWaterMark: 1 << 20 })[Symbol.asyncIterator]();
  const first = await pieces.next();
  if (first.done) return;
  const isGzip = first.value[0] === 0x1f && first.value[1] === 0x8b;
  const all = chain(first.value, pieces);
  // The iteration below is told of an error; the callback only keeps it from being thrown a second time.
  const bytes: AsyncIterable<Buffer> = isGzip ? pipeline(all, createGunzip(), () => {}) : all;
  let toUtf8: ((piece?: Buffer) => Buffer) | undefined;
  for await (const piece of bytes) {
    toUtf8 ??= converterFor(piece);
    yield toUtf8(piece);
  }
  if (toUtf8 !== undefined) yield toUtf8();
}

async function* chain<T>(first: T, others: AsyncIterator<T>): AsyncGenerator<T> {
  yield first;
  yield* { [Symbol.asyncIterator]: () => others };
}

/** The signature that says what encoding it is goes. */
function converterFor(signature: Uint8Array): (piece?: Buffer) => Buffer {
  const [first, second, third] = signature;
  const isLittle = first === 0xff && second === 0xfe;
  const isBig = first === 0xfe && second === 0xff;
  if (isLittle || isBig) {
    const decoder = new TextDecoder(isLittle ? "utf-16le" : "utf-16be");
    return (piece) => Buffer.from(piece === undefined ? decoder.decode() : decoder.decode(piece, { stream: true }));
  }
  let skip = first === 0xef && second === 0xbb && third === 0xbf ? 3 : 0;
  return (piece = Buffer.alloc(0)) => {
    const rest = piece.subarray(skip);
    skip = 0;
    return rest;
  };
}
