import { createServer } from "node:http";
import { createServer as createTlsServer } from "node:https";
import { Webhook } from "standardwebhooks";
import { describe, expect, test } from "vitest";
import { attemptsAtMost, backOffSeconds } from "../../lib/sinks/back-off.ts";
import { deliver } from "../../lib/sinks/deliver.ts";
import { selfSigned } from "../fixtures/self-signed.ts";
import { aFindingEvent } from "../support/finding-events.ts";
import { memoryQueue } from "../support/memory-queue.ts";
import { type Answer, aReceiver, listening } from "../support/receiver.ts";

const secret = `whsec_${Buffer.alloc(32, 1).toString("base64")}`;
const oldSecret = `whsec_${Buffer.alloc(32, 2).toString("base64")}`;
const event = aFindingEvent({ title: "Grüße, 中文 & \u2028" });

async function tryOnce(url: URL, attempt = 0, secrets: readonly string[] = [secret]) {
  const deliveries = memoryQueue("deliveries");
  const poison = memoryQueue("deliveries-poison");
  const lines: string[] = [];
  const log = {
    warn: (text: string) => lines.push(`warn ${text}`),
    error: (text: string) => lines.push(`error ${text}`),
  };
  const desk = { webhook: { url, secrets, timeoutSeconds: 0.3 }, deliveries, poison, log };
  await deliver({ v: 1, event, attempt }, desk, new Date());
  return { again: deliveries.messages, poisoned: poison.messages, lines };
}

describe("the request", () => {
  test("is the event, signed as Standard Webhooks has it", async () => {
    const receiver = await aReceiver(204);
    const { again, poisoned, lines } = await tryOnce(receiver.url);
    expect([again, poisoned, lines]).toEqual([[], [], []]);

    const [request] = receiver.received;
    expect(receiver.received).toHaveLength(1);
    expect(request).toMatchObject({ method: "POST", path: "/hook?key=in-the-address", body: JSON.stringify(event) });
    expect(request?.headers).toMatchObject({
      "content-type": "application/cloudevents+json; charset=utf-8",
      "webhook-id": event.id,
    });
    const { body = "", headers = {} } = request ?? {};
    expect(new Webhook(secret).verify(body, headers)).toEqual(event);
    expect(() => new Webhook(oldSecret).verify(body, headers)).toThrow("No matching signature");
    expect(() => new Webhook(secret).verify(`${body} `, headers)).toThrow("No matching signature");
  });

  test("is signed with the old key as well, while keys are being changed", async () => {
    const receiver = await aReceiver(200);
    await tryOnce(receiver.url, 0, [secret, oldSecret]);
    const { body = "", headers = {} } = receiver.received[0] ?? {};
    for (const key of [secret, oldSecret]) expect(new Webhook(key).verify(body, headers)).toEqual(event);
  });
});

const redirect: Answer = { status: 307, headers: { location: "http://127.0.0.1:9/elsewhere" } };
const busy = (seconds: string): Answer => ({ status: 429, headers: { "retry-after": seconds } });
const inAnHour = () => new Date(Date.now() + 3_600_000).toUTCString();

const passing: readonly { when: string; answer: Answer; what: string; atLeast?: number }[] = [
  { when: "500", answer: 500, what: "answered 500" },
  {
    when: "503 with a time",
    answer: { status: 503, headers: { "retry-after": inAnHour() } },
    what: "answered 503",
    atLeast: 3595,
  },
  { when: "429 with seconds", answer: busy("700"), what: "answered 429", atLeast: 700 },
  { when: "429 with a Retry-After of a century", answer: busy("3153600000"), what: "answered 429", atLeast: 86_400 },
  { when: "429 with nonsense", answer: busy("later"), what: "answered 429" },
  { when: "408", answer: 408, what: "answered 408" },
  { when: "a redirect", answer: redirect, what: "answered 307, and redirects are not followed" },
  { when: "304", answer: 304, what: "answered 304, and redirects are not followed" },
  { when: "no answer in time", answer: () => undefined, what: "did not answer within 0.3 s" },
  {
    when: "a cut connection",
    answer: (request) => request.socket.destroy(),
    what: "could not be reached (UND_ERR_SOCKET)",
  },
  {
    when: "a connection cut within the headers",
    answer: (request) => request.socket.end("HTTP/1.1 200 OK\r\ncontent-le"),
    what: "could not be reached (UND_ERR_SOCKET)",
  },
  {
    when: "no HTTP",
    answer: (request) => request.socket.end("SSH-2.0-OpenSSH\r\n\r\n"),
    what: "could not be reached (HTTPParserError)",
  },
];

describe("what may pass is put back with a delay", () => {
  test.each(passing)("$when", async ({ answer, what, atLeast = 0 }) => {
    const receiver = await aReceiver(answer);
    const { again, poisoned, lines } = await tryOnce(receiver.url, 1);
    const own = backOffSeconds(1, event.id);
    expect(receiver.received).toHaveLength(1);
    expect(poisoned).toEqual([]);
    expect(again).toEqual([{ message: { v: 1, event, attempt: 2 }, delaySeconds: expect.any(Number) }]);
    const [{ delaySeconds } = { delaySeconds: 0 }] = again;
    expect(delaySeconds).toBeGreaterThanOrEqual(Math.max(own, atLeast));
    if (atLeast === 0) expect(delaySeconds).toBe(own);
    const host = receiver.url.host;
    expect(lines).toEqual([`warn event \`${event.id}\`: \`${host}\` ${what}, try 2 of 19: again in ${delaySeconds} s`]);
  });

  test("a certificate that nobody vouches for", async () => {
    const url = await listening(
      createTlsServer(selfSigned, (_, response) => response.end()),
      "https",
    );
    const { again, lines } = await tryOnce(url);
    expect(again).toHaveLength(1);
    expect(lines[0]).toContain("could not be reached (DEPTH_ZERO_SELF_SIGNED_CERT)");
  });

  test("a name that nobody knows, a port where nobody listens", async () => {
    const { lines } = await tryOnce(new URL("https://nobody.invalid/"));
    expect(lines[0]).toMatch(/could not be reached \((ENOTFOUND|EAI_AGAIN)\)/);
    const closed = createServer();
    const url = await listening(closed);
    closed.close();
    expect((await tryOnce(url)).lines[0]).toContain("could not be reached (ECONNREFUSED)");
  });
});

describe("what nothing helps goes to the poison queue at once", () => {
  test.each([400, 401, 403, 404, 405, 410, 413, 422])("%i", async (status) => {
    const receiver = await aReceiver(status);
    const { again, poisoned, lines } = await tryOnce(receiver.url, 4);
    expect(again).toEqual([]);
    expect(poisoned).toEqual([{ message: { v: 1, event, attempt: 5 }, delaySeconds: 0 }]);
    expect(lines).toEqual([
      `error event \`${event.id}\`: \`${receiver.url.host}\` answered ${status}, try 5 of 19: it goes to \`deliveries-poison\``,
    ]);
  });

  test("and what failed too often", async () => {
    const { again, poisoned } = await tryOnce((await aReceiver(503)).url, attemptsAtMost - 1);
    expect(again).toEqual([]);
    expect(poisoned).toHaveLength(1);
  });

  test("the last try but one is put back", async () => {
    const { again, poisoned } = await tryOnce((await aReceiver(503)).url, attemptsAtMost - 2);
    expect(again).toHaveLength(1);
    expect(poisoned).toEqual([]);
  });
});

test("nothing that is logged holds the key or the rest of the address", async () => {
  const answers: readonly Answer[] = [500, 404, (request) => request.socket.destroy()];
  for (const answer of answers) {
    const { lines } = await tryOnce((await aReceiver(answer)).url);
    expect(lines.join("\n")).not.toMatch(/whsec_|AQEBAQ|in-the-address|hook/);
  }
});

test("what cannot be stored fails the invocation, so that the host keeps the message", async () => {
  const { url } = await aReceiver(500);
  const full = { ...memoryQueue("deliveries"), put: () => Promise.reject(new Error("the queue is gone")) };
  const log = { warn: () => undefined, error: () => undefined };
  const desk = { webhook: { url, secrets: [secret] }, deliveries: full, poison: full, log };
  await expect(deliver({ v: 1, event, attempt: 0 }, desk, new Date())).rejects.toThrow("the queue is gone");
});
