import "./end-with-parent.ts";
import { createRequire } from "node:module";
import { inspect } from "node:util";
import { installCoreModule, type RegisteredApp } from "./core-module.ts";
import { invoke, runHooks } from "./invocation.ts";
import type { FromWorker, LogLine, ToWorker } from "./protocol.ts";

// Run by worker.ts in a process of its own: loads the built app as the Node worker does and runs its functions.
const app = installCoreModule(log);

process.on("message", async (message: ToWorker) => {
  switch (message.kind) {
    case "load":
      return tell(await load(app, message.folder, message.entry));
    case "invoke": {
      const { invocationId } = message.invocation;
      try {
        tell({ kind: "done", invocationId, response: await invoke(app, message.invocation, log) });
      } catch (error) {
        tell({ kind: "failed", invocationId, error: textOf(error) });
      }
      return;
    }
    case "terminate":
      await runHooks(app, "appTerminate", { hookData: {}, appHookData: {} }).catch((error: unknown) =>
        log({ level: "error", category: "app", message: textOf(error) }),
      );
      process.disconnect();
  }
});

/** The real worker goes on with no functions where the entry point throws, and so hides why; here it is said. */
async function load({ functions, ...rest }: RegisteredApp, folder: string, entry: string): Promise<FromWorker> {
  try {
    createRequire(import.meta.url)(entry);
    await runHooks({ functions, ...rest }, "appStart", { hookData: {}, appHookData: {}, functionAppDirectory: folder });
  } catch (error) {
    return { kind: "unloadable", error: textOf(error), registered: functions.size };
  }
  return { kind: "loaded", functions: [...functions.values()].map(({ metadata }) => metadata) };
}

function log(line: LogLine): void {
  tell({ kind: "log", line });
}

function tell(message: FromWorker): void {
  if (process.connected) process.send?.(message);
}

function textOf(error: unknown): string {
  return error instanceof Error ? inspect(error) : String(error);
}
