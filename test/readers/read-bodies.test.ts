import { expect, test } from "vitest";
import { readBodies } from "../../lib/readers/read-bodies.ts";
import type { Portion, Reader, Reading } from "../../lib/readers/reader.ts";
import { absent, aNetwork, aStorageAccount, idOf, sqlId, storageId, subnetId, vaultId } from "../support/builders.ts";

const full = aStorageAccount();
const thin = { id: storageId, location: "westeurope" };

function resource(body: unknown, at?: number): Reading {
  return at === undefined ? { kind: "resource", body, where: "test" } : { kind: "resource", body, at, where: "test" };
}

/** Notes whether everything was read. */
function readerWith(all: readonly Reading[], byId: readonly Reading[] = []): Reader & { wasAllRead: boolean } {
  const reader = {
    wasAllRead: false,
    async *readAll(): AsyncGenerator<Portion> {
      reader.wasAllRead = true;
      yield all;
    },
    async *read(): AsyncGenerator<Portion> {
      yield byId;
    },
  };
  return reader;
}

test.each([
  ["the fuller body, whichever comes first", [resource(full), resource(thin)], full],
  ["the fuller body, whichever comes last", [resource(thin), resource(full)], full],
  [
    "the later body",
    [resource({ ...full, tags: { now: "yes" } }, 2), resource(full, 1)],
    { ...full, tags: { now: "yes" } },
  ],
  [
    "the body whatever the case of its id",
    [resource({ ...full, id: storageId.toUpperCase() })],
    { ...full, id: storageId.toUpperCase() },
  ],
])("takes %s", async (_, readings, want) => {
  const found = await readBodies([idOf(storageId)], readerWith(readings));
  expect([...found.values()]).toEqual([want]);
});

test("takes a child from the body of its parent", async () => {
  const network = aNetwork();
  const found = await readBodies([idOf(subnetId), idOf(vaultId)], readerWith([resource(network)]));
  expect([...found.keys()]).toEqual([idOf(subnetId).key]);
  expect(found.get(idOf(subnetId).key)).toMatchObject({ name: "snet-app" });
});

test("does not read everything where each body was read by its id, or is not there", async () => {
  const live = readerWith([], [resource(full), absent(sqlId)]);
  expect((await readBodies([idOf(storageId), idOf(sqlId)], live)).size).toBe(1);
  expect(live.wasAllRead).toBe(false);
});
