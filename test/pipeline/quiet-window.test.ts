import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseChange } from "../../lib/events/change.ts";
import { admit, clockMargin, listMargin, quietWindow, type Wish } from "../../lib/pipeline/quiet-window.ts";
import type { Readings } from "../../lib/state/reading-log.ts";
import { tableReadingLog } from "../../lib/state/table-reading-log.ts";
import { idOf } from "../support/builders.ts";
import { memoryQueue } from "../support/memory-queue.ts";
import { memoryTable } from "../support/memory-table.ts";
import { type Aftermath, play, type Started, type StormEvent, stormId, type Weather } from "../support/storm.ts";

const start = Date.parse("2026-11-20T09:30:00Z");
const id = stormId(1);

/** Seconds after the start, for readers of the table. */
function logged({ startedAt, dueAt, latestAt }: Seconds): Readings {
  const trailing =
    dueAt === undefined
      ? {}
      : { trailing: { ticket: "t", dueAt: start + dueAt * 1000, latestAt: start + (latestAt ?? 0) * 1000 } };
  return { ...(startedAt !== undefined && { started: { at: start + startedAt * 1000, by: "b" } }), ...trailing };
}

interface Seconds {
  readonly startedAt?: number;
  readonly dueAt?: number;
  readonly latestAt?: number;
}

interface Case {
  readonly when: string;
  readonly log?: Seconds;
  /** Undefined where the message does not say when it was. */
  readonly at: number | undefined;
  readonly now: number;
  readonly more?: Partial<Wish>;
  readonly want: {
    readonly admission: string;
    /** In how many seconds a message comes back, and for an event of when. */
    readonly putBack?: { readonly delay: number; readonly at: number };
    readonly log?: Seconds;
  };
}

const its = { ticket: "t" };
const cases: readonly Case[] = [
  { when: "nobody has read it", at: 0, now: 1, want: { admission: "read", log: { startedAt: 1 } } },
  {
    when: "it was read before the window",
    log: { startedAt: 0 },
    ...{ at: 11, now: 11, want: { admission: "read", log: { startedAt: 11 } } },
  },
  {
    when: "a reading started long enough after it",
    log: { startedAt: 7 },
    ...{ at: 2, now: 8, want: { admission: "skip", log: { startedAt: 7 } } },
  },
  {
    when: "a reading long ago started long enough after an event that comes late",
    log: { startedAt: 7 },
    ...{ at: 2, now: 90, want: { admission: "skip", log: { startedAt: 7 } } },
  },
  {
    when: "a reading started after it, but not for certain",
    log: { startedAt: 6 },
    at: 2,
    now: 7,
    want: {
      admission: "later",
      putBack: { delay: 4, at: 2 },
      log: { startedAt: 6, dueAt: 11, latestAt: 2 },
    },
  },
  {
    when: "a reading started before it",
    log: { startedAt: 6 },
    at: 7.5,
    now: 8.2,
    want: {
      admission: "later",
      putBack: { delay: 5, at: 7.5 },
      log: { startedAt: 6, dueAt: 12.5, latestAt: 7.5 },
    },
  },
  {
    when: "a trailing reading of an earlier event is on its way",
    log: { startedAt: 6, dueAt: 12, latestAt: 7 },
    at: 9,
    now: 9,
    want: { admission: "later", log: { startedAt: 6, dueAt: 12, latestAt: 9 } },
  },
  {
    when: "a trailing reading of a later event is on its way",
    log: { startedAt: 6, dueAt: 12, latestAt: 8 },
    at: 7,
    now: 9,
    want: { admission: "later", log: { startedAt: 6, dueAt: 12, latestAt: 8 } },
  },
  {
    when: "a trailing reading is on its way, but none started for a window",
    log: { startedAt: 6, dueAt: 17, latestAt: 15 },
    at: 17,
    now: 17,
    want: { admission: "read", log: { startedAt: 17, dueAt: 17, latestAt: 15 } },
  },
  {
    when: "the message of a trailing reading did not come in time",
    log: { startedAt: 30, dueAt: 20, latestAt: 29 },
    at: 31,
    now: 32,
    want: {
      admission: "later",
      putBack: { delay: 4, at: 31 },
      log: { startedAt: 30, dueAt: 36, latestAt: 31 },
    },
  },
  {
    when: "the trailing reading's turn has come",
    log: { startedAt: 6, dueAt: 12, latestAt: 7 },
    more: its,
    ...{ at: 7, now: 12, want: { admission: "read", log: { startedAt: 12 } } },
  },
  {
    when: "its turn has come, but events went on",
    log: { startedAt: 6, dueAt: 12, latestAt: 11 },
    more: its,
    at: 7,
    now: 12,
    want: {
      admission: "later",
      putBack: { delay: 4, at: 11 },
      log: { startedAt: 6, dueAt: 16, latestAt: 11 },
    },
  },
  {
    when: "its turn has come, and somebody else has read",
    log: { startedAt: 17, dueAt: 18, latestAt: 12 },
    more: its,
    ...{ at: 7, now: 18, want: { admission: "skip", log: { startedAt: 17 } } },
  },
  {
    when: "it is a second message for a trailing reading",
    log: { startedAt: 6, dueAt: 12, latestAt: 8 },
    more: { ticket: "another" },
    at: 8,
    now: 9,
    want: { admission: "later", log: { startedAt: 6, dueAt: 12, latestAt: 8 } },
  },
  {
    when: "the message comes again",
    log: { startedAt: 20 },
    more: { mustRead: true },
    ...{ at: 2, now: 21, want: { admission: "read", log: { startedAt: 21 } } },
  },
  {
    when: "the message of a trailing reading comes again",
    log: { startedAt: 6, dueAt: 12, latestAt: 11 },
    more: { ...its, mustRead: true },
    ...{ at: 7, now: 12, want: { admission: "read", log: { startedAt: 12 } } },
  },
  {
    when: "it comes again to an instance whose clock is behind",
    log: { startedAt: 20 },
    more: { mustRead: true },
    ...{ at: 2, now: 18, want: { admission: "read", log: { startedAt: 20 } } },
  },
  {
    when: "the event does not say when it was",
    log: { startedAt: 6 },
    at: undefined,
    now: 7,
    want: { admission: "later", putBack: { delay: 5, at: 7 }, log: { startedAt: 6, dueAt: 12, latestAt: 7 } },
  },
  {
    when: "the event is of tomorrow",
    log: { startedAt: 6 },
    at: 86_400,
    now: 7,
    want: { admission: "later", putBack: { delay: 5, at: 7 }, log: { startedAt: 6, dueAt: 12, latestAt: 7 } },
  },
  {
    when: "a reading of tomorrow is logged",
    log: { startedAt: 86_400 },
    ...{ at: 2, now: 3, want: { admission: "read", log: { startedAt: 3 } } },
  },
];

describe("a message whose resource", () => {
  test.each(cases)("$when", async ({ log: before, at, now, more = {}, want }) => {
    const [log, changes] = [tableReadingLog(memoryTable()), memoryQueue("changes")];
    if (before !== undefined) await log.put(id, logged(before), undefined);
    const wish = { id, at: at === undefined ? at : start + at * 1000, mustRead: false, reason: "r", ...more };
    const admission = await admit({ log, changes, now: () => new Date(start + now * 1000) }, wish);

    const messages = changes.messages.map(({ message, delaySeconds }) => ({ ...parseChange(message), delaySeconds }));
    const putBack = messages.map(({ resources, delaySeconds }) => {
      return { delay: delaySeconds, at: ((resources[0]?.at ?? 0) - start) / 1000 };
    });
    const kept = (await log.get(id))?.readings;
    expect({ admission, putBack }).toEqual({
      admission: want.admission,
      putBack: want.putBack === undefined ? [] : [want.putBack],
    });
    const [{ ticket = "t", isForced = false, reason = "r" } = {}] = messages;
    const expected = want.log === undefined ? undefined : logged(want.log);
    const trailing = expected?.trailing === undefined ? {} : { trailing: { ...expected.trailing, ticket } };
    const by = kept?.started?.by ?? "";
    expect(by === "b").toBe(want.admission !== "read");
    expect(kept).toEqual({ ...expected, started: { ...expected?.started, by }, ...trailing });
    expect({ isForced, reason }).toEqual({ isForced: false, reason: "r" });
  });

  test("is busy beyond measure gives the message back", async () => {
    const log = { ...tableReadingLog(memoryTable()), put: async () => false };
    const wish = { id, at: start, mustRead: false, reason: "r" };
    const busy = admit({ log, changes: memoryQueue("changes"), now: () => new Date(start) }, wish);
    await expect(busy).rejects.toMatchObject({ code: "ERR_STATE_BUSY" });
  });
});

/** The most readings that started within a window, as the clocks have it. */
function mostInWindow(started: readonly Started[]): number {
  const stamps = started.filter(({ mustRead }) => !mustRead).sort((a, b) => a.stamp - b.stamp);
  const counts = stamps.map(({ resource, stamp: first }) => {
    const within = stamps.filter(({ stamp }) => stamp >= first && stamp < first + quietWindow);
    return within.filter((one) => one.resource === resource).length;
  });
  return Math.max(0, ...counts);
}

/** What a naive auditor, who reads at every event, would know: events after which nobody looked. */
function unseen(events: readonly StormEvent[], { completed }: Aftermath): readonly StormEvent[] {
  return events.filter((event) => !completed.some((one) => one.resource === event.resource && one.at >= event.at));
}

const halfMargin = clockMargin / 2;
const clock = fc.integer({ min: -halfMargin, max: halfMargin });
const event: fc.Arbitrary<StormEvent> = fc
  .record({
    resource: fc.integer({ min: 1, max: 2 }),
    at: fc.oneof(fc.integer({ min: 0, max: 2_000 }), fc.integer({ min: 0, max: 40_000 })),
    late: fc.array(fc.oneof(fc.integer({ min: 0, max: 900 }), fc.integer({ min: 0, max: 30_000 })), {
      minLength: 1,
      maxLength: 2,
    }),
  })
  .map(({ resource, at, late }) => ({ resource, at, comes: late.map((after) => at + after) }));

const weather: fc.Arbitrary<Weather> = fc.record({
  events: fc.array(event, { minLength: 1, maxLength: 14 }),
  azureClock: clock,
  clocks: fc.array(clock, { minLength: 1, maxLength: 3 }),
  choices: fc.array(fc.nat(1_000_000), { minLength: 100, maxLength: 900, size: "max" }),
  kills: fc.integer({ min: 0, max: 4 }),
});

test("however events come, steps mix, clocks differ and handlers die: no event without a later reading, and two in a window", async () => {
  let [all, kept, again] = [0, 0, 0];
  const property = fc.asyncProperty(weather, async (given) => {
    const aftermath = await play(given);
    expect(unseen(given.events, aftermath)).toEqual([]);
    expect(mostInWindow(aftermath.started)).toBeLessThanOrEqual(2);
    const repeats = aftermath.started.filter(({ mustRead }) => mustRead).length;
    expect(repeats).toBeLessThanOrEqual(given.kills);
    all += given.events.flatMap(({ comes }) => comes).length;
    kept += aftermath.started.length;
    again += repeats;
  });
  await fc.assert(property, { numRuns: 400 });
  // the property says something: messages were spared, and killed ones came again
  expect(kept).toBeLessThan(all);
  expect(again).toBeGreaterThan(20);
}, 120_000);

describe("a subscription as a whole", () => {
  const subscription = idOf("/subscriptions/11111111-2222-3333-4444-555555555555");

  /** When it is read, where somebody asks at each of the times, in seconds. */
  async function readings(asked: readonly number[]): Promise<readonly number[]> {
    const [log, changes] = [tableReadingLog(memoryTable()), memoryQueue("changes")];
    const due: { at: number; of: number; ticket?: string }[] = asked.map((at) => ({ at, of: at }));
    const read: number[] = [];
    for (let next = due.shift(); next !== undefined; next = due.sort((a, b) => a.at - b.at).shift()) {
      const { at, of, ...ticket } = next;
      const before = changes.messages.length;
      const wish = { id: subscription, at: start + of * 1000, mustRead: false, reason: "r", ...ticket };
      const now = () => new Date(start + at * 1000);
      if ((await admit({ log, changes, now }, wish)) === "read") read.push(at);
      for (const { message, delaySeconds } of changes.messages.slice(before)) {
        const { resources, ticket: own = "" } = parseChange(message);
        const [{ id, at: latestAt = 0 } = {}] = resources;
        expect(id).toEqual(subscription);
        due.push({ at: at + delaySeconds, of: (latestAt - start) / 1000, ticket: own });
      }
    }
    return read;
  }

  const margin = listMargin / 1000;

  test.each([
    { when: "once", asked: [0], want: [0, margin] },
    { when: "50 times in a second", asked: Array.from({ length: 50 }, (_, at) => at / 50), want: [0, margin + 1] },
    { when: "again when both readings are over", asked: [0, 1000], want: [0, margin, 1000, 1000 + margin] },
  ])("is read when it is told of $when, and once more when lists show it", async ({ asked, want }) => {
    const read = await readings(asked);
    expect(read.map(Math.floor)).toEqual(want.map(Math.floor));
  });

  test("is read twice in ten minutes at most, and after all that happened in an hour of events", async () => {
    const asked = Array.from({ length: 1800 }, (_, at) => at * 2);
    const read = await readings(asked);
    const within = read.map((first) => read.filter((at) => at >= first && at < first + 2 * margin).length);
    expect(Math.max(...within)).toBeLessThanOrEqual(2);
    expect(asked.filter((at) => !read.some((reading) => reading >= at + margin))).toEqual([]);
  });
});

describe("figures of a storm", () => {
  const inOrder = { azureClock: 0, clocks: [0], choices: [], kills: 0 };
  const spread = (count: number, over: number, resourceOf: (index: number) => number) =>
    Array.from({ length: count }, (_, index): StormEvent => {
      const at = Math.floor((index * over) / count);
      return { resource: resourceOf(index), at, comes: [at + 300] };
    });

  test("one resource is written 50 times in a second: 50 events in, 2 readings, 2 messages put back", async () => {
    const events = spread(50, 1000, () => 1);
    const aftermath = await play({ ...inOrder, events });
    expect(unseen(events, aftermath)).toEqual([]);
    const { started, putBack, handled } = aftermath;
    expect({ readings: started.length, putBack, handled }).toEqual({ readings: 2, putBack: 2, handled: 52 });
  });

  test("a deployment writes 500 resources in a minute, each three times: 1500 events in, 1000 readings at most", async () => {
    const events = spread(500, 60_000, (index) => index + 1).flatMap((first) =>
      [0, 700, 3_000].map((after) => ({ ...first, at: first.at + after, comes: [first.at + after + 300] })),
    );
    const aftermath = await play({ ...inOrder, events });
    expect(unseen(events, aftermath)).toEqual([]);
    expect(mostInWindow(aftermath.started)).toBe(2);
    expect(aftermath.started).toHaveLength(1000);
  }, 60_000);

  test("one resource is written every second for five minutes: a reading each quiet window, and one at the end", async () => {
    const events = spread(300, 300_000, () => 1);
    const aftermath = await play({ ...inOrder, events });
    expect(unseen(events, aftermath)).toEqual([]);
    expect(mostInWindow(aftermath.started)).toBeLessThanOrEqual(2);
    expect(aftermath.started.length).toBeLessThanOrEqual(300 / 10 + 2);
  });

  test("one write is read at once", async () => {
    const events = [{ resource: 1, at: 0, comes: [300] }];
    const { completed, putBack } = await play({ ...inOrder, events });
    expect({ completed, putBack }).toEqual({ completed: [{ resource: 1, at: 300 }], putBack: 0 });
  });
});
