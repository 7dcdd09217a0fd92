import { watch } from "chokidar";
import type { ResourceChange } from "./change-event.ts";
import { changesBetween, type RecordedState, recordedState } from "./recording-changes.ts";

export interface Watching {
  stop(): Promise<void>;
}

export interface Watcher {
  /**
   * Called whenever files have changed and could be read, with the resources that are not as before: none, too. Those of a call that
   * fails come again.
   */
  onChange(changes: readonly ResourceChange[]): void | Promise<void>;
  onProblem(problem: string): void;
}

/** Editors write a file in several steps. */
const quietMilliseconds = 300;

/**
 * Tells which resources of a recording have changed since it returned, whenever its files are edited, replaced, deleted or added.
 * What could not be read then stays out; where something else cannot be, it waits until that can.
 */
export async function watchRecording(folder: string, { onChange, onProblem }: Watcher): Promise<Watching> {
  let before: RecordedState | undefined;
  // One after the other: each compares with what the last one has read.
  let reading = Promise.resolve();
  const next = (step: () => Promise<void>): Promise<void> => {
    reading = reading.then(step);
    return reading;
  };
  const watching = await watchFiles(folder, () => next(compare), onProblem);
  // INVARIANT: read once files are watched, so that nothing changes in between unseen
  await next(async () => {
    before = await recordedState(folder);
  });
  return {
    async stop() {
      await watching.stop();
      await reading;
    },
  };

  async function compare(): Promise<void> {
    if (before === undefined) return;
    try {
      const after = await recordedState(folder);
      const [problem] = after.problems.difference(before.problems);
      if (problem !== undefined) {
        onProblem(problem);
        return;
      }
      await onChange(changesBetween(before, after));
      before = after;
    } catch (error) {
      onProblem(messageOf(error));
    }
  }
}

/**
 * Calls back once files, or what is in folders, have changed and have been quiet for a moment; watches from when it
 * returns. The watch of Node alone loses files that are replaced: https://github.com/nodejs/node/pull/52879
 */
export async function watchFiles(
  paths: string | string[],
  onChange: () => unknown,
  onProblem: (problem: string) => void,
): Promise<Watching> {
  let timer: NodeJS.Timeout | undefined;
  const watcher = watch(paths, { ignoreInitial: true });
  watcher.on("all", () => {
    clearTimeout(timer);
    timer = setTimeout(onChange, quietMilliseconds);
  });
  watcher.on("error", (error) => onProblem(messageOf(error)));
  await new Promise<void>((resolve) => watcher.once("ready", () => resolve()));
  return {
    async stop() {
      clearTimeout(timer);
      await watcher.close();
    },
  };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
