// A receiver of Cordon's webhook that is right about keys, repeats and order. Run it with:
//   CORDON_WEBHOOK_SECRET=whsec_… node docs/example-receiver.ts
import { createServer, type IncomingMessage, type Server } from "node:http";
import { pathToFileURL } from "node:url";
import { Webhook, WebhookVerificationError } from "standardwebhooks";

interface Event {
  readonly id: string;
  readonly type: string;
  readonly subject: string;
  readonly data: { readonly findingId?: string; readonly sequence?: number };
}

/** `apply` gets each change of a finding once and in order, and each completed audit at least once. */
export function createReceiver(secret: string, apply: (event: Event) => void): Server {
  const webhook = new Webhook(secret);
  // Keep this in your database, in one transaction with what `apply` does.
  const sequences = new Map<string, number>();

  return createServer(async (request, response) => {
    const body = await bodyOf(request);
    try {
      // The signature is that of the bytes as they came: verify first, parse then.
      const event = webhook.verify(body, headersOf(request)) as Event;
      const { findingId, sequence = 0 } = event.data;
      const isNews = findingId === undefined || sequence > (sequences.get(findingId) ?? 0);
      if (isNews) {
        apply(event);
        if (findingId !== undefined) sequences.set(findingId, sequence);
      }
      // Also for what is no news: anything else would make it come again.
      response.writeHead(204).end();
    } catch (error) {
      // 401 means never; 500 means not now: the event comes again later.
      response.writeHead(error instanceof WebhookVerificationError ? 401 : 500).end();
    }
  });
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let body = "";
  for await (const chunk of request.setEncoding("utf8")) body += chunk;
  return body;
}

function headersOf({ headers }: IncomingMessage): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const show = ({ type, subject }: Event) => process.stdout.write(`${type} ${subject}\n`);
  createReceiver(process.env.CORDON_WEBHOOK_SECRET ?? "", show).listen(8080, "127.0.0.1");
}
