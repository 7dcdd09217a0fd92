/** Does the work for each, so many at a time, and gives the results in order; after a failure it begins nothing more. */
export async function inParallel<T, R>(all: readonly T[], most: number, work: (one: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  const rest = all.entries();
  let hasFailed = false;
  const worker = async () => {
    for (const [index, one] of rest) {
      if (hasFailed) return;
      try {
        results[index] = await work(one);
      } catch (error) {
        hasFailed = true;
        throw error;
      }
    }
  };
  const settled = await Promise.allSettled(Array.from({ length: Math.min(most, all.length) }, worker));
  for (const one of settled) if (one.status === "rejected") throw one.reason;
  return results;
}
