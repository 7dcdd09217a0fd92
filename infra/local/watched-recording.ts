import { watch } from "chokidar";
import type { ResourceChange } from "./change-event.ts";
import { changesBetween, recordedState } from "./recording-changes.ts";

export interface Watching {
  stop(): Promise<void>;
}

export interface Watcher {
  /** Called whenever files have changed and could be read, with the resources that are not as before: none, too. */
  onChange(changes: readonly ResourceChange[]): void;
  onProblem(problem: string): void;
}

/** Editors write a file in several steps. */
const quietMilliseconds = 300;

/** Tells which resources of a recording have changed whenever its files are edited, replaced, deleted or added. */
export async function watchRecording(folder: string, { onChange, onProblem }: Watcher): Promise<Watching> {
  let before = await recordedState(folder);
  // One after the other: each compares with what the last one has read.
  let comparing = Promise.resolve();
  const watching = await watchFiles(
    folder,
    () => {
      comparing = comparing.then(compare);
    },
    onProblem,
  );
  return {
    async stop() {
      await watching.stop();
      await comparing;
    },
  };

  async function compare(): Promise<void> {
    try {
      const after = await recordedState(folder);
      const changes = changesBetween(before, after);
      before = after;
      onChange(changes);
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
  onChange: () => void,
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
