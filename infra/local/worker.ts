import type { ChildProcess } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { CordonError } from "../../lib/model/cordon-error.ts";
import { killChild, startChild } from "./child-process.ts";
import type { AppEntry } from "./entry-point.ts";
import type { FromWorker, FunctionMetadata, Invocation, InvocationResponse, LogLine, ToWorker } from "./protocol.ts";

export interface WorkerOptions {
  readonly app: AppEntry;
  readonly env: NodeJS.ProcessEnv;
  /** Of one invocation; undefined is without end. */
  readonly timeoutSeconds: number | undefined;
  readonly log: (line: LogLine) => void;
  /** Called where the app cannot be loaded again after the worker has ended. */
  readonly onLost: (error: unknown) => void;
}

/** Runs the functions in a process of its own, and starts another where that one ends. */
export interface Worker {
  readonly functions: readonly FunctionMetadata[];
  /** Rejects where the function throws, takes too long, or its process ends. */
  invoke(invocation: Omit<Invocation, "invocationId">): Promise<InvocationResponse>;
  stop(): Promise<void>;
}

export async function startWorker(options: WorkerOptions): Promise<Worker> {
  let isStopping = false;
  let current = begin();
  const { functions } = await current;
  return {
    functions,
    async invoke(invocation) {
      const { run } = await current;
      return await run({ ...invocation, invocationId: randomUUID() });
    },
    async stop() {
      isStopping = true;
      await (await current).stop();
    },
  };

  function begin(): Promise<Running> {
    return startProcess(options, (ended) => {
      if (isStopping) return;
      options.log({
        level: "warning",
        category: "host",
        message: `the worker process ended (${ended}); another one starts`,
      });
      current = begin();
      current.catch(options.onLost);
    });
  }
}

interface Running {
  readonly functions: readonly FunctionMetadata[];
  run(invocation: Invocation): Promise<InvocationResponse>;
  stop(): Promise<void>;
}

/** What is still running may take so long when the host stops. */
const graceSeconds = 3;

const script = fileURLToPath(new URL("./worker-process.ts", import.meta.url));

async function startProcess(options: WorkerOptions, onEnd: (ended: string) => void): Promise<Running> {
  const { app, log, timeoutSeconds } = options;
  const child = startChild(script, [], { cwd: app.folder, env: options.env });
  forwardOutput(child, log);
  const pending = new Map<string, PromiseWithResolvers<InvocationResponse>>();
  const loading = Promise.withResolvers<readonly FunctionMetadata[]>();
  let isLoaded = false;
  child.on("message", (message: FromWorker) => {
    switch (message.kind) {
      case "log":
        return log(message.line);
      case "loaded":
        isLoaded = true;
        return loading.resolve(message.functions);
      case "unloadable":
        return loading.reject(unloadable(app, message.error, message.during));
      case "done":
        return pending.get(message.invocationId)?.resolve(message.response);
      case "failed":
        return pending.get(message.invocationId)?.reject(new Error(message.error));
    }
  });
  child.once("exit", (code, signal) => {
    const ended = signal ?? `exit code ${code}`;
    const error = new CordonError("ERR_WORKER_ENDED", `the worker process ended: ${ended}`);
    loading.reject(error);
    for (const { reject } of pending.values()) reject(error);
    if (isLoaded) onEnd(ended);
  });
  tell(child, { kind: "load", folder: app.folder, entry: app.entry });
  try {
    return { functions: await loading.promise, run, stop };
  } catch (error) {
    await killChild(child);
    throw error;
  }

  async function run(invocation: Invocation): Promise<InvocationResponse> {
    const { invocationId, functionName } = invocation;
    const answer = Promise.withResolvers<InvocationResponse>();
    pending.set(invocationId, answer);
    const timer =
      timeoutSeconds === undefined
        ? undefined
        : setTimeout(() => {
            const message = `took longer than the functionTimeout of ${timeoutSeconds} s: its worker process is ended`;
            log({ level: "error", category: functionName, message });
            child.kill("SIGKILL");
          }, timeoutSeconds * 1000);
    try {
      if (!child.connected) throw new CordonError("ERR_WORKER_ENDED", "the worker process has ended");
      tell(child, { kind: "invoke", invocation });
      return await answer.promise;
    } finally {
      clearTimeout(timer);
      pending.delete(invocationId);
    }
  }

  async function stop(): Promise<void> {
    if (!child.connected) return;
    const ended = once(child, "exit");
    const impatient = setTimeout(() => child.kill("SIGKILL"), graceSeconds * 1000);
    await Promise.allSettled([...pending.values()].map(({ promise }) => promise));
    if (child.connected) tell(child, { kind: "terminate" });
    await ended;
    clearTimeout(impatient);
  }
}

/** One that has ended meanwhile says so by its exit. */
function tell(child: ChildProcess, message: ToWorker): void {
  child.send(message, () => {});
}

function forwardOutput(child: ChildProcess, log: (line: LogLine) => void): void {
  for (const [stream, level] of [
    [child.stdout, "information"],
    [child.stderr, "warning"],
  ] as const) {
    if (stream === null) continue;
    createInterface({ input: stream }).on("line", (message) => log({ level, category: "app", message }));
  }
}

function unloadable({ entry }: AppEntry, error: string, during: "load" | "appStart"): CordonError {
  const what = during === "load" ? `the entry point \`${entry}\` threw` : "the app does not start";
  return new CordonError("ERR_APP_UNLOADABLE", `${what}: ${error}`);
}
