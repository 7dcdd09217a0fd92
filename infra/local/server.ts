import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { CordonError } from "../../lib/model/cordon-error.ts";
import type { Answer, LocalRequest } from "./answer.ts";

export type Handler = (request: LocalRequest) => Promise<Answer>;

export interface Server {
  readonly address: string;
  stop(): Promise<void>;
}

/** An HTTP server on the loopback interface; port 0 is one that is free. */
export async function serve(port: number, handler: Handler, onError: (error: unknown) => void): Promise<Server> {
  const server = createServer((request, response) => {
    answer(request, response, handler).catch((error: unknown) => {
      onError(error);
      if (response.headersSent) response.destroy();
      else response.writeHead(500).end();
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error) => reject(unusable(port, error)));
    server.listen(port, "127.0.0.1", resolve);
  });
  const { port: used } = server.address() as AddressInfo;
  return {
    address: `http://127.0.0.1:${used}`,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function answer(request: IncomingMessage, response: ServerResponse, handler: Handler): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  const url = new URL(request.url ?? "/", `http://${request.headers.host ?? "localhost"}`);
  const method = request.method ?? "GET";
  const { status, headers = {}, body } = await handler({ request, method, url, body: Buffer.concat(chunks) });
  response.writeHead(status, headers as Record<string, string>).end(body);
}

function unusable(port: number, error: NodeJS.ErrnoException): CordonError {
  const reason =
    error.code === "EADDRINUSE" ? "something else listens there: choose another with `--port`" : error.message;
  return new CordonError("ERR_PORT", `cannot listen on port ${port}: ${reason}`, error);
}
