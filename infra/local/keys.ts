import { randomBytes, timingSafeEqual } from "node:crypto";
import type { IncomingMessage } from "node:http";

/** https://learn.microsoft.com/azure/azure-functions/function-keys-how-to */
export interface Keys {
  /** For HTTP functions of the level `function`. */
  readonly function: string;
  /** For everything. */
  readonly master: string;
  /** The system key of the Event Grid extension. */
  readonly eventGrid: string;
}

export function newKeys(): Keys {
  const key = () => randomBytes(24).toString("base64url");
  return { function: key(), master: key(), eventGrid: key() };
}

/** Whether a request brings one of these keys, as `code` in its query or in the header `x-functions-key`. */
export function hasKey(request: IncomingMessage, url: URL, allowed: readonly string[]): boolean {
  const header = request.headers["x-functions-key"];
  const brought = typeof header === "string" ? header : url.searchParams.get("code");
  return brought !== null && allowed.some((key) => isSame(key, brought));
}

function isSame(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)];
  return a.length === b.length && timingSafeEqual(a, b);
}
