import { readdirSync, readFileSync } from "node:fs";
import { posix } from "node:path";
import { programOf } from "./program.ts";
import type { Program } from "./syntax.ts";

/** The files that a deployment is made of, by their paths relative to the folder that they stand in. */
export class Sources {
  readonly #texts: ReadonlyMap<string, string>;
  /** By their texts: what does not change is read once. */
  readonly #programs: Map<string, Program>;

  constructor(texts: Iterable<readonly [string, string]>, programs = new Map<string, Program>()) {
    this.#texts = new Map(texts);
    this.#programs = programs;
  }

  /** The Bicep files of a folder, and what they load. */
  static in(folder: URL): Sources {
    const names = readdirSync(folder, { recursive: true, encoding: "utf8" });
    const read = names.filter((name) => /\.(bicep|json|kql)$/.test(name));
    return new Sources(read.map((name) => [name, readFileSync(new URL(name, folder), "utf8")]));
  }

  /** The same with another text in one file; throws where nothing would change. */
  with(file: string, change: (text: string) => string): Sources {
    const before = this.text(file);
    const after = change(before);
    if (after === before) throw new Error(`the edit of ${file} changes nothing`);
    return new Sources([...this.#texts, [file, after]], this.#programs);
  }

  get files(): readonly string[] {
    return [...this.#texts.keys()].sort();
  }

  get bicep(): readonly string[] {
    return this.files.filter((name) => name.endsWith(".bicep"));
  }

  text(file: string): string {
    const text = this.#texts.get(file);
    if (text === undefined) throw new Error(`there is no file ${file}`);
    return text;
  }

  /** A path as it is written in a file. */
  resolved(file: string, path: string): string {
    return posix.normalize(posix.join(posix.dirname(file), path));
  }

  program(file: string): Program {
    const text = this.text(file);
    const key = `${file}\n${text}`;
    const known = this.#programs.get(key) ?? programOf(file, text);
    this.#programs.set(key, known);
    return known;
  }
}
