import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { ResourceId } from "../../lib/model/resource-id.ts";
import type { ArmConnection } from "../../lib/readers/arm-connection.ts";
import { collected, type Reader, type Reading } from "../../lib/readers/reader.ts";
import { connectionTo } from "../support/arm-simulator/client.ts";
import { type ArmSimulator, simulateArm } from "../support/arm-simulator/server.ts";
import { type Body, typeOf, World } from "../support/arm-simulator/world.ts";

export const subscription = "5c5c5c5c-0000-4000-8000-000000000001";

/** What every reader promises, whatever it reads and with whatever client. */
export interface ReaderContract {
  readonly name: string;
  /** What is not read from Azure itself is made from what Azure answers now. */
  readonly make: (connection: ArmConnection) => Reader | Promise<Reader>;
  /** Five resources of one type that it reads. */
  readonly bodies: readonly Body[];
}

/** Each list comes in pages of two, so that nobody gets by with the first. */
export function keepsTheContract({ name, make, bodies }: ReaderContract): void {
  describe(`the reader ${name}`, () => {
    const [type = ""] = bodies.map(({ id }) => typeOf(id));
    let simulator: ArmSimulator;

    beforeAll(async () => {
      simulator = await simulateArm(new World(bodies), { pageSize: 2 });
    });
    beforeEach(() => simulator.faults.clear());
    afterAll(() => simulator.close());

    const isOurs = (text: unknown) =>
      JSON.stringify(text ?? "")
        .toLowerCase()
        .includes(type);
    const made = async (more: Partial<ArmConnection> = {}) => make(await connectionTo(simulator, more));
    const read = async (more: Partial<ArmConnection> = {}) => readingsOfAll(await made(more));

    test("hands on every resource of every page as the service sent it", async () => {
      const sent = (await read()).flatMap((reading) => (reading.kind === "resource" ? [reading.body] : []));
      expect(sent.map(withoutColumnsOfGraph).sort(byId)).toEqual([...bodies].sort(byId));
    });

    test("says that the list was read to its last page", async () => {
      expect(listOf(type, await read())).toEqual({ kind: "complete" });
    });

    test("answers where a type is everywhere with the same, unless it has said that there is no more to be had", async () => {
      const reader = await made();
      const isEnded = (await readingsOfAll(reader)).some(({ kind }) => kind === "end");
      const readings = await collected(reader.read({ kind: "everywhere", type }));
      expect(listOf(type, readings)).toEqual(isEnded ? undefined : { kind: "complete" });
      expect(readings.filter(({ kind }) => kind === "resource")).toHaveLength(isEnded ? 0 : bodies.length);
    });

    test("takes a refusal for a refusal", async () => {
      const refusal = { kind: "status", status: 403, code: "AuthorizationFailed" } as const;
      simulator.faults.add({ when: ({ path, body }) => path.includes(type) || isOurs(body), what: refusal });
      expect(listOf(type, await read())).toMatchObject({ kind: "unreadable", why: "refused" });
    });

    test("does not take a page that fails for good for the end", async () => {
      const failure = { kind: "status", status: 400, code: "BadRequest" } as const;
      simulator.faults.add({ when: isSecondPage, what: failure });
      expect(listOf(type, await read())).toMatchObject({ kind: "unreadable", why: "failed" });
    });

    test("goes on where a request fails for a while", async () => {
      const failures = [500, 503, 429].map(
        (status) => ({ kind: "status", status, code: "Later", retryAfterSeconds: 0 }) as const,
      );
      for (const what of failures) simulator.faults.add({ when: isSecondPage, what, times: 1 });
      expect(listOf(type, await read())).toEqual({ kind: "complete" });
    });

    test("fails as a whole where Azure does not answer for good, so that the work is done again", async () => {
      const failure = { kind: "status", status: 503, code: "ServerBusy" } as const;
      simulator.faults.add({ when: isSecondPage, what: failure });
      await expect(read()).rejects.toMatchObject({ code: "ERR_ARM_UNAVAILABLE" });
    });

    test("fails as a whole where the connection is cut", async () => {
      simulator.faults.add({ when: isSecondPage, what: { kind: "cut" } });
      await expect(read()).rejects.toMatchObject({ code: "ERR_ARM_UNAVAILABLE" });
    });

    test.each([
      { what: { kind: "status", status: 503, code: "ServerBusy" } },
      { what: { kind: "status", status: 429, code: "TooManyRequests", retryAfterSeconds: 0 } },
      { what: { kind: "cut" } },
    ] as const)("on the last try takes $what for a gap that may pass, and hands on the rest", async ({ what }) => {
      simulator.faults.add({ when: isSecondPage, what });
      const readings = await read({ isLastTry: true });
      expect(listOf(type, readings)).toMatchObject({ kind: "unreadable", why: "passing" });
      expect(readings.filter(({ kind }) => kind === "resource")).toHaveLength(2);
    });

    test("stops where nobody is signed in", async () => {
      const stranger = async () => make(await connectionTo({ ...simulator, token: "of-somebody-else" }));
      await expect(stranger().then(readingsOfAll)).rejects.toMatchObject({ code: "ERR_ARM_UNAUTHENTICATED" });
    });

    test("does not go round for ever in pages that lead to each other", async () => {
      simulator.faults.add({ when: isSecondPage, what: { kind: "loop" } });
      expect(listOf(type, await read())).toMatchObject({ kind: "unreadable", why: "failed" });
    });
  });
}

function isSecondPage({ query, body }: { readonly query: URLSearchParams; readonly body: unknown }): boolean {
  return query.has("$skiptoken") || Object(Object(body).options).$skipToken !== undefined;
}

export async function readingsOfAll(reader: Reader): Promise<readonly Reading[]> {
  return collected(reader.readAll());
}

function listOf(type: string, readings: readonly Reading[]) {
  const scope = ResourceId.parse(`/subscriptions/${subscription}`);
  const lists = readings.filter((reading) => reading.kind === "list").filter((list) => list.type === type);
  return lists.find((list) => list.scope.key === scope?.key)?.completeness;
}

/** Resource Graph writes types in lower case, and adds columns of its own. */
function withoutColumnsOfGraph(body: unknown): Body {
  const { subscriptionId: _, resourceGroup: __, type, ...rest } = Object(body);
  return {
    ...rest,
    ...(type === undefined
      ? {}
      : { type: Object(body).subscriptionId === undefined ? type : rest.id && canonical(rest.id) }),
  };
}

function canonical(id: string): string {
  const [, namespace, type] = /\/providers\/([^/]+)\/([^/]+)/.exec(id) ?? [];
  return `${namespace}/${type}`;
}

function byId(a: Body, b: Body): number {
  return a.id < b.id ? -1 : 1;
}
