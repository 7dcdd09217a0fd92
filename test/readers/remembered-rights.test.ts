import { expect, test } from "vitest";
import type { Permissions } from "../../lib/readers/permissions.ts";
import { rememberedRights } from "../../lib/readers/remembered-rights.ts";

const granted: Permissions = [{ actions: ["*/read"] }];

/** How often rights are read, when they are asked for at these minutes. */
async function readingsAt(minutes: readonly number[], rights: Permissions | undefined): Promise<number> {
  let now = 0;
  let readings = 0;
  const remembered = rememberedRights(() => now * 60_000);
  const rightsIn = async () => {
    readings += 1;
    return rights;
  };
  for (const minute of minutes) {
    now = minute;
    expect(await remembered(rightsIn)("one")).toBe(rights);
  }
  return readings;
}

test.each([
  { when: "they are asked for again soon", minutes: [0, 1, 9], rights: granted, want: 1 },
  { when: "ten minutes have gone by", minutes: [0, 10, 11], rights: granted, want: 2 },
  { when: "they could not be read", minutes: [0, 1], rights: undefined, want: 2 },
])("rights are read $want times where $when", async ({ minutes, rights, want }) => {
  expect(await readingsAt(minutes, rights)).toBe(want);
});
