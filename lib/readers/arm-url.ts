import { fold, ResourceId } from "../model/resource-id.ts";

/** What a request to Azure Resource Manager asks for. */
export type ArmUrl =
  | { readonly kind: "resource"; readonly id: ResourceId }
  | {
      readonly kind: "list";
      readonly scope: ResourceId;
      /** Folded. */
      readonly type: string;
      /** Nothing but paging narrows the list, so that all of its pages together are all there is. */
      readonly isWhole: boolean;
      /** The URL starts in the middle of the list. */
      readonly isContinuation: boolean;
    }
  | { readonly kind: "graph" }
  | { readonly kind: "other" };

const continuation = new Set(["$skiptoken", "$skip", "skiptoken", "continuationtoken", "marker", "$marker"]);
const harmless = new Set(["api-version", "$expand", ...continuation]);

/** Of the list of all resources in a scope, which is read for what it holds and completes no list. */
const anyType = "*";

export function parseArmUrl(text: string): ArmUrl {
  const url = partsOf(text);
  if (url === undefined) return { kind: "other" };
  const path = url.path.replace(/\/{2,}/g, "/").replace(/\/$/, "");
  if (fold(path) === "/providers/microsoft.resourcegraph/resources") return { kind: "graph" };
  const id = ResourceId.parse(path);
  if (id !== undefined) return { kind: "resource", id };
  const filtered = filteredType(url);
  const list = parseList(path, filtered);
  if (list === undefined) return { kind: "other" };
  const names = url.query.map(([name]) => fold(name));
  const isHarmless = (name: string) => harmless.has(name) || (name === "$filter" && filtered === list.type);
  const isWhole = list.type !== anyType && names.every(isHarmless);
  return { kind: "list", ...list, isWhole, isContinuation: names.some((name) => continuation.has(name)) };
}

/** The same text for every spelling of one URL: host and case of the path do not matter, nor escapes. */
export function normalizedUrl(text: string): string {
  const url = partsOf(text);
  if (url === undefined) return text;
  const query = url.query.map(([name, value]) => `${fold(name)}=${value}`).sort();
  return `${fold(url.path)}?${query.join("&")}`;
}

interface UrlParts {
  /** Without escapes, as far as they can be undone. */
  readonly path: string;
  readonly query: readonly (readonly [name: string, value: string])[];
}

/** A path without anything to resolve or unescape, and no more in the query than the api-version: nearly every URL. */
const plain = /^((?:\/[\w-][\w.-]*)+)(?:\?(api-version)=([\w.-]*))?$/;

/** Undefined where it is no URL. */
function partsOf(text: string): UrlParts | undefined {
  const [, plainPath, name, value = ""] = plain.exec(text) ?? [];
  if (plainPath !== undefined) return { path: plainPath, query: name === undefined ? [] : [[name, value]] };
  const url = URL.parse(text, "https://management.azure.com");
  if (url === null) return undefined;
  return { path: decoded(url.pathname), query: [...url.searchParams] };
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

function parseList(path: string, filtered: string | undefined): { scope: ResourceId; type: string } | undefined {
  const cut = path.lastIndexOf("/");
  const last = fold(path.slice(cut + 1));
  const parent = ResourceId.parse(path.slice(0, cut));
  if (parent !== undefined) {
    if (last === "resources" && parent.isContainer) return { scope: parent, type: filtered ?? anyType };
    if (last === "resourcegroups") return { scope: parent, type: "microsoft.resources/resourcegroups" };
    return parent.isContainer ? undefined : { scope: parent, type: `${parent.type}/${last}` };
  }
  const [, scopePath, namespace] = /^(.*)\/providers\/([^/]+)$/i.exec(path.slice(0, cut)) ?? [];
  const scope = ResourceId.parse(scopePath);
  return scope === undefined || namespace === undefined ? undefined : { scope, type: `${fold(namespace)}/${last}` };
}

/** `$filter=resourceType eq 'Microsoft.KeyVault/vaults'` of the list of all resources. */
function filteredType({ query }: UrlParts): string | undefined {
  const [, filter = ""] = query.find(([name]) => name === "$filter") ?? [];
  const [, type] = /^\s*resourceType\s+eq\s+'([^']+)'\s*$/i.exec(filter) ?? [];
  return type === undefined ? undefined : fold(type);
}
