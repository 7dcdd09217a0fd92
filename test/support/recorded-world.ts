import type { Reading } from "../../lib/readers/reader.ts";
import { recorded } from "../../lib/readers/recorded.ts";
import type { Body, World } from "../oracle/world.ts";

/** Everything that a recording holds. */
export async function readingsIn(folder: string): Promise<readonly Reading[]> {
  const readings: Reading[] = [];
  for await (const portion of recorded([folder]).readAll()) readings.push(...portion);
  return readings;
}

/** The same as a world of the oracle. */
export function worldOf(readings: readonly Reading[]): World {
  const resources = readings.flatMap((reading) => (reading.kind === "resource" ? [reading.body as Body] : []));
  const serviceTags = readings.flatMap((reading) =>
    reading.kind === "serviceTags"
      ? reading.list.values.map(({ name, addressPrefixes }) => ({ name, properties: { addressPrefixes } }))
      : [],
  );
  return { resources, serviceTags };
}
