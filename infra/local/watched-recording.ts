import { watch } from "node:fs";
import type { ResourceChange } from "./change-event.ts";
import { changesBetween, recordedState } from "./recording-changes.ts";

export interface Watching {
  stop(): void;
}

/** Editors write a file in several steps. */
const quietMilliseconds = 300;

/** Tells which resources of a recording have changed whenever its files are edited. */
export async function watchRecording(
  folder: string,
  onChange: (changes: readonly ResourceChange[]) => void,
  onProblem: (problem: string) => void,
): Promise<Watching> {
  let before = await recordedState(folder);
  let timer: NodeJS.Timeout | undefined;
  const watcher = watch(folder, { recursive: true }, () => {
    clearTimeout(timer);
    timer = setTimeout(compare, quietMilliseconds);
  });
  return {
    stop() {
      clearTimeout(timer);
      watcher.close();
    },
  };

  async function compare(): Promise<void> {
    try {
      const after = await recordedState(folder);
      const changes = changesBetween(before, after);
      before = after;
      if (changes.length > 0) onChange(changes);
    } catch (error) {
      onProblem(error instanceof Error ? error.message : String(error));
    }
  }
}
