import { describe, expect, test } from "vitest";
import type { Sink } from "../../lib/sinks/sink.ts";
import { aFindingEvent } from "./finding-events.ts";

export interface Destination {
  readonly sink: Sink;
  /** The bodies that have come to the destination until now, in any order. */
  arrived(): Promise<readonly string[]>;
}

/** What every sink promises. `open` makes a sink and an empty destination that was not there before. */
export function describeSink(name: string, open: () => Promise<Destination>): void {
  describe(`the sink ${name}`, () => {
    test("has its name", async () => {
      expect((await open()).sink.name).toBe(name);
    });

    test("brings an event, byte by byte, to a destination that was not there yet", async () => {
      const { sink, arrived } = await open();
      const event = aFindingEvent({ title: 'Grüße, 中文, \u2028, "quotes", <b>&amp;</b>', message: "\u{1f512}" });
      await sink.send(event);
      expect(await arrived()).toEqual([JSON.stringify(event)]);
    });

    test("brings the same bytes when an event comes again", async () => {
      const { sink, arrived } = await open();
      const event = aFindingEvent();
      await sink.send(event);
      await sink.send(structuredClone(event));
      expect(await arrived()).toEqual([JSON.stringify(event), JSON.stringify(event)]);
    });

    test("brings the largest event that there is: 40 KiB of UTF-8", async () => {
      const { sink, arrived } = await open();
      const rest = Buffer.byteLength(JSON.stringify(aFindingEvent({ message: "" })));
      const event = aFindingEvent({ message: "é".repeat((40 * 1024 - rest) / 2) });
      await sink.send(event);
      expect(await arrived()).toEqual([JSON.stringify(event)]);
    });

    test("refuses what does not fit, and says so", async () => {
      const { sink, arrived } = await open();
      const event = aFindingEvent({ message: "x".repeat(49 * 1024) });
      await expect(sink.send(event)).rejects.toMatchObject({ code: "ERR_MESSAGE_TOO_LARGE" });
      expect(await arrived()).toEqual([]);
    });

    test("brings many at once, each of them once", async () => {
      const { sink, arrived } = await open();
      const events = Array.from({ length: 20 }, (_, index) => aFindingEvent({ sequence: index + 1 }));
      await Promise.all(events.map((event) => sink.send(event)));
      expect([...(await arrived())].sort()).toEqual(events.map((event) => JSON.stringify(event)).sort());
    });
  });
}
