import { serviceOfType } from "../catalog/index.ts";
import { notThere } from "../model/evidence.ts";
import type { PrivateEndpointFact, PrivateLinkConnection } from "../model/fact.ts";
import { allOf, certainly, perhaps, type Truth } from "../model/must-may.ts";
import type { Snapshot } from "../model/snapshot.ts";
import { failWhere, notApplicable, undetermined } from "../model/verdict.ts";
import { unreadBecause } from "../reach/unread.ts";
import type { Rule } from "./rule.ts";
import { listed } from "./wording.ts";

export const privateEndpointDangling: Rule = {
  id: "NI308",
  name: "private-endpoint-dangling",
  severity: "medium",
  title: "Private endpoint to a service that is gone",
  why: "The service was deleted, its private endpoint was not: it leads nowhere, still costs money, and its DNS records shadow the name for whoever takes it next.",
  remedy: "Delete the private endpoint and its DNS records.",
  link: "https://learn.microsoft.com/azure/private-link/manage-private-endpoint",
  controls: { mcsb: ["NS-2"], cis: {}, azurePolicy: [] },

  on: "privateEndpoint",

  check({ privateEndpoint, snapshot }) {
    const { connections } = privateEndpoint;
    if (connections.kind === "unknown") return undetermined([connections.because]);
    if (connections.value.length === 0) return notApplicable;
    const gone = connections.value.map((connection) => isGone(privateEndpoint, connection, snapshot));
    const names = connections.value.flatMap(({ target }) => target?.name ?? []);
    return failWhere(allOf(gone), () => `${listed(names)} does not exist any more`);
  },
};

/** What Cordon does not audit, and did not read, is taken to exist. */
function isGone(
  { id }: PrivateEndpointFact,
  { target, pointer, raw }: PrivateLinkConnection,
  snapshot: Snapshot,
): Truth {
  const evidence = [{ resource: id, pointer, value: raw }];
  if (raw === undefined) return perhaps([`\`${id.text}\` does not say what it leads to at \`${pointer}\``], evidence);
  if (target === undefined) return certainly(false, evidence);
  const found = snapshot.get(target);
  const because = unreadBecause(found, `\`${target.text}\``);
  if (found.kind === "absent") return certainly(true, [...evidence, notThere(target)]);
  if (because === undefined) return certainly(false, evidence);
  return serviceOfType(target.type) === undefined ? certainly(false, evidence) : perhaps([because], evidence);
}
