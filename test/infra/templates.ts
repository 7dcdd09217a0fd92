import { Sources } from "../support/bicep/sources.ts";

/** The Bicep files that Cordon is deployed with, and the JSON that they load. */
export const templates = Sources.in(new URL("../../infra/", import.meta.url));
