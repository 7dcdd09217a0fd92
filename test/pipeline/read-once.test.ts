import { expect, test } from "vitest";
import type { Key } from "../../lib/model/snapshot.ts";
import { readOnce } from "../../lib/pipeline/read-once.ts";
import { collected, type Reader, type Reading } from "../../lib/readers/reader.ts";
import { group, idOf } from "../support/builders.ts";

const account = idOf(`${group}/providers/Microsoft.Storage/storageAccounts/st1`);
const type = "microsoft.storage/storageaccounts";
const body: Reading = { kind: "resource", where: "test", body: { id: account.text } };

function counted() {
  const asked: string[] = [];
  const reader: Reader = {
    async *readAll() {},
    async *read({ kind }) {
      asked.push(kind);
      yield [body];
    },
  };
  return { asked, once: readOnce(reader) };
}

async function answer(reader: Reader, key: Key): Promise<readonly Reading[]> {
  const readings: Reading[] = [];
  for await (const portion of reader.read(key)) readings.push(...portion);
  return readings;
}

test("whoever asks gets the answer, which is asked for once", async () => {
  const { asked, once } = counted();
  const key = { kind: "resource", id: account } as const;
  const answers = await Promise.all([answer(once, key), answer(once, key)]);
  expect([...answers, await answer(once, key)]).toEqual([[body], [body], [body]]);
  await answer(once, { kind: "list", parent: account, type: `${type}/x` });
  expect(asked).toEqual(["resource", "list"]);
});

test("knows what came with all of its type, and not from where it is", async () => {
  const { once } = counted();
  await answer(once, { kind: "resource", id: account });
  expect([...once.listed]).toEqual([]);
  await answer(once, { kind: "everywhere", type });
  expect([...once.listed]).toEqual([account.key]);
});

test.each([
  { when: "a reader that brings everything at once", portion: [body], want: [body], times: 2 },
  { when: "a reader that is asked question by question", portion: [], want: [], times: 1 },
])("of $when: what was received is read again only where that is no question to Azure", async ({
  portion,
  want,
  times,
}) => {
  let count = 0;
  const reader: Reader = {
    async *readAll() {
      count += 1;
      yield portion;
    },
    async *read() {},
  };
  const once = readOnce(reader);
  await collected(once.readAll());
  expect(await collected(once.received.readAll())).toEqual(want);
  expect(count).toBe(times);
});
