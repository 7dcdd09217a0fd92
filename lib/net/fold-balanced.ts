/** Joins neighbours, then neighbours of those, so that each item takes part in log n joins; undefined without items. */
export function foldBalanced<T>(items: Iterable<T>, join: (a: T, b: T) => T): T | undefined {
  let round = [...items];
  while (round.length > 1) {
    const next: T[] = [];
    for (let at = 0; at < round.length; at += 2) {
      const isPair = at + 1 < round.length;
      next.push(isPair ? join(round[at] as T, round[at + 1] as T) : (round[at] as T));
    }
    round = next;
  }
  return round[0];
}
