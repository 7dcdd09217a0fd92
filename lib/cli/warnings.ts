import type { Problem } from "../audit.ts";

const limit = 20;

interface Doubts {
  readonly problems: readonly Problem[];
  readonly gaps: readonly string[];
  readonly conflicts: readonly string[];
  readonly unusedWaivers?: readonly { readonly rule: string; readonly resource: string }[];
  readonly unmatchedSubnets?: readonly { readonly key: string; readonly subnet: string }[];
}

/** What a person should know besides the result, a line each. */
export function warningsOf(doubts: Doubts): readonly string[] {
  const { problems, gaps, conflicts, unusedWaivers = [], unmatchedSubnets = [] } = doubts;
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
      unmatchedSubnets.map(
        ({ key, subnet }) => `\`${subnet}\` in ${key} of the policy matches no subnet that was read`,
      ),
    ),
  ];
}

function cut(noun: string, lines: readonly string[]): readonly string[] {
  const more = lines.length - limit;
  return more > 0 ? [...lines.slice(0, limit), `and ${more} more ${noun}`] : lines;
}
