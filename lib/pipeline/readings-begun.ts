import pMap from "p-map";
import type { ResourceId } from "../model/resource-id.ts";
import type { RecordChange } from "../state/change-index.ts";
import type { App } from "./app.ts";

/** Which reading of each resource was the last to start, by their keys. */
export type ReadingsBegun = ReadonlyMap<string, string | undefined>;

export async function readingsBegun({ readingLog }: App, ids: readonly ResourceId[]): Promise<ReadingsBegun> {
  const lastOf = async (id: ResourceId) => [id.key, (await readingLog.get(id))?.readings.started?.by] as const;
  return new Map(await pMap(ids, lastOf, { concurrency: 16 }));
}

/**
 * What changed, and was read by somebody else meanwhile, who compared it with an older record, and may have seen it change
 * back. INVARIANT: asked when the record is written; who begins to read later compares with that.
 */
export async function readSince(
  app: App,
  resources: readonly ResourceId[],
  changed: readonly RecordChange[],
  begun: ReadingsBegun,
): Promise<readonly ResourceId[]> {
  const keys = new Set(changed.map(({ key }) => key));
  const own = resources.filter(({ key }) => keys.has(key));
  const now = await readingsBegun(app, own);
  return own.filter(({ key }) => now.get(key) !== begun.get(key));
}
