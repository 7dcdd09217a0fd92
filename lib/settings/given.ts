import { CordonError } from "../model/cordon-error.ts";
import { suggest } from "../model/wording.ts";

/** The settings as they are written, and the list of what is wrong with them. */
export class Given {
  readonly #environment: Readonly<Record<string, string | undefined>>;
  readonly #mistakes: string[] = [];

  constructor(environment: Readonly<Record<string, string | undefined>>) {
    this.#environment = environment;
  }

  /** Undefined where it is not there or empty. */
  optional(name: string): string | undefined {
    const text = this.#environment[name]?.trim();
    return text === "" ? undefined : text;
  }

  required(name: string, hint: string): string | undefined {
    return this.optional(name) ?? this.refuse(name, `is missing: ${hint}`);
  }

  refuse(name: string, mistake: string): undefined {
    this.#mistakes.push(`\`${name}\` ${mistake}`);
  }

  /** Others may be for somebody else, but what is nearly one of ours is meant to be it. */
  refuseMisspelled(known: readonly string[]): void {
    const ours = Object.keys(this.#environment).filter((name) => name.startsWith("CORDON_") && !known.includes(name));
    for (const name of ours) {
      const suggestion = suggest(name, known);
      if (suggestion !== "") this.refuse(name, `is no setting${suggestion}`);
    }
  }

  get isRefused(): boolean {
    return this.#mistakes.length > 0;
  }

  /** One error that names them all. */
  error(): CordonError {
    const count = this.#mistakes.length === 1 ? "1 setting is" : `${this.#mistakes.length} settings are`;
    const lines = this.#mistakes.map((mistake) => `  ${mistake}`);
    return new CordonError("ERR_SETTINGS_INVALID", [`cannot start: ${count} wrong`, ...lines].join("\n"));
  }
}
