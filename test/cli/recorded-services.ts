import { subscription } from "../support/builders.ts";
import { cordon } from "./cordon.ts";

export const provider = `${subscription}/resourceGroups/rg-erp/providers`;

/** A line of a recording. */
export function answer(path: string, body: object) {
  const url = `${path}?api-version=2025-01-01`;
  return { at: "2026-11-20T09:30:00Z", method: "GET", url, status: 200, body };
}

/** The list of all services of a type, each by its name; what it has besides its `sku` are its properties. */
export function listOf(type: string, services: Readonly<Record<string, Readonly<Record<string, unknown>>>>) {
  const value = Object.entries(services).map(([name, { sku, ...own }]) => {
    const properties = { privateEndpointConnections: [], ...own };
    return { id: `${provider}/${type}/${name}`, name, type, location: "West Europe", sku, properties };
  });
  return answer(`${subscription}/providers/${type}`, { value });
}

/** The firewall rules of a service, each by its name. */
export function rulesOf(type: string, service: string, rules: Readonly<Record<string, object>>) {
  const list = `${provider}/${type}/${service}/firewallRules`;
  const value = Object.entries(rules).map(([name, properties]) => {
    return { id: `${list}/${name}`, name, type: `${type}/firewallRules`, properties };
  });
  return answer(list, { value });
}

/** What an audit of a recording finds by some rules, and what becomes of each service. */
export async function auditedIn(recording: string, rules: RegExp) {
  const { code, stdout } = await cordon(["audit", "--recording", recording, "--format", "json"]);
  const { findings, services } = JSON.parse(stdout);
  const found: readonly string[] = findings
    .filter(({ rule }: { rule: string }) => rules.test(rule))
    .map(({ rule, status, resource }: Record<string, string>) => `${rule} ${status} ${resource?.split("/").at(-1)}`);
  const states: readonly string[] = services.map(
    ({ id, state }: Record<string, string>) => `${id?.split("/").at(-1)} ${state}`,
  );
  return { code, found: found.toSorted(), states: states.toSorted() };
}
