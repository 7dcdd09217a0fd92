import type { Route, RouteTableFact, SubnetFact } from "../model/fact.ts";
import type { Snapshot } from "../model/snapshot.ts";
import { whyUnread } from "./unread.ts";

/** The routes that the owner of a subnet made for it. */
export interface UserRoutes {
  /** Undefined where the subnet has no table, or none that was read. */
  readonly table: RouteTableFact | undefined;
  readonly routes: readonly Route[];
  /** Why there may be others. */
  readonly because: readonly string[];
}

export function routesOfTable({ routeTable }: SubnetFact, snapshot: Snapshot): UserRoutes {
  if (routeTable.kind === "unknown") return unknown(routeTable.because);
  if (routeTable.value === undefined) return none;
  const found = snapshot.get(routeTable.value);
  if (found.kind === "absent") return none;
  if (found.kind !== "fact") return unknown(whyUnread(found, `\`${routeTable.value.text}\``));
  if (found.fact.kind !== "routeTable") return unknown(`\`${routeTable.value.text}\` is no route table`);
  const { routes } = found.fact;
  if (routes.kind === "unknown") return unknown(routes.because);
  return { table: found.fact, routes: routes.value, because: [] };
}

const none: UserRoutes = { table: undefined, routes: [], because: [] };

function unknown(because: string): UserRoutes {
  return { ...none, because: [because] };
}
