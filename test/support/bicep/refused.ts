import type { Place } from "./syntax.ts";

/** Bicep that cannot be read or evaluated, with the place: `storage.bicep:12: there is no …`. */
export class Refused extends Error {
  constructor(at: Place, what: string) {
    super(`${at.file}:${at.line}: ${what}`);
    this.name = "Refused";
  }
}
