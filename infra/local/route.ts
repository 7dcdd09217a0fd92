import { CordonError } from "../../lib/model/cordon-error.ts";

export type RouteParameters = Readonly<Record<string, string>>;

/** The part of route templates that the local host knows: `text/{name}/{optional?}` and `{*rest}`. */
export function parseRoute(template: string, where: string): (path: string) => RouteParameters | undefined {
  const segments = template.split("/").filter((segment) => segment !== "");
  const [first = ""] = segments;
  if (/^(admin|runtime)$/i.test(first)) throw refused(template, where, `\`${first}\` is reserved`);
  const pattern = segments.map((segment, index) => patternOf(segment, index === segments.length - 1));
  const expression = new RegExp(`^${pattern.join("")}/?$`, "i");
  return (path) => {
    const groups = expression.exec(path)?.groups;
    if (groups === undefined) return expression.test(path) ? {} : undefined;
    const given = Object.entries(groups).filter(([, value]) => value !== undefined);
    return Object.fromEntries(given.map(([name, value]) => [name, decodeURIComponent(value)]));
  };

  function patternOf(segment: string, isLast: boolean): string {
    if (/^[^{}]+$/.test(segment)) return `/${RegExp.escape(segment)}`;
    const [all, rest, name, optional] = /^\{(\*?)([A-Za-z_]\w*)(\??)\}$/.exec(segment) ?? [];
    if (all === undefined) throw refused(template, where, `\`${segment}\` is not known to the local host`);
    if ((rest === "*" || optional === "?") && !isLast)
      throw refused(template, where, `\`${segment}\` is not at the end`);
    if (rest === "*") return `(?:/(?<${name}>.*))?`;
    return optional === "?" ? `(?:/(?<${name}>[^/]+))?` : `/(?<${name}>[^/]+)`;
  }
}

function refused(template: string, where: string, reason: string): CordonError {
  return new CordonError("ERR_ROUTE", `${where}: cannot use the route \`${template}\`: ${reason}`);
}
