import { expect, test } from "vitest";
import { auditChanges, auditSubscription } from "../../lib/audit-run.ts";
import type { ChangeMessage } from "../../lib/model/message.ts";
import type { App } from "../../lib/pipeline/app.ts";
import type { Reader } from "../../lib/readers/reader.ts";
import { tableStore } from "../../lib/state/table-store.ts";
import { complete, noPerimeter, subscription } from "../support/builders.ts";
import {
  type Account,
  aChange,
  accountId,
  answerAsked,
  appOf,
  findingIdOf,
  readingsOf,
  subscriptionId,
} from "../support/estate.ts";
import { memoryTable } from "../support/memory-table.ts";
import { receivedEvents } from "../support/receiver-of-events.ts";

/** More differences than are all looked at once more. */
const count = 600;
const others = Array.from({ length: count }, (_, at) => `st-${at}`);
const estateOf = (own: Account, all: Account) => {
  return { accounts: Object.fromEntries([...others.map((name) => [name, all]), ["st-own", own]]) };
};

/** Azure with many accounts, of which lists may lag behind; all of them change at once, as if rules looked at something else. */
function aCordon() {
  const received = receivedEvents();
  const asked: ChangeMessage[] = [];
  const azure = { own: "closed" as Account, all: "closed" as Account, listed: "closed" as Account };
  const read: string[] = [];
  let afterList = async () => {};
  const reader: Reader = {
    async *readAll() {
      yield [...readingsOf(estateOf(azure.listed, azure.all)), noPerimeter];
      yield [complete(subscription, "Microsoft.Storage/storageAccounts")];
      await afterList();
    },
    async *read(key) {
      if (key.kind !== "resource") return;
      read.push(key.id.name);
      const { own, all } = azure;
      yield readingsOf({ accounts: { [key.id.name]: key.id.name === "st-own" ? own : all } });
    },
  };
  const ofChange: Reader = { ...reader, async *readAll() {} };
  const store = tableStore(memoryTable());
  const app: App = {
    ...appOf(store, () => estateOf("closed", "closed"), received.take),
    readerFor: (_, { purpose }) => (purpose === "change" ? ofChange : reader),
    changes: { put: async (message) => void asked.push(message) },
  };
  let runs = 0;
  const audit = async () => {
    runs += 1;
    await auditSubscription(app, { runId: `run-${runs}`, subscriptionId, isLastDelivery: false });
  };
  const tell = async () => {
    await auditChanges(app, aChange([accountId("st-own")]));
    await answerAsked(app, asked);
  };
  const life = () => received.ofFinding(findingIdOf("st-own")).map(({ type }) => type.split(".")[2]);
  return {
    ...{ azure, app, asked, read, received, audit, tell, life },
    whenListed(effect: () => Promise<void>) {
      afterList = effect;
    },
  };
}

test("what an event told of just now is not taken back by a list that lags behind, however much else differs", async () => {
  const { azure, app, asked, read, received, audit, tell, life } = aCordon();
  await audit();
  azure.own = "open";
  await tell();
  expect(life()).toEqual(["opened"]);
  azure.all = "open";
  read.length = 0;
  await audit();
  expect(read).toEqual(["st-own"]);
  await answerAsked(app, asked);
  expect(life()).toEqual(["opened"]);
  expect(Object.keys(received.open())).toHaveLength(count + 1);
  received.expectSound();
});

test("what changed back while it was read is looked at once more, however much else differs", async () => {
  const { azure, app, asked, read, received, audit, tell, life, whenListed } = aCordon();
  await audit();
  [azure.listed, azure.own, azure.all] = ["open", "open", "open"];
  whenListed(async () => {
    whenListed(async () => {});
    azure.own = "closed";
    await tell(); // as it was recorded: nobody sees a change
  });
  await audit();
  read.length = 0;
  await answerAsked(app, asked);
  expect(read).toContain("st-own");
  expect(new Set(read).size).toBe(1);
  expect(life()).toEqual(["opened", "resolved"]);
  expect(Object.keys(received.open())).toHaveLength(count);
  received.expectSound();
});
