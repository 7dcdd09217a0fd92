import { CordonError } from "../model/cordon-error.ts";
import { printable } from "../reports/printable.ts";

/** Writes to standard error; each line of `text` is made safe for a terminal. */
export function say(text: string): void {
  process.stderr.write(`${text.split("\n").map(printable).join("\n")}\n`);
}

/** Our own errors say all in their message; of anything else the stack is needed. */
export function describeError(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error instanceof CordonError ? error.message : (error.stack ?? error.message);
}
