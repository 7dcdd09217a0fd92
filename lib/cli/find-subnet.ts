import { suggest } from "../config-wording.ts";
import { CordonError } from "../model/cordon-error.ts";
import type { SubnetFact } from "../model/fact.ts";
import { fold, ResourceId } from "../model/resource-id.ts";
import type { Snapshot } from "../model/snapshot.ts";
import { unreadBecause } from "../reach/unread.ts";
import { some } from "../reports/names.ts";

/** By the full id, by `network/subnet`, or by the name alone; throws where none is meant, or more than one may be. */
export function findSubnet(text: string, snapshot: Snapshot): SubnetFact {
  return text.startsWith("/") ? subnetOfId(text, snapshot) : subnetOfName(text, snapshot);
}

function subnetOfId(text: string, snapshot: Snapshot): SubnetFact {
  const id = ResourceId.parse(text);
  const found = id === undefined ? undefined : snapshot.get(id);
  if (found?.kind === "fact" && found.fact.kind === "subnet") return found.fact;
  throw unknown(text, reasonOf(found));
}

function reasonOf(found: ReturnType<Snapshot["get"]> | undefined): string {
  if (found === undefined) return "that is no resource id";
  if (found.kind === "absent") return "there is none";
  return unreadBecause(found, "the subnet") ?? "that is another kind of resource";
}

function subnetOfName(text: string, snapshot: Snapshot): SubnetFact {
  const subnets = snapshot.ofKind("subnet");
  const namesOf = ({ id }: SubnetFact) => [id.name, `${id.parent?.name}/${id.name}`];
  const found = subnets.filter((subnet) => namesOf(subnet).some((name) => fold(name) === fold(text)));
  const [first, second] = found;
  if (first !== undefined && second === undefined) return first;
  if (first === undefined) {
    const names = [...new Set(subnets.flatMap(namesOf))];
    throw unknown(text, `none of ${subnets.length} has that name${suggest(text, names)}`);
  }
  const ids = found.map(({ id }) => `\`${id.text}\``).sort();
  throw new CordonError("ERR_SUBNET_AMBIGUOUS", `\`${text}\` may be any of these subnets: ${some(ids, 10)}`);
}

function unknown(text: string, reason: string): CordonError {
  return new CordonError("ERR_SUBNET_UNKNOWN", `no subnet \`${text}\`: ${reason}`);
}
