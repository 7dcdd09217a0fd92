import { expect, test } from "vitest";
import { neighbourhood } from "../../lib/pipeline/neighbourhood.ts";
import { passOn } from "../../lib/pipeline/pass-on.ts";
import { collected, type Reader } from "../../lib/readers/reader.ts";
import { tableChangeIndex } from "../../lib/state/table-change-index.ts";
import { idOf } from "../support/builders.ts";
import { memoryTable } from "../support/memory-table.ts";

const hub = "00000000-0000-4000-8000-000000000001";
const network = `/subscriptions/${hub}/resourceGroups/rg/providers/Microsoft.Network/virtualNetworks/hub`;
const spokes = Array.from({ length: 200 }, (_, at) => {
  return network.replace(hub, `00000000-0000-4000-8000-1${`${at}`.padStart(11, "0")}`).replace("/hub", "/spoke");
});

/** Does work that takes a while, and notes how much of it was under way at once. */
function crowd() {
  let [now, most] = [0, 0];
  return {
    async work() {
      now += 1;
      most = Math.max(most, now);
      await new Promise(setImmediate);
      now -= 1;
    },
    most: () => most,
  };
}

test("what names a hub in other subscriptions is read side by side", async () => {
  const { work, most } = crowd();
  const index = tableChangeIndex(memoryTable());
  for (const spoke of spokes) {
    const namers = new Map([[`network ${network.toLowerCase()}`, new Set([spoke])]]);
    await index.links.add(idOf(spoke).subscription, { askers: new Map(), namers }, 1);
  }
  const source: Reader = {
    async *readAll() {},
    async *read(key) {
      await work();
      if (key.kind === "resource") yield [{ kind: "absent", id: key.id }];
    },
  };
  const readings = await collected(neighbourhood(source, index, [hub], hub).readAll());
  expect(readings.filter(({ kind }) => kind === "absent")).toHaveLength(spokes.length);
  expect(most()).toBe(16);
});

test("what a hub has changed is left to messages that are put side by side, fifty subjects in each", async () => {
  const { work, most } = crowd();
  const asked: object[] = [];
  const changes = {
    async put(message: object) {
      await work();
      asked.push(message);
    },
  };
  const subjects = [...spokes, ...spokes.map((one) => `${one}-2`), ...spokes.map((one) => `${one}-3`)];
  await passOn({ changes }, subjects.map(idOf), "the hub has changed");
  expect(asked.map((message) => Object(message).subjects.length)).toEqual(Array.from({ length: 12 }, () => 50));
  const told = asked.flatMap((message) => Object(message).subjects);
  expect(told.toSorted()).toEqual(subjects.toSorted());
  // those of one subscription are next to one another
  expect(told.map((text) => idOf(text).subscription)).toEqual(
    spokes.flatMap((one) => Array(3).fill(idOf(one).subscription)),
  );
  expect(most()).toBe(12);
});
