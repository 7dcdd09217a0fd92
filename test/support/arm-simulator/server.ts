import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { delegatedServices } from "../../../lib/catalog/delegations.ts";
import { type Answer, answerOf, errorAnswer, type Surroundings } from "./answers.ts";
import { type Asked, Faults, type Misbehaviour } from "./faults.ts";
import { queryLimit, type ReadAllowance, readLimit } from "./limits.ts";
import type { World } from "./world.ts";

export interface SimulatorOptions extends Partial<Surroundings> {
  readonly latencyMilliseconds?: number;
  /**
   * As a bucket of reads for each subscription; what is over it gets 429, and every answer says how many are left.
   * https://learn.microsoft.com/azure/azure-resource-manager/management/request-limits-and-throttling
   */
  readonly reads?: ReadAllowance;
  /**
   * Of Resource Graph, so many queries in so many seconds, and every answer says how many are left until when.
   * https://learn.microsoft.com/azure/governance/resource-graph/concepts/guidance-for-throttled-requests
   */
  readonly queries?: { readonly atMost: number; readonly inSeconds: number };
  /** The only bearer token that is accepted. */
  readonly token?: string;
}

export interface ArmSimulator {
  /** Where it listens: `http://127.0.0.1:<port>`. */
  readonly address: string;
  readonly token: string;
  readonly world: World;
  readonly faults: Faults;
  /** From now on Azure is like this. */
  become(world: World): void;
  /** Everything that was asked, `GET /subscriptions`. */
  readonly log: string[];
  /** How many requests were over the limit. */
  refusals(): number;
  /** How many requests somebody still waits for. */
  underWay(): number;
  close(): Promise<void>;
}

/** Serves a world over loopback as Azure Resource Manager would, and misbehaves on order. */
export async function simulateArm(first: World, options: SimulatorOptions = {}): Promise<ArmSimulator> {
  let world = first;
  const faults = new Faults();
  const log: string[] = [];
  const { token = "simulated-token", latencyMilliseconds = 0, reads, queries } = options;
  const around: Surroundings = {
    origin: "https://management.azure.com",
    pageSize: 1000,
    states: new Map(),
    visible: undefined,
    actions: new Map(),
    serviceTags: undefined,
    delegations: delegatedServices.map(({ serviceName }) => serviceName),
    graphKnows: undefined,
    managementGroups: new Map(),
    ...options,
  };
  const limits = [
    ...(reads === undefined ? [] : [readLimit(reads)]),
    ...(queries === undefined ? [] : [queryLimit(queries.atMost, queries.inSeconds)]),
  ];
  let refusals = 0;
  let underWay = 0;

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const asked = await askedOf(request);
    log.push(`${asked.method} ${asked.path}`);
    if (latencyMilliseconds > 0) await sleep(latencyMilliseconds);
    const fault = faults.for(asked);
    if (fault?.kind === "slow") await sleep(fault.milliseconds);
    if (fault?.kind === "cut") {
      response.writeHead(200, { "content-type": "application/json" });
      response.write('{"value":[{"id":');
      await sleep(5);
      response.destroy();
      return;
    }
    if (request.headers.authorization !== `Bearer ${token}`) {
      send(response, errorAnswer(401, "InvalidAuthenticationToken"));
      return;
    }
    const counted = limits.flatMap((limit) => limit(asked.path) ?? []);
    const isOver = counted.some(({ isRefused }) => isRefused);
    if (isOver) refusals += 1;
    const answer = isOver
      ? errorAnswer(429, "TooManyRequests")
      : distorted(answerOf(asked, world, around), fault, asked, around);
    const headers = Object.assign({}, ...counted.map((one) => one.headers), answer.headers);
    send(response, { ...answer, headers });
  }

  const server = createServer((request, response) => {
    underWay += 1;
    response.once("close", () => {
      underWay -= 1;
    });
    serve(request, response).catch((error: unknown) => send(response, errorAnswer(500, "Simulator", String(error))));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    address: `http://127.0.0.1:${port}`,
    token,
    get world() {
      return world;
    },
    become(next) {
      world = next;
    },
    faults,
    log,
    refusals: () => refusals,
    underWay: () => underWay,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function askedOf(request: IncomingMessage): Promise<Asked> {
  const { pathname, searchParams } = new URL(request.url ?? "/", "http://127.0.0.1");
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  const text = Buffer.concat(chunks).toString("utf8");
  return {
    method: request.method ?? "GET",
    path: decodeURIComponent(pathname).toLowerCase().replace(/\/$/, ""),
    query: searchParams,
    body: text === "" ? undefined : JSON.parse(text),
  };
}

function distorted(
  answer: Answer,
  fault: Misbehaviour | undefined,
  { path, query, body }: Asked,
  { origin }: Surroundings,
): Answer {
  switch (fault?.kind) {
    case "status": {
      const { status, code, retryAfterSeconds } = fault;
      const headers = retryAfterSeconds === undefined ? {} : { headers: { "retry-after": String(retryAfterSeconds) } };
      return { ...errorAnswer(status, code), ...headers };
    }
    case "loop":
      return { ...answer, body: { ...Object(answer.body), ...linkBack(`${origin}${path}?${query}`, body) } };
    case "truncated":
      return { ...answer, body: { ...Object(answer.body), resultTruncated: "true", $skipToken: undefined } };
    case "upperCase":
      return { ...answer, body: inUpperCase(answer.body) };
    default:
      return answer;
  }
}

/** To the page that was asked for. */
function linkBack(url: string, asked: unknown): object {
  const { $skipToken } = Object(Object(asked).options);
  return $skipToken === undefined ? { nextLink: url } : { $skipToken };
}

function inUpperCase(body: unknown): unknown {
  const text = JSON.stringify(body).replace(
    /"id":"(\/subscriptions\/[^"]*)"/g,
    (_, id: string) => `"id":"${id.toUpperCase()}"`,
  );
  return JSON.parse(text);
}

function send(response: ServerResponse, { status, headers = {}, body }: Answer): void {
  response.writeHead(status, { "content-type": "application/json", ...headers });
  response.end(body === undefined ? undefined : JSON.stringify(body));
}
