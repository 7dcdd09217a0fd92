import type { HookName, RegisteredApp } from "./core-module.ts";
import type { Invocation, InvocationResponse, LogLevel, LogLine } from "./protocol.ts";

/** One invocation, in the order of https://github.com/Azure/azure-functions-nodejs-worker (InvocationHandler.ts). */
export async function invoke(
  app: RegisteredApp,
  { invocationId, functionName, inputData, triggerMetadata }: Invocation,
  log: (line: LogLine) => void,
): Promise<InvocationResponse> {
  const registered = app.functions.get(functionName);
  if (registered === undefined || app.model === undefined) throw new Error(`no function \`${functionName}\` is loaded`);
  const { metadata, callback } = registered;
  const core = {
    invocationId,
    metadata,
    request: {
      invocationId,
      functionId: functionName,
      inputData,
      triggerMetadata,
      traceContext: {},
      retryContext: null,
    },
    state: undefined as string | undefined,
    log: (level: LogLevel, _category: string, message: string) => log({ level, category: functionName, message }),
  };
  const model = app.model.getInvocationModel(core);
  const { context, inputs } = await model.getArguments();
  const hookData = {};
  const before = { hookData, appHookData: {}, invocationContext: context, functionCallback: callback, inputs };
  await during("preInvocationHooks", () => runHooks(app, "preInvocation", before));
  const after = {
    ...before,
    result: null as unknown,
    error: null as unknown,
  };
  await during("invocation", async () => {
    try {
      after.result = await model.invokeFunction(context, before.inputs, before.functionCallback);
    } catch (error) {
      after.error = error;
    }
  });
  await during("postInvocationHooks", () => runHooks(app, "postInvocation", after));
  if (after.error !== null && after.error !== undefined) throw after.error;
  return await model.getResponse(context, after.result);

  async function during(state: string, work: () => Promise<void>): Promise<void> {
    core.state = state;
    try {
      await work();
    } finally {
      core.state = undefined;
    }
  }
}

export async function runHooks(app: RegisteredApp, name: HookName, context: unknown): Promise<void> {
  for (const hook of app.hooks[name]) await hook(context);
}
