import { fold, type ResourceId } from "./resource-id.ts";

/** A pattern for whole resource ids: `*` stands for any text, `/` included; case does not matter. */
export class Glob {
  readonly text: string;
  /** What stands between the stars, folded. */
  readonly #parts: readonly string[];

  constructor(text: string) {
    this.text = text;
    this.#parts = fold(text).split(/\*+/);
  }

  /** The name that every id ends in that matches; empty where it can be any. */
  get end(): string {
    const last = this.#parts.at(-1) ?? "";
    return this.#parts.length === 1 || last.includes("/") ? last.slice(last.lastIndexOf("/") + 1) : "";
  }

  /** Whole names that every id begins with that matches, without the slash behind them. */
  get beginning(): string {
    const [first = ""] = this.#parts;
    return first.slice(0, Math.max(first.lastIndexOf("/"), 0));
  }

  matches(id: ResourceId): boolean {
    return isMatch(this.#parts, id.key);
  }

  /** For what is no id of one resource: a flag, or an id with wildcards of its own. */
  matchesText(text: string): boolean {
    return isMatch(this.#parts, fold(text));
  }
}

/** Each part at the first place after the one before it: no text takes longer than its length times the parts. */
function isMatch([first = "", ...others]: readonly string[], text: string): boolean {
  const last = others.pop();
  if (last === undefined) return text === first;
  if (!text.startsWith(first)) return false;
  let at = first.length;
  for (const part of others) {
    const found = text.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return text.length - last.length >= at && text.endsWith(last);
}
