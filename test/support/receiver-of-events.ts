import { expect } from "vitest";
import type { FindingEvent, OutgoingEvent } from "../../lib/model/finding-event.ts";

/** What a receiver makes of the events that came to it, in whatever order and however often. */
export interface ReceivedEvents {
  readonly take: (event: OutgoingEvent) => void;
  /** All finding events, each once, those of one finding in the order of their sequence. */
  readonly ofFinding: (id: string) => readonly FindingEvent[];
  /** "fail" or "undetermined" by finding, for those that are open as far as the receiver knows. */
  readonly open: () => Readonly<Record<string, string>>;
  readonly completed: () => readonly OutgoingEvent[];
  /** How many came, repeats included. */
  readonly count: () => number;
  /**
   * That repeats are the same bytes, that no sequence is missing, and that each tells of a change. Where findings were `forgotten`, one
   * that opens may leave some out.
   */
  readonly expectSound: (past?: "forgotten") => void;
}

export function receivedEvents(): ReceivedEvents {
  const bytes = new Map<string, string>();
  const torn: string[] = [];
  let count = 0;
  const all = () => [...bytes.values()].map((text): OutgoingEvent => JSON.parse(text));
  const isFinding = (event: OutgoingEvent): event is FindingEvent => event.type !== "cordon.audit.completed.v1";
  const bySequence = (a: FindingEvent, b: FindingEvent) => a.data.sequence - b.data.sequence;
  const byFinding = () => Map.groupBy(all().filter(isFinding).sort(bySequence), ({ data }) => data.findingId);
  return {
    take(event) {
      count += 1;
      const text = JSON.stringify(event);
      if ((bytes.get(event.id) ?? text) !== text) torn.push(event.id);
      bytes.set(event.id, text);
    },
    ofFinding: (id) => byFinding().get(id) ?? [],
    open() {
      const last = [...byFinding()].flatMap(([id, events]) => {
        const event = events.at(-1);
        return event === undefined || event.type === "cordon.finding.resolved.v1" ? [] : [[id, event.data.status]];
      });
      return Object.fromEntries(last.sort());
    },
    completed: () => all().filter((event) => !isFinding(event)),
    count: () => count,
    expectSound(past) {
      expect(torn, "ids under which different bytes came").toEqual([]);
      for (const [id, events] of byFinding()) {
        const sequences = events.map(({ data }) => data.sequence);
        const mayLeap = ({ type }: FindingEvent) => past === "forgotten" && type === "cordon.finding.opened.v1";
        const expected = events.map((event, index) => {
          return mayLeap(event) ? event.data.sequence : (sequences[index - 1] ?? 0) + 1;
        });
        expect(sequences, `the sequences of ${id}`).toEqual(expected);
        const kinds = events.map(({ type }) => type.split(".")[2]);
        expect(kinds.join(" "), `the life of ${id}`).toMatch(/^(opened( changed)* resolved ?)*(opened( changed)*)?$/);
      }
    },
  };
}
