import { catalog, serviceOfType } from "../catalog/index.ts";
import type { ApplicationRule } from "../model/azure-firewall-fact.ts";
import type { ServiceFact } from "../model/fact.ts";
import { regionOf } from "../model/region.ts";
import { fold } from "../model/resource-id.ts";
import { zonesIn } from "./private-link-groups.ts";

/** A name under which clients ask for a service: this one, one that ends so, or one that its owner gave it. */
export type HostName =
  | { readonly kind: "name"; readonly name: string }
  | { readonly kind: "under"; readonly suffix: string }
  | { readonly kind: "own" };

/** What the public names of services end in, by the zones of their private ones: https://learn.microsoft.com/azure/private-link/private-endpoint-dns */
function suffixOf(zone: string): string {
  return zone
    .replace(/^privatelink\./, "")
    .replace(/^\{region(Name|Code)\}\./, "")
    .replace(/^vaultcore\./, "vault.");
}

/** Folded types of which each has a name of its own below each of its suffixes. */
const namedAfterThemselves: ReadonlySet<string> = new Set([
  "microsoft.storage/storageaccounts",
  "microsoft.sql/servers",
  "microsoft.keyvault/vaults",
  "microsoft.search/searchservices",
  "microsoft.servicebus/namespaces",
  "microsoft.eventhub/namespaces",
  "microsoft.relay/namespaces",
]);

/** The types that the names below a suffix belong to, where each of these is one of a service: the accounts that ingestion goes by are no clusters. */
const ownersOf: ReadonlyMap<string, ReadonlySet<string>> = ownersBySuffix();

function ownersBySuffix(): ReadonlyMap<string, ReadonlySet<string>> {
  const owners = new Map<string, Set<string>>();
  for (const { type, privateLink } of catalog.filter((one) => namedAfterThemselves.has(fold(one.type)))) {
    for (const zone of privateLink.flatMap(({ zones }) => Object.values(zones).flat())) {
      owners.set(suffixOf(zone), (owners.get(suffixOf(zone)) ?? new Set()).add(fold(type)));
    }
  }
  return owners;
}

/** An app is asked for by the names of its owner as well: https://learn.microsoft.com/azure/app-service/app-service-web-tutorial-custom-domain */
const namedByOwners: ReadonlySet<string> = new Set(["microsoft.web/sites", "microsoft.web/sites/slots"]);

/** The names of a service, of which one is enough: those whose private counterparts are in these zones. */
export function hostNamesOf(service: ServiceFact, zones = zonesOf(service)): readonly HostName[] {
  const { id, endpointNames } = service;
  const isForeign = (suffix: string) => suffix.includes("{") || !(ownersOf.get(suffix)?.has(id.type) ?? true);
  const suffixes = zones.map(suffixOf).filter((suffix) => !isForeign(suffix));
  const isUsual = endpointNames.kind === "known" && endpointNames.value === "usual";
  const isOwn = isUsual && namedAfterThemselves.has(id.type);
  const usual = suffixes.map((suffix): HostName => {
    return isOwn ? { kind: "name", name: `${fold(id.name)}.${suffix}` } : { kind: "under", suffix };
  });
  return usual.length === 0 || !isUsual || namedByOwners.has(id.type) ? [...usual, { kind: "own" }] : usual;
}

function zonesOf({ id, location }: ServiceFact): readonly string[] {
  const groups = serviceOfType(id.type)?.privateLink ?? [];
  return [...new Set(groups.flatMap((group) => zonesIn(group, location, regionOf(location)) ?? []))];
}

const azureSuffixes = [
  ...new Set(
    catalog
      .flatMap(({ privateLink = [] }) => privateLink)
      .flatMap(({ zones: { public: own, usgov = [], china = [] } }) => [own, usgov, china].flat())
      .map(suffixOf),
  ),
];

/**
 * Whether a rule is for the name, or may be. An asterisk is the first character at most, and stands for whatever comes before the
 * rest: https://learn.microsoft.com/azure/firewall/firewall-faq#how-do-wildcards-work-in-target-urls-and-target-fqdns-in-application-rules
 */
export function isForHost(rule: ApplicationRule, host: HostName): boolean | "perhaps" {
  if (rule.isForEveryHost || rule.hosts.some((pattern) => covers(pattern, host))) return true;
  return (rule.hasOtherHosts || rule.hosts.some((pattern) => mayCover(pattern, host))) && "perhaps";
}

function covers(pattern: string, host: HostName): boolean {
  if (host.kind === "name" && pattern === host.name) return true;
  if (host.kind === "own" || !pattern.startsWith("*")) return false;
  const whole = host.kind === "name" ? host.name : `.${host.suffix}`;
  return whole.endsWith(pattern.slice(1));
}

function mayCover(pattern: string, host: HostName): boolean {
  if (host.kind === "under") return isUnder(pattern, host.suffix);
  return host.kind === "own" && !azureSuffixes.some((suffix) => isUnder(pattern, suffix));
}

/** The host, by the name that it ends in, is one of those that have addresses in common with the service. */
export function isAkin(name: string, hosts: readonly HostName[]): boolean {
  return hosts.some((host) => {
    if (host.kind === "own") return !azureSuffixes.some((suffix) => isUnder(name, suffix));
    const suffix = host.kind === "under" ? host.suffix : host.name.slice(host.name.indexOf(".") + 1);
    return isUnder(name, suffix);
  });
}

function isUnder(name: string, suffix: string): boolean {
  return name.endsWith(`.${suffix}`);
}
