import Module from "node:module";
import type { FunctionMetadata, LogLine, TypedData } from "./protocol.ts";

type Callback = (...values: readonly unknown[]) => unknown;
type HookCallback = (context: unknown) => unknown;

/** What the app has told `@azure/functions-core`. */
export interface RegisteredApp {
  readonly functions: Map<string, { readonly metadata: FunctionMetadata; readonly callback: Callback }>;
  readonly hooks: Readonly<Record<HookName, HookCallback[]>>;
  model: ProgrammingModel | undefined;
}

const hookNames = ["appStart", "appTerminate", "preInvocation", "postInvocation"] as const;
export type HookName = (typeof hookNames)[number];

export interface ProgrammingModel {
  readonly name: string;
  getInvocationModel(context: unknown): InvocationModel;
}

interface InvocationModel {
  getArguments(): Promise<{ readonly context: unknown; readonly inputs: unknown[] }>;
  invokeFunction(context: unknown, inputs: unknown[], callback: Callback): Promise<unknown>;
  getResponse(context: unknown, result: unknown): Promise<{ outputData: { name: string; data: TypedData }[] }>;
}

/**
 * Supplies `@azure/functions-core` as the Node worker does, by standing in for `require`:
 * https://github.com/Azure/azure-functions-nodejs-worker/blob/v3.x/src/setupCoreModule.ts
 */
export function installCoreModule(log: (line: LogLine) => void): RegisteredApp {
  const app: RegisteredApp = {
    functions: new Map(),
    hooks: { appStart: [], appTerminate: [], preInvocation: [], postInvocation: [] },
    model: undefined,
  };
  const coreModule = {
    version: "3.0.0-local",
    hostVersion: "4.0.0-local",
    setProgrammingModel: (model: ProgrammingModel) => {
      app.model = model;
    },
    getProgrammingModel: () => app.model,
    registerFunction(metadata: FunctionMetadata, callback: Callback) {
      if (app.functions.has(metadata.name)) throw new Error(`the function \`${metadata.name}\` is registered twice`);
      app.functions.set(metadata.name, { metadata, callback });
      return disposable(() => app.functions.delete(metadata.name));
    },
    registerHook(name: string, callback: HookCallback) {
      const hooks = app.hooks[hookNames.find((known) => known === name) ?? unknownHook(name)];
      hooks.push(callback);
      return disposable(() => hooks.splice(hooks.indexOf(callback), 1));
    },
    log: (level: LogLine["level"], _category: string, message: string) => log({ level, category: "app", message }),
  };
  const { prototype } = Module;
  const original = prototype.require;
  prototype.require = Object.assign(function (this: unknown, id: string) {
    return id === "@azure/functions-core" ? coreModule : Reflect.apply(original, this, [id]);
  }, original);
  return app;
}

function disposable(dispose: () => void): { readonly dispose: () => void } {
  return { dispose };
}

function unknownHook(name: string): never {
  throw new RangeError(`the local host does not know the hook \`${name}\``);
}
