import { createHmac } from "node:crypto";
import { readTypes } from "../catalog/api-versions.ts";
import { catalog } from "../catalog/index.ts";
import { resourceGraphTables } from "../catalog/resource-graph.ts";
import { fold } from "../model/resource-id.ts";
import { isTagName } from "../model/service-tags.ts";
import { AddressScrambler } from "../net/address-scrambler.ts";
import { readIpv4 } from "../net/ipv4-text.ts";
import type { RecordedAnswer } from "./recorded-answer.ts";

/** Names that mean something to Azure: another name would be another thing. */
const meaningfulNames = new Set(
  [
    "GatewaySubnet AzureFirewallSubnet AzureFirewallManagementSubnet AzureBastionSubnet RouteServerSubnet",
    "AzurePrivatePeering AzurePublicPeering MicrosoftPeering default current locations providers * @ Any AnyVnets",
    ...catalog.flatMap(({ firewallChild }) => firewallChild?.name ?? []),
  ].flatMap((names) => names.split(" ").map(fold)),
);

/** Folded types whose names are Azure's own. */
const publicNames = new Set(["locations", "availabledelegations"]);

/** Properties whose texts are Azure's own words, whatever somebody gave the same name to. */
const vocabulary =
  /(type|types|location|locations|locationname|kind|tier|size|groupids?|state|status|access|(?:not)?actions?|direction|protocol|mode|policies|bypass|service|servicename|prefix|prefixes|sourceaddresses|destinationaddresses|range|ranges|family|version)$/i;

/** Properties that hold free text, people or keys: nothing in them decides who reaches what. */
const emptied =
  /^(description|displayname|notes|.*message|.*login|.*key|.*(password|secret|email|createdby|lastmodifiedby|certificate|sharedkey|thumbprint).*)$/i;
/** Parameters of Databricks workspaces, which name subnets outside an id. */
const namesSubnet = /^custom(public|private)subnetname$/i;
/** Where a list goes on, which may hold the id of its last resource. */
const isToken = /skiptoken|continuationtoken|marker/i;
const dropped = new Set(["systemdata", "etag", "managedbyextended"]);

const guid = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/gi;
const word = /[A-Za-z0-9][A-Za-z0-9_-]*/g;
/** The properties that hold the first and the last address of a range. */
const ends = [
  ["startIpAddress", "endIpAddress"],
  ["startIPv6Address", "endIPv6Address"],
] as const;

const addressLike = /^[0-9a-f.:]+([/-][0-9a-f.:]+)?$/i;

/** Nothing that people make up as they like: everything (`*`), a word, a version, a range of ports, a time. */
const plain = /^(\*|\w*|[\d.]+|\d+-\d+|\d{4}-\d\d-\d\dT[\d:.]+(Z|[+-]\d\d:\d\d)?)$/;
const host = /^([a-z]+:\/\/)?((?:[\w-]+\.)+[a-z]{2,})(:\d+)?(\/.*)?$/i;

/** The labels that end the names of Azure's own hosts, and those before them that say which service it is. */
const hostOfAzure =
  /^((?:scm|blob|queue|table|file|web|dfs|database|vault|documents|servicebus|core|privatelink|windows|azure|azurewebsites|microsoft|usgovcloudapi|chinacloudapi|vaultcore|microsoftazure)\.)*(net|com|cn|us|io)$/i;

/**
 * Puts other names, ids and addresses in the place of those in the answers, the same one for the same one everywhere.
 * Types, regions and settings stay, and so does what lies in which prefix. The lists of service tags are left out: they
 * are public, and their addresses would no longer be those of the answers. `key` decides the replacements.
 */
export function scrub(answers: readonly RecordedAnswer[], key: Uint8Array): readonly RecordedAnswer[] {
  const scrubber = new Scrubber(key);
  const kept = answers.filter(({ url }) => !/\/serviceTags(\?|$)/i.test(url));
  for (const answer of kept) scrubber.learn(answer);
  return kept.map((answer) => scrubber.answer(answer));
}

class Scrubber {
  readonly #key: Uint8Array;
  readonly #addresses: AddressScrambler;
  /** Folded, of everything that an id names. */
  readonly #names = new Set<string>();
  readonly #words = new Set<string>(wordsOfAzure);

  constructor(key: Uint8Array) {
    this.#key = key;
    this.#addresses = new AddressScrambler((before) => (this.#digest(before).at(0) ?? 0) % 2 === 1);
  }

  #digest(text: string): Buffer {
    return createHmac("sha256", this.#key).update(text).digest();
  }

  /** Has to have seen everything before the first answer is scrubbed. */
  learn(answer: RecordedAnswer): void {
    this.#learnId(answer.url.split("?")[0] ?? "");
    this.#learnValue(answer.body);
  }

  #learnValue(value: unknown): void {
    if (typeof value === "string") {
      this.#learnId(value);
      const [first, last, ...more] = value.split("-");
      if (first !== undefined && last !== undefined && more.length === 0) this.#addresses.keepOrder(first, last);
      return;
    }
    if (Array.isArray(value)) for (const element of value) this.#learnValue(element);
    else if (isObject(value)) this.#learnObject(value);
  }

  #learnObject(value: Readonly<Record<string, unknown>>): void {
    for (const [first, last] of ends) {
      const [from, to] = [value[first], value[last]];
      if (typeof from === "string" && typeof to === "string") this.#addresses.keepOrder(from, to);
    }
    for (const [name, inner] of Object.entries(value)) {
      if (vocabulary.test(name) && typeof inner === "string") this.#learnWords(inner);
      if (fold(name) === "name" && typeof inner === "string" && isNamedByPeople(value)) this.#learnName(inner);
      if (namesSubnet.test(name) && isObject(inner) && typeof inner.value === "string") this.#learnName(inner.value);
      this.#learnValue(inner);
    }
  }

  #learnWords(text: string): void {
    for (const [one] of text.matchAll(word))
      if (readIpv4(text, 0, text.length) === undefined) this.#words.add(fold(one));
  }

  #learnId(text: string): void {
    if (!/^\/(subscriptions|providers)\//i.test(text)) return;
    for (const name of namesIn(text)) this.#learnName(name);
  }

  #learnName(name: string): void {
    if (!isOwn(name)) return;
    const labels = name.split(".").filter((label, at) => !isFixedLabel(label, at));
    for (const own of [name, ...labels]) this.#names.add(fold(own));
  }

  answer({ url, body, request, ...rest }: RecordedAnswer): RecordedAnswer {
    return {
      ...rest,
      url: this.#url(url),
      ...(request === undefined ? {} : { request: this.#value(request, "request") }),
      body: this.#value(body, "body"),
    };
  }

  #url(url: string): string {
    const [path = "", query] = url.split("?");
    const scrubbed = this.#id(path);
    if (query === undefined) return scrubbed;
    const pairs = query.split("&").map((pair) => {
      const [name = "", value] = pair.split("=");
      return isToken.test(name) && value !== undefined ? `${name}=${this.#other(value)}` : pair;
    });
    return `${scrubbed}?${pairs.join("&")}`;
  }

  #value(value: unknown, name: string): unknown {
    if (typeof value === "string") return this.#text(value, name);
    if (Array.isArray(value)) return value.map((element) => this.#value(element, name));
    if (!isObject(value)) return value;
    if (fold(name) === "tags") return this.#tags(value);
    if (fold(String(value.tag)) === "servicetag") return this.#accessRule(value);
    return this.#object(value);
  }

  /** Names of service tags stand in the place of addresses. */
  #accessRule(rule: Readonly<Record<string, unknown>>): unknown {
    const { ipAddress, ...others } = rule;
    const isTags = typeof ipAddress === "string" && ipAddress.split(",").every((name) => isTagName(name.trim()));
    return { ...this.#object(others), ipAddress: isTags ? ipAddress : this.#value(ipAddress, "ipAddress") };
  }

  #object(value: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
    const kept = Object.entries(value).filter(([inner]) => !dropped.has(fold(inner)));
    return Object.fromEntries(kept.map(([inner, one]) => [this.#propertyName(inner), this.#value(one, inner)]));
  }

  /** Identities are told apart by the ids of resources. */
  #propertyName(name: string): string {
    return name.startsWith("/subscriptions/") ? this.#id(name) : name;
  }

  #tags(tags: Readonly<Record<string, unknown>>): unknown {
    return Object.fromEntries(
      Object.entries(tags).map(([name, value]) => [this.#other(name), this.#other(String(value))]),
    );
  }

  #text(text: string, name: string): string {
    if (emptied.test(name)) return "scrubbed";
    if (fold(name) === "query") return text.replace(guid, (one) => this.#guid(one)); // of Resource Graph: types and a scope
    if (fold(name) === "$skiptoken") return this.#other(text);
    if (/^(https:\/\/management\.[^/]+)?\/(subscriptions|providers)\//i.test(text)) return this.#link(text);
    if (addressLike.test(text)) {
      const address = this.#addresses.scramble(text);
      if (address !== undefined) return address;
    }
    if (vocabulary.test(name) || text.startsWith("Microsoft.")) return text.replace(guid, (one) => this.#guid(one));
    if (this.#names.has(fold(text))) return this.#other(text);
    const parts = text.split(/(\s*[,;]\s*|\s+)/);
    return parts.map((part, at) => (at % 2 === 1 ? part : this.#part(part))).join("");
  }

  /** What stands between commas and spaces. */
  #part(text: string): string {
    const address = this.#addresses.scramble(text);
    if (address !== undefined) return address;
    if (this.#names.has(fold(text)) && !this.#words.has(fold(text))) return this.#other(text);
    if (text.replace(guid, "") === "") return this.#other(text);
    if (plain.test(text)) return text;
    const [, scheme = "", name, port = ""] = host.exec(text) ?? [];
    return name === undefined ? "scrubbed" : `${scheme}${this.#host(name)}${port}${scheme === "" ? "" : "/"}`;
  }

  /** Names of services are the first label of their hosts. */
  #host(name: string): string {
    const labels = name.split(".");
    return labels
      .map((label, at) => (hostOfAzure.test(labels.slice(at).join(".")) ? label : this.#other(label)))
      .join(".");
  }

  #link(text: string): string {
    const [, host = "", rest = text] = /^(https:\/\/[^/]+)(.*)$/.exec(text) ?? [];
    return `${host}${this.#url(rest)}`;
  }

  /** Of a path, the segments that are names. */
  #id(path: string): string {
    const names = new Set(namePositions(path));
    const segments = path.split("/").map((segment, at) => {
      return names.has(at) && isOwn(segment) ? this.#other(segment) : segment;
    });
    return segments.join("/");
  }

  /** Equal without regard to case stays equal. */
  #other(name: string): string {
    if (name.replace(guid, "") === "") return name.replace(guid, (one) => this.#guid(one));
    const labels = name.split(".").map((label, at) => (isFixedLabel(label, at) ? label : this.#otherLabel(label)));
    return labels.join(".");
  }

  #otherLabel(label: string): string {
    return `n${this.#digest(fold(label)).toString("hex").slice(0, 10)}`;
  }

  #guid(text: string): string {
    const hex = this.#digest(`guid ${fold(text)}`).toString("hex");
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
  }
}

/** A resource, one inside another, or a rule in a list. */
function isNamedByPeople(value: Readonly<Record<string, unknown>>): boolean {
  return isObject(value.properties) || "priority" in value || "ruleType" in value;
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
  return positions.filter((at) => segments[at] !== undefined && !publicNames.has(fold(segments[at - 1] ?? "")));
}

function namesIn(path: string): readonly string[] {
  const segments = path.split("/");
  return namePositions(path).flatMap((at) => segments[at] ?? []);
}

/** DNS records have them: `*.scm`, `portal.scm`. Everywhere else `*` is everything. */
function isFixedLabel(label: string, at: number): boolean {
  return label === "*" || (at > 0 && fold(label) === "scm");
}

/** Whether somebody chose the name; the zones of private endpoints have fixed ones. */
function isOwn(name: string): boolean {
  return name !== "" && !fold(name).startsWith("privatelink.") && !meaningfulNames.has(fold(name));
}

const wordsOfAzure: readonly string[] = [...readTypes, ...[...resourceGraphTables.values()].flat()].flatMap((type) =>
  type.split(/[/.]/).map(fold),
);

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
