import { ResourceId } from "../model/resource-id.ts";
import { textOfKey } from "../model/snapshot.ts";
import { collected, type Portion, type Reader, type Reading } from "../readers/reader.ts";

export interface OnceReader extends Reader {
  /** Keys of the resources that came with all of their type: such lists lag behind. */
  readonly listed: ReadonlySet<string>;
  /** What was answered so far, as all there is. */
  readonly received: Reader;
}

/** What was answered, or is about to be, by the texts of the questions. */
export type Answers = Map<string, Promise<readonly Reading[]>>;

/** The same reader, which asks each question once, however many want to know: for readings that are soon over. */
export function readOnce(reader: Reader, answers: Answers = new Map()): OnceReader {
  const listed = new Set<string>();
  let isAllAtOnce = false;
  function* noticed(portion: Portion) {
    for (const reading of portion) {
      if (reading.kind === "resource") isAllAtOnce = true;
      yield reading;
    }
  }
  async function* readAll() {
    for await (const portion of reader.readAll()) yield noticed(portion);
  }
  async function* receivedSoFar() {
    if (isAllAtOnce) yield* reader.readAll(); // a recording, which is no burden on Azure and need not be kept
    for (const answer of answers.values()) yield await answer;
  }
  return {
    listed,
    received: { readAll: receivedSoFar, async *read() {} },
    readAll,
    async *read(key) {
      const text = textOfKey(key);
      const answer = answers.get(text) ?? collected(reader.read(key));
      answers.set(text, answer);
      const readings = await answer;
      if (key.kind === "everywhere") for (const one of keysIn(readings)) listed.add(one);
      yield readings;
    },
  };
}

function keysIn(readings: readonly Reading[]): readonly string[] {
  return readings.flatMap((reading) => {
    return (reading.kind === "resource" ? ResourceId.parse(Object(reading.body).id)?.key : undefined) ?? [];
  });
}
