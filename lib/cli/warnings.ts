import type { Problem } from "../session.ts";

const limit = 20;

interface Doubts {
  readonly problems: readonly Problem[];
  readonly gaps: readonly string[];
  readonly conflicts: readonly string[];
  readonly unusedWaivers?: readonly { readonly rule: string; readonly resource: string }[];
  readonly unmatchedEntries?: readonly { readonly key: string; readonly kind: string; readonly resource: string }[];
}

/** What a person should know besides the result, a line each. */
export function warningsOf(doubts: Doubts): readonly string[] {
  const { problems, gaps, conflicts, unusedWaivers = [], unmatchedEntries = [] } = doubts;
  return [
    ...cut(
      "problems",
      problems.map(({ where, message }) => `${where}: ${message}`),
    ),
    ...cut("gaps", gaps),
    ...cut(
      "conflicts",
      conflicts.map((id) => `\`${id}\` was read with two different bodies`),
    ),
    ...cut(
      "unused waivers",
      unusedWaivers.map(({ rule, resource }) => `the waiver of ${rule} for \`${resource}\` is not used`),
    ),
    ...cut(
      "policy entries",
      unmatchedEntries.map(
        ({ key, kind, resource }) => `\`${resource}\` in ${key} of the policy ${isForNothing(kind)} that was read`,
      ),
    ),
  ];
}

function isForNothing(kind: string): string {
  return kind === "routeTable" ? "is the next hop of no route" : `matches no ${kind}`;
}

/** The first lines, and how many there are besides. */
export function cut(noun: string, lines: readonly string[]): readonly string[] {
  const more = lines.length - limit;
  return more > 0 ? [...lines.slice(0, limit), `and ${more} more ${noun}`] : lines;
}
