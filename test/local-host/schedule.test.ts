import { expect, test } from "vitest";
import { parseSchedule } from "../../infra/local/schedule.ts";
import { secondsOf } from "../../infra/local/time-span.ts";

/** A Thursday. */
const now = new Date("2026-11-26T10:00:01Z");

test.each([
  { when: "every five minutes", given: "0 */5 * * * *", want: "2026-11-26T10:05:00.000Z" },
  { when: "five fields", given: "*/5 * * * *", want: "2026-11-26T10:05:00.000Z" },
  { when: "seconds", given: "*/2 * * * * *", want: "2026-11-26T10:00:02.000Z" },
  { when: "weekdays by name", given: "0 0 2 * * MON-FRI", want: "2026-11-27T02:00:00.000Z" },
  { when: "Sunday is 0", given: "0 0 2 * * 0", want: "2026-11-29T02:00:00.000Z" },
  { when: "day of the month and weekday: both", given: "0 0 0 13 * 5", want: "2027-08-13T00:00:00.000Z" },
  { when: "a month by name", given: "0 0 0 1 JUL *", want: "2027-07-01T00:00:00.000Z" },
])("NCRONTAB, $when: `$given`", ({ given, want }) => {
  expect(parseSchedule(given, "f").next(now)?.toISOString()).toBe(want);
});

test.each([
  { given: "@daily", want: /it has 1 fields/ },
  { given: "0 0 0 L * *", want: /`L` is not of NCRONTAB/ },
  { given: "0 0 0 15W * *", want: /`15W` is not of NCRONTAB/ },
  { given: "0 0 0 * * 5#2", want: /`5#2` is not of NCRONTAB/ },
  { given: "0 0 0 ? * *", want: /`\?` is not of NCRONTAB/ },
  { given: "0 0 0 * * 7", want: /weekdays are 0 to 6/ },
  { given: "0 99 * * * *", want: /minute/ },
])("not NCRONTAB: `$given`", ({ given, want }) => {
  expect(() => parseSchedule(given, "function `f`")).toThrow(want);
});

test.each([
  { given: "00:00:30", want: 30 },
  { given: "1.02:00:00", want: 93_600 },
  { given: "00:00:00.100", want: 0.1 },
  { given: "24:00:00", want: undefined },
  { given: "30", want: undefined },
])("a time span `$given`", ({ given, want }) => {
  expect(secondsOf(given)).toBe(want);
});
