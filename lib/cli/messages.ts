import { printable } from "../reports/printable.ts";

/** Writes to standard error; each line of `text` is made safe for a terminal. */
export function say(text: string): void {
  process.stderr.write(`${text.split("\n").map(printable).join("\n")}\n`);
}

/** Expected errors carry a stable code and say all in their message; of anything else the stack is needed. */
export function describeError(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return "code" in error ? error.message : (error.stack ?? error.message);
}
