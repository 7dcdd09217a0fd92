import { type Body, complete, type Given, group } from "./builders.ts";

export const postgresqlId = `${group}/providers/Microsoft.DBforPostgreSQL/flexibleServers/psql-erp`;
export const mysqlId = `${group}/providers/Microsoft.DBforMySQL/flexibleServers/mysql-erp`;

export interface FlexibleServerParts {
  /** [first, last] */
  readonly firewallRules?: readonly (readonly [string, string])[];
  readonly network?: Readonly<Record<string, unknown>>;
  readonly properties?: Readonly<Record<string, unknown>>;
  /** Nobody read its list of rules. */
  readonly isListRead?: boolean;
}

/** A server with a public endpoint and without a rule. */
export function aFlexibleServer(id: string, parts: FlexibleServerParts = {}): Given {
  const { firewallRules = [], network = {}, properties = {}, isListRead = true } = parts;
  const type = id.split("/").slice(-3, -1).join("/");
  const server: Body = {
    id,
    name: id.slice(id.lastIndexOf("/") + 1),
    type,
    location: "West Europe",
    tags: {},
    properties: {
      network: { publicNetworkAccess: "Enabled", ...network },
      privateEndpointConnections: [],
      ...properties,
    },
  };
  const rules = firewallRules.map(
    ([startIpAddress, endIpAddress], index): Body => ({
      id: `${id}/firewallRules/rule-${index}`,
      name: `rule-${index}`,
      type: `${type}/firewallRules`,
      properties: { startIpAddress, endIpAddress },
    }),
  );
  return [server, rules, isListRead ? complete(id, `${type}/firewallRules`) : []];
}
