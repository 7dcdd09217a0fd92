import { childReads } from "../../../lib/catalog/child-reads.ts";
import type { Asked } from "./faults.ts";
import { shownBy } from "./shown.ts";
import { type Body, containerOf, isBody, subscriptionOf, typeOf, type World } from "./world.ts";

export interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** What the simulated Azure is like beside its resources. */
export interface Surroundings {
  /** Where links in answers lead. */
  readonly origin: string;
  readonly pageSize: number;
  /** Subscriptions that are not "Enabled". */
  readonly states: ReadonlyMap<string, string>;
  /** The subscriptions that the caller sees; all where it is undefined. */
  readonly visible: ReadonlySet<string> | undefined;
  /** By subscription, what the caller may do; everything read where there is nothing. */
  readonly actions: ReadonlyMap<string, readonly string[]>;
  readonly serviceTags: unknown;
  /** Names of services that subnets can be delegated to, everywhere. */
  readonly delegations: readonly string[];
  /** What Resource Graph knows while it lags; the world itself where it is undefined. */
  readonly graphKnows: World | undefined;
  readonly managementGroups: ReadonlyMap<string, readonly string[]>;
}

const everythingThatCordonAsks: readonly string[] = [
  "*/read",
  "Microsoft.Network/networkInterfaces/effectiveRouteTable/action",
  "Microsoft.Network/virtualNetworks/listNetworkManagerEffectiveSecurityAdminRules/action",
];

export function errorAnswer(status: number, code: string, message = code): Answer {
  return { status, body: { error: { code, message } } };
}

/** Answers as the REST surface of Azure Resource Manager does. */
export function answerOf(asked: Asked, world: World, around: Surroundings): Answer {
  const { method, path, query } = asked;
  if (!/^\d{4}-\d{2}-\d{2}(-preview)?$/.test(query.get("api-version") ?? "")) {
    return errorAnswer(
      400,
      "MissingApiVersionParameter",
      "The api-version query parameter (?api-version=) is required.",
    );
  }
  if (path === "/providers/microsoft.resourcegraph/resources") return graph(asked, world, around);
  if (path === "/subscriptions") return page(subscriptions(world, around), asked, around);
  const [, group] = /^\/providers\/microsoft\.management\/managementgroups\/([^/]+)\/descendants$/.exec(path) ?? [];
  if (group !== undefined) return descendants(group, asked, around);
  const [, subscription = ""] = /^\/subscriptions\/([^/]+)/.exec(path) ?? [];
  if (!isVisible(subscription, world, around)) return errorAnswer(404, "SubscriptionNotFound");
  if (/^\/subscriptions\/[^/]+$/.test(path)) {
    return { status: 200, body: subscriptions(world, around).find((one) => one.subscriptionId === subscription) };
  }
  const refused = refusalOf(method, path, subscription, around);
  if (refused !== undefined) return refused;
  if (method === "POST") return workedOut(path, world, around);
  if (path.includes("/simulated-operations/")) return { status: 200, body: world.workedOut.get(afterOperation(path)) };
  if (path.endsWith("/providers/microsoft.authorization/permissions")) {
    const actions = around.actions.get(subscription) ?? everythingThatCordonAsks;
    return { status: 200, body: { value: [{ actions, notActions: [], dataActions: [], notDataActions: [] }] } };
  }
  if (/\/locations\/[^/]+\/availabledelegations$/.test(path))
    return page(delegationsOf(subscription, around), asked, around);
  if (/\/locations\/[^/]+\/servicetags$/.test(path)) {
    if (around.serviceTags === undefined) return errorAnswer(404, "NotFound");
    return { status: 200, body: around.serviceTags };
  }
  const { scope, type } = listIn(path);
  if (scope !== undefined) return listAnswer(scope, type, asked, world, around);
  const body = world.get(path);
  if (body !== undefined) return { status: 200, body: shownBy(query.get("api-version"), body) };
  return unrecorded(path, isAlwaysThere(path, world), world) ?? errorAnswer(404, "ResourceNotFound");
}

/** Whether Azure has it wherever its parent is, such as `config/web` of an app. */
function isAlwaysThere(path: string, world: World): boolean {
  const [name = "", segment = ""] = path.split("/").reverse();
  const parent = containerOf(path);
  const children = childReads.get(typeOf(parent)) ?? [];
  const isNamed = children.some((child) => child.name === name && child.type.toLowerCase() === segment);
  return isNamed && world.get(parent) !== undefined;
}

/**
 * What the recording says where it has no body. Of what Azure has and the recording lacks nothing is made up: no code of
 * Azure means "not recorded", and this status is neither evidence of absence nor asked again.
 */
function unrecorded(path: string, isThere: boolean, { recorded }: World): Answer | undefined {
  if (recorded === undefined) return undefined;
  const answer = recorded.get(path);
  if (answer?.status === 403 || answer?.status === 404) return answer;
  return isThere ? errorAnswer(409, "NotRecorded", `the recording has no answer to ${path}`) : undefined;
}

function isVisible(subscription: string, world: World, { visible }: Surroundings): boolean {
  return world.subscriptions.includes(subscription) && (visible?.has(subscription) ?? true);
}

function subscriptions(world: World, around: Surroundings) {
  return world.subscriptions
    .filter((id) => isVisible(id, world, around))
    .map((id) => ({
      id: `/subscriptions/${id}`,
      subscriptionId: id,
      displayName: `Subscription ${id.slice(-4)}`,
      state: around.states.get(id) ?? "Enabled",
      tenantId: "7e000000-0000-4000-8000-000000000001",
    }));
}

function delegationsOf(subscription: string, { delegations }: Surroundings) {
  return delegations.map((serviceName) => {
    const name = serviceName.replace("/", ".");
    const id = `/subscriptions/${subscription}/providers/Microsoft.Network/availableDelegations/${name}`;
    return { name, id, type: "Microsoft.Network/availableDelegations", serviceName, actions: [] };
  });
}

function descendants(group: string, asked: Asked, around: Surroundings): Answer {
  const ids = around.managementGroups.get(group);
  if (ids === undefined) return errorAnswer(404, "NotFound");
  const members = ids.map((id) => ({ id: `/subscriptions/${id}`, type: "/subscriptions", name: id }));
  return page(members, asked, around);
}

/** A path that ends in a type rather than a name is that of a list. */
function listIn(path: string): { readonly scope: string | undefined; readonly type: string } {
  const [, before = "", tail = ""] = /^(.*)\/providers\/([^/]+(?:\/[^/]+)+)$/.exec(path) ?? [];
  const segments = tail.split("/");
  if (segments.length % 2 !== 0) return { scope: undefined, type: "" };
  const isTop = segments.length === 2;
  const scope = isTop ? before : path.slice(0, path.lastIndexOf("/"));
  return { scope, type: typeOf(`${path}/x`) };
}

function listAnswer(scope: string, type: string, asked: Asked, world: World, around: Surroundings): Answer {
  const isChild = type.split("/").length > 2;
  const parent = isChild ? world.get(scope) : undefined;
  if (isChild && parent === undefined && !type.startsWith("microsoft.network/networksecurityperimeters/")) {
    return errorAnswer(404, "ParentResourceNotFound");
  }
  const bodies = world.list(scope, type).map((body) => shownBy(asked.query.get("api-version"), body));
  const isEmpty = isChild && bodies.length === 0 && world.recorded?.get(asked.path)?.status !== 200;
  return (isEmpty ? unrecorded(asked.path, true, world) : undefined) ?? page(bodies, asked, around);
}

/** One page of a list; `$skiptoken` says where it begins. */
function page(all: readonly unknown[], { path, query }: Asked, { origin, pageSize }: Surroundings): Answer {
  const start = Number(query.get("$skiptoken") ?? 0);
  const end = start + pageSize;
  const value = all.slice(start, end);
  if (end >= all.length) return { status: 200, body: { value } };
  const next = new URLSearchParams([...query].filter(([name]) => name !== "$skiptoken"));
  next.set("$skiptoken", String(end));
  return { status: 200, body: { value, nextLink: `${origin}${path}?${next}` } };
}

const typesOf = /type\s*(?:in~|=~)\s*(\([^)]*\)|'[^']*')/i;
const tables: ReadonlyMap<string, (type: string) => boolean> = new Map([
  [
    "resources",
    (type) =>
      type.split("/").length === 2 ||
      ["microsoft.network/privatednszones/virtualnetworklinks", "microsoft.web/sites/slots"].includes(type),
  ],
  ["networkresources", (type) => type.startsWith("microsoft.network/networksecurityperimeters/")],
  ["dnsresources", (type) => /^microsoft\.network\/privatednszones\/(a|aaaa)$/.test(type)],
]);

function graph({ body }: Asked, world: World, around: Surroundings): Answer {
  const { query = "", subscriptions: asked = [], options = {} } = Object(body);
  const table = tables.get(String(query).split("|")[0]?.trim().toLowerCase() ?? "");
  const [, list = ""] = typesOf.exec(query) ?? [];
  if (table === undefined || list === "") return errorAnswer(400, "BadRequest", `cannot simulate the query ${query}`);
  const types = [...list.matchAll(/'([^']*)'/g)].map(([, type = ""]) => type.toLowerCase()).filter(table);
  const wanted: readonly string[] = Array.isArray(asked) ? asked.map(String) : [];
  const seen = new Set(wanted.map((id) => id.toLowerCase()).filter((id) => isVisible(id, world, around)));
  const isShown = ({ id }: Body) => mayRead(typeOf(id), subscriptionOf(id), around);
  const rows = types
    .flatMap((type) => (around.graphKnows ?? world).ofType(type, seen))
    .filter(isShown)
    .sort((a, b) => (a.id < b.id ? -1 : 1));
  const start = Number(options.$skipToken ?? 0);
  const end = start + Math.min(Number(options.$top ?? 100), around.pageSize);
  const data = rows.slice(start, end).map((row) => rowOf(shownBy(null, row)));
  return {
    status: 200,
    body: {
      totalRecords: rows.length,
      count: data.length,
      data,
      facets: [],
      resultTruncated: "false",
      ...(end < rows.length ? { $skipToken: String(end) } : {}),
    },
  };
}

/** What Azure says to whoever lacks the right that a request takes. */
function refusalOf(method: string, path: string, subscription: string, around: Surroundings): Answer | undefined {
  if (!path.includes("/providers/") || path.includes("/simulated-operations/")) return undefined;
  const action = method === "POST" ? `${typeOf(path)}/action` : `${typeRead(path)}/read`;
  return mayDo(action, subscription, around) ? undefined : errorAnswer(403, "AuthorizationFailed");
}

/** The type that a path is of, be it a list or a resource. */
function typeRead(path: string): string {
  const { scope, type } = listIn(path);
  return scope === undefined ? typeOf(path) : type;
}

function mayRead(type: string, subscription: string, around: Surroundings): boolean {
  return mayDo(`${type}/read`, subscription, around);
}

function mayDo(action: string, subscription: string, { actions }: Surroundings): boolean {
  const patterns = actions.get(subscription) ?? everythingThatCordonAsks;
  return patterns.some((pattern) => {
    const escaped = pattern.split("*").map((part) => part.replaceAll(".", "\\."));
    return new RegExp(`^${escaped.join(".*")}$`, "i").test(action);
  });
}

function rowOf(body: Body): unknown {
  const [, group = ""] = /\/resourcegroups\/([^/]+)/i.exec(body.id) ?? [];
  return {
    ...body,
    type: typeOf(body.id),
    resourceGroup: group.toLowerCase(),
    subscriptionId: subscriptionOf(body.id),
  };
}

/** A long-running operation: 202 with the place where the answer will be. */
function workedOut(path: string, world: World, { origin }: Surroundings): Answer {
  const answer = world.workedOut.get(path);
  if (path.endsWith("/listnetworkmanagereffectivesecurityadminrules")) {
    return { status: 200, body: answer ?? { value: [] } };
  }
  if (answer === undefined) return errorAnswer(400, "NetworkInterfaceNotAttachedToRunningVM");
  const [, subscription = "", rest = ""] = /^(\/subscriptions\/[^/]+)(.*)$/.exec(path) ?? [];
  const location = `${origin}${subscription}/simulated-operations${rest}?api-version=2025-09-01`;
  return { status: 202, headers: { location, "retry-after": "0" } };
}

function afterOperation(path: string): string {
  return path.replace("/simulated-operations", "");
}

export function bodiesIn(value: unknown): readonly Body[] {
  if (isBody(value)) return [value];
  const { value: list } = Object(value);
  return Array.isArray(list) ? list.filter(isBody) : [];
}
