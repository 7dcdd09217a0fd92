import { CordonError } from "../../lib/model/cordon-error.ts";
import type { QueueSettings } from "./host-json.ts";
import type { TypedData } from "./protocol.ts";

type Encoding = QueueSettings["messageEncoding"];

/** What one message of a storage queue can hold, encoded: https://learn.microsoft.com/azure/storage/queues/scalability-targets */
const mostBytes = 64 * 1024;

export function encode(text: string, encoding: Encoding): string {
  const encoded = encoding === "base64" ? Buffer.from(text).toString("base64") : text;
  const bytes = Buffer.byteLength(encoded);
  if (bytes <= mostBytes) return encoded;
  throw new CordonError("ERR_MESSAGE_TOO_LARGE", `a message takes ${bytes} bytes in ${encoding}, more than 64 KiB`);
}

/** Undefined where the text is not in the encoding. */
export function decode(text: string, encoding: Encoding): string | undefined {
  if (encoding === "none") return text;
  const isBase64 = text.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(text);
  return isBase64 ? Buffer.from(text, "base64").toString("utf8") : undefined;
}

export interface OutputMessages {
  readonly texts: readonly string[];
  /** What will differ on the real host. */
  readonly warning?: string;
}

/** The messages that one value of a queue output becomes: an array is one message per element, an object indented JSON. */
export function messagesOf(data: TypedData): OutputMessages {
  if (data.string !== undefined) {
    const parsed = parse(data.string);
    if (typeof parsed !== "object" || parsed === null) return { texts: [data.string] };
    const warning =
      "a string that looks like JSON is parsed again by the Functions host, and dates in it are rewritten";
    return { texts: textsOf(parsed), warning: `${warning}: return an object` };
  }
  if (data.json !== undefined) return { texts: textsOf(JSON.parse(data.json)) };
  if (data.bytes !== undefined) return { texts: [Buffer.from(data.bytes).toString("utf8")] };
  return { texts: [String(data.int ?? data.double)] };
}

function textsOf(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.map(textOf) : [textOf(value)];
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value, undefined, 2);
}

function parse(text: string): unknown {
  if (!/^\s*[[{]/.test(text)) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
