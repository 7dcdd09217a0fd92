import { type Body, typeOf } from "./world.ts";

/**
 * A body as an api-version shows it: that of a registry has network rules in 2026-03-01-preview, and in no stable one. Resource
 * Graph, which names no api-version, hides them here.
 */
export function shownBy(apiVersion: string | null, body: Body): Body {
  const properties = Object(body.properties);
  const isHiding = typeOf(body.id) === "microsoft.containerregistry/registries" && properties.networkRuleSet != null;
  if (!isHiding || apiVersion === "2026-03-01-preview") return body;
  const { virtualNetworkRules: _, ...networkRuleSet } = properties.networkRuleSet;
  return { ...body, properties: { ...properties, networkRuleSet } };
}
