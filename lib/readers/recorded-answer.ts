import * as z from "zod/mini";
import { availableDelegationsType } from "../catalog/delegations.ts";
import { isObject } from "../model/json-object.ts";
import { ResourceId } from "../model/resource-id.ts";
import type { Unreadable } from "../model/snapshot.ts";
import { type ArmUrl, normalizedUrl, parseArmUrl } from "./arm-url.ts";
import { asChildrenOf } from "./available-delegations.ts";
import type { AskedList, ListPages } from "./list-pages.ts";
import type { Reading } from "./reader.ts";
import { type QueryScope, scopeOfQuery } from "./resource-graph-query.ts";
import { isServiceTagList, readServiceTags } from "./service-tag-list.ts";

/** One answer of Azure Resource Manager, in the form that Cordon records. */
export const recordedAnswer = z.object({
  at: z.optional(z.iso.datetime({ offset: true, error: "is not a time like 2026-11-20T09:30:00Z" })),
  method: z.optional(z.string("is not a text")),
  url: z.string("is not a text"),
  request: z.optional(z.unknown()),
  status: z.int("is not a whole number"),
  body: z.optional(z.unknown()),
});

export type RecordedAnswer = z.infer<typeof recordedAnswer>;

/**
 * Turns one answer to a reading request into readings (what a change answers is no reading); what it says of lists goes to `pages`,
 * which knows when they are complete.
 */
export function* readAnswer(
  answer: RecordedAnswer,
  where: string,
  pages: ListPages,
  asked: ArmUrl = parseArmUrl(answer.url),
): Generator<Reading> {
  if (unreadableOf(answer) === undefined && isServiceTagList(answer.body)) {
    yield readServiceTags(answer.body, where);
    return;
  }
  const method = (answer.method ?? "GET").toUpperCase();
  if (method !== "GET" && method !== "POST") return;
  const child = method === "POST" && asked.kind === "list" ? workedOut.get(asked.type) : undefined;
  if (child !== undefined && asked.kind === "list") {
    yield* readWorkedOut(asked.scope.child(child.type, child.name), child.what, answer, where);
    return;
  }
  if (asked.kind === "other" || method !== (asked.kind === "graph" ? "POST" : "GET")) {
    yield* readOther(answer, where);
    return;
  }
  const unreadable = unreadableOf(answer);
  switch (asked.kind) {
    case "resource":
      yield* readResource(asked.id, answer, where, unreadable);
      break;
    case "list":
      yield* readList(asked, answer, where, unreadable, pages);
      break;
    case "graph":
      yield* readGraph(answer, where, unreadable, pages);
      break;
  }
}

/** Questions that Azure works the answer out for: by the folded type of what is asked, the child that the answer is here. */
const workedOut = new Map([
  [
    "microsoft.network/networkinterfaces/effectiveroutetable",
    { type: "effectiveRouteTable", name: "default", what: "routes" },
  ],
  [
    "microsoft.network/virtualnetworks/listnetworkmanagereffectivesecurityadminrules",
    { type: "effectiveSecurityAdminRules", name: "current", what: "rules" },
  ],
]);

/** The answer has no id and no properties: it stays as it was sent, and is a child besides. 202 means not yet. */
function* readWorkedOut(id: ResourceId, what: string, answer: RecordedAnswer, where: string): Generator<Reading> {
  const unreadable = unreadableOf(answer) ?? unfinished(answer);
  const list = z.safeParse(listBody, answer.body);
  if (unreadable !== undefined) yield { kind: "unreadable", id, unreadable };
  else if (list.success) {
    const body = { ...list.data, id: id.text, name: id.name, type: id.type, properties: {} };
    yield { kind: "resource", body, where, ...timeOf(answer) };
  } else if (answer.status !== 202) {
    yield { kind: "problem", where, message: `the answer to \`${answer.url}\` holds no ${what}` };
  }
}

/** One of several pages, each of which would pass for the whole. */
function unfinished({ body, request, url }: RecordedAnswer): Unreadable | undefined {
  const isPart = [body, request].some((one) => z.safeParse(pageOfRules, one).success);
  if (!isPart) return undefined;
  return { kind: "unreadable", why: "failed", because: `the answer to \`${url}\` is one of several pages` };
}

const pageOfRules = z.object({ skipToken: z.string().check(z.minLength(1)) });

/** What is there counts, whatever was asked. */
function* readOther(answer: RecordedAnswer, where: string): Generator<Reading> {
  const unreadable = unreadableOf(answer);
  const list = z.safeParse(listBody, answer.body).data?.value ?? rowsOf(z.safeParse(graphBody, answer.body).data?.data);
  if (unreadable !== undefined) yield { kind: "problem", where, message: unreadable.because };
  else if (list !== undefined) yield* entriesOf(list, `${where}, value`, timeOf(answer));
  else if (idOf(answer.body) !== undefined) yield { kind: "resource", body: answer.body, where, ...timeOf(answer) };
  else yield { kind: "problem", where, message: `the answer to \`${answer.url}\` holds no resource` };
}

function unreadableOf({ status, url, body }: RecordedAnswer): Unreadable | undefined {
  if (status >= 200 && status < 300) return undefined;
  const code = z.safeParse(errorBody, body).data?.error.code;
  const because = `${status}${code === undefined ? "" : ` ${code}`} reading \`${url.split("?")[0]}\``;
  return { kind: "unreadable", why: whyOf(status), because };
}

function whyOf(status: number): Unreadable["why"] {
  if (status === 401 || status === 403) return "refused";
  return status === 408 || status === 429 || status >= 500 ? "passing" : "failed";
}

const errorBody = z.object({ error: z.object({ code: z.string() }) });

function* readResource(
  id: ResourceId,
  answer: RecordedAnswer,
  where: string,
  unreadable: Unreadable | undefined,
): Generator<Reading> {
  const at = timeOf(answer);
  if (answer.status === 404) yield { kind: "absent", id, ...at };
  else if (unreadable !== undefined) yield { kind: "unreadable", id, unreadable };
  else if (idOf(answer.body)?.key === id.key) yield { kind: "resource", body: answer.body, where, ...at };
  else {
    const because = `the answer to \`${answer.url}\` is not that resource`;
    yield { kind: "problem", where, message: because };
    yield { kind: "unreadable", id, unreadable: { kind: "unreadable", why: "failed", because } };
  }
}

const listBody = z.object({ value: z.array(z.unknown()), nextLink: z.nullish(z.string()) });

/** The list of all records of a zone, under either of its names → the folded types that it completes. */
const recordSets = new Map(
  ["all", "recordsets"].map((name) => [
    `microsoft.network/privatednszones/${name}`,
    ["microsoft.network/privatednszones/a", "microsoft.network/privatednszones/aaaa"],
  ]),
);

function* readList(
  asked: ArmUrl & { kind: "list" },
  answer: RecordedAnswer,
  where: string,
  unreadable: Unreadable | undefined,
  pages: ListPages,
): Generator<Reading> {
  const { scope, type, isWhole, isContinuation } = asked;
  const types = recordSets.get(type) ?? [type];
  const page = {
    series: `${scope.key} ${type}`,
    lists: () => types.map((one) => ({ scope, type: one })),
    request: normalizedUrl(answer.url),
    isFirst: !isContinuation,
    ...timeOf(answer),
  };
  const body = z.safeParse(listBody, answer.body);
  if (unreadable !== undefined || !body.success) {
    const because = `the answer to \`${answer.url}\` is not a list`;
    if (unreadable === undefined) yield { kind: "problem", where, message: because };
    const failed = unreadable ?? { kind: "unreadable", why: "failed", because };
    pages.add({ ...page, next: undefined, unreadable: failed });
    return;
  }
  const { value: sent, nextLink } = body.data;
  const value = type === availableDelegationsType ? asChildrenOf(scope, sent) : sent;
  yield* entriesOf(value, `${where}, value`, timeOf(answer));
  if (!isWhole) return;
  const next = nextLink ? normalizedUrl(nextLink) : undefined;
  const isMember = (id: ResourceId) => id.isWithin(scope) && (recordSets.has(type) || id.type === type);
  const flaw = flawOf(value, `the list \`${answer.url.split("?")[0]}\``, isMember);
  pages.add({ ...page, next, ...(flaw === undefined ? {} : { unreadable: flaw }) });
}

const graphRequest = z.object({
  query: z.string(),
  subscriptions: z.array(z.string()),
  options: z.optional(
    z.object({ $skipToken: z.nullish(z.string()), $skip: z.nullish(z.int()), $top: z.nullish(z.int()) }),
  ),
});

const graphBody = z.object({
  data: z.unknown(),
  resultTruncated: z.optional(z.unknown()),
  $skipToken: z.nullish(z.string()),
});

/**
 * A query that says no more than type and scope completes those lists when it was followed to its last page. They have
 * no time: Resource Graph lags, so that a resource it lacks may be younger than what it knows.
 */
function* readGraph(
  answer: RecordedAnswer,
  where: string,
  unreadable: Unreadable | undefined,
  pages: ListPages,
): Generator<Reading> {
  const body = z.safeParse(graphBody, answer.body);
  const rows = body.success ? rowsOf(body.data.data) : undefined;
  if (rows !== undefined && unreadable === undefined) yield* entriesOf(rows, `${where}, data`, timeOf(answer));
  else if (unreadable === undefined)
    yield { kind: "problem", where, message: "the answer is not one of Resource Graph" };
  const request = z.safeParse(graphRequest, answer.request);
  const scope = request.success ? scopeOfQuery(request.data.query) : undefined;
  if (!request.success || scope === undefined || request.data.options?.$skip) return;
  const { query, subscriptions, options } = request.data;
  const series = `${query} ${[...subscriptions].sort().join(" ")}`;
  const token = options?.$skipToken;
  const nextToken = body.success ? body.data.$skipToken : undefined;
  const flaw = unreadable ?? flawOf(rows, "an answer of Resource Graph") ?? truncation(body.data, nextToken);
  pages.add({
    series,
    lists: () => listsOf(scope, subscriptions),
    request: token ?? "",
    isFirst: !token,
    next: nextToken || undefined,
    isSelective: true,
    ...(flaw === undefined ? {} : { unreadable: flaw }),
  });
}

function truncation(body: z.infer<typeof graphBody> | undefined, nextToken: unknown): Unreadable | undefined {
  const isTruncated = String(body?.resultTruncated ?? "false").toLowerCase() !== "false";
  if (!isTruncated || nextToken) return undefined;
  return { kind: "unreadable", why: "failed", because: "an answer of Resource Graph was truncated" };
}

function* listsOf(scope: QueryScope, asked: readonly string[]): Generator<AskedList> {
  const wanted = asked.map((subscription) => subscription.toLowerCase());
  const subscriptions = wanted.filter((subscription) => scope.subscriptions?.includes(subscription) ?? true);
  for (const subscription of subscriptions) {
    const groups = scope.resourceGroups?.map((group) => `/resourceGroups/${group}`) ?? [""];
    for (const group of groups) {
      const id = ResourceId.parse(`/subscriptions/${subscription}${group}`);
      for (const type of id === undefined ? [] : scope.types) if (id !== undefined) yield { scope: id, type };
    }
  }
}

const table = z.object({ columns: z.array(z.object({ name: z.string() })), rows: z.array(z.array(z.unknown())) });

export type Table = z.infer<typeof table>;

/** Whether it is the other result format of Resource Graph, in which the names of properties stand above the rows. */
export function isTable(data: unknown): data is Table {
  return Object.hasOwn(Object(data), "columns") && z.safeParse(table, data).success;
}

/** The rows of either result format, as objects. */
export function rowsOf(data: unknown): readonly unknown[] | undefined {
  if (Array.isArray(data)) return data;
  const parsed = isTable(data) ? data : undefined;
  return parsed?.rows.map((row) => Object.fromEntries(parsed.columns.map(({ name }, index) => [name, row[index]])));
}

export function* entriesOf(entries: readonly unknown[], where: string, at: { at?: number } = {}): Generator<Reading> {
  for (const [index, body] of entries.entries()) yield { kind: "resource", body, where: `${where}[${index}]`, ...at };
}

/** A list with an entry that has no id does not tell what it holds. */
function flawOf(
  entries: readonly unknown[] | undefined,
  what: string,
  isMember: (id: ResourceId) => boolean = () => true,
): Unreadable | undefined {
  const failed = (flaw: string) => ({ kind: "unreadable", why: "failed", because: `${what} holds ${flaw}` }) as const;
  const ids = entries?.map(idOf);
  if (ids === undefined || ids.includes(undefined)) return failed("an entry that could not be understood");
  const stranger = ids.find((id) => id !== undefined && !isMember(id));
  return stranger === undefined ? undefined : failed(`\`${stranger.text}\`, which does not belong there`);
}

function idOf(body: unknown): ResourceId | undefined {
  return isObject(body) ? ResourceId.parse(body.id) : undefined;
}

function timeOf({ at }: RecordedAnswer): { at?: number } {
  return at === undefined ? {} : { at: Date.parse(at) };
}
