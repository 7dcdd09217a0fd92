import type { Permissions } from "./permissions.ts";
import type { RightsIn } from "./rights.ts";

/**
 * Rights as they were read last, for readings that are made often. Azure itself takes as long to let a change of them take effect:
 * https://learn.microsoft.com/azure/role-based-access-control/troubleshooting
 */
export function rememberedRights(now = () => performance.now()): (rightsIn: RightsIn) => RightsIn {
  const known = new Map<string, { readonly permissions: Permissions; readonly readAt: number }>();
  return (rightsIn) => async (subscription) => {
    const kept = known.get(subscription);
    if (kept !== undefined && now() - kept.readAt < freshForMilliseconds) return kept.permissions;
    const readAt = now();
    const permissions = await rightsIn(subscription);
    if (permissions !== undefined) known.set(subscription, { permissions, readAt });
    return permissions;
  };
}

const freshForMilliseconds = 10 * 60_000;
