import { serviceOfType } from "./index.ts";
import { hasLeft, placementOfType } from "./placements.ts";

/**
 * Whether a service of a (folded) type says that it stands in an environment, whose entrance is not its own: no more than its place
 * is known, and nobody asks for its rules.
 */
export function isInEnvironment(type: string, body: unknown): boolean {
  const environments = serviceOfType(type)?.environments ?? [];
  const placement = placementOfType(type);
  if (placement !== undefined && hasLeft(placement, body)) return false;
  return environments.some((pointer) => {
    const segments = pointer.split("/").slice(1);
    const value = segments.reduce<unknown>((at, name) => Object(at)[name], body);
    return typeof value === "string" && value !== "";
  });
}
