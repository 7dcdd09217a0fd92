import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

const endWithParent = fileURLToPath(new URL("./end-with-parent.ts", import.meta.url));

export interface ChildOptions {
  readonly cwd: string;
  readonly env?: NodeJS.ProcessEnv;
}

/** A Node process that lives no longer than this one, even if this one is killed. Its output is piped. */
export function startChild(
  script: string,
  args: readonly string[],
  { cwd, env = process.env }: ChildOptions,
): ChildProcess {
  return spawn(process.execPath, ["--enable-source-maps", "--import", endWithParent, script, ...args], {
    cwd,
    env,
    stdio: ["ignore", "pipe", "pipe", "ipc"],
    serialization: "advanced",
    // Ctrl-C reaches a whole foreground group; the parent decides in which order things end.
    detached: true,
  });
}

/** Resolves when the child is gone. */
export async function killChild(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, "exit");
  child.kill("SIGKILL");
  await ended;
}
