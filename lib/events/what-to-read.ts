import { apiVersionOf } from "../catalog/api-versions.ts";
import { childReads } from "../catalog/child-reads.ts";
import { isHeldBy, leavesTraceIn } from "../catalog/shown-children.ts";
import { fold, type ResourceId } from "../model/resource-id.ts";
import type { AzureEvent } from "./azure-event.ts";

/** What has to be read again, so that rules see what may have changed. */
export type ToRead =
  | { readonly kind: "resources"; readonly ids: readonly ResourceId[] }
  /** It is not told which resources: all of the subscription. */
  | { readonly kind: "subscription" }
  /** No rule can see a difference. */
  | { readonly kind: "nothing" };

/**
 * Failed and cancelled operations may have done part of their work: they count like those that succeeded. Left to the scheduled
 * audit is what no event tells: rules made in T-SQL, routes learned by BGP, what Azure does by itself.
 */
export function whatToRead(event: AzureEvent): ToRead {
  const done = doneBy(event);
  if (isAsking(done)) return { kind: "nothing" };
  if (wide.get(done.type)?.includes(done.what) || isOnWholeList(done, event.resource)) return { kind: "subscription" };
  const ids = shownBy(event.resource);
  return ids.length === 0 ? { kind: "nothing" } : { kind: "resources", ids };
}

/** Of something that is to be looked at in any case: the nearest that rules see, and else its subscription. */
export function whatShows(id: ResourceId): Exclude<ToRead, { kind: "nothing" }> {
  const ids = shownBy(id);
  if (ids.length > 0) return { kind: "resources", ids };
  return id.parent === undefined ? { kind: "subscription" } : whatShows(id.parent);
}

/** Both folded: `microsoft.sql/servers` and `write`, `delete`, or the name of an action. */
interface Done {
  readonly type: string;
  readonly what: string;
  readonly isAction: boolean;
}

/** By its operation: the resource of an event may be no more than what holds a list. */
function doneBy({ operation, resource, kind }: AzureEvent): Done {
  const isAction = kind === "action";
  const segments = fold(operation ?? "").split("/");
  const verb = segments.pop() ?? "";
  const what = isAction && verb === "action" ? (segments.pop() ?? "") : kind;
  const type = segments.length > 1 ? segments.join("/") : resource.type;
  return { type: type === "microsoft.resources/subscriptions/resourcegroups" ? groupType : type, what, isAction };
}

const groupType = "microsoft.resources/resourcegroups";

/**
 * Actions that change nothing: they hand out keys and other values (most of the traffic), or try something. `join` is a right
 * that whoever links to a resource must have, checked when the other one is written, which has an event of its own.
 * https://learn.microsoft.com/azure/azure-resource-manager/templates/template-functions-resource#list,
 * https://learn.microsoft.com/azure/event-grid/event-schema-subscriptions
 */
function isAsking({ what, isAction }: Done): boolean {
  return isAction && /^(list|get|check|validate|effective|join)/.test(what);
}

/**
 * Folded type → what, done to one of them, changes others that the event does not name.
 * - A group takes all that is in it along. A move names the group that resources leave, and children go with their parents:
 *   https://learn.microsoft.com/azure/azure-resource-manager/management/move-resource-group-and-subscription
 * - Drafts of rule collection groups come into force with their policy: https://learn.microsoft.com/azure/firewall/draft-deploy
 * - Security admin rules reach networks when a configuration is committed or a network joins a group; networks in other
 *   subscriptions wait for the scheduled audit: https://learn.microsoft.com/azure/virtual-network-manager/concept-deployments
 * - What ties a monitored resource to a private link scope is in the scope, and shows in the body of the resource alone
 * - The portal replaces the firewall rules of a Synapse workspace all at once: https://learn.microsoft.com/rest/api/synapse/ip-firewall-rules/replace-all
 */
const wide: ReadonlyMap<string, readonly string[]> = new Map([
  [groupType, ["delete", "moveresources"]],
  ["microsoft.network/firewallpolicies", ["deploy"]],
  ["microsoft.network/networkmanagers", ["commit", "delete"]],
  ["microsoft.network/networkmanagers/commits", ["write", "delete"]],
  ["microsoft.network/networkmanagers/networkgroups", ["write", "delete"]],
  ["microsoft.network/networkmanagers/networkgroups/staticmembers", ["write", "delete"]],
  ["microsoft.insights/privatelinkscopes/scopedresources", ["write", "delete"]],
  ["microsoft.synapse/workspaces", ["replaceallipfirewallrules"]],
]);

/**
 * Whether all children of a type were replaced at once, such as the firewall rules of a SQL server; then nothing names those that
 * came or went. https://learn.microsoft.com/rest/api/sql/firewall-rules/replace
 */
function isOnWholeList({ type, isAction }: Done, { type: holder }: ResourceId): boolean {
  return !isAction && parentType(type) === holder && isRead(type) && !isHeldBy(holder, type);
}

/** The resources whose bodies show one: itself, or what holds it; nothing where rules see neither. */
function shownBy(id: ResourceId): readonly ResourceId[] {
  const parent = id.parent?.type === parentType(id.type) ? id.parent : undefined;
  if (parent !== undefined && isHeldBy(parent.type, id.type)) return shownBy(parent);
  const own = isRead(id.type) && !isUnread(id, parent) ? [id] : [];
  return parent !== undefined && leavesTraceIn(parent.type, id.type) ? [...own, parent] : own;
}

/** Of some children only the one of a name is read: of all that is configured of an app, `config/web`. */
function isUnread({ type, name }: ResourceId, parent: ResourceId | undefined): boolean {
  const read = childReads.get(parent?.type ?? "")?.find((child) => fold(`${parent?.type}/${child.type}`) === type);
  return read?.name !== undefined && fold(read.name) !== fold(name);
}

function parentType(type: string): string {
  return type.slice(0, type.lastIndexOf("/"));
}

/** A service's own side of its association with a network security perimeter is not: of that the perimeter's events tell. */
function isRead(type: string): boolean {
  return apiVersionOf(type) !== undefined;
}
