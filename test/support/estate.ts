import { auditChanges } from "../../lib/audit-run.ts";
import type { OutgoingEvent } from "../../lib/model/finding-event.ts";
import { Glob } from "../../lib/model/glob.ts";
import type { ChangeMessage } from "../../lib/model/message.ts";
import { ResourceId } from "../../lib/model/resource-id.ts";
import type { ChangesRequest } from "../../lib/pipeline/admitted.ts";
import type { App } from "../../lib/pipeline/app.ts";
import type { Reader, Reading } from "../../lib/readers/reader.ts";
import { publicNetworkAccessEnabled } from "../../lib/rules/public-network-access-enabled.ts";
import type { ChangeIndex } from "../../lib/state/change-index.ts";
import type { Store } from "../../lib/state/store.ts";
import { tableChangeIndex } from "../../lib/state/table-change-index.ts";
import { tableReadingLog } from "../../lib/state/table-reading-log.ts";
import { aStorageAccount, group, idOf, noPerimeter } from "./builders.ts";
import { memoryTable } from "./memory-table.ts";
import { policyWith } from "./world.ts";

/** How a storage account stands: "bare" is open as well, and other evidence says so. */
export type Account = "closed" | "open" | "bare" | "gone" | "refused" | "passing";

/** An estate of storage accounts, each of which has at most one finding: NI101. It may change while it is audited. */
export interface Estate {
  readonly accounts: Readonly<Record<string, Account>>;
  readonly waived?: readonly string[];
}

export const subscriptionId = "00000000-0000-4000-8000-000000000001";

export function accountId(name: string): string {
  return `${group}/providers/Microsoft.Storage/storageAccounts/${name}`;
}

export function findingIdOf(name: string): string {
  return `NI101:${accountId(name).toLowerCase()}`;
}

export function readingsOf({ accounts }: Estate): readonly Reading[] {
  return Object.entries(accounts).map(([name, account]) => readingOf(name, account));
}

function readingOf(name: string, account: Account): Reading {
  const id = idOf(accountId(name));
  const body = (properties: object) => aStorageAccount({ ...properties }, { id: id.text, name });
  const because = (status: string) => `${status} reading \`${id.text}\``;
  switch (account) {
    case "closed":
      return { kind: "resource", where: "test", body: body({}) };
    case "open":
      return { kind: "resource", where: "test", body: body({ networkAcls: { defaultAction: "Allow" } }) };
    case "bare":
      return { kind: "resource", where: "test", body: body({ networkAcls: null }) };
    case "gone":
      return { kind: "absent", id };
    case "refused":
      return { kind: "unreadable", id, unreadable: { kind: "unreadable", why: "refused", because: because("403") } };
    case "passing":
      return { kind: "unreadable", id, unreadable: { kind: "unreadable", why: "passing", because: because("429") } };
  }
}

/** Reads an estate as it is when it is read. */
export function estateReader(now: () => Estate): Reader {
  return {
    async *readAll() {
      yield [...readingsOf(now()), noPerimeter];
      yield [{ kind: "end", because: "is not there" }];
    },
    async *read() {},
  };
}

/** Goes on by a second whenever somebody asks for the time. */
export function ticking(): () => Date {
  let seconds = 0;
  return () => {
    seconds += 1;
    return new Date(Date.UTC(2026, 10, 26, 9, 0, seconds));
  };
}

/** Audits an estate as it is. */
export function appOf(
  store: Store,
  now: () => Estate,
  send: (event: OutgoingEvent) => void | Promise<void>,
  clock = ticking(),
  index: ChangeIndex = tableChangeIndex(memoryTable()),
): App {
  return {
    readerFor: (id) => (id === subscriptionId ? estateReader(now) : undefined),
    get expectations() {
      const waivers = (now().waived ?? []).map((name) => ({
        rule: "NI101",
        resource: new Glob(`*/${name}`),
        reason: "moves soon",
        owner: "ann",
        expires: "2099-12-31",
      }));
      return { policy: policyWith({ waivers }), rules: [publicNetworkAccessEnabled] };
    },
    homeOfSites: undefined,
    scope: [subscriptionId],
    store,
    index,
    readingLog: tableReadingLog(memoryTable()),
    changes: { async put() {} },
    sinks: [
      {
        name: "test",
        async send(event) {
          await send(event);
        },
      },
    ],
    now: clock,
    log() {},
  };
}

/** What an event of Azure asks for. */
export function aChange(ids: readonly string[], more: Partial<ChangesRequest> = {}): ChangesRequest {
  const resources = ids.map((id) => ({ id: idOf(id), at: undefined, isDeleted: false }));
  const nothingElse = { subjects: [], isForced: false, isRepeated: true, isLastDelivery: false };
  return { ...nothingElse, resources, reason: "a write", ...more };
}

/** Does what audits have left to messages of their own, until there are none. */
export async function answerAsked(app: App, asked: ChangeMessage[]): Promise<void> {
  for (let message = asked.shift(); message !== undefined; message = asked.shift()) {
    if (message.kind === "audit") throw new Error("nobody asks for that");
    const change =
      message.kind === "evaluate"
        ? aChange([], { subjects: message.subjects.flatMap((text) => ResourceId.parseSubject(text) ?? []) })
        : aChange(message.resources.map(({ id }) => id));
    await auditChanges(app, change);
  }
}
