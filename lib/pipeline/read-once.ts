import { textOfKey } from "../model/snapshot.ts";
import type { Reader, Reading } from "../readers/reader.ts";

/** The same reader, which asks each question once, however many want to know: for readings that are soon over. */
export function readOnce(reader: Reader): Reader {
  const answers = new Map<string, Promise<readonly Reading[]>>();
  return {
    readAll: () => reader.readAll(),
    async *read(key) {
      const text = textOfKey(key);
      const answer = answers.get(text) ?? collected(reader.read(key));
      answers.set(text, answer);
      yield await answer;
    },
  };
}

export async function collected(portions: ReturnType<Reader["read"]>): Promise<readonly Reading[]> {
  const readings: Reading[] = [];
  for await (const portion of portions) readings.push(...portion);
  return readings;
}
