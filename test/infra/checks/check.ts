import type { Sources } from "../../support/bicep/sources.ts";

/** Looks for one kind of mistake; each that it finds begins with its place: `storage.bicep:12: …`. */
export type Check = (sources: Sources) => readonly string[];
