import { type Address, holds, parsePrefix } from "./addresses.ts";
import { type Answer, any, at, type Body, listAt, same, textAt, type World } from "./world.ts";

/** The perimeter that holds a service. */
export interface Perimeter {
  readonly mode: string;
  readonly rules: readonly Body[];
}

export function perimeterOf(world: World, service: Body): Perimeter | undefined {
  const isOwn = (body: Body) => same(at(body, "properties.privateLinkResource.id"), service.id);
  const association = world.resources.find(isOwn);
  if (association === undefined) return undefined;
  const folder = `${textAt(association, "properties.profile.id")}/accessRules/`.toLowerCase();
  const rules = world.resources.filter(({ id }) => id.toLowerCase().startsWith(folder));
  return { mode: textAt(association, "properties.accessMode"), rules };
}

/**
 * From a public address: enforced, the perimeter's inbound rules decide alone. In transition, which ARM calls Learning,
 * the service's own settings are asked as well if its public access is on. What Audit does is not documented.
 * https://learn.microsoft.com/azure/private-link/network-security-perimeter-transition
 */
export function admitsBesidePerimeter({ mode, rules }: Perimeter, address: Address, own: Answer): Answer {
  const inbound = rules.filter((rule) => same(at(rule, "properties.direction"), "Inbound"));
  const isListed = inbound.some((rule) =>
    listAt(rule, "properties.addressPrefixes").some((prefix) => {
      const range = parsePrefix(String(prefix));
      return range !== undefined && holds(range, address);
    }),
  );
  const isTagged = inbound.some((rule) => listAt(rule, "properties.serviceTags").length > 0);
  const listed = any([isListed, isTagged && "unknown"]);
  if (same(mode, "Enforced")) return listed;
  return same(mode, "Learning") ? any([listed, own]) : "unknown";
}
