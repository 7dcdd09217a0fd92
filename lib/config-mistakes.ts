import type * as z from "zod/mini";
import { knownKeys, noSuchRule } from "./config-schema.ts";
import type { JsonSource, Path, Place } from "./config-source.ts";
import { isObject } from "./model/json-object.ts";
import { fold } from "./model/resource-id.ts";
import { kindOf, quote, suggest } from "./model/wording.ts";
import { parseAddresses } from "./net/parse-addresses.ts";
import { unroutable } from "./net/special-ranges.ts";

export interface PlacedMistake {
  readonly path: Path;
  readonly place: Place;
  readonly message: string;
}

/** Everything that is wrong with JSON that has no syntax error, in the order of the file. */
export function mistakesIn(source: JsonSource, issues: readonly z.core.$ZodIssue[]): readonly PlacedMistake[] {
  const placed = (path: Path, message: string): PlacedMistake => {
    return { path, message, place: source.placeOf(path, "value") };
  };
  const mistakes = [
    ...source.duplicates.map(({ path, place, first }) => {
      return { path, place, message: `${quote(path.at(-1))} is given already in line ${first.line}` };
    }),
    ...issues.flatMap((issue) => {
      const path = issue.path.map((step) => (typeof step === "number" ? step : String(step)));
      if (issue.code !== "unrecognized_keys") return [placed(path, issue.message)];
      return issue.keys.map((key): PlacedMistake => {
        const keyPath = [...path, key];
        return { path: keyPath, place: source.placeOf(keyPath, "key"), message: unknownKey(key, path) };
      });
    }),
    ...siteMistakes(source.value).map(({ path, message }) => placed(path, message)),
  ];
  return mistakes.sort((a, b) => a.place.offset - b.place.offset);
}

/** The words for an issue that its schema has none for. */
export function describeIssue(issue: z.core.$ZodRawIssue): string {
  const { input } = issue;
  if (input === undefined) return `${quote(issue.path?.at(-1))} is missing`;
  switch (issue.code) {
    case "invalid_type":
      return `must be ${/^[aeiou]/.test(issue.expected) ? "an" : "a"} ${issue.expected}, not ${kindOf(input)}`;
    case "invalid_value": {
      const values = issue.values.map(String);
      return typeof input === "string"
        ? `${quote(input)} is not one of ${values.map(quote).join(", ")}${suggest(input, values)}`
        : `must be a string, not ${kindOf(input)}`;
    }
    default:
      return `must not be ${kindOf(input)}`;
  }
}

function unknownKey(key: string, path: Path): string {
  const within = path.findLast((step) => typeof step === "string") ?? "";
  if (within === "severities") return noSuchRule(key);
  const known = knownKeys.get(String(within)) ?? [];
  if (known.includes(key)) return `${quote(key)} does not go with the other keys`;
  return `unknown key ${quote(key)}${suggest(key, known)}`;
}

/** What holds between several values; found here so that mistakes of shape elsewhere do not hide it. */
function siteMistakes(policy: unknown): { path: Path; message: string }[] {
  const sites = isObject(policy) && Array.isArray(policy.sites) ? policy.sites : [];
  const firsts = new Map<string, number>();
  return sites.flatMap((site: unknown, index) => {
    if (!isObject(site)) return [];
    const { name, natAddresses, connection } = site;
    const mistakes: { path: Path; message: string }[] = [];
    if (typeof name === "string") {
      const first = firsts.get(fold(name));
      if (first === undefined) firsts.set(fold(name), index);
      else
        mistakes.push({
          path: ["sites", index, "name"],
          message: `${quote(name)} is the name of /sites/${first} already`,
        });
    }
    if (!Array.isArray(natAddresses) || !isPublic(connection)) return mistakes;
    if (natAddresses.length === 0) {
      const message = "may be empty only where `connection` is `private`";
      mistakes.push({ path: ["sites", index, "natAddresses"], message });
    }
    return [
      ...mistakes,
      ...natAddresses.flatMap((text: unknown, at) => {
        if (typeof text !== "string" || parseAddresses(text)?.isSubsetOf(unroutable) !== true) return [];
        const message = `${quote(text)} is no public address: name those that the site's traffic leaves with`;
        return [{ path: ["sites", index, "natAddresses", at], message }];
      }),
    ];
  });
}

function isPublic(connection: unknown): boolean {
  return connection === "microsoftPeering" || connection === "internet";
}
