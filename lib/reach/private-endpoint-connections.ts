import { serviceOfType } from "../catalog/index.ts";
import type { PrivateEndpointConnection, ServiceFact } from "../model/fact.ts";
import type { Setting } from "../model/setting.ts";
import type { Snapshot } from "../model/snapshot.ts";
import { whyUnread } from "./unread.ts";

/** The private endpoint connections of a service, in its body or among its children. */
export function connectionsOf(
  { id, privateEndpointConnections, hasConnectionChildren: isIn }: ServiceFact,
  snapshot: Snapshot,
): Setting<readonly PrivateEndpointConnection[]> {
  const source = serviceOfType(id.type)?.privateEndpointConnections;
  if (typeof source !== "object") return privateEndpointConnections;
  const { pointer, raw } = isIn;
  if (isIn.kind === "unknown") return isIn;
  if (!isIn.value) return { kind: "known", value: [], pointer, raw };
  const { facts, completeness } = snapshot.list(id, `${id.type}/${source.type}`);
  const value = facts.flatMap((fact) => (fact.kind === "connection" ? [fact.connection] : []));
  if (completeness.kind === "complete") return { kind: "known", value, pointer, raw };
  return { kind: "unknown", because: whyUnread(completeness, `the list of \`${source.type}\``), pointer, raw };
}
