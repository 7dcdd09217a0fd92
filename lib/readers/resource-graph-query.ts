import { resourceGraphTables } from "../catalog/resource-graph.ts";
import { fold } from "../model/resource-id.ts";

/** What the rows of a query are all there is of. */
export interface QueryScope {
  /** Folded. */
  readonly types: readonly string[];
  /** Undefined where the query does not narrow them. */
  readonly subscriptions: readonly string[] | undefined;
  readonly resourceGroups: readonly string[] | undefined;
}

/**
 * Understands the queries that filter by type and scope only; undefined for every other. Resource Graph keeps types in
 * lower case, so that `type == 'Microsoft.Sql/servers'` finds nothing and proves nothing.
 */
export function scopeOfQuery(query: string): QueryScope | undefined {
  const [table, ...stages] = query.split("|").map((stage) => stage.trim());
  const held = resourceGraphTables.get(fold(table ?? ""));
  if (held === undefined) return undefined;
  const filters: Filter[] = [];
  for (const stage of stages) {
    const understood = understand(stage);
    if (understood === undefined) return undefined;
    filters.push(...understood);
  }
  const types = valuesFor("type", filters) ?? held;
  const isHeld = types.every((type) => held.includes(type));
  if (!isHeld) return undefined;
  return {
    types,
    subscriptions: valuesFor("subscriptionid", filters),
    resourceGroups: valuesFor("resourcegroup", filters),
  };
}

interface Filter {
  readonly column: string;
  readonly values: readonly string[];
}

const column = /^(?:tolower\(\s*)?(type|subscriptionId|resourceGroup)(?:\s*\))?/i;
const texts = /'([^']*)'|"([^"]*)"/g;

/** The filters of one stage: none for a stage that drops no row. */
function understand(stage: string): readonly Filter[] | undefined {
  const [, verb = "", rest = ""] = /^(\S+(?:\s+by)?)\s+([\s\S]*)$/.exec(stage) ?? [];
  switch (fold(verb).replace(/\s+/g, " ")) {
    case "project":
      return /(^|,)\s*id\s*(,|$)/i.test(rest) ? [] : undefined;
    case "order by":
    case "sort by":
      return [];
    case "where":
      return conditions(rest);
    default:
      return undefined;
  }
}

function conditions(text: string): readonly Filter[] | undefined {
  const filters = text.split(/\s+and\s+/i).map(alternatives);
  return filters.includes(undefined) ? undefined : filters.filter((filter) => filter !== undefined);
}

/** `type =~ 'a' or type =~ 'b'`: one column, any of the values. */
function alternatives(text: string): Filter | undefined {
  const bare = text.trim().replace(/^\((.*)\)$/s, "$1");
  const parts = bare.split(/\s+or\s+/i).map(comparison);
  const [first] = parts;
  if (first === undefined || parts.some((part) => part?.column !== first.column)) return undefined;
  return { column: first.column, values: parts.flatMap((part) => part?.values ?? []) };
}

function comparison(text: string): Filter | undefined {
  const condition = text.trim();
  const [matched, name] = column.exec(condition) ?? [];
  if (matched === undefined || name === undefined) return undefined;
  const [, operator, operand] =
    /^\s*(=~|==|in~|in)\s*(\(.*\)|'[^']*'|"[^"]*")$/is.exec(condition.slice(matched.length)) ?? [];
  if (operator === undefined || operand === undefined) return undefined;
  const values = [...operand.matchAll(texts)].map(([, single, double]) => single ?? double ?? "");
  const ignoresCase = operator.endsWith("~");
  if (values.length === 0 || (!ignoresCase && values.some((value) => value !== fold(value)))) return undefined;
  return { column: fold(name), values: values.map(fold) };
}

/** What all filters on one column leave; undefined where there is none. */
function valuesFor(name: string, filters: readonly Filter[]): readonly string[] | undefined {
  const lists = filters.filter((filter) => filter.column === name).map((filter) => filter.values);
  const [first, ...others] = lists;
  return first?.filter((value) => others.every((values) => values.includes(value)));
}
