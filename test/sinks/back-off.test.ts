import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { attemptsAtMost, backOffSeconds, readRetryAfter } from "../../lib/sinks/back-off.ts";

const now = new Date("2026-11-20T09:30:00.000Z");

describe("the delay", () => {
  const middles = [5, 20, 80, 320, 1280, 5120, 20_480, 21_600, 21_600];

  test.each(
    middles.map((middle, attempt) => ({ attempt, middle })),
  )("after try $attempt lies within a quarter of $middle s", ({ attempt, middle }) => {
    fc.assert(
      fc.property(fc.string(), (id) => {
        const seconds = backOffSeconds(attempt, id);
        expect(Number.isInteger(seconds)).toBe(true);
        expect(seconds).toBeGreaterThanOrEqual(Math.floor(middle * 0.75));
        expect(seconds).toBeLessThanOrEqual(Math.ceil(middle * 1.25));
      }),
    );
  });

  test("differs between events that fail together", () => {
    const delays = Array.from({ length: 100 }, (_, event) => backOffSeconds(4, `event-${event}`));
    expect(new Set(delays).size).toBeGreaterThan(80);
    expect(Math.max(...delays) - Math.min(...delays)).toBeGreaterThan(1280 / 3);
  });

  test("is the same for the same try, so that a repeat after a crash is no other", () => {
    expect(backOffSeconds(3, "event")).toBe(backOffSeconds(3, "event"));
  });

  test("of all tries together is about three days", () => {
    const delays = Array.from({ length: attemptsAtMost - 1 }, (_, attempt) => backOffSeconds(attempt, "event"));
    const days = delays.reduce((sum, delay) => sum + delay, 0) / 86_400;
    expect(days).toBeGreaterThan(2.5);
    expect(days).toBeLessThan(3.6);
  });

  test("is no shorter than the receiver asks for, up to a day", () => {
    expect(backOffSeconds(0, "event", 3600)).toBe(3600);
    expect(backOffSeconds(0, "event", 1)).toBe(backOffSeconds(0, "event"));
    expect(backOffSeconds(0, "event", 10 ** 12)).toBe(86_400);
  });
});

describe("Retry-After", () => {
  test.each([
    { header: null, want: undefined },
    { header: "120", want: 120 },
    { header: " 0 ", want: 0 },
    { header: "Fri, 20 Nov 2026 09:31:00 GMT", want: 60 },
    { header: "Fri, 20 Nov 2026 09:00:00 GMT", want: 0 },
    { header: "-5", want: undefined },
    { header: "soon", want: undefined },
    { header: "", want: undefined },
  ])("`$header` is $want s", ({ header, want }) => {
    expect(readRetryAfter(header, now)).toBe(want);
  });
});
