const conjunction = new Intl.ListFormat("en-GB");

/** "a", "a and b", "a, b and c": names in the sentence of a verdict; long lists are cut. */
export function listed(names: readonly string[]): string {
  const [only] = names;
  if (only !== undefined && names.length === 1) return only;
  const shown = names.length > 6 ? [...names.slice(0, 5), `${names.length - 5} more`] : names;
  return conjunction.format(shown);
}

/** "1 rule", "2 rules". */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
