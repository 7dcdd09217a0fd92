import type { ResourceId } from "../model/resource-id.ts";
import type { IpSet } from "../net/ip-set.ts";
import type { Detour } from "../reach/endpoint-detours.ts";
import type { RouteRow, RouteTableView } from "../reach/route-table-view.ts";

/** The effective routes of a subnet, and what service endpoints that it does not have would change. */
export interface RoutesReport {
  readonly subnet: ResourceId;
  readonly table: RouteTableView;
  readonly endpoints: readonly NewEndpoint[];
  /** Why routes to the internet lead, or may lead, nobody there. */
  readonly closed: readonly string[];
}

export interface NewEndpoint {
  /** As ARM spells it: `Microsoft.Storage`. */
  readonly service: string;
  /** Undefined where nothing says which addresses it leads to. */
  readonly detours: readonly Detour[] | undefined;
  /** What else there is to know about it. */
  readonly note: string | undefined;
}

/** Ready for JSON; what has no value is left out. */
export function routesEntry({ subnet, table, endpoints, closed }: RoutesReport): object {
  return {
    subnet: subnet.text,
    routes: table.rows.map(rowEntry),
    notes: table.because,
    closedWaysOut: closed,
    newEndpoints: endpoints.map(({ service, detours, note }) => ({
      service,
      detours: detours?.map(({ addresses, ...others }) => ({ addressPrefixes: addresses.toPrefixes(), ...others })),
      note,
    })),
  };
}

function rowEntry({ prefixes, tag, ...row }: RouteRow): object {
  return {
    source: row.source,
    state: row.state,
    addressPrefixes: prefixes.map(prefixText),
    serviceTag: tag,
    nextHopType: row.nextHopType,
    nextHopIpAddress: row.nextHopIpAddress,
    name: row.name,
    because: row.because,
    isAdded: row.isAdded,
  };
}

/** As routes have it: a single address with its `/32` or `/128`. */
export function prefixText(prefix: IpSet): string {
  const text = prefix.toPrefixes().join(", ");
  return text.includes("/") ? text : `${text}/${text.includes(":") ? 128 : 32}`;
}
