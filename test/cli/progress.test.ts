import { describe, expect, test } from "vitest";
import { paperFor } from "../../lib/cli/paper.ts";
import { progressOn, type Sign } from "../../lib/cli/progress.ts";

function aStream(isTTY: boolean) {
  const written: string[] = [];
  const stream: Sign = { isTTY, write: (text) => written.push(text) > 0 };
  return { stream, written };
}

describe("progress", () => {
  test("is silent for two seconds, and then a line every five", () => {
    const { stream, written } = aStream(false);
    let now = 0;
    const progress = progressOn(stream, () => now);
    for (now = 0; now <= 12_000; now += 500) progress.report(now);
    progress.end();
    expect(written).toEqual([2000, 7000, 12_000].map((count) => `reading: ${count} resources so far\n`));
  });

  test("is one line that changes on a terminal, and goes away", () => {
    const { stream, written } = aStream(true);
    let now = 0;
    const progress = progressOn(stream, () => now);
    for (now = 0; now <= 2500; now += 100) progress.report(now);
    progress.end();
    expect(written).toEqual([
      "\rreading: 2000 resources so far",
      "\rreading: 2200 resources so far",
      "\rreading: 2400 resources so far",
      "\r\u001b[2K",
    ]);
  });

  test("leaves nothing to clear where reading was quick", () => {
    const { stream, written } = aStream(true);
    const progress = progressOn(stream, () => 0);
    progress.report(1000);
    progress.end();
    expect(written).toEqual([]);
  });
});

describe("paper", () => {
  const terminal = (columns: number) => ({ isTTY: true, columns, hasColors: () => true });

  test.each([
    { columns: 80, width: 80 },
    { columns: 250, width: 120 },
    { columns: 20, width: 40 },
    { columns: 0, width: 100 },
  ])("is $width wide on a terminal of $columns columns", ({ columns, width }) => {
    expect(paperFor(terminal(columns), {})).toEqual({ width, colour: true });
  });

  test("has no colour where NO_COLOR is set, where the terminal has none, and off the terminal", () => {
    expect(paperFor(terminal(80), { NO_COLOR: "1" }).colour).toBe(false);
    expect(paperFor({ ...terminal(80), hasColors: () => false }, {}).colour).toBe(false);
    expect(paperFor({ ...terminal(80), isTTY: false }, {})).toEqual({ width: 100, colour: false });
    expect(paperFor(undefined, {})).toEqual({ width: 100, colour: false });
  });
});
