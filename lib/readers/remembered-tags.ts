import type { Portion, Reading } from "./reader.ts";

/** Service tags as they were read last. */
export interface RememberedTags {
  /** Reads them where they are not known, or no longer fresh. */
  readings(read: () => AsyncIterable<Portion>): Promise<readonly Reading[]>;
}

/** Microsoft publishes them weekly, and announces new addresses a week before they are used. */
const freshForMilliseconds = 60 * 60_000;

/** https://learn.microsoft.com/azure/virtual-network/service-tags-overview: lists change weekly, and are the same for all regions. */
export function rememberedTags(): RememberedTags {
  let known: readonly Reading[] = [];
  let readAt = Number.NEGATIVE_INFINITY;
  return {
    async readings(read) {
      if (performance.now() - readAt < freshForMilliseconds) return known;
      const readings: Reading[] = [];
      for await (const portion of read()) readings.push(...portion);
      if (readings.some(({ kind }) => kind === "serviceTags")) [known, readAt] = [readings, performance.now()];
      return readings;
    },
  };
}
