import { rmSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { startHost } from "../../infra/local/host.ts";
import { hostJsonOf } from "../../infra/local/host-json.ts";
import { type AppFiles, appFolder, nowhere } from "./sample.ts";

/** An app that talks to the worker's module itself. */
const registering = (bindings: object, more = "") => `
  const core = require("@azure/functions-core");
  core.registerFunction({ name: "one", bindings: ${JSON.stringify(bindings)} ${more} }, () => {});`;

const timer = { type: "timerTrigger", direction: "in", schedule: "0 0 0 1 1 *" };
const queue = { type: "queueTrigger", direction: "in", queueName: "work", connection: "AzureWebJobsStorage" };
const http = { type: "httpTrigger", direction: "in", authLevel: "anonymous", methods: ["GET"] };

interface Refusal {
  readonly when: string;
  readonly given: AppFiles;
  readonly want: RegExp;
}

describe("the local host refuses to start", () => {
  test.each<Refusal>([
    {
      when: "the entry point throws before its first function",
      given: { code: 'throw new Error("no luck")' },
      want: /index\.cjs` threw: Error: no luck/,
    },
    {
      when: "the entry point throws after a function",
      given: { code: `${registering({ t: timer })}\nthrow new Error("no luck")` },
      want: /threw: Error: no luck/,
    },
    {
      when: "a hook for the start throws",
      given: {
        code: `${registering({ t: timer })}\ncore.registerHook("appStart", () => Promise.reject(new Error("no luck")))`,
      },
      want: /the app does not start: Error: no luck/,
    },
    { when: "the app registers nothing", given: { code: "" }, want: /index\.cjs` registers no functions/ },
    { when: "there is no built entry", given: { code: "", main: "dist/other.cjs" }, want: /build the app first/ },
    {
      when: "main is an ES module",
      given: { code: "", main: "package.json" },
      want: /ES module: the local host loads CommonJS/,
    },
    {
      when: "a binding is of another type",
      given: { code: registering({ b: { type: "blobTrigger", direction: "in" } }) },
      want: /function `one`: binding type `blobTrigger` is not known to the local host, which has httpTrigger/,
    },
    {
      when: "a binding has another property",
      given: { code: registering({ q: { ...queue, batch: 3 } }) },
      want: /function `one`: `queueTrigger\.batch` is not known to the local host/,
    },
    {
      when: "a function has a retry policy",
      given: { code: registering({ t: timer }, ", retryOptions: { maxRetryCount: 1 }") },
      want: /function `one`: retry policies are not known/,
    },
    {
      when: "host.json has another key",
      given: { code: "", hostJson: { extensions: { durableTask: {} } } },
      want: /host\.json`:\n {2}- `extensions\.durableTask` is not known to the local host/,
    },
    {
      when: "a setting in % is missing",
      given: { code: registering({ t: { ...timer, schedule: "%WHEN%" } }) },
      want: /function `one` needs the setting `WHEN`/,
    },
    {
      when: "the schedule is no NCRONTAB expression",
      given: { code: registering({ t: { ...timer, schedule: "@daily" } }) },
      want: /function `one`: cannot use the schedule `@daily`/,
    },
    {
      when: "the connection is missing",
      given: { code: registering({ q: { ...queue, connection: "Other" } }) },
      want: /function `one` needs the setting `Other`/,
    },
    {
      when: "the connection is an identity",
      given: {
        code: registering({ q: { ...queue, connection: "Other" } }),
        settings: { Other__queueServiceUri: "https://x.queue.core.windows.net" },
      },
      want: /needs the connection `Other` as a connection string: the local host does not sign in/,
    },
    {
      when: "a route is reserved",
      given: { code: registering({ h: { ...http, route: "admin/x" } }) },
      want: /function `one`: cannot use the route `admin\/x`: `admin` is reserved/,
    },
    {
      when: "a route has a constraint",
      given: { code: registering({ h: { ...http, route: "x/{n:int}" } }) },
      want: /`\{n:int\}` is not known to the local host/,
    },
    {
      when: "two functions have one name",
      given: {
        code: registering({ t: timer }).repeat(2).replace("const core", "let core").replace("const core", "core"),
      },
      want: /the function `one` is registered twice/,
    },
  ])("where $when", async ({ given, want }) => {
    const folder = await appFolder({ ...given, settings: { AzureWebJobsStorage: nowhere, ...given.settings } });
    try {
      await expect(startHost({ appFolder: folder, port: 0, log: () => undefined })).rejects.toThrow(want);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe("host.json", () => {
  const queues = (given: object, settings = {}) =>
    hostJsonOf({ version: "2.0", extensions: { queues: given } }, settings).queues;

  test("has the extension's defaults", () => {
    expect(queues({})).toEqual({
      batchSize: 16,
      newBatchThreshold: 8,
      maxDequeueCount: 5,
      visibilityTimeoutSeconds: 0,
      maxPollingSeconds: 2,
      messageEncoding: "base64",
    });
  });

  test("is overridden by settings", () => {
    const name = "AzureFunctionsJobHost__extensions__queues__batchSize";
    expect(queues({ batchSize: 4 }, { [name]: "2" })).toMatchObject({ batchSize: 2, newBatchThreshold: 1 });
  });

  test.each([
    { when: "the batch is too large", given: { batchSize: 33 }, want: /extensions\.queues\.batchSize/ },
    {
      when: "a time is no time span",
      given: { visibilityTimeout: "30s" },
      want: /visibilityTimeout`: is no time span/,
    },
    { when: "the encoding is another", given: { messageEncoding: "utf8" }, want: /messageEncoding/ },
    {
      when: "a key is misspelt",
      given: { maxDequeuCount: 3 },
      want: /`extensions\.queues\.maxDequeuCount` is not known/,
    },
  ])("is refused where $when", ({ given, want }) => {
    expect(() => queues(given)).toThrow(want);
  });

  test("functionTimeout -1 is without end", () => {
    expect(hostJsonOf({ version: "2.0", functionTimeout: "-1" }, {}).functionTimeoutSeconds).toBeUndefined();
    expect(hostJsonOf({ version: "2.0" }, {}).functionTimeoutSeconds).toBe(1800);
  });
});
