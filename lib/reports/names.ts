import { describedType } from "../catalog/index.ts";
import { fold, ResourceId } from "../model/resource-id.ts";

/** A site of the policy, which is no Azure resource. */
const site = /^site:/i;

/** Answers of Azure that Cordon keeps as if they were resources, under names that nobody knows. */
const answer = /\/([^/]+\/(?:effectiveSecurityAdminRules|effectiveRouteTable))\/[^/]+$/i;

/** What people call a resource: the last name of its id; of an answer, what it is about and which. */
export function nameOf(id: string): string {
  if (site.test(id)) return id.replace(site, "");
  return answer.exec(id)?.[1] ?? id.slice(id.lastIndexOf("/") + 1);
}

/** "key vault in rg-erp-data", "subnet of vnet-erp-prod in rg-erp-network", "site of the policy". */
export function kindOf(text: string): string {
  if (site.test(text)) return "site of the policy";
  const id = ResourceId.parse(text);
  if (id === undefined) return "resource";
  const noun = describedType(id.type)?.noun ?? nounOf(text);
  const group = groupOf(text);
  const place = group === undefined ? "" : ` in ${group}`;
  const isChild = id.type.split("/").length > 2;
  return isChild && id.parent !== undefined ? `${noun} of ${id.parent.name}${place}` : `${noun}${place}`;
}

/** Names by which a list of resources can be told apart: with the parent's name where two have the same. */
export function namesOf(ids: readonly string[]): readonly string[] {
  const names = ids.map(nameOf);
  const counts = Map.groupBy(names, fold);
  return ids.map((id) => {
    const name = nameOf(id);
    const parent = ResourceId.parse(id)?.parent;
    return (counts.get(fold(name))?.length ?? 0) > 1 && parent !== undefined ? `${parent.name}/${name}` : name;
  });
}

/** How to call `id` while talking of `subject`: its path inside the subject, else its name; empty for the subject itself. */
export function nameWithin(id: string, subject: string): string {
  if (fold(id) === fold(subject)) return "";
  return isInside(id, `${subject}/`) ? id.slice(subject.length + 1) : nameOf(id);
}

/** A sentence about `subject` with shorter ids: those inside it from there on, those of its group by type and name. */
export function abbreviate(sentence: string, subject: string): string {
  const group = `${subject.split("/", 5).join("/")}/`;
  return sentence.replace(/\/subscriptions\/[^\s`"]+/g, (id) => {
    if (isInside(id, `${subject}/`)) return id.slice(subject.length + 1);
    if (fold(id) === fold(subject)) return nameOf(subject);
    return isInside(id, group) ? `…/${id.split("/").slice(7).join("/")}` : id;
  });
}

/** "a, b, c and 4 more". */
export function some(names: readonly string[], limit: number): string {
  if (names.length <= limit + 1) return names.join(", ");
  return `${names.slice(0, limit).join(", ")} and ${names.length - limit} more`;
}

/** Of the last type segment: `networkSecurityGroups` → "network security group". */
function nounOf(text: string): string {
  const type = text.split("/").at(-2) ?? "resource";
  const words = fold(type.replace(/([a-z])(?=[A-Z])/g, "$1 "));
  if (words === "a" || words === "aaaa") return "address record";
  return words
    .replace(/\bdns\b/, "DNS")
    .replace(/^express route/, "ExpressRoute")
    .replace(/^azure firewall/, "Azure Firewall")
    .replace(/ies$/, "y")
    .replace(/s$/, "");
}

function groupOf(text: string): string | undefined {
  const segments = text.split("/");
  return fold(segments[3] ?? "") === "resourcegroups" ? segments[4] : undefined;
}

function isInside(id: string, scope: string): boolean {
  return fold(id).startsWith(fold(scope));
}
