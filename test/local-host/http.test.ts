import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { nextMessage, type Sample, startSample } from "./sample.ts";

let host: Sample;
beforeAll(async () => {
  host = await startSample();
});
afterAll(() => host.stop());

describe("HTTP functions", () => {
  test("get the request and answer it", async () => {
    const response = await fetch(`${host.address}/api/hello/Ann%20B/twice?loud=very`, {
      method: "POST",
      body: "text",
      headers: { "x-from": "me" },
    });
    expect(response.status).toBe(202);
    expect(response.headers.get("x-sample")).toBe("yes");
    const want = { name: "Ann B", how: "twice", loud: "very", from: "me", body: "text", lazy: "number" };
    expect(await response.json()).toEqual(want);
  });

  test("write each element of an output as a message, once they have succeeded", async () => {
    await fetch(`${host.address}/api/hello/Bob`);
    const messages = [await nextMessage(host.queue("fanned")), await nextMessage(host.queue("fanned"))];
    expect(messages).toContainEqual({ at: "2026-11-20T09:30:00Z" });
  });

  const guarded = (path: string, key?: string, header?: string) => ({ path, key, header });
  test.each([
    { when: "no key is asked for", given: () => guarded("/api/hello/x"), want: 202 },
    { when: "the key is missing", given: () => guarded("/api/guarded"), want: 401 },
    { when: "the key is wrong", given: () => guarded("/api/guarded", "x"), want: 401 },
    {
      when: "the function key comes in the query",
      given: () => guarded("/api/guarded", host.keys.function),
      want: 200,
    },
    { when: "it comes in the header", given: () => guarded("/api/guarded", undefined, host.keys.function), want: 200 },
    { when: "the master key comes", given: () => guarded("/api/guarded", host.keys.master), want: 200 },
    { when: "a system key comes", given: () => guarded("/api/guarded", host.keys.eventGrid), want: 401 },
    {
      when: "an admin function gets a function key",
      given: () => guarded("/api/ruled", host.keys.function),
      want: 401,
    },
    { when: "an admin function gets the master key", given: () => guarded("/api/ruled", host.keys.master), want: 200 },
    { when: "the function throws", given: () => guarded("/api/hello/nobody"), want: 500 },
    { when: "there is no such route", given: () => guarded("/api/hello"), want: 404 },
    { when: "the prefix is missing", given: () => guarded("/hello/x"), want: 404 },
  ])("answer $want when $when", async ({ given, want }) => {
    const { path, key, header } = given();
    const response = await fetch(`${host.address}${path}${key === undefined ? "" : `?code=${key}`}`, {
      headers: header === undefined ? {} : { "x-functions-key": header },
    });
    expect(response.status).toBe(want);
    if (want === 500) expect(await response.text()).toBe("");
  });

  test("answer 404 to methods that they do not have", async () => {
    expect((await fetch(`${host.address}/api/guarded?code=${host.keys.function}`, { method: "POST" })).status).toBe(
      404,
    );
  });
});

describe("POST /admin/functions/<name>", () => {
  const run = (name: string, body: unknown, key = host.keys.master) =>
    fetch(`${host.address}/admin/functions/${name}`, {
      method: "POST",
      body: JSON.stringify(body),
      headers: { "x-functions-key": key },
    });

  test("runs a timer function, which gets a camel-cased timer", async () => {
    expect((await run("on-time", {})).status).toBe(202);
    expect(await nextMessage(host.queue("seen"))).toMatchObject({
      timer: { isPastDue: false, scheduleStatus: { next: expect.any(String) }, schedule: { adjustForDST: true } },
    });
  });

  test("runs a queue function on its input", async () => {
    expect((await run("on-message", { input: '{"a":1}' })).status).toBe(202);
    expect(await nextMessage(host.queue("seen"))).toMatchObject({ message: { a: 1 } });
  });

  test.each([
    { when: "the key is another", given: () => run("on-time", {}, host.keys.function), want: 401 },
    { when: "there is no such function", given: () => run("nothing", {}), want: 404 },
    { when: "it is an HTTP function", given: () => run("hello", {}), want: 400 },
    { when: "the body is no object", given: () => run("on-time", 1), want: 400 },
  ])("answers $want when $when", async ({ given, want }) => {
    expect((await given()).status).toBe(want);
  });
});

describe("the Event Grid webhook", () => {
  const post = (type: string, events: unknown, { name = "on-event", key = host.keys.eventGrid } = {}) =>
    fetch(`${host.address}/runtime/webhooks/eventgrid?functionName=${name}&code=${key}`, {
      method: "POST",
      body: JSON.stringify(events),
      headers: { "aeg-event-type": type },
    });
  const event = (subject: string) => ({
    id: "1",
    subject,
    eventType: "Sample",
    data: {},
    eventTime: "2026-11-20T09:30:00Z",
  });

  test("answers the validation of a subscription", async () => {
    const response = await post("SubscriptionValidation", [{ data: { validationCode: "abc" } }]);
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({ validationResponse: "abc" });
  });

  test("answers the handshake of CloudEvents", async () => {
    const response = await fetch(
      `${host.address}/runtime/webhooks/eventgrid?functionName=on-event&code=${host.keys.eventGrid}`,
      { method: "OPTIONS", headers: { "webhook-request-origin": "eventgrid.azure.net" } },
    );
    expect(response.status).toBe(200);
    expect(response.headers.get("webhook-allowed-origin")).toBe("eventgrid.azure.net");
  });

  test("runs the function once for each event, as they came", async () => {
    expect((await post("Notification", [event("a"), event("b")])).status).toBe(202);
    const seen = [await nextMessage(host.queue("seen")), await nextMessage(host.queue("seen"))];
    expect(seen).toContainEqual({ event: event("a") });
    expect(seen).toContainEqual({ event: event("b") });
  });

  test("takes one CloudEvent without a list around it", async () => {
    const one = { specversion: "1.0", id: "1", subject: "c", type: "Sample", source: "/s" };
    expect((await post("Notification", one)).status).toBe(202);
    expect(await nextMessage(host.queue("seen"))).toEqual({ event: one });
  });

  test.each([
    { when: "one of the events fails", given: () => post("Notification", [event("fail")]), want: 500 },
    { when: "the key is wrong", given: () => post("Notification", [], { key: "x" }), want: 401 },
    { when: "the function key comes", given: () => post("Notification", [], { key: host.keys.function }), want: 401 },
    { when: "the function is not known", given: () => post("Notification", [], { name: "hello" }), want: 404 },
    { when: "it is an unsubscription", given: () => post("Unsubscribe", []), want: 202 },
    { when: "the header is another", given: () => post("Other", []), want: 400 },
    { when: "the body is no event", given: () => post("Notification", 1), want: 400 },
  ])("answers $want when $when", async ({ given, want }) => {
    expect((await given()).status).toBe(want);
  });
});
