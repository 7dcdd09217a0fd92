import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { Webhook } from "standardwebhooks";
import type { OutgoingEvent } from "../../lib/model/finding-event.ts";

export interface Delivery {
  readonly at: number;
  readonly id: string;
  readonly body: string;
  readonly event: OutgoingEvent;
  /** What the receiver answered. */
  readonly status: number;
}

export interface WebhookReceiver {
  readonly port: number;
  readonly deliveries: readonly Delivery[];
  /** Requests whose signature does not match. */
  readonly forged: readonly string[];
  /** Answers the next deliveries about a resource so; 204 once they are used up. */
  answer(subject: string, ...answers: readonly { readonly status: number; readonly retryAfter?: string }[]): void;
  close(): Promise<void>;
}

/** Listens on the loopback interface, and checks every signature. */
export async function openWebhookReceiver(port: number, secret: string): Promise<WebhookReceiver> {
  const webhook = new Webhook(secret);
  const deliveries: Delivery[] = [];
  const forged: string[] = [];
  const answers = new Map<string, { readonly status: number; readonly retryAfter?: string }[]>();
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const body = Buffer.concat(chunks).toString("utf8");
    const event = verified(request.headers, body);
    if (event === undefined) {
      forged.push(body);
      response.writeHead(401).end();
      return;
    }
    const { status, retryAfter } = answers.get(event.subject)?.shift() ?? { status: 204 };
    deliveries.push({ at: Date.now(), id: String(request.headers["webhook-id"]), body, event, status });
    response.writeHead(status, retryAfter === undefined ? {} : { "retry-after": retryAfter }).end();
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    deliveries,
    forged,
    answer: (subject, ...given) => answers.set(subject, [...given]),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };

  function verified(headers: IncomingHttpHeaders, body: string): OutgoingEvent | undefined {
    try {
      const flat = Object.entries(headers).map(([name, value]) => [name, String(value)] as const);
      return webhook.verify(body, Object.fromEntries(flat)) as OutgoingEvent;
    } catch {
      return undefined;
    }
  }
}
