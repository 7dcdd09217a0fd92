import { createHmac, createSecretKey, type KeyObject } from "node:crypto";
import { availableDelegationsType, delegationNameOf } from "../catalog/delegations.ts";
import { isObject } from "../model/json-object.ts";
import { fold } from "../model/resource-id.ts";
import { AddressScrambler } from "../net/address-scrambler.ts";
import { parseArmUrl } from "./arm-url.ts";
import { isWordOfAzure } from "./azure-words.ts";
import { isTable, type RecordedAnswer, type Table } from "./recorded-answer.ts";
import { scopeOfQuery } from "./resource-graph-query.ts";

/** Properties that hold free text, people or keys: nothing in them decides who reaches what. */
const emptied =
  /^(description|displayname|notes|.*message|.*login|.*key|.*(password|secret|email|createdby|lastmodifiedby|certificate|sharedkey|thumbprint).*)$/i;
/** Objects whose properties people name as they like. */
const namedByPeople = /^(tags|labels|annotations|metadata|keyvaluepairs|secret|appsettings)$/i;
const dropped = new Set(["systemdata", "etag", "managedbyextended"]);
/** As ARM names properties; `@odata.type`. */
const propertyName = /^[@$]?[a-z][a-z0-9]*(\.[a-z]+)?$/i;

const guid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
/** The properties that hold the first and the last address of a range. */
const ends = [
  ["startIpAddress", "endIpAddress"],
  ["startIPv6Address", "endIPv6Address"],
] as const;

/** Ports and ranges of them, small numbers, Microsoft's own BGP communities, times and api-versions. */
const figure =
  /^(\d{1,5}|\d{1,5}-\d{1,5}|\d{1,3}\.\d{1,3}|12076:\d{1,5}|\d{4}-\d\d-\d\d(-preview)?|\d{4}-\d\d-\d\dT[\d:.]+(Z|[+-]\d\d:\d\d)?)$/;
/** Types and actions: `Microsoft.Web/serverFarms`, `Microsoft.Network/*\/read`. */
const typeText = /^(\*|microsoft\.[a-z.]+)(\/[a-z0-9*]+)*$/i;
const separators = /([,;])/;

/** Beginnings of names that mean something to Azure, whatever follows: of groups of private endpoints, and of rules. */
const meaningfulBeginning = /^(sites-|microsoft\.[\w-]+_useonly_)(.+)$/i;

/**
 * Puts other names, ids and addresses in the place of those in the answers, the same one for the same one everywhere.
 * Of texts nothing stays but figures and words that are Azure's own: types, regions and settings. What lies in which
 * prefix stays, too. The lists of service tags are left out: they are public, and their addresses would no longer be
 * those of the answers. `key` decides the replacements.
 */
export function scrub(answers: readonly RecordedAnswer[], key: Uint8Array): readonly RecordedAnswer[] {
  const scrubber = new Scrubber(key);
  const kept = answers.filter(({ url }) => !/\/serviceTags\/?(\?|$)/i.test(url));
  for (const answer of kept) scrubber.learn(answer);
  return kept.map((answer) => scrubber.answer(answer));
}

class Scrubber {
  readonly #key: KeyObject;
  readonly #addresses: AddressScrambler;
  /** Folded, of everything that an id names: a type that is called the same is not known to be one. */
  readonly #names = new Set<string>();
  /** Folded: the delegations that Azure offers, whoever makes the services. */
  readonly #offered = new Set<string>();
  /** The same texts stand in an estate over and over. */
  readonly #known = new Map<string, string>();

  constructor(key: Uint8Array) {
    this.#key = createSecretKey(key);
    this.#addresses = new AddressScrambler((before) => (this.#digest(before).at(0) ?? 0) % 2 === 1);
  }

  #digest(text: string): Buffer {
    return createHmac("sha256", this.#key).update(text).digest();
  }

  /** Has to have seen everything before the first answer is scrubbed. */
  learn({ url, body }: RecordedAnswer): void {
    if (isListOfDelegations(url)) for (const name of delegationsIn(body)) this.#offered.add(fold(name));
    this.#learnText(url);
    this.#learnValue(body);
  }

  #learnValue(value: unknown): void {
    if (typeof value === "string") this.#learnText(value);
    else if (Array.isArray(value)) for (const element of value) this.#learnValue(element);
    else if (isObject(value)) this.#learnObject(value);
  }

  #learnObject(value: Readonly<Record<string, unknown>>): void {
    for (const [first, last] of ends) {
      const [from, to] = [value[first], value[last]];
      if (typeof from === "string" && typeof to === "string") this.#addresses.keepOrder(from, to);
    }
    if (typeof value.name === "string") this.#names.add(fold(value.name));
    for (const inner of Object.values(value)) this.#learnValue(inner);
  }

  #learnText(text: string): void {
    for (const element of text.split(separators)) {
      const [first, last, ...more] = element.trim().split("-");
      if (first !== undefined && last !== undefined && more.length === 0) this.#addresses.keepOrder(first, last);
    }
    const [, path = ""] = /^(?:https?:\/\/[^/]*)?(\/[^?]*)/i.exec(text) ?? [];
    for (const segment of isPathOfArm(path) ? namesIn(path) : []) {
      for (const name of [segment, ...segment.split(".")]) this.#names.add(fold(name));
    }
  }

  answer({ url, method, at, status, request, body }: RecordedAnswer): RecordedAnswer {
    return {
      ...(at === undefined ? {} : { at }),
      ...(method === undefined ? {} : { method: this.#text(method) }),
      url: this.#text(url),
      ...(request === undefined ? {} : { request: this.#request(request) }),
      status,
      body: this.#value(body, ""),
    };
  }

  /** Of Resource Graph: types and a scope. */
  #request(request: unknown): unknown {
    if (!isObject(request) || typeof request.query !== "string") return this.#value(request, "");
    const { query, ...others } = request;
    const isPlain = scopeOfQuery(query) !== undefined;
    const scrubbed = query.replace(/'([^']*)'|"([^"]*)"/g, (_, one?: string, other = "") => {
      return `'${this.#text(one ?? other)}'`;
    });
    return { ...this.#object(others), query: isPlain ? scrubbed : "scrubbed" };
  }

  #value(value: unknown, name: string): unknown {
    if (typeof value === "string") return emptied.test(name) ? "scrubbed" : this.#text(value);
    if (Array.isArray(value)) return value.map((element) => this.#value(element, name));
    if (isTable(value)) return this.#table(value);
    if (!isObject(value)) return value;
    return namedByPeople.test(name) ? this.#free(value) : this.#object(value);
  }

  #object(value: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
    const kept = Object.entries(value).filter(([inner]) => !dropped.has(fold(inner)));
    return Object.fromEntries(kept.map(([inner, one]) => [this.#propertyName(inner), this.#value(one, inner)]));
  }

  /** Identities are told apart by the ids of resources. */
  #propertyName(name: string): string {
    return propertyName.test(name) ? name : this.#text(name);
  }

  /** Rows without the names of their properties, which stand above them. */
  #table({ columns, rows, ...others }: Table): unknown {
    const names = columns.map(({ name }) => name);
    return {
      ...this.#object(others),
      columns: columns.map((column) => ({ ...this.#object({ ...column }), name: this.#propertyName(column.name) })),
      rows: rows.map((row) =>
        row.map((one, index) => (dropped.has(fold(names[index] ?? "")) ? null : this.#value(one, names[index] ?? ""))),
      ),
    };
  }

  #free(value: Readonly<Record<string, unknown>>): unknown {
    return Object.fromEntries(
      Object.entries(value).map(([name, one]) => [
        this.#label(name),
        typeof one === "string" ? this.#label(one) : this.#value(one, "tags"),
      ]),
    );
  }

  #text(text: string): string {
    const scrubbed = this.#known.get(text) ?? this.#textAnew(text);
    this.#known.set(text, scrubbed);
    return scrubbed;
  }

  #textAnew(text: string): string {
    if (/^https?:\/\//i.test(text) || text.startsWith("/")) return this.#url(text);
    const parts = text.split(separators);
    return parts.map((part, at) => (at % 2 === 1 ? part : this.#element(part))).join("");
  }

  /** What stands between commas. */
  #element(text: string): string {
    const bare = text.trim();
    return bare === "" ? text : text.replace(bare, () => this.#bare(bare));
  }

  #bare(text: string): string {
    if (text === "" || figure.test(text) || isWordOfAzure(text) || this.#offered.has(fold(text))) return text;
    const address = this.#addresses.scramble(text);
    if (address !== undefined) return address;
    if (guid.test(text)) return this.#guid(text);
    if (/^https?:\/\//i.test(text) || text.startsWith("/")) return this.#url(text);
    if (typeText.test(text)) return this.#typeText(text);
    return text
      .split("/")
      .map((part) => this.#dotted(part))
      .join("/");
  }

  #typeText(text: string): string {
    return text
      .split("/")
      .map((segment) => (this.#isTypeWord(segment) ? segment : this.#dotted(segment)))
      .join("/");
  }

  /** Of a part of a type or an action: nobody's name, as far as the answers tell. */
  #isTypeWord(segment: string): boolean {
    if (!/^[a-z0-9.*]+$/i.test(segment)) return false;
    return segment.split(/[.*]/).every((word) => isWordOfAzure(word) || !this.#names.has(fold(word)));
  }

  /** Names of services are the first label of their hosts: a label is replaced by the same one wherever it stands. */
  #dotted(text: string): string {
    const [, beginning, rest] = meaningfulBeginning.exec(text) ?? [];
    if (beginning !== undefined && rest !== undefined) return `${beginning}${this.#dotted(rest)}`;
    return text
      .split(".")
      .map((label) => this.#wild(label))
      .join(".");
  }

  /** `*` stands for any text. */
  #wild(label: string): string {
    return label
      .split("*")
      .map((part) => (part === "" || isWordOfAzure(part) ? part : this.#label(part)))
      .join("*");
  }

  /** Equal without regard to case stays equal, and what cannot be in the name of a service tag does not become one. */
  #label(label: string): string {
    const word = this.#digest(fold(label)).toString("hex").slice(0, 10);
    return `${/^[a-z]/i.test(label) ? "" : "0"}n${word}${/[^\w-]/.test(label) ? "~" : ""}`;
  }

  #guid(text: string): string {
    const hex = this.#digest(`guid ${fold(text)}`).toString("hex");
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
  }

  /** With or without a host. */
  #url(text: string): string {
    const [, scheme = "", authority = "", path = "", query] =
      /^(https?:\/\/)?([^/?]*)([^?]*)(?:\?(.*))?$/is.exec(text) ?? [];
    const scrubbed = `${scheme}${this.#authority(authority)}${this.#path(path)}`;
    return query === undefined
      ? scrubbed
      : `${scrubbed}?${query
          .split("&")
          .map((pair) => this.#pair(pair))
          .join("&")}`;
  }

  #authority(text: string): string {
    const [, host = "", port = ""] = /^(?:.*@)?(.*?)(:\d{1,5})?$/s.exec(text) ?? [];
    return `${this.#bare(host)}${port}`;
  }

  #path(path: string): string {
    const names = isPathOfArm(path) ? new Set(namePositions(path)) : undefined;
    const segments = path.split("/").map((segment, at) => {
      return names === undefined || names.has(at) || !this.#isTypeWord(segment) ? this.#segment(segment) : segment;
    });
    return segments.join("/");
  }

  #segment(segment: string): string {
    const decoded = decodedOf(segment);
    const scrubbed = this.#bare(decoded);
    return scrubbed === decoded ? segment : encodedLike(segment, decoded, scrubbed);
  }

  #pair(pair: string): string {
    const [name = "", ...rest] = pair.split("=");
    const isKnown =
      /^(\$|%24)?(api-version|expand|filter|top|skip|skiptoken|orderby|select|marker|continuationtoken)$/i;
    const value = rest.join("=");
    const decoded = decodedOf(value.replaceAll("+", " "));
    const scrubbed = /filter$/i.test(name) ? this.#filter(decoded) : this.#text(decoded);
    return [
      isKnown.test(name) ? name : this.#label(name),
      ...(rest.length === 0 ? [] : [scrubbed === decoded ? value : encodeURIComponent(scrubbed)]),
    ].join("=");
  }

  /** `resourceType eq 'Microsoft.KeyVault/vaults'`, which narrows a list to a type. */
  #filter(text: string): string {
    const [, before, type = ""] = /^(\s*resourceType\s+eq\s+)'([^']*)'\s*$/i.exec(text) ?? [];
    return before === undefined ? this.#text(text) : `${before}'${this.#text(type)}'`;
  }
}

/** Only of these it is known which segments are names: nothing in them is to be resolved first. */
function isPathOfArm(path: string): boolean {
  if (/\/(\/|(\.|%2e){1,2}(\/|$))/i.test(path)) return false;
  return /^\/providers\/microsoft\./i.test(path) || parseArmUrl(path).kind !== "other";
}

function isListOfDelegations(url: string): boolean {
  const asked = parseArmUrl(url);
  return asked.kind === "list" && asked.type === availableDelegationsType;
}

/** As they are called in subnets, and as parts of ids. */
function delegationsIn(body: unknown): readonly string[] {
  const list = isObject(body) && Array.isArray(body.value) ? body.value : [];
  const names = list.map((one) => Object(one).serviceName).filter((name) => typeof name === "string");
  return names.flatMap((name) => [name, delegationNameOf(name)]);
}

/** Where in a path the names of things stand: after each type, of the subscription, the group and the resource. */
function namePositions(path: string): readonly number[] {
  const segments = path.split("/");
  const positions: number[] = [];
  let at = 1;
  while (at < segments.length) {
    const isProvider = fold(segments[at] ?? "") === "providers";
    if (!isProvider) positions.push(at + 1);
    at += 2;
  }
  // after a provider come types and names by turns, the types first
  return positions.filter((at) => segments[at] !== undefined);
}

function namesIn(path: string): readonly string[] {
  const segments = path.split("/");
  return namePositions(path).map((at) => decodedOf(segments[at] ?? ""));
}

function decodedOf(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Escaped where it was before. */
function encodedLike(before: string, decoded: string, after: string): string {
  return before === decoded ? after : encodeURIComponent(after);
}
