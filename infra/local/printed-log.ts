import { styleText } from "node:util";
import type { LogLine } from "./protocol.ts";

const colors = { error: "red", critical: "red", warning: "yellow" } as const;

/** Prints a line of the log with the time of day; debugging lines only on demand. */
export function printedLog(out: NodeJS.WriteStream, isVerbose: boolean): (line: LogLine) => void {
  return ({ level, category, message }) => {
    if (!isVerbose && (level === "trace" || level === "debug")) return;
    const color = level in colors ? colors[level as keyof typeof colors] : undefined;
    const text = `${new Date().toISOString().slice(11, 23)}  ${category.padEnd(18)} ${message}\n`;
    out.write(color === undefined ? text : styleText(color, text, { stream: out }));
  };
}
