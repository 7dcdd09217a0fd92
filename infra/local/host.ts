import { QueueClient } from "@azure/storage-queue";
import { CordonError } from "../../lib/model/cordon-error.ts";
import { adminFunctions } from "./admin.ts";
import { status } from "./answer.ts";
import { type LocalFunction, localFunctions, type Trigger } from "./bindings.ts";
import { withDevelopmentStorage } from "./development-storage.ts";
import { findEntryPoint } from "./entry-point.ts";
import { eventGridWebhook } from "./event-grid.ts";
import { type HostJson, readHostJson } from "./host-json.ts";
import { httpTriggers } from "./http-trigger.ts";
import { type Keys, newKeys } from "./keys.ts";
import type { LogLine } from "./protocol.ts";
import type { Listener } from "./queue-listener.ts";
import { queueOutputs } from "./queue-output.ts";
import { listenToQueues } from "./queue-trigger.ts";
import { resolvedFunction } from "./resolved-function.ts";
import { runnerOf } from "./runner.ts";
import { parseSchedule } from "./schedule.ts";
import { serve } from "./server.ts";
import { connectionOf, readSettings, type Settings } from "./settings.ts";
import { startTimer } from "./timer-trigger.ts";
import { startWorker } from "./worker.ts";

export interface HostOptions {
  /** Has package.json, host.json and the settings. */
  readonly appFolder: string;
  /** 0 is a port that is free. */
  readonly port: number;
  readonly keys?: Keys;
  /** Come before those of the file. */
  readonly settings?: Settings;
  readonly log: (line: LogLine) => void;
  /** Called where the host cannot go on. */
  readonly onLost?: (error: unknown) => void;
}

export interface LocalHost {
  readonly address: string;
  readonly storage: string;
  readonly keys: Keys;
  readonly functions: readonly LocalFunction[];
  stop(): Promise<void>;
}

/** Runs a built function app on this machine. It is not the Functions runtime: README.md says what it leaves out. */
export async function startHost(options: HostOptions): Promise<LocalHost> {
  const ends: (() => Promise<void> | void)[] = [];
  const stop = async () => {
    for (const end of ends.splice(0).reverse()) await end();
  };
  try {
    return { ...(await start(options, ends)), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function start(options: HostOptions, ends: (() => Promise<void> | void)[]): Promise<Omit<LocalHost, "stop">> {
  const { appFolder, log, keys = newKeys(), onLost = () => undefined } = options;
  const app = findEntryPoint(appFolder);
  const given = { ...readSettings(app.folder, process.env), ...options.settings };
  const hostJson = readHostJson(app.folder, given);
  const settings = await withDevelopmentStorage(given, ends);
  const worker = await startWorker({
    app,
    env: { ...process.env, ...settings },
    timeoutSeconds: hostJson.functionTimeoutSeconds,
    log,
    onLost,
  });
  const listeners: Listener[] = [];
  ends.push(async () => {
    // The listeners wait for what is running, which ends with the worker at the latest.
    await Promise.all([worker.stop(), ...listeners.map((listener) => listener.stop())]);
  });
  const functions = localFunctions(worker.functions).map((one) => resolvedFunction(one, settings));
  if (functions.length === 0) throw new CordonError("ERR_APP_EMPTY", `\`${app.entry}\` registers no functions`);

  const connect = ({ queueName, connection }: { queueName: string; connection: string }, where: string) =>
    new QueueClient(connectionOf(connection, settings, where), queueName);
  for (const { name, queueOutputs } of functions) {
    for (const output of queueOutputs) connect(output, `function \`${name}\``);
  }
  const outputs = queueOutputs((output) => connect(output, "a queue output"), hostJson.queues, log);
  const runner = runnerOf(worker, functions, outputs, log);
  const timers = withTrigger(functions, "timerTrigger").map((one) => {
    return { timer: one, schedule: parseSchedule(one.trigger.schedule, `function \`${one.name}\``) };
  });
  const server = await serve(options.port, handlerOf(functions, hostJson, runner, keys), (error) =>
    log({ level: "error", category: "host", message: String(error) }),
  );
  ends.push(() => server.stop());
  const queueContext = { connect, runner, log, settings: hostJson.queues };
  listeners.push(...listenToQueues(withTrigger(functions, "queueTrigger"), queueContext));
  for (const { timer, schedule } of timers) {
    const started = startTimer(timer, schedule, runner);
    ends.push(() => started.stop());
  }
  const storage = settings.AzureWebJobsStorage ?? "";
  return { address: server.address, storage, keys, functions };
}

function handlerOf(
  functions: readonly LocalFunction[],
  { routePrefix }: HostJson,
  runner: ReturnType<typeof runnerOf>,
  keys: Keys,
) {
  const onEvent = eventGridWebhook(withTrigger(functions, "eventGridTrigger"), runner, keys);
  const onAdmin = adminFunctions(functions, runner, keys);
  const onHttp = httpTriggers(withTrigger(functions, "httpTrigger"), routePrefix, runner, keys);
  return async (request: Parameters<typeof onHttp>[0]) => {
    const path = request.url.pathname.toLowerCase();
    if (path === "/runtime/webhooks/eventgrid") return await onEvent(request);
    if (path.startsWith("/admin/")) return await onAdmin(request);
    if (path === "/") return status(200);
    return await onHttp(request);
  };
}

function withTrigger<Type extends Trigger["type"]>(
  functions: readonly LocalFunction[],
  type: Type,
): readonly LocalFunction<Extract<Trigger, { readonly type: Type }>>[] {
  return functions.filter(
    (one): one is LocalFunction<Extract<Trigger, { readonly type: Type }>> => one.trigger.type === type,
  );
}
