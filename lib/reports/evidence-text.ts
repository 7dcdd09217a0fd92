import { ResourceId } from "../model/resource-id.ts";
import { nameWithin } from "./names.ts";
import type { FindingEntry } from "./schema.ts";

const valueLimit = 80;

/** `snet-app /properties/serviceEndpoints = []`; the resource is left out where it is the subject. A whole body may be missing. */
export function evidenceText({ resource, pointer, value }: FindingEntry["evidence"][number], subject: string): string {
  const place = [nameWithin(resource, subject), pointer].filter((part) => part !== "").join(" ");
  if (pointer === "" && value === null) return `${place} is not there`;
  return value === null ? `${place} is not set` : `${place} = ${shortened(value)}`;
}

/** Compact JSON; an ARM id is cut in front, everything else at the end. */
function shortened(value: unknown): string {
  const id = ResourceId.parse(value);
  const segments = id?.text.split("/") ?? [];
  if (segments.length > 5) return `"…/${segments.slice(-4).join("/")}"`;
  const text = JSON.stringify(value);
  return text.length > valueLimit ? `${text.slice(0, valueLimit - 1)}…` : text;
}
