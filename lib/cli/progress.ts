import { counted } from "../model/wording.ts";
import type { OnProgress } from "../session.ts";

const quietMs = 2000;
const everyMs = { terminal: 200, other: 5000 };

export interface Sign {
  readonly isTTY: boolean;
  write(text: string): boolean;
}

export interface Progress {
  readonly report: OnProgress;
  /** Takes back what stands on the terminal. */
  end(): void;
}

/** Says on `stream` how far a reading has come, once it takes long. */
export function progressOn(stream: Sign, now: () => number = Date.now): Progress {
  const interval = stream.isTTY ? everyMs.terminal : everyMs.other;
  let next = now() + quietMs;
  let isShown = false;
  return {
    report(resources) {
      if (now() < next) return;
      next = now() + interval;
      isShown = true;
      const text = `reading: ${counted(resources, "resource")} so far`;
      stream.write(stream.isTTY ? `\r${text}` : `${text}\n`);
    },
    end() {
      if (isShown && stream.isTTY) stream.write("\r\u001b[2K");
    },
  };
}
