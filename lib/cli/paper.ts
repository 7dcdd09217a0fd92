import type { WriteStream } from "node:tty";
import type { Paper } from "../reports/layout.ts";

const widest = 120;
const narrowest = 40;
const withoutTerminal = 100;

export type Screen = Pick<WriteStream, "isTTY" | "columns"> & { hasColors(): boolean };

/** How to lay out text for a stream; undefined stands for a file. */
export function paperFor(stream: Screen | undefined, { NO_COLOR = "" }: NodeJS.ProcessEnv): Paper {
  if (!stream?.isTTY) return { width: withoutTerminal, colour: false };
  const width = Math.min(Math.max(stream.columns || withoutTerminal, narrowest), widest);
  return { width, colour: NO_COLOR === "" && stream.hasColors() };
}
