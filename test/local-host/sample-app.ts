import { app, output } from "@azure/functions";
import { kindOf } from "./sample-module.ts";

const connection = "AzureWebJobsStorage";
const seen = output.storageQueue({ queueName: "seen", connection });
const fanned = output.storageQueue({ queueName: "%FANNED_QUEUE%", connection });

app.timer("on-time", { schedule: "%SCHEDULE%", return: seen, handler: (timer) => ({ timer }) });

app.storageQueue("on-message", {
  queueName: "work",
  connection,
  return: seen,
  handler(message: unknown, { triggerMetadata }) {
    if (message === "fail") throw new Error("asked to fail");
    if (message === "crash") process.kill(process.pid, "SIGKILL");
    if (message === "hang") return new Promise(() => undefined);
    return {
      message,
      kind: kindOf(message),
      metadata: { id: triggerMetadata?.id, count: triggerMetadata?.dequeueCount },
    };
  },
});

app.storageQueue("on-poison", { queueName: "sad-poison", connection, handler: () => Promise.reject(new Error("no")) });

app.eventGrid("on-event", {
  return: seen,
  handler(event) {
    if (event.subject === "fail") throw new Error("asked to fail");
    return { event };
  },
});

app.http("hello", {
  methods: ["GET", "POST"],
  authLevel: "anonymous",
  route: "hello/{name}/{how?}",
  extraOutputs: [fanned],
  async handler(request, context) {
    if (request.params.name === "nobody") throw new Error("nobody is there");
    const { kindOf } = await import("./sample-lazy.ts");
    context.extraOutputs.set(fanned, [{ greeted: request.params.name }, { at: "2026-11-20T09:30:00Z" }]);
    const body = request.method === "POST" ? await request.text() : "";
    context.log(`greets ${request.params.name}`);
    return {
      status: 202,
      jsonBody: {
        ...request.params,
        loud: request.query.get("loud"),
        from: request.headers.get("x-from"),
        body,
        lazy: kindOf(1),
      },
      headers: { "x-sample": "yes" },
    };
  },
});

app.http("guarded", { methods: ["GET"], authLevel: "function", handler: () => ({ body: "in" }) });
app.http("ruled", { methods: ["GET"], authLevel: "admin", handler: () => ({ body: "in" }) });
