import { fold } from "./resource-id.ts";

/** A region by the name that ARM lists: "West Europe" and "westeurope" are one. */
export function regionOf(location: string | undefined): string | undefined {
  return location === undefined ? undefined : fold(location).replaceAll(" ", "");
}
