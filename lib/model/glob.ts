import { fold, type ResourceId } from "./resource-id.ts";

/** A pattern for whole resource ids: `*` stands for any text, `/` included; case does not matter. */
export class Glob {
  readonly text: string;
  readonly #pattern: RegExp;

  constructor(text: string) {
    this.text = text;
    const parts = fold(text).split(/\*+/);
    this.#pattern = new RegExp(`^${parts.map((part) => RegExp.escape(part)).join(".*")}$`, "s");
  }

  matches(id: ResourceId): boolean {
    return this.#pattern.test(id.key);
  }

  /** For what is no id of one resource: a flag, or an id with wildcards of its own. */
  matchesText(text: string): boolean {
    return this.#pattern.test(fold(text));
  }
}
