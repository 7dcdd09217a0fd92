import { Glob } from "../model/glob.ts";
import type { FindingState, LedgerLine } from "../model/ledger.ts";
import { type Severity, severities } from "../model/policy.ts";
import { fold, ResourceId } from "../model/resource-id.ts";
import { nameOf } from "./names.ts";

/** Which findings a report is asked for; each absent part lets all of them through. */
export interface LedgerFilter {
  readonly state: FindingState | "all";
  readonly severity?: Severity;
  readonly status?: LedgerLine["status"];
  readonly rule?: string;
  /** A name, an id, or a pattern for ids: `*` stands for any text. */
  readonly service?: string;
  readonly subscription?: string;
  readonly limit: number;
  readonly offset: number;
}

export const states = ["open", "waived", "resolved", "all"] as const;
export const statuses = ["fail", "undetermined"] as const;

const usualLimit = 100;
const mostAtOnce = 500;
export const formats = ["html", "json"] as const;

/** `code` is the function key, `finding` asks for one alone. */
const others: ReadonlySet<string> = new Set(["code", "clientId", "finding"]);

/** What the query asks for, or everything that is wrong with it. */
export function filterOf(query: URLSearchParams): LedgerFilter | { readonly mistakes: readonly string[] } {
  const mistakes: string[] = [];
  const known = new Set<string>(others);
  const text = (name: string) => {
    known.add(name);
    return query.get(name)?.trim() || undefined;
  };
  const oneOf = <T extends string>(name: string, values: readonly T[]): T | undefined => {
    const given = text(name);
    const value = values.find((one) => one === given);
    if (given !== undefined && value === undefined) mistakes.push(`${name} must be one of ${values.join(", ")}`);
    return value;
  };
  const number = (name: string, usual: number, from: number, to: number) => {
    const given = text(name);
    if (given === undefined) return usual;
    const value = /^\d{1,9}$/.test(given) ? Number(given) : Number.NaN;
    if (value >= from && value <= to) return value;
    mistakes.push(`${name} must be a whole number from ${from} to ${to}`);
    return usual;
  };
  const [state, severity, status] = [
    oneOf("state", states) ?? "open",
    oneOf("severity", severities),
    oneOf("status", statuses),
  ];
  oneOf("format", formats);
  const [rule, service, subscription] = [text("rule"), text("service"), text("subscription")];
  const [limit, offset] = [number("limit", usualLimit, 1, mostAtOnce), number("offset", 0, 0, 999_999_999)];
  const unknown = [...new Set(query.keys())].filter((name) => !known.has(name));
  if (unknown.length > 0) mistakes.push(`there is no ${unknown.map((name) => `\`${name}\``).join(", ")}`);
  if (mistakes.length > 0) return { mistakes };
  return {
    state,
    limit,
    offset,
    ...(severity === undefined ? {} : { severity }),
    ...(status === undefined ? {} : { status }),
    ...(rule === undefined ? {} : { rule }),
    ...(service === undefined ? {} : { service }),
    ...(subscription === undefined ? {} : { subscription: fold(subscription) }),
  };
}

export function passes(line: LedgerLine, { state, severity, status, rule, service }: LedgerFilter): boolean {
  return (
    (state === "all" || line.state === state) &&
    (severity === undefined || line.severity === severity) &&
    (status === undefined || line.status === status) &&
    (rule === undefined || fold(line.rule) === fold(rule)) &&
    (service === undefined || [line.resource, ...line.services].some((id) => isCalled(id, service)))
  );
}

function isCalled(id: string, service: string): boolean {
  if (!service.includes("/") && !service.includes("*")) return fold(nameOf(id)) === fold(service);
  const parsed = ResourceId.parse(id);
  return parsed !== undefined && new Glob(service).matches(parsed);
}
