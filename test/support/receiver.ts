import { once } from "node:events";
import { createServer, type IncomingHttpHeaders, type RequestListener, type Server } from "node:http";
import { onTestFinished } from "vitest";

export interface Received {
  readonly method: string | undefined;
  readonly path: string | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** What a receiver does with one request: a status, with headers where there are some, or whatever it does itself. */
export type Answer =
  | number
  | { readonly status: number; readonly headers: Readonly<Record<string, string>> }
  | RequestListener;

export interface Receiver {
  readonly url: URL;
  readonly received: readonly Received[];
}

/** A server on this machine that gives these answers one after the other, the last one again and again. */
export async function aReceiver(...answers: readonly Answer[]): Promise<Receiver> {
  const received: Received[] = [];
  const server = createServer(async (request, response) => {
    let body = "";
    for await (const chunk of request.setEncoding("utf8")) body += chunk;
    const { method, url: path, headers } = request;
    const answer = answers[Math.min(received.length, answers.length - 1)] ?? 204;
    received.push({ method, path, headers, body });
    if (typeof answer === "function") answer(request, response);
    else if (typeof answer === "number") response.writeHead(answer).end("thanks");
    else response.writeHead(answer.status, answer.headers).end();
  });
  return { url: await listening(server), received };
}

/** It ends with the test. */
export async function listening(server: Server, protocol = "http"): Promise<URL> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  const port = typeof address === "object" ? address?.port : undefined;
  return new URL(`${protocol}://127.0.0.1:${port}/hook?key=in-the-address`);
}
