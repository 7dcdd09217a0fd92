import { type Answer, json, type LocalRequest, status } from "./answer.ts";
import type { LocalFunction, Trigger } from "./bindings.ts";
import { hasKey, type Keys } from "./keys.ts";
import type { TypedData } from "./protocol.ts";
import type { Runner } from "./runner.ts";
import { parseSchedule } from "./schedule.ts";
import { timerInput } from "./timer-trigger.ts";

/**
 * POST /admin/functions/<name> with `{"input": …}` runs a function by hand and does not wait for it:
 * https://learn.microsoft.com/azure/azure-functions/functions-manually-run-non-http
 */
export function adminFunctions(functions: readonly LocalFunction[], runner: Runner, keys: Keys) {
  return async ({ request, method, url, body }: LocalRequest): Promise<Answer> => {
    if (!hasKey(request, url, [keys.master])) return status(401);
    const [, name] = /^\/admin\/functions\/([^/]+)$/.exec(url.pathname) ?? [];
    const found = functions.find((one) => one.name === name);
    if (found === undefined || method !== "POST") return status(404);
    const input = inputIn(body);
    if (input === undefined) return json(400, { error: 'the body is not `{"input": …}`' });
    const data = dataOf(found.trigger, input);
    if (data === undefined) return json(400, { error: `\`${name}\` is an HTTP function: call it under its route` });
    // How it ends is in the log.
    runner.run(found.name, data).catch(() => undefined);
    return status(202);
  };
}

function inputIn(body: Buffer): string | undefined {
  try {
    const parsed: unknown = JSON.parse(body.toString("utf8"));
    if (typeof parsed !== "object" || parsed === null) return undefined;
    const input = "input" in parsed ? parsed.input : "";
    return typeof input === "string" ? input : JSON.stringify(input);
  } catch {
    return undefined;
  }
}

function dataOf(trigger: Trigger, input: string): TypedData | undefined {
  switch (trigger.type) {
    case "timerTrigger":
      return timerInput(parseSchedule("0 0 0 1 1 *", trigger.name));
    case "queueTrigger":
    case "eventGridTrigger":
      return { string: input };
    case "httpTrigger":
      return undefined;
  }
}
