/** Joins neighbours, then neighbours of those, so that each item takes part in log n joins; undefined without items. */
export function foldBalanced<T>(items: Iterable<T>, join: (a: T, b: T) => T): T | undefined {
  let round = [...items];
  while (round.length > 1) {
    const next: T[] = [];
    for (let at = 0; at < round.length; at += 2) {
      const pair = round.slice(at, at + 2);
      next.push(pair.reduce(join));
    }
    round = next;
  }
  return round[0];
}
