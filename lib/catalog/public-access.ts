import type { PublicNetworkAccessAt, Service } from "./service.ts";

/** The switch of a service's public access; undefined where it has no public entrance that one could shut. */
export function switchOf({ publicNetworkAccess: source }: Service): PublicNetworkAccessAt | undefined {
  return "always" in source ? undefined : source;
}
