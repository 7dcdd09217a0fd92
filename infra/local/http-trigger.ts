import { type Answer, type LocalRequest, status } from "./answer.ts";
import type { HttpTrigger, LocalFunction } from "./bindings.ts";
import { hasKey, type Keys } from "./keys.ts";
import type { HttpRequestData, InvocationResponse, TypedData } from "./protocol.ts";
import { parseRoute, type RouteParameters } from "./route.ts";
import type { Runner } from "./runner.ts";

/** Answers with the first HTTP function that has the route and the method; 404 where there is none. */
export function httpTriggers(
  functions: readonly LocalFunction<HttpTrigger>[],
  routePrefix: string,
  runner: Runner,
  keys: Keys,
) {
  const routes = functions.map(({ name, trigger }) => {
    const match = parseRoute([routePrefix, trigger.route ?? name].join("/"), `function \`${name}\``);
    parseRoute(trigger.route ?? name, `function \`${name}\``);
    return { name, trigger, match, methods: new Set(trigger.methods.map((method) => method.toUpperCase())) };
  });
  return async (asked: LocalRequest): Promise<Answer> => {
    for (const { name, trigger, match, methods } of routes) {
      const parameters = match(asked.url.pathname);
      if (parameters === undefined || !methods.has(asked.method)) continue;
      if (!isAllowed(asked, trigger.authLevel, keys)) return status(401);
      try {
        return answerOf(await runner.run(name, { http: requestData(asked, parameters) }));
      } catch {
        // The log has the error; a caller gets nothing of it, as in Azure.
        return status(500);
      }
    }
    return status(404);
  };
}

function isAllowed({ request, url }: LocalRequest, level: HttpTrigger["authLevel"], keys: Keys): boolean {
  switch (level) {
    case "anonymous":
      return true;
    case "function":
      return hasKey(request, url, [keys.function, keys.master]);
    case "admin":
      return hasKey(request, url, [keys.master]);
  }
}

function requestData({ request, method, url, body }: LocalRequest, parameters: RouteParameters): HttpRequestData {
  const headers = Object.entries(request.headers).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, Array.isArray(value) ? value.join(", ") : value] as const],
  );
  return {
    method,
    url: url.href,
    nullableHeaders: nullable(headers),
    nullableQuery: nullable([...url.searchParams]),
    nullableParams: nullable(Object.entries(parameters)),
    body: { bytes: body },
  };
}

function nullable(
  entries: readonly (readonly [string, string])[],
): Readonly<Record<string, { readonly value: string }>> {
  return Object.fromEntries(entries.map(([name, value]) => [name, { value }]));
}

function answerOf({ returnValue }: InvocationResponse): Answer {
  const http: TypedData["http"] = returnValue?.http;
  if (http === undefined || !("statusCode" in http)) return status(204);
  const { statusCode, headers, body } = http;
  return { status: Number(statusCode), headers, ...(body?.bytes && { body: body.bytes }) };
}
