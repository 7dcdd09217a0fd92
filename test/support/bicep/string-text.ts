const escapes: ReadonlyMap<string, string> = new Map([
  ["n", "\n"],
  ["r", "\r"],
  ["t", "\t"],
  ["'", "'"],
  ["\\", "\\"],
  ["$", "$"],
]);

/**
 * What stands between the quotes, without escapes; undefined where an escape is none of Bicep's.
 * https://learn.microsoft.com/azure/azure-resource-manager/bicep/data-types#strings
 */
export function unescaped(written: string): string | undefined {
  let isWrong = false;
  const text = written.replace(/\\(?:u\{([\da-f]+)\}|(.))/gis, (_, code: string | undefined, character = "") => {
    if (code !== undefined) return String.fromCodePoint(Number.parseInt(code, 16));
    const meant = escapes.get(character);
    isWrong ||= meant === undefined;
    return meant ?? "";
  });
  return isWrong ? undefined : text;
}

/** Everything between three quotes, less the line break that follows the first three. */
export function multiline(written: string): string {
  return written.slice(3, -3).replace(/^\r?\n/, "");
}
