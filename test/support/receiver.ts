import { once } from "node:events";
import { createServer, type IncomingHttpHeaders, type RequestListener, type Server } from "node:http";
import { onTestFinished } from "vitest";

export interface Received {
  readonly method: string | undefined;
  readonly path: string | undefined;
  readonly headers: Readonly<Record<string, string>>;
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

/** A server on this machine that answers always the same, and ends with the test. */
export async function aReceiver(answer: Answer): Promise<Receiver> {
  const { close, ...receiver } = await openReceiver(() => answer);
  onTestFinished(close);
  return receiver;
}

export async function openReceiver(
  answerTo: (request: Received) => Answer,
): Promise<Receiver & { readonly close: () => void }> {
  const received: Received[] = [];
  const server = createServer(async (request, response) => {
    let body = "";
    for await (const chunk of request.setEncoding("utf8")) body += chunk;
    const { method, url: path } = request;
    const one = { method, path, headers: textsOf(request.headers), body };
    received.push(one);
    const answer = answerTo(one);
    if (typeof answer === "function") answer(request, response);
    else if (typeof answer === "number") response.writeHead(answer).end("thanks");
    else response.writeHead(answer.status, answer.headers).end();
  });
  return { ...(await open(server, "http")), received };
}

/** Where it listens; it ends with the test. */
export async function listening(server: Server, protocol = "http"): Promise<URL> {
  const { url, close } = await open(server, protocol);
  onTestFinished(close);
  return url;
}

async function open(server: Server, protocol: string) {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const port = typeof address === "object" ? address?.port : undefined;
  const close = () => {
    server.closeAllConnections();
    server.close();
  };
  return { url: new URL(`${protocol}://127.0.0.1:${port}/hook?key=in-the-address`), close };
}

function textsOf(headers: IncomingHttpHeaders): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));
}
