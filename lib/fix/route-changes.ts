import type { Route } from "../model/fact.ts";
import type { ResourceId } from "../model/resource-id.ts";
import { factAt } from "../model/snapshot.ts";
import type { IpSet } from "../net/ip-set.ts";
import { isFirewall } from "../reach/firewall-bypass.ts";
import { routesOfTable } from "../reach/route-table.ts";
import { rawAt } from "./boundary-changes.ts";
import { type Change, type Proposer, type Scene, setting } from "./change.ts";
import { command } from "./command.ts";

/** The routes of the subnet's own table are taken away, or lead to the firewall; where it has none to it, it gets one. */
export const routeThroughFirewall: Proposer = (scene) => {
  const own = tableOf(scene);
  if (own === undefined) return [];
  const { table, routes } = own;
  const { firewalls } = scene.policy;
  const elsewhere = routes.filter(({ nextHopIpAddress }) => !isFirewall(nextHopIpAddress, firewalls));
  const firewall = onlyAddress(firewalls);
  const led = firewall === undefined ? [] : elsewhere.map((route) => leading(table, route, firewall, scene));
  const hasDefault = routes.some(({ addressPrefix }) => addressPrefix === everything);
  const added = firewall === undefined || hasDefault ? [] : [defaultRoute(table, firewall)];
  return [...elsewhere.map((route) => withoutRoute(table, route, scene)), ...added, ...led];
};

/** The routes of the subnet's own table are taken away. */
export const removeRoutes: Proposer = (scene) => {
  const own = tableOf(scene);
  return own === undefined ? [] : own.routes.map((route) => withoutRoute(own.table, route, scene));
};

export const letGatewayRoutesIn: Proposer = (scene) => propagating(false, scene);

export const keepGatewayRoutesAway: Proposer = (scene) => propagating(true, scene);

/** https://learn.microsoft.com/cli/azure/network/route-table#az-network-route-table-update */
function propagating(isDisabled: boolean, scene: Scene): readonly Change[] {
  const own = tableOf(scene);
  if (own === undefined) return [];
  const { table } = own;
  const edit = setting(table, "/properties/disableBgpRoutePropagation", isDisabled, scene.bodies);
  if (edit === undefined) return [];
  const template = "network route-table update --name {name} --disable-bgp-route-propagation {value}";
  const words = { name: table.name, value: String(isDisabled) };
  return [{ edits: [edit], commands: () => [command(template, table, words)] }];
}

const everything = "0.0.0.0/0";

function tableOf({ finding, snapshot, bodies }: Scene) {
  const subnet = factAt(finding.resource, "subnet", snapshot);
  const { table, routes } = subnet === undefined ? { table: undefined, routes: [] } : routesOfTable(subnet, snapshot);
  return table === undefined || bodies(table.id) === undefined ? undefined : { table: table.id, routes };
}

/** Where there are several firewalls, which of them is meant is not for Cordon to say. */
function onlyAddress(firewalls: IpSet): string | undefined {
  return firewalls.countIpv4 === 1 && firewalls.countIpv6 === 0n ? firewalls.lowest : undefined;
}

/** https://learn.microsoft.com/cli/azure/network/route-table/route */
function withoutRoute(table: ResourceId, { name, pointer }: Route, { bodies }: Scene): Change {
  const path = elementOf(pointer);
  const words = { table: table.name, name };
  return {
    edits: [{ resource: table, path, old: rawAt(table, path, bodies), new: undefined }],
    commands: () => [
      command("network route-table route delete --route-table-name {table} --name {name}", table, words),
    ],
  };
}

function leading(table: ResourceId, { name, pointer }: Route, firewall: string, { bodies }: Scene): Change {
  const path = elementOf(pointer);
  const old = rawAt(table, path, bodies);
  const hop = { nextHopType: "VirtualAppliance", nextHopIpAddress: firewall };
  const template =
    "network route-table route update --route-table-name {table} --name {name} --next-hop-type VirtualAppliance --next-hop-ip-address {firewall}";
  return {
    edits: [
      {
        resource: table,
        path,
        old,
        new: { ...Object(old), properties: { ...Object(Object(old).properties), ...hop } },
      },
    ],
    commands: () => [command(template, table, { table: table.name, name, firewall })],
  };
}

function defaultRoute(table: ResourceId, firewall: string): Change {
  const name = "to-firewall";
  const properties = { addressPrefix: everything, nextHopType: "VirtualAppliance", nextHopIpAddress: firewall };
  const template = `network route-table route create --route-table-name {table} --name {name} --address-prefix ${everything} --next-hop-type VirtualAppliance --next-hop-ip-address {firewall}`;
  return {
    edits: [{ resource: table, path: "/properties/routes/-", old: undefined, new: { name, properties } }],
    commands: () => [command(template, table, { table: table.name, name, firewall })],
  };
}

function elementOf(pointer: string): string {
  return pointer.split("/").slice(0, 4).join("/");
}
