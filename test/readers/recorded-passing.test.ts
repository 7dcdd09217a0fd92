import { expect, test } from "vitest";
import { watched } from "../../lib/pipeline/watched-reader.ts";
import { recorded } from "../../lib/readers/recorded.ts";
import { idOf, storageId, subscription, vaultId } from "../support/builders.ts";
import { everythingOf } from "../support/world.ts";
import { folderOf } from "./recording.ts";

const vaults = `${subscription}/providers/Microsoft.KeyVault/vaults`;

test.each([
  { status: 200, want: [] },
  { status: 401, want: [] },
  { status: 403, want: [] },
  { status: 400, want: [] },
  { status: 408, want: ["resource", "list"] },
  { status: 429, want: ["resource", "list"] },
  { status: 500, want: ["resource", "list"] },
  { status: 503, want: ["resource", "list"] },
])("a recorded $status is a gap that may pass for: $want", async ({ status, want }) => {
  const answer = (url: string) => ({
    method: "GET",
    url: `${url}?api-version=1`,
    status,
    body: { value: [], id: url },
  });
  const reader = watched(recorded([await folderOf({ "a.json": answer(storageId), "b.json": answer(vaults) })]));
  await everythingOf(reader);
  const gaps = { resource: `${status} reading \`${storageId}\``, list: `${status} reading \`${vaults}\`` };
  expect([...reader.passingGaps].sort()).toEqual(want.map((kind) => gaps[kind as keyof typeof gaps]).sort());
});

test("what a question brings counts as well", async () => {
  const unreadable = { kind: "unreadable", why: "passing", because: "429" } as const;
  const reader = watched({
    async *readAll() {},
    async *read() {
      yield [{ kind: "list", scope: idOf(vaultId), type: "x", completeness: unreadable } as const];
    },
  });
  for await (const portion of reader.read({ kind: "resource", id: idOf(vaultId) })) for (const _ of portion);
  expect(reader.passingGaps).toEqual(["429"]);
});
