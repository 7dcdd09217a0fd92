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

/** The real worker goes on with what is registered where the entry point throws, and so hides why; here it is said. */
async function load(app: RegisteredApp, folder: string, entry: string): Promise<FromWorker> {
  const { functions } = app;
  let during: "load" | "appStart" = "load";
  try {
    createRequire(import.meta.url)(entry);
    during = "appStart";
    await runHooks(app, "appStart", { hookData: {}, appHookData: {}, functionAppDirectory: folder });
  } catch (error) {
    return { kind: "unloadable", error: textOf(error), during };
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
  if (!(error instanceof Error)) return String(error);
  // A CordonError says all in its message.
  return error.name === "CordonError" ? error.message : inspect(error);
}
