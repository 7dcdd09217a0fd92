/** Sets of addresses, or of ports. */
interface Divisible<T> {
  readonly isEmpty: boolean;
  intersect(other: T): T;
  minus(other: T): T;
  isSubsetOf(other: T): boolean;
  overlaps(other: T): boolean;
}

/** More parts than these would cost more than they tell: what is not told apart any more comes out as uncertain. */
const cellsAtMost = 256;

/** The parts of a set that no divider cuts. */
export function cellsOf<T extends Divisible<T>>(whole: T, dividers: Iterable<T>): readonly T[] {
  let cells: readonly T[] = whole.isEmpty ? [] : [whole];
  for (const divider of new Set(dividers)) {
    if (cells.length >= cellsAtMost) break;
    const isCut = (cell: T) => cell.overlaps(divider) && !cell.isSubsetOf(divider);
    if (!cells.some(isCut)) continue; // as nearly always
    cells = cells.flatMap((cell) => (isCut(cell) ? [cell.intersect(divider), cell.minus(divider)] : [cell]));
  }
  return cells;
}
